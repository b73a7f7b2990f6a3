//! The calls on licenses: list, issue, get, change, toggle (reference, section 2).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use rusqlite::{Connection, Transaction};
use serde::Serialize;

use super::auth::{Reader, Writer};
use super::body::{Change, Fields};
use super::records::{self, Counted};
use super::shapes::{Customer, Instance, Instant, License, Status};
use super::switches::{InstancesCount, Issued, Permission, RefusalStatus, SolifynSwitches};
use super::{BUSINESS, committed, customers, ids, products};
use crate::app::App;
use crate::reply::Failure;

/// A license in an answer.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LicenseReply {
    #[serde(flatten)]
    license: License,
    #[serde(skip_serializing_if = "Option::is_none")]
    instances_count: Option<i64>,
}

impl LicenseReply {
    pub(super) fn new(counted: Counted<License>, count: InstancesCount) -> Self {
        let Counted { record: license, owned, activations } = counted;
        let instances_count = match count {
            InstancesCount::Current => Some(owned),
            InstancesCount::Ever => Some(activations),
            InstancesCount::Absent => None,
        };
        Self { license, instances_count }
    }
}

/// All licenses: the document has no filter, no order and no pages, and parameters change nothing.
pub(super) async fn list(State(app): State<Arc<App>>, _: Reader) -> Result<Response, Failure> {
    let count = app.switches().solifyn.solifyn_instances_count;
    let all = app.store.read(|connection| records::counted::<License, Instance>(connection, None)).await?;
    let ours = all.into_iter().filter(|counted| counted.record.business_id == BUSINESS);
    let replies: Vec<_> = ours.map(|counted| LicenseReply::new(counted, count)).collect();
    Ok(Json(replies).into_response())
}

pub(super) async fn get(
    State(app): State<Arc<App>>,
    _: Reader,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let count = app.switches().solifyn.solifyn_instances_count;
    let found =
        app.store.read(move |connection| records::counted::<License, Instance>(connection, Some(&id)));
    let found = found.await?.into_iter().find(|counted| counted.record.business_id == BUSINESS);
    let counted = found.ok_or_else(unknown)?;
    Ok(Json(LicenseReply::new(counted, count)).into_response())
}

/// Issues a license. What is left out comes from the product.
pub(super) async fn create(State(app): State<Arc<App>>, _: Writer, body: Bytes) -> Result<Response, Failure> {
    let switches = app.switches().solifyn;
    let mut fields = Fields::read(&body)?;
    let product = fields.required_text("productId", 255);
    let customer = fields.required_text("customerId", 255);
    let limit = fields.whole("activationLimit", 1).value();
    let hours = fields.whole("expiryHours", 1).value();
    let key = fields.text("key", 255).value();
    if key.as_ref().is_some_and(|key| key.trim().is_empty()) {
        fields.problem("key should not be empty");
    }
    fields.done(switches.solifyn_unknown_fields)?;

    let count = switches.solifyn_instances_count;
    let write = move |transaction: &Transaction<'_>| {
        let product = products::find(transaction, &product)?;
        let customer: Customer = customers::find(transaction, &customer)?;
        let refuse = switches.solifyn_product_without_keys == Permission::Refuse;
        if refuse && !product.flag("hasLicenseKey") {
            return Err(Failure::bad_request("This product has no license keys."));
        }
        let key = match key {
            Some(key) if records::find_alias::<License>(transaction, &key)?.is_some() => {
                return Err(refusal(switches.solifyn_conflict_status, "License key already exists"));
            }
            Some(key) => key,
            None => free_key(transaction)?,
        };
        let now = Instant::now();
        let expiry_hours = hours.or_else(|| product.whole("expiryHours"));
        let too_far = || Failure::bad_request("expiryHours ends after year 9999");
        let expires_at = expiry_hours.map(|hours| now.later(hours).ok_or_else(too_far)).transpose()?;
        let is_filled = switches.solifyn_issued == Issued::Filled;
        let license = License {
            product_id: product.text("id").map(str::to_owned),
            customer_id: Some(customer.id),
            payment_id: is_filled.then(|| ids::public("pay")).transpose()?,
            activation_limit: limit.or_else(|| product.whole("activationLimit")),
            activation_message: product.text("activationMessage").map(str::to_owned),
            expiry_hours,
            expires_at,
            filters: is_filled.then(serde_json::Map::new),
            ..License::blank(ids::public("lic")?, key, now)
        };
        records::insert(transaction, &license)?;
        reread(transaction, &license.id, count)
    };
    let reply = app.store.write(write).await?;
    // 200, not 201: the document says so.
    Ok(committed(Json(reply)))
}

/// Changes what can be changed after issue: status, limit, end.
pub(super) async fn update(
    State(app): State<Arc<App>>,
    _: Writer,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Failure> {
    let switches = app.switches().solifyn;
    let mut fields = Fields::read(&body)?;
    let status = match fields.text("status", 255).value().as_deref() {
        None => None,
        Some("ACTIVE") => Some(Status::Active),
        Some("DISABLED") => Some(Status::Disabled),
        Some(_) => {
            fields.problem("status must be one of the following values: ACTIVE, DISABLED");
            None
        }
    };
    let null = switches.solifyn_patch_null;
    let limit = fields.whole("activationLimit", 1);
    let limit = fields.change("activationLimit", limit, null);
    let end = fields.instant("expiresAt");
    let end = fields.change("expiresAt", end, null);
    let is_past = matches!(end, Change::To(Some(end)) if end <= Instant::now());
    if is_past && switches.solifyn_past_expiry == Permission::Refuse {
        fields.problem("expiresAt must be in the future");
    }
    fields.done(switches.solifyn_unknown_fields)?;

    let write = move |transaction: &Transaction<'_>| {
        let mut license = changeable(transaction, &id, &switches)?;
        let used = records::owned_by::<Instance>(transaction, &id)?.len();
        let is_below = match limit {
            Change::To(Some(limit)) => usize::try_from(limit).is_ok_and(|limit| limit < used),
            Change::To(None) | Change::Keep => false,
        };
        if is_below && switches.solifyn_limit_below_use == Permission::Refuse {
            return Err(Failure::bad_request(format!("activationLimit is below the {used} devices in use")));
        }
        license.status = status.unwrap_or(license.status);
        limit.apply(&mut license.activation_limit);
        end.apply(&mut license.expires_at);
        license.updated_at = Instant::now();
        records::replace(transaction, &license)?;
        reread(transaction, &id, switches.solifyn_instances_count)
    };
    Ok(committed(Json(app.store.write(write).await?)))
}

/// Flips between ACTIVE and DISABLED.
pub(super) async fn toggle(
    State(app): State<Arc<App>>,
    _: Writer,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let switches = app.switches().solifyn;
    let write = move |transaction: &Transaction<'_>| {
        let mut license = changeable(transaction, &id, &switches)?;
        license.status = match license.status {
            Status::Active => Status::Disabled,
            Status::Disabled | Status::Revoked => Status::Active,
        };
        license.updated_at = Instant::now();
        records::replace(transaction, &license)?;
        reread(transaction, &id, switches.solifyn_instances_count)
    };
    Ok(committed(Json(app.store.write(write).await?)))
}

/// A license of our business.
///
/// # Errors
/// 404 when there is none with this id.
pub(super) fn find(connection: &Connection, id: &str) -> Result<License, Failure> {
    let license = records::find::<License>(connection, id)?;
    license.filter(|license| license.business_id == BUSINESS).ok_or_else(unknown)
}

/// A license that is not revoked.
fn changeable(connection: &Connection, id: &str, switches: &SolifynSwitches) -> Result<License, Failure> {
    let license = find(connection, id)?;
    match license.status {
        Status::Revoked => {
            Err(refusal(switches.solifyn_conflict_status, "License is revoked and cannot be changed"))
        }
        Status::Active | Status::Disabled => Ok(license),
    }
}

fn reread(connection: &Connection, id: &str, count: InstancesCount) -> Result<LicenseReply, Failure> {
    let counted = records::counted::<License, Instance>(connection, Some(id))?;
    let counted = counted.into_iter().next().ok_or_else(unknown)?;
    Ok(LicenseReply::new(counted, count))
}

fn free_key(connection: &Connection) -> Result<String, Failure> {
    loop {
        let key = ids::license_key()?;
        if records::find_alias::<License>(connection, &key)?.is_none() {
            return Ok(key);
        }
    }
}

pub(super) fn unknown() -> Failure {
    Failure::new(StatusCode::NOT_FOUND, "License not found")
}

/// A refusal whose status no document gives.
pub(super) fn refusal(status: RefusalStatus, message: &str) -> Failure {
    let status = match status {
        RefusalStatus::Conflict => StatusCode::CONFLICT,
        RefusalStatus::BadRequest => StatusCode::BAD_REQUEST,
        RefusalStatus::Forbidden => StatusCode::FORBIDDEN,
    };
    Failure::new(status, message)
}
