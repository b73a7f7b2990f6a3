//! `/_control/qlik`: the clock, and stored keys, users, identity providers and configuration past all rules.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, patch};
use axum::{Json, Router};
use jiff::Timestamp;
use rusqlite::Transaction;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::config::{self, Config};
use super::keys::{self, StoredKey, SubType, time};
use super::people::{self, Provider, User};
use super::{ADMIN, CLOCK, LATEST, MEMBER, TENANT};
use crate::app::App;
use crate::random::guid;
use crate::reply::Failure;
use crate::store::set_meta;

/// The paths below `/_control/qlik`.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/tenant", get(about))
        .route("/clock", get(clock).post(move_clock))
        .route("/keys", get(all_keys).post(add_keys))
        .route("/keys/{id}", patch(patch_key))
        .route("/keys/{id}/token", get(key_token))
        .route("/users", get(all_users).post(add_users))
        .route("/users/{id}", patch(patch_user))
        .route("/identity-providers", get(all_providers).post(add_providers))
        .route("/identity-providers/{id}", patch(patch_provider))
        .route("/config", get(get_config).patch(patch_config))
}

/// The ids a test needs: tenant, administrator, plain user.
async fn about() -> Json<Value> {
    Json(json!({"tenantId": TENANT, "admin": ADMIN, "user": MEMBER}))
}

async fn clock(State(app): State<Arc<App>>) -> Json<Value> {
    let offset = app.qlik.clock_offset.load(Ordering::Relaxed);
    Json(json!({"now": time::text(app.qlik.now()), "offsetSeconds": offset.div_euclid(1_000)}))
}

/// `{"advanceSeconds": n}` (may be negative) or `{"now": time}`; replies the clock.
async fn move_clock(State(app): State<Arc<App>>, body: Bytes) -> Result<Json<Value>, Failure> {
    let fields: Map<String, Value> = read(&body)?;
    let wrong = || Failure::bad_request("Expected `advanceSeconds` (a number) or `now` (a time).");
    let (name, value) = fields.iter().next().filter(|_| fields.len() == 1).ok_or_else(wrong)?;
    let real = Timestamp::now().as_millisecond();
    let offset = match (name.as_str(), value.as_i64(), value.as_str()) {
        ("advanceSeconds", Some(seconds), _) => {
            let offset = app.qlik.clock_offset.load(Ordering::Relaxed);
            seconds.checked_mul(1_000).and_then(|millis| offset.checked_add(millis)).ok_or_else(wrong)?
        }
        ("now", _, Some(text)) => {
            text.parse::<Timestamp>().map_err(|_| wrong())?.as_millisecond().saturating_sub(real)
        }
        _ => return Err(wrong()),
    };
    if !(0..=LATEST).contains(&real.saturating_add(offset)) {
        return Err(Failure::bad_request("The clock runs from 1970 to 9000."));
    }
    let bytes = offset.to_be_bytes();
    app.store.write(move |transaction| set_meta(transaction, CLOCK, &bytes)).await?;
    let old = app.qlik.clock_offset.swap(offset, Ordering::Relaxed);
    if offset < old {
        // Counted calls would otherwise come from the future and hold a tier for ever.
        app.qlik.limits.clear();
    }
    Ok(clock(State(app)).await)
}

async fn all_keys(State(app): State<Arc<App>>) -> Result<Response, Failure> {
    Ok(Json(app.store.read(keys::all).await?).into_response())
}

/// One key or an array, all or none. Fields left out get plain values: an active key of the administrator.
async fn add_keys(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, Failure> {
    let (now, round) = (app.qlik.now(), app.token_round());
    let write = move |transaction: &Transaction<'_>, fields: Map<String, Value>| {
        let blank = StoredKey {
            id: random_guid()?,
            description: String::new(),
            revoked: false,
            sub: ADMIN.to_owned(),
            sub_type: SubType::User,
            expiry: now + 30 * 86_400_000,
            created_by_user: ADMIN.to_owned(),
            created: now,
            last_updated: now,
            round,
        };
        let mut key = merged(&blank, fields)?;
        key.round = round;
        new(keys::find(transaction, &key.id)?, &key.id)?;
        keys::put(transaction, &key)?;
        Ok(key)
    };
    add(&app, &body, write).await
}

async fn patch_key(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Failure> {
    let fields = read(&body)?;
    let write = move |transaction: &Transaction<'_>| {
        let key = found(keys::find(transaction, &id)?, &id)?;
        let mut res: StoredKey = merged(&key, fields)?;
        res.round = key.round;
        same_id(&res.id, &id)?;
        keys::put(transaction, &res)?;
        Ok::<_, Failure>(res)
    };
    Ok(Json(app.store.write(write).await?).into_response())
}

/// The token of a stored key, for keys that were not made through the API.
async fn key_token(State(app): State<Arc<App>>, Path(id): Path<String>) -> Result<Json<Value>, Failure> {
    let wanted = id.clone();
    let key = app.store.read(move |connection| keys::find(connection, &wanted)).await?;
    let token = app.qlik.signer.token(&found(key, &id)?);
    app.issued.add(&token);
    Ok(Json(json!({"token": token})))
}

async fn all_users(State(app): State<Arc<App>>) -> Result<Response, Failure> {
    Ok(Json(app.store.read(people::all_users).await?).into_response())
}

async fn add_users(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, Failure> {
    let now = app.qlik.now();
    let write = move |transaction: &Transaction<'_>, fields: Map<String, Value>| {
        let id = random_guid()?.replace('-', "").get(..24).unwrap_or_default().to_owned();
        let blank = User {
            name: "New User".to_owned(),
            email: "new.user@demo.example".to_owned(),
            subject: format!("demo\\{id}"),
            status: "active".to_owned(),
            roles: Vec::new(),
            can_manage_api_keys: true,
            created: now,
            id,
        };
        let user = merged(&blank, fields)?;
        check_user(&user)?;
        new(people::find_user(transaction, &user.id)?, &user.id)?;
        people::put_user(transaction, &user)?;
        Ok(user)
    };
    add(&app, &body, write).await
}

async fn patch_user(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Failure> {
    let fields = read(&body)?;
    let write = move |transaction: &Transaction<'_>| {
        let user: User = merged(&found(people::find_user(transaction, &id)?, &id)?, fields)?;
        same_id(&user.id, &id)?;
        check_user(&user)?;
        people::put_user(transaction, &user)?;
        Ok::<_, Failure>(user)
    };
    Ok(Json(app.store.write(write).await?).into_response())
}

fn check_user(user: &User) -> Result<(), Failure> {
    if !["active", "invited", "disabled", "deleted"].contains(&user.status.as_str()) {
        return Err(Failure::bad_request("`status` is none of active, invited, disabled and deleted."));
    }
    if !user.roles.iter().all(|role| people::ROLES.iter().any(|(_, name, _)| name == role)) {
        return Err(Failure::bad_request("`roles` names a role that the tenant does not have."));
    }
    Ok(())
}

async fn all_providers(State(app): State<Arc<App>>) -> Result<Response, Failure> {
    Ok(Json(app.store.read(people::all_providers).await?).into_response())
}

async fn add_providers(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, Failure> {
    let now = app.qlik.now();
    let write = move |transaction: &Transaction<'_>, fields: Map<String, Value>| {
        let blank = Provider {
            id: random_guid()?.replace('-', "").get(..24).unwrap_or_default().to_owned(),
            protocol: "OIDC".to_owned(),
            provider: "generic".to_owned(),
            description: String::new(),
            active: true,
            interactive: true,
            created: now,
        };
        let provider = merged(&blank, fields)?;
        new(people::find_provider(transaction, &provider.id)?, &provider.id)?;
        people::put_provider(transaction, &provider)?;
        Ok(provider)
    };
    add(&app, &body, write).await
}

async fn patch_provider(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Failure> {
    let fields = read(&body)?;
    let write = move |transaction: &Transaction<'_>| {
        let provider: Provider = merged(&found(people::find_provider(transaction, &id)?, &id)?, fields)?;
        same_id(&provider.id, &id)?;
        people::put_provider(transaction, &provider)?;
        Ok::<_, Failure>(provider)
    };
    Ok(Json(app.store.write(write).await?).into_response())
}

async fn get_config(State(app): State<Arc<App>>) -> Result<Response, Failure> {
    Ok(Json(app.store.read(config::load).await?).into_response())
}

async fn patch_config(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, Failure> {
    let fields = read(&body)?;
    let write = move |transaction: &Transaction<'_>| {
        let config: Config = merged(&config::load(transaction)?, fields)?;
        config::save(transaction, &config)?;
        Ok::<_, Failure>(config)
    };
    Ok(Json(app.store.write(write).await?).into_response())
}

/// Adds one object or an array of them, all or none; replies what was stored.
async fn add<T: Serialize>(
    app: &App,
    body: &Bytes,
    write: impl Fn(&Transaction<'_>, Map<String, Value>) -> Result<T, Failure> + Send + 'static,
) -> Result<Response, Failure> {
    let body: Value = read(body)?;
    let write_one = move |transaction: &Transaction<'_>, fields: Value| match fields {
        Value::Object(fields) => Ok(json!(write(transaction, fields)?)),
        _ => Err(Failure::bad_request("Expected an object with stored fields.")),
    };
    let stored = app.store.write(move |transaction| match body {
        Value::Array(items) => {
            let items = items.into_iter().map(|fields| write_one(transaction, fields));
            Ok(Value::Array(items.collect::<Result<_, Failure>>()?))
        }
        fields => write_one(transaction, fields),
    });
    Ok((StatusCode::CREATED, Json(stored.await?)).into_response())
}

/// Replaces the fields named in a JSON object.
fn merged<T: Serialize + DeserializeOwned>(old: &T, fields: Map<String, Value>) -> Result<T, Failure> {
    let unusable = |error: serde_json::Error| Failure::bad_request(format!("Unusable fields: {error}"));
    let mut all = serde_json::to_value(old).map_err(unusable)?;
    if let Some(all) = all.as_object_mut() {
        all.extend(fields);
    }
    serde_json::from_value(all).map_err(unusable)
}

fn found<T>(row: Option<T>, id: &str) -> Result<T, Failure> {
    row.ok_or_else(|| Failure::new(StatusCode::NOT_FOUND, format!("There is nothing with the id {id}.")))
}

fn new<T>(row: Option<T>, id: &str) -> Result<(), Failure> {
    match row {
        Some(_) => Err(Failure::bad_request(format!("The id {id} is taken."))),
        None => Ok(()),
    }
}

fn same_id(new: &str, old: &str) -> Result<(), Failure> {
    if new == old { Ok(()) } else { Err(Failure::bad_request("The `id` stays.")) }
}

fn random_guid() -> Result<String, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        Failure::new(StatusCode::INTERNAL_SERVER_ERROR, format!("No random bytes: {error}"))
    })?;
    Ok(guid(u128::from_be_bytes(bytes)))
}

fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Failure> {
    serde_json::from_slice(body)
        .map_err(|error| Failure::bad_request(format!("Unusable request body: {error}")))
}
