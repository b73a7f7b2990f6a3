//! What an error means, in words of ours, and the report one can pass on.

use crate::domain::Timestamp;
use crate::http::{ApiError, ErrorKind};
use crate::i18n::t;
use crate::platform::intl;

/// What went wrong, in a few words.
#[must_use]
pub fn title(error: &ApiError) -> String {
    let text = match error.kind {
        ErrorKind::Offline => t::error_offline(),
        ErrorKind::Network => t::error_network(),
        ErrorKind::TimedOut => t::error_timed_out(),
        ErrorKind::Cancelled => t::error_cancelled(),
        ErrorKind::Unauthorized { expired: true } => t::error_expired(),
        ErrorKind::Unauthorized { expired: false } => t::error_unauthorized(),
        ErrorKind::Forbidden => t::error_forbidden(),
        ErrorKind::NotFound => t::error_not_found(),
        ErrorKind::Conflict => t::error_conflict(),
        ErrorKind::Invalid => t::error_invalid(),
        ErrorKind::TooLarge => t::error_too_large(),
        ErrorKind::RateLimited => t::error_rate_limited(),
        ErrorKind::Server => t::error_server(),
        ErrorKind::Malformed => t::error_malformed(),
    };
    text.to_owned()
}

/// What it means and what to do about it.
#[must_use]
pub fn explain(error: &ApiError) -> String {
    let text = match error.kind {
        ErrorKind::Offline => t::error_offline_why(),
        ErrorKind::Network => t::error_network_why(),
        ErrorKind::TimedOut => t::error_timed_out_why(),
        ErrorKind::Cancelled => t::error_cancelled_why(),
        ErrorKind::Unauthorized { expired: true } => t::error_expired_why(),
        ErrorKind::Unauthorized { expired: false } => t::error_unauthorized_why(),
        ErrorKind::Forbidden => t::error_forbidden_why(),
        ErrorKind::NotFound => t::error_not_found_why(),
        ErrorKind::Conflict => t::error_conflict_why(),
        ErrorKind::Invalid => t::error_invalid_why(),
        ErrorKind::TooLarge => t::error_too_large_why(),
        ErrorKind::RateLimited => match error.retry_after_secs {
            Some(secs) => return t::error_rate_limited_secs(u64::from(secs)),
            None => t::error_rate_limited_why(),
        },
        ErrorKind::Server => t::error_server_why(),
        ErrorKind::Malformed => t::error_malformed_why(),
    };
    text.to_owned()
}

/// The status in words: `Status 429`, or that there was no answer.
#[must_use]
pub fn status(error: &ApiError) -> String {
    match error.status {
        Some(status) => t::error_status(&status.to_string()),
        None => t::error_no_status().to_owned(),
    }
}

/// The call, as `POST caui/v1/activation-keys/manage`.
#[must_use]
pub fn call(error: &ApiError) -> String {
    [error.request.method.name(), " ", &error.request.path].concat()
}

/// Everything known, one fact a line, to be passed on. Not translated: whoever reads it may not be the
/// one who saw it. `at` is when it was shown.
#[must_use]
pub fn report(error: &ApiError, at: Timestamp) -> String {
    let mut res = String::new();
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            res.push_str(&[name, ": ", value, "\n"].concat());
        }
    };
    line("error", code(error.kind));
    line("status", &error.status.map(|it| it.to_string()).unwrap_or_default());
    line("call", &call(error));
    line("message", error.message.as_deref().unwrap_or_default());
    let wait = error.retry_after_secs.map(|it| [&it.to_string(), " s"].concat());
    line("retry after", &wait.unwrap_or_default());
    line("trace", error.trace.as_deref().unwrap_or_default());
    line("time", &intl::date_time(at));
    line("answer", &error.raw);
    res
}

/// The name of a kind in reports.
fn code(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Offline => "offline",
        ErrorKind::Network => "network",
        ErrorKind::TimedOut => "timed out",
        ErrorKind::Cancelled => "cancelled",
        ErrorKind::Unauthorized { expired: true } => "session expired",
        ErrorKind::Unauthorized { expired: false } => "unauthorized",
        ErrorKind::Forbidden => "forbidden",
        ErrorKind::NotFound => "not found",
        ErrorKind::Conflict => "conflict",
        ErrorKind::Invalid => "invalid request",
        ErrorKind::TooLarge => "request too large",
        ErrorKind::RateLimited => "rate limited",
        ErrorKind::Server => "server error",
        ErrorKind::Malformed => "malformed answer",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::http::{Method, Request};

    const KINDS: [ErrorKind; 14] = [
        ErrorKind::Offline,
        ErrorKind::Network,
        ErrorKind::TimedOut,
        ErrorKind::Cancelled,
        ErrorKind::Unauthorized { expired: true },
        ErrorKind::Unauthorized { expired: false },
        ErrorKind::Forbidden,
        ErrorKind::NotFound,
        ErrorKind::Conflict,
        ErrorKind::Invalid,
        ErrorKind::TooLarge,
        ErrorKind::RateLimited,
        ErrorKind::Server,
        ErrorKind::Malformed,
    ];

    fn error(kind: ErrorKind) -> ApiError {
        ApiError::without_answer(kind, &Request::write(Method::Patch, "keys/5"), true)
    }

    #[test]
    fn every_kind_has_words_of_its_own() {
        let mut seen = BTreeSet::new();
        for kind in KINDS {
            let error = error(kind);
            for text in [title(&error), explain(&error), code(kind).to_owned()] {
                assert!(seen.insert(text.clone()), "{kind:?} shares the words {text:?}");
            }
        }
        assert_eq!(seen.len(), KINDS.len() * 3);
    }

    #[test]
    fn a_wait_the_server_asks_for_is_said() {
        let check = |secs: Option<u32>, part: &str| {
            let text = explain(&ApiError { retry_after_secs: secs, ..error(ErrorKind::RateLimited) });
            assert!(text.contains(part), "{text}");
        };
        check(Some(1), "1 second.");
        check(Some(42), "42 seconds.");
        check(None, "Wait a little");
    }

    #[test]
    fn a_report_holds_every_fact_and_no_empty_line() {
        let error = ApiError {
            status: Some(429),
            message: Some("Slow down".to_owned()),
            raw: r#"{"message":"Slow down"}"#.to_owned(),
            retry_after_secs: Some(7),
            trace: Some("0af7651916cd43dd".to_owned()),
            ..error(ErrorKind::RateLimited)
        };
        let want = "error: rate limited\nstatus: 429\ncall: PATCH keys/5\nmessage: Slow down\nretry after: 7 s\n\
                    trace: 0af7651916cd43dd\ntime: 2025-09-08 18:40 UTC\nanswer: {\"message\":\"Slow down\"}\n";
        assert_eq!(report(&error, Timestamp(1_757_356_811_000)), want);
    }

    #[test]
    fn a_report_leaves_out_what_is_not_known() {
        let want = "error: offline\ncall: PATCH keys/5\ntime: 2025-09-08 18:40 UTC\n";
        assert_eq!(report(&error(ErrorKind::Offline), Timestamp(1_757_356_811_000)), want);
    }
}
