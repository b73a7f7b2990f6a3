use serde::{Deserialize, Serialize};

use super::{Config, Connection};
use crate::domain::{Secret, Timestamp};
use crate::platform::storage::{Persisted, SessionStorage};

const KEY: &str = "latchkey.session";

/// The session as it lies in session storage. Read and written here alone.
#[derive(Serialize, Deserialize)]
struct StoredSession {
    connection: String,
    /// Where the token was issued: when `config.json` changes, it goes nowhere else.
    base_url: String,
    token: String,
    /// Milliseconds since 1970: a token without an expiry must not gain time by a reload.
    until: i64,
}

pub(super) fn save(connection: &Connection, token: &Secret, until: Timestamp) -> Persisted {
    let session = StoredSession {
        connection: connection.id.clone(),
        base_url: connection.base_url.clone(),
        token: token.expose().to_owned(),
        until: until.0,
    };
    // A struct of texts and a number always has a JSON form.
    SessionStorage.put(KEY, &serde_json::to_string(&session).unwrap_or_default())
}

pub(super) fn forget() {
    SessionStorage.remove(KEY);
}

/// The stored session, if its connection is still the same; anything else is forgotten.
pub(super) fn load(config: &Config) -> Option<(Connection, String, Timestamp)> {
    let text = SessionStorage.get(KEY)?;
    let session: Option<StoredSession> = serde_json::from_str(&text).ok();
    let found = session.and_then(|it| {
        let connection = config.connection(&it.connection)?;
        let same = connection.base_url == it.base_url;
        same.then(|| (connection.clone(), it.token, Timestamp(it.until)))
    });
    if found.is_none() {
        forget();
    }
    found
}
