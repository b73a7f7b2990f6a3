//! Runs the cases in `tests/schema/*.txt`: what is wrong with a query, which rows it finds and how it is shared out.
//!
//! ```text
//! --- a case ---
//! | expires < now OR titel: prod
//!                    ^^^^^ unknown-field => expires < now OR title: prod
//! = 1 3
//! full: server | rest
//! ```
//!
//! `=` are the rows of `ROWS` that the query finds. `full`, `criteria` and `one` are the parts for a server of that
//! logic, left out where it is asked for nothing, with `=` for the whole text, the criteria between braces, and where
//! each clause runs. The time is 2025-12-15 12:00 in UTC.
//!
//! With `QQL_WRITE_SUITE=1` in the environment the files are written anew: read the difference before you keep it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::*;
use qql::{Clock, Criterion, Filter, Logic, Parse, Problem, Split, ValueRef};
use std::fs;
use std::path::Path;

const NOW: Clock = Clock { now_ms: 1_765_800_000_000, offset_minutes: 0 };

/// Title, key, disabled, limit, licences, expiry, creation, owner, tags.
type Columns<'a> = (
    &'a str,
    &'a str,
    bool,
    i64,
    &'a [&'a str],
    Option<&'a str>,
    &'a str,
    Option<&'a str>,
    &'a [(i64, &'a str)],
);

const ROWS: [Columns<'static>; 6] = [
    (
        "Production web-servers (EU)",
        "7781808c-1234-4abc-8def-000000000001",
        false,
        100,
        &["VM", "PA"],
        Some("2026-01-01"),
        "2025-09-08T18:40:11",
        Some("ann"),
        &[(1, "eu"), (2, "web tier")],
    ),
    (
        "Servers, production",
        "7781808c-1234-4abc-8def-000000000002",
        true,
        0,
        &["VM"],
        None,
        "2025-09-08T23:59:59.999",
        Some("Ann"),
        &[(1, "web"), (2, "eu")],
    ),
    (
        "O'Brien's laptop",
        "aaaaaaaa-0000-4abc-8def-000000000003",
        false,
        5,
        &["SCA"],
        Some("2025-12-14"),
        "2025-12-10T00:00:00",
        Some("bob"),
        &[],
    ),
    (
        "",
        "BBBBBBBB-0000-4ABC-8DEF-000000000004",
        true,
        1000,
        &[],
        Some("2025-12-15"),
        "2024-02-29T12:00:00",
        None,
        &[],
    ),
    (
        "v1.2.3 7781808c-1234-4abc-8def-00000000000a",
        "cccccccc-0000-4abc-8def-000000000005",
        false,
        7,
        &["PM", "VM", "PA"],
        Some("2026-06-30"),
        "2025-12-15T11:59:59",
        Some("ann"),
        &[(3, "eu")],
    ),
    (
        "ÄRZTE 50% & mehr",
        "dddddddd",
        false,
        10,
        &["PA"],
        Some("2025-01-31"),
        "2025-12-15T12:00:00",
        Some("eve"),
        &[],
    ),
];

fn rows() -> Vec<Row> {
    let row = |(id, columns): (usize, Columns<'_>)| {
        let (title, key, disabled, limit, licences, expires, created, owner, tags) = columns;
        let mut row = Row::default();
        let mut add = |field, value| row.values.push((field, value));
        add(ID, Val::Integer(i64::try_from(id).unwrap() + 1));
        add(TITLE, Val::of(title));
        add(KEY, Val::of(key));
        add(DISABLED, Val::Boolean(disabled));
        add(LIMIT, Val::Integer(limit));
        licences.iter().for_each(|it| add(LICENCES, Val::of(it)));
        expires.into_iter().for_each(|it| add(EXPIRES, date(it)));
        add(CREATED, date(created));
        owner.into_iter().for_each(|it| add(OWNER, Val::of(it)));
        let part = |(id, name): &(i64, &str)| {
            let values = vec![(TAG_ID, Val::Integer(*id)), (TAG_NAME, Val::of(name))];
            (TAGS, Row { values, parts: Vec::new() })
        };
        row.parts = tags.iter().map(part).collect();
        row
    };
    ROWS.into_iter().enumerate().map(row).collect()
}

fn date(text: &str) -> Val {
    match qql::parse_date(text) {
        Some(ValueRef::Day(it)) => Val::Day(it),
        Some(ValueRef::Moment(it)) => Val::Moment(it),
        _ => panic!("{text}"),
    }
}

#[test]
fn suite() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schema");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "there are files of cases");
    for path in paths {
        let expected = fs::read_to_string(&path).unwrap();
        let actual = expected
            .split_inclusive("\n")
            .collect::<Vec<_>>()
            .chunk_by(|_, line| !line.starts_with("--- "))
            .map(render)
            .collect::<String>();
        if std::env::var_os("QQL_WRITE_SUITE").is_some() {
            fs::write(&path, actual).unwrap();
            continue;
        }
        for (case, expected) in actual.split("\n--- ").zip(expected.split("\n--- ")) {
            assert_eq!(case, expected, "\nin {}\nis:\n{case}\nshould be:\n{expected}", path.display());
        }
        assert_eq!(actual, expected, "{}", path.display());
    }
}

/// The lines of one case with everything but its header, its comments and its query written anew.
fn render(lines: &[&str]) -> String {
    let mut text = String::new();
    let mut query = None;
    for line in lines {
        match line.strip_prefix("| ") {
            Some(line) => query = Some(line.trim_end()),
            None if line.starts_with("--- ") || line.starts_with('#') => text.push_str(line),
            None => {}
        }
    }
    let Some(query) = query else { return text + "\n" };
    let parse = qql::parse(query);
    assert_eq!(parse.errors(), &[], "{query}");
    let (expr, schema) = (parse.expr().unwrap(), schema(&FIELDS));
    text.push_str(&format!("| {query}\n"));
    for problem in qql::check(&expr, &schema, NOW) {
        text.push_str(&render_problem(&problem, query));
    }
    match Filter::new(&expr, &schema, NOW) {
        Err(problems) => assert!(problems.iter().all(|it| it.kind.is_fatal()) && !problems.is_empty()),
        Ok(filter) => {
            let ids = rows()
                .iter()
                .zip(1..)
                .filter(|(row, _)| filter.matches(*row))
                .map(|(_, id)| format!(" {id}"))
                .collect::<String>();
            text.push_str(&format!("={ids}\n"));
        }
    }
    for (name, logic) in [("full", Logic::Full), ("criteria", Logic::Criteria), ("one", Logic::OnePerField)] {
        text.push_str(&render_split(name, &qql::split(&parse, &schema, logic).unwrap(), query));
    }
    check_nothing(&parse);
    text + "\n"
}

fn check_nothing(parse: &Parse) {
    let split = qql::split(parse, &schema(&FIELDS), Logic::Nothing).unwrap();
    assert_eq!((split.server, split.rest), (None, Some(without_comments(&parse.text()))));
}

/// What is left of a query whose comments stand between two blanks.
fn without_comments(query: &str) -> String {
    let mut text = query.to_owned();
    while let (Some(start), Some(end)) = (text.find("/*"), text.find("*/")) {
        text.replace_range(start..(end + 3).min(text.len()), "");
    }
    if text.len() == query.len() { text } else { text.trim().to_owned() }
}

fn render_problem(problem: &Problem, query: &str) -> String {
    let before = query.get(..problem.range.start).unwrap().chars().count();
    let marked = query.get(problem.range.clone()).unwrap().chars().count();
    let fix = problem.fix.as_ref().map_or(String::new(), |fix| format!(" => {}", fix.apply(query)));
    format!("  {}{} {}{fix}\n", " ".repeat(before), "^".repeat(marked), problem.kind.code())
}

fn render_split(name: &str, split: &Split, query: &str) -> String {
    if split.server.is_none() {
        assert_eq!(split.rest, Some(without_comments(query)));
        assert!(split.criteria.is_empty());
    }
    let part = |text: &Option<String>| match text {
        None => "-".to_owned(),
        Some(text) if text == query => "=".to_owned(),
        Some(text) => text.clone(),
    };
    let criteria: String = split.criteria.iter().map(render_criterion).collect();
    let places: Vec<String> = split.clauses.iter().map(|it| format!("{:?}/{:?}", it.run, it.why)).collect();
    let (server, rest) = (part(&split.server), part(&split.rest));
    format!("{name}: {server}{criteria} | {rest} | {}\n", places.join(" "))
}

fn render_criterion(criterion: &Criterion) -> String {
    let Criterion { field, op, values, negated } = criterion;
    let not = if *negated { "not " } else { "" };
    let name = FIELDS.iter().find(|it| it.id == *field).unwrap().name;
    format!(" {{{not}{name} {op:?} {}}}", values.join(", "))
}
