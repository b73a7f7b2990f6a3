//! A key as the replies show it: the order of the XSD, empty parts left out (reference, section 6.1; notes of 2021).

use jiff::civil::{DateTime, Time};

use super::agents::Block;
use super::answer::Part;
use super::modules;
use crate::qualys_gateway::demo::tag_name;
use crate::qualys_gateway::stored::StoredKey;

/// Writes a key with the agents to show of it.
pub(super) fn part(key: StoredKey, agents: &[Block], shown: usize) -> Part {
    let mut res = vec![("id", Part::Number(key.id))];
    let kind = key_type(&key);
    if let Some(uuid) = key.uuid {
        res.push(("uuid", Part::Word(uuid)));
    }
    res.extend([
        ("activationKey", Part::Word(key.activation_key)),
        ("status", Part::word(key.status.name())),
        ("countPurchased", Part::Number(key.count_purchased)),
        ("countUsed", Part::Number(key.count_used)),
        ("datePurchased", Part::Word(seconds(&key.date_purchased))),
    ]);
    if let Some(time) = key.date_last_used {
        res.push(("dateLastUsed", Part::Word(zoned(time))));
    }
    res.push(("type", Part::word(kind)));
    if let Some(day) = key.expire_date {
        // A key of the gateway API has a day alone; its first second stands for it.
        let time = day.to_datetime(key.expire_time.unwrap_or(Time::midnight()));
        res.push(("expireDate", Part::Word(zoned(time))));
    }
    if !key.title.is_empty() {
        res.push(("title", Part::Text(key.title)));
    }
    res.extend([
        ("networkId", Part::Number(key.network_id)),
        ("isDisabled", Part::Flag(key.is_disabled)),
        ("applyOnAgents", Part::Flag(key.apply_to_existing_agents)),
    ]);
    if !key.licenses.is_empty() {
        let licence = |code: &String| Part::Fields(vec![("license", Part::word(modules::to_qps(code)))]);
        res.push(("modules", Part::list("ActivationKeyModule", key.licenses.iter().map(licence).collect())));
    }
    if !key.tags.is_empty() {
        let tag =
            |&id: &i64| Part::Fields(vec![("id", Part::Number(id)), ("name", Part::Text(tag_name(id)))]);
        res.push(("tags", Part::list("Tag", key.tags.iter().map(tag).collect())));
    }
    let agents = agents.iter().flat_map(Block::agents).take(shown).map(|agent| {
        let (uuid, name) = (Part::Word(agent.uuid), Part::Text(agent.name));
        Part::Fields(vec![("id", Part::Number(agent.id)), ("uuid", uuid), ("name", name)])
    });
    let agents: Vec<Part> = agents.collect();
    if !agents.is_empty() {
        res.push(("agents", Part::list("AgentAsset", agents)));
    }
    res.push(("suspendSelfPatch", Part::Flag(key.suspend_self_patch)));
    if let Some(owner) = key.owner_id {
        res.push(("ownerId", Part::Number(owner)));
    }
    Part::Fields(res)
}

/// The type follows from which limits are set, as in the gateway API.
pub(super) fn key_type(key: &StoredKey) -> &'static str {
    match (key.count_purchased > 0, key.expire_date.is_some()) {
        (false, false) => "UNLIMITED",
        (true, false) => "COUNT_LIMITED",
        (false, true) => "TIME_LIMITED",
        (true, true) => "COUNT_TIME_LIMITED",
    }
}

/// Whole seconds with the letter for UTC.
fn zoned(time: DateTime) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The same of a stored text, whose fraction is cut off.
fn seconds(stored: &str) -> String {
    format!("{}Z", stored.split_once('.').map_or(stored, |(seconds, _)| seconds))
}
