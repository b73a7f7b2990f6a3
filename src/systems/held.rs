//! Lists that are loaded whole, since their service cannot sort, page or search as it is asked: the service
//! answers its part of the question, and the rest, the order and the page are worked out here.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use super::calls::Answer;
use super::query::QuerySchema;
use super::{Call, Calls, Manifest, SearchRequest, order};
use crate::domain::{Coverage, Key, KeyId, PageOf, Timestamp};
use crate::http::{ApiError, Cancel, ErrorKind};
use crate::platform::clock;

/// Rows that are loaded at most. Beyond it the list says that it is not complete.
const MOST: usize = 200_000;

/// Kept rows serve further pages and orders for so long, in milliseconds; then they are loaded anew.
const KEPT_MS: i64 = 5 * 60 * 1_000;

/// The part of a question that the service answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerPart {
    /// In the query language, for a service that reads it; blank for all rows.
    pub text: String,
    /// As criteria, for a service that takes these.
    pub criteria: Vec<qql::Criterion>,
}

/// One answer of a service on the way through all its rows.
pub struct Batch {
    /// The rows.
    pub rows: Vec<Key>,
    /// Where the next answer starts, in the service's own terms; `None` after the last one.
    pub next: Option<String>,
    /// Whether nothing was left out that should be in this batch.
    pub all: bool,
}

/// A service that gives all rows of a question, one batch after the other.
pub trait Source {
    /// The batch that starts at `after`, or the first.
    fn batch<'a>(
        &'a self,
        part: &'a ServerPart,
        after: Option<&'a str>,
        cancel: &'a Cancel,
    ) -> Answer<'a, Batch>;
}

/// Rows that were loaded, kept for the next page.
#[derive(Default)]
pub struct Held {
    kept: RefCell<Option<Kept>>,
    progress: Cell<Option<u64>>,
}

#[derive(Clone)]
struct Kept {
    part: ServerPart,
    rows: Rc<Vec<Key>>,
    at: Timestamp,
    complete: bool,
}

impl Held {
    /// Forgets the rows.
    pub fn forget(&self) {
        self.kept.take();
    }

    /// A row that is kept, by its id.
    #[must_use]
    pub fn row(&self, id: &KeyId) -> Option<Key> {
        self.kept.borrow().as_ref()?.rows.iter().find(|it| it.id == *id).cloned()
    }

    /// Rows loaded so far, while some are loading.
    #[must_use]
    pub fn progress(&self) -> Option<u64> {
        self.progress.get()
    }

    /// The page that was asked for, out of all rows.
    ///
    /// # Errors
    /// What the service answered; `Invalid` for a query that nobody can answer.
    pub async fn search(
        &self,
        manifest: &'static Manifest,
        calls: &dyn Calls,
        source: &dyn Source,
        request: &SearchRequest,
        cancel: &Cancel,
    ) -> Result<PageOf<Key>, ApiError> {
        let schema = QuerySchema::of(manifest);
        let now = clock::now();
        let invalid = || {
            let call = calls.request(&Call::Search(request.clone()));
            ApiError::without_answer(ErrorKind::Invalid, &call, false)
        };
        let split = schema.split(&qql::parse(&request.query)).ok_or_else(invalid)?;
        let filter = match &split.rest {
            Some(rest) => Some(schema.filter(rest, now).map_err(|_| invalid())?),
            None => None,
        };
        let part = ServerPart { text: split.server.unwrap_or_default(), criteria: split.criteria };
        let kept = self.rows(part, source, now, cancel).await?;

        let matches = |it: &&Key| filter.as_ref().is_none_or(|filter| schema.matches(filter, it, now));
        let mut rows: Vec<Key> = kept.rows.iter().filter(matches).cloned().collect();
        order::sort(&mut rows, request.order, request.descending, now);
        let total = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        let size = request.size.max(1);
        let skip = usize::try_from(request.page.saturating_mul(size)).unwrap_or(usize::MAX);
        let take = usize::try_from(size).unwrap_or(usize::MAX);
        let loaded = u64::try_from(kept.rows.len()).unwrap_or(u64::MAX);
        Ok(PageOf {
            items: rows.into_iter().skip(skip).take(take).collect(),
            total,
            page: request.page,
            size,
            coverage: Coverage::Held { at: kept.at, loaded, complete: kept.complete },
        })
    }

    async fn rows(
        &self,
        part: ServerPart,
        source: &dyn Source,
        now: Timestamp,
        cancel: &Cancel,
    ) -> Result<Kept, ApiError> {
        let is_fresh = |it: &&Kept| it.part == part && now.0 - it.at.0 < KEPT_MS;
        if let Some(kept) = self.kept.borrow().as_ref().filter(is_fresh) {
            return Ok(kept.clone());
        }
        let loaded = self.load(&part, source, cancel).await;
        self.progress.set(None);
        let (rows, complete) = loaded?;
        let kept = Kept { part, rows: Rc::new(rows), at: now, complete };
        *self.kept.borrow_mut() = Some(kept.clone());
        Ok(kept)
    }

    /// All rows, each once: a row may stand in two batches when others came or went in between.
    async fn load(
        &self,
        part: &ServerPart,
        source: &dyn Source,
        cancel: &Cancel,
    ) -> Result<(Vec<Key>, bool), ApiError> {
        let mut rows: Vec<Key> = Vec::new();
        let mut ids = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut after: Option<String> = None;
        let mut complete = true;
        loop {
            let batch = source.batch(part, after.as_deref(), cancel).await?;
            rows.extend(batch.rows.into_iter().filter(|it| ids.insert(it.id.0.clone())));
            complete &= batch.all;
            self.progress.set(u64::try_from(rows.len()).ok());
            let Some(next) = batch.next else { return Ok((rows, complete)) };
            // A service that leads in a circle is not followed.
            if rows.len() >= MOST || !seen.insert(next.clone()) {
                return Ok((rows, false));
            }
            after = Some(next);
        }
    }
}
