//! The Qualys gateway API: sign-in and the six activation-key calls (reference, sections 1 and 3).

mod auth;
mod change;
pub(crate) mod demo;
mod handlers;
pub(crate) mod licences;
mod query;
pub(crate) mod stored;
mod wire;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, patch, post};
use jiff::civil::Date;
use rusqlite::{Connection, Transaction};
use serde_json::Value;

use crate::app::App;
use crate::qps::{self, agents};
use crate::reply::Failure;
use crate::store::{meta, set_meta};
pub(crate) use handlers::random_guid;
use stored::StoredKey;

/// The paths, relative to the gateway's base URL.
pub(crate) fn routes() -> Router<Arc<App>> {
    const MANAGE: &str = "/caui/v1/activation-keys/manage";
    Router::new()
        .route("/auth", post(auth::sign_in))
        .route(MANAGE, post(handlers::search))
        .route(&format!("{MANAGE}/activation-key"), post(handlers::create))
        .route(&format!("{MANAGE}/activation-key/{{id}}"), patch(handlers::update))
        .route(
            &format!("{MANAGE}/{{id}}"),
            get(handlers::get).patch(handlers::toggle).delete(handlers::delete),
        )
}

const SEEDED: &str = "qualys-seeded";

/// Makes the tables, and fills a store that never had keys with demo keys.
pub(crate) fn prepare(
    transaction: &Transaction<'_>,
    keys: u32,
    seed: u64,
    today: Date,
) -> rusqlite::Result<()> {
    stored::make_tables(transaction)?;
    qps::prepare(transaction)?;
    match meta(transaction, SEEDED)? {
        Some(_) => Ok(()),
        None => reset(transaction, keys, seed, today),
    }
}

/// Replaces all keys with demo keys.
pub(crate) fn reset(
    transaction: &Transaction<'_>,
    keys: u32,
    seed: u64,
    today: Date,
) -> rusqlite::Result<()> {
    stored::clear(transaction)?;
    qps::reset(transaction)?;
    for key in demo::keys(keys, seed, today) {
        stored::insert(transaction, &key)?;
        agents::fit(transaction, &key)?;
    }
    set_meta(transaction, SEEDED, b"1")
}

/// All keys as stored, for test assertions.
pub(crate) fn raw_all(connection: &Connection) -> rusqlite::Result<Vec<StoredKey>> {
    stored::all(connection)
}

/// Adds a key as stored, past every rule but the shape of its fields. Fields left out get plain values.
pub(crate) fn raw_insert(transaction: &Transaction<'_>, fields: Value) -> Result<StoredKey, Failure> {
    let mut key = StoredKey::blank(stored::next_id(transaction)?);
    let has_agents = fields.get("activeAgents").is_some();
    key = key.patched(fields)?;
    if !has_agents {
        key.active_agents = key.count_used;
    }
    if stored::find(transaction, key.id)?.is_some() {
        return Err(Failure::bad_request(format!("There is a key {} already.", key.id)));
    }
    stored::insert(transaction, &key)?;
    agents::fit(transaction, &key)?;
    Ok(key)
}

/// Changes stored fields of a key past every rule but the shape of the fields.
pub(crate) fn raw_patch(transaction: &Transaction<'_>, id: i64, fields: Value) -> Result<StoredKey, Failure> {
    let Some(key) = stored::find(transaction, id)? else { return Err(handlers::unknown_key(id)) };
    let has_agents = ["countUsed", "activeAgents"].iter().any(|&name| fields.get(name).is_some());
    let key = key.patched(fields)?;
    if key.id != id {
        return Err(Failure::bad_request("A key keeps its `id`."));
    }
    stored::replace(transaction, &key)?;
    if has_agents {
        agents::fit(transaction, &key)?;
    }
    Ok(key)
}
