//! Create, get, search, update and delete of activation keys (reference, section 6).

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, Transaction};

use super::agents::{self, Block};
use super::answer::{Answer, Page, Part};
use super::criteria::{Criterion, Kind, all_of, understood};
use super::refusal::Refusal;
use super::request::{self, Window};
use super::switches::SearchFields;
use super::{key_data, key_reply};
use crate::app::App;
use crate::qualys_gateway::random_guid;
use crate::qualys_gateway::stored::{self, Condition, Selection, StoredKey};
use crate::switches::{Bound, DuplicateTitles, Switches};

const SCHEMA: &str = "1.0/ca/agentactkey";
const OBJECT: &str = "AgentActKey";

/// `POST /qps/rest/1.0/create/ca/agentactkey`.
pub(super) async fn create(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Answer, Refusal> {
    let data = key_data::read(request::read(&headers, &body)?.data)?;
    let activation_key = random_guid()?;
    let user_name = app.options.account.user.clone();
    let switches = app.switches();
    let write = move |transaction: &Transaction<'_>| {
        let now = Timestamp::now().to_zoned(TimeZone::UTC).datetime();
        let blank = StoredKey {
            activation_key,
            date_purchased: stored::nine_digits(now),
            first_name: "Demo".to_owned(),
            last_name: "Administrator".to_owned(),
            user_name,
            ..StoredKey::blank(stored::next_id(transaction)?)
        };
        let key = key_data::created(blank, data)?;
        check_title(transaction, &key, switches.duplicate_titles)?;
        stored::insert(transaction, &key)?;
        Ok::<_, Refusal>(key)
    };
    let key = app.store.write(write).await?;
    Ok(one(key, &[], &app.switches(), true))
}

/// `GET` and `POST /qps/rest/1.0/get/ca/agentactkey/{id}`.
pub(super) async fn get(State(app): State<Arc<App>>, Path(id): Path<String>) -> Result<Answer, Refusal> {
    let id = key_id(&id)?;
    let found = app
        .store
        .read(move |connection| Ok((stored::find(connection, id)?, agents::of_key(connection, id)?)));
    match found.await? {
        (Some(key), blocks) => Ok(one(key, &blocks, &app.switches(), false)),
        (None, _) => Err(Refusal::not_found(OBJECT, id)),
    }
}

/// `POST /qps/rest/1.0/search/ca/agentactkey`.
pub(super) async fn search(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Answer, Refusal> {
    let request = request::read(&headers, &body)?;
    let switches = app.switches();
    let criteria = understood(&request.criteria, &fields(switches.qps.qps_search_fields))?;
    let selection = selection(&criteria, request.window);
    let limit = usize::try_from(request.window.limit).unwrap_or(1);
    let read = move |connection: &Connection| {
        let (_, keys) = stored::select(connection, &selection)?;
        let mut blocks = HashMap::new();
        for key in &keys {
            blocks.insert(key.id, agents::of_key(connection, key.id)?);
        }
        Ok((keys, blocks))
    };
    let (mut keys, blocks) = app.store.read(read).await?;
    // One row more than wanted was asked for, to know whether there is more.
    let has_more = keys.len() > limit;
    keys.truncate(limit);
    let last_id = keys.last().map(|key| key.id).filter(|_| has_more);
    let none = Vec::new();
    let shown = shown(&switches);
    let part = |key: StoredKey| {
        let blocks = blocks.get(&key.id).unwrap_or(&none);
        key_reply::part(key, blocks, shown)
    };
    let rows: Vec<Part> = keys.into_iter().map(part).collect();
    Ok(Answer {
        schema: SCHEMA,
        count: Some(rows.len()),
        page: Some(Page { last_id }),
        data: Some(Part::Items(OBJECT, rows)),
        is_committed: false,
    })
}

/// `POST /qps/rest/1.0/update/ca/agentactkey/{id}`.
pub(super) async fn update(
    state: State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Answer, Refusal> {
    let id = key_id(&id)?;
    updated(state, Some(id), &headers, &body).await
}

/// `POST /qps/rest/1.0/update/ca/agentactkey`, with the id in the body.
pub(super) async fn update_by_body(
    state: State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Answer, Refusal> {
    updated(state, None, &headers, &body).await
}

async fn updated(
    State(app): State<Arc<App>>,
    id: Option<i64>,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Answer, Refusal> {
    let data = key_data::read(request::read(headers, body)?.data)?;
    let id = match (id, data.id) {
        (Some(one), Some(other)) if one != other => {
            return Err(Refusal::invalid("The id in the path is another one than in the body.", ""));
        }
        (Some(id), _) | (None, Some(id)) => id,
        (None, None) => {
            return Err(Refusal::invalid("id is missing.", "Specify id in the path or the body."));
        }
    };
    let switches = app.switches();
    let write = {
        let switches = switches.clone();
        move |transaction: &Transaction<'_>| {
            let key = stored::find(transaction, id)?.ok_or_else(|| Refusal::not_found(OBJECT, id))?;
            let has_title = data.title.is_some();
            let key = key_data::updated(key, data, &switches)?;
            if has_title {
                check_title(transaction, &key, switches.duplicate_titles)?;
            }
            stored::replace(transaction, &key)?;
            Ok::<_, Refusal>((key, agents::of_key(transaction, id)?))
        }
    };
    let (key, blocks) = app.store.write(write).await?;
    Ok(one(key, &blocks, &switches, true))
}

/// `POST /qps/rest/1.0/delete/ca/agentactkey/{id}`. Refused while an agent of the key still reports.
pub(super) async fn delete(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Answer, Refusal> {
    let id = key_id(&id)?;
    // Nothing in it has a meaning, but it has to be one.
    request::read(&headers, &body)?;
    let write = move |transaction: &Transaction<'_>| {
        let key = stored::find(transaction, id)?.ok_or_else(|| Refusal::not_found(OBJECT, id))?;
        if key.active_agents > 0 {
            let message = format!("The activation key has {} active agents.", key.active_agents);
            return Err(Refusal::invalid(message, "Change the activation key of its agents first."));
        }
        stored::delete(transaction, id)?;
        agents::forget(transaction, id)?;
        Ok(())
    };
    app.store.write(write).await?;
    let row = Part::Fields(vec![("id", Part::Number(id))]);
    let data = Some(Part::Items(OBJECT, vec![row]));
    Ok(Answer { schema: SCHEMA, count: Some(1), page: None, data, is_committed: true })
}

fn one(key: StoredKey, blocks: &[Block], switches: &Switches, is_committed: bool) -> Answer {
    let row = key_reply::part(key, blocks, shown(switches));
    Answer {
        schema: SCHEMA,
        count: Some(1),
        page: None,
        data: Some(Part::Items(OBJECT, vec![row])),
        is_committed,
    }
}

fn shown(switches: &Switches) -> usize {
    match switches.qps.qps_agents_shown {
        Bound::Off => usize::MAX,
        Bound::At(most) => usize::try_from(most).unwrap_or(usize::MAX),
    }
}

fn key_id(text: &str) -> Result<i64, Refusal> {
    text.parse()
        .map_err(|_| Refusal::invalid(format!("The id '{text}' is no number."), "Specify the id as Long."))
}

fn fields(wanted: SearchFields) -> Vec<(&'static str, Kind)> {
    let mut res = vec![
        ("id", Kind::Integer),
        ("activationKey", Kind::Text),
        ("countPurchased", Kind::Integer),
        ("isDisabled", Kind::Boolean { with_numbers: false }),
    ];
    if wanted >= SearchFields::Owner {
        res.push(("ownerId", Kind::Integer));
    }
    if wanted >= SearchFields::All {
        res.extend([("title", Kind::Text), ("isEnabled", Kind::Boolean { with_numbers: true })]);
    }
    res
}

fn selection(criteria: &[Criterion], window: Window) -> Selection {
    let mut conditions: Vec<Condition> = criteria
        .iter()
        .map(|Criterion { field, test }| match *field {
            "id" => test.condition("id"),
            "activationKey" => test.condition("activation_key"),
            // Keys without a count have none to compare.
            "countPurchased" => {
                let Condition { sql, values } = test.condition("count_purchased");
                Condition { sql: format!("(count_purchased > 0 AND {sql})"), values }
            }
            "isDisabled" => test.condition("is_disabled"),
            "ownerId" => test.condition("owner_id"),
            "isEnabled" => test.condition("(1 - is_disabled)"),
            _ => test.condition("title"),
        })
        .collect();
    if let Some(from) = window.from_id {
        conditions.push(Condition { sql: "id >= ?".to_owned(), values: vec![SqlValue::Integer(from)] });
    }
    Selection {
        condition: all_of(conditions),
        order: "id ASC".to_owned(),
        limit: window.limit.saturating_add(1),
        offset: window.skip,
    }
}

fn check_title(transaction: &Transaction<'_>, key: &StoredKey, rule: DuplicateTitles) -> Result<(), Refusal> {
    let is_free = rule == DuplicateTitles::Allow || key.title.trim().is_empty();
    if !is_free && stored::has_title(transaction, &key.title, key.id)? {
        return Err(Refusal::invalid("Another activation key has this title.", "Specify another title."));
    }
    Ok(())
}
