//! Refused calls: the response codes and the words (reference, section 6.4).

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::reply::Failure;

/// The `responseCode` of a refused call. All but the last two are listed by the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    InvalidCredentials,
    Unauthorized,
    InvalidRequest,
    ObjectNotFound,
    /// A limit of calls; never in an envelope here, as the blocked answer is another one.
    LimitExceeded {
        wait: Option<u64>,
    },
    InternalError,
}

impl Code {
    /// The name on the wire.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::InvalidCredentials => "INVALID_CREDENTIALS",
            Self::Unauthorized => "UNAUTHORIZED",
            Self::InvalidRequest => "INVALID_REQUEST",
            Self::ObjectNotFound => "OBJECT_NOT_FOUND",
            Self::LimitExceeded { .. } => "LIMIT_EXCEEDED",
            Self::InternalError => "INTERNAL_ERROR",
        }
    }

    /// The HTTP status when errors have one.
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::InvalidCredentials => StatusCode::UNAUTHORIZED,
            Self::Unauthorized => StatusCode::FORBIDDEN,
            Self::InvalidRequest => StatusCode::BAD_REQUEST,
            Self::ObjectNotFound => StatusCode::NOT_FOUND,
            Self::LimitExceeded { .. } => StatusCode::CONFLICT,
            Self::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// A refused call. The layer around the routes writes its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(super) code: Code,
    /// One sentence that names the reason.
    pub(super) message: String,
    /// One sentence that says what to do; blank when there is nothing to say.
    pub(super) resolution: String,
    /// The HTTP status no switch changes: what the transport refuses, not the service.
    pub(super) fixed_status: Option<StatusCode>,
}

impl Refusal {
    /// A refusal with a code and its words.
    pub(super) fn new(code: Code, message: impl Into<String>, resolution: impl Into<String>) -> Self {
        Self { code, message: message.into(), resolution: resolution.into(), fixed_status: None }
    }

    /// An `INVALID_REQUEST`.
    pub(super) fn invalid(message: impl Into<String>, resolution: impl Into<String>) -> Self {
        Self::new(Code::InvalidRequest, message, resolution)
    }

    /// The recorded words for a wrong user or password.
    pub(super) fn credentials() -> Self {
        let resolution = "Verify both, user and password credentials.";
        Self::new(Code::InvalidCredentials, "Authentication failed", resolution)
    }

    /// The recorded words for an account that may not use the API.
    pub(super) fn access() -> Self {
        let message = "You are not authorized to access the application through the API.";
        let resolution = "If you think this is an error, please contact your account manager.";
        Self::new(Code::Unauthorized, message, resolution)
    }

    /// An object that is not there, or not for this caller.
    pub(super) fn not_found(what: &str, id: impl std::fmt::Display) -> Self {
        let resolution = "Check the id and the scope of the account.";
        Self::new(Code::ObjectNotFound, format!("There is no {what} {id}."), resolution)
    }

    /// What the gate refuses before a handler sees it.
    pub(super) fn of_transport(failure: Failure) -> Self {
        let Failure { status, message, .. } = failure;
        Self { fixed_status: Some(status), ..Self::invalid(message, "") }
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        let message = format!("The store failed: {error}");
        Self {
            fixed_status: Some(StatusCode::INTERNAL_SERVER_ERROR),
            ..Self::new(Code::InternalError, message, "")
        }
    }
}

impl From<Failure> for Refusal {
    /// Shared parts (titles, random bytes) fail in the words of the gateway API.
    fn from(failure: Failure) -> Self {
        match failure.status {
            StatusCode::NOT_FOUND => Self::new(Code::ObjectNotFound, failure.message, ""),
            status if status.is_server_error() => {
                Self { fixed_status: Some(status), ..Self::new(Code::InternalError, failure.message, "") }
            }
            _ => Self::invalid(failure.message, ""),
        }
    }
}

impl IntoResponse for Refusal {
    /// An empty answer that carries the refusal to the layer.
    fn into_response(self) -> Response {
        let mut res = StatusCode::OK.into_response();
        res.extensions_mut().insert(self);
        res
    }
}
