//! The calls of an administrator on the devices of a license (reference, section 2).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use rusqlite::{Connection, Transaction};

use super::auth::{Reader, Writer};
use super::body::Fields;
use super::records;
use super::shapes::Instance;
use super::{committed, licenses};
use crate::app::App;
use crate::reply::Failure;

/// The devices of a license; also the client's call under another path.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    _: Reader,
    Path(license): Path<String>,
) -> Result<Response, Failure> {
    let read = move |connection: &Connection| {
        let license = licenses::find(connection, &license)?;
        Ok::<_, Failure>(records::owned_by::<Instance>(connection, &license.id)?)
    };
    Ok(Json(app.store.read(move |connection| Ok(read(connection))).await??).into_response())
}

pub(super) async fn get(
    State(app): State<Arc<App>>,
    _: Reader,
    Path((license, instance)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let found = app.store.read(move |connection| Ok(find(connection, &license, &instance)));
    Ok(Json(found.await??).into_response())
}

/// Renames a device or gives it another address.
pub(super) async fn update(
    State(app): State<Arc<App>>,
    _: Writer,
    Path((license, instance)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let switches = app.switches().solifyn;
    let mut fields = Fields::read(&body)?;
    let name = fields.text("instanceName", 255);
    let name = fields.change("instanceName", name, switches.solifyn_patch_null);
    let address = fields.text("ipAddress", 255);
    let address = fields.change("ipAddress", address, switches.solifyn_patch_null);
    fields.done(switches.solifyn_unknown_fields)?;
    let write = move |transaction: &Transaction<'_>| {
        let mut res = find(transaction, &license, &instance)?;
        name.apply(&mut res.instance_name);
        address.apply(&mut res.ip_address);
        records::replace(transaction, &res)?;
        Ok::<_, Failure>(res)
    };
    Ok(committed(Json(app.store.write(write).await?)))
}

/// Removes a device by its record id, and replies it.
pub(super) async fn delete(
    State(app): State<Arc<App>>,
    _: Writer,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let write = move |transaction: &Transaction<'_>| {
        let res = records::find::<Instance>(transaction, &id)?.ok_or_else(unknown)?;
        licenses::find(transaction, &res.license_id).map_err(|_| unknown())?;
        records::delete::<Instance>(transaction, &res.id)?;
        Ok::<_, Failure>(res)
    };
    Ok(committed(Json(app.store.write(write).await?)))
}

/// The device of a license, by its record id or by what it calls itself.
pub(super) fn find(connection: &Connection, license: &str, device: &str) -> Result<Instance, Failure> {
    let license = licenses::find(connection, license)?;
    let all = records::owned_by::<Instance>(connection, &license.id)?;
    let is_it =
        |instance: &Instance| instance.id == device || instance.instance_id.as_deref() == Some(device);
    all.into_iter().find(is_it).ok_or_else(unknown)
}

pub(super) fn unknown() -> Failure {
    Failure::new(StatusCode::NOT_FOUND, "Instance not found")
}
