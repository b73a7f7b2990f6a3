//! The API keys of the business (reference, section 4).
//!
//! The document gives these calls no authorization at all (`security: []`), so they may belong to the vendor's own
//! screen and its session. A switch refuses every API key here.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use rusqlite::Transaction;
use serde_json::{Value, json};

use super::auth::{Reader, Writer};
use super::body::Fields;
use super::shapes::{ApiKey, Instant};
use super::switches::{LastUsed, Permission};
use super::{committed, ids, records};
use crate::app::App;
use crate::reply::Failure;

pub(super) async fn list(State(app): State<Arc<App>>, _: Reader) -> Result<Response, Failure> {
    check_open(&app)?;
    let all = app.store.read(records::all::<ApiKey>).await?;
    let is_shown = app.switches().solifyn.solifyn_last_used == LastUsed::Shown;
    let keys = all
        .into_iter()
        .map(|key| shown(&ApiKey { last_used_at: key.last_used_at.filter(|_| is_shown), ..key }));
    Ok(Json(keys.collect::<Vec<_>>()).into_response())
}

/// Makes a key. Its text is in this answer and nowhere else.
pub(super) async fn create(State(app): State<Arc<App>>, _: Writer, body: Bytes) -> Result<Response, Failure> {
    check_open(&app)?;
    let mut fields = Fields::read(&body)?;
    let name = fields.required_text("name", 255);
    let allow_write = fields.flag("allowWrite").value().unwrap_or(true);
    fields.done(app.switches().solifyn.solifyn_unknown_fields)?;
    let text = ids::api_key()?;
    app.issued.add(&text);
    let key = ApiKey::new(ids::public("key")?, &name, &text, allow_write, Instant::now());
    let mut reply = shown(&key);
    if let Some(fields) = reply.as_object_mut() {
        fields.insert("apiKey".to_owned(), json!(text));
    }
    app.store.write(move |transaction| records::insert(transaction, &key)).await?;
    Ok(committed((StatusCode::CREATED, Json(reply))))
}

/// Ends a key, also the caller's own. The answer is empty.
pub(super) async fn delete(
    State(app): State<Arc<App>>,
    _: Writer,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    check_open(&app)?;
    let write = move |transaction: &Transaction<'_>| {
        if records::find::<ApiKey>(transaction, &id)?.is_none() {
            return Err(Failure::new(StatusCode::NOT_FOUND, "API key not found"));
        }
        records::delete::<ApiKey>(transaction, &id)?;
        Ok(())
    };
    app.store.write(write).await?;
    Ok(committed(StatusCode::OK))
}

fn check_open(app: &App) -> Result<(), Failure> {
    match app.switches().solifyn.solifyn_developer_calls {
        Permission::Allow => Ok(()),
        Permission::Refuse => Err(Failure::new(StatusCode::UNAUTHORIZED, "Unauthorized")),
    }
}

/// A key without its hash.
pub(super) fn shown(key: &ApiKey) -> Value {
    let mut res = json!(key);
    if let Some(fields) = res.as_object_mut() {
        fields.remove("hash");
    }
    res
}
