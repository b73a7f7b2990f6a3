//! Every secret that was handed out, for tests that look for one where none may be: `GET /_control/secrets`.
//!
//! Key values are read from the tables that hold them. One that was deleted or replaced may still stand somewhere, so
//! triggers of this connection keep it; they are there with `--control` alone. Tokens are in no table and are noted
//! when they are issued.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use serde::Serialize;

use crate::cli::Options;

/// Beyond this number tokens are no longer noted; tests issue a few hundred.
const MOST_TOKENS: usize = 20_000;

/// The tokens issued since the start.
#[derive(Default)]
pub(crate) struct Issued {
    tokens: Mutex<BTreeSet<String>>,
}

impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Issued(…)")
    }
}

impl Issued {
    /// Notes a token.
    pub(crate) fn add(&self, token: &str) {
        let mut tokens = self.lock();
        if tokens.len() < MOST_TOKENS {
            tokens.insert(token.to_owned());
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All secrets, by what they are.
#[derive(Serialize)]
pub(crate) struct Secrets {
    /// Of the one account.
    password: String,
    /// Sign-in tokens, API keys and tokens of the start options, and those issued since.
    tokens: Vec<String>,
    /// Values of activation keys and license keys that are or were stored since the last reset.
    keys: Vec<String>,
}

/// Keeps key values that are deleted or replaced from now on, in memory.
///
/// # Errors
/// What the database says.
pub(crate) fn keep_gone(connection: &Connection) -> rusqlite::Result<()> {
    // Without the second setting a row that is replaced as a whole fires no trigger.
    connection.execute_batch(
        "PRAGMA temp_store = MEMORY;
         PRAGMA recursive_triggers = ON;
         CREATE TEMP TABLE gone_secret (value TEXT PRIMARY KEY) WITHOUT ROWID;
         CREATE TEMP TRIGGER gone_qualys_key AFTER DELETE ON main.qualys_key
             BEGIN INSERT OR IGNORE INTO gone_secret VALUES (OLD.activation_key); END;
         CREATE TEMP TRIGGER gone_license AFTER DELETE ON main.solifyn_record WHEN OLD.kind = 'licenses'
             BEGIN INSERT OR IGNORE INTO gone_secret VALUES (OLD.json ->> '$.key'); END;
         CREATE TEMP TRIGGER changed_license AFTER UPDATE OF json ON main.solifyn_record
             WHEN OLD.kind = 'licenses'
             BEGIN INSERT OR IGNORE INTO gone_secret VALUES (OLD.json ->> '$.key'); END;",
    )
}

/// Forgets the values that [`keep_gone`] kept: what they were part of is no longer looked at.
///
/// # Errors
/// What the database says.
pub(crate) fn forget_gone(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("DELETE FROM gone_secret")
}

/// All secrets there are and were.
///
/// # Errors
/// What the database says.
pub(crate) fn all(connection: &Connection, issued: &Issued, options: &Options) -> rusqlite::Result<Secrets> {
    let mut statement = connection.prepare_cached(
        "SELECT activation_key FROM qualys_key
         UNION SELECT json ->> '$.key' FROM solifyn_record WHERE kind = 'licenses'
         UNION SELECT value FROM gone_secret",
    )?;
    let keys: rusqlite::Result<Vec<String>> = statement.query_map([], |row| row.get(0))?.collect();
    let started =
        [&options.solifyn_key, &options.solifyn_read_only_key, &options.qlik_token, &options.qlik_user_token];
    let mut tokens: Vec<String> = started.iter().map(|it| it.text().to_owned()).collect();
    tokens.extend(issued.lock().iter().cloned());
    Ok(Secrets { password: options.account.password.clone(), tokens, keys: keys? })
}
