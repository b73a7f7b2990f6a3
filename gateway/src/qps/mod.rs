//! The QPS API: the same activation keys in XML, their agents, and what pickers need (reference, section 6).
//!
//! It serves the keys of the gateway API's table, so that each API shows what the other changed.

pub(crate) mod agents;
mod answer;
mod caller;
mod change_key;
mod control;
mod criteria;
mod hosts;
mod key_data;
mod key_reply;
mod keys;
mod modules;
mod networks;
mod refusal;
mod request;
pub(crate) mod switches;
mod tags;
mod version;
mod xml;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, any, get, post};
use rusqlite::{Connection, Transaction};

use crate::app::App;
use crate::reply::Failure;
use crate::switches::Switches;
pub(crate) use control::routes as control_routes;

/// The paths, relative to the base URL of the API server. A slash at the end changes nothing, as samples have it and
/// clients leave it out.
pub(crate) fn routes(app: &Arc<App>) -> Router<Arc<App>> {
    let paths: [(&str, MethodRouter<Arc<App>>); 14] = [
        ("/qps/rest/1.0/create/ca/agentactkey", post(keys::create)),
        ("/qps/rest/1.0/get/ca/agentactkey/{id}", get(keys::get).post(keys::get)),
        ("/qps/rest/1.0/search/ca/agentactkey", post(keys::search)),
        ("/qps/rest/1.0/update/ca/agentactkey", post(keys::update_by_body)),
        ("/qps/rest/1.0/update/ca/agentactkey/{id}", post(keys::update)),
        ("/qps/rest/1.0/delete/ca/agentactkey/{id}", post(keys::delete)),
        ("/qps/rest/1.0/cak/ca/changeactkey", post(change_key::change)),
        ("/qps/rest/portal/version", get(version::version)),
        ("/qps/rest/2.0/search/am/hostasset", post(hosts::search)),
        ("/qps/rest/2.0/count/am/hostasset", post(hosts::count)),
        ("/qps/rest/2.0/get/am/hostasset/{id}", get(hosts::get).post(hosts::get)),
        ("/qps/rest/2.0/search/am/tag", post(tags::search)),
        ("/qps/rest/2.0/get/am/tag/{id}", get(tags::get).post(tags::get)),
        ("/api/2.0/fo/network", get(networks::list).post(networks::list)),
    ];
    let mut res = Router::new();
    for (path, method) in paths {
        let method = method.fallback(wrong_method);
        res = res.route(path, method.clone()).route(&format!("{path}/"), method);
    }
    for rest in ["/qps", "/qps/{*rest}", "/api/2.0", "/api/2.0/{*rest}"] {
        res = res.route(rest, any(unknown_path));
    }
    res.layer(from_fn_with_state(Arc::clone(app), caller::layer))
}

async fn wrong_method() -> Failure {
    Failure::new(StatusCode::METHOD_NOT_ALLOWED, "This path does not take this method.")
}

/// Also `count` and bulk calls of keys, which no document names.
async fn unknown_path(_: Request) -> Failure {
    Failure::new(StatusCode::NOT_FOUND, "There is nothing at this path.")
}

/// Whether a path is of this API.
pub(crate) fn owns(path: &str) -> bool {
    ["/qps", "/api/2.0"]
        .iter()
        .any(|&root| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// Writes what the gate refuses before a route is found, in the shape of this API.
pub(crate) fn refused(path: &str, headers: &HeaderMap, failure: Failure, switches: &Switches) -> Response {
    caller::written(failure.into_response(), path, headers, None, switches)
}

/// Makes the tables, and does what a former run of the program put off.
pub(crate) fn prepare(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    agents::make_tables(transaction)?;
    change_key::make_tables(transaction)?;
    change_key::run_put_off(transaction, None)
}

/// Forgets all agents and all that was put off.
pub(crate) fn reset(connection: &Connection) -> rusqlite::Result<()> {
    agents::clear(connection)?;
    change_key::clear(connection)
}
