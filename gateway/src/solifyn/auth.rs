//! Who calls: the rate limit, the API key, and whether it may write (reference, sections 1 and 5).

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::shapes::{ApiKey, Instant};
use super::switches::Permission;
use super::{ids, records};
use crate::app::App;
use crate::reply::Failure;
use crate::switches::OnOff;

/// `lastUsedAt` is written at most this often.
const USE_SECONDS: i64 = 60;

/// Proof that a request carries a good API key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader;

/// Proof that a request carries a good API key that may write.
#[derive(Debug, Clone, Copy)]
pub(super) struct Writer;

/// Proof that a request may ask whether a license is valid: a POST that changes nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Verifier;

impl FromRequestParts<Arc<App>> for Reader {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        caller(parts, app).await.map(|_| Self)
    }
}

impl FromRequestParts<Arc<App>> for Writer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let key = caller(parts, app).await?;
        if key.allow_write { Ok(Self) } else { Err(read_only(&parts.method)) }
    }
}

impl FromRequestParts<Arc<App>> for Verifier {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let key = caller(parts, app).await?;
        let is_free = app.switches().solifyn.solifyn_read_only_verify == Permission::Allow;
        if key.allow_write || is_free { Ok(Self) } else { Err(read_only(&parts.method)) }
    }
}

fn read_only(method: &Method) -> Response {
    Failure::new(StatusCode::FORBIDDEN, format!("This API key is read-only and may not {method}."))
        .into_response()
}

async fn caller(parts: &Parts, app: &Arc<App>) -> Result<ApiKey, Response> {
    let switches = app.switches().solifyn;
    if let Some(wait) = app.solifyn_rate.admit(&switches, std::time::Instant::now()) {
        let failure = Failure::new(StatusCode::TOO_MANY_REQUESTS, "ThrottlerException: Too Many Requests");
        let mut res = failure.into_response();
        if switches.solifyn_retry_after == OnOff::On {
            res.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
        return Err(res);
    }
    let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, text) = value.and_then(|value| value.split_once(' ')).unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(unauthorized());
    }
    let hash = ids::hash(text.trim());
    let found = app.store.read(move |connection| records::find_alias::<ApiKey>(connection, &hash)).await;
    let now = Instant::now();
    let key = found.map_err(|error| Failure::from(error).into_response())?;
    let key = key.filter(|key| key.status == "ACTIVE" && key.expires_at > now).ok_or_else(unauthorized)?;
    let is_fresh = key.last_used_at.is_some_and(|used| now.0.duration_since(used.0).as_secs() < USE_SECONDS);
    if !is_fresh {
        let used = ApiKey { last_used_at: Some(now), ..key.clone() };
        let write = app.store.write(move |transaction| records::replace(transaction, &used));
        write.await.map_err(|error| Failure::from(error).into_response())?;
    }
    Ok(key)
}

fn unauthorized() -> Response {
    Failure::new(StatusCode::UNAUTHORIZED, "Unauthorized").into_response()
}
