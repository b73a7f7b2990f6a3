//! Answers: the failure every handler may return, and the shapes the switches choose.

use axum::Json;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use crate::switches::{ErrorBody, SuccessText};

/// A refused or failed call. The gate writes its body in the shape the `error-body` switch asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The HTTP status.
    pub(crate) status: StatusCode,
    /// One English sentence that names the reason.
    pub(crate) message: String,
    /// Where in the query text the reason is, in bytes.
    pub(crate) position: Option<usize>,
    /// Whether the body is documented, so that no switch changes it (the 401 bodies).
    pub(crate) is_documented: bool,
    /// Every field check that failed, for a system that tells them one by one; empty for any other reason.
    pub(crate) checks: Vec<String>,
}

impl Failure {
    /// A failure with a status and a sentence.
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), position: None, is_documented: false, checks: Vec::new() }
    }

    /// A 400.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// A 400 with every field check that failed.
    pub(crate) fn checks(checks: Vec<String>) -> Self {
        Self { checks: checks.clone(), ..Self::bad_request(checks.join(", ")) }
    }

    /// A 401 with one of the two documented messages (reference, section 3.4).
    #[must_use]
    pub(crate) fn unauthorized(message: &'static str) -> Self {
        Self { is_documented: true, ..Self::new(StatusCode::UNAUTHORIZED, message) }
    }

    /// Writes the body in the wanted shape.
    #[must_use]
    pub(crate) fn into_shaped(self, shape: ErrorBody) -> Response {
        let shape = if self.is_documented { ErrorBody::Json } else { shape };
        match shape {
            ErrorBody::Json => {
                let body = ErrorFields {
                    status: self.status.as_u16(),
                    error: self.status.canonical_reason().unwrap_or_default(),
                    message: &self.message,
                    position: self.position,
                };
                (self.status, Json(body)).into_response()
            }
            ErrorBody::Text => (self.status, self.message).into_response(),
            ErrorBody::Legacy => {
                (self.status, Json(json!({"_error": {"message": self.message}}))).into_response()
            }
        }
    }
}

/// The documented shape, in the documented order of fields.
#[derive(Serialize)]
struct ErrorFields<'a> {
    status: u16,
    error: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<usize>,
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, format!("The store failed: {error}"))
    }
}

impl IntoResponse for Failure {
    /// An empty answer that carries the failure to the gate.
    fn into_response(self) -> Response {
        let mut res = self.status.into_response();
        res.extensions_mut().insert(self);
        res
    }
}

/// Marks an answer whose handler committed a write; the log shows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Committed;

/// The answer of a write that replies a sentence.
#[must_use]
pub(crate) fn sentence(text: &'static str, shape: SuccessText) -> Response {
    let mut res = match shape {
        SuccessText::Plain => text.into_response(),
        SuccessText::JsonString => Json(text).into_response(),
        SuccessText::JsonObject => Json(json!({"message": text})).into_response(),
    };
    res.extensions_mut().insert(Committed);
    res
}

/// A JSON text as it stands, with the headers of a JSON answer.
#[must_use]
pub(crate) fn raw_json(status: StatusCode, body: String) -> Response {
    let mut res = Response::new(Body::from(body));
    *res.status_mut() = status;
    res.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    res
}
