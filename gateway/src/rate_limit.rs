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

/// How much is allowed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Calls in a window.
    pub(crate) calls: Bound,
    /// The length of a window in seconds.
    pub(crate) window: u32,
    /// Calls at the same time.
    pub(crate) concurrency: Bound,
}

/// What the counters say of a call, without a word about how its answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counted {
    /// Calls counted in this window; a refused call does not count.
    pub(crate) used: u32,
    /// Calls running now, this one too.
    pub(crate) running: u32,
    /// Whether too many run at the same time.
    pub(crate) is_crowded: bool,
    /// The seconds until the window ends, when it is used up.
    pub(crate) wait: Option<u64>,
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
    /// Counts a call at a time. It is refused when it is crowded or has to wait.
    pub(crate) fn count(&self, limits: Limits, now: Instant) -> (Counted, Running<'_>) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.running += 1;
        let is_crowded = matches!(limits.concurrency, Bound::At(most) if inner.running > most);
        let mut wait = None;
        if let Bound::At(most) = limits.calls {
            let window = Duration::from_secs(u64::from(limits.window));
            let passed = inner.window_start.map(|start| now.saturating_duration_since(start));
            let passed = match passed.filter(|&passed| passed < window) {
                Some(passed) => passed,
                None => {
                    inner.window_start = Some(now);
                    inner.used = 0;
                    Duration::ZERO
                }
            };
            if inner.used >= most {
                // Whole seconds, rounded up: a client that waits as long finds the next window open.
                let left = window - passed;
                wait = Some(left.as_secs() + u64::from(left.subsec_nanos() > 0));
            } else if !is_crowded {
                inner.used += 1;
            }
        }
        let counted = Counted { used: inner.used, running: inner.running, is_crowded, wait };
        (counted, Running { limit: self })
    }

    /// Counts a call of the Qualys gateway API at a time and says what becomes of it.
    pub(crate) fn admit(&self, switches: &Switches, now: Instant) -> (Verdict, Running<'_>) {
        let limits = Limits {
            calls: switches.rate_limit,
            window: switches.rate_window,
            concurrency: switches.concurrency,
        };
        let (counted, running) = self.count(limits, now);
        let mut res = Verdict { headers: HeaderMap::new(), refused: None };
        if counted.is_crowded {
            res.refused = Some(too_many("Too many calls at the same time."));
        } else if counted.wait.is_some() {
            res.refused = Some(too_many("The rate limit is reached. Try again later."));
        }
        if switches.rate_headers == OnOff::Off {
            return (res, running);
        }
        if let Bound::At(most) = switches.concurrency {
            set(&mut res.headers, "x-concurrencylimit-limit", most);
        }
        if let Bound::At(most) = switches.rate_limit {
            set(&mut res.headers, "x-ratelimit-limit", most);
            set(&mut res.headers, "x-ratelimit-remaining", most.saturating_sub(counted.used));
            set(&mut res.headers, "x-ratelimit-window-sec", switches.rate_window);
            if let Some(wait) = counted.wait {
                set(&mut res.headers, "x-ratelimit-towait-sec", wait);
            }
        }
        (res, running)
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

/// Sets a header to a number.
pub(crate) fn set(headers: &mut HeaderMap, name: &'static str, value: impl ToString) {
    if let Ok(value) = HeaderValue::try_from(value.to_string()) {
        headers.insert(HeaderName::from_static(name), value);
    }
}
