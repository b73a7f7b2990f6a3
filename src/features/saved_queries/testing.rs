//! Sets for the tests of this folder.

use super::set::{QuerySet, Saved};

/// A query whose id is its name.
pub(super) fn saved(name: &str, query: &str, changed: i64) -> Saved {
    Saved { id: name.to_owned(), name: name.to_owned(), query: query.to_owned(), changed }
}

/// Queries by name and text, changed at moment 1.
pub(super) fn set(queries: &[(&str, &str)]) -> QuerySet {
    QuerySet {
        queries: queries.iter().map(|(name, query)| saved(name, query, 1)).collect(),
        ..QuerySet::default()
    }
}

pub(super) fn names(set: &QuerySet) -> Vec<&str> {
    set.queries.iter().map(|it| it.name.as_str()).collect()
}
