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

#[test]
fn a_plan_that_shows_another_key_than_it_names_is_refused() {
    let mut bare = Key::new("1");
    let tell = |plan: &ImportPlan| plan.rows.iter().map(|it| it.title.clone()).collect::<Vec<_>>();
    for wanted in [Wanted::Removed, Wanted::Enabled(false), to_limit(50)] {
        let plan = reviewed(vec![(Some(bare.clone()), wanted)], &[old("1", "Production")]);
        assert!(matches!(whys(&plan).as_slice(), [Why::Moved(fields)] if fields.contains(&FieldId::TITLE)));
        assert_eq!((plan.effects(), tell(&plan)), (0, vec!["Production".to_owned()]));
    }
    // All but one field is told.
    bare = old("1", "Production");
    bare.fields.remove(FieldId::USED);
    let plan = reviewed(vec![(Some(bare), Wanted::Removed)], &[old("1", "Production")]);
    assert_eq!(whys(&plan), [Why::Moved(vec![FieldId::USED])]);
}

#[test]
fn what_a_plan_shows_is_the_key_of_today() {
    let mut used = old("1", "Production");
    used.fields.set(FieldId::USED, Value::Number(600));
    let plan = reviewed(vec![(Some(old("1", "Production")), Wanted::Removed)], &[used]);
    let [Row { title, verdict: Verdict::Remove(key), .. }] = plan.rows.as_slice() else {
        panic!("it still stands")
    };
    assert_eq!((title.as_str(), key.used()), ("Production", Some(600)));
}

#[test]
fn a_plan_dated_ahead_is_told_from_one_of_a_clock_that_is() {
    let now = at("2026-11-20T12:00:00Z");
    let mut plan = plan(Vec::new());
    for (made, is_ahead) in
        [("1970-01-01T00:00:00Z", false), ("2026-11-21T11:00:00Z", false), ("2026-11-21T13:00:00Z", true)]
    {
        plan.made = at(made);
        assert_eq!(is_dated_ahead(&plan, now), is_ahead, "{made}");
    }
}

/// A plan of 1970 makes every key one that may be of it: each new key was once compared with each.
#[test]
fn many_new_keys_beside_many_keys_are_found_without_comparing_each() {
    const MANY: u64 = 20_000;
    let keys: Vec<Key> = (0..MANY).map(|it| old(&it.to_string(), &format!(" key {it}"))).collect();
    let new = |it: u64| {
        let fields = Fields::new()
            .with(FieldId::TITLE, Value::Text(format!("key {it} ")))
            .with(FieldId::LIMIT, Value::Limit(Limit::Of(10 + it % 2)))
            .with(FieldId::EXPIRES, Value::Nothing);
        (None, Wanted::Created(fields))
    };
    let mut plan = plan((0..MANY).map(new).collect());
    plan.made = at("1970-01-01T00:00:00Z");
    let reviewed = review(&MANIFEST, &plan, &keys, at("2026-11-21T12:00:00Z"));
    assert_eq!(reviewed.count(Count::Create), 10_000);
    let there = (0..MANY).step_by(2).map(|it| Why::AlreadyThere(KeyId(it.to_string())));
    assert_eq!(whys(&reviewed), there.collect::<Vec<_>>());
}
