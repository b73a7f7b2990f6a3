//! What stands in requests and answers of the QPS API (reference `qualys.md`, 6.1 to 6.3; seed 002). One set of types
//! reads XML and JSON alike.
//!
//! Numbers and booleans come as text in XML, and as either in JSON. A value that cannot be read is an error and never
//! a blank.

use std::collections::BTreeMap;

use qql::{Criterion, CriterionOp};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use super::xml::{self, Out};
use super::{APPLY, LAST_USED, LICENCES, MANIFEST, NETWORK, SELF_PATCH, STATUS, TAGS, TYPE, UUID};
use crate::domain::{Date, Ended, FieldId, Fields, Key, Limit, Ref, Secret, Timestamp, Value};
use crate::i18n::t;
use crate::systems::record::DISABLED;
use crate::systems::{Change, Delta, Member, Offer, token};

/// Reads an answer, in XML or JSON; the first byte decides, as a proxy may change the content type.
///
/// # Errors
/// What is wrong, in words that hold nothing of the answer.
pub(super) fn decoded<T: DeserializeOwned>(body: &str) -> Result<T, String> {
    let is_json = body.trim_start().starts_with('{');
    // One tree for both, so that its reader is in the program once.
    let (tree, unexpected) = if is_json {
        let place = |err: serde_json::Error| ["unexpected JSON at line ", &err.line().to_string()].concat();
        (serde_json::from_str(body).map_err(place)?, "unexpected JSON")
    } else {
        (xml::read(body).map_err(|it| it.words().to_owned())?, "unexpected XML")
    };
    serde_json::from_value(tree).map_err(|_| unexpected.to_owned())
}

/// A text, number or boolean, as text.
pub(super) struct Scalar(pub(super) String);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar(&Json::deserialize(deserializer)?).map(Self).ok_or_else(|| D::Error::custom("no text"))
    }
}

fn scalar(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(flag) => Some(flag.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// An answer.
#[derive(Deserialize)]
pub(super) struct AnswerWire {
    #[serde(rename = "ServiceResponse")]
    pub(super) response: PageWire,
}

/// What is in it (6.2). Without a hit, all but the code may be missing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageWire {
    pub(super) count: Option<Scalar>,
    has_more_records: Option<Scalar>,
    last_id: Option<Scalar>,
    pub(super) data: Option<Vec<ItemWire>>,
}

/// One thing in `data`, named by its field.
#[derive(Deserialize)]
pub(super) struct ItemWire {
    #[serde(rename = "AgentActKey")]
    pub(super) key: Option<KeyWire>,
    #[serde(rename = "Tag")]
    pub(super) tag: Option<TagWire>,
    #[serde(rename = "HostAsset")]
    pub(super) host: Option<HostWire>,
    #[serde(rename = "Portal-Version")]
    pub(super) portal: Option<BTreeMap<String, Scalar>>,
}

impl PageWire {
    /// The id after which the next page starts; `None` after the last page.
    pub(super) fn next(&self) -> Option<&str> {
        self.last_id.as_ref().map(|it| it.0.trim()).filter(|_| self.has_more())
    }

    /// Whether there is more than what was sent.
    pub(super) fn has_more(&self) -> bool {
        self.has_more_records.as_ref().is_some_and(|it| it.0.trim() == "true")
    }
}

/// A key. What is blank or empty is left out of answers (6.1).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeyWire {
    id: Scalar,
    uuid: Option<Scalar>,
    activation_key: Option<Scalar>,
    status: Option<Scalar>,
    count_purchased: Option<Scalar>,
    count_used: Option<Scalar>,
    date_purchased: Option<Scalar>,
    date_last_used: Option<Scalar>,
    r#type: Option<Scalar>,
    expire_date: Option<Scalar>,
    title: Option<Scalar>,
    network_id: Option<Scalar>,
    is_disabled: Option<Scalar>,
    apply_on_agents: Option<Scalar>,
    modules: Option<Json>,
    tags: Option<Json>,
    suspend_self_patch: Option<Scalar>,
    owner_id: Option<Scalar>,
}

/// A tag of the subscription.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TagWire {
    id: Scalar,
    name: Option<Scalar>,
    rule_type: Option<Scalar>,
}

/// A host with an agent.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HostWire {
    id: Scalar,
    name: Option<Scalar>,
    address: Option<Scalar>,
    created: Option<Scalar>,
    agent_info: Option<Json>,
}

impl KeyWire {
    /// The key, or the name of the field that cannot be read.
    pub(super) fn into_key(self) -> Result<Key, &'static str> {
        let id = word(Some(self.id)).filter(|it| !it.is_empty()).ok_or("id")?;
        let mut key = Key::new(id);
        key.value = word(self.activation_key).filter(|it| !it.is_empty()).map(Secret::new);
        key.disabled = flag(self.is_disabled, "isDisabled")?.unwrap_or(false);
        let status = word(self.status).unwrap_or_default();
        // An unknown word is never taken for a key that works.
        key.ended = (!matches!(status.as_str(), "ACTIVE" | "")).then_some(Ended::Inactive);
        let used = number(self.count_used, "countUsed")?.unwrap_or(0);
        let limit = match number(self.count_purchased, "countPurchased")? {
            None | Some(0) => Limit::Unlimited,
            Some(count) => Limit::Of(u64::try_from(count).map_err(|_| "countPurchased")?),
        };
        let mut tags = Vec::new();
        for tag in items(self.tags.as_ref(), "Tag").ok_or("tags")? {
            let part = |name: &str| tag.get(name).and_then(scalar).map(|it| it.trim().to_owned());
            tags.push(Ref { id: part("id").ok_or("tags")?, name: part("name").filter(|it| !it.is_empty()) });
        }
        let mut licences = Vec::new();
        for module in items(self.modules.as_ref(), "ActivationKeyModule").ok_or("modules")? {
            licences.push(module.get("license").and_then(scalar).ok_or("modules")?.trim().to_owned());
        }

        let mut set = |field, value| key.fields.set(field, value);
        set(FieldId::TITLE, Value::Text(self.title.map_or_else(String::new, |it| it.0)));
        set(FieldId::USED, Value::Number(used));
        set(FieldId::LIMIT, Value::Limit(limit));
        set(TYPE, Value::Text(word(self.r#type).unwrap_or_default()));
        set(FieldId::EXPIRES, moment(self.expire_date, "expireDate")?);
        set(FieldId::CREATED, moment(self.date_purchased, "datePurchased")?);
        set(LAST_USED, moment(self.date_last_used, "dateLastUsed")?);
        let owner = word(self.owner_id).filter(|it| !it.is_empty());
        set(FieldId::OWNER, owner.map_or(Value::Nothing, |it| Value::Ref(Ref::of(it))));
        set(LICENCES, Value::Codes(licences));
        set(TAGS, Value::Refs(tags));
        set(STATUS, Value::Text(status));
        // What is not there is not told.
        if let Some(network) = number(self.network_id, "networkId")? {
            set(NETWORK, Value::Number(network));
        }
        if let Some(apply) = flag(self.apply_on_agents, "applyOnAgents")? {
            set(APPLY, Value::Flag(apply));
        }
        if let Some(suspended) = flag(self.suspend_self_patch, "suspendSelfPatch")? {
            set(SELF_PATCH, Value::Flag(suspended));
        }
        if let Some(uuid) = word(self.uuid) {
            set(UUID, Value::Text(uuid));
        }
        Ok(key)
    }
}

/// The items of a collection: none where it is missing or empty. `None` for one of another shape.
fn items<'a>(collection: Option<&'a Json>, name: &str) -> Option<Vec<&'a Json>> {
    let Some(list) = collection.and_then(|it| it.get("list")) else { return Some(Vec::new()) };
    list.as_array()?.iter().map(|it| it.get(name)).collect()
}

fn word(it: Option<Scalar>) -> Option<String> {
    it.map(|it| it.0.trim().to_owned())
}

fn number(it: Option<Scalar>, field: &'static str) -> Result<Option<i64>, &'static str> {
    match word(it).as_deref() {
        None | Some("") => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| field),
    }
}

fn flag(it: Option<Scalar>, field: &'static str) -> Result<Option<bool>, &'static str> {
    match word(it).as_deref() {
        None | Some("") => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(_) => Err(field),
    }
}

fn moment(it: Option<Scalar>, field: &'static str) -> Result<Value, &'static str> {
    match word(it).as_deref() {
        None | Some("") => Ok(Value::Nothing),
        Some(text) => read_moment(text).map(Value::Moment).ok_or(field),
    }
}

fn read_moment(text: &str) -> Option<Timestamp> {
    Timestamp::parse(text).or_else(|| Date::parse(text).map(Date::start))
}

impl HostWire {
    pub(super) fn id(&self) -> &str {
        self.id.0.trim()
    }

    pub(super) fn into_member(self) -> Member {
        let info = |name: &str| self.agent_info.as_ref()?.get(name).and_then(scalar);
        let device = info("agentId").unwrap_or_default();
        let seen = info("lastCheckedIn").and_then(|it| read_moment(it.trim()));
        Member {
            id: self.id.0.trim().to_owned(),
            name: self.name.map_or_else(String::new, |it| it.0),
            place: word(self.address).unwrap_or_default(),
            device,
            since: word(self.created).and_then(|it| read_moment(&it)),
            seen,
        }
    }
}

impl TagWire {
    /// Whether a key can give the tag to agents: one with a rule finds its machines by itself (6.5).
    pub(super) fn has_rule(&self) -> bool {
        self.rule_type.as_ref().is_some_and(|it| !matches!(it.0.trim(), "" | "STATIC"))
    }

    pub(super) fn into_offer(self) -> Offer {
        let note = if self.has_rule() { t::qualys_qps_tag_has_rule().to_owned() } else { String::new() };
        let id = self.id.0.trim().to_owned();
        let name = self.name.map_or_else(|| id.clone(), |it| it.0);
        Offer { id, name, note, defaults: Fields::new() }
    }
}

/// One condition as sent: field, operator, value.
pub(super) type Condition = (&'static str, &'static str, String);

/// The conditions of a search (6.3), of which all have to hold, after the last id of the page before.
pub(super) fn conditions(criteria: &[Criterion], after: Option<&str>) -> Vec<Condition> {
    let after: Option<i64> = after.and_then(|it| it.parse().ok());
    let mut res = Vec::new();
    let mut start = after;
    for criterion in criteria {
        let Some(field) = MANIFEST.fields.get(usize::from(criterion.field)).and_then(token) else { continue };
        let (operator, value) = condition(criterion);
        // One lower end says it for both.
        if (field, operator) == ("id", "GREATER") {
            start = start.max(value.parse().ok());
            continue;
        }
        // Its values are in small letters wherever they are seen, and an equal may mind the case.
        let value = if field == "activationKey" { value.to_ascii_lowercase() } else { value };
        res.push((field, operator, value));
    }
    res.extend(start.map(|it| ("id", "GREATER", it.to_string())));
    res
}

/// The operator has "or equal" in no form, so the number next to it is asked for.
fn condition(criterion: &Criterion) -> (&'static str, String) {
    let value = criterion.values.join(",");
    let next =
        |by: i64| value.parse::<i64>().map_or_else(|_| value.clone(), |it| it.saturating_add(by).to_string());
    match criterion.op {
        CriterionOp::Equals if criterion.negated => ("NOT EQUALS", value),
        CriterionOp::Equals => ("EQUALS", value),
        CriterionOp::In => ("IN", value),
        CriterionOp::Greater => ("GREATER", value),
        CriterionOp::Less => ("LESSER", value),
        CriterionOp::GreaterOrEqual => ("GREATER", next(-1)),
        CriterionOp::LessOrEqual => ("LESSER", next(1)),
        // The manifest offers neither.
        CriterionOp::Contains | CriterionOp::StartsWith => ("CONTAINS", value),
    }
}

/// A search for at most `limit` things.
pub(super) fn search_body(conditions: &[Condition], limit: u64) -> String {
    Out::request(|out| {
        filters(out, conditions);
        out.within("preferences", |out| out.leaf("limitResults", &limit.to_string()));
    })
}

/// A request that has conditions alone.
pub(super) fn filter_body(conditions: &[Condition]) -> String {
    Out::request(|out| filters(out, conditions))
}

/// Gives agents that meet the conditions to another key (6.5).
pub(super) fn move_body(conditions: &[Condition], new_key: &str) -> String {
    Out::request(|out| {
        filters(out, conditions);
        out.within("data", |out| {
            out.within("ChangeActKey", |out| out.leaf("newActivationKey", new_key));
        });
    })
}

fn filters(out: &mut Out, conditions: &[Condition]) {
    if !conditions.is_empty() {
        out.within("filters", |out| {
            for (field, operator, value) in conditions {
                out.criterion(field, operator, value);
            }
        });
    }
}

/// A key as sent: what is absent is left as it is, or to the service.
#[derive(Default)]
pub(super) struct KeyBody<'a> {
    count: Option<u64>,
    kind: Option<&'a str>,
    expires: Option<Timestamp>,
    title: Option<&'a str>,
    network: Option<i64>,
    disabled: Option<bool>,
    apply: bool,
    modules: Vec<Part<'a>>,
    tags: Vec<Part<'a>>,
    owner: Option<&'a str>,
}

/// What happens to a collection, and with which items.
type Part<'a> = (&'static str, Vec<&'a str>);

fn parts<'a>(all: impl IntoIterator<Item = Part<'a>>) -> Vec<Part<'a>> {
    all.into_iter().filter(|(_, items)| !items.is_empty()).collect()
}

impl<'a> KeyBody<'a> {
    /// A new key. Here, and only here, `list` names the items as documented.
    pub(super) fn new(new: &'a Fields) -> Self {
        let mut res = Self {
            title: Some(new.text(FieldId::TITLE)).filter(|it| !it.is_empty()),
            network: new.number(NETWORK),
            modules: parts([("list", new.codes(LICENCES).iter().map(String::as_str).collect())]),
            tags: parts([("list", new.refs(TAGS).iter().map(|it| it.id.as_str()).collect())]),
            owner: new.refs(FieldId::OWNER).first().map(|it| it.id.as_str()),
            ..Self::default()
        };
        res.limits(new);
        res
    }

    /// A change to a key. The type goes with every one, and with it what that type needs (6.1); `known` has them as
    /// they are. Items go in and out by `add` and `remove`: in a printed answer `list` took all modules away.
    pub(super) fn changed(change: &'a Change, known: Option<&'a Key>) -> Self {
        let mut res = Self::default();
        if let Some(known) = known {
            res.limits(&known.fields);
        }
        for (field, delta) in &change.0 {
            match (*field, delta) {
                (TYPE, Delta::Set(Value::Text(kind))) => res.kind = Some(kind),
                (FieldId::LIMIT, Delta::Set(Value::Limit(Limit::Of(count)))) => res.count = Some(*count),
                (FieldId::EXPIRES, Delta::Set(Value::Moment(at))) => res.expires = Some(*at),
                (FieldId::TITLE, Delta::Set(Value::Text(title))) => res.title = Some(title),
                (NETWORK, Delta::Set(Value::Number(network))) => res.network = Some(*network),
                // No network is the default one.
                (NETWORK, Delta::Set(_)) => res.network = Some(0),
                (DISABLED, Delta::Set(Value::Flag(disabled))) => res.disabled = Some(*disabled),
                (APPLY, Delta::Set(Value::Flag(apply))) => res.apply = *apply,
                (FieldId::OWNER, Delta::Set(Value::Ref(owner))) => res.owner = Some(&owner.id),
                (LICENCES, Delta::List { add, remove }) => res.modules = in_and_out(add, remove),
                (TAGS, Delta::List { add, remove }) => res.tags = in_and_out(add, remove),
                _ => {}
            }
        }
        // What the key had and its new type has not is not sent along; what was asked for is sent and shown.
        let kind = res.kind.unwrap_or_default();
        if !has_count(kind) && change.get(FieldId::LIMIT).is_none() {
            res.count = None;
        }
        if !has_time(kind) && change.get(FieldId::EXPIRES).is_none() {
            res.expires = None;
        }
        res
    }

    fn limits(&mut self, fields: &'a Fields) {
        self.kind = Some(fields.text(TYPE)).filter(|it| !it.is_empty());
        self.count = match fields.get(FieldId::LIMIT) {
            Some(Value::Limit(Limit::Of(count))) => Some(*count),
            _ => None,
        };
        self.expires = match fields.get(FieldId::EXPIRES) {
            Some(Value::Moment(at)) => Some(*at),
            _ => None,
        };
    }

    /// In the order of the XSD (6.1).
    pub(super) fn text(&self) -> String {
        Out::request(|out| out.within("data", |out| out.within("AgentActKey", |out| self.write(out))))
    }

    fn write(&self, out: &mut Out) {
        let mut leaf = |name: &str, text: Option<String>| {
            if let Some(text) = text {
                out.leaf(name, &text);
            }
        };
        leaf("countPurchased", self.count.map(|it| it.to_string()));
        leaf("type", self.kind.map(str::to_owned));
        leaf("expireDate", self.expires.map(seconds));
        leaf("title", self.title.map(str::to_owned));
        leaf("networkId", self.network.map(|it| it.to_string()));
        leaf("isDisabled", self.disabled.map(|it| it.to_string()));
        leaf("applyOnAgents", self.apply.then(|| true.to_string()));
        collection(out, "modules", &self.modules, ("ActivationKeyModule", "license"));
        collection(out, "tags", &self.tags, ("Tag", "id"));
        if let Some(owner) = self.owner {
            out.leaf("ownerId", owner);
        }
    }
}

/// Whether keys of a type have a limit of agents.
pub(super) fn has_count(kind: &str) -> bool {
    kind.starts_with("COUNT")
}

/// Whether keys of a type have an end.
pub(super) fn has_time(kind: &str) -> bool {
    kind.contains("TIME")
}

fn in_and_out<'a>(add: &'a [String], remove: &'a [String]) -> Vec<Part<'a>> {
    let texts = |items: &'a [String]| items.iter().map(String::as_str).collect();
    parts([("add", texts(add)), ("remove", texts(remove))])
}

fn collection(out: &mut Out, name: &str, parts: &[Part<'_>], (item, field): (&str, &str)) {
    if parts.is_empty() {
        return;
    }
    out.within(name, |out| {
        for (part, texts) in parts {
            out.within(part, |out| {
                for text in texts {
                    out.within(item, |out| out.leaf(field, text));
                }
            });
        }
    });
}

/// Whole seconds, as the API writes them.
fn seconds(at: Timestamp) -> String {
    let text = at.to_string();
    text.split_once('.').map_or(text.clone(), |(seconds, _)| [seconds, "Z"].concat())
}
