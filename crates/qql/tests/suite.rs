//! Runs the cases in `tests/suite/*.txt`.
//!
//! A case is a `--- name ---` line and what follows it:
//!
//! ```text
//! | (a: 1 AND b: 2
//!   ^ unclosed-paren, expected closing-paren => (a: 1 AND b: 2)
//! = error
//! ```
//!
//! `|` lines are the query. Under each stand its errors, with `^` under the marked characters, and the query after
//! the proposed fix. The `=` line is the query as owned data, `error` or `blank`. A line break in a fixed query is
//! written as `⏎`.
//!
//! With `QQL_WRITE_SUITE=1` in the environment the files are written anew from the queries: read the difference
//! before you keep it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use qql::{Expr, Parse, SyntaxError, Value, ValueKind};
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn suite() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "there are files of cases");
    for path in paths {
        check_file(&path);
    }
}

#[track_caller]
fn check_file(path: &Path) {
    let expected = fs::read_to_string(path).unwrap();
    let actual: String = expected
        .split_inclusive('\n')
        .collect::<Vec<_>>()
        .chunk_by(|_, line| !is_header(line))
        .map(render)
        .collect();
    if std::env::var_os("QQL_WRITE_SUITE").is_some() {
        fs::write(path, actual).unwrap();
        return;
    }
    for (case, case_expected) in cases(&actual).zip(cases(&expected)) {
        assert_eq!(case, case_expected, "\nin {}\nis:\n{case}\nshould be:\n{case_expected}", path.display());
    }
    assert_eq!(actual, expected, "{}", path.display());
}

fn is_header(line: &str) -> bool {
    line.starts_with("--- ")
}

fn cases(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n--- ")
}

/// The lines of one case with everything but its header, its comments and its query written anew.
fn render(lines: &[&str]) -> String {
    let mut text = String::new();
    let mut query = String::new();
    for line in lines {
        if is_header(line) || line.starts_with('#') {
            text.push_str(line);
        } else if let Some(line) = line.strip_prefix("| ").or_else(|| line.strip_prefix('|')) {
            query.push_str(line);
        }
    }
    if !lines.first().is_some_and(|line| is_header(line)) {
        return text + "\n";
    }
    query.pop();
    let parse = qql::parse(&query);
    assert_eq!(parse.text(), query);
    let mut start = 0;
    for line in query.split('\n') {
        let end = start + line.len();
        text.push_str(["| ", line].concat().trim_end());
        text.push('\n');
        for error in parse.errors().iter().filter(|error| (start..=end).contains(&error.range.start)) {
            text.push_str(&render_error(error, &query, start, end));
        }
        start = end + 1;
    }
    text.push_str(&["= ", &render_result(&parse), "\n\n"].concat());
    text
}

fn render_error(error: &SyntaxError, query: &str, line_start: usize, line_end: usize) -> String {
    let before = query.get(line_start..error.range.start).unwrap().chars().count();
    let marked = query.get(error.range.start..error.range.end.min(line_end)).unwrap().chars().count();
    let (blank, marks) = (" ".repeat(before), "^".repeat(marked.max(1)));
    let fix = error
        .fix
        .as_ref()
        .map_or(String::new(), |fix| [" => ", &fix.apply(query).replace('\n', "⏎")].concat());
    let (code, expected) = (error.kind.code(), error.expected.code());
    format!("  {blank}{marks} {code}, expected {expected}{fix}").trim_end().to_owned() + "\n"
}

fn render_result(parse: &Parse) -> String {
    match parse.expr() {
        Some(expr) => render_expr(&expr),
        None if !parse.errors().is_empty() => "error".to_owned(),
        None => "blank".to_owned(),
    }
}

fn render_expr(expr: &Expr) -> String {
    let join = |terms: &[Expr]| terms.iter().map(render_expr).collect::<Vec<_>>().join(", ");
    match expr {
        Expr::Clause(it) => format!("{} {} {}", it.field.text, it.op.symbol(), render_value(&it.value)),
        Expr::And(terms) => format!("and({})", join(terms)),
        Expr::Or(terms) => format!("or({})", join(terms)),
        Expr::Not(inner) => format!("not({})", render_expr(inner)),
        Expr::Nested { field, inner, .. } => format!("{} has({})", field.text, render_expr(inner)),
    }
}

fn render_value(value: &Value) -> String {
    match &value.kind {
        ValueKind::Words(text) => format!("words<{}>", text.replace('\n', "⏎")),
        ValueKind::Quoted(text) => format!("quoted<{}>", text.replace('\n', "⏎")),
        ValueKind::Exact(text) => format!("exact<{}>", text.replace('\n', "⏎")),
        ValueKind::List(items) => {
            format!("any[{}]", items.iter().map(render_value).collect::<Vec<_>>().join(", "))
        }
        ValueKind::Range { low, high, inclusive } => {
            let name = if *inclusive { "from" } else { "between" };
            format!("{name} {} to {}", render_value(low), render_value(high))
        }
    }
}
