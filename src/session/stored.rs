use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::platform::storage::{Persisted, SessionStorage};

/// All sessions of this tab, by the id of their connection.
const KEY: &str = "latchkey.sessions";

/// A session as it lies in session storage. Read and written here alone.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredSession {
    /// Where its credential may go: when `config.json` changes, it goes nowhere else.
    pub(super) base_url: String,
    /// Who; empty when nobody knows.
    pub(super) user: String,
    /// The token. User and password are never kept: then nothing stands here, and the reader is asked again.
    pub(super) token: Option<String>,
    /// Milliseconds since 1970: a token without an expiry must not gain time by a reload.
    pub(super) until: Option<i64>,
    /// The service said that it may change nothing.
    pub(super) read_only: bool,
}

pub(super) fn save(connection: &str, session: StoredSession) -> Persisted {
    let mut sessions = all();
    sessions.insert(connection.to_owned(), session);
    write(&sessions)
}

/// Forgets one; the last one leaves nothing behind.
pub(super) fn forget(connection: &str) {
    let mut sessions = all();
    sessions.remove(connection);
    if sessions.is_empty() {
        return SessionStorage.remove(KEY);
    }
    match write(&sessions) {
        // Whoever refuses to store never stored the others either.
        Persisted::Stored | Persisted::MemoryOnly => {}
    }
}

/// The sessions whose connection is still the same by `keeps`; all others are forgotten.
pub(super) fn load(keeps: impl Fn(&str, &StoredSession) -> bool) -> BTreeMap<String, StoredSession> {
    let mut sessions = all();
    sessions.retain(|id, it| keeps(id, it));
    if sessions.is_empty() {
        SessionStorage.remove(KEY);
        return sessions;
    }
    match write(&sessions) {
        Persisted::Stored | Persisted::MemoryOnly => sessions,
    }
}

fn all() -> BTreeMap<String, StoredSession> {
    // Anything unreadable counts as nobody signed in.
    SessionStorage.get(KEY).and_then(|it| serde_json::from_str(&it).ok()).unwrap_or_default()
}

fn write(sessions: &BTreeMap<String, StoredSession>) -> Persisted {
    // A map of texts and numbers always has a JSON form.
    SessionStorage.put(KEY, &serde_json::to_string(sessions).unwrap_or_default())
}
