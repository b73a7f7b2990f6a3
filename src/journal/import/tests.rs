//! What becomes of rows.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use std::sync::Arc;

use super::*;
use crate::domain::{Date, Fields, Key, KeyId, Limit, Ref, Secret, Timestamp, Value};
use crate::files::{Cell, Sheet};
use crate::journal::bulk::Wanted;
use crate::systems::qualys_gateway::fields::{LICENCES, TAGS};
use crate::systems::{Delta, Manifest, Problem, qlik, qualys_gateway, qualys_qps, solifyn};

pub(super) fn now() -> Timestamp {
    Timestamp::parse("2026-11-21T12:00:00Z").unwrap()
}

fn key(id: &str, title: &str) -> Key {
    let mut key = Key::new(id);
    key.value = Some(Secret::new("12ba12bc-effd-12e3-1234-12345ac12345".to_owned()));
    key.fields = Fields::new()
        .with(FieldId::TITLE, Value::Text(title.to_owned()))
        .with(FieldId::USED, Value::Number(40))
        .with(FieldId::LIMIT, Value::Limit(Limit::Of(100)))
        .with(FieldId::EXPIRES, Value::Day(Date::parse("2027-01-31").unwrap()))
        .with(FieldId::CREATED, Value::Moment(Timestamp::parse("2025-01-02T03:04:05Z").unwrap()))
        .with(LICENCES, Value::Codes(vec!["VM".to_owned(), "PM".to_owned()]))
        .with(TAGS, Value::Refs(vec![Ref::of("1")]));
    key
}

/// A sheet as a CSV file gives it: texts, with `|` between cells.
fn sheet(lines: &[&str]) -> Sheet {
    let cells = |line: &&str| line.split('|').map(str::to_owned).collect::<Vec<_>>();
    let mut lines = lines.iter();
    let head = lines.next().map(cells).unwrap();
    let cell = |text: String| if text.is_empty() { Cell::Empty } else { Cell::Text(text) };
    let rows = lines.map(|it| cells(it).into_iter().map(cell).collect()).collect();
    Sheet { name: String::new(), head, rows }
}

fn setting(manifest: &'static Manifest, keys: &[Key], sheet: Sheet) -> Setting {
    let mapping = Mapping::guess(manifest, &sheet.head);
    Setting {
        manifest,
        options: Options::of(&mapping),
        mapping,
        sheet: Arc::new(sheet),
        keys: keys.to_vec().into(),
        read: Arc::default(),
        maxima: Arc::new([]),
        may: May { create: true, edit: true },
        now: now(),
        first: Line(2),
    }
}

fn keys() -> Vec<Key> {
    vec![key("1", "Payroll"), key("2", "Berlin"), key("3", "Twin"), key("4", "Twin")]
}

fn plan(lines: &[&str]) -> ImportPlan {
    Planner::new(setting(&qualys_gateway::MANIFEST, &keys(), sheet(lines))).finish()
}

fn plan_with(lines: &[&str], choose: fn(&mut Options)) -> ImportPlan {
    let mut setting = setting(&qualys_gateway::MANIFEST, &keys(), sheet(lines));
    choose(&mut setting.options);
    Planner::new(setting).finish()
}

/// What becomes of each row, in one word.
fn words(plan: &ImportPlan) -> Vec<Count> {
    plan.rows.iter().map(|it| it.verdict.count()).collect()
}

fn whys(plan: &ImportPlan) -> Vec<Why> {
    let refusals = |row: &Row| match &row.verdict {
        Verdict::Refused(refusals) => refusals.iter().map(|it| it.why.clone()).collect(),
        _ => Vec::new(),
    };
    plan.rows.iter().flat_map(refusals).collect()
}

#[test]
fn headings_are_understood_in_several_words() {
    let manifest = &qualys_gateway::MANIFEST;
    let head = ["TITLE", "Agent limit?", "maxAgentsAllowed", "Expires", "Licences", "tag", "id", "", "Note"];
    let head: Vec<String> = head.iter().map(|it| (*it).to_owned()).collect();
    let mapping = Mapping::guess(manifest, &head);
    let fields: Vec<Option<FieldId>> = (0..head.len()).map(|it| mapping.field(it)).collect();
    let some = Some;
    assert_eq!(
        fields,
        [
            some(FieldId::TITLE),
            None,
            some(FieldId::LIMIT),
            some(FieldId::EXPIRES),
            some(LICENCES),
            some(TAGS),
            some(FieldId::ID),
            None,
            None,
        ]
    );
    assert_eq!(mapping.unused().collect::<Vec<_>>(), [1, 7, 8]);
}

#[test]
fn every_field_is_found_by_its_own_name() {
    for system in crate::systems::System::all() {
        let manifest = system.manifest();
        let head: Vec<String> = targets(manifest).map(|it| it.id.0.to_owned()).collect();
        let mapping = Mapping::guess(manifest, &head);
        assert_eq!(mapping.unused().count(), 0, "{}", manifest.id);
    }
}

#[test]
fn no_field_has_two_columns() {
    let head = ["title".to_owned(), "Title".to_owned()];
    let mut mapping = Mapping::guess(&qualys_gateway::MANIFEST, &head);
    assert_eq!((mapping.field(0), mapping.field(1)), (Some(FieldId::TITLE), None));
    mapping.set(1, Some(FieldId::TITLE));
    assert_eq!((mapping.field(0), mapping.field(1)), (None, Some(FieldId::TITLE)));
    mapping.set(7, Some(FieldId::ID));
    assert_eq!(mapping.column(FieldId::ID), None);
}

#[test]
fn a_row_is_new_changed_or_the_same() {
    let plan = plan(&["id|title|limit", "1|Payroll|100", "2|Berlin|250", "|Hamburg|5", "||"]);
    assert_eq!(words(&plan), [Count::Same, Count::Change, Count::Create]);
    assert_eq!((plan.blank, plan.effects()), (1, 2));
    assert_eq!(plan.rows.iter().map(|it| it.line.0).collect::<Vec<_>>(), [2, 3, 4]);
    let items = plan.items();
    let Wanted::Changed(change) = &items[0].wanted else { panic!("the first is a change") };
    assert_eq!(change.0, [(FieldId::LIMIT, Delta::Set(Value::Limit(Limit::Of(250))))]);
    assert!(items[0].before.as_ref().is_some_and(|it| it.value.is_none() && it.id.0 == "2"));
    let Wanted::Created(fields) = &items[1].wanted else { panic!("the second is a new key") };
    assert_eq!(fields.text(FieldId::TITLE), "Hamburg");
    assert_eq!((items[1].title.as_str(), items[1].before.is_none()), ("Hamburg", true));
}

#[test]
fn each_wrong_cell_is_named_with_what_stands_in_it() {
    let plan = plan(&["id|limit|expires|tags", "1|30|2020-01-01|Berlin", "|0||"]);
    let Verdict::Refused(refusals) = &plan.rows[0].verdict else { panic!("it is refused") };
    let seen: Vec<_> = refusals.iter().map(|it| (it.column, it.stands.as_str(), it.why.clone())).collect();
    assert_eq!(
        seen,
        [
            (Some(1), "30", Why::Field(Problem::NotAboveUsed(40))),
            (Some(2), "2020-01-01", Why::Field(Problem::InThePast)),
            (Some(3), "Berlin", Why::Field(Problem::NotANumber)),
        ]
    );
    let Verdict::Refused(refusals) = &plan.rows[1].verdict else { panic!("it is refused") };
    assert_eq!(refusals[0].why, Why::Field(Problem::OutOfRange(1, 1_000_000)));
}

#[test]
fn cells_that_cannot_be_read_are_refused_at_their_place() {
    let plan = plan(&["id|limit|expires", "1|many|soon"]);
    assert_eq!(whys(&plan), [Why::Field(Problem::NotANumber), Why::Field(Problem::NotADate)]);
}

#[test]
fn titles_find_their_key_when_one_alone_has_them() {
    let plan = plan(&["title|limit", "Payroll|200", "Twin|200", "Hamburg|200", "|200"]);
    assert_eq!(words(&plan), [Count::Change, Count::Refused, Count::Create, Count::Refused]);
    let ids = vec![KeyId("3".to_owned()), KeyId("4".to_owned())];
    assert_eq!(whys(&plan), [Why::Ambiguous(ids), Why::NoTitle]);
}

#[test]
fn two_rows_about_one_key_are_both_refused() {
    let plan = plan(&["id|limit", "1|200", "2|200", "1|300"]);
    assert_eq!(words(&plan), [Count::Refused, Count::Change, Count::Refused]);
    assert_eq!(whys(&plan), [Why::SameKey(vec![Line(4)]), Why::SameKey(vec![Line(2)])]);
}

#[test]
fn a_key_that_is_gone_is_refused_or_made_as_chosen() {
    let lines = ["id|title", "99|Hamburg"];
    assert_eq!(whys(&plan(&lines)), [Why::UnknownKey]);
    assert_eq!(words(&plan_with(&lines, |it| it.create_gone = true)), [Count::Create]);
}

#[test]
fn blank_cells_leave_or_clear_as_chosen() {
    let lines = ["id|limit|expires|tags|licences", "1||||", "2|unlimited|none|1|VM; PM"];
    let changed = plan(&lines);
    assert_eq!(words(&changed), [Count::Same, Count::Change]);
    let Verdict::Change(_, change) = &changed.rows[1].verdict else { panic!("it changes") };
    assert_eq!(change.0.iter().map(|it| it.0).collect::<Vec<_>>(), [FieldId::LIMIT, FieldId::EXPIRES]);

    let cleared = plan_with(&lines, |it| it.clear_blanks = true);
    let Verdict::Change(_, change) = &cleared.rows[0].verdict else { panic!("it changes") };
    assert_eq!(change.0.len(), 4, "{change:?}");
    assert_eq!(change.set(FieldId::LIMIT), Some(&Value::Limit(Limit::Unlimited)));
    assert_eq!(change.list(TAGS).1, ["1".to_owned()]);
}

#[test]
fn a_column_in_which_nothing_stands_takes_nothing_away() {
    let lines = ["id|limit|tags", "1|100|", "2||"];
    let plan = plan_with(&lines, |it| it.clear_blanks = true);
    assert_eq!(words(&plan), [Count::Same, Count::Change]);
    let Verdict::Change(_, change) = &plan.rows[1].verdict else { panic!("it changes") };
    assert_eq!(change.0.iter().map(|it| it.0).collect::<Vec<_>>(), [FieldId::LIMIT]);
}

#[test]
fn titles_that_are_taken_are_refused_unless_allowed() {
    let lines = ["id|title", "|payroll", "|Hamburg", "|HAMBURG", "2|Payroll", "1|Payroll"];
    let plan = plan(&lines);
    assert_eq!(
        whys(&plan),
        [
            Why::TitleUsed(vec![KeyId("1".to_owned())]),
            Why::SameTitle(vec![Line(4)]),
            Why::SameTitle(vec![Line(3)]),
            Why::TitleUsed(vec![KeyId("1".to_owned())]),
        ]
    );
    let plan = plan_with(&lines, |it| it.allow_doubles = true);
    assert_eq!(words(&plan), [Count::Create, Count::Create, Count::Create, Count::Change, Count::Same]);
}

#[test]
fn what_cannot_be_changed_is_told_and_not_dropped() {
    let plan = plan(&["id|used|created|state", "1|41|2025-01-02T03:04:05.000Z|active"]);
    assert_eq!(words(&plan), [Count::Same]);
    let ignored: Vec<_> = plan.rows[0].ignored.iter().map(|it| (it.field, it.why)).collect();
    assert_eq!(ignored, [(FieldId::USED, LeftOut::Fixed)]);
}

#[test]
fn values_of_keys_are_never_taken_and_never_told() {
    let canary = "99ba12bc-effd-12e3-1234-99999ac99999";
    let rows = [
        "id|title|key",
        &["1|Payroll|", canary].concat(),
        &["|Hamburg|", canary].concat(),
        "2|Berlin|12ba••••••••2345",
    ];
    let plan = plan(&rows);
    assert_eq!(words(&plan), [Count::Same, Count::Create, Count::Same]);
    let left: Vec<_> =
        plan.rows.iter().map(|it| it.ignored.iter().map(|it| it.why).collect::<Vec<_>>()).collect();
    assert_eq!(left, [vec![LeftOut::KeyValue], vec![LeftOut::KeyValue], vec![]]);
    for row in &plan.rows {
        let text = format!("{:?}", row.ignored);
        assert!(!text.contains(canary), "{text}");
    }
    // Where a new key's value could be given, a new one would not be what the file says.
    let lines = ["product|owner|customKey", "p1|c1|SOL-AAAA-BBBB"];
    let mut setting = setting(&solifyn::MANIFEST, &[], sheet(&lines));
    setting.mapping.set(2, Some(solifyn::CUSTOM_KEY));
    let plan = Planner::new(setting).finish();
    let Verdict::Refused(refusals) = &plan.rows[0].verdict else { panic!("it is refused") };
    assert_eq!((&refusals[0].why, refusals[0].stands.contains("AAAA")), (&Why::KeyValue, false));
}

#[test]
fn a_new_key_needs_what_the_form_needs() {
    let lines =
        ["title|type|limit", "A|COUNT_LIMITED|", "B|COUNT_LIMITED|5", "C|UNLIMITED|5", "D||", "E|OTHER|"];
    let plan = Planner::new(setting(&qualys_qps::MANIFEST, &[], sheet(&lines))).finish();
    assert_eq!(words(&plan), [Count::Refused, Count::Create, Count::Create, Count::Refused, Count::Refused]);
    assert_eq!(
        whys(&plan),
        [Why::Field(Problem::Missing), Why::Field(Problem::Missing), Why::Field(Problem::NotOffered)]
    );
    assert_eq!(plan.rows[2].ignored.iter().map(|it| it.why).collect::<Vec<_>>(), [LeftOut::DoesNotApply]);
}

#[test]
fn a_system_that_cannot_make_or_change_keys_says_so() {
    let mut setting = setting(&qualys_gateway::MANIFEST, &keys(), sheet(&["id|title", "1|Other", "|New"]));
    setting.may = May { create: false, edit: false };
    assert_eq!(whys(&Planner::new(setting).finish()), [Why::CannotChange, Why::CannotCreate]);
}

#[test]
fn what_the_account_allows_counts_for_new_keys() {
    use crate::systems::Maximum;
    let lines = ["title|expiry", "A|P30D", "B|P1Y"];
    let mut setting = setting(&qlik::MANIFEST, &[], sheet(&lines));
    let expiry = setting.mapping.field(1).unwrap();
    let most = Value::Text("P90D".to_owned());
    setting.maxima = Arc::new([Maximum { field: expiry, most, when: (qlik::SUB_TYPE, &[""]) }]);
    let plan = Planner::new(setting).finish();
    assert_eq!(words(&plan), [Count::Create, Count::Refused]);
    assert!(matches!(&whys(&plan)[..], [Why::Field(Problem::Said(_))]));
}

#[test]
fn what_the_list_does_not_tell_is_read_first() {
    let mut keys = keys();
    keys[0].fields.remove(TAGS);
    let mut setting = setting(&qualys_gateway::MANIFEST, &keys, sheet(&["id|tags", "1|1", "2|1"]));
    let planner = Planner::new(setting.clone());
    assert_eq!(planner.unread(), [KeyId("1".to_owned())]);
    assert_eq!(whys(&planner.finish()), [Why::Unread]);
    setting.read = Arc::new([KeyId("1".to_owned())].into());
    let planner = Planner::new(setting);
    assert!(planner.unread().is_empty());
    assert_eq!(words(&planner.finish()), [Count::Change, Count::Same]);
}

#[test]
fn long_cells_and_many_rows_are_bounded() {
    let long = "x".repeat(LONGEST_CELL + 1);
    let plan = plan(&["id|title", &["1|", &long].concat()]);
    assert_eq!(whys(&plan), [Why::TooLong]);
    let Verdict::Refused(refusals) = &plan.rows[0].verdict else { panic!("it is refused") };
    assert!(refusals[0].stands.len() < 300);
}

#[test]
fn rows_are_compared_in_slices_with_the_same_result() {
    let lines = ["title|limit", "Payroll|200", "Hamburg|5", "Twin|1"];
    let mut planner = Planner::new(setting(&qualys_gateway::MANIFEST, &keys(), sheet(&lines)));
    let mut slices = 1;
    while planner.go_on(1) {
        slices += 1;
    }
    assert_eq!((slices, planner.done()), (3, 3));
    assert_eq!(words(&planner.finish()), words(&plan(&lines)));
}
