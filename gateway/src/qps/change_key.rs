//! `POST /qps/rest/1.0/cak/ca/changeactkey`: moves agents to another key (reference, section 6.5).
//!
//! No document says whether it happens before the answer. When a switch puts it off, it is kept in the store, so that a
//! restart does not lose it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use rusqlite::{Connection, Transaction, params};
use serde::{Deserialize, Serialize};

use super::agents::{self, Block};
use super::answer::Answer;
use super::criteria::{Criterion, Kind, Raw, understood};
use super::refusal::Refusal;
use super::xml::Node;
use super::{hosts, request};
use crate::app::App;
use crate::qualys_gateway::stored;
use crate::switches::Bound;

/// Which agents: at least one of these has to be asked for. `id` is the agent's.
const FIELDS: [(&str, Kind); 3] =
    [("id", Kind::Integer), ("tagName", Kind::Text), ("activationKey", Kind::Exact)];

/// What is to be done, as the store keeps it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Job {
    /// Field, operator and value of each criterion.
    criteria: Vec<(String, String, String)>,
    new_key_id: i64,
}

/// The call. `count` is the number of agents that move.
pub(super) async fn change(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Answer, Refusal> {
    let request = request::read(&headers, &body)?;
    understood(&request.criteria, &FIELDS)?;
    if request.criteria.is_empty() {
        let resolution = "Specify at least one of: id, tagName, activationKey.";
        return Err(Refusal::invalid("Criteria are missing.", resolution));
    }
    let new_key = new_key(request.data)?;
    let criteria =
        request.criteria.into_iter().map(|Raw { field, operator, value }| (field, operator, value));
    let criteria: Vec<_> = criteria.collect();
    let delay = match app.switches().qps.qps_change_delay {
        Bound::Off => None,
        Bound::At(millis) => Some(Duration::from_millis(u64::from(millis))),
    };
    let write = move |transaction: &Transaction<'_>| {
        let key = stored::find_by_activation_key(transaction, &new_key)?;
        // The message does not repeat the key, which opens doors.
        let key = key.ok_or_else(|| Refusal::not_found("AgentActKey", "with the new activation key"))?;
        let job = Job { criteria, new_key_id: key.id };
        if delay.is_some() {
            return Ok::<_, Refusal>((count(transaction, &job)?, Some(put_off(transaction, &job)?)));
        }
        Ok((run(transaction, &job)?, None))
    };
    let (count, job_id) = app.store.write(write).await?;
    if let (Some(delay), Some(job_id)) = (delay, job_id) {
        let store = app.store.clone();
        tokio::spawn(async move {
            tokio::time::sleep(delay).await;
            let done = store.write(move |transaction| run_put_off(transaction, Some(job_id))).await;
            if let Err(error) = done {
                crate::complain(&format!("cannot move agents to another key: {error}"));
            }
        });
    }
    Ok(Answer {
        schema: "1.0/ca/agentactkey",
        count: Some(usize::try_from(count).unwrap_or_default()),
        page: None,
        data: None,
        is_committed: true,
    })
}

fn new_key(data: Option<Node>) -> Result<String, Refusal> {
    let key = data.as_ref().filter(|data| data.name == "ChangeActKey");
    let key = key.and_then(|data| data.child("newActivationKey")).map(|node| node.word().to_owned());
    key.filter(|key| !key.is_empty()).ok_or_else(|| {
        Refusal::invalid(
            "newActivationKey is missing.",
            "Specify ChangeActKey with newActivationKey in data.",
        )
    })
}

/// Makes the table of what was put off.
pub(super) fn make_tables(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS qps_job (id INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL) STRICT",
    )
}

/// Forgets what was put off.
pub(super) fn clear(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("DELETE FROM qps_job")
}

fn put_off(connection: &Connection, job: &Job) -> rusqlite::Result<i64> {
    let text =
        serde_json::to_string(job).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    connection.execute("INSERT INTO qps_job (job) VALUES (?1)", [text])?;
    Ok(connection.last_insert_rowid())
}

/// Does what was put off: one job, or all that a former run of the program left. One that is gone was done or reset.
pub(super) fn run_put_off(transaction: &Transaction<'_>, id: Option<i64>) -> rusqlite::Result<()> {
    let jobs: Vec<(i64, String)> = transaction
        .prepare("SELECT id, job FROM qps_job WHERE ?1 IS NULL OR id = ?1 ORDER BY id")?
        .query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (id, text) in jobs {
        let job: Job = serde_json::from_str(&text).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
        })?;
        run(transaction, &job)?;
        transaction.execute("DELETE FROM qps_job WHERE id = ?1", params![id])?;
    }
    Ok(())
}

/// Moves the agents now; the keys on both sides count them anew. A new key that is gone meanwhile takes none.
fn run(connection: &Connection, job: &Job) -> rusqlite::Result<i64> {
    let Some(mut new_key) = stored::find(connection, job.new_key_id)? else { return Ok(0) };
    let mut moved = 0;
    for (block, parts) in moves(connection, job)? {
        agents::remove(connection, &block)?;
        let mut old_key = stored::find(connection, block.key_id)?;
        for (part, is_wanted) in parts {
            if !is_wanted {
                agents::add(connection, &part)?;
                continue;
            }
            if let Some(key) = &mut old_key {
                // Planted agents may not be counted by their key.
                key.count_used = (key.count_used - part.count).max(0);
                key.active_agents = (key.active_agents - part.active).max(0);
            }
            new_key.count_used += part.count;
            new_key.active_agents += part.active;
            moved += part.count;
            agents::add(connection, &Block { key_id: new_key.id, ..part })?;
        }
        if let Some(key) = old_key {
            stored::replace(connection, &key)?;
        }
    }
    if moved > 0 {
        stored::replace(connection, &new_key)?;
    }
    Ok(moved)
}

/// The number of agents a job moves.
fn count(connection: &Connection, job: &Job) -> rusqlite::Result<i64> {
    let parts = moves(connection, job)?.into_iter().flat_map(|(_, parts)| parts);
    Ok(parts.filter(|(_, is_wanted)| *is_wanted).map(|(part, _)| part.count).sum())
}

/// A block, and its parts with whether each moves.
type Move = (Block, Vec<(Block, bool)>);

/// The blocks from which agents move. Agents of the new key stay where they are.
fn moves(connection: &Connection, job: &Job) -> rusqlite::Result<Vec<Move>> {
    // The criteria were understood when the call came.
    let raw = |(field, operator, value): &(String, String, String)| Raw {
        field: field.clone(),
        operator: operator.clone(),
        value: value.clone(),
    };
    let raw: Vec<Raw> = job.criteria.iter().map(raw).collect();
    let Ok(criteria) = understood(&raw, &FIELDS) else { return Ok(Vec::new()) };
    let keys: HashMap<i64, String> =
        stored::all(connection)?.into_iter().map(|key| (key.id, key.activation_key)).collect();
    let mut res = Vec::new();
    for block in agents::all(connection)? {
        let is_candidate = block.key_id != job.new_key_id
            && criteria.iter().all(|Criterion { field, test }| match *field {
                "activationKey" => keys.get(&block.key_id).is_some_and(|key| test.holds_text(key)),
                "tagName" => hosts::tag_test(&block, test),
                _ => true,
            });
        if !is_candidate {
            continue;
        }
        let is_wanted = |id: i64| criteria.iter().all(|it| it.field != "id" || it.test.holds_number(id));
        let parts = block.cut(is_wanted);
        if parts.iter().any(|(_, is_wanted)| *is_wanted) {
            res.push((block, parts));
        }
    }
    Ok(res)
}
