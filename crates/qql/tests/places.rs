//! Schemas made at run time, unknown names, zones, and long and deep queries.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use qql::{
    Clock, Expr, FieldSpec, FieldType, Filter, Logic, MAX_DEPTH, MAX_ERRORS, Ops, Place, ProblemKind, Record,
    Run, Schema, Split, ValueRef, Why,
};
use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

const UTC: Clock = Clock { now_ms: 0, offset_minutes: 0 };

/// A record with one value.
struct One(ValueRef<'static>);

impl Record for One {
    fn values(&self, _: u16, visit: &mut dyn FnMut(ValueRef<'_>)) {
        visit(self.0);
    }
}

fn expr(text: &str) -> Expr {
    qql::parse(text).expr().unwrap()
}

fn fields() -> [FieldSpec<'static>; 3] {
    let server = Ops::NUMBER.and(Ops::TEXT);
    [
        FieldSpec::new(0, "a", FieldType::Integer).on_server(server),
        FieldSpec::new(1, "b", FieldType::Integer),
        FieldSpec::new(2, "t", FieldType::Text).on_server(Ops::CONTAINS),
    ]
}

fn schema<'a>(fields: &'a [FieldSpec<'a>], unknown: Place) -> Schema<'a> {
    Schema { fields, prefixes: &[], unknown }
}

#[test]
fn a_schema_can_be_made_at_run_time() {
    let names: Vec<String> = (0..20).map(|idx| format!("field{idx}")).collect();
    let fields: Vec<FieldSpec<'_>> =
        names.iter().zip(0..).map(|(name, id)| FieldSpec::new(id, name, FieldType::Integer)).collect();
    let filter = Filter::new(&expr("field7: 3"), &schema(&fields, Place::Nowhere), UTC).unwrap();
    assert!(filter.matches(&One(ValueRef::Integer(3))));
    assert_eq!(schema(&fields, Place::Nowhere).by_id(7).map(|it| it.name), Some("field7"));
}

#[test]
fn a_query_that_is_muted_altogether_asks_nothing() {
    let fields = fields();
    let split = qql::split(&qql::parse("/* a: 1 */"), &schema(&fields, Place::Nowhere), Logic::Full).unwrap();
    assert_eq!(split, Split { server: None, criteria: Vec::new(), rest: None, clauses: Vec::new() });
}

/// What is counted from now stays here, also where the server compares dates.
#[test]
fn dates_in_words_are_never_sent() {
    let fields = [FieldSpec::new(0, "d", FieldType::Date).on_server(Ops::NUMBER)];
    let schema = schema(&fields, Place::Nowhere);
    let run = |text: &str| {
        let split = qql::split(&qql::parse(text), &schema, Logic::Full).unwrap();
        (split.server.is_some(), split.rest.is_some())
    };
    assert_eq!(run("d: 2026-01-01"), (true, false));
    assert_eq!(run("d: [2026-01-01, 2026-01-02]"), (true, false));
    for own in [
        "d: in 30 days",
        "d = 'last 2 weeks'",
        "d: today",
        "d: [2026-01-01, tomorrow]",
        "NOT d: `3 days ago`",
    ] {
        assert_eq!(run(own), (false, true), "{own}");
    }
}

#[track_caller]
fn check_unknown(text: &str, server: Option<&str>, rest: Option<&str>, places: &[(Run, Why)]) {
    let fields = fields();
    let split = qql::split(&qql::parse(text), &schema(&fields, Place::Server), Logic::Full).unwrap();
    assert_eq!((split.server.as_deref(), split.rest.as_deref()), (server, rest));
    assert_eq!(split.clauses.iter().map(|it| (it.run, it.why)).collect::<Vec<_>>(), places);
}

#[test]
fn unknown_names_can_be_sent_as_they_are() {
    let (sent, lost) = ((Run::Server, Why::Unverified), (Run::Nowhere, Why::Problem));
    let (server, both, browser) =
        ((Run::Server, Why::Sent), (Run::Both, Why::Sent), (Run::Browser, Why::Field));
    check_unknown("x.y: 1", Some("x.y: 1"), None, &[sent]);
    check_unknown("NOT x: 1 OR a: 2", Some("NOT x: 1 OR a: 2"), None, &[sent, server]);
    check_unknown("x: 1 AND b: 2", Some("x: 1"), Some("b: 2"), &[sent, browser]);
    check_unknown("x: 1 OR b: 2", None, Some("x: 1 OR b: 2"), &[lost, browser]);
    // The server can narrow it down, but the browser could not check it.
    check_unknown(
        "x: 1 AND b: 2 OR a: 3",
        Some("(x: 1 OR a: 3)"),
        Some("x: 1 AND b: 2 OR a: 3"),
        &[lost, browser, both],
    );
    let fields = fields();
    let kinds = |unknown| qql::check(&expr("x: 1"), &schema(&fields, unknown), UTC).first().map(|it| it.kind);
    assert_eq!(kinds(Place::Server), Some(ProblemKind::UnverifiedField));
    assert_eq!(kinds(Place::Nowhere), Some(ProblemKind::UnknownField));
    assert!(Filter::new(&expr("x: 1"), &schema(&fields, Place::Server), UTC).is_err());
    let criteria = qql::split(&qql::parse("x: 1"), &schema(&fields, Place::Server), Logic::Criteria).unwrap();
    assert_eq!(criteria.server, None);
}

#[test]
fn blank_and_broken_texts_have_no_parts() {
    let fields = fields();
    let split = |text| qql::split(&qql::parse(text), &schema(&fields, Place::Nowhere), Logic::Full);
    assert_eq!(
        split(" \n"),
        Some(Split { server: None, criteria: Vec::new(), rest: None, clauses: Vec::new() })
    );
    assert_eq!(split("a: ("), None);
}

#[track_caller]
fn check_date(text: &str, offset_minutes: i32, date: &str, is_found: bool) {
    let fields = [FieldSpec::new(0, "d", FieldType::Date)];
    // 2024-02-29, 23:30 in UTC.
    let clock = Clock { now_ms: 1_709_249_400_000, offset_minutes };
    let filter = Filter::new(&expr(text), &schema(&fields, Place::Nowhere), clock).unwrap();
    assert_eq!(filter.matches(&One(qql::parse_date(date).unwrap())), is_found, "{text} {date}");
}

#[test]
fn days_are_those_of_the_clock() {
    check_date("d: 2024-03-01", 0, "2024-02-29T23:00:00", false);
    check_date("d: 2024-03-01", 60, "2024-02-29T23:00:00", true);
    check_date("d: 2024-03-01", 60, "2024-03-01T23:00:00", false);
    // A day of a record is no moment: it stays the day it is.
    check_date("d: 2024-03-01", -600, "2024-03-01", true);
    check_date("d: now+0d", 0, "2024-02-29", true);
    check_date("d: now+0d", 60, "2024-03-01", true);
    // A moment with a zone means the same everywhere, and so does now.
    check_date("d: '2024-03-01T00:30+01:00'", 600, "2024-02-29T23:30:00", true);
    check_date("d: now", 60, "2024-02-29T23:30:00", true);
    // The day of a moment is that of UTC, like the days of the records.
    check_date("d: now", 60, "2024-02-29", true);
}

#[test]
fn dates_are_counted_by_the_calendar() {
    check_date("d: now+1y", 0, "2025-02-28", true);
    check_date("d: now-1M", 0, "2024-01-29", true);
    check_date("d: now+12M-1d", 0, "2025-02-27", true);
    check_date("d > now+30d", 0, "2024-03-30", false);
    check_date("d > now+30d", 0, "2024-03-31", true);
    check_date("d <= now+90m", 0, "2024-03-01T01:00:00", true);
    check_date("d < now+90m", 0, "2024-03-01T01:00:00", false);
}

#[test]
fn the_fatal_problem_is_told_even_behind_many_others() {
    let fields = [FieldSpec::new(0, "k", FieldType::Keyword).one_of(&["x"])];
    let text = ["k: no OR ".repeat(MAX_ERRORS + 1), "z: 1 AND z: 2".to_owned()].concat();
    let problems = qql::check(&expr(&text), &schema(&fields, Place::Nowhere), UTC);
    assert_eq!(problems.len(), MAX_ERRORS);
    let fatal = Filter::new(&expr(&text), &schema(&fields, Place::Nowhere), UTC).unwrap_err();
    assert_eq!(fatal.iter().map(|it| it.kind).collect::<Vec<_>>(), [ProblemKind::UnknownField]);
}

#[test]
fn the_deepest_query_is_checked_and_split_on_a_small_stack() {
    let small = std::thread::Builder::new().stack_size(768 * 1024);
    let work = || {
        let fields = fields();
        for level in [
            "a: 1 OR b: 2 AND (",
            "a: 1 AND NOT (b: 2 OR ",
            "b: 1 AND (NOT a: 1 OR a: 3 AND ",
            "NOT (a: 2 AND ",
        ] {
            let n_levels = if level.starts_with("NOT") { MAX_DEPTH / 2 } else { MAX_DEPTH };
            let n_levels = if level.contains(" NOT (") { MAX_DEPTH / 2 } else { n_levels };
            let n_levels = if level.contains("(NOT") { MAX_DEPTH - 1 } else { n_levels };
            let text = [&level.repeat(n_levels), "a: 3", &")".repeat(n_levels)].concat();
            let filter = Filter::new(&expr(&text), &schema(&fields, Place::Nowhere), UTC).unwrap();
            filter.matches(&One(ValueRef::Integer(1)));
            for logic in [Logic::Full, Logic::Criteria, Logic::OnePerField] {
                let split = qql::split(&qql::parse(&text), &schema(&fields, Place::Nowhere), logic).unwrap();
                for part in [split.server, split.rest].into_iter().flatten() {
                    assert_eq!(qql::parse(&part).errors(), &[], "{level}");
                }
            }
        }
    };
    small.spawn(work).unwrap().join().unwrap();
}

/// Time that this thread has worked, which does not grow while others have the processor.
fn time_of_thread() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap()
}

/// All the work on a text with `n_pieces` of `piece`, the fastest of three.
fn time(piece: &str, n_pieces: usize) -> Duration {
    let text = [&piece.repeat(n_pieces), "a: 1"].concat();
    let fields = fields();
    let schema = schema(&fields, Place::Nowhere);
    let parse = qql::parse(&text);
    let run = |_| {
        let start = time_of_thread();
        let expr = parse.expr().unwrap();
        assert!(qql::check(&expr, &schema, UTC).len() <= MAX_ERRORS);
        if let Ok(filter) = Filter::new(&expr, &schema, UTC) {
            filter.matches(&One(ValueRef::Integer(1)));
        }
        for logic in [Logic::Full, Logic::Criteria, Logic::OnePerField, Logic::Nothing] {
            assert!(qql::split(&parse, &schema, logic).is_some());
        }
        time_of_thread() - start
    };
    (0..3).map(run).min().unwrap()
}

/// Eight times the text takes about eight times the time, where squared work would take 64 times.
#[test]
fn a_mebibyte_takes_linear_time() {
    let pieces = [
        "a: 1 AND ",
        "a: 1 OR ",
        "a: 1 AND b: 2 OR ",
        "NOT (a: 1 OR b: 2) AND ",
        "(a: 1 OR b: 2) AND ",
        "nmae: 1 OR ",
        "a: x AND ",
        "a: [1, 2, 3 , 4] OR NOT a: [3 .. 1] OR ",
    ];
    let check = |piece: &str, length: usize| {
        let n_pieces = length / piece.len();
        let (short, long) = (time(piece, n_pieces / 8), time(piece, n_pieces));
        assert!(long < short * 30, "{piece:?}: {short:?} and {long:?}");
    };
    for piece in pieces {
        check(piece, 128 * 1024);
    }
    check(&pieces.concat(), 1024 * 1024);
    for (open, item, close) in
        [("a: [", "7, ", "7] OR "), ("t: ", "a-", "a AND "), ("NOT t: '", "é-", "' AND ")]
    {
        let value = |length: usize| [open, &item.repeat(length / item.len()), close].concat();
        let (short, long) = (time(&value(16 * 1024), 1), time(&value(128 * 1024), 1));
        assert!(long < short * 30, "{item:?}: {short:?} and {long:?}");
    }
}
