//! Sign-in, and the check of the token on every other call (reference, sections 3.1 and 3.4).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::app::App;
use crate::reply::Failure;
use crate::token::Refused;

/// `POST /auth`: a form with `username`, `password`, `token=true` and perhaps `permissions=true`.
/// Replies 201 and the raw token.
pub(super) async fn sign_in(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Sign-in takes a form alone."));
    }
    let field =
        |wanted: &str| form_urlencoded::parse(&body).find(|(name, _)| name == wanted).map(|(_, value)| value);
    let (Some(user), Some(password)) = (field("username"), field("password")) else {
        return Err(Failure::bad_request("Sign-in needs `username` and `password`."));
    };
    let account = &app.options.account;
    if user != account.user || password != account.password {
        return Ok(wrong_password());
    }
    if field("token").as_deref() != Some("true") {
        return Err(Failure::bad_request("Sign-in needs `token=true`."));
    }
    let with_permissions = field("permissions").as_deref() == Some("true");
    let token = app.issue_token(with_permissions).map_err(|error| {
        Failure::new(StatusCode::INTERNAL_SERVER_ERROR, format!("No random bytes: {error}"))
    })?;
    Ok((StatusCode::CREATED, token).into_response())
}

fn wrong_password() -> Response {
    let text = "Authentication Failure: 1 errors, 0 successes:\
                authenticationFailure.InvalidCredentialsException";
    (StatusCode::UNAUTHORIZED, Json(json!({"authentication_exceptions": [[text]]}))).into_response()
}

/// Proof that a request carries a valid token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signed;

impl FromRequestParts<Arc<App>> for Signed {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failure> {
        let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let (scheme, token) = value.and_then(|value| value.split_once(' ')).unwrap_or_default();
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Failure::unauthorized("Not authenticated"));
        }
        match app.check_token(token.trim()) {
            Ok(_) => Ok(Self),
            Err(Refused::Expired) => Err(Failure::unauthorized("JWT expired")),
            Err(Refused::Invalid) => Err(Failure::unauthorized("Not authenticated")),
        }
    }
}
