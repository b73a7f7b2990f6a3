//! One switch for every point the Solifyn documents leave open.

use clap::{Args, ValueEnum};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::switches::{Bound, OnOff};

/// The Solifyn switches with their start values. The first value of each is what the reference infers.
#[derive(Debug, Clone, PartialEq, Eq, Args, Serialize, Deserialize)]
pub struct SolifynSwitches {
    /// The status of an activation beyond the limit.
    #[arg(long, value_enum, default_value = "409")]
    #[serde(rename = "solifyn-limit-status")]
    pub solifyn_limit_status: RefusalStatus,
    /// The status of a duplicate key, and of changing a revoked license.
    #[arg(long, value_enum, default_value = "409")]
    #[serde(rename = "solifyn-conflict-status")]
    pub solifyn_conflict_status: RefusalStatus,
    /// What verify answers when a license is not valid.
    #[arg(long, value_enum, default_value = "mixed")]
    #[serde(rename = "solifyn-verify")]
    pub solifyn_verify: Verify,
    /// What `success` says in the answer of verify.
    #[arg(long, value_enum, default_value = "call")]
    #[serde(rename = "solifyn-verify-success")]
    pub solifyn_verify_success: VerifySuccess,
    /// Whether a read-only API key may call verify, which is a POST that changes nothing.
    #[arg(long, value_enum, default_value = "allow")]
    #[serde(rename = "solifyn-read-only-verify")]
    pub solifyn_read_only_verify: Permission,
    /// What a null in a PATCH does.
    #[arg(long, value_enum, default_value = "clear")]
    #[serde(rename = "solifyn-patch-null")]
    pub solifyn_patch_null: PatchNull,
    /// What body fields that no document names do.
    #[arg(long, value_enum, default_value = "ignore")]
    #[serde(rename = "solifyn-unknown-fields")]
    pub solifyn_unknown_fields: UnknownFields,
    /// Whether a limit below the number of devices in use is taken.
    #[arg(long, value_enum, default_value = "allow")]
    #[serde(rename = "solifyn-limit-below-use")]
    pub solifyn_limit_below_use: Permission,
    /// Whether an `expiresAt` in the past is taken.
    #[arg(long, value_enum, default_value = "allow")]
    #[serde(rename = "solifyn-past-expiry")]
    pub solifyn_past_expiry: Permission,
    /// Whether a license is issued for a product without license keys.
    #[arg(long, value_enum, default_value = "allow")]
    #[serde(rename = "solifyn-product-without-keys")]
    pub solifyn_product_without_keys: Permission,
    /// What `instancesCount` counts.
    #[arg(long, value_enum, default_value = "current")]
    #[serde(rename = "solifyn-instances-count")]
    pub solifyn_instances_count: InstancesCount,
    /// What a license issued by hand has in its `paymentId` and `filters`.
    #[arg(long, value_enum, default_value = "null")]
    #[serde(rename = "solifyn-issued")]
    pub solifyn_issued: Issued,
    /// Whether the calls on API keys take an API key at all.
    #[arg(long, value_enum, default_value = "allow")]
    #[serde(rename = "solifyn-developer-calls")]
    pub solifyn_developer_calls: Permission,
    /// Whether an API key in the list says when it was used last.
    #[arg(long, value_enum, default_value = "shown")]
    #[serde(rename = "solifyn-last-used")]
    pub solifyn_last_used: LastUsed,
    /// Whether the customers list obeys `query`, `email`, `page` and `limit`.
    #[arg(long, value_enum, default_value = "ignore")]
    #[serde(rename = "solifyn-customer-filters")]
    pub solifyn_customer_filters: CustomerFilters,
    /// What the products list does with a `limit` above 100.
    #[arg(long, value_enum, default_value = "refuse")]
    #[serde(rename = "solifyn-over-limit")]
    pub solifyn_over_limit: SolifynOverLimit,
    /// Whether `message` of an error is a string or an array of strings.
    #[arg(long, value_enum, default_value = "by-kind")]
    #[serde(rename = "solifyn-messages")]
    pub solifyn_messages: Messages,
    /// How many Solifyn calls a window takes: `off` or a number.
    #[arg(long, default_value = "off")]
    #[serde(rename = "solifyn-rate-limit")]
    pub solifyn_rate_limit: Bound,
    /// The length of that window in seconds.
    #[arg(long, default_value = "60", value_parser = clap::value_parser!(u32).range(1..))]
    #[serde(rename = "solifyn-rate-window")]
    pub solifyn_rate_window: u32,
    /// Whether a 429 says how long to wait.
    #[arg(long, value_enum, default_value = "on")]
    #[serde(rename = "solifyn-retry-after")]
    pub solifyn_retry_after: OnOff,
}

/// The status of a refusal that no document gives one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RefusalStatus {
    /// 409 Conflict.
    #[value(name = "409")]
    Conflict,
    /// 400 Bad Request.
    #[value(name = "400")]
    BadRequest,
    /// 403 Forbidden.
    #[value(name = "403")]
    Forbidden,
}

impl Serialize for RefusalStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(match self {
            Self::Conflict => 409,
            Self::BadRequest => 400,
            Self::Forbidden => 403,
        })
    }
}

impl<'de> Deserialize<'de> for RefusalStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        match value.as_str().map_or_else(|| value.to_string(), str::to_owned).as_str() {
            "409" => Ok(Self::Conflict),
            "400" => Ok(Self::BadRequest),
            "403" => Ok(Self::Forbidden),
            _ => Err(D::Error::custom("expected 409, 400 or 403")),
        }
    }
}

/// What verify answers when a license is not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verify {
    /// 404 for an unknown pair of key and product, else 200 with `valid: false`.
    Mixed,
    /// Always 200 with `valid: false`; `license` is null when there is none.
    ValidFalse,
    /// Always 404.
    NotFound,
}

/// What `success` says in the answer of verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VerifySuccess {
    /// That the call was answered: always true.
    Call,
    /// The same as `valid`.
    Valid,
}

/// Whether something is taken or refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// It is taken.
    Allow,
    /// It is refused: 401 for a call that takes no API key, 403 for a key that may not, else 400.
    Refuse,
}

/// What a null in a PATCH does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PatchNull {
    /// It clears the field: no limit, no expiry.
    Clear,
    /// It is a 400.
    Refuse,
    /// The field stays as it is, as if it were left out.
    Ignore,
}

/// What body fields that no document names do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnknownFields {
    /// Nothing: the vendor's own TypeScript client sends some.
    Ignore,
    /// They are a 400.
    Refuse,
}

/// What `instancesCount` counts ("a running count of activations").
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstancesCount {
    /// The devices in use now.
    Current,
    /// All activations there ever were.
    Ever,
    /// The field is missing: it is the only one that is not required.
    Absent,
}

/// What a license issued by hand has in its `paymentId` and `filters`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Issued {
    /// Null in both.
    Null,
    /// A payment of its own, and `{}`.
    Filled,
}

/// Whether an API key in the list says when it was used last. The field is optional; its sample is a text, its type
/// in the document an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LastUsed {
    /// As a text, once the key was used.
    Shown,
    /// Never.
    Absent,
}

/// Whether the customers list obeys parameters: the document has none, the TypeScript client sends any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CustomerFilters {
    /// All customers, whatever is asked.
    Ignore,
    /// `query` (part of name or address), `email`, `page` (from 1) and `limit`.
    Honour,
}

/// What the products list does with a `limit` above 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SolifynOverLimit {
    /// The call is a 400.
    Refuse,
    /// 100 is used.
    Clamp,
}

/// Whether `message` of an error is a string or an array of strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Messages {
    /// An array for field checks, a string for all else.
    ByKind,
    /// Always a string.
    String,
    /// Always an array.
    Array,
}
