//! The rows of one part of an account: how they come, and pages cut from them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use qql::Filter;

use super::records::{self, HeldRecords};
use super::store::Store;
use super::{Batch, ServerPart, order};
use crate::domain::{Coverage, FieldId, Key, KeyId, PageOf, Timestamp};
use crate::http::{ApiError, ErrorKind};
use crate::systems::query::{QuerySchema, SeenValues};
use crate::systems::{Bound, Manifest, Order, SearchRequest};

/// Rows that are loaded at most. Beyond it the list says that it is not complete.
const MOST: usize = 200_000;

/// Rows serve further questions for so long after the last of them came, in milliseconds; then they are loaded anew.
const KEPT_MS: i64 = 5 * 60 * 1_000;

/// Orders that are kept beside the rows: a person turns a list round and back.
const ORDERS: usize = 4;

/// Rows of one part, as they come.
pub(super) struct Load {
    pub(super) part: ServerPart,
    /// When it began: no row is older.
    since: Timestamp,
    /// Somebody makes its calls.
    pub(super) driven: Cell<bool>,
    rows: RefCell<Rows>,
}

/// How far it has come.
#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Rows are missing, and the next are asked for behind those that are there.
    Growing,
    /// Rows are missing, and the service does not go on from where it was.
    Stuck,
    /// All rows that can be had are there.
    Done {
        /// These are all there are.
        complete: bool,
    },
}

struct Rows {
    store: Store,
    after: Option<String>,
    /// Places the load has been at. A service that leads in a circle is not followed.
    seen: BTreeSet<String>,
    /// Nor one that leads nowhere.
    bound: Bound,
    complete: bool,
    limited: bool,
    total: Option<u64>,
    state: State,
    touched: Timestamp,
    orders: Vec<Sorted>,
    found: Option<Found>,
    values: Option<(&'static str, usize, SeenValues)>,
}

/// The places of all rows in one order. Right for as many rows as it has.
struct Sorted {
    order: Order,
    descending: bool,
    places: Rc<[u32]>,
}

/// What a query found, so that the next page costs nothing, and another order little.
struct Found {
    query: String,
    /// Whether each row fits, by its place. Right for as many rows as it has.
    fits: Vec<bool>,
    /// What the places were taken from, in its order.
    sorted: Rc<[u32]>,
    places: Rc<[u32]>,
}

impl Load {
    pub(super) fn new(part: ServerPart, now: Timestamp) -> Self {
        let rows = Rows {
            store: Store::new(),
            after: None,
            seen: BTreeSet::new(),
            bound: Bound::default(),
            complete: true,
            limited: false,
            total: None,
            state: State::Growing,
            touched: now,
            orders: Vec::new(),
            found: None,
            values: None,
        };
        Self { part, since: now, driven: Cell::new(false), rows: RefCell::new(rows) }
    }

    pub(super) fn count(&self) -> u64 {
        count(self.rows.borrow().store.len())
    }

    /// Whether rows are missing.
    pub(super) fn is_growing(&self) -> bool {
        !matches!(self.rows.borrow().state, State::Done { .. })
    }

    pub(super) fn is_stuck(&self) -> bool {
        self.rows.borrow().state == State::Stuck
    }

    /// Whether all keys of the account were loaded, so that nothing can be found that is not there.
    pub(super) fn is_whole(&self) -> bool {
        let rows = self.rows.borrow();
        self.part.is_all() && rows.state == State::Done { complete: true } && !rows.limited
    }

    pub(super) fn is_fresh(&self, now: Timestamp) -> bool {
        now.0 - self.rows.borrow().touched.0 < KEPT_MS
    }

    pub(super) fn row(&self, id: &KeyId) -> Option<Key> {
        let rows = self.rows.borrow();
        rows.store.key(rows.store.place(id)?)
    }

    /// Whether any row tells a field, even if only that there is nothing.
    pub(super) fn tells(&self, field: FieldId) -> bool {
        self.rows.borrow().store.tells(field)
    }

    pub(super) fn holds_value_in(&self, text: &str) -> bool {
        self.rows.borrow().store.holds_value_in(text)
    }

    /// Where the next batch starts.
    pub(super) fn after(&self) -> Option<String> {
        self.rows.borrow().after.clone()
    }

    /// Adds rows of a batch, each once: one may stand in two batches when others came or went in between. How many were
    /// new.
    pub(super) fn add(&self, keys: &[Key]) -> usize {
        let rows = &mut *self.rows.borrow_mut();
        keys.iter().filter(|it| rows.store.push(it)).count()
    }

    /// Works out a part of the orders that are not asked for yet; see [`table::Table::prepare`].
    pub(super) fn prepare(&self, all: bool) -> bool {
        self.rows.borrow_mut().store.table.prepare(all)
    }

    /// Notes that all rows of a batch were added, of which so many were new.
    pub(super) fn took(&self, new: usize, batch: Batch, now: Timestamp) {
        let rows = &mut *self.rows.borrow_mut();
        let goes_on = rows.bound.goes_on(new);
        rows.complete &= batch.all;
        rows.limited |= batch.limited;
        rows.total = batch.total.or(rows.total);
        rows.touched = now;
        match batch.next {
            None => rows.state = State::Done { complete: rows.complete },
            Some(next) if !goes_on || rows.store.len() >= MOST || !rows.seen.insert(next.clone()) => {
                rows.state = State::Done { complete: false };
            }
            next => rows.after = next,
        }
    }

    /// Notes that a batch did not come. A service that refuses to go on from where it was would do so each time, so
    /// the next load starts anew; these rows are shown until then.
    pub(super) fn broke(&self, err: &ApiError) {
        let rows = &mut *self.rows.borrow_mut();
        let refused = matches!(
            err.kind,
            ErrorKind::Invalid | ErrorKind::NotFound | ErrorKind::Conflict | ErrorKind::Malformed
        );
        if refused && rows.after.is_some() {
            rows.state = State::Stuck;
        }
    }

    /// Looks at the rows themselves, whose places are the order in which they came.
    pub(super) fn with<T>(&self, look: impl FnOnce(&Store) -> T) -> T {
        look(&self.rows.borrow().store)
    }

    /// The places of the rows that fit, in order, with how far they can be trusted to be all.
    pub(super) fn find(
        &self,
        schema: &QuerySchema,
        filter: Option<&Filter>,
        request: &SearchRequest,
        now: Timestamp,
    ) -> (Rc<[u32]>, Coverage) {
        let rows = &mut *self.rows.borrow_mut();
        (rows.places(schema, filter, request, now), self.coverage(rows))
    }

    fn coverage(&self, rows: &Rows) -> Coverage {
        let loaded = count(rows.store.len());
        match rows.state {
            State::Done { complete } => {
                Coverage::Held { at: self.since, loaded, complete, of_all: self.part.is_all() }
            }
            _ => Coverage::Partial { loaded, of: rows.total.filter(|it| *it >= loaded) },
        }
    }

    /// A page of the rows that fit, as far as they are there.
    pub(super) fn cut(
        &self,
        schema: &QuerySchema,
        filter: Option<&Filter>,
        request: &SearchRequest,
        now: Timestamp,
    ) -> PageOf<Key> {
        let (places, coverage) = self.find(schema, filter, request, now);
        let rows = self.rows.borrow();
        let size = request.size.max(1);
        let skip = usize::try_from(request.page.saturating_mul(size)).unwrap_or(usize::MAX);
        let take = usize::try_from(size).unwrap_or(usize::MAX);
        let page = places.iter().skip(skip).take(take);
        PageOf {
            items: page.filter_map(|it| rows.store.key(*it)).collect(),
            total: count(places.len()),
            page: request.page,
            size,
            coverage,
        }
    }

    pub(super) fn seen_values(
        &self,
        manifest: &'static Manifest,
        token: &'static str,
        now: Timestamp,
    ) -> SeenValues {
        let rows = &mut *self.rows.borrow_mut();
        let len = rows.store.len();
        if let Some((_, _, known)) = rows.values.as_ref().filter(|it| (it.0, it.1) == (token, len)) {
            return known.clone();
        }
        let schema = QuerySchema::of(manifest);
        let spec = schema.fields().find(|(name, _)| *name == token).map(|(_, spec)| spec);
        let values = spec.map(|it| records::seen_values(&rows.store, it, now)).unwrap_or_default();
        rows.values = Some((token, len, values.clone()));
        values
    }
}

impl Rows {
    /// The rows that fit, in order.
    fn places(
        &mut self,
        schema: &QuerySchema,
        filter: Option<&Filter>,
        request: &SearchRequest,
        now: Timestamp,
    ) -> Rc<[u32]> {
        let sorted = self.sorted(request.order, request.descending, now);
        let Some(filter) = filter else { return sorted };
        let len = self.store.len();
        let known = self.found.take().filter(|it| it.query == request.query && it.fits.len() == len);
        let fits = match known {
            Some(known) if Rc::ptr_eq(&known.sorted, &sorted) => {
                return Rc::clone(&self.found.insert(known).places);
            }
            Some(known) => known.fits,
            None => filter.select(&HeldRecords { manifest: schema.manifest(), store: &self.store, now }),
        };
        let is_found = |it: &u32| usize::try_from(*it).ok().and_then(|it| fits.get(it)) == Some(&true);
        let places: Rc<[u32]> = sorted.iter().copied().filter(is_found).collect();
        self.found = Some(Found { query: request.query.clone(), fits, sorted, places: Rc::clone(&places) });
        places
    }

    /// The order of all rows. States that change with the clock stand where they stood when it was worked out, so that
    /// no row is on two pages.
    fn sorted(&mut self, order: Order, descending: bool, now: Timestamp) -> Rc<[u32]> {
        let len = self.store.len();
        self.orders.retain(|it| it.places.len() == len);
        let known = self.orders.iter().find(|it| it.order == order && it.descending == descending);
        if let Some(known) = known {
            return Rc::clone(&known.places);
        }
        let places: Rc<[u32]> = order::places(&mut self.store, order, descending, now).into();
        self.orders.truncate(ORDERS - 1);
        self.orders.insert(0, Sorted { order, descending, places: Rc::clone(&places) });
        places
    }
}

fn count(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}
