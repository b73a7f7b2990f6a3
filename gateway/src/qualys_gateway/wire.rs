//! The bodies of the six calls, as the documents print them (reference, sections 1.1 to 1.4).

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::stored::StoredKey;
use crate::reply::Failure;
use crate::switches::{DateForm, TagsShape};

/// A search, every field optional. Fields beyond the documented four are kept aside, as a switch decides about them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SearchBody {
    pub(super) limit: Option<i64>,
    pub(super) sort_order: Option<SortOrder>,
    pub(super) order_by: Option<OrderBy>,
    pub(super) query: Option<String>,
    /// Undocumented; the sibling call counts pages from 0 (reference, section 1.2).
    pub(super) page_number: Option<i64>,
    /// Undocumented; a public client sends it instead of `limit`.
    pub(super) page_size: Option<i64>,
    #[serde(flatten)]
    pub(super) unknown: serde_json::Map<String, Value>,
}

/// `DSC` is how the documents spell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum SortOrder {
    Asc,
    Dsc,
}

/// The six sort keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum OrderBy {
    Title,
    ActivationKey,
    Agents,
    CreatedOn,
    Status,
    Expires,
}

/// A create, every field optional.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CreateBody {
    pub(super) title: Option<String>,
    pub(super) network_id: Option<i64>,
    pub(super) expire_date: Option<String>,
    pub(super) max_agents_allowed: Option<i64>,
    #[serde(default)]
    pub(super) licenses: Option<Vec<String>>,
    #[serde(default)]
    pub(super) tags: Option<Vec<i64>>,
}

/// An update: differences only.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct UpdateBody {
    pub(super) title: Option<String>,
    pub(super) network_id: Option<i64>,
    pub(super) expire_date: Option<String>,
    pub(super) remove_expire_date: Option<bool>,
    pub(super) max_agents_allowed: Option<i64>,
    pub(super) remove_max_agents_allowed: Option<bool>,
    pub(super) apply_to_existing_agents: Option<bool>,
    pub(super) add_licenses: Option<Vec<String>>,
    pub(super) remove_licenses: Option<Vec<String>>,
    pub(super) add_tags: Option<Vec<i64>>,
    pub(super) remove_tags: Option<Vec<i64>>,
}

/// Reads a JSON object.
///
/// # Errors
/// 415 for another content type, 400 for anything that is not the object wanted.
pub(super) fn object<T: DeserializeOwned>(headers: &HeaderMap, body: &Bytes) -> Result<T, Failure> {
    if let Some(kind) = headers.get(header::CONTENT_TYPE) {
        let kind = kind.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "This call takes JSON alone."));
        }
    }
    // A derived reader would also take an array, field by field.
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(Failure::bad_request("The request body is not a JSON object."));
    }
    serde_json::from_slice(body)
        .map_err(|error| Failure::bad_request(format!("Unusable request body: {error}")))
}

/// A key in the reply of get and create.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeyReply {
    id: i64,
    title: String,
    activation_key: String,
    network_id: i64,
    count_used: i64,
    count_purchased: i64,
    date_purchased: String,
    first_name: String,
    last_name: String,
    user_name: String,
    key_type: &'static str,
    expire_date: Option<String>,
    is_disabled: bool,
    licenses: Vec<String>,
    tags: Vec<Value>,
    apply_to_existing_agents: bool,
}

/// A key in the reply of search: without network, tags and `applyToExistingAgents`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RowReply {
    id: i64,
    title: String,
    activation_key: String,
    count_used: i64,
    count_purchased: i64,
    date_purchased: String,
    first_name: String,
    last_name: String,
    user_name: String,
    key_type: &'static str,
    is_disabled: bool,
    expire_date: Option<String>,
    licenses: Vec<String>,
}

/// A page of search rows.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageReply {
    pub(super) page_size: u32,
    pub(super) total_count: u64,
    pub(super) no_of_pages: u64,
    pub(super) content: Vec<RowReply>,
}

impl KeyReply {
    pub(super) fn new(key: StoredKey, date_form: DateForm, tags_shape: TagsShape) -> Self {
        Self {
            id: key.id,
            key_type: key_type(&key),
            date_purchased: date_time(&key, date_form),
            title: key.title,
            activation_key: key.activation_key,
            network_id: key.network_id,
            count_used: key.count_used,
            count_purchased: key.count_purchased,
            first_name: key.first_name,
            last_name: key.last_name,
            user_name: key.user_name,
            expire_date: key.expire_date.map(|date| date.to_string()),
            is_disabled: key.is_disabled,
            licenses: key.licenses,
            tags: key.tags.into_iter().map(|id| tag(id, tags_shape)).collect(),
            apply_to_existing_agents: key.apply_to_existing_agents,
        }
    }
}

impl RowReply {
    pub(super) fn new(key: StoredKey, date_form: DateForm) -> Self {
        Self {
            id: key.id,
            key_type: key_type(&key),
            date_purchased: date_time(&key, date_form),
            title: key.title,
            activation_key: key.activation_key,
            count_used: key.count_used,
            count_purchased: key.count_purchased,
            first_name: key.first_name,
            last_name: key.last_name,
            user_name: key.user_name,
            is_disabled: key.is_disabled,
            expire_date: key.expire_date.map(|date| date.to_string()),
            licenses: key.licenses,
        }
    }
}

/// The type follows from which limits are set. `Unlimited` and `Count Time Limited` are printed, the others inferred.
fn key_type(key: &StoredKey) -> &'static str {
    match (key.count_purchased > 0, key.expire_date.is_some()) {
        (false, false) => "Unlimited",
        (true, false) => "Count Limited",
        (false, true) => "Time Limited",
        (true, true) => "Count Time Limited",
    }
}

fn date_time(key: &StoredKey, form: DateForm) -> String {
    match (form, key.date_purchased.split_once('.')) {
        (DateForm::Seconds, Some((seconds, _))) => seconds.to_owned(),
        (DateForm::Seconds, None) | (DateForm::Nanos, _) => key.date_purchased.clone(),
    }
}

fn tag(id: i64, shape: TagsShape) -> Value {
    match shape {
        TagsShape::Ids => json!(id),
        TagsShape::Objects => json!({"id": id, "name": super::demo::tag_name(id)}),
    }
}
