//! Hosts with an agent: search, count and get of asset management (reference, section 6.5).

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use rusqlite::Connection;

use super::agents::{self, Agent, Block};
use super::answer::{Answer, Page, Part};
use super::criteria::{Criterion, Kind, Raw, Test, understood};
use super::refusal::Refusal;
use super::request::{self, Window};
use super::switches::Demand;
use super::tags::CLOUD_AGENT;
use crate::app::{App, today};
use crate::qualys_gateway::demo::tag_name;
use crate::qualys_gateway::stored;
use crate::random::Random;

/// The fields a host search takes. `tagName` and `activationKey` are documented for agents, `id` and `qwebHostId`
/// recorded; the others are what public clients send.
const FIELDS: [(&str, Kind); 14] = [
    ("id", Kind::Integer),
    ("qwebHostId", Kind::Integer),
    ("tagId", Kind::Integer),
    ("tagName", Kind::Text),
    ("activationKey", Kind::Text),
    ("name", Kind::Text),
    ("dnsHostName", Kind::Text),
    ("netbiosName", Kind::Text),
    ("os", Kind::Text),
    ("address", Kind::Text),
    ("agentUuid", Kind::Text),
    ("trackingMethod", Kind::Keyword),
    ("created", Kind::Date),
    ("lastCheckedIn", Kind::Date),
];
const SCHEMA: &str = "2.0/am/hostasset";

/// The key of a block, as hosts show it.
#[derive(Debug, Clone, Default)]
struct HostKey {
    activation_key: String,
    title: String,
}

/// A host: an agent, what goes for its whole block, and the day it is seen from.
#[derive(Debug)]
struct Host<'a> {
    agent: Agent,
    block: &'a Block,
    key: &'a HostKey,
    today: Date,
}

/// `POST /qps/rest/2.0/search/am/hostasset`.
pub(super) async fn search(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Answer, Refusal> {
    let request = request::read(&headers, &body)?;
    let criteria = wanted(&request.criteria, app.switches().qps.qps_agent_tag)?;
    let window = request.window;
    let (rows, last_id) = app.store.read(move |connection| select(connection, &criteria, window)).await?;
    Ok(Answer {
        schema: SCHEMA,
        count: Some(rows.len()),
        page: Some(Page { last_id }),
        data: Some(Part::Items("HostAsset", rows)),
        is_committed: false,
    })
}

/// `POST /qps/rest/2.0/count/am/hostasset`: `count` is the number of all hosts that meet the criteria.
pub(super) async fn count(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Answer, Refusal> {
    let request = request::read(&headers, &body)?;
    let criteria = wanted(&request.criteria, app.switches().qps.qps_agent_tag)?;
    let count = app.store.read(move |connection| {
        let (keys, today) = (keys(connection)?, today());
        let none = HostKey::default();
        let mut res = 0;
        for block in agents::all(connection)? {
            let key = keys.get(&block.key_id).unwrap_or(&none);
            if is_out(&block, key, &criteria) {
                continue;
            }
            // What is asked of whole blocks was answered above; no agent has to be made up for it.
            if criteria.iter().all(|criterion| is_of_block(criterion.field)) {
                res += usize::try_from(block.count).unwrap_or_default();
            } else {
                res += hosts(&block, key, today).filter(|host| host.meets(&criteria)).count();
            }
        }
        Ok(res)
    });
    Ok(Answer { schema: SCHEMA, count: Some(count.await?), page: None, data: None, is_committed: false })
}

/// `GET` and `POST /qps/rest/2.0/get/am/hostasset/{id}`.
pub(super) async fn get(State(app): State<Arc<App>>, Path(id): Path<String>) -> Result<Answer, Refusal> {
    let unknown = || Refusal::not_found("HostAsset", &id);
    let number: i64 = id.parse().map_err(|_| unknown())?;
    let criteria = understood(
        &[Raw { field: "id".to_owned(), operator: "EQUALS".to_owned(), value: number.to_string() }],
        &FIELDS,
    )?;
    let window = Window { limit: 1, ..Window::default() };
    let (rows, _) = app.store.read(move |connection| select(connection, &criteria, window)).await?;
    if rows.is_empty() {
        return Err(unknown());
    }
    let data = Some(Part::Items("HostAsset", rows));
    Ok(Answer { schema: SCHEMA, count: Some(1), page: None, data, is_committed: false })
}

fn wanted(raw: &[Raw], demand: Demand) -> Result<Vec<Criterion>, Refusal> {
    let criteria = understood(raw, &FIELDS)?;
    let asks = |it: &Criterion| it.field == "tagName" && it.test.equal_text() == Some(CLOUD_AGENT.1);
    if demand == Demand::Required && !criteria.iter().any(asks) {
        let resolution = "Specify criteria 'tagName' EQUALS Cloud Agent.";
        return Err(Refusal::invalid("Criteria: 'tagName' is missing.", resolution));
    }
    Ok(criteria)
}

fn keys(connection: &Connection) -> rusqlite::Result<HashMap<i64, HostKey>> {
    let keys = stored::all(connection)?.into_iter();
    Ok(keys.map(|key| (key.id, HostKey { activation_key: key.activation_key, title: key.title })).collect())
}

/// The rows of a page, and the last id when there are more.
fn select(
    connection: &Connection,
    criteria: &[Criterion],
    window: Window,
) -> rusqlite::Result<(Vec<Part>, Option<i64>)> {
    let (keys, today) = (keys(connection)?, today());
    let none = HostKey::default();
    let limit = usize::try_from(window.limit).unwrap_or(1);
    let (mut rows, mut skip, mut last_id) = (Vec::new(), window.skip, None);
    for block in agents::all(connection)? {
        let key = keys.get(&block.key_id).unwrap_or(&none);
        let end = block.first_id + block.count;
        if window.from_id.is_some_and(|from| end <= from) || is_out(&block, key, criteria) {
            continue;
        }
        for host in hosts(&block, key, today) {
            if window.from_id.is_some_and(|from| host.agent.id < from) || !host.meets(criteria) {
                continue;
            }
            if skip > 0 {
                skip -= 1;
                continue;
            }
            if rows.len() == limit {
                return Ok((rows, last_id));
            }
            last_id = Some(host.agent.id);
            rows.push(host.part());
        }
    }
    Ok((rows, None))
}

/// Whether all agents of a block answer a criterion alike.
fn is_of_block(field: &str) -> bool {
    matches!(field, "activationKey" | "tagName")
}

/// Whether no host of a block can meet the criteria, so that its agents need not be looked at.
fn is_out(block: &Block, key: &HostKey, criteria: &[Criterion]) -> bool {
    criteria.iter().any(|criterion| match criterion.field {
        "activationKey" => !criterion.test.holds_text(&key.activation_key),
        "tagName" => !tag_test(block, &criterion.test),
        _ => false,
    })
}

/// Whether the tags of the agents of a block meet a test.
pub(super) fn tag_test(block: &Block, test: &Test) -> bool {
    let names: Vec<String> = tags(block).map(tag_name).collect();
    test.holds_any(names.iter().map(String::as_str))
}

fn tags(block: &Block) -> impl Iterator<Item = i64> + '_ {
    std::iter::once(CLOUD_AGENT.0).chain(block.tags.iter().copied())
}

fn hosts<'a>(block: &'a Block, key: &'a HostKey, today: Date) -> impl Iterator<Item = Host<'a>> {
    block.agents().map(move |agent| Host { agent, block, key, today })
}

impl Host<'_> {
    fn meets(&self, criteria: &[Criterion]) -> bool {
        criteria.iter().all(|Criterion { field, test }| match *field {
            "id" => test.holds_number(self.agent.id),
            "qwebHostId" => test.holds_number(self.host_id()),
            "tagId" => test.holds_any_number(tags(self.block)),
            "tagName" => tag_test(self.block, test),
            "activationKey" => test.holds_text(&self.key.activation_key),
            "name" | "dnsHostName" => test.holds_text(&self.agent.name),
            "netbiosName" => test.holds_text(&self.agent.name.to_uppercase()),
            "os" => test.holds_text(self.agent.os),
            "address" => test.holds_text(&self.address()),
            "agentUuid" => test.holds_text(&self.agent.uuid),
            "created" => test.holds_number(self.created().as_second()),
            "lastCheckedIn" => test.holds_number(self.checked_in().as_second()),
            _ => test.holds_text(TRACKING),
        })
    }

    fn host_id(&self) -> i64 {
        self.agent.id + 4_000_000
    }

    fn address(&self) -> String {
        let part = |shift: u32| (self.agent.id >> shift) & 0xff;
        format!("10.{}.{}.{}", part(16), part(8), part(0))
    }

    fn created(&self) -> Timestamp {
        let days = Random(self.agent.id.unsigned_abs() ^ 1).below(1_500);
        at(Date::constant(2021, 3, 1).saturating_add(days.days()), self.agent.id)
    }

    /// An agent that reports was seen today or yesterday, another one a month to a year ago.
    fn checked_in(&self) -> Timestamp {
        let mut random = Random(self.agent.id.unsigned_abs() ^ 2);
        let days = if self.agent.is_active { 1 + random.below(2) } else { 30 + random.below(335) };
        at(self.today.saturating_sub(days.days()), self.agent.id)
    }

    fn part(&self) -> Part {
        let agent = &self.agent;
        let time = |time: Timestamp| Part::word(format!("{time:.0}"));
        let text = |text: &str| Part::Text(text.to_owned());
        let pair =
            |id: i64, name: String| Part::Fields(vec![("id", Part::Number(id)), ("name", Part::Text(name))]);
        let tags = tags(self.block).map(|id| pair(id, tag_name(id))).collect();
        let mut key = vec![("activationId", Part::word(&self.key.activation_key))];
        if !self.key.title.is_empty() {
            key.push(("title", text(&self.key.title)));
        }
        let info = vec![
            ("agentVersion", Part::word("6.2.0.21")),
            ("agentId", Part::word(&agent.uuid)),
            ("status", Part::word(if agent.is_active { "STATUS_ACTIVE" } else { "STATUS_INACTIVE" })),
            ("lastCheckedIn", time(self.checked_in())),
            ("connectedFrom", Part::word(self.address())),
            ("chirpStatus", text("Manifest Downloaded")),
            ("platform", Part::word(agent.platform)),
            ("agentConfiguration", pair(8_099, "Initial Profile".to_owned())),
            ("activationKey", Part::Fields(key)),
        ];
        Part::Fields(vec![
            ("id", Part::Number(agent.id)),
            ("name", text(&agent.name)),
            ("created", time(self.created())),
            ("modified", time(self.checked_in())),
            ("type", Part::word("HOST")),
            ("tags", Part::list("TagSimple", tags)),
            ("qwebHostId", Part::Number(self.host_id())),
            ("dnsHostName", text(&agent.name)),
            ("os", text(agent.os)),
            ("agentInfo", Part::Fields(info)),
            ("netbiosName", text(&agent.name.to_uppercase())),
            ("address", Part::word(self.address())),
            ("trackingMethod", Part::word(TRACKING)),
        ])
    }
}

/// How the vendor knows a host with an agent again.
const TRACKING: &str = "QAGENT";

fn at(day: Date, id: i64) -> Timestamp {
    let seconds = Random(id.unsigned_abs() ^ 3).below(86_400);
    // Every day here is far from both ends of the calendar.
    let start = day.to_zoned(TimeZone::UTC).map(|day| day.timestamp()).unwrap_or_default();
    start.saturating_add(seconds.seconds()).unwrap_or(start)
}
