//! Runs the cases in `tests/cursor.txt`.
//!
//! A case is a line with `|` for the caret and, below it, what is wanted there:
//!
//! ```text
//! title: be|
//! = value of title, for “be”
//! ```
//!
//! With `QQL_WRITE_SUITE=1` in the environment the file is written anew from the lines with a caret: read the
//! difference before you keep it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use qql::cursor::{Context, Inside, Wanted, context};
use std::fs;
use std::path::Path;

#[test]
fn suite() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cursor.txt");
    let expected = fs::read_to_string(&path).unwrap();
    let mut actual = String::new();
    for line in expected.lines().filter(|it| !it.starts_with("= ")) {
        actual.push_str(line);
        actual.push('\n');
        if line.contains('|') && !line.starts_with('#') {
            actual.push_str(&["= ", &render(line), "\n"].concat());
        }
    }
    if std::env::var_os("QQL_WRITE_SUITE").is_some() {
        fs::write(path, actual).unwrap();
        return;
    }
    assert_eq!(actual, expected);
}

fn render(line: &str) -> String {
    let (before, after) = line.split_once('|').unwrap();
    let text = [before, after].concat();
    let Context { wanted, replace, outer } = context(&qql::parse(&text), before.len());
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap();
    let what = match wanted {
        Wanted::Nothing => return "nothing".to_owned(),
        Wanted::Field { has_op, plain, before_term } => {
            let op = if has_op { ", has its operator" } else { "" };
            let term = if before_term { ", in front of a term" } else { "" };
            let plain =
                if plain.is_empty() { String::new() } else { format!(", plain “{}”", part(plain)) };
            ["field", op, term, &plain].concat()
        }
        Wanted::Op { field } => format!("operator of {field}"),
        Wanted::Value { field, op, inside } => {
            let inside = match inside {
                Inside::Clause => "",
                Inside::List => " in a list",
                Inside::Range => " in a range",
            };
            let op = op.symbol();
            if op == ":" {
                format!("value of {field}{inside}")
            } else {
                format!("value of {field} {op}{inside}")
            }
        }
        Wanted::Join { before_term: true } => "join, in front of a term".to_owned(),
        Wanted::Join { before_term: false } => "join".to_owned(),
    };
    let old =
        if replace.is_empty() { String::new() } else { format!(", for “{}”", part(replace.clone())) };
    let place = if replace.is_empty() && replace.start != before.len() { ", elsewhere" } else { "" };
    let outer = outer.map_or(String::new(), |it| format!(", inside {it}"));
    [&*what, &*old, place, &*outer].concat()
}

/// Every place of every text has an answer whose bytes are on boundaries.
#[test]
fn every_place_has_an_answer() {
    let suite = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cursor.txt")).unwrap();
    for line in suite.lines().chain(["“a: ü” ‘x", "(((", "))", "[,..]", "a: \u{200b}b", "ü|ü: 🔑"])
    {
        let parse = qql::parse(line);
        for at in 0..=line.len() + 2 {
            let found = context(&parse, at);
            assert!(line.get(found.replace.clone()).is_some(), "{line:?} at {at}: {found:?}");
        }
    }
}
