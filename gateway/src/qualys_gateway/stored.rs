//! Keys as the store keeps them.

use jiff::civil::{Date, DateTime, Time};
use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, OptionalExtension as _, Row, named_params, params_from_iter};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::reply::Failure;

/// One key with everything the gateway knows of it, also what no reply shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct StoredKey {
    pub(crate) id: i64,
    /// May be blank.
    pub(crate) title: String,
    /// A GUID; nothing checks its shape, as the printed samples have malformed ones.
    pub(crate) activation_key: String,
    /// 0 is the default network.
    pub(crate) network_id: i64,
    /// Agents ever installed and not removed.
    pub(crate) count_used: i64,
    /// Agents that still report; deletion is refused while there are any.
    pub(crate) active_agents: i64,
    /// The agent limit; 0 means none.
    pub(crate) count_purchased: i64,
    /// `YYYY-MM-DDTHH:MM:SS.fffffffff`, UTC. Invariant: always nine digits, so that text order is time order.
    pub(crate) date_purchased: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) user_name: String,
    /// The last day, UTC; `None` means none.
    pub(crate) expire_date: Option<Date>,
    pub(crate) is_disabled: bool,
    pub(crate) licenses: Vec<String>,
    pub(crate) tags: Vec<i64>,
    pub(crate) apply_to_existing_agents: bool,
    /// The time of `expire_date`, UTC; only the QPS API gives one.
    pub(crate) expire_time: Option<Time>,
    /// QPS alone: a second id of the key. The samples lack it.
    pub(crate) uuid: Option<String>,
    /// QPS alone: a state besides `is_disabled`.
    pub(crate) status: Status,
    /// QPS alone: when an agent last took the key, UTC.
    pub(crate) date_last_used: Option<DateTime>,
    /// QPS alone: whether agents of this key leave updates of themselves aside.
    pub(crate) suspend_self_patch: bool,
    /// QPS alone: the user who gets remediation tickets.
    pub(crate) owner_id: Option<i64>,
}

/// The `status` of a key in the QPS API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Status {
    Active,
    Inactive,
}

impl Status {
    /// The name on the wire and in the store.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Inactive => "INACTIVE",
        }
    }

    /// The status with a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Active, Self::Inactive].into_iter().find(|status| status.name() == name)
    }
}

impl StoredKey {
    /// A key with no title, no limits and no licences.
    pub(crate) fn blank(id: i64) -> Self {
        Self {
            id,
            title: String::new(),
            activation_key: format!("00000000-0000-4000-8000-{id:012x}"),
            network_id: 0,
            count_used: 0,
            active_agents: 0,
            count_purchased: 0,
            date_purchased: "2025-09-08T18:40:11.000000000".to_owned(),
            first_name: "John".to_owned(),
            last_name: "Doe".to_owned(),
            user_name: "demo".to_owned(),
            expire_date: None,
            is_disabled: false,
            licenses: Vec::new(),
            tags: Vec::new(),
            apply_to_existing_agents: false,
            expire_time: None,
            uuid: None,
            status: Status::Active,
            date_last_used: None,
            suspend_self_patch: false,
            owner_id: None,
        }
    }

    /// Replaces the fields named in a JSON object.
    pub(crate) fn patched(&self, fields: Value) -> Result<Self, Failure> {
        let Value::Object(fields) = fields else {
            return Err(Failure::bad_request("Expected an object with key fields."));
        };
        let unusable =
            |error: serde_json::Error| Failure::bad_request(format!("Unusable key fields: {error}"));
        let mut all = serde_json::to_value(self).map_err(unusable)?;
        if let Some(all) = all.as_object_mut() {
            all.extend(fields);
        }
        let mut res: Self = serde_json::from_value(all).map_err(unusable)?;
        let created: DateTime = res
            .date_purchased
            .parse()
            .map_err(|_| Failure::bad_request("`datePurchased` is no date and time without a zone."))?;
        res.date_purchased = nine_digits(created);
        Ok(res)
    }
}

/// A date and time in the form the store keeps.
pub(crate) fn nine_digits(time: DateTime) -> String {
    format!("{time:.9}")
}

/// Makes the table and its indexes.
pub(crate) fn make_tables(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS qualys_key (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            title TEXT NOT NULL,
            title_order TEXT NOT NULL,
            activation_key TEXT NOT NULL,
            network_id INTEGER NOT NULL,
            count_used INTEGER NOT NULL,
            active_agents INTEGER NOT NULL,
            count_purchased INTEGER NOT NULL,
            date_purchased TEXT NOT NULL,
            first_name TEXT NOT NULL,
            last_name TEXT NOT NULL,
            user_name TEXT NOT NULL,
            expire_date TEXT,
            is_disabled INTEGER NOT NULL,
            licenses TEXT NOT NULL,
            tags TEXT NOT NULL,
            apply_to_existing_agents INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX IF NOT EXISTS qualys_key_title ON qualys_key (title);
        CREATE INDEX IF NOT EXISTS qualys_key_title_order ON qualys_key (title_order, title, id);
        CREATE INDEX IF NOT EXISTS qualys_key_date_purchased ON qualys_key (date_purchased, id);",
    )?;
    // Files made before the QPS API was served lack its columns.
    for (name, kind) in LATER_COLUMNS {
        let is_there: bool = connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM pragma_table_info('qualys_key') WHERE name = ?1)",
            [name],
            |row| row.get(0),
        )?;
        if !is_there {
            connection.execute_batch(&format!("ALTER TABLE qualys_key ADD COLUMN {name} {kind}"))?;
        }
    }
    connection
        .execute_batch("CREATE INDEX IF NOT EXISTS qualys_key_activation_key ON qualys_key (activation_key)")
}

/// The columns of the QPS API.
const LATER_COLUMNS: [(&str, &str); 6] = [
    ("expire_time", "TEXT"),
    ("uuid", "TEXT"),
    ("status", "TEXT NOT NULL DEFAULT 'ACTIVE'"),
    ("date_last_used", "TEXT"),
    ("suspend_self_patch", "INTEGER NOT NULL DEFAULT 0"),
    ("owner_id", "INTEGER"),
];

const COLUMNS: &str = "id, title, activation_key, network_id, count_used, active_agents, count_purchased, \
     date_purchased, first_name, last_name, user_name, expire_date, is_disabled, licenses, tags, \
     apply_to_existing_agents, expire_time, uuid, status, date_last_used, suspend_self_patch, owner_id";

/// Deletes all keys. Ids start over, so that a reset store is the same every time.
pub(crate) fn clear(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("DELETE FROM qualys_key; DELETE FROM sqlite_sequence WHERE name = 'qualys_key'")
}

/// The id for the next key: never one that was used before.
pub(crate) fn next_id(connection: &Connection) -> rusqlite::Result<i64> {
    let last: Option<i64> = connection
        .query_row("SELECT seq FROM sqlite_sequence WHERE name = 'qualys_key'", [], |row| row.get(0))
        .optional()?;
    Ok(last.unwrap_or(FIRST_ID).saturating_add(1))
}

/// Ids have seven digits, as in the samples.
pub(crate) const FIRST_ID: i64 = 1_819_000;

/// Adds a key.
pub(crate) fn insert(connection: &Connection, key: &StoredKey) -> rusqlite::Result<()> {
    put(connection, "INSERT", key)
}

/// Replaces the key with the same id.
pub(crate) fn replace(connection: &Connection, key: &StoredKey) -> rusqlite::Result<()> {
    put(connection, "REPLACE", key)
}

fn put(connection: &Connection, verb: &str, key: &StoredKey) -> rusqlite::Result<()> {
    let sql = format!(
        "{verb} INTO qualys_key ({COLUMNS}, title_order) VALUES (:id, :title, :activation_key, :network_id, \
         :count_used, :active_agents, :count_purchased, :date_purchased, :first_name, :last_name, :user_name, \
         :expire_date, :is_disabled, :licenses, :tags, :apply, :expire_time, :uuid, :status, \
         :date_last_used, :suspend_self_patch, :owner_id, :title_order)"
    );
    let list = |value: serde_json::Result<String>| {
        value.map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
    };
    connection
        .prepare_cached(&sql)?
        .execute(named_params! {
            ":id": key.id,
            ":title": key.title,
            ":activation_key": key.activation_key,
            ":network_id": key.network_id,
            ":count_used": key.count_used,
            ":active_agents": key.active_agents,
            ":count_purchased": key.count_purchased,
            ":date_purchased": key.date_purchased,
            ":first_name": key.first_name,
            ":last_name": key.last_name,
            ":user_name": key.user_name,
            ":expire_date": key.expire_date.map(|date| date.to_string()),
            ":is_disabled": key.is_disabled,
            ":licenses": list(serde_json::to_string(&key.licenses))?,
            ":tags": list(serde_json::to_string(&key.tags))?,
            ":apply": key.apply_to_existing_agents,
            ":expire_time": key.expire_time.map(|time| time.to_string()),
            ":uuid": key.uuid,
            ":status": key.status.name(),
            ":date_last_used": key.date_last_used.map(|time| time.to_string()),
            ":suspend_self_patch": key.suspend_self_patch,
            ":owner_id": key.owner_id,
            ":title_order": title_order(&key.title),
        })
        .map(|_| ())
}

/// A text whose byte order is the order of titles: space, then marks, digits and letters, whatever their case.
/// The printed search sample has `…title_1` in front of `…title3`, as language-aware orders do and code points do not.
fn title_order(title: &str) -> String {
    let mut res = String::with_capacity(title.len() * 2);
    for letter in title.chars().flat_map(char::to_lowercase) {
        res.push(match letter {
            _ if letter.is_whitespace() => '0',
            _ if letter.is_numeric() => '2',
            _ if letter.is_alphabetic() => '3',
            _ => '1',
        });
        res.push(letter);
    }
    res
}

/// Deletes a key.
pub(crate) fn delete(connection: &Connection, id: i64) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM qualys_key WHERE id = ?1", [id]).map(|_| ())
}

/// The key with an id.
pub(crate) fn find(connection: &Connection, id: i64) -> rusqlite::Result<Option<StoredKey>> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM qualys_key WHERE id = ?1"))?
        .query_row([id], from_row)
        .optional()
}

/// The first key with an activation key.
pub(crate) fn find_by_activation_key(
    connection: &Connection,
    activation_key: &str,
) -> rusqlite::Result<Option<StoredKey>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM qualys_key WHERE activation_key = ?1 ORDER BY id LIMIT 1"
        ))?
        .query_row([activation_key], from_row)
        .optional()
}

/// Whether a key other than `id` has this title.
pub(crate) fn has_title(connection: &Connection, title: &str, id: i64) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM qualys_key WHERE title = ?1 AND id <> ?2)")?
        .query_row(rusqlite::params![title, id], |row| row.get(0))
}

/// All keys in the order of their ids.
pub(crate) fn all(connection: &Connection) -> rusqlite::Result<Vec<StoredKey>> {
    let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM qualys_key ORDER BY id"))?;
    statement.query_map([], from_row)?.collect()
}

/// A condition in SQL with its values.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    pub(crate) sql: String,
    pub(crate) values: Vec<SqlValue>,
}

/// Which rows a search wants.
#[derive(Debug, Clone)]
pub(crate) struct Selection {
    pub(crate) condition: Option<Condition>,
    /// The `ORDER BY` terms.
    pub(crate) order: String,
    pub(crate) limit: u32,
    pub(crate) offset: u64,
}

/// The number of keys that meet the condition, and the wanted rows of them.
pub(crate) fn select(
    connection: &Connection,
    selection: &Selection,
) -> rusqlite::Result<(u64, Vec<StoredKey>)> {
    let Selection { condition, order, limit, offset } = selection;
    let (sql, values) = match condition {
        Some(condition) => (condition.sql.as_str(), condition.values.as_slice()),
        None => ("TRUE", [].as_slice()),
    };
    // The plan of a long condition is not worth keeping, so the statements are not cached.
    let total: i64 = connection.query_row(
        &format!("SELECT COUNT(*) FROM qualys_key WHERE {sql}"),
        params_from_iter(values),
        |row| row.get(0),
    )?;
    // Sorting ids alone is much cheaper than sorting whole rows when there are very many. It is a join, as the depth of
    // a condition counts twice in `id IN (SELECT …)`.
    let offset = i64::try_from(*offset).unwrap_or(i64::MAX);
    let sql = format!(
        "SELECT {COLUMNS} FROM (SELECT id AS wanted FROM qualys_key WHERE {sql} ORDER BY {order} \
         LIMIT {limit} OFFSET {offset}) JOIN qualys_key ON id = wanted ORDER BY {order}"
    );
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map(params_from_iter(values), from_row)?.collect::<rusqlite::Result<_>>()?;
    Ok((total.unsigned_abs(), rows))
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredKey> {
    let expire_date: Option<String> = row.get("expire_date")?;
    let expire_time: Option<String> = row.get("expire_time")?;
    let date_last_used: Option<String> = row.get("date_last_used")?;
    let status: String = row.get("status")?;
    Ok(StoredKey {
        id: row.get("id")?,
        title: row.get("title")?,
        activation_key: row.get("activation_key")?,
        network_id: row.get("network_id")?,
        count_used: row.get("count_used")?,
        active_agents: row.get("active_agents")?,
        count_purchased: row.get("count_purchased")?,
        date_purchased: row.get("date_purchased")?,
        first_name: row.get("first_name")?,
        last_name: row.get("last_name")?,
        user_name: row.get("user_name")?,
        expire_date: expire_date.map(|text| text.parse()).transpose().map_err(unreadable)?,
        is_disabled: row.get("is_disabled")?,
        licenses: serde_json::from_str(&row.get::<_, String>("licenses")?).map_err(unreadable)?,
        tags: serde_json::from_str(&row.get::<_, String>("tags")?).map_err(unreadable)?,
        apply_to_existing_agents: row.get("apply_to_existing_agents")?,
        expire_time: expire_time.map(|text| text.parse()).transpose().map_err(unreadable)?,
        uuid: row.get("uuid")?,
        // Only the two names are ever written.
        status: Status::named(&status).unwrap_or(Status::Active),
        date_last_used: date_last_used.map(|text| text.parse()).transpose().map_err(unreadable)?,
        suspend_self_patch: row.get("suspend_self_patch")?,
        owner_id: row.get("owner_id")?,
    })
}

fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
}
