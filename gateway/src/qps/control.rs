//! `/_control/qps`: agents, which no call of the API can install.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use rusqlite::Transaction;
use serde::Deserialize;

use super::agents::{self, Block};
use crate::app::App;
use crate::qualys_gateway::stored;
use crate::reply::Failure;

/// The paths below `/_control/qps`.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/agents", get(blocks).post(plant))
}

/// An agent to plant. Fields left out get plain values.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Planted {
    key_id: i64,
    id: Option<i64>,
    uuid: Option<String>,
    name: Option<String>,
    /// Whether it still reports.
    #[serde(default = "yes")]
    active: bool,
    /// Its tags beside `Cloud Agent`.
    #[serde(default)]
    tags: Vec<i64>,
    /// Whether `countUsed` of the key counts it. A printed sample has agents and a count of 0.
    #[serde(default = "yes")]
    counted: bool,
}

fn yes() -> bool {
    true
}

/// One or many.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Body {
    Many(Vec<Planted>),
    One(Planted),
}

/// All agents in blocks of neighbouring ids.
async fn blocks(State(app): State<Arc<App>>) -> Result<Json<Vec<Block>>, Failure> {
    Ok(Json(app.store.read(agents::all).await?))
}

/// Plants an agent or an array of agents, all or none; replies their blocks.
async fn plant(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, Failure> {
    let body: Body = serde_json::from_slice(&body)
        .map_err(|error| Failure::bad_request(format!("Unusable request body: {error}")))?;
    let all = match body {
        Body::Many(all) => all,
        Body::One(one) => vec![one],
    };
    let write = move |transaction: &Transaction<'_>| {
        all.into_iter().map(|agent| plant_one(transaction, agent)).collect::<Result<Vec<_>, Failure>>()
    };
    let planted = app.store.write(write).await?;
    Ok((StatusCode::CREATED, Json(planted)).into_response())
}

fn plant_one(transaction: &Transaction<'_>, agent: Planted) -> Result<Block, Failure> {
    let Planted { key_id, id, uuid, name, active, tags, counted } = agent;
    let Some(mut key) = stored::find(transaction, key_id)? else {
        return Err(Failure::new(StatusCode::NOT_FOUND, format!("There is no activation key {key_id}.")));
    };
    let first_id = match id {
        Some(id) => id,
        None => agents::next_id(transaction)?,
    };
    if agents::has(transaction, first_id)? {
        return Err(Failure::bad_request(format!("There is an agent {first_id} already.")));
    }
    let active = i64::from(active);
    let block = Block { first_id, count: 1, active, key_id, tags, name, uuid };
    agents::add(transaction, &block)?;
    key.count_used += i64::from(counted);
    key.active_agents += active;
    stored::replace(transaction, &key)?;
    Ok(block)
}
