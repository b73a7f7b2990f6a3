//! The events of keys and of the configuration (reference, section 3): written with the change they tell of, kept 90 days.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde_json::{Value, json};

use super::TENANT;
use super::config::Config;
use super::keys::{StoredKey, time};
use super::page::Base;
use super::switches::EventNames;
use crate::random::guid;

/// The documented events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Created,
    Updated,
    Deleted,
    ValidationFailed,
    ConfigUpdated,
}

/// One event as stored.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Event {
    pub(super) id: String,
    event_id: String,
    /// Milliseconds since 1970.
    time: i64,
    kind: String,
    user: String,
    data: Value,
}

/// The service that the events of keys come from.
pub(super) const SOURCE: &str = "com.qlik/api-keys";
pub(super) const TABLE: &str = "qlik_audit";
/// How long events are kept, in milliseconds.
pub(super) const KEPT: i64 = 90 * 86_400_000;

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Created => "com.qlik.core.api-key.created",
            Self::Updated => "com.qlik.core.api-key.updated",
            Self::Deleted => "com.qlik.core.api-key.deleted",
            Self::ValidationFailed => "com.qlik.core.api-key.validation.failed",
            Self::ConfigUpdated => "com.qlik.core.api-keys-config.updated",
        }
    }
}

/// The name of an event in the wanted writing. The stored one is the current one.
fn written(name: &str, names: EventNames) -> String {
    match names {
        EventNames::Current => name.to_owned(),
        EventNames::Legacy => name.replacen("com.qlik.core.", "com.qlik.", 1),
    }
}

/// The stored name for one that a query asks for.
pub(super) fn stored_name(name: &str, names: EventNames) -> String {
    match (names, name.strip_prefix("com.qlik.")) {
        (EventNames::Legacy, Some(rest)) if !rest.starts_with("core.") => format!("com.qlik.core.{rest}"),
        _ => name.to_owned(),
    }
}

pub(super) fn make_tables(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS qlik_audit (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, event_id TEXT NOT NULL,
            time INTEGER NOT NULL, type TEXT NOT NULL, source TEXT NOT NULL, user_id TEXT NOT NULL,
            data TEXT NOT NULL
        ) STRICT;
        CREATE INDEX IF NOT EXISTS qlik_audit_time ON qlik_audit (time, id);",
    )
}

/// Writes down what happened to a key.
pub(super) fn of_key(
    connection: &Connection,
    kind: Kind,
    key: &StoredKey,
    user: &str,
    now: i64,
) -> rusqlite::Result<()> {
    let data = json!({
        "id": key.id, "sub": key.sub, "subType": key.sub_type, "description": key.description,
        "expiry": time::text(key.expiry),
    });
    add(connection, kind, &data, user, now)
}

/// Writes down a new configuration.
pub(super) fn of_config(
    connection: &Connection,
    config: &Config,
    user: &str,
    now: i64,
) -> rusqlite::Result<()> {
    add(connection, Kind::ConfigUpdated, &json!(config), user, now)
}

fn add(connection: &Connection, kind: Kind, data: &Value, user: &str, now: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM qlik_audit WHERE time < ?1")?.execute([now - KEPT])?;
    let last: Option<i64> = connection
        .prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = 'qlik_audit'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    let number = last.unwrap_or(0).saturating_add(1);
    // Ids count up, so that events of the same millisecond keep their order.
    let id = format!("6700000000000000{number:08x}");
    let bits = (u128::from(number.unsigned_abs()).wrapping_mul(0x9e37_79b9_7f4a_7c15)) << 32
        ^ now.unsigned_abs() as u128;
    connection
        .prepare_cached(
            "INSERT INTO qlik_audit (id, event_id, time, type, source, user_id, data) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![id, guid(bits), now, kind.name(), SOURCE, user, data.to_string()])
        .map(|_| ())
}

pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Event> {
    let data: String = row.get("data")?;
    Ok(Event {
        id: row.get("id")?,
        event_id: row.get("event_id")?,
        time: row.get("time")?,
        kind: row.get("type")?,
        user: row.get("user_id")?,
        data: serde_json::from_str(&data).unwrap_or(Value::Null),
    })
}

impl Event {
    /// The documented fields.
    pub(super) fn reply(&self, base: &Base, names: EventNames) -> Value {
        json!({
            "id": self.id,
            "eventId": self.event_id,
            "eventTime": time::text(self.time),
            "eventType": written(&self.kind, names),
            "eventTypeVersion": "1.0.0",
            "source": SOURCE,
            "contentType": "application/json",
            "tenantId": TENANT,
            "userId": self.user,
            "data": self.data,
            "extensions": {"ownerId": self.data.get("sub").unwrap_or(&Value::Null), "actor": {"sub": self.user, "subType": "user"}},
            "links": {"self": {"href": base.href(&format!("/api/v1/audits/{}", self.id))}},
        })
    }
}
