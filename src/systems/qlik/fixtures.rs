//! A tenant that answers as the reference describes it.

use serde_json::{Value as Json, json};

use super::MANIFEST;
use crate::http::Method;
use crate::systems::System;
use crate::systems::testing::{BASE, Reply, Scene, Service};

pub(super) const SYSTEM: System = System::of(&MANIFEST);
pub(super) const ME: &str = "64ef645a3b7009d55dee5a2b";
pub(super) const OTHER: &str = "64ef645a3b7009d55dee5a2c";
pub(super) const TENANT_ID: &str = "Vx4Xn2DLpnLkPuKFUC9Gd4gSDYwNvHFt";
/// A value such as a create answers with.
pub(super) const TOKEN: &str = "eyJhbGciOiJFUzM4NCJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl";

/// A key with all that is documented of one.
pub(super) fn sample() -> Json {
    json!({
        "id": "6e1f3b1c-0f0a-4c6e-9d31-6d3f1f3e2a01", "tenantId": TENANT_ID, "description": "Nightly reload",
        "status": "active", "sub": ME, "subType": "user", "expiry": "2027-11-21T12:00:00.000Z",
        "createdByUser": ME, "created": "2026-11-21T12:00:00.000Z", "lastUpdated": "2026-11-21T12:30:00.000Z"
    })
}

pub(super) fn with(fields: Json) -> Json {
    let mut res = sample();
    for (name, value) in fields.as_object().unwrap() {
        res[name] = value.clone();
    }
    res
}

/// What the tenant holds, and who asks.
pub(super) struct State {
    /// Newest first.
    pub(super) keys: Vec<Json>,
    pub(super) config: Json,
    pub(super) is_admin: bool,
    /// Where pages lead on to.
    pub(super) origin: &'static str,
}

impl Default for State {
    fn default() -> Self {
        let config = json!({ "max_keys_per_user": 5, "max_api_key_expiry": "PT24H", "scim_externalClient_expiry": "P365D" });
        Self { keys: Vec::new(), config, is_admin: true, origin: BASE }
    }
}

pub(super) fn is_write(method: Method, _path: &str) -> bool {
    method != Method::Get
}

fn user(id: &str, name: &str, roles: &Json) -> Json {
    json!({ "id": id, "tenantId": TENANT_ID, "name": name, "email": format!("{name}@example.com").to_lowercase(),
        "assignedRoles": roles, "status": "active" })
}

fn refused(status: u16, title: &str) -> Reply {
    (status, json!({ "errors": [{ "code": "API-KEYS-3", "title": title }], "traceId": "4f1c" }).to_string())
}

pub(super) fn handle(state: &mut State, method: Method, path: &str, body: &str) -> Reply {
    let sent: Json = serde_json::from_str(body).unwrap_or_default();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let query: Vec<(String, String)> = query
        .split('&')
        .filter_map(|it| it.split_once('='))
        .map(|(name, value)| (name.to_owned(), decoded(value)))
        .collect();
    let asked = |name: &str| query.iter().find(|(it, _)| it == name).map(|(_, value)| value.clone());
    let parts: Vec<&str> = path.split('/').skip(2).collect();
    let roles = if state.is_admin { json!([{ "id": "r", "name": "TenantAdmin" }]) } else { json!([]) };
    match (method, parts.as_slice()) {
        // A browser follows the 301 by itself, so this is what arrives.
        (Method::Get, ["users", "me"]) => (200, user(ME, "Ada", &roles).to_string()),
        (Method::Get, ["users"]) => {
            let filter = asked("filter").unwrap_or_default().to_lowercase();
            let all = [user(ME, "Ada", &roles), user(OTHER, "Bo", &json!([]))];
            let is_meant = |it: &&Json| {
                filter.is_empty()
                    || filter.contains(&format!("id eq {}", it["id"]))
                    || filter.contains(&format!("name co {}", it["name"]).to_lowercase())
            };
            let data: Vec<&Json> = all.iter().filter(is_meant).collect();
            (200, json!({ "data": data, "links": { "self": { "href": "x" } } }).to_string())
        }
        (Method::Get, ["tenants", "me"]) => (200, json!({ "id": TENANT_ID, "name": "Demo" }).to_string()),
        (Method::Get, ["identity-providers"]) => {
            let data = json!([{ "id": "5f1", "provider": "okta", "description": "Okta of the company" },
                { "id": "5f2", "provider": "azureAD" }]);
            (200, json!({ "data": data, "links": { "self": { "href": "x" } } }).to_string())
        }
        (Method::Get, ["api-keys"]) => list(state, &asked),
        (Method::Post, ["api-keys"]) => {
            let id = format!("key-{}", state.keys.len() + 1);
            let sub = sent.get("sub").cloned().unwrap_or_else(|| ME.into());
            let sub_type = sent.get("subType").cloned().unwrap_or_else(|| "user".into());
            let mut made = with(
                json!({ "id": id, "description": sent["description"], "sub": sub, "subType": sub_type }),
            );
            state.keys.insert(0, made.clone());
            made["token"] = TOKEN.into();
            (201, made.to_string())
        }
        (Method::Get, ["api-keys", "configs", TENANT_ID]) => (200, state.config.to_string()),
        (Method::Patch, ["api-keys", "configs", TENANT_ID]) => {
            for op in sent.as_array().unwrap() {
                state.config[op["path"].as_str().unwrap().trim_start_matches('/')] = op["value"].clone();
            }
            (204, String::new())
        }
        (_, ["api-keys", id]) => {
            let Some(at) = state.keys.iter().position(|it| it["id"] == *id) else {
                return refused(404, "Not found");
            };
            match method {
                Method::Get => (200, state.keys[at].to_string()),
                Method::Patch => {
                    state.keys[at]["description"] = sent[0]["value"].clone();
                    (204, String::new())
                }
                _ if state.keys[at]["sub"] == ME => {
                    state.keys.remove(at);
                    (204, String::new())
                }
                _ => {
                    state.keys[at]["status"] = "revoked".into();
                    (204, String::new())
                }
            }
        }
        _ => refused(404, "No such path"),
    }
}

fn list(state: &State, asked: &dyn Fn(&str) -> Option<String>) -> Reply {
    if !state.is_admin && asked("sub").as_deref() != Some(ME) {
        return refused(403, "Forbidden");
    }
    let is_meant = |it: &&Json| {
        ["status", "sub", "createdByUser"]
            .iter()
            .all(|name| asked(name).is_none_or(|value| it[*name] == value))
    };
    let all: Vec<&Json> = state.keys.iter().filter(is_meant).collect();
    let limit = asked("limit").unwrap().parse::<usize>().unwrap();
    let after = asked("startingAfter");
    let start = after.map_or(0, |id| all.iter().position(|it| it["id"] == id).unwrap() + 1);
    let rows: Vec<&Json> = all.iter().skip(start).take(limit).copied().collect();
    let mut links = json!({ "self": { "href": format!("{}api/v1/api-keys", state.origin) } });
    if start + rows.len() < all.len() {
        let last = rows.last().unwrap()["id"].as_str().unwrap();
        links["next"] =
            json!({ "href": format!("{}api/v1/api-keys?limit={limit}&startingAfter={last}", state.origin) });
    }
    (200, json!({ "data": rows, "links": links }).to_string())
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex: Vec<u8> = rest.by_ref().take(2).collect();
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// A tenant with a key of the reader's own (`mine`) and one of somebody else's (`theirs`).
pub(super) fn scene() -> Scene<State> {
    let mine = with(json!({ "id": "mine" }));
    let theirs =
        with(json!({ "id": "theirs", "description": "Their key", "sub": OTHER, "createdByUser": OTHER }));
    scene_of(State { keys: vec![mine, theirs], ..State::default() })
}

pub(super) fn scene_of(state: State) -> Scene<State> {
    Scene::new(SYSTEM, Service::new(state, is_write, handle))
}
