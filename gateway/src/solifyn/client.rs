//! The calls of the licensed program: verify, activate, deactivate (reference, sections 2 and 3).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use jiff::Timestamp;
use rusqlite::{Connection, Transaction};
use serde_json::{Value, json};

use super::auth::{Verifier, Writer};
use super::body::Fields;
use super::records;
use super::shapes::{Instance, Instant, License, Product, Status};
use super::switches::{Verify, VerifySuccess};
use super::{BUSINESS, committed, devices, ids, licenses};
use crate::app::App;
use crate::reply::Failure;
use crate::server::Peer;

/// Is this key valid for this product?
pub(super) async fn verify(
    State(app): State<Arc<App>>,
    _: Verifier,
    body: Bytes,
) -> Result<Response, Failure> {
    let switches = app.switches().solifyn;
    let mut fields = Fields::read(&body)?;
    let key = fields.required_text("key", 255);
    let product = fields.required_text("productId", 255);
    // The vendor's TypeScript client may send it; it changes nothing.
    let _payment = fields.text("paymentId", 255);
    fields.done(switches.solifyn_unknown_fields)?;
    let read = move |connection: &Connection| {
        let license = by_key(connection, &key)?;
        let wanted = records::find_alias::<Product>(connection, &product)?
            .and_then(|product| product.text("id").map(str::to_owned))
            .unwrap_or(product);
        let license = license.filter(|license| license.product_id.as_ref() == Some(&wanted));
        Ok((license, records::find::<Product>(connection, &wanted)?))
    };
    let (license, product) = app.store.read(read).await?;
    let is_valid = license.as_ref().is_some_and(is_usable);
    match switches.solifyn_verify {
        Verify::Mixed if license.is_none() => return Err(licenses::unknown()),
        Verify::NotFound if !is_valid => return Err(licenses::unknown()),
        Verify::Mixed | Verify::NotFound | Verify::ValidFalse => {}
    }
    let is_success = is_valid || switches.solifyn_verify_success == VerifySuccess::Call;
    let license = license.map(|license| shown(&license, product.as_ref()));
    Ok(Json(json!({"success": is_success, "valid": is_valid, "license": license})).into_response())
}

fn shown(license: &License, product: Option<&Product>) -> Value {
    let mut res = json!({
        "id": license.id,
        "key": license.key,
        "status": license.status,
        "activationLimit": license.activation_limit,
        "activationMessage": license.activation_message,
        "expiresAt": license.expires_at,
    });
    if let (Some(fields), Some(product)) = (res.as_object_mut(), product) {
        let digital_link = product.0.get("digitalLink").cloned().unwrap_or_default();
        let product =
            json!({"id": product.text("id"), "name": product.text("name"), "digitalLink": digital_link});
        fields.insert("product".to_owned(), product);
    }
    res
}

/// Registers a device. One that is registered already is only seen again, and takes no further slot.
pub(super) async fn activate(
    State(app): State<Arc<App>>,
    _: Writer,
    peer: Option<Extension<Peer>>,
    body: Bytes,
) -> Result<Response, Failure> {
    let switches = app.switches().solifyn;
    let mut fields = Fields::read(&body)?;
    let key = fields.required_text("key", 255);
    let device = fields.required_text("deviceIdentifier", 255);
    // Required in the specification, optional on the feature page and in the vendor's clients.
    let name = fields.text("name", 255).value();
    let _payment = fields.text("paymentId", 255);
    fields.done(switches.solifyn_unknown_fields)?;
    let address = peer.map(|Extension(Peer(address))| address.ip().to_string());
    let write = move |transaction: &Transaction<'_>| {
        let license = by_key(transaction, &key)?.ok_or_else(licenses::unknown)?;
        if !is_usable(&license) {
            let reason = match license.status {
                Status::Disabled => "License is disabled",
                Status::Revoked => "License is revoked",
                Status::Active => "License has expired",
            };
            return Err(Failure::new(StatusCode::FORBIDDEN, reason));
        }
        let now = Instant::now();
        let all = records::owned_by::<Instance>(transaction, &license.id)?;
        if let Some(known) = all.iter().find(|known| known.instance_id.as_ref() == Some(&device)) {
            let mut known = known.clone();
            known.instance_name = name.or(known.instance_name);
            known.ip_address = address.or(known.ip_address);
            known.last_seen_at = Some(now);
            records::replace(transaction, &known)?;
            return Ok(known);
        }
        let is_full = license
            .activation_limit
            .is_some_and(|limit| usize::try_from(limit).is_ok_and(|limit| all.len() >= limit));
        if is_full {
            return Err(licenses::refusal(switches.solifyn_limit_status, "Activation limit reached"));
        }
        let instance = Instance {
            id: ids::uuid()?,
            license_id: license.id,
            instance_id: Some(device),
            instance_name: name,
            ip_address: address,
            activated_at: now,
            last_seen_at: Some(now),
        };
        records::insert(transaction, &instance)?;
        records::add_activations::<License>(transaction, &instance.license_id, 1)?;
        Ok(instance)
    };
    Ok(committed(Json(app.store.write(write).await?)))
}

/// Frees the slot of a device.
pub(super) async fn deactivate(
    State(app): State<Arc<App>>,
    _: Writer,
    Path(instance): Path<String>,
    body: Bytes,
) -> Result<Response, Failure> {
    let unknown_fields = app.switches().solifyn.solifyn_unknown_fields;
    let mut fields = Fields::read(&body)?;
    let key = fields.required_text("key", 255);
    fields.done(unknown_fields)?;
    let write = move |transaction: &Transaction<'_>| {
        let license = by_key(transaction, &key)?.ok_or_else(licenses::unknown)?;
        let instance = devices::find(transaction, &license.id, &instance)?;
        records::delete::<Instance>(transaction, &instance.id)?;
        Ok::<_, Failure>(())
    };
    app.store.write(write).await?;
    Ok(committed(Json(json!({"success": true}))))
}

fn by_key(connection: &Connection, key: &str) -> rusqlite::Result<Option<License>> {
    let license = records::find_alias::<License>(connection, key)?;
    Ok(license.filter(|license| license.business_id == BUSINESS))
}

fn is_usable(license: &License) -> bool {
    license.status == Status::Active && !license.is_expired(Timestamp::now())
}
