//! The tenant's configuration of API keys: the store, and its two calls.

use axum::Json;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use rusqlite::{Connection, Transaction};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::access::Call;
use super::errors::{Problem, Refusal};
use super::switches::Config as Era;
use super::{TENANT, audit, duration, wire};
use crate::reply::Committed;
use crate::store::{meta, set_meta};

/// The configuration. The names are the documented ones, whatever their style.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Config {
    pub(super) max_keys_per_user: u32,
    pub(super) max_api_key_expiry: String,
    #[serde(rename = "scim_externalClient_expiry")]
    pub(super) scim_expiry: String,
    /// Gone since 2026; kept for the switch that brings it back.
    pub(super) api_keys_enabled: bool,
}

impl Default for Config {
    /// The documented defaults.
    fn default() -> Self {
        Self {
            max_keys_per_user: 5,
            max_api_key_expiry: "PT24H".to_owned(),
            scim_expiry: "P365D".to_owned(),
            api_keys_enabled: false,
        }
    }
}

const META: &str = "qlik-config";
const MOST_KEYS: u32 = 1_000;

/// The stored configuration, or the defaults.
pub(super) fn load(connection: &Connection) -> rusqlite::Result<Config> {
    let stored = meta(connection, META)?;
    Ok(stored.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
}

pub(super) fn save(connection: &Connection, config: &Config) -> rusqlite::Result<()> {
    set_meta(connection, META, json!(config).to_string().as_bytes())
}

pub(super) async fn get(Path(tenant): Path<String>, call: Call) -> Result<Response, Refusal> {
    check_tenant(&tenant)?;
    let config = call.app.store.read(load).await?;
    let mut reply = json!(config);
    if let (Era::Current, Some(fields)) = (call.switches.qlik_config, reply.as_object_mut()) {
        fields.remove("api_keys_enabled");
    }
    Ok(Json(reply).into_response())
}

pub(super) async fn patch(
    Path(tenant): Path<String>,
    call: Call,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    check_tenant(&tenant)?;
    if !call.user.has_role("TenantAdmin") {
        return Err(Refusal::forbidden("Only a tenant administrator changes the configuration."));
    }
    let operations = wire::operations(&headers, &body)?;
    let era = call.switches.qlik_config;
    let (now, user) = (call.now, call.user.id.clone());
    let write = move |transaction: &Transaction<'_>| {
        let mut config = load(transaction)?;
        for (idx, operation) in operations.iter().enumerate() {
            apply(&mut config, era, idx, &operation.path, &operation.value)?;
        }
        save(transaction, &config)?;
        audit::of_config(transaction, &config, &user, now)?;
        Ok::<_, Refusal>(())
    };
    call.app.store.write(write).await?;
    let mut res = StatusCode::NO_CONTENT.into_response();
    res.extensions_mut().insert(Committed);
    Ok(res)
}

fn check_tenant(tenant: &str) -> Result<(), Refusal> {
    if tenant == TENANT { Ok(()) } else { Err(Refusal::not_found("There is no such tenant.")) }
}

fn apply(config: &mut Config, era: Era, idx: usize, path: &str, value: &Value) -> Result<(), Problem> {
    let wrong = |detail: &str| Problem::field(format!("/{idx}/value"), detail);
    let a_duration = || {
        let text = value.as_str().filter(|text| duration::parse(text).is_some());
        text.map(str::to_owned).ok_or_else(|| wrong("The value is not an ISO 8601 duration above zero."))
    };
    match (path, era) {
        ("/max_keys_per_user", _) => {
            let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
            config.max_keys_per_user = number
                .filter(|&number| number <= MOST_KEYS)
                .ok_or_else(|| wrong("The value is not a number from 0 to 1000."))?;
        }
        ("/max_api_key_expiry", _) => config.max_api_key_expiry = a_duration()?,
        ("/scim_externalClient_expiry", _) => config.scim_expiry = a_duration()?,
        ("/api_keys_enabled", Era::Before2026) => {
            config.api_keys_enabled = value.as_bool().ok_or_else(|| wrong("The value is not a boolean."))?;
        }
        _ => return Err(Problem::field(format!("/{idx}/path"), "This field cannot be changed.")),
    }
    Ok(())
}
