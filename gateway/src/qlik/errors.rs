//! Refusals in the documented body: `{"errors": [{code, title, …}]}` (reference, sections 4 and 6).
//!
//! The codes but `HTTP-429` are ours, as no page lists them.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::switches::{ErrorStatus, QlikSwitches};
use crate::reply::Failure;
use crate::switches::OnOff;

/// A refused or failed call; [`shaped`] writes its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    problems: Vec<Problem>,
    /// Seconds; only of a 429.
    retry_after: Option<i64>,
}

/// One entry of `errors`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    code: String,
    title: String,
    detail: Option<String>,
    source: Option<Source>,
}

/// What in the request a problem is about.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    /// A JSON pointer into the body.
    Pointer(String),
    /// The name of a query parameter.
    Parameter(String),
}

impl Problem {
    /// A problem with a field of the body.
    pub(super) fn field(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::sourced(Source::Pointer(pointer.into()), detail.into())
    }

    /// A problem with a query parameter.
    pub(super) fn parameter(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::sourced(Source::Parameter(name.into()), detail.into())
    }

    fn sourced(source: Source, detail: String) -> Self {
        let title = match source {
            Source::Pointer(_) => "Invalid request body",
            Source::Parameter(_) => "Invalid query parameter",
        };
        Self {
            code: "API-KEYS-1".to_owned(),
            title: title.to_owned(),
            detail: Some(detail),
            source: Some(source),
        }
    }
}

impl Refusal {
    fn new(status: StatusCode, code: impl Into<String>, title: &str, detail: Option<String>) -> Self {
        let problem = Problem { code: code.into(), title: title.to_owned(), detail, source: None };
        Self { status, problems: vec![problem], retry_after: None }
    }

    /// A 400 with all that is wrong.
    pub(super) fn invalid(problems: Vec<Problem>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, problems, retry_after: None }
    }

    /// A 400 about the body as a whole.
    pub(super) fn bad_body(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "API-KEYS-1", "Invalid request body", Some(detail.into()))
    }

    /// A 401; the same whatever is wrong with the token.
    pub(super) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "LOGIN-2", "Authorization required", None)
    }

    /// A 403.
    pub(super) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "API-KEYS-3", "Forbidden", Some(detail.into()))
    }

    /// A 404.
    pub(super) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "API-KEYS-4", "Not found", Some(detail.into()))
    }

    /// A 429 with its documented text.
    pub(super) fn too_many(wait: i64) -> Self {
        let detail = format!("You need to wait {wait} seconds until limit is lifted.");
        let status = StatusCode::TOO_MANY_REQUESTS;
        let res = Self::new(status, "HTTP-429", "API rate limit reached.", Some(detail));
        Self { retry_after: Some(wait), ..res }
    }

    /// The same under another status.
    #[must_use]
    pub(super) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::invalid(vec![problem])
    }
}

impl From<Failure> for Refusal {
    /// What the gateway refuses before a handler of ours sees it: wrong method, body too large, a broken store.
    fn from(failure: Failure) -> Self {
        let title = failure.status.canonical_reason().unwrap_or_default();
        let code = format!("HTTP-{}", failure.status.as_u16());
        Self::new(failure.status, code, title, Some(failure.message))
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Failure::from(error).into()
    }
}

impl From<getrandom::Error> for Refusal {
    fn from(error: getrandom::Error) -> Self {
        Failure::new(StatusCode::INTERNAL_SERVER_ERROR, format!("No random bytes: {error}")).into()
    }
}

impl IntoResponse for Refusal {
    /// An empty answer that carries the refusal to [`shaped`].
    fn into_response(self) -> Response {
        let mut res = self.status.into_response();
        res.extensions_mut().insert(self);
        res
    }
}

/// Writes the body of a refusal.
pub(super) fn shaped(refusal: Refusal, switches: &QlikSwitches, trace: &str) -> Response {
    // The body of a 429 is printed in full, without status and trace.
    let is_printed = refusal.retry_after.is_some();
    let entry = |problem: &Problem| {
        let mut res = Map::new();
        res.insert("code".to_owned(), json!(problem.code));
        res.insert("title".to_owned(), json!(problem.title));
        if let Some(detail) = &problem.detail {
            res.insert("detail".to_owned(), json!(detail));
        }
        match &problem.source {
            Some(Source::Pointer(pointer)) => res.insert("source".to_owned(), json!({"pointer": pointer})),
            Some(Source::Parameter(name)) => res.insert("source".to_owned(), json!({"parameter": name})),
            None => None,
        };
        let status = refusal.status.as_u16();
        match switches.qlik_error_status {
            _ if is_printed => {}
            ErrorStatus::Number => drop(res.insert("status".to_owned(), json!(status))),
            ErrorStatus::Text => drop(res.insert("status".to_owned(), json!(status.to_string()))),
            ErrorStatus::Absent => {}
        }
        Value::Object(res)
    };
    let errors: Vec<Value> = refusal.problems.iter().map(entry).collect();
    let mut body = Map::from_iter([("errors".to_owned(), Value::Array(errors))]);
    if switches.qlik_trace_id == OnOff::On && !is_printed {
        body.insert("traceId".to_owned(), json!(trace));
    }
    let mut res = (refusal.status, Json(body)).into_response();
    if let Some(wait) = refusal.retry_after {
        res.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
    }
    set_trace(&mut res, trace);
    res
}

/// Names the trace in the header that real answers carry.
pub(super) fn set_trace(res: &mut Response, trace: &str) {
    if let Ok(value) = HeaderValue::try_from(trace) {
        res.headers_mut().insert(HeaderName::from_static("x-b3-traceid"), value);
    }
}

/// A trace id for one call; all zeros should the machine give no random bytes, as nothing depends on it.
pub(super) fn new_trace() -> String {
    let mut bytes = [0; 16];
    let bits = getrandom::fill(&mut bytes).map_or(0, |()| u128::from_be_bytes(bytes));
    format!("{bits:032x}")
}
