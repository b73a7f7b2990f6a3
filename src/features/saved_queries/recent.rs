//! The queries that were run last, for the suggestions of the query box.

use super::entry::LONGEST;
use super::store;
use crate::page::{holds_key_value, is_redacted};

/// Recent queries of one system that are kept.
pub(super) const MOST_RECENT: usize = 20;

/// The queries of a system that were run on purpose, the last one first. None holds a key's value.
///
/// `system` is the id of a key system, or that of the list of all connections, as `Language::saved_as` says it.
#[must_use]
pub fn recent(system: &str) -> Vec<String> {
    store::load().document.recent.remove(system).unwrap_or_default()
}

/// Remembers a query that was run on purpose. One that holds a key's value, or has errors, is not kept.
pub fn remember(system: &str, query: &str) {
    let query = query.trim();
    if !may_be_kept(query) || recent(system).first().is_some_and(|it| it == query) {
        return;
    }
    store::change(|it| put_first(it.recent.entry(system.to_owned()).or_default(), query));
}

/// Forgets the queries that were run, of every system: whoever signs in next has run none.
pub fn forget_recent() {
    if !store::load().document.recent.is_empty() {
        store::change(|it| it.recent.clear());
    }
}

fn may_be_kept(query: &str) -> bool {
    !query.is_empty()
        && query.chars().count() <= LONGEST
        && !is_redacted(query)
        && !holds_key_value(query)
        && qql::parse(query).errors().is_empty()
}

fn put_first(queries: &mut Vec<String>, query: &str) {
    queries.retain(|it| it != query);
    queries.insert(0, query.to_owned());
    queries.truncate(MOST_RECENT);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_one_stands_first_and_once() {
        for query in ["a: 1", "b: 2", " a: 1 "] {
            remember("test", query);
        }
        assert_eq!(recent("test"), ["a: 1", "b: 2"]);
        assert_eq!(recent("another"), Vec::<String>::new());
        for number in 0..30 {
            remember("test", &format!("a: {number}"));
        }
        assert_eq!((recent("test").len(), recent("test").first().map(String::as_str)), (20, Some("a: 29")));
        forget_recent();
        assert!(recent("test").is_empty());
    }

    #[test]
    fn key_values_errors_and_blanks_are_not_kept() {
        let removed = ["activationKey: ", crate::page::REMOVED].concat();
        for query in [
            "",
            "  ",
            "title: (",
            "activationKey: 12ba12bc",
            "title: 12ba12bc-effd-12e3-1234-12345ac12345",
            "title: eyJhbGciOiJIUzM4NCJ9.eyJzdWIi",
            &removed,
            &["title: ", &"a".repeat(LONGEST)].concat(),
        ] {
            remember("test", query);
        }
        assert_eq!(recent("test"), Vec::<String>::new());
    }
}
