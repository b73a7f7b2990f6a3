//! The Solifyn tables: one, as all five kinds of records are read by id, by another unique text, or by owner alone.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A kind of record.
pub(super) trait Record: Serialize + DeserializeOwned {
    /// The name in the table, and in the paths of the control interface.
    const KIND: &'static str;
    /// The public id.
    fn id(&self) -> &str;
    /// Another text that no two records of the kind share.
    fn alias(&self) -> Option<String>;
    /// The id of the record this one belongs to.
    fn owner(&self) -> Option<&str>;
}

pub(super) fn make_tables(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS solifyn_record (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            id TEXT NOT NULL,
            alias TEXT,
            owner TEXT,
            -- Activations ever, of a license.
            activations INTEGER NOT NULL DEFAULT 0,
            json TEXT NOT NULL,
            UNIQUE (kind, id),
            UNIQUE (kind, alias)
        ) STRICT;
        CREATE INDEX IF NOT EXISTS solifyn_record_owner ON solifyn_record (kind, owner);",
    )
}

/// Deletes all records.
pub(super) fn clear(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "DELETE FROM solifyn_record; DELETE FROM sqlite_sequence WHERE name = 'solifyn_record'",
    )
}

/// Adds a record.
pub(super) fn insert<R: Record>(connection: &Connection, record: &R) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO solifyn_record (kind, id, alias, owner, json) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![R::KIND, record.id(), record.alias(), record.owner(), json(record)?])
        .map(|_| ())
}

/// Replaces the record with the same id.
pub(super) fn replace<R: Record>(connection: &Connection, record: &R) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE solifyn_record SET alias = ?3, owner = ?4, json = ?5 WHERE kind = ?1 AND id = ?2",
        )?
        .execute(params![R::KIND, record.id(), record.alias(), record.owner(), json(record)?])
        .map(|_| ())
}

/// Deletes a record with an id.
pub(super) fn delete<R: Record>(connection: &Connection, id: &str) -> rusqlite::Result<()> {
    connection
        .execute("DELETE FROM solifyn_record WHERE kind = ?1 AND id = ?2", params![R::KIND, id])
        .map(|_| ())
}

/// The record with an id.
pub(super) fn find<R: Record>(connection: &Connection, id: &str) -> rusqlite::Result<Option<R>> {
    connection
        .prepare_cached("SELECT json FROM solifyn_record WHERE kind = ?1 AND id = ?2")?
        .query_row(params![R::KIND, id], from_row)
        .optional()
}

/// The record with the other unique text.
pub(super) fn find_alias<R: Record>(connection: &Connection, alias: &str) -> rusqlite::Result<Option<R>> {
    connection
        .prepare_cached("SELECT json FROM solifyn_record WHERE kind = ?1 AND alias = ?2")?
        .query_row(params![R::KIND, alias], from_row)
        .optional()
}

/// All records of a kind, oldest first.
pub(super) fn all<R: Record>(connection: &Connection) -> rusqlite::Result<Vec<R>> {
    let mut statement =
        connection.prepare_cached("SELECT json FROM solifyn_record WHERE kind = ?1 ORDER BY sequence")?;
    statement.query_map([R::KIND], from_row)?.collect()
}

/// The records that belong to another one, oldest first.
pub(super) fn owned_by<R: Record>(connection: &Connection, owner: &str) -> rusqlite::Result<Vec<R>> {
    let mut statement = connection
        .prepare_cached("SELECT json FROM solifyn_record WHERE kind = ?1 AND owner = ?2 ORDER BY sequence")?;
    statement.query_map(params![R::KIND, owner], from_row)?.collect()
}

/// Deletes the records that belong to another one.
pub(super) fn delete_owned<R: Record>(connection: &Connection, owner: &str) -> rusqlite::Result<()> {
    connection
        .execute("DELETE FROM solifyn_record WHERE kind = ?1 AND owner = ?2", params![R::KIND, owner])
        .map(|_| ())
}

/// Adds to the number of activations a record ever had.
pub(super) fn add_activations<R: Record>(
    connection: &Connection,
    id: &str,
    more: i64,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE solifyn_record SET activations = activations + ?3 WHERE kind = ?1 AND id = ?2",
        )?
        .execute(params![R::KIND, id, more])
        .map(|_| ())
}

/// A record, how many records of another kind it owns, and its activations ever.
#[derive(Debug, Clone)]
pub(super) struct Counted<R> {
    pub(super) record: R,
    pub(super) owned: i64,
    pub(super) activations: i64,
}

/// All records of a kind with their counts, or the one with an id.
pub(super) fn counted<R: Record, Owned: Record>(
    connection: &Connection,
    id: Option<&str>,
) -> rusqlite::Result<Vec<Counted<R>>> {
    let mut statement = connection.prepare_cached(
        "SELECT json, activations, (SELECT COUNT(*) FROM solifyn_record AS owned WHERE owned.kind = ?2 AND \
         owned.owner = record.id) AS owned FROM solifyn_record AS record WHERE kind = ?1 AND \
         (?3 IS NULL OR id = ?3) ORDER BY sequence",
    )?;
    let rows = statement.query_map(params![R::KIND, Owned::KIND, id], |row| {
        Ok(Counted { record: from_row(row)?, owned: row.get("owned")?, activations: row.get("activations")? })
    })?;
    rows.collect()
}

fn json<R: Record>(record: &R) -> rusqlite::Result<String> {
    serde_json::to_string(record).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

fn from_row<R: Record>(row: &Row<'_>) -> rusqlite::Result<R> {
    serde_json::from_str(&row.get::<_, String>("json")?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
    })
}
