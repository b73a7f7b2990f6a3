//! The six calls.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::Transaction;

use super::auth::Signed;
use super::change;
use super::query;
use super::stored::{self, Selection, StoredKey};
use super::wire::{
    CreateBody, KeyReply, OrderBy, PageReply, RowReply, SearchBody, SortOrder, UpdateBody, object,
};
use crate::app::App;
use crate::qps::agents;
use crate::random::guid;
use crate::reply::{Committed, Failure, sentence};
use crate::switches::{
    CreateStatus, DateForm, DuplicateTitles, OverLimit, Paging, Switches, TagsEcho, Toggle,
};

/// The documented page size when none is asked for.
const DEFAULT_LIMIT: u32 = 10;

pub(super) async fn get(
    State(app): State<Arc<App>>,
    _: Signed,
    KeyId(id): KeyId,
) -> Result<Response, Failure> {
    let key = app.store.read(move |connection| stored::find(connection, id)).await?;
    let key = key.ok_or_else(|| unknown_key(id))?;
    let switches = app.switches();
    Ok(Json(KeyReply::new(key, switches.date_form, switches.tags_shape)).into_response())
}

pub(super) async fn search(
    State(app): State<Arc<App>>,
    _: Signed,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let switches = app.switches();
    // Every field is optional, and so is the whole body.
    let body = if body.is_empty() { SearchBody::default() } else { object(&headers, &body)? };
    let (limit, offset) = window(&body, &switches)?;
    let condition = match body.query.as_deref() {
        Some(text) => query::condition(text, switches.token_prefix)?,
        None => None,
    };
    let selection = Selection { condition, order: order(body.order_by, body.sort_order), limit, offset };
    let (total_count, rows) =
        app.store.read(move |connection| stored::select(connection, &selection)).await?;
    let content = rows.into_iter().map(|key| RowReply::new(key, switches.date_form)).collect();
    let no_of_pages = total_count.div_ceil(u64::from(limit));
    Ok(Json(PageReply { page_size: limit, total_count, no_of_pages, content }).into_response())
}

pub(super) async fn create(
    State(app): State<Arc<App>>,
    _: Signed,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let switches = app.switches();
    let body: CreateBody = object(&headers, &body)?;
    let activation_key = random_guid()?;
    let user_name = app.options.account.user.clone();
    let duplicate_titles = switches.duplicate_titles;
    let write = move |transaction: &Transaction<'_>| {
        let now = Timestamp::now().to_zoned(TimeZone::UTC).datetime();
        let blank = StoredKey {
            activation_key,
            date_purchased: stored::nine_digits(now),
            first_name: "Demo".to_owned(),
            last_name: "Administrator".to_owned(),
            user_name,
            ..StoredKey::blank(stored::next_id(transaction)?)
        };
        let key = change::created(blank, body, switches.licence_substitution)?;
        check_title(transaction, &key, duplicate_titles)?;
        stored::insert(transaction, &key)?;
        Ok::<_, Failure>(key)
    };
    let mut key = app.store.write(write).await?;
    if switches.tags_echo == TagsEcho::Empty {
        key.tags.clear();
    }
    let status = match switches.create_status {
        CreateStatus::Ok => StatusCode::OK,
        CreateStatus::Created => StatusCode::CREATED,
    };
    // The printed create reply has nine fractional digits, unlike get and search.
    let mut res = (status, Json(KeyReply::new(key, DateForm::Nanos, switches.tags_shape))).into_response();
    res.extensions_mut().insert(Committed);
    Ok(res)
}

pub(super) async fn update(
    State(app): State<Arc<App>>,
    _: Signed,
    KeyId(id): KeyId,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let switches = app.switches();
    let body: UpdateBody = object(&headers, &body)?;
    let write = move |transaction: &Transaction<'_>| {
        let key = stored::find(transaction, id)?.ok_or_else(|| unknown_key(id))?;
        let has_title = body.title.is_some();
        let key = change::updated(key, body, switches.licence_substitution)?;
        if has_title {
            check_title(transaction, &key, switches.duplicate_titles)?;
        }
        stored::replace(transaction, &key)?;
        Ok::<_, Failure>(())
    };
    app.store.write(write).await?;
    Ok(sentence("Successfully updated activation key", switches.success_text))
}

pub(super) async fn toggle(
    State(app): State<Arc<App>>,
    _: Signed,
    KeyId(id): KeyId,
) -> Result<Response, Failure> {
    let switches = app.switches();
    let write = move |transaction: &Transaction<'_>| {
        let mut key = stored::find(transaction, id)?.ok_or_else(|| unknown_key(id))?;
        if switches.toggle == Toggle::RefuseEnabled && !key.is_disabled {
            return Err(Failure::bad_request("The activation key is enabled already."));
        }
        key.is_disabled = !key.is_disabled;
        stored::replace(transaction, &key)?;
        Ok(key.is_disabled)
    };
    let text = if app.store.write(write).await? {
        "Successfully disabled activation key"
    } else {
        "Successfully enabled activation key"
    };
    Ok(sentence(text, switches.success_text))
}

pub(super) async fn delete(
    State(app): State<Arc<App>>,
    _: Signed,
    KeyId(id): KeyId,
) -> Result<Response, Failure> {
    let write = move |transaction: &Transaction<'_>| {
        let key = stored::find(transaction, id)?.ok_or_else(|| unknown_key(id))?;
        if key.active_agents > 0 {
            let message =
                format!("The activation key has {} active agents and cannot be deleted.", key.active_agents);
            return Err(Failure::new(StatusCode::CONFLICT, message));
        }
        stored::delete(transaction, id)?;
        agents::forget(transaction, id)?;
        Ok(())
    };
    app.store.write(write).await?;
    Ok(sentence("Successfully deleted activation key", app.switches().success_text))
}

/// The numeric id in a path.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeyId(i64);

impl FromRequestParts<Arc<App>> for KeyId {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failure> {
        let text = Path::<String>::from_request_parts(parts, app).await;
        let id = text.ok().and_then(|Path(text)| text.parse().ok());
        id.map(Self).ok_or_else(|| Failure::bad_request("The activation key id is not a number."))
    }
}

pub(crate) fn unknown_key(id: i64) -> Failure {
    Failure::new(StatusCode::NOT_FOUND, format!("There is no activation key {id}."))
}

fn check_title(transaction: &Transaction<'_>, key: &StoredKey, rule: DuplicateTitles) -> Result<(), Failure> {
    let is_free = rule == DuplicateTitles::Allow || key.title.trim().is_empty();
    if !is_free && stored::has_title(transaction, &key.title, key.id)? {
        return Err(Failure::new(StatusCode::CONFLICT, "Another activation key has this title."));
    }
    Ok(())
}

/// The page size in force and the number of rows before the page.
fn window(body: &SearchBody, switches: &Switches) -> Result<(u32, u64), Failure> {
    if switches.paging == Paging::Refused {
        let undocumented = [("pageNumber", body.page_number), ("pageSize", body.page_size)];
        let undocumented = undocumented.into_iter().find_map(|(name, value)| value.map(|_| name));
        let unknown = undocumented.or_else(|| body.unknown.keys().next().map(String::as_str));
        if let Some(name) = unknown {
            return Err(Failure::bad_request(format!("There is no search field `{name}`.")));
        }
    }
    let wanted = match body.limit.or(body.page_size) {
        None => u64::from(DEFAULT_LIMIT.min(switches.max_limit)),
        Some(limit) if limit < 1 => return Err(Failure::bad_request("`limit` is less than 1.")),
        Some(limit) => limit.unsigned_abs(),
    };
    let limit = match u32::try_from(wanted) {
        Ok(limit) if limit <= switches.max_limit => limit,
        Ok(_) | Err(_) if switches.over_limit == OverLimit::Clamp => switches.max_limit,
        Ok(_) | Err(_) => {
            return Err(Failure::bad_request(format!("`limit` is more than {}.", switches.max_limit)));
        }
    };
    let page = match body.page_number {
        Some(page) if page < 0 => return Err(Failure::bad_request("`pageNumber` is negative.")),
        Some(page) if switches.paging == Paging::Honoured => page.unsigned_abs(),
        Some(_) | None => 0,
    };
    Ok((limit, page.saturating_mul(u64::from(limit))))
}

/// The `ORDER BY` terms. Ties are broken by id in the same direction, so that the two directions are exact mirrors.
/// Keys without an expiry date expire last.
fn order(by: Option<OrderBy>, direction: Option<SortOrder>) -> String {
    let direction = match direction {
        Some(SortOrder::Dsc) => "DESC",
        Some(SortOrder::Asc) | None => "ASC",
    };
    let terms: &[&str] = match by {
        Some(OrderBy::Title) => &["title_order", "title"],
        Some(OrderBy::ActivationKey) => &["lower(activation_key)"],
        Some(OrderBy::Agents) => &["count_used"],
        Some(OrderBy::CreatedOn) => &["date_purchased"],
        Some(OrderBy::Status) => &["is_disabled"],
        Some(OrderBy::Expires) => &["expire_date IS NULL", "expire_date"],
        None => &[],
    };
    let terms = terms.iter().chain(&["id"]).map(|term| format!("{term} {direction}"));
    terms.collect::<Vec<_>>().join(", ")
}

/// A random GUID (version 4).
pub(crate) fn random_guid() -> Result<String, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        Failure::new(StatusCode::INTERNAL_SERVER_ERROR, format!("No random bytes: {error}"))
    })?;
    Ok(guid(u128::from_be_bytes(bytes)))
}
