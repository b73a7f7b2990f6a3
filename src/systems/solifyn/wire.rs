//! The JSON of the Solifyn API (reference `solifyn.md`, section 3).

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::names::Names;
use super::{
    BUSINESS, CUSTOM_KEY, EMAIL, FILTERS, MESSAGE, NAME, PAYMENT, PHONE, PRODUCT, UPDATED, USERNAME, VALIDITY,
};
use crate::domain::{Ended, FieldId, Fields, Key, Limit, Ref, Secret, Timestamp, Value};
use crate::i18n::t;
use crate::systems::{Change, Delta, Member};

/// A licence. All but `instancesCount` is documented as always there, with null where there is nothing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LicenseWire {
    id: String,
    key: String,
    status: String,
    business_id: Option<String>,
    product_id: Option<String>,
    payment_id: Option<String>,
    customer_id: Option<String>,
    activation_limit: Option<u64>,
    activation_message: Option<String>,
    instances_count: Option<u64>,
    expiry_hours: Option<i64>,
    expires_at: Option<String>,
    filters: Option<Json>,
    #[serde(default)]
    archived: bool,
    created_at: Option<String>,
    updated_at: Option<String>,
}

/// A device.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InstanceWire {
    id: String,
    instance_id: Option<String>,
    instance_name: Option<String>,
    ip_address: Option<String>,
    activated_at: Option<String>,
    last_seen_at: Option<String>,
}

/// The answer to "is this key valid?".
#[derive(Deserialize)]
pub(super) struct VerifyWire {
    pub(super) valid: bool,
    pub(super) license: Option<VerifiedWire>,
}

/// The licence in it, as far as it matters here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VerifiedWire {
    pub(super) id: String,
    pub(super) status: Option<String>,
    pub(super) expires_at: Option<String>,
}

/// The body of an issue ("CreateLicense"); what is absent is the product's default.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateWire<'a> {
    product_id: &'a str,
    customer_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    activation_limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiry_hours: Option<i64>,
    #[serde(skip_serializing_if = "str::is_empty")]
    key: &'a str,
}

/// The body of a new customer.
#[derive(Serialize)]
pub(super) struct CustomerBody<'a> {
    email: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    phone: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    username: &'a str,
}

impl LicenseWire {
    /// The key, or the name of the field that cannot be read.
    pub(super) fn into_key(self, names: &Names) -> Result<Key, &'static str> {
        let moment = |text: Option<String>, field| match text.as_deref() {
            None | Some("") => Ok(Value::Nothing),
            Some(text) => Timestamp::parse(text).map(Value::Moment).ok_or(field),
        };
        let text = |it: Option<String>| it.map_or(Value::Nothing, Value::Text);
        let mut key = Key::new(self.id);
        key.value = Some(Secret::new(self.key)).filter(|it| !it.expose().is_empty());
        // The spec knows three; an unknown word is never taken for a licence that works.
        (key.disabled, key.ended) = match self.status.as_str() {
            "ACTIVE" => (false, None),
            "DISABLED" => (true, None),
            "REVOKED" => (false, Some(Ended::Revoked)),
            // The TypeScript client knows this word, the spec does not (3).
            "EXPIRED" => (false, Some(Ended::Expired)),
            _ => return Err("status"),
        };
        if self.archived && key.ended.is_none() {
            key.ended = Some(Ended::Archived);
        }
        let product = self.product_id.map(|id| Ref { name: names.product(&id), id });
        let customer = self.customer_id.map(|id| Ref { name: names.customer(&id), id });
        let mut set = |field, value| key.fields.set(field, value);
        set(FieldId::TITLE, Value::Text(title(product.as_ref(), customer.as_ref())));
        set(PRODUCT, product.map_or(Value::Nothing, Value::Ref));
        set(FieldId::OWNER, customer.map_or(Value::Nothing, Value::Ref));
        let used = i64::try_from(self.instances_count.unwrap_or(0)).map_err(|_| "instancesCount")?;
        set(FieldId::USED, Value::Number(used));
        set(FieldId::LIMIT, Value::Limit(self.activation_limit.map_or(Limit::Unlimited, Limit::Of)));
        set(VALIDITY, self.expiry_hours.map_or(Value::Nothing, Value::Number));
        set(FieldId::EXPIRES, moment(self.expires_at, "expiresAt")?);
        set(FieldId::CREATED, moment(self.created_at, "createdAt")?);
        set(UPDATED, moment(self.updated_at, "updatedAt")?);
        set(MESSAGE, text(self.activation_message));
        set(PAYMENT, text(self.payment_id));
        set(BUSINESS, text(self.business_id));
        set(FILTERS, self.filters.map_or(Value::Nothing, |it| Value::Text(it.to_string())));
        Ok(key)
    }
}

/// A licence has no name of its own: what it is for and whose it is names it.
fn title(product: Option<&Ref>, customer: Option<&Ref>) -> String {
    let name = |it: &Ref| it.name.clone().unwrap_or_else(|| it.id.clone());
    match (product.map(name), customer.map(name)) {
        (Some(product), Some(customer)) => t::solifyn_title(&product, &customer),
        (one, other) => one.or(other).unwrap_or_default(),
    }
}

impl InstanceWire {
    pub(super) fn into_member(self) -> Member {
        let moment = |it: Option<String>| Timestamp::parse(&it?);
        Member {
            id: self.id,
            name: self.instance_name.unwrap_or_default(),
            place: self.ip_address.unwrap_or_default(),
            device: self.instance_id.unwrap_or_default(),
            since: moment(self.activated_at),
            seen: moment(self.last_seen_at),
        }
    }
}

impl<'a> CreateWire<'a> {
    pub(super) fn of(new: &'a Fields) -> Self {
        let id = |field| new.refs(field).first().map_or("", |it| it.id.as_str());
        Self {
            product_id: id(PRODUCT),
            customer_id: id(FieldId::OWNER),
            activation_limit: match new.get(FieldId::LIMIT) {
                Some(Value::Limit(Limit::Of(limit))) => Some(*limit),
                _ => None,
            },
            expiry_hours: new.number(VALIDITY),
            key: new.text(CUSTOM_KEY),
        }
    }
}

impl<'a> CustomerBody<'a> {
    pub(super) fn of(fields: &'a Fields) -> Self {
        Self {
            email: fields.text(EMAIL),
            name: fields.text(NAME),
            phone: fields.text(PHONE),
            username: fields.text(USERNAME),
        }
    }
}

/// The body of a change ("UpdateLicense"). Null takes a limit or an end away; whether the service does so is not
/// documented, and what came of it is read back.
pub(super) fn update_body(change: &Change) -> Json {
    let mut res = serde_json::Map::new();
    for (field, delta) in &change.0 {
        let Delta::Set(value) = delta else { continue };
        match (*field, value) {
            (FieldId::LIMIT, Value::Limit(Limit::Of(limit))) => {
                res.insert("activationLimit".to_owned(), (*limit).into())
            }
            (FieldId::LIMIT, _) => res.insert("activationLimit".to_owned(), Json::Null),
            (FieldId::EXPIRES, Value::Moment(at)) => {
                res.insert("expiresAt".to_owned(), at.to_string().into())
            }
            (FieldId::EXPIRES, _) => res.insert("expiresAt".to_owned(), Json::Null),
            _ => None,
        };
    }
    Json::Object(res)
}
