//! The JSON of the gateway API (reference `qualys.md`, section 1; release notes of November 2025).
//!
//! Reading is forgiving where the documents contradict themselves (section 10): tags as numbers or
//! objects, any spelling of the key type, date-times with 0 to 9 fractional digits. A value that cannot be
//! read is an error and never a blank.

use serde::{Deserialize, Serialize};

use crate::domain::{Change, Date, Key, KeyId, KeyKind, Limit, NewKey, Secret, Tag, Timestamp};

/// A key as Get and Create answer it; a search row has fewer fields (section 1.1).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeyWire {
    id: u64,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    activation_key: Option<String>,
    #[serde(default)]
    network_id: Option<i64>,
    #[serde(default)]
    count_used: Option<u64>,
    #[serde(default)]
    count_purchased: Option<u64>,
    #[serde(default)]
    date_purchased: Option<String>,
    #[serde(default)]
    first_name: Option<String>,
    #[serde(default)]
    last_name: Option<String>,
    #[serde(default)]
    user_name: Option<String>,
    #[serde(default)]
    key_type: Option<String>,
    #[serde(default)]
    expire_date: Option<String>,
    #[serde(default)]
    is_disabled: bool,
    #[serde(default)]
    licenses: Option<Vec<String>>,
    #[serde(default)]
    tags: Option<Vec<TagWire>>,
    #[serde(default)]
    apply_to_existing_agents: Option<bool>,
}

/// The samples show empty tag lists alone, so both shapes in use elsewhere are read.
#[derive(Deserialize)]
#[serde(untagged)]
enum TagWire {
    Id(u64),
    Named { id: u64, name: Option<String> },
}

/// A page of search rows (section 1.2).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageWire {
    pub(super) page_size: Option<u64>,
    pub(super) total_count: Option<u64>,
    #[serde(default)]
    pub(super) content: Vec<KeyWire>,
}

/// The body of a search (section 1.2). `page_number` is not documented for this call; its sibling has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SearchWire<'a> {
    pub(super) limit: u64,
    pub(super) sort_order: &'static str,
    pub(super) order_by: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) query: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) page_number: Option<u64>,
}

/// The body of a create (section 1.3); what is absent is left to the service.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateWire<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    network_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expire_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_agents_allowed: Option<u64>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    licenses: &'a [String],
    #[serde(skip_serializing_if = "<[u64]>::is_empty")]
    tags: &'a [u64],
}

/// The body of an update (section 1.4): differences alone.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UpdateWire<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    network_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expire_date: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    remove_expire_date: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_agents_allowed: Option<u64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    remove_max_agents_allowed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    apply_to_existing_agents: Option<bool>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    add_licenses: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    remove_licenses: &'a [String],
    #[serde(skip_serializing_if = "<[u64]>::is_empty")]
    add_tags: &'a [u64],
    #[serde(skip_serializing_if = "<[u64]>::is_empty")]
    remove_tags: &'a [u64],
}

impl KeyWire {
    /// The key, or the name of the field that cannot be read.
    pub(super) fn into_key(self) -> Result<Key, &'static str> {
        let text = |it: Option<String>| it.unwrap_or_default();
        let created = match self.date_purchased.as_deref() {
            None | Some("") => None,
            Some(it) => Some(Timestamp::parse(it).ok_or("datePurchased")?),
        };
        let expires = match self.expire_date.as_deref() {
            None | Some("") => None,
            Some(it) => Some(read_day(it).ok_or("expireDate")?),
        };
        let kind = KeyKind::from_wire(&text(self.key_type));
        let limit = match self.count_purchased {
            None | Some(0) => Limit::Unlimited,
            Some(count) => Limit::Of(count),
        };
        let creator_name = [text(self.first_name), text(self.last_name)].join(" ").trim().to_owned();
        Ok(Key {
            id: KeyId(self.id.to_string()),
            title: text(self.title),
            value: Secret::new(text(self.activation_key)),
            used: self.count_used.unwrap_or(0),
            limit,
            kind,
            created,
            creator_name,
            creator_login: text(self.user_name),
            expires,
            disabled: self.is_disabled,
            licences: self.licenses.unwrap_or_default(),
            network: self.network_id,
            tags: self.tags.map(|it| it.into_iter().map(TagWire::into_tag).collect()),
            apply_to_existing: self.apply_to_existing_agents,
        })
    }
}

/// A day as documented, or the day of a date-time, which the sibling API sends.
fn read_day(text: &str) -> Option<Date> {
    Date::parse(text).or_else(|| Timestamp::parse(text)?.date())
}

impl TagWire {
    fn into_tag(self) -> Tag {
        match self {
            Self::Id(id) => Tag { id, name: None },
            Self::Named { id, name } => Tag { id, name },
        }
    }
}

impl KeyKind {
    /// Reads the spellings of section 1.1, in any case, with spaces or underscores.
    fn from_wire(text: &str) -> Self {
        let plain: String =
            text.chars().filter(char::is_ascii_alphabetic).map(|it| it.to_ascii_lowercase()).collect();
        match plain.as_str() {
            "unlimited" => Self::Unlimited,
            "countlimited" => Self::Count,
            "timelimited" => Self::Time,
            "counttimelimited" => Self::CountTime,
            _ => Self::Other(text.to_owned()),
        }
    }
}

impl<'a> CreateWire<'a> {
    pub(super) fn of(new: &'a NewKey) -> Self {
        Self {
            title: &new.title,
            network_id: new.network,
            expire_date: new.expires.map(|it| it.to_string()),
            max_agents_allowed: new.limit,
            licenses: &new.licences,
            tags: &new.tags,
        }
    }
}

impl<'a> UpdateWire<'a> {
    pub(super) fn of(change: &'a Change) -> Self {
        let (max_agents_allowed, remove_max_agents_allowed) = match change.limit {
            None => (None, false),
            Some(Limit::Of(limit)) => (Some(limit), false),
            Some(Limit::Unlimited) => (None, true),
        };
        Self {
            title: change.title.as_deref(),
            network_id: change.network,
            expire_date: change.expires.flatten().map(|it| it.to_string()),
            remove_expire_date: change.expires == Some(None),
            max_agents_allowed,
            remove_max_agents_allowed,
            apply_to_existing_agents: change.apply_to_existing,
            add_licenses: &change.add_licences,
            remove_licenses: &change.remove_licences,
            add_tags: &change.add_tags,
            remove_tags: &change.remove_tags,
        }
    }
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
