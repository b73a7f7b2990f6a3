//! A small QPS service for tests: it answers in XML as documented, and behaves as told.

use std::fmt::Write as _;
use std::rc::Rc;

use serde_json::Value as Json;

use super::{MANIFEST, xml};
use crate::http::Method;
use crate::systems::System;
use crate::systems::testing::{Reply, Scene, Service};

/// A key as the service keeps it.
#[derive(Clone, Default)]
pub(crate) struct Stored {
    pub(crate) id: u64,
    pub(crate) title: String,
    pub(crate) kind: String,
    pub(crate) count: u64,
    pub(crate) disabled: bool,
    pub(crate) modules: Vec<String>,
    pub(crate) owner: String,
}

/// The state of the service.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) keys: Vec<Stored>,
    /// Agents: their id and that of their key.
    pub(crate) agents: Vec<(u64, u64)>,
    /// Rows of a page at most.
    pub(crate) page: usize,
    /// An answer of more rows than this is far too long, if it is not 0.
    pub(crate) bears: u64,
    /// The last page lacks `lastId`, and so do the others.
    pub(crate) without_last_id: bool,
    /// The code of every answer to a write, under HTTP 200.
    pub(crate) refuses: Option<&'static str>,
    /// The browser repeats a create by itself, and the repetition is refused for its title.
    pub(crate) repeats: bool,
    /// Agents move only after so many looks.
    pub(crate) moves_after: usize,
    /// A move that was said yes to and not done yet: from, to.
    pub(crate) moving: Option<(u64, u64)>,
}

pub(crate) type Qps = Scene<State>;

/// Keys with the numbers from 1, every third one disabled.
pub(crate) fn with_keys(count: u64) -> Qps {
    let key = |id: u64| Stored {
        id,
        title: format!("key {id:04}"),
        kind: "UNLIMITED".to_owned(),
        disabled: id.is_multiple_of(3),
        ..Stored::default()
    };
    let state = State { keys: (1..=count).map(key).collect(), page: 1_000, ..State::default() };
    Scene::new(System::of(&MANIFEST), service(state))
}

fn service(state: State) -> Rc<Service<State>> {
    Service::new(state, is_write, answer)
}

fn is_write(_: Method, path: &str) -> bool {
    ["/create/", "/update/", "/delete/", "/cak/"].iter().any(|it| path.contains(it))
}

/// The value of a key.
pub(crate) fn value(id: u64) -> String {
    format!("{id:08}-0000-4000-8000-000000000000")
}

fn answer(state: &mut State, method: Method, path: &str, body: &str) -> Reply {
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    let id: u64 = path.rsplit('/').next().and_then(|it| it.parse().ok()).unwrap_or(0);
    if let Some(code) = state.refuses.filter(|_| is_write(method, path)) {
        return error(code, "No.");
    }
    let operation = path.trim_start_matches("qps/rest/1.0/").trim_start_matches("qps/rest/2.0/");
    match operation.split('/').next().unwrap_or_default() {
        "get" => match state.keys.iter().find(|it| it.id == id) {
            Some(key) => rows(vec![key_xml(state, key)], None),
            None => error("OBJECT_NOT_FOUND", "There is no such key."),
        },
        "create" if state.repeats => {
            create(state, body);
            error("INVALID_REQUEST", "The title is taken.")
        }
        "create" => create(state, body),
        "update" => update(state, id, body),
        "delete" if state.agents.iter().any(|(_, key)| *key == id) => {
            error("INVALID_REQUEST", "It has agents.")
        }
        "delete" => {
            state.keys.retain(|it| it.id != id);
            rows(vec![format!("<AgentActKey><id>{id}</id></AgentActKey>")], None)
        }
        "cak" => move_agents(state, body),
        "count" => success(&format!("<count>{}</count>", agents(state, body).len())),
        "search" if path.ends_with("hostasset") => hosts(state, body),
        "search" if path.ends_with("tag") => rows(
            vec![
                "<Tag><id>8</id><name>by rule</name><ruleType>OPEN_PORTS</ruleType></Tag>".to_owned(),
                "<Tag><id>7</id><name><![CDATA[a & b]]></name><ruleType>STATIC</ruleType></Tag>".to_owned(),
                "<Tag><id>9</id><name>plain</name></Tag>".to_owned(),
            ],
            None,
        ),
        "search" => search(state, body),
        _ => success("<data><Portal-Version><CA-VERSION>2.5.0.0</CA-VERSION></Portal-Version></data>"),
    }
}

/// Field, operator and value of each criterion.
pub(crate) fn criteria(body: &str) -> Vec<(String, String, String)> {
    let one = |part: &str| {
        let mut parts = part.split(['"', '>', '<']);
        let field = parts.next()?.to_owned();
        let operator = parts.nth(1)?.to_owned();
        Some((field, operator, parts.nth(1)?.to_owned()))
    };
    body.split("<Criteria field=\"").skip(1).filter_map(one).collect()
}

fn text(body: &Json, name: &str) -> Option<String> {
    Some(body.get(name)?.as_str()?.to_owned())
}

/// The `AgentActKey` of a request.
fn sent(body: &str) -> Json {
    let tree = xml::read(body).unwrap_or_default();
    tree.pointer("/ServiceRequest/data/0/AgentActKey").cloned().unwrap_or_default()
}

fn licences(body: &Json, part: &str) -> Vec<String> {
    // Requests name the items in elements that the reader takes for records, one of each name.
    let names = body.pointer(&format!("/modules/{part}"));
    let items = match names {
        Some(Json::Array(items)) => items.clone(),
        Some(item) => vec![item.clone()],
        None => Vec::new(),
    };
    items
        .iter()
        .filter_map(|it| it.pointer("/ActivationKeyModule/license")?.as_str().map(str::to_owned))
        .collect()
}

fn create(state: &mut State, body: &str) -> Reply {
    let body = sent(body);
    let Some(kind) = text(&body, "type") else { return error("INVALID_REQUEST", "type is missing.") };
    let id = state.keys.iter().map(|it| it.id).max().unwrap_or(0) + 1;
    let count = text(&body, "countPurchased").and_then(|it| it.parse().ok()).unwrap_or(0);
    let key = Stored {
        id,
        title: text(&body, "title").unwrap_or_default(),
        // The type governs.
        count: if kind.starts_with("COUNT") { count } else { 0 },
        kind,
        disabled: false,
        modules: licences(&body, "list"),
        owner: text(&body, "ownerId").unwrap_or_default(),
    };
    let row = key_xml(state, &key);
    state.keys.push(key);
    rows(vec![row], None)
}

fn update(state: &mut State, id: u64, body: &str) -> Reply {
    let body = sent(body);
    let Some(kind) = text(&body, "type") else { return error("INVALID_REQUEST", "type is missing.") };
    let Some(key) = state.keys.iter_mut().find(|it| it.id == id) else {
        return error("OBJECT_NOT_FOUND", "There is no such key.");
    };
    key.title = text(&body, "title").unwrap_or_else(|| key.title.clone());
    key.owner = text(&body, "ownerId").unwrap_or_else(|| key.owner.clone());
    key.disabled = text(&body, "isDisabled").map_or(key.disabled, |it| it == "true");
    let count = text(&body, "countPurchased").and_then(|it| it.parse().ok()).unwrap_or(key.count);
    key.count = if kind.starts_with("COUNT") { count } else { 0 };
    key.kind = kind;
    // As in the printed answer: a list takes everything away.
    if body.pointer("/modules/list").is_some() {
        key.modules.clear();
    }
    key.modules.extend(licences(&body, "add"));
    let removed = licences(&body, "remove");
    key.modules.retain(|it| !removed.contains(it));
    let key = key.clone();
    rows(vec![key_xml(state, &key)], None)
}

fn move_agents(state: &mut State, body: &str) -> Reply {
    let key_of = |text: &str| state.keys.iter().map(|it| it.id).find(|id| value(*id) == text);
    let criteria = criteria(body);
    let from = criteria.iter().find(|it| it.0 == "activationKey").and_then(|it| key_of(&it.2));
    let tree = xml::read(body).unwrap_or_default();
    let to = tree.pointer("/ServiceRequest/data/0/ChangeActKey/newActivationKey").and_then(Json::as_str);
    let Some((from, to)) = from.zip(to.and_then(key_of)) else {
        return error("OBJECT_NOT_FOUND", "There is no such key.");
    };
    if state.moves_after > 0 {
        state.moving = Some((from, to));
    } else {
        carry_over(state, from, to);
    }
    success("<count>1</count>")
}

fn carry_over(state: &mut State, from: u64, to: u64) {
    for agent in state.agents.iter_mut().filter(|it| it.1 == from) {
        agent.1 = to;
    }
}

/// Agents that a request asks for.
fn agents(state: &mut State, body: &str) -> Vec<u64> {
    if let Some((from, to)) = state.moving {
        state.moves_after = state.moves_after.saturating_sub(1);
        if state.moves_after == 0 {
            carry_over(state, from, to);
            state.moving = None;
        }
    }
    let criteria = criteria(body);
    let holds = |(id, key): &&(u64, u64)| {
        criteria.iter().all(|(field, _, wanted)| match field.as_str() {
            "activationKey" => value(*key) == *wanted,
            "id" => wanted.parse().is_ok_and(|it: u64| *id > it),
            field => field == "tagName" && wanted == "Cloud Agent",
        })
    };
    state.agents.iter().filter(holds).map(|(id, _)| *id).collect()
}

fn hosts(state: &mut State, body: &str) -> Reply {
    let mut found = agents(state, body);
    let has_more = found.len() > state.page;
    found.truncate(state.page);
    let host = |id: &u64| {
        format!(
            "<HostAsset><id>{id}</id><name>host {id}</name><created>2021-05-13T15:19:31Z</created><agentInfo>\
             <agentId>uuid-{id}</agentId><lastCheckedIn>2026-11-20T10:00:00Z</lastCheckedIn></agentInfo>\
             <address>10.0.0.{id}</address></HostAsset>"
        )
    };
    let last = found.last().copied().filter(|_| has_more);
    rows(found.iter().map(host).collect(), Some(last))
}

fn search(state: &State, body: &str) -> Reply {
    let limit = body.split_once("<limitResults>").and_then(|(_, it)| it.split('<').next()?.parse().ok());
    if state.bears > 0 && limit.is_none_or(|it: u64| it > state.bears) {
        return success(&" ".repeat(64 * 1024 * 1024));
    }
    let criteria = criteria(body);
    let holds = |key: &&Stored| {
        criteria.iter().all(|(field, operator, wanted)| {
            let number = |it: &str| it.parse::<u64>().unwrap_or(u64::MAX);
            match (field.as_str(), operator.as_str()) {
                ("id", "GREATER") => key.id > number(wanted),
                ("id", "LESSER") => key.id < number(wanted),
                ("id", "EQUALS") => key.id == number(wanted),
                ("id", "NOT EQUALS") => key.id != number(wanted),
                ("id", "IN") => wanted.split(',').any(|it| key.id == number(it)),
                ("isDisabled", "EQUALS") => key.disabled.to_string() == *wanted,
                ("activationKey", "EQUALS") => value(key.id) == *wanted,
                (field, operator) => panic!("no criterion of the reference: {field} {operator}"),
            }
        })
    };
    let mut found: Vec<&Stored> = state.keys.iter().filter(holds).collect();
    found.sort_by_key(|it| it.id);
    let has_more = found.len() > state.page;
    found.truncate(state.page);
    let last = found.last().map(|it| it.id).filter(|_| has_more);
    let texts = found.iter().map(|it| key_xml(state, it)).collect();
    if state.without_last_id && has_more {
        let (status, text) = rows(texts, Some(last));
        let at = text.find("<lastId>").zip(text.find("</lastId>"));
        let text = at.map_or(text.clone(), |(from, to)| [&text[..from], &text[to + 9..]].concat());
        return (status, text);
    }
    rows(texts, Some(last))
}

fn key_xml(state: &State, key: &Stored) -> String {
    let used = state.agents.iter().filter(|(_, of)| *of == key.id).count();
    let mut res = format!(
        "<AgentActKey><id>{}</id><activationKey>{}</activationKey><status>ACTIVE</status>\
         <countPurchased>{}</countPurchased><countUsed>{used}</countUsed>\
         <datePurchased>2021-05-13T15:19:31Z</datePurchased><type>{}</type>",
        key.id,
        value(key.id),
        key.count,
        key.kind
    );
    if !key.title.is_empty() {
        let title = quick_xml::escape::escape(key.title.as_str());
        write!(res, "<title>{title}</title>").unwrap_or_default();
    }
    write!(res, "<networkId>0</networkId><isDisabled>{}</isDisabled>", key.disabled).unwrap_or_default();
    if !key.modules.is_empty() {
        let module =
            |it: &String| format!("<ActivationKeyModule><license>{it}</license></ActivationKeyModule>");
        let list: String = key.modules.iter().map(module).collect();
        write!(res, "<modules><list>{list}</list></modules>").unwrap_or_default();
    }
    if !key.owner.is_empty() {
        write!(res, "<ownerId>{}</ownerId>", key.owner).unwrap_or_default();
    }
    res + "</AgentActKey>"
}

/// Rows; of a search when it says whether there are more.
fn rows(rows: Vec<String>, page: Option<Option<u64>>) -> Reply {
    let mut inner = format!("<count>{}</count>", rows.len());
    // Without a hit there is nothing else (6.2).
    if page.is_some() && rows.is_empty() {
        return success(&inner);
    }
    if let Some(last) = page {
        write!(inner, "<hasMoreRecords>{}</hasMoreRecords>", last.is_some()).unwrap_or_default();
        if let Some(last) = last {
            write!(inner, "<lastId>{last}</lastId>").unwrap_or_default();
        }
    }
    success(&format!("{inner}<data>{}</data>", rows.concat()))
}

fn success(inner: &str) -> Reply {
    let text = format!("<ServiceResponse><responseCode>SUCCESS</responseCode>{inner}</ServiceResponse>");
    (200, ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", &text].concat())
}

/// An error under HTTP 200 (6.4).
pub(crate) fn error(code: &str, message: &str) -> Reply {
    let details =
        format!("<responseErrorDetails><errorMessage>{message}</errorMessage></responseErrorDetails>");
    (200, format!("<ServiceResponse><responseCode>{code}</responseCode>{details}</ServiceResponse>"))
}
