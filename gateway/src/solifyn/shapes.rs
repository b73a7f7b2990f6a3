//! The records as the store keeps them. What an answer shows is the same, but for the few fields named here as hidden.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::records::Record;
use super::{BUSINESS, ids};

/// The documented life cycle of a license. There is no "expired": that follows from `expiresAt`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Status {
    Active,
    Disabled,
    /// Only the platform gets a license here: refund, dispute, end of a subscription.
    Revoked,
}

/// A license key (reference, section 3). `instancesCount` is counted when it is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct License {
    pub(super) id: String,
    pub(super) key: String,
    pub(super) status: Status,
    pub(super) business_id: String,
    pub(super) product_id: Option<String>,
    pub(super) payment_id: Option<String>,
    pub(super) customer_id: Option<String>,
    /// `None` means unlimited.
    pub(super) activation_limit: Option<i64>,
    pub(super) activation_message: Option<String>,
    pub(super) expiry_hours: Option<i64>,
    /// `None` means never.
    pub(super) expires_at: Option<Instant>,
    pub(super) filters: Option<Map<String, Value>>,
    pub(super) archived: bool,
    pub(super) created_at: Instant,
    pub(super) updated_at: Instant,
}

impl License {
    /// A license with nothing set.
    pub(super) fn blank(id: String, key: String, now: Instant) -> Self {
        Self {
            id,
            key,
            status: Status::Active,
            business_id: BUSINESS.to_owned(),
            product_id: None,
            payment_id: None,
            customer_id: None,
            activation_limit: None,
            activation_message: None,
            expiry_hours: None,
            expires_at: None,
            filters: None,
            archived: false,
            created_at: now,
            updated_at: now,
        }
    }

    /// Whether its time is over.
    pub(super) fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end.0 <= now)
    }
}

impl Record for License {
    const KIND: &'static str = "licenses";

    fn id(&self) -> &str {
        &self.id
    }

    fn alias(&self) -> Option<String> {
        Some(self.key.clone())
    }

    fn owner(&self) -> Option<&str> {
        None
    }
}

/// A device on which a license is activated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Instance {
    pub(super) id: String,
    pub(super) license_id: String,
    /// What the device calls itself.
    pub(super) instance_id: Option<String>,
    pub(super) instance_name: Option<String>,
    pub(super) ip_address: Option<String>,
    pub(super) activated_at: Instant,
    pub(super) last_seen_at: Option<Instant>,
}

impl Record for Instance {
    const KIND: &'static str = "instances";

    fn id(&self) -> &str {
        &self.id
    }

    /// A device counts once a license.
    fn alias(&self) -> Option<String> {
        self.instance_id.as_ref().map(|device| format!("{} {device}", self.license_id))
    }

    fn owner(&self) -> Option<&str> {
        Some(&self.license_id)
    }
}

/// A customer. The two optional phone fields are both in the document; the gateway writes `phone`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Customer {
    pub(super) id: String,
    pub(super) member_id: Option<String>,
    pub(super) email: String,
    pub(super) name: Option<String>,
    pub(super) username: Option<String>,
    pub(super) phone: Option<String>,
    #[serde(rename = "phone_number")]
    pub(super) phone_number: Option<String>,
    pub(super) metadata: Option<Map<String, Value>>,
    pub(super) created_at: Instant,
    pub(super) updated_at: Instant,
    pub(super) business_id: String,
}

impl Record for Customer {
    const KIND: &'static str = "customers";

    fn id(&self) -> &str {
        &self.id
    }

    fn alias(&self) -> Option<String> {
        Some(self.email.to_lowercase())
    }

    fn owner(&self) -> Option<&str> {
        None
    }
}

/// A product: 39 documented fields, of which the gateway itself reads few; `products` knows them all.
/// Hidden: `internalId`, a UUID that is taken wherever a product id is, as the document marks them `uuid`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Product(pub(super) Map<String, Value>);

impl Product {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    pub(super) fn whole(&self, name: &str) -> Option<i64> {
        self.0.get(name).and_then(Value::as_i64)
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(false)
    }
}

impl Record for Product {
    const KIND: &'static str = "products";

    fn id(&self) -> &str {
        self.text("id").unwrap_or_default()
    }

    fn alias(&self) -> Option<String> {
        self.text("internalId").map(str::to_owned)
    }

    fn owner(&self) -> Option<&str> {
        None
    }
}

/// An API key. Hidden: `hash`, all that is kept of its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ApiKey {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) prefix: String,
    pub(super) status: String,
    pub(super) allow_write: bool,
    pub(super) expires_at: Instant,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) last_used_at: Option<Instant>,
    pub(super) created_at: Instant,
    pub(super) hash: String,
}

impl ApiKey {
    /// A key with a text, made now, for ten years.
    pub(super) fn new(id: String, name: &str, text: &str, allow_write: bool, now: Instant) -> Self {
        Self {
            id,
            name: name.to_owned(),
            prefix: "fyn".to_owned(),
            status: "ACTIVE".to_owned(),
            allow_write,
            expires_at: now.later(TEN_YEARS_HOURS).unwrap_or(now),
            last_used_at: None,
            created_at: now,
            hash: ids::hash(text),
        }
    }
}

const TEN_YEARS_HOURS: i64 = 10 * 365 * 24;

impl Record for ApiKey {
    const KIND: &'static str = "api-keys";

    fn id(&self) -> &str {
        &self.id
    }

    fn alias(&self) -> Option<String> {
        Some(self.hash.clone())
    }

    fn owner(&self) -> Option<&str> {
        None
    }
}

/// A portal invitation of a customer. Hidden: `hash`, all that is kept of its token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Invite {
    pub(super) id: String,
    pub(super) customer_id: String,
    pub(super) expires_at: Instant,
    pub(super) hash: String,
}

impl Record for Invite {
    const KIND: &'static str = "invites";

    fn id(&self) -> &str {
        &self.id
    }

    fn alias(&self) -> Option<String> {
        Some(self.hash.clone())
    }

    fn owner(&self) -> Option<&str> {
        Some(&self.customer_id)
    }
}

/// A moment, written as the API does: ISO 8601 in UTC with milliseconds and `Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Instant(pub(super) Timestamp);

impl Instant {
    pub(super) fn now() -> Self {
        Self(Timestamp::now())
    }

    /// Some hours later; `None` beyond the end of the calendar (year 9999).
    pub(super) fn later(self, hours: i64) -> Option<Self> {
        let seconds = hours.checked_mul(3_600)?;
        self.0.checked_add(jiff::SignedDuration::from_secs(seconds)).ok().map(Self)
    }
}

impl Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", self.0))
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(serde::de::Error::custom)
    }
}
