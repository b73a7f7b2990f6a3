//! The Solifyn API: license keys, their devices, products, customers and API keys (reference for Solifyn).

mod api_keys;
mod auth;
mod body;
mod client;
mod control;
mod customers;
mod demo;
mod devices;
mod ids;
mod licenses;
mod products;
mod query;
mod rate;
mod records;
mod shapes;
pub(crate) mod switches;

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use jiff::civil::Date;
use rusqlite::Transaction;
use serde_json::{Value, json};

use crate::app::App;
use crate::cli::Options;
use crate::reply::{Committed, Failure};
use crate::store::{meta, set_meta};
use shapes::{ApiKey, Instant};
use switches::Messages;

pub(crate) use control::routes as control_routes;
pub(crate) use rate::Rate;

/// The business that every API key acts for. What belongs to another one is not found.
const BUSINESS: &str = "biz_345TUESrCDPvrb";

/// The paths, relative to the base URL. Fixed segments win over `{id}`, as the router prefers them.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/v1/licenses", get(licenses::list).post(licenses::create))
        .route("/v1/licenses/verify", post(client::verify))
        .route("/v1/licenses/activate", post(client::activate))
        .route("/v1/licenses/deactivate/{instance}", post(client::deactivate))
        // One path, two meanings: the devices of a license, and a device to remove.
        .route("/v1/licenses/instances/{id}", get(devices::list).delete(devices::delete))
        .route("/v1/licenses/{id}", get(licenses::get).patch(licenses::update))
        .route("/v1/licenses/{id}/toggle", post(licenses::toggle))
        .route("/v1/licenses/{id}/instances", get(devices::list))
        .route(
            "/v1/licenses/{id}/instances/{instance}",
            get(devices::get).patch(devices::update).post(devices::update),
        )
        .route("/v1/products", get(products::list).post(products::create))
        .route("/v1/products/{id}", get(products::get).patch(products::update).delete(products::archive))
        .route("/v1/products/{id}/unarchive", post(products::unarchive))
        .route("/v1/customers", get(customers::list).post(customers::create))
        .route("/v1/customers/{id}", get(customers::get).patch(customers::update))
        .route("/v1/customers/{id}/share", post(customers::share))
        .route("/v1/developer/api-keys", get(api_keys::list).post(api_keys::create))
        .route("/v1/developer/api-keys/{id}", delete(api_keys::delete))
}

/// Whether a path, without the prefix, is this API's.
pub(crate) fn owns(path: &str) -> bool {
    path.strip_prefix("/v1").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Writes a failure in NestJS style: `{"statusCode", "message", "error"}`; `message` is a string or an array of them.
#[must_use]
pub(crate) fn shaped(failure: &Failure, messages: Messages) -> Response {
    let message = match (messages, failure.checks.as_slice()) {
        (Messages::ByKind | Messages::String, []) => json!(failure.message),
        (Messages::ByKind | Messages::Array, checks @ [_, ..]) => json!(checks),
        (Messages::String, checks) => json!(checks.join(", ")),
        (Messages::Array, []) => json!([failure.message]),
    };
    let error = failure.status.canonical_reason().unwrap_or_default();
    let body: Value = json!({"statusCode": failure.status.as_u16(), "message": message, "error": error});
    (failure.status, Json(body)).into_response()
}

const SEEDED: &str = "solifyn-seeded";

/// Makes the table, fills a store that never was filled, and lets the keys of the start options in.
pub(crate) fn prepare(transaction: &Transaction<'_>, options: &Options, today: Date) -> rusqlite::Result<()> {
    records::make_tables(transaction)?;
    match meta(transaction, SEEDED)? {
        Some(_) => let_in(transaction, options),
        None => reset(transaction, options, options.keys, options.seed, today),
    }
}

/// Replaces everything with demo data.
pub(crate) fn reset(
    transaction: &Transaction<'_>,
    options: &Options,
    keys: u32,
    seed: u64,
    today: Date,
) -> rusqlite::Result<()> {
    records::clear(transaction)?;
    let_in(transaction, options)?;
    demo::fill(transaction, keys, seed, today)?;
    set_meta(transaction, SEEDED, b"1")
}

/// Ends every API key made by a call. Those of the start options stay, as the account of the other systems does.
pub(crate) fn expire_keys(transaction: &Transaction<'_>, options: &Options) -> rusqlite::Result<()> {
    let now = Instant::now();
    let kept = [&options.solifyn_key, &options.solifyn_read_only_key].map(|key| ids::hash(key.text()));
    for key in records::all::<ApiKey>(transaction)?.into_iter().filter(|key| !kept.contains(&key.hash)) {
        records::replace(transaction, &ApiKey { expires_at: now, ..key })?;
    }
    Ok(())
}

fn let_in(transaction: &Transaction<'_>, options: &Options) -> rusqlite::Result<()> {
    let both = [
        ("key_startOption", "Administration", &options.solifyn_key, true),
        ("key_startReadOnly", "Reporting (read-only)", &options.solifyn_read_only_key, false),
    ];
    for (id, name, text, allow_write) in both {
        records::delete::<ApiKey>(transaction, id)?;
        let key = ApiKey::new(id.to_owned(), name, text.text(), allow_write, Instant::now());
        if records::find_alias::<ApiKey>(transaction, &key.hash)?.is_none() {
            records::insert(transaction, &key)?;
        }
    }
    Ok(())
}

/// An answer of a call that wrote something.
fn committed(answer: impl IntoResponse) -> Response {
    let mut res = answer.into_response();
    res.extensions_mut().insert(Committed);
    res
}
