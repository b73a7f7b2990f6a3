//! What this browser keeps, as text, and back.
//!
//! Another tab, an older or newer console, or anybody else may have written it, so nothing in it is believed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use super::entry::{LONGEST, read_name, read_query};
use super::recent::MOST_RECENT;
use super::set::{MOST, MOST_REMOVED, QuerySet, Removed, Saved};
use crate::page::{holds_key_value, redacted};

/// The version of this form.
const VERSION: u64 = 1;

/// Characters of an id at most; ours are shorter.
const LONGEST_ID: usize = 40;

/// The latest moment that is believed: far ahead, and later ones can still be counted.
const LATEST: i64 = 1 << 53;

/// Everything that is kept, by system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) sets: BTreeMap<String, QuerySet>,
    /// Queries that were run, the last one first.
    pub(super) recent: BTreeMap<String, Vec<String>>,
}

impl Document {
    pub(super) fn is_blank(&self) -> bool {
        self.sets.values().all(QuerySet::is_blank) && self.recent.values().all(Vec::is_empty)
    }
}

/// What is odd about the text that was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Odd {
    /// It is nothing of ours.
    Unreadable,
    /// It is of another version of this console, which alone knows what it means.
    OtherVersion,
    /// So many queries in it are none, or too many.
    LeftOut(usize),
}

/// Reads what was kept, as far as it makes sense.
pub(super) fn read(text: &str) -> (Document, Option<Odd>) {
    let Ok(Json::Object(root)) = serde_json::from_str::<Json>(text) else {
        return (Document::default(), Some(Odd::Unreadable));
    };
    match root.get("version").map(Json::as_u64) {
        Some(Some(VERSION)) => {}
        Some(_) => return (Document::default(), Some(Odd::OtherVersion)),
        None => return (Document::default(), Some(Odd::Unreadable)),
    }
    let (mut res, mut left_out) = (Document::default(), 0);
    for (system, json) in members(&root, "sets") {
        res.sets.insert(system.clone(), read_set(json, &mut left_out));
    }
    for (system, json) in members(&root, "recent") {
        res.recent.insert(system.clone(), read_recent(json));
    }
    (res, (left_out > 0).then_some(Odd::LeftOut(left_out)))
}

fn members<'a>(json: &'a Map<String, Json>, name: &str) -> impl Iterator<Item = (&'a String, &'a Json)> {
    json.get(name).and_then(Json::as_object).into_iter().flatten()
}

fn list<'a>(json: &'a Json, name: &str) -> &'a [Json] {
    json.get(name).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

fn moment(json: &Json, name: &str) -> i64 {
    json.get(name).and_then(Json::as_i64).unwrap_or_default().clamp(0, LATEST)
}

fn id(json: &Json) -> Option<&str> {
    json.get("id")?.as_str().filter(|it| !it.is_empty() && it.len() <= LONGEST_ID)
}

fn read_set(json: &Json, left_out: &mut usize) -> QuerySet {
    let mut res = QuerySet {
        ordered: moment(json, "ordered"),
        chosen: moment(json, "chosen"),
        default: json.get("default").and_then(Json::as_str).map(str::to_owned),
        ..QuerySet::default()
    };
    let mut ids = BTreeSet::new();
    for json in list(json, "queries") {
        match read_saved(json) {
            Some(saved) if res.queries.len() < MOST && ids.insert(saved.id.clone()) => {
                res.queries.push(saved);
            }
            _ => *left_out += 1,
        }
    }
    res.default = res.default.filter(|it| ids.contains(it));
    let removed = list(json, "removed").iter().take(MOST_REMOVED);
    res.removed =
        removed.filter_map(|it| Some(Removed { id: id(it)?.to_owned(), at: moment(it, "at") })).collect();
    res
}

/// What was a query of an earlier grammar is still what the reader saved, so errors in it are no reason to drop it.
fn read_saved(json: &Json) -> Option<Saved> {
    let text = json.get("query")?.as_str()?.trim();
    let query = match read_query(text) {
        Ok((query, _)) => query,
        Err(_) if text.is_empty() || text.chars().count() > LONGEST => return None,
        Err(_) => redacted(text).unwrap_or_else(|| text.to_owned()),
    };
    let name = read_name(json.get("name")?.as_str()?).ok()?;
    Some(Saved { id: id(json)?.to_owned(), name, query, changed: moment(json, "changed") })
}

fn read_recent(json: &Json) -> Vec<String> {
    let texts = json.as_array().map_or(&[][..], Vec::as_slice).iter().filter_map(Json::as_str);
    let fits = |it: &&str| !it.trim().is_empty() && it.chars().count() <= LONGEST && !holds_key_value(it);
    let mut res: Vec<String> = Vec::new();
    for text in texts.filter(fits) {
        if res.len() < MOST_RECENT && !res.iter().any(|it| it == text) {
            res.push(text.to_owned());
        }
    }
    res
}

/// Writes everything as text.
pub(super) fn write(document: &Document) -> String {
    let mut sets = Map::new();
    sets.extend(document.sets.iter().map(|(system, set)| (system.clone(), write_set(set))));
    json!({ "version": VERSION, "sets": sets, "recent": document.recent }).to_string()
}

fn write_set(set: &QuerySet) -> Json {
    let QuerySet { queries, ordered, default, chosen, removed } = set;
    let saved = |it: &Saved| {
        let Saved { id, name, query, changed } = it;
        json!({ "id": id, "name": name, "query": query, "changed": changed })
    };
    let queries: Vec<Json> = queries.iter().map(saved).collect();
    let removed: Vec<Json> = removed.iter().map(|it| json!({ "id": it.id, "at": it.at })).collect();
    json!({
        "queries": queries, "ordered": ordered, "default": default, "chosen": chosen, "removed": removed,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::features::saved_queries::testing::set;

    #[test]
    fn everything_comes_back() {
        let mut kept = set(&[("a", "title: web"), ("b", "activationKey: `‹removed›`")]);
        kept.choose(Some("a"), 4);
        kept.step("b", true, 5).unwrap();
        kept.remove("b", 6).unwrap();
        let mut document = Document::default();
        document.sets.insert("qualys-gateway".to_owned(), kept);
        document.sets.insert("a system of later".to_owned(), set(&[("c", "x: y")]));
        document.recent.insert("all".to_owned(), vec!["state: active".to_owned()]);
        assert_eq!(read(&write(&document)), (document, None));
    }

    #[test]
    fn nonsense_is_nothing_and_is_told() {
        for text in ["", "{", "[]", "7", "{}", r#"{"sets":{}}"#] {
            assert_eq!(read(text), (Document::default(), Some(Odd::Unreadable)), "{text}");
        }
        for text in
            [r#"{"version":2,"sets":{"all":{"queries":[]}}}"#, r#"{"version":"1"}"#, r#"{"version":0}"#]
        {
            assert_eq!(read(text), (Document::default(), Some(Odd::OtherVersion)), "{text}");
        }
        for text in [r#"{"version":1}"#, r#"{"version":1,"sets":7,"recent":[null]}"#] {
            assert_eq!(read(text), (Document::default(), None), "{text}");
        }
    }

    #[test]
    fn what_is_no_query_is_left_out_and_the_rest_stays() {
        let text = json!({ "version": 1, "sets": { "all": { "default": "gone", "ordered": "soon", "queries": [
            { "id": "a", "name": "good", "query": "title: web", "changed": 1 },
            { "id": "a", "name": "same id", "query": "title: web", "changed": 1 },
            { "id": "b", "name": "", "query": "title: web" },
            { "id": "c", "name": "long", "query": "x".repeat(4_001) },
            { "id": "d".repeat(41), "name": "id", "query": "title: web" },
            { "name": "no id", "query": "title: web" },
            { "id": "e", "name": "no query" },
            "text", null,
            { "id": "f", "name": "old grammar", "query": "title: web AND" },
        ], "removed": [{ "id": "g", "at": 3 }, {}, 7] } } });
        let (document, odd) = read(&text.to_string());
        let set = document.sets.get("all").unwrap();
        assert_eq!(
            set.queries.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(),
            ["good", "old grammar"]
        );
        assert_eq!((odd, set.default.as_deref(), set.removed.len()), (Some(Odd::LeftOut(8)), None, 1));
    }

    #[test]
    fn a_key_value_that_somebody_put_there_is_not_taken_up() {
        let guid = "12ba12bc-effd-12e3-1234-12345ac12345";
        let text = json!({ "version": 1, "recent": { "all": [guid, "title: web", "title: web", "key: A", 7] },
            "sets": { "all": { "queries": [
                { "id": "a", "name": "a", "query": format!("activationKey: {guid}") },
                { "id": "b", "name": "b", "query": format!("activationKey: ({guid}") },
                { "id": "c", "name": guid, "query": "title: web" },
            ] } } });
        let (document, odd) = read(&text.to_string());
        assert!(!write(&document).contains(guid), "{document:?}");
        assert_eq!(document.recent.get("all").unwrap(), &["title: web"]);
        assert_eq!((document.sets.get("all").unwrap().queries.len(), odd), (2, Some(Odd::LeftOut(1))));
    }

    #[test]
    fn moments_that_cannot_be_leave_room_for_later_ones() {
        let text = json!({ "version": 1, "sets": { "all": { "ordered": i64::MAX, "chosen": i64::MAX, "queries": [
            { "id": "a", "name": "a", "query": "title: web", "changed": i64::MAX },
            { "id": "b", "name": "b", "query": "title: web", "changed": i64::MIN },
        ], "removed": [{ "id": "c", "at": i64::MAX }] } } });
        let (mut document, _) = read(&text.to_string());
        let set = document.sets.get_mut("all").unwrap();
        set.choose(Some("a"), 1);
        set.step("a", false, 1).unwrap();
        set.change("a", Some("new"), None, 1);
        let undo = set.remove("a", 1).unwrap();
        set.restore(undo, 1).unwrap();
        assert!(set.by_id("a").unwrap().changed > LATEST && set.by_id("b").unwrap().changed == 0);
    }

    #[test]
    fn more_than_a_set_holds_is_left_out() {
        let query = |number: usize| json!({ "id": number.to_string(), "name": "n", "query": "title: web" });
        let queries: Vec<Json> = (0..MOST + 3).map(query).collect();
        let (document, odd) =
            read(&json!({ "version": 1, "sets": { "all": { "queries": queries } } }).to_string());
        assert_eq!((document.sets.get("all").unwrap().queries.len(), odd), (MOST, Some(Odd::LeftOut(3))));
    }
}
