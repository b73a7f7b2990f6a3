//! Tags: the search and get of asset management, for pickers (reference, section 6.5).

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::HeaderMap;

use super::answer::{Answer, Page, Part};
use super::criteria::{Kind, understood};
use super::refusal::Refusal;
use super::request;
use crate::qualys_gateway::demo::TAGS;

/// The tags of the demo subscription that have a rule. Only the others are given to agents by a key (PORTAL).
const RULES: [(i64, &str, &str); 5] = [
    (7_340_020, "NETWORK_RANGE", "10.20.0.0/16"),
    (7_340_021, "NETWORK_RANGE", "10.21.0.0/16"),
    (7_340_022, "NETWORK_RANGE", "10.22.0.0/16"),
    (7_340_030, "OPEN_PORTS", "443"),
    (7_340_031, "NAME_CONTAINS", "pci"),
];
/// The tag every agent has.
pub(super) const CLOUD_AGENT: (i64, &str) = (7_340_001, "Cloud Agent");
const SCHEMA: &str = "2.0/am/tag";

/// The tags of a key that its agents get: those without a rule.
pub(super) fn given_to_agents(tags: &[i64]) -> Vec<i64> {
    let has_rule = |id: i64| RULES.iter().any(|(known, ..)| *known == id);
    tags.iter().copied().filter(|&id| id != CLOUD_AGENT.0 && !has_rule(id)).collect()
}

/// The id of the demo tag with a name.
pub(super) fn id_of(name: &str) -> Option<i64> {
    TAGS.iter().find(|(_, known)| *known == name).map(|(id, _)| *id)
}

/// `POST /qps/rest/2.0/search/am/tag`.
pub(super) async fn search(headers: HeaderMap, body: Bytes) -> Result<Answer, Refusal> {
    let request = request::read(&headers, &body)?;
    let fields =
        [("id", Kind::Integer), ("name", Kind::Text), ("ruleType", Kind::Keyword), ("color", Kind::Keyword)];
    let criteria = understood(&request.criteria, &fields)?;
    let holds = |id: i64, name: &str| {
        criteria.iter().all(|criterion| match criterion.field {
            "id" => criterion.test.holds_number(id),
            "name" => criterion.test.holds_text(name),
            "ruleType" => criterion.test.holds_text(rule(id).0),
            _ => criterion.test.holds_text(COLOUR),
        })
    };
    let window = request.window;
    let from = |id: i64| window.from_id.is_none_or(|from| id >= from);
    let mut hits = TAGS
        .iter()
        .filter(|(id, name)| from(*id) && holds(*id, name))
        .skip(usize::try_from(window.skip).unwrap_or(usize::MAX));
    let rows: Vec<&(i64, &str)> = hits.by_ref().take(usize::try_from(window.limit).unwrap_or(1)).collect();
    let last_id = rows.last().map(|(id, _)| *id).filter(|_| hits.next().is_some());
    let items: Vec<Part> = rows.iter().map(|(id, name)| part(*id, name)).collect();
    Ok(Answer {
        schema: SCHEMA,
        count: Some(items.len()),
        page: Some(Page { last_id }),
        data: Some(Part::Items("Tag", items)),
        is_committed: false,
    })
}

/// `GET` and `POST /qps/rest/2.0/get/am/tag/{id}`.
pub(super) async fn get(Path(id): Path<String>) -> Result<Answer, Refusal> {
    let found = id.parse().ok().and_then(|id: i64| TAGS.iter().find(|(known, _)| *known == id));
    let (id, name) = found.ok_or_else(|| Refusal::not_found("Tag", &id))?;
    Ok(Answer {
        schema: SCHEMA,
        count: Some(1),
        page: None,
        data: Some(Part::Items("Tag", vec![part(*id, name)])),
        is_committed: false,
    })
}

const COLOUR: &str = "#0A7AFF";

fn rule(id: i64) -> (&'static str, &'static str) {
    RULES.iter().find(|(known, ..)| *known == id).map_or(("STATIC", ""), |(_, kind, text)| (kind, text))
}

fn part(id: i64, name: &str) -> Part {
    let (rule_type, rule_text) = rule(id);
    let mut fields = vec![
        ("id", Part::Number(id)),
        ("name", Part::Text(name.to_owned())),
        ("created", Part::word("2021-03-01T08:00:00Z")),
        ("modified", Part::word("2024-11-18T14:30:00Z")),
        ("color", Part::word(COLOUR)),
    ];
    if !rule_text.is_empty() {
        fields.push(("ruleText", Part::Text(rule_text.to_owned())));
    }
    fields.push(("ruleType", Part::word(rule_type)));
    Part::Fields(fields)
}
