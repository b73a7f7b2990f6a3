//! Takes each query of `tests/corpus/queries.txt` from text to outline and back.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "common/outline.rs"]
mod common;

/// One a line: what the documents show, and what people type.
const QUERIES: &str = include_str!("corpus/queries.txt");

#[test]
fn every_query_comes_back_from_the_outline() {
    let queries: Vec<&str> = QUERIES.lines().collect();
    assert!(queries.len() >= 220, "{} queries", queries.len());
    let is_bad = |query: &&&str| std::panic::catch_unwind(|| check(query)).is_err();
    let bad: Vec<&&str> = queries.iter().filter(is_bad).collect();
    assert!(bad.is_empty(), "{bad:#?}");
}

fn check(query: &str) {
    assert_eq!(qql::parse(query).text(), query);
    common::check_idle_edits(query);
}
