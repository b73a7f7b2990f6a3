//! Drafts and changes, on the manifest that has most kinds of fields.

use super::*;
use crate::systems::qualys_gateway::{APPLY, LICENCES, MANIFEST, NETWORK, TAGS, TYPE};
use crate::systems::{Change, Delta, compare, compare_change, differences, plan_change};

fn now() -> Timestamp {
    Timestamp::parse("2026-11-21T12:00:00Z").unwrap_or(Timestamp(0))
}

fn key() -> Key {
    let tags = Value::Refs(vec![Ref::of("1"), Ref::of("2")]);
    let mut key = Key::new("7");
    key.fields = [
        (FieldId::TITLE, Value::Text("Payroll servers".to_owned())),
        (FieldId::USED, Value::Number(40)),
        (FieldId::LIMIT, Value::Limit(Limit::Of(100))),
        (TYPE, Value::Text("CountTime".to_owned())),
        (FieldId::EXPIRES, Date::parse("2026-01-31").map_or(Value::Nothing, Value::Day)),
        (LICENCES, Value::Codes(vec!["PA".to_owned(), "VM".to_owned()])),
        (NETWORK, Value::Number(0)),
        (TAGS, tags),
        (APPLY, Value::Flag(false)),
    ]
    .into_iter()
    .collect();
    key
}

fn list(text: &str) -> Input {
    Input::List(text.split_whitespace().map(str::to_owned).collect())
}

fn errors(draft: &Draft, current: Option<&Key>) -> Vec<(FieldId, Problem)> {
    let res = read_draft(&MANIFEST, draft, current, now());
    res.err().unwrap_or_default().into_iter().map(|it| (it.field, it.problem)).collect()
}

#[test]
fn nothing_is_mandatory_here() {
    assert_eq!(errors(&Draft::default(), None), []);
}

#[test]
fn every_wrong_field_is_named_at_once_in_the_order_of_the_form() {
    let draft = Draft::default()
        .with_text(NETWORK, "n1")
        .with_text(FieldId::EXPIRES, "2026-11-20")
        .with_text(FieldId::LIMIT, "0")
        .with(TAGS, list("12 x"));
    assert_eq!(
        errors(&draft, None),
        [
            (FieldId::LIMIT, Problem::OutOfRange(1, 1_000_000)),
            (NETWORK, Problem::NotANumber),
            (FieldId::EXPIRES, Problem::InThePast),
            (TAGS, Problem::NotANumber),
        ]
    );
}

#[test]
fn limits_are_whole_numbers_within_the_range() {
    let check = |limit: &str, problem: Option<Problem>| {
        let found = errors(&Draft::default().with_text(FieldId::LIMIT, limit), None);
        assert_eq!(found.into_iter().next().map(|it| it.1), problem, "{limit}");
    };
    let range = || Some(Problem::OutOfRange(1, 1_000_000));
    check("1", None);
    check(" 1000000 ", None);
    check("1000001", range());
    check("99999999999999999999999", range());
    check("-1", Some(Problem::NotANumber));
    check("1.5", Some(Problem::NotANumber));
}

#[test]
fn what_stays_as_it_is_may_stay() {
    let mut full = key();
    full.fields.set(FieldId::USED, Value::Number(100));
    let draft = Draft::of(&MANIFEST, &full);
    assert_eq!(errors(&draft, Some(&full)), []);
    let lower = draft.clone().with_text(FieldId::LIMIT, "99");
    assert_eq!(errors(&lower, Some(&full)), [(FieldId::LIMIT, Problem::NotAboveUsed(100))]);
    let past = draft.with_text(FieldId::EXPIRES, "2026-02-01");
    assert_eq!(errors(&past, Some(&full)), [(FieldId::EXPIRES, Problem::InThePast)]);
}

fn planned(draft: &Draft, key: &Key) -> Change {
    let wanted = read_draft(&MANIFEST, draft, Some(key), now()).unwrap_or_default();
    plan_change(&MANIFEST, key, &wanted)
}

#[test]
fn an_untouched_form_plans_nothing() {
    assert!(planned(&Draft::of(&MANIFEST, &key()), &key()).is_empty());
    // Even where the reading told little.
    let mut row = key();
    row.fields.remove(NETWORK);
    row.fields.remove(TAGS);
    assert!(planned(&Draft::of(&MANIFEST, &row), &row).is_empty());
}

#[test]
fn only_differences_are_planned() {
    let draft = Draft::default()
        .with_text(FieldId::TITLE, "Payroll")
        .with_text(NETWORK, "0")
        .with(LICENCES, list("PC PM"))
        .with(TAGS, list("2 3"))
        .with(APPLY, Input::Flag(true));
    let change = planned(&draft, &key());
    assert_eq!(change.set(FieldId::TITLE), Some(&Value::Text("Payroll".to_owned())));
    assert_eq!(change.set(FieldId::EXPIRES), Some(&Value::Nothing));
    assert_eq!(change.set(FieldId::LIMIT), Some(&Value::Limit(Limit::Unlimited)));
    assert_eq!(change.set(APPLY), Some(&Value::Flag(true)));
    assert_eq!(change.get(NETWORK), None);
    let items = |text: &str| vec![text.to_owned()];
    assert_eq!(change.get(LICENCES), Some(&Delta::List { add: items("PM"), remove: items("VM") }));
    assert_eq!(change.get(TAGS), Some(&Delta::List { add: items("3"), remove: items("1") }));
}

#[test]
fn a_reading_that_tells_less_is_no_difference() {
    let mut row = key();
    row.fields.remove(NETWORK);
    row.fields.remove(TAGS);
    assert!(differences(&MANIFEST, &key(), &row).is_empty());
    row.disabled = true;
    row.fields.set(LICENCES, Value::Codes(vec!["VM".to_owned(), "PC".to_owned()]));
    row.fields.set(FieldId::USED, Value::Number(41));
    assert_eq!(differences(&MANIFEST, &key(), &row), [FieldId::STATE, FieldId::USED]);
}

#[test]
fn asked_and_got_differ_only_where_something_was_asked() {
    let draft = Draft::default().with(LICENCES, list("VM PC SCA")).with_text(FieldId::LIMIT, "100");
    let asked = read_draft(&MANIFEST, &draft, None, now()).unwrap_or_default();
    let mut got = key();
    got.fields.set(FieldId::EXPIRES, Value::Nothing);
    got.fields.set(FieldId::TITLE, Value::Text(String::new()));
    got.fields.set(TAGS, Value::Refs(Vec::new()));
    let fields: Vec<FieldId> = compare(&MANIFEST, &asked, &got).into_iter().map(|it| it.field).collect();
    // The network was left to the service; PC is PA.
    assert_eq!(fields, [LICENCES]);
}

#[test]
fn a_blank_that_was_sent_was_asked_for() {
    let manifest = &crate::systems::solifyn::MANIFEST;
    let blank = Fields::new().with(FieldId::LIMIT, Value::Limit(Limit::Unlimited));
    let mut got = Key::new("lic_1");
    got.fields.set(FieldId::LIMIT, Value::Limit(Limit::Of(2)));
    let sent = Change(vec![(FieldId::LIMIT, Delta::Set(Value::Limit(Limit::Unlimited)))]);
    let differing = |sent: &Change| compare_change(manifest, &blank, sent, &got).len();
    // In a new key a blank is the product's own limit; taking a limit away is no such thing.
    assert_eq!((differing(&Change::default()), differing(&sent)), (0, 1));
}

#[test]
fn a_twin_carries_settings_alone() {
    let twin = Draft::like(&MANIFEST, &key());
    assert_eq!((twin.text(FieldId::TITLE), twin.text(FieldId::LIMIT)), ("", "100"));
    assert!(twin.get(APPLY).is_none());
}

#[test]
fn drafts_that_say_the_same_are_equal() {
    let one = Draft::default().with(LICENCES, list("swca vm gav")).with_text(FieldId::TITLE, " a ");
    let other = Draft::default().with_text(FieldId::TITLE, "a").with(LICENCES, list("VM SwCA gav gav"));
    assert_eq!(one.tidied(&MANIFEST), other.tidied(&MANIFEST));
    assert_eq!(Draft::default().with_text(FieldId::TITLE, ""), Draft::default());
}

#[test]
fn a_moment_shows_seconds_only_where_it_has_some() {
    let shown = |text: &str| Timestamp::parse(text).map(moment_input).unwrap_or_default();
    assert_eq!(shown("2027-01-01T10:30:00Z"), "2027-01-01T10:30");
    assert_eq!(shown("2027-01-01T10:30:07Z"), "2027-01-01T10:30:07");
    assert_eq!(shown("2027-01-01T00:00:00.250Z"), "2027-01-01T00:00:00.250");
}
