//! `/_control/solifyn`: records as stored, past every rule but the shape of their fields.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use rusqlite::{Connection, Transaction};
use serde_json::{Map, Value, json};

use super::records::{self, Record};
use super::shapes::{ApiKey, Customer, Instance, Instant, Invite, License, Product};
use super::{api_keys, customers, ids, products};
use crate::app::App;
use crate::reply::Failure;

/// The paths below `/_control/solifyn`. Kinds: `licenses`, `instances`, `products`, `customers`, `api-keys`.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/{kind}", get(list).post(add))
        .route("/{kind}/{id}", get(one).patch(change).delete(remove))
}

async fn list(State(app): State<Arc<App>>, Path(kind): Path<String>) -> Result<Response, Failure> {
    Ok(Json(app.store.read(move |connection| Ok(all(connection, &kind))).await??).into_response())
}

async fn one(
    State(app): State<Arc<App>>,
    Path((kind, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let all = app.store.read(move |connection| Ok(all(connection, &kind))).await??;
    let found = all.into_iter().find(|record| record.get("id") == Some(&json!(id)));
    Ok(Json(found.ok_or_else(unknown)?).into_response())
}

/// Takes one record or an array of them, all or none; replies what was stored.
async fn add(
    State(app): State<Arc<App>>,
    Path(kind): Path<String>,
    body: Bytes,
) -> Result<Response, Failure> {
    let body = read(&body)?;
    let write = move |transaction: &Transaction<'_>| match body {
        Value::Array(items) => {
            let added = items.into_iter().map(|fields| added(transaction, &kind, fields));
            Ok(json!(added.collect::<Result<Vec<_>, Failure>>()?))
        }
        fields => added(transaction, &kind, fields),
    };
    let stored = app.store.write(write).await?;
    note_keys(&app, &stored);
    Ok((StatusCode::CREATED, Json(stored)).into_response())
}

/// Notes API keys among what was stored.
fn note_keys(app: &App, stored: &Value) {
    let records = stored.as_array().map_or(std::slice::from_ref(stored), Vec::as_slice);
    for text in records.iter().filter_map(|it| it.get("apiKey")?.as_str()) {
        app.issued.add(text);
    }
}

async fn change(
    State(app): State<Arc<App>>,
    Path((kind, id)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let fields = object(read(&body)?)?;
    let write = move |transaction: &Transaction<'_>| match kind.as_str() {
        License::KIND => changed::<License>(transaction, &id, fields),
        Instance::KIND => changed::<Instance>(transaction, &id, fields),
        Customer::KIND => changed::<Customer>(transaction, &id, fields),
        Product::KIND => changed::<Product>(transaction, &id, fields),
        ApiKey::KIND => changed::<ApiKey>(transaction, &id, fields),
        _ => Err(unknown()),
    };
    Ok(Json(app.store.write(write).await?).into_response())
}

/// Deletes a record; a license with its devices. No call of the API deletes a license or a customer.
async fn remove(
    State(app): State<Arc<App>>,
    Path((kind, id)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    let write = move |transaction: &Transaction<'_>| {
        match kind.as_str() {
            License::KIND => {
                records::delete_owned::<Instance>(transaction, &id)?;
                records::delete::<License>(transaction, &id)?;
            }
            Customer::KIND => {
                records::delete_owned::<Invite>(transaction, &id)?;
                records::delete::<Customer>(transaction, &id)?;
            }
            Instance::KIND => records::delete::<Instance>(transaction, &id)?,
            Product::KIND => records::delete::<Product>(transaction, &id)?,
            ApiKey::KIND => records::delete::<ApiKey>(transaction, &id)?,
            _ => return Err(unknown()),
        }
        Ok(())
    };
    app.store.write(write).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn all(connection: &Connection, kind: &str) -> Result<Vec<Value>, Failure> {
    fn values<R: Record>(connection: &Connection) -> Result<Vec<Value>, Failure> {
        Ok(records::all::<R>(connection)?.into_iter().map(|record| json!(record)).collect())
    }
    match kind {
        License::KIND => values::<License>(connection),
        Instance::KIND => values::<Instance>(connection),
        Customer::KIND => values::<Customer>(connection),
        Product::KIND => values::<Product>(connection),
        ApiKey::KIND => Ok(records::all::<ApiKey>(connection)?.iter().map(api_keys::shown).collect()),
        _ => Err(unknown()),
    }
}

fn added(transaction: &Transaction<'_>, kind: &str, fields: Value) -> Result<Value, Failure> {
    let fields = object(fields)?;
    let now = Instant::now();
    match kind {
        License::KIND => license(transaction, fields, now),
        Instance::KIND => {
            let blank = Instance {
                id: ids::uuid()?,
                license_id: String::new(),
                instance_id: None,
                instance_name: None,
                ip_address: None,
                activated_at: now,
                last_seen_at: None,
            };
            device(transaction, &blank, fields)
        }
        Customer::KIND => {
            let id = ids::public("cust")?;
            let email = format!("{}@example.com", id.to_lowercase());
            inserted(transaction, &customers::blank(id, email, now), fields)
        }
        Product::KIND => {
            inserted(transaction, &products::blank(ids::public("prod")?, ids::uuid()?, now), fields)
        }
        ApiKey::KIND => api_key(transaction, fields, now),
        _ => Err(unknown()),
    }
}

/// A license. Beside its own fields: `nonNull: true` fills every field that may be null, `devices` is a number of
/// devices or an array of them, `activations` is how many there ever were.
fn license(
    transaction: &Transaction<'_>,
    mut fields: Map<String, Value>,
    now: Instant,
) -> Result<Value, Failure> {
    let mut blank = License::blank(ids::public("lic")?, ids::license_key()?, now);
    match fields.remove("nonNull") {
        Some(Value::Bool(true)) => {
            blank = License {
                product_id: Some("prod_hyQQhhNzfEuvv".to_owned()),
                payment_id: Some("pay_3r2FgHXp9".to_owned()),
                customer_id: Some("cust_3r2FgHXp9".to_owned()),
                activation_limit: Some(3),
                activation_message: Some("Thank you! Your license is now active.".to_owned()),
                expiry_hours: Some(720),
                expires_at: now.later(720),
                filters: Some(Map::new()),
                ..blank
            };
        }
        Some(Value::Bool(false)) | None => {}
        Some(_) => return Err(Failure::bad_request("`nonNull` is true or false.")),
    }
    let activations = match fields.remove("activations") {
        None => None,
        Some(number) => match number.as_i64() {
            Some(number @ 0..) => Some(number),
            Some(_) | None => return Err(Failure::bad_request("`activations` is a number from 0.")),
        },
    };
    let devices = match fields.remove("devices") {
        None => Vec::new(),
        Some(Value::Array(devices)) => devices,
        Some(number) => match number.as_u64() {
            Some(number @ 0..=10_000) => (1..=number)
                .map(|idx| json!({"instanceId": format!("device-{idx}"), "instanceName": format!("Device {idx}")}))
                .collect(),
            Some(_) | None => {
                return Err(Failure::bad_request("`devices` is a number up to 10000, or an array."));
            }
        },
    };
    let stored = inserted(transaction, &blank, fields)?;
    let id = stored.get("id").and_then(Value::as_str).unwrap_or_default();
    let n_devices = i64::try_from(devices.len()).unwrap_or(i64::MAX);
    for fields in devices {
        let blank = Instance {
            id: ids::uuid()?,
            license_id: id.to_owned(),
            instance_id: None,
            instance_name: None,
            ip_address: Some("203.0.113.42".to_owned()),
            activated_at: now,
            last_seen_at: Some(now),
        };
        inserted(transaction, &blank, object(fields)?)?;
    }
    records::add_activations::<License>(transaction, id, activations.unwrap_or(n_devices))?;
    Ok(stored)
}

fn device(
    transaction: &Transaction<'_>,
    blank: &Instance,
    fields: Map<String, Value>,
) -> Result<Value, Failure> {
    let stored = inserted(transaction, blank, fields)?;
    let license = stored.get("licenseId").and_then(Value::as_str).unwrap_or_default();
    if records::find::<License>(transaction, license)?.is_none() {
        return Err(Failure::bad_request("`licenseId` names no license."));
    }
    records::add_activations::<License>(transaction, license, 1)?;
    Ok(stored)
}

/// An API key; `apiKey` gives its text, which is replied here and nowhere else.
fn api_key(
    transaction: &Transaction<'_>,
    mut fields: Map<String, Value>,
    now: Instant,
) -> Result<Value, Failure> {
    let text = match fields.remove("apiKey") {
        None => ids::api_key()?,
        Some(Value::String(text)) => text,
        Some(_) => return Err(Failure::bad_request("`apiKey` is a text.")),
    };
    let blank = ApiKey::new(ids::public("key")?, "API key", &text, true, now);
    let mut stored = inserted(transaction, &blank, fields)?;
    if let Some(fields) = stored.as_object_mut() {
        fields.remove("hash");
        fields.insert("apiKey".to_owned(), json!(text));
    }
    Ok(stored)
}

fn inserted<R: Record>(
    transaction: &Transaction<'_>,
    blank: &R,
    fields: Map<String, Value>,
) -> Result<Value, Failure> {
    let record = patched(blank, fields)?;
    check_alias(transaction, &record)?;
    if records::find::<R>(transaction, record.id())?.is_some() {
        return Err(Failure::bad_request(format!("There is a record {} already.", record.id())));
    }
    records::insert(transaction, &record)?;
    Ok(json!(record))
}

fn changed<R: Record>(
    transaction: &Transaction<'_>,
    id: &str,
    fields: Map<String, Value>,
) -> Result<Value, Failure> {
    let record = patched(&records::find::<R>(transaction, id)?.ok_or_else(unknown)?, fields)?;
    if record.id() != id {
        return Err(Failure::bad_request("A record keeps its `id`."));
    }
    check_alias(transaction, &record)?;
    records::replace(transaction, &record)?;
    let mut res = json!(record);
    if let Some(fields) = res.as_object_mut() {
        fields.remove("hash");
    }
    Ok(res)
}

fn check_alias<R: Record>(connection: &Connection, record: &R) -> Result<(), Failure> {
    let Some(alias) = record.alias() else { return Ok(()) };
    match records::find_alias::<R>(connection, &alias)? {
        Some(other) if other.id() != record.id() => {
            Err(Failure::bad_request(format!("The record {} has the same key or name.", other.id())))
        }
        Some(_) | None => Ok(()),
    }
}

/// Replaces the fields named.
fn patched<R: Record>(record: &R, fields: Map<String, Value>) -> Result<R, Failure> {
    let unusable = |error: serde_json::Error| Failure::bad_request(format!("Unusable fields: {error}"));
    let mut all = serde_json::to_value(record).map_err(unusable)?;
    if let Some(all) = all.as_object_mut() {
        // A product is an open map, so its names are checked here; `hash` is nobody's to set.
        let is_strange = |name: &&String| {
            name.as_str() == "hash" || (R::KIND == Product::KIND && !all.contains_key(name.as_str()))
        };
        if let Some(name) = fields.keys().find(is_strange) {
            return Err(Failure::bad_request(format!("There is no field `{name}`.")));
        }
        all.extend(fields);
    }
    serde_json::from_value(all).map_err(unusable)
}

fn read(body: &Bytes) -> Result<Value, Failure> {
    serde_json::from_slice(body)
        .map_err(|error| Failure::bad_request(format!("Unusable request body: {error}")))
}

fn object(value: Value) -> Result<Map<String, Value>, Failure> {
    match value {
        Value::Object(fields) => Ok(fields),
        _ => Err(Failure::bad_request("Expected an object with fields.")),
    }
}

fn unknown() -> Failure {
    Failure::new(StatusCode::NOT_FOUND, "There is no such record.")
}
