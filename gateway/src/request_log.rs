//! The log of requests received, for tests to read back through `/_control/log`.
//!
//! It never holds the `Authorization` header, a query string, or the value of a password field.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderMap, Method, StatusCode, header};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// The oldest entries are forgotten beyond this number.
const MOST_ENTRIES: usize = 20_000;
/// A body that is no JSON is kept as text up to this many characters.
const LONGEST_TEXT: usize = 4_000;
/// A longer body is only kept as its length in bytes.
const LARGEST_BODY: usize = 1 << 16;

/// One request.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    /// Counts up from 1, also across `DELETE /_control/log`.
    pub(crate) sequence: u64,
    /// When it came in, RFC 3339 in UTC.
    pub(crate) time: String,
    /// The HTTP method.
    pub(crate) method: String,
    /// The path with its prefix, without a query string.
    pub(crate) path: String,
    /// The status sent; null while it runs, and when the connection was ended without an answer.
    pub(crate) status: Option<u16>,
    /// The kind of the fault applied.
    pub(crate) fault: Option<&'static str>,
    /// Whether a write was committed.
    pub(crate) committed: bool,
    /// Whether the handling has ended.
    pub(crate) done: bool,
    /// The request body, passwords redacted; null when there was none.
    pub(crate) body: Value,
}

/// How a request ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ending {
    /// The status sent, if any was.
    pub(crate) status: Option<StatusCode>,
    /// The kind of the fault applied.
    pub(crate) fault: Option<&'static str>,
    /// Whether a write was committed.
    pub(crate) committed: bool,
}

/// The log.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    last: u64,
    entries: VecDeque<Entry>,
}

impl RequestLog {
    /// Adds a request that just came in and returns its sequence number.
    pub(crate) fn begin(&self, method: &Method, path: &str, body: Value) -> u64 {
        let mut inner = self.lock();
        inner.last += 1;
        let sequence = inner.last;
        let time = format!("{:.3}", Timestamp::now());
        let (method, path) = (method.to_string(), path.to_owned());
        let entry = Entry {
            sequence,
            time,
            method,
            path,
            status: None,
            fault: None,
            committed: false,
            done: false,
            body,
        };
        inner.entries.push_back(entry);
        if inner.entries.len() > MOST_ENTRIES {
            inner.entries.pop_front();
        }
        sequence
    }

    /// Writes down how a request ended. An entry deleted meanwhile stays deleted.
    pub(crate) fn end(&self, sequence: u64, ending: Ending) {
        let mut inner = self.lock();
        if let Some(entry) = inner.entries.iter_mut().rev().find(|entry| entry.sequence == sequence) {
            entry.status = ending.status.map(|status| status.as_u16());
            entry.fault = ending.fault;
            entry.committed = ending.committed;
            entry.done = true;
        }
    }

    /// All entries, oldest first.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.lock().entries.iter().cloned().collect()
    }

    /// Forgets all entries.
    pub(crate) fn clear(&self) {
        self.lock().entries.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request body as JSON for the log: forms become objects, other text a string; passwords are redacted.
#[must_use]
pub(crate) fn body_for_log(headers: &HeaderMap, bytes: &[u8]) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    if bytes.len() > LARGEST_BODY {
        return Value::String(format!("[{} bytes]", bytes.len()));
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/x-www-form-urlencoded") {
        let fields = form_urlencoded::parse(bytes)
            .map(|(name, value)| {
                let value = if is_secret(&name) { REDACTED.to_owned() } else { value.into_owned() };
                (name.into_owned(), Value::String(value))
            })
            .collect();
        return Value::Object(fields);
    }
    match serde_json::from_slice(bytes) {
        Ok(value) => redacted(value),
        // Text that cannot be taken apart cannot be redacted either, so a mention of a secret hides it all.
        Err(_) => {
            let text = String::from_utf8_lossy(bytes);
            let shown = if is_secret(&text) {
                REDACTED.to_owned()
            } else {
                text.chars().take(LONGEST_TEXT).collect()
            };
            Value::String(shown)
        }
    }
}

const REDACTED: &str = "[redacted]";

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    // A license key or an API key is a secret, too; in a text that is no JSON it stands between quotes.
    ["password", "secret", "authorization", "\"key\"", "apikey"].iter().any(|word| name.contains(word))
        || name == "key"
}

fn redacted(value: Value) -> Value {
    match value {
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(name, value)| {
                    let value =
                        if is_secret(&name) { Value::String(REDACTED.to_owned()) } else { redacted(value) };
                    (name, value)
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(redacted).collect()),
        other => other,
    }
}
