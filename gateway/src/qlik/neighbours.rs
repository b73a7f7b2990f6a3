//! The calls around API keys: users, the tenant, identity providers, events (reference, section 3).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::types::Value as SqlValue;
use serde_json::{Map, Value, json};

use super::access::Call;
use super::errors::{self, Problem, Refusal};

use super::page::{self, Condition, CursorNames, Wanted};
use super::people;
use super::switches::ProductInfo;
use super::{TENANT, audit, scim};
use crate::app::App;

const CURSORS: CursorNames = CursorNames { after: "next", before: "prev" };

pub(super) async fn me(call: Call) -> Response {
    redirect(StatusCode::MOVED_PERMANENTLY, &call.base.location(&format!("/api/v1/users/{}", call.user.id)))
}

pub(super) async fn my_tenant(call: Call) -> Response {
    redirect(StatusCode::FOUND, &call.base.location(&format!("/api/v1/tenants/{TENANT}")))
}

fn redirect(status: StatusCode, location: &str) -> Response {
    let mut res = status.into_response();
    if let Ok(location) = HeaderValue::try_from(location) {
        res.headers_mut().insert(header::LOCATION, location);
    }
    res
}

pub(super) async fn users(call: Call) -> Result<Response, Refusal> {
    const PATH: &str = "/api/v1/users";
    let limit = call.query.limit(20, call.switches.qlik_over_limit)?;
    let cursor = call.query.cursor(CURSORS)?;
    let columns = [
        ("name", "name_folded"),
        ("id", "id"),
        ("_id", "id"),
        ("status", "status"),
        ("subject", "subject_folded"),
        ("email", "email_folded"),
        ("createdAt", "created"),
    ];
    let (sort, is_descending) = call.query.sort("+id", &columns)?;
    let mut condition = Condition::default();
    condition.and("status <> 'deleted'", []);
    if let Some(filter) = call.query.get("filter") {
        let (sql, values) = scim::condition(filter).map_err(|detail| Problem::parameter("filter", detail))?;
        condition.and(sql, values);
    }
    let wanted =
        Wanted { table: people::USERS, condition, sort: sort.to_owned(), is_descending, limit, cursor };
    let is_counted = call.query.get("totalResults") == Some("true");
    let read = move |connection: &Connection| {
        let total = match is_counted {
            true => Some(page::count(connection, people::USERS, &wanted.condition)?),
            false => None,
        };
        Ok((page::select(connection, &wanted, people::user_from_row)?, total))
    };
    let (found, total) = call.app.store.read(read).await?;
    let found = page::or_lost(found, call.switches.qlik_lost_cursor, CURSORS)?;
    let fields: Option<Vec<&str>> =
        call.query.get("fields").map(|names| names.split(',').map(str::trim).collect());
    let data = found.rows.iter().map(|user| only(user.reply(&call.base), fields.as_deref()));
    let mut body = Map::new();
    body.insert("data".to_owned(), data.collect());
    body.insert("links".to_owned(), call.base.links(PATH, &call.query, CURSORS, &found));
    if let Some(total) = total {
        body.insert("totalResults".to_owned(), json!(total));
    }
    Ok(Json(body).into_response())
}

/// The fields asked for; all when none are.
fn only(mut object: Value, fields: Option<&[&str]>) -> Value {
    if let (Some(fields), Some(object)) = (fields, object.as_object_mut()) {
        object.retain(|name, _| fields.contains(&name.as_str()));
    }
    object
}

pub(super) async fn user(Path(id): Path<String>, call: Call) -> Result<Response, Refusal> {
    let user = call.app.store.read(move |connection| people::find_user(connection, &id)).await?;
    let user = user.filter(|user| user.status != "deleted");
    let user = user.ok_or_else(|| Refusal::not_found("There is no user with this id."))?;
    Ok(Json(user.reply(&call.base)).into_response())
}

pub(super) async fn tenant(Path(id): Path<String>, call: Call) -> Result<Response, Refusal> {
    if id != TENANT {
        return Err(Refusal::not_found("There is no such tenant."));
    }
    let address = call.base.href("");
    let host = address.split("//").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
    Ok(Json(json!({
        "id": TENANT,
        "name": "Demo tenant",
        "hostnames": [host],
        "datacenter": "eu-west-1",
        "region": "eu",
        "status": "active",
        "created": "2023-03-14T09:26:53.000Z",
        "lastUpdated": "2026-02-03T08:00:00.000Z",
        "createdByUser": super::ADMIN,
        "links": {"self": {"href": call.base.href(&format!("/api/v1/tenants/{TENANT}"))}},
    }))
    .into_response())
}

pub(super) async fn providers(call: Call) -> Result<Response, Refusal> {
    const PATH: &str = "/api/v1/identity-providers";
    check_admin(&call)?;
    let limit = call.query.limit(20, call.switches.qlik_over_limit)?;
    let cursor = call.query.cursor(CURSORS)?;
    let mut condition = Condition::default();
    match call.query.get("active") {
        None => {}
        Some("true") => condition.and("active", []),
        Some("false") => condition.and("NOT active", []),
        Some(_) => return Err(Problem::parameter("active", "`active` is neither true nor false.").into()),
    }
    let sort = "id".to_owned();
    let wanted = Wanted { table: people::PROVIDERS, condition, sort, is_descending: false, limit, cursor };
    let read = move |connection: &Connection| page::select(connection, &wanted, people::provider_from_row);
    let found = call.app.store.read(read).await?;
    let found = page::or_lost(found, call.switches.qlik_lost_cursor, CURSORS)?;
    let data: Vec<Value> = found.rows.iter().map(people::Provider::reply).collect();
    let links = call.base.links(PATH, &call.query, CURSORS, &found);
    Ok(Json(json!({"data": data, "links": links})).into_response())
}

pub(super) async fn provider(Path(id): Path<String>, call: Call) -> Result<Response, Refusal> {
    check_admin(&call)?;
    let provider = call.app.store.read(move |connection| people::find_provider(connection, &id)).await?;
    let provider =
        provider.ok_or_else(|| Refusal::not_found("There is no identity provider with this id."))?;
    Ok(Json(provider.reply()).into_response())
}

pub(super) async fn audits(call: Call) -> Result<Response, Refusal> {
    const PATH: &str = "/api/v1/audits";
    check_admin(&call)?;
    let names = call.switches.qlik_event_names;
    let limit = call.query.limit(10, call.switches.qlik_over_limit)?;
    let cursor = call.query.cursor(CURSORS)?;
    let columns = [("eventTime", "time"), ("eventType", "type"), ("source", "source")];
    let (sort, is_descending) = call.query.sort("-eventTime", &columns)?;
    let mut condition = kept(call.now);
    let stored_type = call.query.get("eventType").map(|name| audit::stored_name(name, names));
    let exact = [
        ("source", call.query.get("source").map(str::to_owned)),
        ("type", stored_type),
        ("user_id", call.query.get("userId").map(str::to_owned)),
    ];
    for (column, value) in exact {
        if let Some(value) = value {
            condition.and(format!("{column} = ?"), [SqlValue::from(value)]);
        }
    }
    if let Some(ids) = call.query.get("id") {
        let ids: Vec<SqlValue> = ids.split(',').take(100).map(|id| SqlValue::from(id.to_owned())).collect();
        condition.and(format!("id IN ({})", vec!["?"; ids.len()].join(", ")), ids);
    }
    if let Some(text) = call.query.get("eventTime") {
        let (start, end) = interval(text).ok_or_else(|| {
            Problem::parameter("eventTime", "The value is not two times with a slash between them.")
        })?;
        condition.and("time BETWEEN ? AND ?", [start.into(), end.into()]);
    }
    let wanted =
        Wanted { table: audit::TABLE, condition, sort: sort.to_owned(), is_descending, limit, cursor };
    let read = move |connection: &Connection| page::select(connection, &wanted, audit::from_row);
    let found = call.app.store.read(read).await?;
    let found = page::or_lost(found, call.switches.qlik_lost_cursor, CURSORS)?;
    let data: Vec<Value> = found.rows.iter().map(|event| event.reply(&call.base, names)).collect();
    let links = call.base.links(PATH, &call.query, CURSORS, &found);
    Ok(Json(json!({"data": data, "links": links})).into_response())
}

pub(super) async fn audit(Path(id): Path<String>, call: Call) -> Result<Response, Refusal> {
    check_admin(&call)?;
    let mut condition = kept(call.now);
    condition.and("id = ?", [SqlValue::from(id)]);
    let wanted = Wanted {
        table: audit::TABLE,
        condition,
        sort: "id".to_owned(),
        is_descending: false,
        limit: 1,
        cursor: None,
    };
    let read = move |connection: &Connection| page::select(connection, &wanted, audit::from_row);
    let found = call.app.store.read(read).await?;
    let event = found.and_then(|found| found.rows.into_iter().next());
    let event = event.ok_or_else(|| Refusal::not_found("There is no event with this id."))?;
    Ok(Json(event.reply(&call.base, call.switches.qlik_event_names)).into_response())
}

fn kept(now: i64) -> Condition {
    let mut res = Condition::default();
    res.and("time >= ?", [SqlValue::from(now - audit::KEPT)]);
    res
}

fn interval(text: &str) -> Option<(i64, i64)> {
    let (start, end) = text.split_once('/')?;
    let millis = |text: &str| text.parse().ok().map(Timestamp::as_millisecond);
    Some((millis(start)?, millis(end)?))
}

fn check_admin(call: &Call) -> Result<(), Refusal> {
    if call.is_admin() {
        Ok(())
    } else {
        Err(Refusal::forbidden("Only a tenant administrator may read this."))
    }
}

/// Only cookie sessions need the token, and we have none; the call is there for clients that ask all the same.
pub(super) async fn csrf_token(_: Call) -> Response {
    let mut res = StatusCode::NO_CONTENT.into_response();
    if let Ok(token) = HeaderValue::try_from(errors::new_trace()) {
        res.headers_mut().insert(HeaderName::from_static("qlik-csrf-token"), token);
    }
    res
}

/// A client reads this to tell the kinds of server apart; an empty type means the cloud.
pub(super) async fn product_info(State(app): State<Arc<App>>) -> Result<Response, Refusal> {
    match app.switches().qlik.qlik_product_info {
        ProductInfo::Json => Ok(Json(json!({"composition": {"deploymentType": ""}})).into_response()),
        ProductInfo::Missing => Err(Refusal::not_found("There is nothing at this path.")),
    }
}
