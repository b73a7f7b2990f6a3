//! What queries ask for, in words.
//!
//! The cases are in `tests/explain.txt`: a query on a `|` line and its explanation in English behind `=`.
//! With `QQL_WRITE_SUITE=1` in the environment the file is written anew: read the difference before you keep it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "one file for several tests")]
mod common;
#[path = "../examples/qql/english.rs"]
mod english;

use common::{FIELDS, schema};
use english::English;
use qql::{FieldSpec, FieldType, Place, Schema};
use std::path::Path;

fn said(query: &str) -> String {
    qql::explain(&qql::parse(query), &schema(&FIELDS), &English)
}

#[test]
fn every_query_is_said_as_written_down() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/explain.txt");
    let expected = std::fs::read_to_string(&path).unwrap();
    let line = |line: &str| match line.strip_prefix("| ").or_else(|| line.strip_prefix('|')) {
        Some(query) => format!("{line}\n= {}\n", said(query)),
        None if line.starts_with('=') => String::new(),
        None => [line, "\n"].concat(),
    };
    let actual: String = expected.lines().map(line).collect();
    if std::env::var_os("QQL_WRITE_SUITE").is_some() {
        return std::fs::write(path, actual).unwrap();
    }
    for (is, should) in actual.lines().zip(expected.lines()) {
        assert_eq!(is, should);
    }
    assert_eq!(actual, expected);
}

#[test]
fn no_value_of_a_secret_field_is_repeated() {
    for query in [
        "activationKey: 7781808c",
        "activationKey: `7781808c-0a1b-4c2d-9e3f-112233445566`",
        "activationKey: [7781808c, x7781808c, \"\"]",
        "NOT qualys.agent.activationKey = \"7781808c\"",
        "/* activationKey: 7781808c AND */ title: a",
        "activationKey: \"7781808c",
        "activationKey 7781808c",
        "7781808c-0a1b",
        "title: a AND /* the key is 7781808c */ title: b",
        "unknown: 7781808c",
        "activationKey > 7781808c",
        "title: (7781808c",
    ] {
        let text = said(query);
        assert!(!text.contains("7781808c"), "{query}: {text}");
    }
}

#[test]
fn unknown_names_that_the_server_may_know_are_said_as_written() {
    let fields = [FieldSpec::new(0, "a", FieldType::Integer)];
    let schema = Schema { fields: &fields, prefixes: &[], unknown: Place::Server };
    let said = |query: &str| qql::explain(&qql::parse(query), &schema, &English);
    assert_eq!(said("NOT b.c: \"x y\" AND a: 1"), "Keys where b.c does not match \"x y\" and a is 1.");
    assert_eq!(said("b > 5"), "Keys where b matches > 5.");
    assert_eq!(said("b: 0123456789abcdef"), "Keys where b matches ‹hidden›.");
}

#[test]
fn long_lists_are_cut() {
    let items: Vec<String> = (0..40).map(|it| it.to_string()).collect();
    let text = said(&format!("activationKey.id: [{}]", items.join(", ")));
    assert_eq!(
        text,
        "Keys where activationKey.id is one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, and 28 more."
    );
}
