//! The SQLite store: opening, the meta table, and the two ways in (`read` and `write`).
//!
//! An acknowledged write survives SIGKILL and power loss: the journal is a write-ahead log with `synchronous=FULL`,
//! so a commit returns only after the log is on disk.
//! What the tables hold is the business of the modules of each API.

use std::convert::Infallible;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

/// Where the data lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Gone when the process ends.
    Memory,
    /// A file, made when missing.
    File(PathBuf),
}

impl FromStr for Place {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(if text == "memory" { Self::Memory } else { Self::File(PathBuf::from(text)) })
    }
}

/// The store. Cheap to clone; all clones share one connection.
#[derive(Debug, Clone)]
pub struct Store {
    connection: Arc<Mutex<Connection>>,
}

impl Store {
    /// Opens the store and makes the meta table.
    ///
    /// # Errors
    /// When the file cannot be opened, is no database, or is held by another program.
    pub fn open(place: &Place) -> rusqlite::Result<Self> {
        let connection = match place {
            Place::Memory => Connection::open_in_memory()?,
            Place::File(path) => Connection::open(path)?,
        };
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT",
        )?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)) })
    }

    /// Runs a reading function now, on this thread.
    ///
    /// # Errors
    /// What the function returns.
    pub fn read_now<T>(&self, run: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        // A panic while the lock was held rolled its transaction back, so the connection is still sound.
        run(&self.connection.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Runs a function in one write transaction now, on this thread: commits when it returns `Ok`, else changes nothing.
    ///
    /// # Errors
    /// What the function returns, or what the database says on begin and commit.
    pub fn write_now<T, E: From<rusqlite::Error>>(
        &self,
        run: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let res = run(&transaction)?;
        transaction.commit()?;
        Ok(res)
    }

    /// [`Store::read_now`] on a thread that may block.
    ///
    /// # Errors
    /// What the function returns.
    pub async fn read<T: Send + 'static>(
        &self,
        run: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> rusqlite::Result<T> {
        let store = self.clone();
        tokio::task::spawn_blocking(move || store.read_now(run))
            .await
            .unwrap_or_else(|error| Err(interrupted(&error)))
    }

    /// [`Store::write_now`] on a thread that may block. Once started it runs to its end, even when the caller is gone.
    ///
    /// # Errors
    /// What the function returns, or what the database says on begin and commit.
    pub async fn write<T: Send + 'static, E: From<rusqlite::Error> + Send + 'static>(
        &self,
        run: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let store = self.clone();
        tokio::task::spawn_blocking(move || store.write_now(run))
            .await
            .unwrap_or_else(|error| Err(interrupted(&error).into()))
    }
}

/// A blocking task that ended without a result (it panicked, or the program is ending).
fn interrupted(error: &tokio::task::JoinError) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(error.to_string().into())
}

/// Reads a meta value.
///
/// # Errors
/// What the database says.
pub fn meta(connection: &Connection, name: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    connection.query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0)).optional()
}

/// Writes a meta value.
///
/// # Errors
/// What the database says.
pub fn set_meta(connection: &Connection, name: &str, value: &[u8]) -> rusqlite::Result<()> {
    connection
        .execute(
            "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
            params![name, value],
        )
        .map(|_| ())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that meets the unexpected shall fail at that place")]

    use super::{Place, Store, meta, set_meta};

    /// SIGKILL alone cannot show a missing sync, as the system still holds what was written; the settings can.
    #[test]
    fn a_file_store_syncs_every_commit() {
        let path = std::env::temp_dir().join(format!("latchkey-gateway-store-{}.db", std::process::id()));
        let store = Store::open(&Place::File(path.clone())).unwrap();
        let setting = |name: &str| {
            store.read_now(|connection| {
                connection.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0))
            })
        };
        assert_eq!(setting("journal_mode").unwrap(), rusqlite::types::Value::Text("wal".to_owned()));
        assert_eq!(setting("synchronous").unwrap(), rusqlite::types::Value::Integer(2));
        drop(store);
        for end in ["", "-wal", "-shm"] {
            let mut file = path.clone().into_os_string();
            file.push(end);
            drop(std::fs::remove_file(file));
        }
    }

    #[test]
    fn a_write_that_fails_or_panics_changes_nothing() {
        let store = Store::open(&Place::Memory).unwrap();
        let failed: rusqlite::Result<()> = store.write_now(|transaction| {
            set_meta(transaction, "a", b"1")?;
            Err(rusqlite::Error::InvalidQuery)
        });
        assert!(failed.is_err());
        let panicking = store.clone();
        let panicked = std::thread::spawn(move || {
            panicking.write_now(|transaction| -> rusqlite::Result<()> {
                set_meta(transaction, "a", b"1")?;
                panic!("in the middle of a write")
            })
        });
        assert!(panicked.join().is_err());
        assert_eq!(store.read_now(|connection| meta(connection, "a")).unwrap(), None);
        store.write_now(|transaction| set_meta(transaction, "a", b"2")).unwrap();
        assert_eq!(store.read_now(|connection| meta(connection, "a")).unwrap(), Some(b"2".to_vec()));
    }
}
