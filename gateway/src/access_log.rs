//! The access log, as a server in front of the console would write one: every request with its whole target and its
//! headers, files included, for tests that look for a secret in it.
//!
//! Like the logs it stands for it never holds the `Authorization` header or a body.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderMap, Method, Uri, header};
use serde::Serialize;

/// The oldest requests are forgotten beyond this number.
const MOST_REQUESTS: usize = 20_000;
/// No more different header lines than this are kept.
const MOST_HEADERS: usize = 20_000;

/// What is kept.
#[derive(Debug, Default, Clone, Serialize)]
pub(crate) struct Kept {
    /// Method and target, query string included, oldest first.
    requests: VecDeque<String>,
    /// Every header line that was sent, once, as `name: value`.
    headers: BTreeSet<String>,
}

/// The log.
#[derive(Debug, Default)]
pub(crate) struct AccessLog {
    inner: Mutex<Kept>,
}

impl AccessLog {
    /// Adds a request that just came in.
    pub(crate) fn add(&self, method: &Method, target: &Uri, headers: &HeaderMap) {
        let mut inner = self.lock();
        inner.requests.push_back(format!("{method} {target}"));
        if inner.requests.len() > MOST_REQUESTS {
            inner.requests.pop_front();
        }
        for (name, value) in headers {
            if name == header::AUTHORIZATION || inner.headers.len() >= MOST_HEADERS {
                continue;
            }
            inner.headers.insert(format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())));
        }
    }

    /// What was logged.
    pub(crate) fn kept(&self) -> Kept {
        self.lock().clone()
    }

    /// Forgets all.
    pub(crate) fn clear(&self) {
        *self.lock() = Kept::default();
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
