//! API keys as the store keeps them. Times are milliseconds since 1970 (UTC).

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, named_params, params};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::TENANT;

/// One key. Whether it is expired follows from the clock, so it is not stored; neither is its token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct StoredKey {
    /// A UUID; also the token's `jti`.
    pub(super) id: String,
    pub(super) description: String,
    pub(super) revoked: bool,
    /// A user id, or `SCIM\` and the id of an identity provider (one backslash).
    pub(super) sub: String,
    pub(super) sub_type: SubType,
    #[serde(with = "time")]
    pub(super) expiry: i64,
    pub(super) created_by_user: String,
    #[serde(with = "time")]
    pub(super) created: i64,
    #[serde(with = "time")]
    pub(super) last_updated: i64,
    /// The round of tokens it belongs to; `/_control/tokens/expire` starts a new round.
    #[serde(skip)]
    pub(super) round: u64,
}

/// What a key's subject is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum SubType {
    User,
    ExternalClient,
}

/// The three documented states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    Active,
    Expired,
    Revoked,
}

impl StoredKey {
    /// The state at a time. A revoked key stays revoked when its time is over.
    pub(super) fn status(&self, now: i64) -> Status {
        match (self.revoked, self.expiry <= now) {
            (true, _) => Status::Revoked,
            (false, true) => Status::Expired,
            (false, false) => Status::Active,
        }
    }

    /// Whether the key is the user's: a user's key is its subject's, any other its creator's.
    pub(super) fn is_owned_by(&self, user: &str) -> bool {
        match self.sub_type {
            SubType::User => self.sub == user,
            SubType::ExternalClient => self.created_by_user == user,
        }
    }

    /// The documented fields, without a token.
    pub(super) fn reply(&self, now: i64, has_two_backslashes: bool) -> Map<String, Value> {
        let sub = if has_two_backslashes { self.sub.replace('\\', "\\\\") } else { self.sub.clone() };
        let fields = [
            ("id", json!(self.id)),
            ("tenantId", json!(TENANT)),
            ("description", json!(self.description)),
            ("status", json!(self.status(now))),
            ("sub", json!(sub)),
            ("subType", json!(self.sub_type)),
            ("expiry", json!(time::text(self.expiry))),
            ("createdByUser", json!(self.created_by_user)),
            ("created", json!(time::text(self.created))),
            ("lastUpdated", json!(time::text(self.last_updated))),
        ];
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// Times as RFC 3339 with milliseconds.
pub(super) mod time {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    use super::Timestamp;

    /// Writes a time.
    pub(in crate::qlik) fn text(millis: i64) -> String {
        format!("{:.3}", Timestamp::from_millisecond(millis).unwrap_or_default())
    }

    pub(in crate::qlik) fn serialize<S: Serializer>(millis: &i64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&text(*millis))
    }

    pub(in crate::qlik) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
        let time: Timestamp = String::deserialize(deserializer)?.parse().map_err(D::Error::custom)?;
        Ok(time.as_millisecond())
    }
}

pub(super) const TABLE: &str = "qlik_key";

/// The state of a row at a time, in SQL.
pub(super) fn status_sql(now: i64) -> String {
    format!("CASE WHEN revoked THEN 'revoked' WHEN expiry <= {now} THEN 'expired' ELSE 'active' END")
}

pub(super) fn make_tables(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS qlik_key (
            id TEXT PRIMARY KEY, description TEXT NOT NULL, revoked INTEGER NOT NULL, sub TEXT NOT NULL,
            sub_type TEXT NOT NULL, expiry INTEGER NOT NULL, created_by TEXT NOT NULL,
            created INTEGER NOT NULL, updated INTEGER NOT NULL, round INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX IF NOT EXISTS qlik_key_created ON qlik_key (created, id);
        CREATE INDEX IF NOT EXISTS qlik_key_sub ON qlik_key (sub, id);",
    )
}

/// Adds a key, or replaces the one with its id.
pub(super) fn put(connection: &Connection, key: &StoredKey) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "REPLACE INTO qlik_key (id, description, revoked, sub, sub_type, expiry, created_by, created, \
             updated, round) VALUES (:id, :description, :revoked, :sub, :sub_type, :expiry, :created_by, \
             :created, :updated, :round)",
        )?
        .execute(named_params! {
            ":id": key.id,
            ":description": key.description,
            ":revoked": key.revoked,
            ":sub": key.sub,
            ":sub_type": match key.sub_type { SubType::User => "user", SubType::ExternalClient => "externalClient" },
            ":expiry": key.expiry,
            ":created_by": key.created_by_user,
            ":created": key.created,
            ":updated": key.last_updated,
            ":round": i64::try_from(key.round).unwrap_or(i64::MAX),
        })
        .map(|_| ())
}

pub(super) fn find(connection: &Connection, id: &str) -> rusqlite::Result<Option<StoredKey>> {
    connection.prepare_cached("SELECT * FROM qlik_key WHERE id = ?1")?.query_row([id], from_row).optional()
}

pub(super) fn delete(connection: &Connection, id: &str) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM qlik_key WHERE id = ?1", [id]).map(|_| ())
}

/// The number of keys of a subject that work now.
pub(super) fn active(connection: &Connection, sub: &str, now: i64) -> rusqlite::Result<i64> {
    connection.query_row(
        "SELECT COUNT(*) FROM qlik_key WHERE sub = ?1 AND NOT revoked AND expiry > ?2",
        params![sub, now],
        |row| row.get(0),
    )
}

/// All keys, oldest first.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<StoredKey>> {
    connection.prepare("SELECT * FROM qlik_key ORDER BY created, id")?.query_map([], from_row)?.collect()
}

pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredKey> {
    let sub_type: String = row.get("sub_type")?;
    Ok(StoredKey {
        id: row.get("id")?,
        description: row.get("description")?,
        revoked: row.get("revoked")?,
        sub: row.get("sub")?,
        sub_type: if sub_type == "user" { SubType::User } else { SubType::ExternalClient },
        expiry: row.get("expiry")?,
        created_by_user: row.get("created_by")?,
        created: row.get("created")?,
        last_updated: row.get("updated")?,
        round: row.get::<_, i64>("round")?.unsigned_abs(),
    })
}
