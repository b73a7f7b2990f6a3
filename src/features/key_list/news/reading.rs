//! Rows as they were read once.

use std::sync::Arc;

use crate::domain::{Coverage, Key, KeyId, Timestamp};
use crate::features::key_list::asking::Loaded;
use crate::systems::{Rows, SearchRequest};

/// Rows, with what they are of.
#[derive(Clone)]
pub(super) struct Reading {
    /// When it was read: no row is older.
    pub(super) at: Timestamp,
    rows: Source,
    of: Scope,
}

/// What the rows are.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Scope {
    /// All keys of the account.
    All,
    /// All that a query finds.
    Found(String),
    /// A page of an answer.
    Page(SearchRequest),
}

#[derive(Clone)]
enum Source {
    Page(Arc<Loaded>),
    Held(Rows),
}

impl Reading {
    /// What an answer read; `held` gives all rows of a question that are here. `None` while rows are missing: what is not
    /// there yet is not gone.
    pub(super) fn of(loaded: &Arc<Loaded>, held: &dyn Fn(&SearchRequest) -> Option<Rows>) -> Option<Self> {
        let request = &loaded.request;
        let page = |of| Some(Self { at: loaded.at, rows: Source::Page(Arc::clone(loaded)), of });
        match loaded.page.coverage {
            Coverage::Partial { .. } | Coverage::Held { complete: false, .. } => None,
            Coverage::Held { of_all, at, .. } => {
                // Rows of the whole account tell more than those that the query finds among them.
                let query = if of_all { String::new() } else { request.query.clone() };
                let of = if of_all { Scope::All } else { Scope::Found(query.clone()) };
                let rows = held(&SearchRequest { query, ..request.clone() })?;
                Some(Self { at, rows: Source::Held(rows), of })
            }
            Coverage::Exact if loaded.asks_all() && is_whole(loaded) => page(Scope::All),
            Coverage::Exact if is_whole(loaded) => page(Scope::Found(request.query.clone())),
            Coverage::Exact | Coverage::Gathered { .. } => page(Scope::Page(request.clone())),
        }
    }

    /// Whether both are readings of the same rows, so that differences mean something.
    pub(super) fn is_again(&self, before: &Self) -> bool {
        self.of == before.of
    }

    /// Whether these are all keys there are: then one that is missing is gone.
    pub(super) fn is_all(&self) -> bool {
        self.of == Scope::All
    }

    /// Whether they are the same rows and not only rows of the same kind.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.at == other.at && self.of == other.of && self.len() == other.len()
    }

    pub(super) fn len(&self) -> usize {
        match &self.rows {
            Source::Page(it) => it.page.items.len(),
            Source::Held(it) => it.len(),
        }
    }

    pub(super) fn key(&self, at: usize) -> Option<Key> {
        match &self.rows {
            Source::Page(it) => it.page.items.get(at).cloned(),
            Source::Held(it) => it.key(at),
        }
    }

    pub(super) fn id(&self, at: usize) -> Option<KeyId> {
        match &self.rows {
            Source::Page(it) => it.page.items.get(at).map(|it| it.id.clone()),
            Source::Held(it) => it.id(at),
        }
    }

    pub(super) fn place_of(&self, id: &KeyId) -> Option<usize> {
        match &self.rows {
            Source::Page(it) => it.page.items.iter().position(|it| it.id == *id),
            Source::Held(it) => it.place_of(id),
        }
    }
}

/// Whether a page is all that was found.
fn is_whole(loaded: &Loaded) -> bool {
    let count = u64::try_from(loaded.page.items.len()).unwrap_or(u64::MAX);
    loaded.page.page == 0 && count == loaded.page.total
}

#[cfg(test)]
pub(super) mod testing {
    use super::*;
    use crate::domain::PageOf;
    use crate::systems::Order;

    /// A reading of a service that turns pages: these rows of so many.
    pub(in super::super) fn reading(keys: Vec<Key>, query: &str, total: u64, at: i64) -> Reading {
        let request = SearchRequest {
            query: query.to_owned(),
            order: Order::TITLE,
            descending: false,
            page: 0,
            size: 25,
        };
        let page = PageOf { items: keys, total, page: 0, size: 25, coverage: Coverage::Exact };
        let loaded = Arc::new(Loaded { page, rows: None, at: Timestamp(at), request });
        Reading::of(&loaded, &|_| None).unwrap_or_else(|| unreachable!("the page is there"))
    }
}
