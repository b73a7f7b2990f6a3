//! Customers: list, get, create (by address), change, invite (reference, section 4).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use rusqlite::{Connection, Transaction};
use serde_json::{Map, Value, json};

use super::auth::{Reader, Writer};
use super::body::{Change, Fields};
use super::query::Query;
use super::records;
use super::shapes::{Customer, Instant, Invite};
use super::switches::{CustomerFilters, PatchNull};
use super::{BUSINESS, committed, ids};
use crate::app::App;
use crate::reply::Failure;

/// How long an invitation lives: a day, as in the printed sample.
const INVITE_HOURS: i64 = 24;

/// `{items, total_count}`. No parameter is documented; a switch lets the ones of the TypeScript client work.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    _: Reader,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let mut items = app.store.read(records::all::<Customer>).await?;
    items.retain(|customer| customer.business_id == BUSINESS);
    if app.switches().solifyn.solifyn_customer_filters == CustomerFilters::Ignore {
        return Ok(Json(json!({"total_count": items.len(), "items": items})).into_response());
    }
    let query = Query::new(query.as_deref());
    let mut problems = Vec::new();
    let page = query.whole("page", 1, &mut problems);
    let limit = query.whole("limit", usize::MAX, &mut problems);
    if !problems.is_empty() {
        return Err(Failure::checks(problems));
    }
    let part = query.get("query").unwrap_or_default().to_lowercase();
    let email = query.get("email").map(str::to_lowercase);
    items.retain(|customer| {
        let address = customer.email.to_lowercase();
        let name = customer.name.as_deref().unwrap_or_default().to_lowercase();
        (name.contains(&part) || address.contains(&part)) && email.as_ref().is_none_or(|it| *it == address)
    });
    let total = items.len();
    let items: Vec<_> = items.into_iter().skip((page - 1).saturating_mul(limit)).take(limit).collect();
    Ok(Json(json!({"total_count": total, "items": items})).into_response())
}

pub(super) async fn get(
    State(app): State<Arc<App>>,
    _: Reader,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let customer = app.store.read(move |connection| Ok(find(connection, &id))).await??;
    Ok(Json(customer).into_response())
}

/// Adds a customer, or changes the one with the same address.
pub(super) async fn create(State(app): State<Arc<App>>, _: Writer, body: Bytes) -> Result<Response, Failure> {
    let mut fields = Fields::read(&body)?;
    let email = fields.required_text("email", 255).trim().to_owned();
    if !email.is_empty() && !is_address(&email) {
        fields.problem("email must be an email");
    }
    let name = fields.required_text("name", 100);
    // In a create a null is as good as absent.
    let changes = Changes::read(&mut fields, PatchNull::Ignore);
    fields.done(app.switches().solifyn.solifyn_unknown_fields)?;
    let write = move |transaction: &Transaction<'_>| {
        let now = Instant::now();
        let known = records::find_alias::<Customer>(transaction, &email.to_lowercase())?;
        let is_known = known.is_some();
        let mut customer = match known {
            Some(known) => known,
            None => blank(ids::public("cust")?, email, now),
        };
        customer.name = Some(name);
        changes.apply(&mut customer);
        customer.updated_at = now;
        if is_known {
            records::replace(transaction, &customer)?;
        } else {
            records::insert(transaction, &customer)?;
        }
        Ok::<_, Failure>(customer)
    };
    let customer = app.store.write(write).await?;
    Ok(committed((StatusCode::CREATED, Json(customer))))
}

pub(super) async fn update(
    State(app): State<Arc<App>>,
    _: Writer,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Failure> {
    let switches = app.switches().solifyn;
    let mut fields = Fields::read(&body)?;
    let name = fields.text("name", 100);
    let name = fields.change("name", name, switches.solifyn_patch_null);
    let changes = Changes::read(&mut fields, switches.solifyn_patch_null);
    fields.done(switches.solifyn_unknown_fields)?;
    let write = move |transaction: &Transaction<'_>| {
        let mut customer = find(transaction, &id)?;
        name.apply(&mut customer.name);
        changes.apply(&mut customer);
        customer.updated_at = Instant::now();
        records::replace(transaction, &customer)?;
        Ok::<_, Failure>(())
    };
    app.store.write(write).await?;
    Ok(committed(Json(json!({"message": "Customer updated successfully"}))))
}

/// Makes an invitation to the customer portal. Nothing here serves that portal, so there is no `url`, which is optional.
pub(super) async fn share(
    State(app): State<Arc<App>>,
    _: Writer,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let token = ids::token()?;
    app.issued.add(&token);
    let hash = ids::hash(&token);
    let write = move |transaction: &Transaction<'_>| {
        let customer = find(transaction, &id)?;
        let now = Instant::now();
        let expires_at = now.later(INVITE_HOURS).unwrap_or(now);
        let invite = Invite { id: ids::uuid()?, customer_id: customer.id, expires_at, hash };
        records::insert(transaction, &invite)?;
        Ok::<_, Failure>(expires_at)
    };
    let expires_at = app.store.write(write).await?;
    Ok(committed((StatusCode::CREATED, Json(json!({"token": token, "expiresAt": expires_at})))))
}

/// A customer by id, or by the id as a member.
///
/// # Errors
/// 404 when there is none.
pub(super) fn find(connection: &Connection, id: &str) -> Result<Customer, Failure> {
    let found = match records::find::<Customer>(connection, id)? {
        Some(customer) => Some(customer),
        None => records::all::<Customer>(connection)?
            .into_iter()
            .find(|customer| customer.member_id.as_deref() == Some(id)),
    };
    found
        .filter(|customer| customer.business_id == BUSINESS)
        .ok_or_else(|| Failure::new(StatusCode::NOT_FOUND, "Customer not found"))
}

/// A customer with nothing but an address.
pub(super) fn blank(id: String, email: String, now: Instant) -> Customer {
    Customer {
        id,
        member_id: None,
        email,
        name: None,
        username: None,
        phone: None,
        phone_number: None,
        metadata: None,
        created_at: now,
        updated_at: now,
        business_id: BUSINESS.to_owned(),
    }
}

/// What create and change have in common.
#[derive(Debug)]
struct Changes {
    phone: Change<String>,
    username: Change<String>,
    metadata: Change<Map<String, Value>>,
}

impl Changes {
    fn read(fields: &mut Fields, null: PatchNull) -> Self {
        let phone = fields.text("phone", 30);
        let username = fields.text("username", 100);
        let metadata = fields.object("metadata");
        Self {
            phone: fields.change("phone", phone, null),
            username: fields.change("username", username, null),
            metadata: fields.change("metadata", metadata, null),
        }
    }

    fn apply(self, customer: &mut Customer) {
        self.phone.apply(&mut customer.phone);
        self.username.apply(&mut customer.username);
        self.metadata.apply(&mut customer.metadata);
    }
}

/// Something, an at sign, and a name with a dot.
fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty()
            && host.split('.').count() > 1
            && host.split('.').all(|part| !part.is_empty())
            && !text.chars().any(|c| c.is_whitespace() || c.is_control())
            && !host.contains('@')
    })
}
