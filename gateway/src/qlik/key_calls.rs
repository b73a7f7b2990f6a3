//! The five calls on API keys.

use axum::Json;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, Transaction};
use serde_json::{Value, json};

use super::access::Call;
use super::audit::{self, Kind};
use super::config::{self, Config};
use super::duration;
use super::errors::{Problem, Refusal};
use super::keys::{self, StoredKey, SubType};
use super::page::{self, Condition, CursorNames, Wanted};
use super::people::{self, User};
use super::switches::{Allowed, Backslash, Config as Era, MemberList, OwnDelete, RevokedDelete};
use super::wire::{self, CreateBody};
use crate::random::guid;
use crate::reply::Committed;

const PATH: &str = "/api/v1/api-keys";
const CURSORS: CursorNames = CursorNames { after: "startingAfter", before: "endingBefore" };

pub(super) async fn list(call: Call) -> Result<Response, Refusal> {
    let query = &call.query;
    let limit = query.limit(20, call.switches.qlik_over_limit)?;
    let cursor = query.cursor(CURSORS)?;
    let status = keys::status_sql(call.now);
    let columns = [
        ("createdByUser", "created_by"),
        ("sub", "sub"),
        ("status", "status"),
        ("description", "description COLLATE NOCASE"),
        ("created", "created"),
    ];
    let (sort, is_descending) = query.sort("-created", &columns)?;
    let mut condition = Condition::default();
    match query.get("status") {
        None => {}
        Some(wanted @ ("active" | "expired" | "revoked")) => {
            condition.and(format!("({status}) = ?"), [SqlValue::from(wanted.to_owned())]);
        }
        Some(_) => {
            let detail = "The status is none of `active`, `expired` and `revoked`.";
            return Err(Problem::parameter("status", detail).into());
        }
    }
    let sub = query.get("sub").map(stored_sub);
    if let Some(sub) = sub.clone() {
        condition.and("sub = ?", [SqlValue::from(sub)]);
    }
    if let Some(user) = query.get("createdByUser") {
        condition.and("created_by = ?", [SqlValue::from(user.to_owned())]);
    }
    if !call.is_admin() {
        let is_own = sub.as_deref() == Some(call.user.id.as_str());
        if call.switches.qlik_member_list == MemberList::Refuse && !is_own {
            return Err(Refusal::forbidden("Only a tenant administrator lists the keys of other users."));
        }
        condition.and("sub = ?", [SqlValue::from(call.user.id.clone())]);
    }
    let sort = if sort == "status" { status } else { sort.to_owned() };
    let wanted = Wanted { table: keys::TABLE, condition, sort, is_descending, limit, cursor };
    let found =
        call.app.store.read(move |connection| page::select(connection, &wanted, keys::from_row)).await?;
    let found = page::or_lost(found, call.switches.qlik_lost_cursor, CURSORS)?;
    let data: Vec<Value> = found.rows.iter().map(|key| reply(&call, key)).collect();
    let links = call.base.links(PATH, &call.query, CURSORS, &found);
    Ok(Json(json!({"data": data, "links": links})).into_response())
}

pub(super) async fn get(Path(id): Path<String>, call: Call) -> Result<Response, Refusal> {
    let key = call.app.store.read(move |connection| keys::find(connection, &id)).await?;
    let key = visible(key, &call.user)?;
    Ok(Json(reply(&call, &key)).into_response())
}

pub(super) async fn create(call: Call, headers: HeaderMap, body: Bytes) -> Result<Response, Refusal> {
    let body = wire::create_body(&headers, &body, call.switches.qlik_unknown_fields)?;
    let mut bits = [0; 16];
    getrandom::fill(&mut bits)?;
    let id = guid(u128::from_be_bytes(bits));
    let (caller, app) = (call.clone(), call.app.clone());
    let write = move |transaction: &Transaction<'_>| {
        let key = new_key(transaction, &caller, body, id)?;
        keys::put(transaction, &key)?;
        audit::of_key(transaction, Kind::Created, &key, &caller.user.id, caller.now)?;
        Ok::<_, Refusal>(key)
    };
    let key = app.store.write(write).await?;
    let mut fields = key.reply(call.now, call.switches.qlik_backslash == Backslash::Two);
    let token = app.qlik.signer.token(&key);
    app.issued.add(&token);
    fields.insert("token".to_owned(), json!(token));
    Ok(committed((StatusCode::CREATED, Json(fields)).into_response()))
}

/// Makes a key after all rules of create.
fn new_key(connection: &Connection, call: &Call, body: CreateBody, id: String) -> Result<StoredKey, Refusal> {
    let config = config::load(connection)?;
    let sub = match body.sub_type {
        SubType::User => user_subject(connection, call, body.sub)?,
        SubType::ExternalClient => scim_subject(connection, call, body.sub)?,
    };
    if call.switches.qlik_config == Era::Before2026 {
        check_old_rules(connection, &config, &sub, body.sub_type)?;
    }
    let expiry = expiry(call, &config, body.sub_type, body.expiry.as_deref())?;
    let most = i64::from(config.max_keys_per_user);
    if body.sub_type == SubType::User && keys::active(connection, &sub, call.now)? >= most {
        let refusal = Refusal::forbidden(format!("The user has {most} active keys, the most there may be."));
        return Err(refusal.with_status(call.switches.qlik_key_limit.code()));
    }
    Ok(StoredKey {
        id,
        description: body.description,
        revoked: false,
        sub,
        sub_type: body.sub_type,
        expiry,
        created_by_user: call.user.id.clone(),
        created: call.now,
        last_updated: call.now,
        round: call.app.token_round(),
    })
}

/// The caller unless another user is named and may be.
fn user_subject(connection: &Connection, call: &Call, sub: Option<String>) -> Result<String, Refusal> {
    let Some(sub) = sub.filter(|sub| *sub != call.user.id) else { return Ok(call.user.id.clone()) };
    if sub.contains('\\') {
        let detail = "A user's key has a user id as its subject.";
        return Err(Problem::field("/sub", detail).into());
    }
    if !is_allowed(call.switches.qlik_foreign_subject, call) {
        return Err(Refusal::forbidden("A user creates keys for himself alone."));
    }
    match people::find_user(connection, &sub)? {
        Some(_) => Ok(sub),
        None => Err(Problem::field("/sub", "There is no user with this id.").into()),
    }
}

/// `SCIM\` and the id of an identity provider of the tenant. The documents print two backslashes, which may be one
/// that is escaped; a switch decides.
fn scim_subject(connection: &Connection, call: &Call, sub: Option<String>) -> Result<String, Refusal> {
    let wrong = |detail: &str| Err(Problem::field("/sub", detail).into());
    if !is_allowed(call.switches.qlik_scim_keys, call) {
        return Err(Refusal::forbidden("Only a tenant administrator creates SCIM keys."));
    }
    let sub = sub.unwrap_or_default();
    let (one, two) = (sub.strip_prefix("SCIM\\"), sub.strip_prefix("SCIM\\\\"));
    let id = match call.switches.qlik_backslash {
        Backslash::Both => two.or(one),
        Backslash::One => one.filter(|_| two.is_none()),
        Backslash::Two => two,
    };
    let Some(id) = id else {
        return wrong("The subject is not `SCIM`, a backslash and an identity provider.");
    };
    match people::find_provider(connection, id)? {
        Some(_) => Ok(format!("SCIM\\{id}")),
        None => wrong("There is no such identity provider."),
    }
}

fn is_allowed(allowed: Allowed, call: &Call) -> bool {
    match allowed {
        Allowed::Admins => call.is_admin(),
        Allowed::Everyone => true,
        Allowed::Nobody => false,
    }
}

/// Before February 2026 the tenant's toggle and the subject's role decided.
fn check_old_rules(
    connection: &Connection,
    config: &Config,
    sub: &str,
    sub_type: SubType,
) -> Result<(), Refusal> {
    if !config.api_keys_enabled {
        return Err(Refusal::forbidden("API keys are not enabled in this tenant."));
    }
    let is_developer =
        || Ok(people::find_user(connection, sub)?.is_some_and(|user| user.has_role("Developer")));
    if sub_type == SubType::User && !is_developer().map_err(|error: rusqlite::Error| Refusal::from(error))? {
        return Err(Refusal::forbidden("The user is not assigned the `Developer` role."));
    }
    Ok(())
}

/// The end of the asked duration, or of the longest that the tenant grants.
fn expiry(call: &Call, config: &Config, sub_type: SubType, asked: Option<&str>) -> Result<i64, Refusal> {
    let longest = match sub_type {
        SubType::User => &config.max_api_key_expiry,
        SubType::ExternalClient => &config.scim_expiry,
    };
    let end = |text: &str| duration::parse(text).map(|span| duration::end(call.now, span));
    // A maximum past the year 9999 is no bound.
    let latest = end(longest).flatten().unwrap_or(LAST_TIME);
    let Some(asked) = asked else { return Ok(latest) };
    let Some(ended) = end(asked) else {
        let detail = "The value is not an ISO 8601 duration above zero, such as `P7D`.";
        return Err(Problem::field("/expiry", detail).into());
    };
    match ended {
        Some(ended) if ended <= latest => Ok(ended),
        Some(_) | None => {
            let problem =
                Problem::field("/expiry", format!("The expiry is beyond the maximum of {longest}."));
            Err(Refusal::from(problem).with_status(call.switches.qlik_over_maximum.code()))
        }
    }
}

/// The last second of the year 9999.
const LAST_TIME: i64 = 253_402_207_200_000;

pub(super) async fn patch(
    Path(id): Path<String>,
    call: Call,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let operations = wire::operations(&headers, &body)?;
    let mut description = String::new();
    for (idx, operation) in operations.into_iter().enumerate() {
        if operation.path != "/description" {
            return Err(Problem::field(format!("/{idx}/path"), "Only `/description` can be changed.").into());
        }
        match operation.value {
            Value::String(text) if !text.trim().is_empty() => description = text,
            _ => return Err(Problem::field(format!("/{idx}/value"), "A description is a text.").into()),
        }
    }
    let (user, now) = (call.user.clone(), call.now);
    let write = move |transaction: &Transaction<'_>| {
        let mut key = visible(keys::find(transaction, &id)?, &user)?;
        key.description = description;
        key.last_updated = now;
        keys::put(transaction, &key)?;
        audit::of_key(transaction, Kind::Updated, &key, &user.id, now)?;
        Ok::<_, Refusal>(())
    };
    call.app.store.write(write).await?;
    Ok(committed(StatusCode::NO_CONTENT.into_response()))
}

/// The owner's call deletes, an administrator's revokes.
pub(super) async fn delete(Path(id): Path<String>, call: Call) -> Result<Response, Refusal> {
    let Call { app, user, now, switches, .. } = call;
    let write = move |transaction: &Transaction<'_>| {
        let mut key = visible(keys::find(transaction, &id)?, &user)?;
        let revokes_own = switches.qlik_admin_own_delete == OwnDelete::Revoke && user.has_role("TenantAdmin");
        if key.is_owned_by(&user.id) && !revokes_own {
            if key.revoked && switches.qlik_revoked_delete == RevokedDelete::Refuse {
                return Err(Refusal::forbidden("A revoked key cannot be deleted."));
            }
            keys::delete(transaction, &id)?;
            audit::of_key(transaction, Kind::Deleted, &key, &user.id, now)?;
            return Ok(());
        }
        if !key.revoked {
            key.revoked = true;
            key.last_updated = now;
            keys::put(transaction, &key)?;
            audit::of_key(transaction, Kind::Updated, &key, &user.id, now)?;
        }
        Ok(())
    };
    app.store.write(write).await?;
    Ok(committed(StatusCode::NO_CONTENT.into_response()))
}

/// A key that the user may see: an own one, or any for an administrator.
fn visible(key: Option<StoredKey>, user: &User) -> Result<StoredKey, Refusal> {
    let key = key.ok_or_else(|| Refusal::not_found("There is no API key with this id."))?;
    if !key.is_owned_by(&user.id) && !user.has_role("TenantAdmin") {
        return Err(Refusal::forbidden("The key is another user's."));
    }
    Ok(key)
}

fn reply(call: &Call, key: &StoredKey) -> Value {
    Value::Object(key.reply(call.now, call.switches.qlik_backslash == Backslash::Two))
}

/// A filter may write the subject with one backslash or two.
fn stored_sub(text: &str) -> String {
    text.strip_prefix("SCIM\\\\").map_or_else(|| text.to_owned(), |id| format!("SCIM\\{id}"))
}

fn committed(mut res: Response) -> Response {
    res.extensions_mut().insert(Committed);
    res
}
