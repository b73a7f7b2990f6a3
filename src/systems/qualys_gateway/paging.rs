//! What is not documented and has to be found out once a connection (reference `qualys.md`, section 10).

use super::query::Spelling;
use crate::domain::Key;
use crate::systems::SearchRequest;

/// Rows asked for at most in one call: the sibling API's documented maximum.
pub(super) const MAX_LIMIT: u64 = 200;

/// How page 2 behaves here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Paging {
    /// Not tried yet.
    #[default]
    Unknown,
    /// `pageNumber` counts pages from 0.
    Honoured,
    /// Ignored or refused: page 2 cannot be asked for.
    Missing,
}

/// What was learned about a platform; forgotten with the sign-in.
#[derive(Default)]
pub(super) struct Learned {
    pub(super) paging: Paging,
    /// The spelling of query tokens that worked.
    pub(super) spelling: Option<Spelling>,
    /// The largest `limit` that was not refused, once one was.
    pub(super) limit: Option<u64>,
    /// The last first page, to tell page 2 from it.
    pub(super) first: Option<FirstPage>,
    /// Rows gathered for a question, where pages cannot be turned.
    pub(super) gathered: Option<Gathered>,
}

/// The first page of a question.
pub(super) struct FirstPage {
    pub(super) question: SearchRequest,
    pub(super) ids: Vec<String>,
}

/// All rows that could be reached for a question, in its order.
pub(super) struct Gathered {
    pub(super) question: SearchRequest,
    pub(super) rows: Vec<Key>,
    pub(super) total: u64,
}

impl Learned {
    /// The `limit` to send for a page of `size` rows.
    pub(super) fn limit_for(&self, size: u64) -> u64 {
        size.clamp(1, self.limit.unwrap_or(MAX_LIMIT))
    }
}

/// The question behind a page: the same for every page of it.
pub(super) fn question(request: &SearchRequest) -> SearchRequest {
    SearchRequest { page: 0, ..request.clone() }
}
