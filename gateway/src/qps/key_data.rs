//! `AgentActKey` in a request, and what create and update make of it (reference, section 6.1).

use jiff::civil::DateTime;

use super::key_reply::key_type;
use super::refusal::Refusal;
use super::request::unknown_element;
use super::switches::{Demand, ListOnUpdate};
use super::xml::Node;
use super::{modules, tags};
use crate::qualys_gateway::stored::{Status, StoredKey};
use crate::switches::Switches;

/// What a key is limited by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    Nothing,
    Count,
    Time,
    Both,
}

/// The changes of one collection.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Changes<T> {
    list: Option<Vec<T>>,
    set: Option<Vec<T>>,
    add: Vec<T>,
    remove: Vec<T>,
}

/// The fields of a request; what is read-only is left out.
#[derive(Debug, Clone, Default)]
pub(super) struct KeyData {
    pub(super) id: Option<i64>,
    limit: Option<Limit>,
    count_purchased: Option<i64>,
    expires: Option<DateTime>,
    /// `Some` when the caller names it, blank or not.
    pub(super) title: Option<String>,
    network_id: Option<i64>,
    status: Option<Status>,
    is_disabled: Option<bool>,
    apply_on_agents: Option<bool>,
    suspend_self_patch: Option<bool>,
    owner_id: Option<i64>,
    modules: Option<Changes<String>>,
    tags: Option<Changes<i64>>,
}

/// What a reply shows but nobody sets; a caller may send it back.
const READ_ONLY: [&str; 9] = [
    "uuid",
    "activationKey",
    "countUsed",
    "datePurchased",
    "dateLastUsed",
    "agents",
    "binaryMappings",
    "oldActivationKey",
    "newActivationKey",
];

/// Reads the object of a create or an update.
///
/// # Errors
/// `INVALID_REQUEST` for another element and an unusable value.
pub(super) fn read(data: Option<Node>) -> Result<KeyData, Refusal> {
    let Some(data) = data.filter(|data| data.name == "AgentActKey") else {
        return Err(Refusal::invalid("The request has no AgentActKey.", "Send an AgentActKey in data."));
    };
    let mut res = KeyData::default();
    for node in &data.children {
        match node.name.as_str() {
            "id" => res.id = Some(number(node, 1)?),
            "type" => {
                let limit = match node.word() {
                    "UNLIMITED" => Limit::Nothing,
                    "COUNT_LIMITED" => Limit::Count,
                    "TIME_LIMITED" => Limit::Time,
                    "COUNT_TIME_LIMITED" => Limit::Both,
                    _ => {
                        let values = "UNLIMITED, COUNT_LIMITED, TIME_LIMITED, COUNT_TIME_LIMITED";
                        return Err(unusable(node, &format!("Values expected: {values}.")));
                    }
                };
                res.limit = Some(limit);
            }
            "countPurchased" => res.count_purchased = Some(number(node, 0)?),
            "expireDate" => {
                let time: Option<jiff::Timestamp> = node.word().parse().ok();
                let time = time.ok_or_else(|| unusable(node, "Specify YYYY-MM-DDTHH:MM:SSZ."))?;
                res.expires = Some(time.to_zoned(jiff::tz::TimeZone::UTC).datetime());
            }
            "title" => res.title = Some(node.text.clone()),
            "networkId" => res.network_id = Some(number(node, 0)?),
            "status" => {
                let status = Status::named(node.word());
                res.status =
                    Some(status.ok_or_else(|| unusable(node, "Values expected: ACTIVE, INACTIVE."))?);
            }
            "isDisabled" => res.is_disabled = Some(flag(node)?),
            "applyOnAgents" => res.apply_on_agents = Some(flag(node)?),
            "suspendSelfPatch" => res.suspend_self_patch = Some(flag(node)?),
            "ownerId" => res.owner_id = Some(number(node, 1)?),
            "modules" => res.modules = Some(changes(node, "ActivationKeyModule", licence)?),
            "tags" => res.tags = Some(changes(node, "Tag", tag)?),
            name if READ_ONLY.contains(&name) => {}
            name => return Err(unknown_element("AgentActKey", name)),
        }
    }
    Ok(res)
}

/// Fills a new key.
///
/// # Errors
/// `INVALID_REQUEST` when the type is missing, or a value it needs.
pub(super) fn created(blank: StoredKey, data: KeyData) -> Result<StoredKey, Refusal> {
    let Some(limit) = data.limit else { return Err(missing("type", "the key")) };
    let key = limited(blank, limit, &data)?;
    // A new key has nothing that `list` could wipe: every way of naming a member adds it.
    Ok(StoredKey {
        licenses: modules::stored(changed(Vec::new(), data.modules, ListOnUpdate::Sets)),
        tags: changed(Vec::new(), data.tags, ListOnUpdate::Sets),
        title: data.title.unwrap_or_default(),
        network_id: data.network_id.unwrap_or(0),
        status: data.status.unwrap_or(Status::Active),
        is_disabled: data.is_disabled.unwrap_or(false),
        apply_to_existing_agents: data.apply_on_agents.unwrap_or(false),
        suspend_self_patch: data.suspend_self_patch.unwrap_or(false),
        owner_id: data.owner_id,
        ..key
    })
}

/// Applies an update. Fields left out stay as they are.
///
/// # Errors
/// As [`created`]; a switch decides whether the type may be left out.
pub(super) fn updated(key: StoredKey, data: KeyData, switches: &Switches) -> Result<StoredKey, Refusal> {
    let limit = match (data.limit, switches.qps.qps_type_on_update) {
        (Some(limit), _) => limit,
        (None, Demand::Required) => return Err(missing("type", "the key")),
        (None, Demand::Optional) => match key_type(&key) {
            "COUNT_LIMITED" => Limit::Count,
            "TIME_LIMITED" => Limit::Time,
            "COUNT_TIME_LIMITED" => Limit::Both,
            _ => Limit::Nothing,
        },
    };
    let mut res = limited(key, limit, &data)?;
    let how = switches.qps.qps_list_on_update;
    if data.modules.is_some() {
        res.licenses = modules::stored(changed(res.licenses, data.modules, how));
    }
    if data.tags.is_some() {
        res.tags = changed(res.tags, data.tags, how);
    }
    res.title = data.title.unwrap_or(res.title);
    res.network_id = data.network_id.unwrap_or(res.network_id);
    res.status = data.status.unwrap_or(res.status);
    res.is_disabled = data.is_disabled.unwrap_or(res.is_disabled);
    res.apply_to_existing_agents = data.apply_on_agents.unwrap_or(res.apply_to_existing_agents);
    res.suspend_self_patch = data.suspend_self_patch.unwrap_or(res.suspend_self_patch);
    res.owner_id = data.owner_id.or(res.owner_id);
    Ok(res)
}

/// The type governs: a limit it lacks is dropped although it was sent, and one it has must be there.
fn limited(key: StoredKey, limit: Limit, data: &KeyData) -> Result<StoredKey, Refusal> {
    let mut res = key;
    match limit {
        Limit::Count | Limit::Both => {
            res.count_purchased = data.count_purchased.unwrap_or(res.count_purchased);
            if res.count_purchased < 1 {
                return Err(missing("countPurchased", "this type"));
            }
        }
        Limit::Nothing | Limit::Time => res.count_purchased = 0,
    }
    match limit {
        Limit::Time | Limit::Both => {
            if let Some(expires) = data.expires {
                (res.expire_date, res.expire_time) = (Some(expires.date()), Some(expires.time()));
            }
            if res.expire_date.is_none() {
                return Err(missing("expireDate", "this type"));
            }
        }
        Limit::Nothing | Limit::Count => (res.expire_date, res.expire_time) = (None, None),
    }
    Ok(res)
}

fn missing(name: &str, needed_by: &str) -> Refusal {
    Refusal::invalid(format!("{name} is missing."), format!("Specify {name}; {needed_by} needs it."))
}

fn unusable(node: &Node, resolution: &str) -> Refusal {
    Refusal::invalid(format!("Invalid value format for '{}' ({}).", node.name, node.word()), resolution)
}

fn number(node: &Node, least: i64) -> Result<i64, Refusal> {
    let number = node.word().parse().ok().filter(|&number| number >= least);
    number.ok_or_else(|| unusable(node, &format!("Specify a number from {least}.")))
}

fn flag(node: &Node) -> Result<bool, Refusal> {
    node.word().parse().map_err(|_| unusable(node, "Values expected: true, false."))
}

fn licence(node: &Node) -> Result<String, Refusal> {
    let code = node.child("license").map(Node::word).filter(|code| !code.is_empty());
    code.map(|code| modules::from_qps(code).to_owned())
        .ok_or_else(|| Refusal::invalid("A module has no license.", "Specify the license of each module."))
}

/// A tag by its id, or by its name alone as a public client sends it.
fn tag(node: &Node) -> Result<i64, Refusal> {
    if let Some(id) = node.child("id") {
        return number(id, 1);
    }
    let name = node.child("name").map(Node::word).unwrap_or_default();
    tags::id_of(name).ok_or_else(|| {
        Refusal::invalid(format!("There is no tag with the name '{name}'."), "Specify the id of each tag.")
    })
}

fn changes<T>(
    collection: &Node,
    member: &str,
    read: impl Fn(&Node) -> Result<T, Refusal>,
) -> Result<Changes<T>, Refusal> {
    let mut res = Changes { list: None, set: None, add: Vec::new(), remove: Vec::new() };
    for part in &collection.children {
        let mut members = Vec::new();
        for node in &part.children {
            // Other APIs of the family call a tag `TagSimple`.
            if node.name != member && node.name != format!("{member}Simple") {
                return Err(unknown_element(&part.name, &node.name));
            }
            members.push(read(node)?);
        }
        match part.name.as_str() {
            "list" => res.list.get_or_insert_default().append(&mut members),
            "set" => res.set.get_or_insert_default().append(&mut members),
            "add" => res.add.append(&mut members),
            "remove" => res.remove.append(&mut members),
            // Read-only.
            "count" => {}
            "update" => {
                let message = format!("The members of '{}' cannot be updated.", collection.name);
                return Err(Refusal::invalid(message, "Use set, add or remove."));
            }
            name => return Err(unknown_element(&collection.name, name)),
        }
    }
    Ok(res)
}

/// A collection after its changes: wiped or replaced first, then added to, then taken from. Each member stands once.
fn changed<T: PartialEq>(known: Vec<T>, changes: Option<Changes<T>>, how: ListOnUpdate) -> Vec<T> {
    let Some(Changes { list, set, add, remove }) = changes else { return known };
    let start = match (set, list, how) {
        (Some(set), ..) => set,
        (None, Some(list), ListOnUpdate::Sets) => list,
        (None, Some(_), ListOnUpdate::Wipes) => Vec::new(),
        (None, Some(_), ListOnUpdate::Ignored) | (None, None, _) => known,
    };
    let mut res: Vec<T> = Vec::new();
    for member in start.into_iter().chain(add) {
        if !res.contains(&member) && !remove.contains(&member) {
            res.push(member);
        }
    }
    res
}
