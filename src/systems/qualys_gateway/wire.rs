//! The JSON of the gateway API (reference `qualys.md`, section 1; release notes of November 2025).
//!
//! Reading is forgiving where the documents contradict themselves (section 10): tags as numbers or
//! objects, any spelling of the key type, date-times with 0 to 9 fractional digits. A value that cannot be
//! read is an error and never a blank.

use serde::{Deserialize, Serialize};

use super::fields::{APPLY, LICENCES, NETWORK, TAGS, TYPE};
use crate::domain::{Date, FieldId, Fields, Key, Limit, Ref, Secret, Timestamp, Value};
use crate::systems::{Change, Delta};

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
    /// The keys are read apart from the rest, in slices: this is empty.
    #[serde(default)]
    pub(super) content: Vec<serde::de::IgnoredAny>,
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
#[derive(Default, Serialize)]
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
    tags: Vec<u64>,
}

/// The body of an update (section 1.4): differences alone.
#[derive(Default, Serialize)]
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
    add_tags: Vec<u64>,
    #[serde(skip_serializing_if = "<[u64]>::is_empty")]
    remove_tags: Vec<u64>,
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
        let limit = match self.count_purchased {
            None | Some(0) => Limit::Unlimited,
            Some(count) => Limit::Of(count),
        };
        let name = [text(self.first_name), text(self.last_name)].join(" ").trim().to_owned();
        let creator = Ref { id: text(self.user_name), name: Some(name).filter(|it| !it.is_empty()) };
        let used = i64::try_from(self.count_used.unwrap_or(0)).map_err(|_| "countUsed")?;

        let mut key = Key::new(self.id.to_string());
        key.value = self.activation_key.filter(|it| !it.is_empty()).map(Secret::new);
        key.disabled = self.is_disabled;
        let mut set = |field, value| key.fields.set(field, value);
        set(FieldId::TITLE, Value::Text(text(self.title)));
        set(FieldId::USED, Value::Number(used));
        set(FieldId::LIMIT, Value::Limit(limit));
        set(TYPE, Value::Text(read_type(&text(self.key_type))));
        set(FieldId::EXPIRES, expires.map_or(Value::Nothing, Value::Day));
        set(FieldId::CREATED, created.map_or(Value::Nothing, Value::Moment));
        set(FieldId::CREATOR, Value::Ref(creator));
        set(LICENCES, Value::Codes(self.licenses.unwrap_or_default()));
        // A row of the search lacks these; what is not there is not told.
        if let Some(network) = self.network_id {
            set(NETWORK, Value::Number(network));
        }
        if let Some(tags) = self.tags {
            set(TAGS, Value::Refs(tags.into_iter().map(TagWire::into_ref).collect()));
        }
        if let Some(apply) = self.apply_to_existing_agents {
            set(APPLY, Value::Flag(apply));
        }
        Ok(key)
    }
}

/// A day as documented, or the day of a date-time, which the sibling API sends.
fn read_day(text: &str) -> Option<Date> {
    Date::parse(text).or_else(|| Timestamp::parse(text)?.date())
}

impl TagWire {
    fn into_ref(self) -> Ref {
        match self {
            Self::Id(id) => Ref::of(id.to_string()),
            Self::Named { id, name } => Ref { id: id.to_string(), name },
        }
    }
}

/// Reads the spellings of section 1.1, in any case, with spaces or underscores; another one stays as it came.
fn read_type(text: &str) -> String {
    let plain: String =
        text.chars().filter(char::is_ascii_alphabetic).map(|it| it.to_ascii_lowercase()).collect();
    let code = match plain.as_str() {
        "unlimited" => "Unlimited",
        "countlimited" => "Count",
        "timelimited" => "Time",
        "counttimelimited" => "CountTime",
        _ => text,
    };
    code.to_owned()
}

/// Numbers of a list; what is none was refused by the form.
fn numbers<'a>(items: impl IntoIterator<Item = &'a str>) -> Vec<u64> {
    items.into_iter().filter_map(|it| it.parse().ok()).collect()
}

impl<'a> CreateWire<'a> {
    pub(super) fn of(new: &'a Fields) -> Self {
        Self {
            title: new.text(FieldId::TITLE),
            network_id: new.number(NETWORK),
            expire_date: match new.get(FieldId::EXPIRES) {
                Some(Value::Day(day)) => Some(day.to_string()),
                _ => None,
            },
            max_agents_allowed: match new.get(FieldId::LIMIT) {
                Some(Value::Limit(Limit::Of(limit))) => Some(*limit),
                _ => None,
            },
            licenses: new.codes(LICENCES),
            tags: numbers(new.refs(TAGS).iter().map(|it| it.id.as_str())),
        }
    }
}

impl<'a> UpdateWire<'a> {
    pub(super) fn of(change: &'a Change) -> Self {
        let mut res = Self::default();
        for (field, delta) in &change.0 {
            match (*field, delta) {
                (FieldId::TITLE, Delta::Set(Value::Text(title))) => res.title = Some(title),
                (NETWORK, Delta::Set(Value::Number(number))) => res.network_id = Some(*number),
                (FieldId::EXPIRES, Delta::Set(Value::Day(day))) => res.expire_date = Some(day.to_string()),
                (FieldId::EXPIRES, Delta::Set(_)) => res.remove_expire_date = true,
                (FieldId::LIMIT, Delta::Set(Value::Limit(Limit::Of(limit)))) => {
                    res.max_agents_allowed = Some(*limit)
                }
                (FieldId::LIMIT, Delta::Set(_)) => res.remove_max_agents_allowed = true,
                (APPLY, Delta::Set(Value::Flag(true))) => res.apply_to_existing_agents = Some(true),
                (LICENCES, Delta::List { add, remove }) => {
                    (res.add_licenses, res.remove_licenses) = (add, remove);
                }
                (TAGS, Delta::List { add, remove }) => {
                    res.add_tags = numbers(add.iter().map(String::as_str));
                    res.remove_tags = numbers(remove.iter().map(String::as_str));
                }
                _ => {}
            }
        }
        res
    }
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
