//! The JSON of the API (reference `qlik.md`, sections 2 and 3).

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::people::People;
use super::{
    CLIENT, CREATED_BY, ENABLED, EXPIRY, MAX_EXPIRY, MAX_KEYS, PROVIDER, SCIM_EXPIRY, STATUS, SUB, SUB_TYPE,
    TENANT, UPDATED,
};
use crate::domain::{Ended, FieldId, Fields, Key, Ref, Secret, Timestamp, Value};
use crate::systems::{Change, Delta};

/// A page of anything. Neighbours are told as whole addresses; the ends have none. Rows are held once they were
/// read, so only the way on is followed.
#[derive(Deserialize)]
pub(super) struct PageWire<T> {
    pub(super) data: Vec<T>,
    links: Option<LinksWire>,
}

#[derive(Deserialize)]
struct LinksWire {
    next: Option<LinkWire>,
}

#[derive(Deserialize)]
struct LinkWire {
    href: Option<String>,
}

impl<T> PageWire<T> {
    /// The address of the next page.
    pub(super) fn next(&self) -> Option<&str> {
        self.links.as_ref()?.next.as_ref()?.href.as_deref().filter(|it| !it.is_empty())
    }
}

/// A key. What is documented as required has to be there.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ApiKeyWire {
    id: String,
    tenant_id: String,
    description: String,
    status: String,
    pub(super) sub: String,
    sub_type: String,
    expiry: String,
    pub(super) created_by_user: String,
    created: Option<String>,
    last_updated: Option<String>,
    /// In the answer to a create alone.
    pub(super) token: Option<String>,
}

impl ApiKeyWire {
    /// The key, or the name of the field that cannot be read.
    pub(super) fn into_key(self, people: &People) -> Result<Key, &'static str> {
        let moment = |text: Option<String>, field| match text.as_deref() {
            None => Ok(Value::Nothing),
            Some(text) => Timestamp::parse(text).map(Value::Moment).ok_or(field),
        };
        let mut key = Key::new(self.id);
        key.value = self.token.map(Secret::new).filter(|it| !it.is_empty());
        // An unknown word is never taken for a key that works.
        key.ended = match self.status.as_str() {
            "active" => None,
            "expired" => Some(Ended::Expired),
            "revoked" => Some(Ended::Revoked),
            _ => return Err("status"),
        };
        let mut set = |field, value| key.fields.set(field, value);
        set(FieldId::TITLE, Value::Text(self.description));
        set(STATUS, Value::Text(self.status));
        if self.sub_type == CLIENT {
            set(
                PROVIDER,
                Value::Ref(Ref { name: people.name(&self.sub), id: subject(provider_of(&self.sub)) }),
            );
        }
        set(SUB_TYPE, Value::Text(self.sub_type));
        set(FieldId::OWNER, Value::Ref(Ref { name: people.name(&self.sub), id: self.sub.clone() }));
        set(SUB, Value::Text(self.sub));
        set(FieldId::EXPIRES, moment(Some(self.expiry), "expiry")?);
        let creator = self.created_by_user;
        set(FieldId::CREATOR, Value::Ref(Ref { name: people.name(&creator), id: creator.clone() }));
        set(CREATED_BY, Value::Text(creator));
        set(FieldId::CREATED, moment(self.created, "created")?);
        set(UPDATED, moment(self.last_updated, "lastUpdated")?);
        set(TENANT, Value::Text(self.tenant_id));
        Ok(key)
    }
}

/// The subject of an identity provider's key. The documents print two backslashes, which in JSON is one.
pub(super) fn subject(provider: &str) -> String {
    ["SCIM\\", provider].concat()
}

/// The identity provider in a subject, whether it came with one backslash or two.
pub(super) fn provider_of(subject: &str) -> &str {
    subject.strip_prefix("SCIM").map_or(subject, |it| it.trim_start_matches('\\'))
}

/// The body of a create ("ApiKeyBody"); what is absent is the caller, a person, the longest time there may be.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ApiKeyBody<'a> {
    pub(super) description: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) expiry: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) sub: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) sub_type: &'a str,
}

impl<'a> ApiKeyBody<'a> {
    pub(super) fn of(new: &'a Fields) -> Self {
        let sub_type = new.text(SUB_TYPE);
        let field = if sub_type == CLIENT { PROVIDER } else { FieldId::OWNER };
        Self {
            description: new.text(FieldId::TITLE),
            expiry: new.text(EXPIRY),
            sub: new.refs(field).first().map_or("", |it| it.id.as_str()),
            sub_type,
        }
    }
}

/// The configuration of a tenant.
#[derive(Clone, Deserialize)]
pub(super) struct ConfigWire {
    pub(super) max_keys_per_user: Option<i64>,
    pub(super) max_api_key_expiry: Option<String>,
    #[serde(rename = "scim_externalClient_expiry")]
    pub(super) scim_expiry: Option<String>,
    /// Gone since 2026.
    pub(super) api_keys_enabled: Option<bool>,
}

impl ConfigWire {
    /// The settings that are told.
    pub(super) fn fields(self) -> Fields {
        let told = [
            (MAX_KEYS, self.max_keys_per_user.map(Value::Number)),
            (MAX_EXPIRY, self.max_api_key_expiry.map(Value::Text)),
            (SCIM_EXPIRY, self.scim_expiry.map(Value::Text)),
            (ENABLED, self.api_keys_enabled.map(Value::Flag)),
        ];
        let mut res = Fields::new();
        for (field, value) in told {
            if let Some(value) = value {
                res.set(field, value);
            }
        }
        res
    }
}

/// A change of a key as a JSON Patch: its description is all that can change.
pub(super) fn key_patch(change: &Change) -> Json {
    let value = change.set(FieldId::TITLE).map_or(Json::Null, json_of);
    json!([{ "op": "replace", "path": "/description", "value": value }])
}

/// A change of the configuration as a JSON Patch.
pub(super) fn config_patch(change: &Change) -> Json {
    let op = |(field, delta): &(FieldId, Delta)| match delta {
        Delta::Set(value) => {
            let path = ["/", field.0].concat();
            Some(json!({ "op": "replace", "path": path, "value": json_of(value) }))
        }
        Delta::List { .. } => None,
    };
    change.0.iter().filter_map(op).collect()
}

fn json_of(value: &Value) -> Json {
    match value {
        Value::Text(it) => it.as_str().into(),
        Value::Number(it) => (*it).into(),
        Value::Flag(it) => (*it).into(),
        _ => Json::Null,
    }
}

/// A person, as far as the console needs one.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserWire {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) tenant_id: Option<String>,
    #[serde(default)]
    pub(super) assigned_roles: Vec<RoleWire>,
}

/// A role of a person.
#[derive(Clone, Deserialize)]
pub(super) struct RoleWire {
    pub(super) name: Option<String>,
}

impl UserWire {
    /// What people call it.
    pub(super) fn name(&self) -> Option<String> {
        let is_said = |it: &&String| !it.trim().is_empty();
        self.name.as_ref().filter(is_said).or(self.email.as_ref().filter(is_said)).cloned()
    }
}

/// An identity provider.
#[derive(Clone, Deserialize)]
pub(super) struct ProviderWire {
    pub(super) id: String,
    pub(super) provider: Option<String>,
    pub(super) description: Option<String>,
}

/// A tenant.
#[derive(Deserialize)]
pub(super) struct TenantWire {
    pub(super) id: String,
}
