//! One switch for every point the Qlik reference tags as inferred or unknown.

use axum::http::StatusCode;
use clap::{Args, ValueEnum};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::switches::{Bound, OnOff, OverLimit};

/// The Qlik switches with their start values. Their names are start options and fields of the control interface.
#[derive(Debug, Clone, PartialEq, Eq, Args, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct QlikSwitches {
    /// Which tenant configuration there is, and what decides who may have keys.
    #[arg(long, value_enum, default_value = "current")]
    pub qlik_config: Config,
    /// How an error entry writes its status.
    #[arg(long, value_enum, default_value = "number")]
    pub qlik_error_status: ErrorStatus,
    /// Whether an error body has a `traceId`.
    #[arg(long, value_enum, default_value = "on")]
    pub qlik_trace_id: OnOff,
    /// What a list without a filter gives a user who is no administrator.
    #[arg(long, value_enum, default_value = "refuse")]
    pub qlik_member_list: MemberList,
    /// Which writing of a SCIM subject is taken.
    #[arg(long, value_enum, default_value = "both")]
    pub qlik_backslash: Backslash,
    /// The status of an expiry beyond the maximum.
    #[arg(long, value_enum, default_value = "400")]
    pub qlik_over_maximum: RefusalStatus,
    /// The status of one key too many.
    #[arg(long, value_enum, default_value = "403")]
    pub qlik_key_limit: RefusalStatus,
    /// The status for a user without the permission to manage API keys.
    #[arg(long, value_enum, default_value = "401")]
    pub qlik_no_permission: RefusalStatus,
    /// Who may create a key for another user.
    #[arg(long, value_enum, default_value = "nobody")]
    pub qlik_foreign_subject: Allowed,
    /// Who may create a SCIM key.
    #[arg(long, value_enum, default_value = "admins")]
    pub qlik_scim_keys: Allowed,
    /// What deleting an own key does when the owner is an administrator.
    #[arg(long, value_enum, default_value = "delete")]
    pub qlik_admin_own_delete: OwnDelete,
    /// Whether an owner can delete a key that was revoked.
    #[arg(long, value_enum, default_value = "delete")]
    pub qlik_revoked_delete: RevokedDelete,
    /// What a `limit` above 100 does.
    #[arg(long, value_enum, default_value = "refuse")]
    pub qlik_over_limit: OverLimit,
    /// What a cursor does whose row is gone.
    #[arg(long, value_enum, default_value = "refuse")]
    pub qlik_lost_cursor: LostCursor,
    /// What fields that no document names do in a create body.
    #[arg(long, value_enum, default_value = "refuse")]
    pub qlik_unknown_fields: UnknownFields,
    /// How the events of keys are called.
    #[arg(long, value_enum, default_value = "current")]
    pub qlik_event_names: EventNames,
    /// What the path that tells the kinds of server apart answers.
    #[arg(long, value_enum, default_value = "json")]
    pub qlik_product_info: ProductInfo,
    /// Whether answers announce that the API will go away.
    #[arg(long, value_enum, default_value = "off")]
    pub qlik_deprecation: OnOff,
    /// Whether calls are counted at all.
    #[arg(long, value_enum, default_value = "on")]
    pub qlik_rate_limits: OnOff,
    /// How many reading calls a minute a user has.
    #[arg(long, default_value = "1000", value_parser = clap::value_parser!(u32).range(1..))]
    pub qlik_tier_1: u32,
    /// How many writing calls a minute a user has.
    #[arg(long, default_value = "100", value_parser = clap::value_parser!(u32).range(1..))]
    pub qlik_tier_2: u32,
    /// Over how many seconds calls are counted.
    #[arg(long, default_value = "300", value_parser = clap::value_parser!(u32).range(1..=86400))]
    pub qlik_rate_window: u32,
    /// How many seconds a refused caller has to wait: `off` (until the window has room) or a number.
    #[arg(long, default_value = "off")]
    pub qlik_retry_after: Bound,
    /// Whether answers carry the `Ratelimit-*` headers.
    #[arg(long, value_enum, default_value = "on")]
    pub qlik_rate_headers: OnOff,
}

impl QlikSwitches {
    /// The numbers that start at 1, for the check of a control call.
    #[must_use]
    pub(crate) fn at_least_one(&self) -> [(&'static str, u32); 3] {
        [
            ("qlik-tier-1", self.qlik_tier_1),
            ("qlik-tier-2", self.qlik_tier_2),
            ("qlik-rate-window", self.qlik_rate_window),
        ]
    }
}

/// Which tenant configuration there is, and what decides who may have keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Config {
    /// Three fields; the permission to manage API keys decides.
    Current,
    /// A fourth field `api_keys_enabled`; it and the role `Developer` decide.
    #[value(name = "before-2026")]
    #[serde(rename = "before-2026")]
    Before2026,
}

/// How an error entry writes its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorStatus {
    /// `403`.
    Number,
    /// `"403"`.
    Text,
    /// Not at all.
    Absent,
}

/// What a list without a filter gives a user who is no administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MemberList {
    /// 403 unless `sub` names the caller.
    Refuse,
    /// Always the caller's own keys alone.
    Own,
}

/// Which writing of a SCIM subject create takes; replies write it the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Backslash {
    /// One or two backslashes; replies have one.
    Both,
    /// One.
    One,
    /// Two.
    Two,
}

/// Who may do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Allowed {
    /// Administrators alone.
    Admins,
    /// Every user.
    Everyone,
    /// Nobody.
    Nobody,
}

/// What a delete does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OwnDelete {
    /// The key disappears.
    Delete,
    /// The key stays and is revoked.
    Revoke,
}

/// Whether an owner can delete a key that was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RevokedDelete {
    /// The key disappears.
    Delete,
    /// 403.
    Refuse,
}

/// What a cursor does whose row is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LostCursor {
    /// 400.
    Refuse,
    /// An empty page without neighbours.
    Empty,
}

/// What fields that no document names do in a create body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnknownFields {
    /// 400, so that a misspelt field is noticed.
    Refuse,
    /// They have no effect.
    Ignore,
}

/// How the events of keys are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventNames {
    /// `com.qlik.core.api-key.created`.
    Current,
    /// `com.qlik.api-key.created`.
    Legacy,
}

/// What the path that tells the kinds of server apart answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProductInfo {
    /// JSON with an empty deployment type.
    Json,
    /// 404.
    Missing,
}

/// The status of a refusal that the documents leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RefusalStatus {
    /// 400 Bad Request.
    #[value(name = "400")]
    BadRequest,
    /// 401 Unauthorized.
    #[value(name = "401")]
    Unauthorized,
    /// 403 Forbidden.
    #[value(name = "403")]
    Forbidden,
}

impl RefusalStatus {
    /// The HTTP status.
    #[must_use]
    pub fn code(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
        }
    }
}

impl Serialize for RefusalStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(self.code().as_u16())
    }
}

impl<'de> Deserialize<'de> for RefusalStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        match value.as_str().map(str::to_owned).unwrap_or_else(|| value.to_string()).as_str() {
            "400" => Ok(Self::BadRequest),
            "401" => Ok(Self::Unauthorized),
            "403" => Ok(Self::Forbidden),
            _ => Err(D::Error::custom("expected 400, 401 or 403")),
        }
    }
}
