//! `/_control`: switches, faults, the request log and raw keys. Only served with `--control`.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, patch, post};
use axum::{Json, Router};
use rusqlite::{Connection, Transaction};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::access_log::Kept;
use crate::app::{App, today};
use crate::faults::{Fault, Planned};
use crate::qlik;
use crate::qps;
use crate::qualys_gateway;
use crate::reply::{Failure, raw_json};
use crate::request_log::Entry;
use crate::secrets::{self, Secrets};
use crate::served::Changes;
use crate::solifyn;
use crate::switches::Switches;

/// The paths below `/_control`.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/switches", get(switches).patch(patch_switches))
        .route("/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/log", get(log).delete(clear_log))
        .route("/headers", get(headers).post(change_headers).delete(restore_headers))
        .route("/access", get(access))
        .route("/secrets", get(every_secret))
        .route("/reset", post(reset))
        .route("/keys", get(keys).post(add_key))
        .route("/keys/{id}", patch(patch_key))
        .route("/tokens/expire", post(expire_tokens))
        .nest("/solifyn", solifyn::control_routes())
        .nest("/qps", qps::control_routes())
        .nest("/qlik", qlik::control_routes())
}

async fn switches(State(app): State<Arc<App>>) -> Json<Switches> {
    Json(app.switches())
}

async fn patch_switches(State(app): State<Arc<App>>, body: Bytes) -> Result<Json<Switches>, Failure> {
    let switches = app.switches().patched(&read(&body)?).map_err(Failure::bad_request)?;
    app.set_switches(switches.clone());
    Ok(Json(switches))
}

async fn faults(State(app): State<Arc<App>>) -> Json<Vec<Planned>> {
    Json(app.faults.all())
}

async fn add_fault(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, Failure> {
    let fault: Fault = read(&body)?;
    let id = app.faults.add(fault).map_err(Failure::bad_request)?;
    if app.faults.may_end_connections() {
        app.recycle_connections();
    }
    Ok((StatusCode::CREATED, Json(json!({"id": id}))).into_response())
}

async fn clear_faults(State(app): State<Arc<App>>) -> StatusCode {
    app.faults.clear();
    StatusCode::NO_CONTENT
}

async fn log(State(app): State<Arc<App>>) -> Json<Vec<Entry>> {
    Json(app.log.entries())
}

async fn clear_log(State(app): State<Arc<App>>) -> StatusCode {
    app.log.clear();
    StatusCode::NO_CONTENT
}

async fn headers(State(app): State<Arc<App>>) -> Json<Changes> {
    Json(app.served.changes())
}

async fn change_headers(State(app): State<Arc<App>>, body: Bytes) -> Result<Json<Changes>, Failure> {
    let changes = read::<Changes>(&body)?.checked().map_err(Failure::bad_request)?;
    app.served.replace(changes.clone());
    Ok(Json(changes))
}

async fn restore_headers(State(app): State<Arc<App>>) -> StatusCode {
    app.served.replace(Changes::default());
    StatusCode::NO_CONTENT
}

async fn access(State(app): State<Arc<App>>) -> Json<Kept> {
    Json(app.access.kept())
}

/// Every key value, token and password, for tests that look for them.
async fn every_secret(State(app): State<Arc<App>>) -> Result<Json<Secrets>, Failure> {
    let asked = Arc::clone(&app);
    let read = move |connection: &Connection| secrets::all(connection, &asked.issued, &asked.options);
    Ok(Json(app.store.read(read).await?))
}

/// Fields left out mean the start options.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reset {
    keys: Option<u32>,
    seed: Option<u64>,
}

async fn reset(State(app): State<Arc<App>>, body: Bytes) -> Result<StatusCode, Failure> {
    let Reset { keys, seed } = if body.is_empty() { Reset::default() } else { read(&body)? };
    let (keys, seed) = (keys.unwrap_or(app.options.keys), seed.unwrap_or(app.options.seed));
    let options = app.options.clone();
    let write = move |transaction: &Transaction<'_>| {
        qualys_gateway::reset(transaction, keys, seed, today())?;
        solifyn::reset(transaction, &options, keys, seed, today())?;
        qlik::reset(transaction, keys, seed, today())?;
        secrets::forget_gone(transaction)
    };
    app.store.write(write).await?;
    app.qlik.reset_clock();
    app.set_switches(app.options.switches.clone());
    app.faults.clear();
    app.served.replace(Changes::default());
    app.log.clear();
    app.access.clear();
    Ok(StatusCode::NO_CONTENT)
}

async fn keys(State(app): State<Arc<App>>) -> Result<Response, Failure> {
    let keys = app.store.read(qualys_gateway::raw_all).await?;
    Ok(Json(keys).into_response())
}

/// Takes one key or an array of keys, all or none; replies what was stored.
async fn add_key(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, Failure> {
    let body: Value = read(&body)?;
    let keys = app.store.write(move |transaction| match body {
        Value::Array(items) => {
            let keys = items.into_iter().map(|fields| qualys_gateway::raw_insert(transaction, fields));
            Ok(json!(keys.collect::<Result<Vec<_>, Failure>>()?))
        }
        fields => Ok::<_, Failure>(json!(qualys_gateway::raw_insert(transaction, fields)?)),
    });
    Ok(raw_json(StatusCode::CREATED, keys.await?.to_string()))
}

async fn patch_key(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Failure> {
    let id: i64 = id.parse().map_err(|_| Failure::bad_request("The id is not a number."))?;
    let fields: Value = read(&body)?;
    let key = app.store.write(move |transaction| qualys_gateway::raw_patch(transaction, id, fields)).await?;
    Ok(Json(key).into_response())
}

async fn expire_tokens(State(app): State<Arc<App>>) -> Result<StatusCode, Failure> {
    app.expire_tokens().await?;
    let options = app.options.clone();
    app.store.write(move |transaction| solifyn::expire_keys(transaction, &options)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Failure> {
    serde_json::from_slice(body)
        .map_err(|error| Failure::bad_request(format!("Unusable request body: {error}")))
}
