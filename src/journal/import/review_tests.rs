//! Plans that come from a file, held against the keys of today.

use super::super::bulk::{Item, Kind, Plan, Wanted};
use super::*;
use crate::domain::{Date, Fields, Key, KeyId, Limit, Ref, Timestamp, Value};
use crate::systems::qualys_gateway::MANIFEST;
use crate::systems::qualys_gateway::fields::TAGS;
use crate::systems::{Change, Delta, Problem};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap_or(Timestamp(0))
}

fn key(id: &str, title: &str, created: &str) -> Key {
    let mut key = Key::new(id);
    key.fields = Fields::new()
        .with(FieldId::TITLE, Value::Text(title.to_owned()))
        .with(FieldId::USED, Value::Number(4))
        .with(FieldId::LIMIT, Value::Limit(Limit::Of(10)))
        .with(FieldId::EXPIRES, Value::Nothing)
        .with(FieldId::CREATED, Value::Moment(at(created)))
        .with(TAGS, Value::Refs(vec![Ref::of("1")]));
    key
}

fn old(id: &str, title: &str) -> Key {
    key(id, title, "2025-01-01T00:00:00Z")
}

fn plan(items: Vec<(Option<Key>, Wanted)>) -> Plan {
    let item = |(before, wanted)| Item { before, title: "t".to_owned(), wanted };
    Plan {
        id: "0".repeat(32),
        connection: "here".to_owned(),
        system: MANIFEST.id,
        kind: Kind::Import,
        made: at("2026-11-20T12:00:00Z"),
        by: String::new(),
        undoes: None,
        items: items.into_iter().map(item).collect(),
    }
}

fn reviewed(items: Vec<(Option<Key>, Wanted)>, keys: &[Key]) -> ImportPlan {
    review(&MANIFEST, &plan(items), keys, at("2026-11-21T12:00:00Z"))
}

fn to_limit(limit: u64) -> Wanted {
    Wanted::Changed(Change(vec![(FieldId::LIMIT, Delta::Set(Value::Limit(Limit::Of(limit))))]))
}

fn whys(plan: &ImportPlan) -> Vec<Why> {
    let whys = |row: &Row| match &row.verdict {
        Verdict::Refused(refusals) => refusals.iter().map(|it| it.why.clone()).collect(),
        _ => Vec::new(),
    };
    plan.rows.iter().flat_map(whys).collect()
}

#[test]
fn what_still_stands_is_done_as_it_was_planned() {
    let mut used = old("1", "A");
    used.fields.set(FieldId::USED, Value::Number(9));
    let items = vec![
        (Some(old("1", "A")), to_limit(50)),
        (Some(old("2", "B")), Wanted::Enabled(false)),
        (Some(old("3", "C")), Wanted::Removed),
    ];
    let plan = reviewed(items, &[used, old("2", "B"), old("3", "C")]);
    let kinds: Vec<Count> = plan.rows.iter().map(|it| it.verdict.count()).collect();
    assert_eq!(kinds, [Count::Change, Count::Switch, Count::Remove]);
    assert_eq!((plan.effects(), plan.items().len()), (3, 3));
}

#[test]
fn what_moved_or_is_gone_is_refused_and_what_is_done_is_no_change() {
    let list = Delta::List { add: vec!["2".to_owned()], remove: vec!["1".to_owned()] };
    let items = vec![
        (Some(old("1", "A")), to_limit(50)),
        (Some(old("2", "B")), to_limit(50)),
        (Some(old("3", "C")), to_limit(10)),
        (Some(old("4", "D")), Wanted::Removed),
        (Some(old("5", "E")), Wanted::Enabled(true)),
        (Some(old("6", "F")), Wanted::Changed(Change(vec![(TAGS, list)]))),
    ];
    let mut tagged = old("6", "F");
    tagged.fields.set(TAGS, Value::Refs(vec![Ref::of("2")]));
    let plan = reviewed(items, &[old("1", "A, renamed"), old("3", "C"), old("5", "E"), tagged]);
    assert_eq!(whys(&plan), [Why::Moved(vec![FieldId::TITLE]), Why::Gone]);
    let same = plan.rows.iter().filter(|it| it.verdict.count() == Count::Same).count();
    assert_eq!(same, 4);
}

#[test]
fn a_key_that_the_plan_made_is_not_made_again_and_an_older_one_is_another() {
    let fields = Fields::new()
        .with(FieldId::TITLE, Value::Text("New".to_owned()))
        .with(FieldId::LIMIT, Value::Limit(Limit::Of(10)))
        .with(FieldId::EXPIRES, Value::Nothing);
    let wanted = Wanted::Created(fields);
    let made = key("7", "New", "2026-11-20T12:30:00Z");
    let plan = reviewed(vec![(None, wanted.clone())], &[made]);
    assert_eq!(whys(&plan), [Why::AlreadyThere(KeyId("7".to_owned()))]);
    let plan = reviewed(vec![(None, wanted)], &[old("7", "New")]);
    assert_eq!(plan.count(Count::Create), 1);
}

#[test]
fn a_new_key_whose_day_has_passed_since_is_refused() {
    let day = Date::parse("2026-11-20").map_or(Value::Nothing, Value::Day);
    let fields =
        Fields::new().with(FieldId::TITLE, Value::Text("New".to_owned())).with(FieldId::EXPIRES, day);
    let plan = reviewed(vec![(None, Wanted::Created(fields))], &[]);
    assert_eq!(whys(&plan), [Why::Field(Problem::InThePast)]);
}
