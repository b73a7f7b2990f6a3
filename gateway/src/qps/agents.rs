//! Which agents took which key.
//!
//! A subscription has far more agents than keys, so they are kept in blocks of neighbouring ids, and what an agent is
//! called follows from its id. Invariant: the blocks of a key hold as many agents as the key counts, unless the control
//! interface planted others.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::Serialize;

use super::tags;
use crate::qualys_gateway::stored::{self, StoredKey};
use crate::random::{Random, guid};

/// Neighbouring agents of one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Block {
    /// The id of the first agent; the others follow without a gap.
    pub(crate) first_id: i64,
    /// How many agents there are; at least 1.
    pub(crate) count: i64,
    /// How many of them still report: the first ones.
    pub(crate) active: i64,
    /// The key they took.
    pub(crate) key_id: i64,
    /// The tags they got from the key they were installed with.
    pub(crate) tags: Vec<i64>,
    /// The name of a planted agent, which is alone in its block.
    pub(crate) name: Option<String>,
    /// The id on the machine of a planted agent.
    pub(crate) uuid: Option<String>,
}

/// One agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Agent {
    pub(super) id: i64,
    pub(super) uuid: String,
    pub(super) name: String,
    pub(super) platform: &'static str,
    pub(super) os: &'static str,
    pub(super) is_active: bool,
}

/// Ids have seven digits, as in the samples.
const FIRST_ID: i64 = 8_390_000;

impl Block {
    /// The agents in the order of their ids.
    pub(super) fn agents(&self) -> impl Iterator<Item = Agent> + '_ {
        (0..self.count).map(|idx| {
            let agent = agent(self.first_id + idx, idx < self.active);
            Agent {
                name: self.name.clone().unwrap_or(agent.name),
                uuid: self.uuid.clone().unwrap_or(agent.uuid),
                ..agent
            }
        })
    }

    /// Cuts the block where the answer of a question about ids changes; each part comes with its answer.
    pub(super) fn cut(&self, is_wanted: impl Fn(i64) -> bool) -> Vec<(Self, bool)> {
        let mut res: Vec<(Self, bool)> = Vec::new();
        for idx in 0..self.count {
            let id = self.first_id + idx;
            let (is_wanted, active) = (is_wanted(id), i64::from(idx < self.active));
            match res.last_mut() {
                Some((part, known)) if *known == is_wanted => {
                    part.count += 1;
                    part.active += active;
                }
                _ => res.push((Self { first_id: id, count: 1, active, ..self.clone() }, is_wanted)),
            }
        }
        res
    }
}

/// What an agent with an id is: the same on every machine.
fn agent(id: i64, is_active: bool) -> Agent {
    const SYSTEMS: [(&str, &str, &str); 6] = [
        ("Windows", "Windows Server 2022 Datacenter 64 bit Edition", "win"),
        ("Windows", "Windows 11 Enterprise 64 bit Edition", "pc"),
        ("Linux", "Red Hat Enterprise Linux 9.4", "rhel"),
        ("Linux", "Ubuntu Linux 24.04 LTS", "ubu"),
        ("Linux", "SUSE Linux Enterprise Server 15 SP5", "sles"),
        ("macOS", "macOS 15.1", "mac"),
    ];
    const SITES: [&str; 8] = ["ham", "zrh", "lys", "sin", "aus", "osa", "lds", "pnq"];
    let mut random = Random(id.unsigned_abs());
    let (platform, os, short) = random.one_of(&SYSTEMS).copied().unwrap_or_default();
    let site = random.one_of(&SITES).copied().unwrap_or_default();
    Agent { id, uuid: guid(random.wide()), name: format!("{site}-{short}-{id}"), platform, os, is_active }
}

/// Makes the table. A store from before it gets the agents its keys count.
pub(crate) fn make_tables(connection: &Connection) -> rusqlite::Result<()> {
    let is_there: bool = connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'qps_agents')",
        [],
        |row| row.get(0),
    )?;
    if is_there {
        return Ok(());
    }
    connection.execute_batch(
        "CREATE TABLE qps_agents (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            first_id INTEGER NOT NULL,
            count INTEGER NOT NULL,
            active INTEGER NOT NULL,
            key_id INTEGER NOT NULL,
            tags TEXT NOT NULL,
            name TEXT,
            uuid TEXT
        ) STRICT;
        CREATE INDEX qps_agents_key ON qps_agents (key_id);
        CREATE INDEX qps_agents_first_id ON qps_agents (first_id);",
    )?;
    for key in stored::all(connection)? {
        fit(connection, &key)?;
    }
    Ok(())
}

/// Forgets all agents.
pub(crate) fn clear(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("DELETE FROM qps_agents; DELETE FROM sqlite_sequence WHERE name = 'qps_agents'")
}

/// Forgets the agents of a key.
pub(crate) fn forget(connection: &Connection, key_id: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM qps_agents WHERE key_id = ?1")?.execute([key_id]).map(|_| ())
}

/// Gives a key the agents it counts. Agents it has stay when their number is right already.
pub(crate) fn fit(connection: &Connection, key: &StoredKey) -> rusqlite::Result<()> {
    let count = key.count_used.max(key.active_agents);
    let blocks = of_key(connection, key.id)?;
    let known =
        (blocks.iter().map(|it| it.count).sum::<i64>(), blocks.iter().map(|it| it.active).sum::<i64>());
    if known == (count, key.active_agents) {
        return Ok(());
    }
    forget(connection, key.id)?;
    if count > 0 {
        let tags = tags::given_to_agents(&key.tags);
        let first_id = next_id(connection)?;
        add(
            connection,
            &Block {
                first_id,
                count,
                active: key.active_agents,
                key_id: key.id,
                tags,
                name: None,
                uuid: None,
            },
        )?;
    }
    Ok(())
}

/// The id after the last agent.
pub(super) fn next_id(connection: &Connection) -> rusqlite::Result<i64> {
    connection
        // Blocks do not overlap, so the last one to begin is the last one to end.
        .prepare_cached("SELECT first_id + count FROM qps_agents ORDER BY first_id DESC LIMIT 1")?
        .query_row([], |row| row.get::<_, i64>(0))
        .optional()
        .map(|next| next.unwrap_or(FIRST_ID).max(FIRST_ID))
}

/// Adds a block behind all others.
pub(super) fn add(connection: &Connection, block: &Block) -> rusqlite::Result<()> {
    let Block { first_id, count, active, key_id, tags, name, uuid } = block;
    let tags =
        serde_json::to_string(tags).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    connection
        .prepare_cached(
            "INSERT INTO qps_agents (first_id, count, active, key_id, tags, name, uuid) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![first_id, count, active, key_id, tags, name, uuid])
        .map(|_| ())
}

/// Takes a block away.
pub(super) fn remove(connection: &Connection, block: &Block) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM qps_agents WHERE first_id = ?1")?
        .execute([block.first_id])
        .map(|_| ())
}

/// Whether an id belongs to an agent.
pub(super) fn has(connection: &Connection, id: i64) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM qps_agents WHERE first_id <= ?1 AND ?1 < first_id + count)",
        )?
        .query_row([id], |row| row.get(0))
}

/// The blocks of a key in the order they came.
pub(super) fn of_key(connection: &Connection, key_id: i64) -> rusqlite::Result<Vec<Block>> {
    blocks(connection, "WHERE key_id = ?1 ORDER BY position", [key_id])
}

/// All blocks in the order of their ids.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Block>> {
    blocks(connection, "ORDER BY first_id", [])
}

fn blocks(
    connection: &Connection,
    rest: &str,
    parameters: impl rusqlite::Params,
) -> rusqlite::Result<Vec<Block>> {
    let sql = format!("SELECT first_id, count, active, key_id, tags, name, uuid FROM qps_agents {rest}");
    connection.prepare_cached(&sql)?.query_map(parameters, from_row)?.collect()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Block> {
    let tags: String = row.get("tags")?;
    Ok(Block {
        first_id: row.get("first_id")?,
        count: row.get("count")?,
        active: row.get("active")?,
        key_id: row.get("key_id")?,
        tags: serde_json::from_str(&tags).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
        })?,
        name: row.get("name")?,
        uuid: row.get("uuid")?,
    })
}
