//! The rows of the visual builder, and the quoting of values.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use qql::{
    Expr, Join, Op, Simple, SimpleClause, ValueKind, from_simple, quote_exact, quote_value, to_simple,
};

/// The value of `a: <spelling>`, alone and inside every surrounding that a value can have.
#[track_caller]
fn check_value(spelling: &str, expected: &str) {
    let surroundings =
        [("a: ", ""), ("a:", ""), ("(a >= ", ")"), ("NOT a: ", " AND b: 1"), ("b: 1 OR a: ", " OR c: 1")];
    for (before, after) in surroundings {
        let text = [before, spelling, after].concat();
        let parse = qql::parse(&text);
        assert_eq!(parse.errors(), [], "{text:?}");
        assert_eq!(find_value(&parse.expr().unwrap()).unwrap(), expected, "{text:?}");
    }
    let text = ["a: [", spelling, ", x]"].concat();
    let Some(Expr::Clause(clause)) = qql::parse(&text).expr() else { panic!("{text:?}") };
    let ValueKind::List(items) = clause.value.kind else { panic!("{text:?}") };
    assert_eq!(items.first().unwrap().text(), Some(expected));
    assert_eq!(items.len(), 2);
}

fn find_value(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Clause(clause) if clause.field.text == "a" => clause.value.text(),
        Expr::Clause(_) => None,
        Expr::And(terms) | Expr::Or(terms) => terms.iter().find_map(find_value),
        Expr::Not(inner) | Expr::Nested { inner, .. } => find_value(inner),
    }
}

#[test]
fn values_get_the_lightest_quotes_that_hold_them() {
    let check = |value: &str, expected: Option<&str>| assert_eq!(quote_value(value).as_deref(), expected);
    check("true", Some("true"));
    check("2018-10-10", Some("2018-10-10"));
    check("7781808c-1234-4abc-8def-000000000000", Some("7781808c-1234-4abc-8def-000000000000"));
    check("Zürich", Some("Zürich"));
    check("", Some("\"\""));
    check("two words", Some("\"two words\""));
    check("and", Some("\"and\""));
    check("Not", Some("\"Not\""));
    check("a..b", Some("\"a..b\""));
    check("x: y", Some("\"x: y\""));
    check("5\" disk", Some("'5\" disk'"));
    check("O'Brien", Some("\"O'Brien\""));
    check("5\" O'Brien", Some("`5\" O'Brien`"));
    check("`x`", Some("\"`x`\""));
    check("\"'`", None);
    assert_eq!(quote_exact("two words").as_deref(), Some("`two words`"));
    assert_eq!(quote_exact("`"), None);
}

#[track_caller]
fn check_rows(text: &str, expected: Option<&str>) {
    let written = to_simple(&qql::parse(text)).map(|simple| from_simple(&simple));
    assert_eq!(written.as_deref(), expected, "{text:?}");
}

#[test]
fn flat_chains_are_rows() {
    check_rows("a:1", Some("a: 1"));
    check_rows("a:1 and not b>=\"2\"", Some("a: 1 AND NOT b >= 2"));
    check_rows("a: x OR b: \"two words\" OR c = 'y'", Some("a: x OR b: \"two words\" OR c = y"));
    check_rows("(a: 1)", Some("a: 1"));
    check_rows("a: `5\" O'Brien`", Some("a: `5\" O'Brien`"));
    check_rows("", Some(""));
    check_rows(" \n", Some(""));
}

#[test]
fn richer_queries_are_not_rows() {
    for text in [
        "a: 1 AND b: 2 OR c: 3",
        "a: 1 AND (b: 2 AND c: 3)",
        "NOT (a: 1 AND b: 2)",
        "NOT NOT a: 1",
        "a: [1, 2]",
        "a: [1 .. 2]",
        "a: (1 .. 2)",
        "a: (b: 1)",
        "a: two words",
        "a: `exact`",
        "a: http://x",
        "a:",
        "a: 1 b: 2",
        "\u{feff}",
    ] {
        check_rows(text, None);
    }
}

#[test]
fn a_value_without_a_spelling_shows_as_an_error() {
    let clause =
        SimpleClause { negated: false, field: "a".to_owned(), op: Op::Match, value: "\"'`".to_owned() };
    let text = from_simple(&Simple { join: Join::And, clauses: vec![clause] });
    assert!(!qql::parse(&text).errors().is_empty());
    assert_eq!(to_simple(&qql::parse(&text)), None);
}

fn clause() -> impl Strategy<Value = SimpleClause> {
    let field = "[a-z_]{1,4}(\\.[A-Za-z_][A-Za-z0-9_]{0,4}){0,2}"
        .prop_filter("a field", |text| qql::is_field_name(text));
    let value = prop_oneof![any::<String>(), "[-a-z0-9 .,:=<>()\\[\\]\"'`&|!]{0,10}", Just("or".to_owned())];
    let value = value.prop_filter("a value with a spelling", |text| quote_value(text).is_some());
    let op = prop::sample::select(Op::ALL.to_vec());
    (any::<bool>(), field, op, value).prop_map(|(negated, field, op, value)| SimpleClause {
        negated,
        field,
        op,
        value,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_come_back(clauses in prop::collection::vec(clause(), 0..5), is_or in any::<bool>()) {
        let join = if is_or && clauses.len() > 1 { Join::Or } else { Join::And };
        let simple = Simple { join, clauses };
        prop_assert_eq!(to_simple(&qql::parse(&from_simple(&simple))), Some(simple));
    }

    #[test]
    fn quoted_values_come_back(value in any::<String>()) {
        match quote_value(&value) {
            Some(spelling) => check_value(&spelling, &value),
            None => prop_assert!(['"', '\'', '`'].into_iter().all(|quote| value.contains(quote))),
        }
    }

    #[test]
    fn exact_values_come_back(value in "[^`]{0,20}") {
        check_value(&quote_exact(&value).unwrap(), &value);
    }

    #[test]
    fn short_values_come_back(value in "[-a-zO0-9 .,:=<>()\\[\\]\"'`&|!NRT/@+]{0,6}") {
        if let Some(spelling) = quote_value(&value) {
            check_value(&spelling, &value);
        }
    }
}
