//! The count of calls in a window, and of calls running now (reference, section 5).

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::reply::Failure;
use crate::switches::{Bound, OnOff, Switches};

/// The counters. One window for the whole subscription, not one a path.
#[derive(Debug, Default)]
pub(crate) struct RateLimit {
    inner: Mutex<Counters>,
}

#[derive(Debug, Default)]
struct Counters {
    window_start: Option<Instant>,
    used: u32,
    running: u32,
}

/// What the counters say of a call: its headers, and whether it is refused.
#[derive(Debug)]
pub(crate) struct Verdict {
    /// The `X-RateLimit-*` and `X-ConcurrencyLimit-*` headers of its answer.
    pub(crate) headers: HeaderMap,
    /// Why it is refused.
    pub(crate) refused: Option<Failure>,
}

/// Counts as one running call until it is dropped.
#[derive(Debug)]
pub(crate) struct Running<'a> {
    limit: &'a RateLimit,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let mut inner = self.limit.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.running = inner.running.saturating_sub(1);
    }
}

impl RateLimit {
    /// Counts a call at a time and says what becomes of it. A refused call does not count.
    pub(crate) fn admit(&self, switches: &Switches, now: Instant) -> (Verdict, Running<'_>) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.running += 1;
        let mut res = Verdict { headers: HeaderMap::new(), refused: None };
        let has_headers = switches.rate_headers == OnOff::On;
        if let Bound::At(most) = switches.concurrency {
            if has_headers {
                set(&mut res.headers, "x-concurrencylimit-limit", most);
            }
            if inner.running > most {
                res.refused = Some(too_many("Too many calls at the same time."));
            }
        }
        if let Bound::At(most) = switches.rate_limit {
            let window = Duration::from_secs(u64::from(switches.rate_window));
            let passed = inner.window_start.map(|start| now.saturating_duration_since(start));
            let passed = match passed.filter(|&passed| passed < window) {
                Some(passed) => passed,
                None => {
                    inner.window_start = Some(now);
                    inner.used = 0;
                    Duration::ZERO
                }
            };
            let wait = (inner.used >= most).then(|| (window - passed).as_secs_f64().ceil());
            if wait.is_some() {
                res.refused.get_or_insert_with(|| too_many("The rate limit is reached. Try again later."));
            } else if res.refused.is_none() {
                inner.used += 1;
            }
            if has_headers {
                set(&mut res.headers, "x-ratelimit-limit", most);
                set(&mut res.headers, "x-ratelimit-remaining", most.saturating_sub(inner.used));
                set(&mut res.headers, "x-ratelimit-window-sec", switches.rate_window);
                if let Some(wait) = wait {
                    set(&mut res.headers, "x-ratelimit-towait-sec", wait);
                }
            }
        }
        (res, Running { limit: self })
    }

    /// Starts the window afresh.
    pub(crate) fn clear(&self) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.window_start = None;
        inner.used = 0;
    }
}

fn too_many(message: &str) -> Failure {
    Failure::new(StatusCode::TOO_MANY_REQUESTS, message)
}

fn set(headers: &mut HeaderMap, name: &'static str, value: impl ToString) {
    if let Ok(value) = HeaderValue::try_from(value.to_string()) {
        headers.insert(HeaderName::from_static(name), value);
    }
}
