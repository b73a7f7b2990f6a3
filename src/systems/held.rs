//! Lists that are loaded whole, since their service cannot sort, page or search as it is asked: the service
//! answers its part of the question, and the rest, the order and the page are worked out here.
//!
//! Rows serve as they come: a page can be cut from those that are there while the others load. A load whose question
//! became obsolete, or that broke off, goes on where it was when its part is asked for again.

mod groups;
mod load;
#[cfg(test)]
mod model;
mod order;
mod records;
mod rows;
mod store;
#[cfg(test)]
mod store_tests;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot;
use qql::Filter;

pub use self::groups::{Group, GroupBy, GroupValue, Totals};
use self::load::Load;
pub(crate) use self::order::sort;
pub use self::rows::Rows;
use super::calls::Answer;
use super::query::{QuerySchema, SeenValues};
use super::{Call, Calls, FieldSpec, Manifest, SearchRequest};
use crate::domain::{Key, KeyId, PageOf, Timestamp};
use crate::http::{ApiError, Cancel, ErrorKind, Http};
use crate::platform::clock;

/// Loads that are kept at once: the one of all keys, and the newest of another part.
const LOADS: usize = 2;

/// From so many rows on their orders are worked out ahead.
const MANY: u64 = 1_000;

/// Rows that are added without a break: some milliseconds of work.
const PART: usize = 500;

/// The part of a question that the service answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerPart {
    /// In the query language, for a service that reads it; blank for all rows.
    pub text: String,
    /// As criteria, for a service that takes these.
    pub criteria: Vec<qql::Criterion>,
}

impl ServerPart {
    /// Whether it is all rows of the account.
    fn is_all(&self) -> bool {
        self.text.trim().is_empty() && self.criteria.is_empty()
    }
}

/// One answer of a service on the way through all its rows.
pub struct Batch {
    /// The rows.
    pub rows: Vec<Key>,
    /// Where the next answer starts, in the service's own terms; `None` after the last one.
    pub next: Option<String>,
    /// Whether nothing was left out that should be in this batch.
    pub all: bool,
    /// Whether the service told this reader fewer rows than it may know, so that other questions are still its own to
    /// answer.
    pub limited: bool,
    /// How many rows all batches have, where the service tells it.
    pub total: Option<u64>,
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

/// Rows that were loaded, kept for the next question.
#[derive(Default)]
pub struct Held {
    /// The newest last.
    loads: RefCell<Vec<Rc<Load>>>,
    /// Who waits for more rows.
    waiting: RefCell<Vec<oneshot::Sender<()>>>,
}

/// Whoever makes the calls of a load. Dropping it, finished or not, lets another.
struct Driving<'a> {
    held: &'a Held,
    load: &'a Load,
}

impl Drop for Driving<'_> {
    fn drop(&mut self) {
        self.load.driven.set(false);
        self.held.tell();
    }
}

/// A question, taken apart.
struct Plan {
    /// What the service is asked.
    part: ServerPart,
    /// What is checked here of each row that it gives.
    rest: Option<Filter>,
}

impl Plan {
    /// `None` for a query that nobody can answer.
    fn of(schema: &QuerySchema, query: &str, now: Timestamp) -> Option<Self> {
        let split = schema.split(&qql::parse(query))?;
        let rest = match &split.rest {
            Some(rest) => Some(schema.filter(rest, now).ok()?),
            None => None,
        };
        let part = ServerPart { text: split.server.unwrap_or_default(), criteria: split.criteria };
        Some(Self { part, rest })
    }
}

impl Held {
    /// Forgets the rows. A load that is under way still answers who asked for it, and nobody else.
    pub fn forget(&self) {
        self.loads.take();
    }

    /// A row that is kept, by its id.
    #[must_use]
    pub fn row(&self, id: &KeyId) -> Option<Key> {
        self.loads.borrow().iter().rev().find_map(|it| it.row(id))
    }

    /// Whether a text holds the value of one of the rows.
    #[must_use]
    pub fn holds_value_in(&self, text: &str) -> bool {
        !text.trim().is_empty() && self.loads.borrow().iter().any(|it| it.holds_value_in(text))
    }

    /// Fields that a query names and no row tells, because the service leaves them out of its lists.
    #[must_use]
    pub fn untold(&self, manifest: &'static Manifest, query: &str) -> Vec<&'static FieldSpec> {
        let loads = self.loads.borrow();
        let loads: Vec<&Rc<Load>> = loads.iter().filter(|it| it.count() > 0).collect();
        if loads.is_empty() {
            return Vec::new();
        }
        let mut res = QuerySchema::of(manifest).named(query);
        res.retain(|spec| !loads.iter().any(|it| it.tells(spec.id)));
        res
    }

    /// Rows loaded so far, while some are loading.
    #[must_use]
    pub fn progress(&self) -> Option<u64> {
        self.loads.borrow().iter().rev().find(|it| it.driven.get()).map(|it| it.count()).filter(|it| *it > 0)
    }

    /// Waits until there is more to show than now.
    pub async fn progressed(&self) {
        let (told, wait) = oneshot::channel();
        self.waiting.borrow_mut().push(told);
        wait.await.unwrap_or_default();
    }

    /// Values of a field among the rows that are there; `None` when there are none.
    #[must_use]
    pub fn seen_values(&self, manifest: &'static Manifest, token: &'static str) -> Option<SeenValues> {
        let loads = self.loads.borrow();
        let has_rows = |it: &&Rc<Load>| it.count() > 0;
        let all = loads.iter().filter(has_rows).find(|it| it.part.is_all());
        let load = all.or_else(|| loads.iter().rfind(has_rows))?;
        Some(load.seen_values(manifest, token, clock::now()))
    }

    /// The page that was asked for, if it can be told without a call: all keys of the account are there and not old,
    /// and the whole question can be answered here.
    #[must_use]
    pub fn answer(&self, manifest: &'static Manifest, request: &SearchRequest) -> Option<PageOf<Key>> {
        let now = clock::now();
        let loads = self.loads.borrow();
        let load = loads.iter().find(|it| it.is_whole() && it.is_fresh(now))?;
        let schema = QuerySchema::of(manifest);
        let filter = match request.query.trim() {
            "" => None,
            query => Some(schema.filter(query, now).ok()?),
        };
        Some(load.cut(&schema, filter.as_ref(), request, now))
    }

    /// All rows that a question finds among those that are here, without a call: of the whole account where that is
    /// loaded, else of the part that was loaded for this question, complete or not. `None` when there are none yet.
    #[must_use]
    pub fn rows(&self, manifest: &'static Manifest, request: &SearchRequest) -> Option<Rows> {
        let now = clock::now();
        let schema = QuerySchema::of(manifest);
        let view = |load: &Rc<Load>, filter: Option<&Filter>| {
            let (places, coverage) = load.find(&schema, filter, request, now);
            Rows::new(Rc::clone(load), places, coverage)
        };
        let loads = self.loads.borrow();
        if let Some(load) = loads.iter().find(|it| it.is_whole() && it.is_fresh(now)) {
            let filter = match request.query.trim() {
                "" => None,
                query => Some(schema.filter(query, now).ok()?),
            };
            return Some(view(load, filter.as_ref()));
        }
        let plan = Plan::of(&schema, &request.query, now)?;
        let load = loads.iter().find(|it| it.part == plan.part && it.is_fresh(now) && it.count() > 0)?;
        Some(view(load, plan.rest.as_ref()))
    }

    /// The page as far as the rows tell that are there, while the others load or after they did not come. `None`
    /// before the first rows.
    #[must_use]
    pub fn partial(&self, manifest: &'static Manifest, request: &SearchRequest) -> Option<PageOf<Key>> {
        let now = clock::now();
        let schema = QuerySchema::of(manifest);
        let plan = Plan::of(&schema, &request.query, now)?;
        let loads = self.loads.borrow();
        let load = loads.iter().find(|it| it.part == plan.part && it.is_growing() && it.count() > 0)?;
        Some(load.cut(&schema, plan.rest.as_ref(), request, now))
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
        if let Some(page) = self.answer(manifest, request) {
            return Ok(page);
        }
        let now = clock::now();
        let schema = QuerySchema::of(manifest);
        let Some(plan) = Plan::of(&schema, &request.query, now) else {
            let call = calls.request(&Call::Search(request.clone()));
            return Err(ApiError::without_answer(ErrorKind::Invalid, &call, false));
        };
        let load = self.load_of(plan.part, now);
        self.fill(&load, calls.http(), source, cancel).await?;
        Ok(load.cut(&schema, plan.rest.as_ref(), request, now))
    }

    /// Loads all rows of a question, whoever could have answered a page of it.
    ///
    /// # Errors
    /// As [`Held::search`].
    pub async fn load(
        &self,
        manifest: &'static Manifest,
        calls: &dyn Calls,
        source: &dyn Source,
        request: &SearchRequest,
        cancel: &Cancel,
    ) -> Result<(), ApiError> {
        self.search(manifest, calls, source, request, cancel).await.map(|_| ())
    }

    /// The load of a part: the one that is there, unless it is old or cannot go on, or else a new one.
    fn load_of(&self, part: ServerPart, now: Timestamp) -> Rc<Load> {
        let mut loads = self.loads.borrow_mut();
        if let Some(load) = loads.iter().find(|it| it.part == part && it.is_fresh(now) && !it.is_stuck()) {
            return Rc::clone(load);
        }
        let load = Rc::new(Load::new(part, now));
        // One of another part makes room for it, and so does an older one of the same.
        let is_all = load.part.is_all();
        loads.retain(|it| it.part.is_all() != is_all);
        loads.truncate(LOADS - 1);
        loads.push(Rc::clone(&load));
        load
    }

    /// Loads what is missing. Of several who wait for the same rows one makes the calls; when its question becomes
    /// obsolete, another goes on.
    async fn fill(
        &self,
        load: &Load,
        http: &Http,
        source: &dyn Source,
        cancel: &Cancel,
    ) -> Result<(), ApiError> {
        while load.is_growing() {
            if load.driven.replace(true) {
                self.progressed().await;
                continue;
            }
            let _driving = Driving { held: self, load };
            while load.is_growing() {
                // Behind the first rows, which somebody waits for.
                if load.count() > 0 {
                    http.leave_room(cancel).await;
                }
                let after = load.after();
                match source.batch(&load.part, after.as_deref(), cancel).await {
                    Ok(batch) => take(load, batch).await,
                    Err(err) => {
                        load.broke(&err);
                        return Err(err);
                    }
                }
                self.tell();
            }
            // Orders of few rows cost nothing when they are asked for.
            while load.count() > MANY && load.prepare(true) {
                clock::yield_now().await;
            }
        }
        Ok(())
    }

    fn tell(&self) {
        // Taken out first: who is woken may wait again at once.
        for told in self.waiting.take() {
            told.send(()).unwrap_or_default();
        }
    }
}

/// Adds a batch in parts between which the browser does what waits. Where that breaks off, the batch is asked for again,
/// and what was added of it is not added twice.
async fn take(load: &Load, batch: Batch) {
    let mut new = 0;
    for (at, part) in batch.rows.chunks(PART).enumerate() {
        if at > 0 {
            clock::yield_now().await;
        }
        new += load.add(part);
    }
    if load.prepare(false) {
        clock::yield_now().await;
    }
    load.took(new, batch, clock::now());
}
