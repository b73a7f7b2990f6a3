//! Request bodies: JSON objects and JSON Patch documents, with a pointer to whatever is wrong.

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use serde_json::{Map, Value};

use super::errors::{Problem, Refusal};
use super::keys::SubType;
use super::switches::UnknownFields;
use crate::reply::Failure;

/// A create, with the defaults of what was left out still open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CreateBody {
    pub(super) description: String,
    /// An ISO 8601 duration, not looked at yet.
    pub(super) expiry: Option<String>,
    pub(super) sub: Option<String>,
    pub(super) sub_type: SubType,
}

/// One `replace` of a JSON Patch document; no other operation is documented.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Operation {
    pub(super) path: String,
    pub(super) value: Value,
}

/// Reads a create body and says everything that is wrong with it at once.
pub(super) fn create_body(
    headers: &HeaderMap,
    body: &Bytes,
    unknown: UnknownFields,
) -> Result<CreateBody, Refusal> {
    let Value::Object(fields) = json(headers, body)? else {
        return Err(Refusal::bad_body("The request body is not a JSON object."));
    };
    let mut problems = Vec::new();
    let mut text = |name: &str| match fields.get(name) {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone()),
        Some(_) => {
            problems.push(Problem::field(format!("/{name}"), "The value is not a text."));
            None
        }
    };
    let (description, expiry, sub, sub_type) =
        (text("description"), text("expiry"), text("sub"), text("subType"));
    if description.as_deref().is_none_or(|text| text.trim().is_empty())
        && !fields.get("description").is_some_and(|value| !value.is_string() && !value.is_null())
    {
        problems.push(Problem::field("/description", "A description is required."));
    }
    let sub_type = match sub_type.as_deref() {
        None | Some("user") => SubType::User,
        Some("externalClient") => SubType::ExternalClient,
        Some(_) => {
            problems.push(Problem::field("/subType", "The value is neither `user` nor `externalClient`."));
            SubType::User
        }
    };
    if unknown == UnknownFields::Refuse {
        problems.extend(unknown_fields(&fields));
    }
    if !problems.is_empty() {
        return Err(Refusal::invalid(problems));
    }
    Ok(CreateBody { description: description.unwrap_or_default(), expiry, sub, sub_type })
}

fn unknown_fields(fields: &Map<String, Value>) -> impl Iterator<Item = Problem> {
    const KNOWN: [&str; 4] = ["description", "expiry", "sub", "subType"];
    let unknown = fields.keys().filter(|name| !KNOWN.contains(&name.as_str()));
    // Pointers escape these two characters.
    unknown.map(|name| {
        let name = name.replace('~', "~0").replace('/', "~1");
        Problem::field(format!("/{name}"), "There is no such field.")
    })
}

/// Reads a JSON Patch document.
pub(super) fn operations(headers: &HeaderMap, body: &Bytes) -> Result<Vec<Operation>, Refusal> {
    let Value::Array(items) = json(headers, body)? else {
        return Err(Refusal::bad_body("The request body is not an array of operations."));
    };
    if items.is_empty() {
        return Err(Refusal::bad_body("The array holds no operation."));
    }
    items.into_iter().enumerate().map(|(idx, item)| operation(idx, item).map_err(Refusal::from)).collect()
}

fn operation(idx: usize, item: Value) -> Result<Operation, Problem> {
    let wrong = |field: &str, detail: &str| Problem::field(format!("/{idx}{field}"), detail);
    let Value::Object(mut fields) = item else {
        return Err(wrong("", "An operation is an object."));
    };
    if fields.get("op").and_then(Value::as_str) != Some("replace") {
        return Err(wrong("/op", "The only operation is `replace`."));
    }
    let Some(Value::String(path)) = fields.remove("path") else {
        return Err(wrong("/path", "A path is required."));
    };
    let value = fields.remove("value").ok_or_else(|| wrong("/value", "A value is required."))?;
    Ok(Operation { path, value })
}

fn json(headers: &HeaderMap, body: &Bytes) -> Result<Value, Refusal> {
    if let Some(kind) = headers.get(header::CONTENT_TYPE) {
        let kind = kind.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
        let kind = kind.to_ascii_lowercase();
        if kind != "application/json" && !kind.ends_with("+json") {
            let message = "This call takes JSON alone.";
            return Err(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message).into());
        }
    }
    serde_json::from_slice(body)
        .map_err(|error| Refusal::bad_body(format!("The request body is no JSON: {error}")))
}
