//! One connection's part of the list: loaded whole, by itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::prelude::*;

use crate::domain::{Coverage, Key, PageOf, Timestamp};
use crate::features::progress::{Early, progress, search_as_it_comes};
use crate::http::{ApiError, Cancel};
use crate::platform::clock;
use crate::session::Connection;
use crate::systems::manifest::Paging;
use crate::systems::{Bound, Client, Order, SearchRequest};
use crate::ui::{Latest, latest};

/// Rows a call, where the service turns pages.
const PAGE: u64 = 200;

/// Rows of one connection at most. Beyond it the list says that it is not complete.
const MOST: u64 = 20_000;

/// Whether a connection can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nobody is signed in, so it is not asked.
    SignedOut,
    /// Somebody is signed in.
    Active,
    /// The session is over: calls wait until somebody has signed in again.
    Expired,
}

/// A connection of the list, as it is given from outside.
#[derive(Clone)]
pub struct Source {
    /// The connection.
    pub connection: Connection,
    /// Calls to it, of its own session.
    pub client: Client,
    /// Whether it can be asked.
    pub access: Signal<Access>,
}

/// All keys of one connection, or those that have come so far.
pub(in crate::features) struct Rows {
    pub(in crate::features) keys: Vec<Arc<Key>>,
    /// When they were loaded.
    pub(super) at: Timestamp,
    /// Whether there are no others.
    pub(super) complete: bool,
    /// The others are on their way, or did not come; how many there are in all, where the service tells it.
    pub(super) partial: Option<Option<u64>>,
}

/// A connection with what is known of its keys.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) connection: Connection,
    pub(super) access: Signal<Access>,
    pub(super) rows: Latest<Rows, ApiError>,
    /// Rows loaded so far, while they load.
    pub(super) so_far: Signal<Option<u64>>,
    client: StoredValue<Client, LocalStorage>,
}

impl Part {
    /// Loads the keys of a connection as soon as somebody is signed in there. Its signals belong to the current
    /// owner.
    pub(super) fn new(source: Source) -> Self {
        let Source { connection, client, access } = source;
        let stored = StoredValue::new_local(client.clone());
        let paged = RwSignal::new(None);
        // A session that ended and was renewed is the same question: its call waited.
        let question = Signal::derive(move || (access.get() != Access::SignedOut).then_some(()));
        let asked = client.clone();
        let slot = StoredValue::new(None::<Latest<Rows, ApiError>>);
        let rows = latest(question, Cancel::new, Cancel::cancel, move |(), cancel| {
            let client = asked.clone();
            let rows = slot.get_value();
            async move {
                let shown = rows.and_then(|it| it.signal().with_untracked(|it| it.value().cloned()));
                // A refresh leaves the rows until it has all.
                let early = match shown {
                    Some(it) if it.partial.is_none() => Early::No,
                    _ => Early::AtOnce,
                };
                let show = |so_far: Rows| {
                    paged.try_set(u64::try_from(so_far.keys.len()).ok());
                    if let Some(rows) = rows.filter(|_| early != Early::No) {
                        rows.so_far(so_far);
                    }
                };
                let res = load(&client, &cancel, early, &show).await;
                paged.try_set(None);
                res
            }
        });
        slot.set_value(Some(rows));
        let held = progress(client, rows.loading());
        let so_far = Signal::derive(move || paged.get().or(held.get()));
        Self { connection, access, rows, so_far, client: stored }
    }

    /// Loads the keys anew.
    pub(super) fn refresh(&self) {
        self.client.with_value(Client::forget);
        self.rows.reload();
    }
}

/// All keys: page by page where the service turns pages, else at once. What has come so far is given to `show`, unless
/// `early` says that nobody wants it.
pub(in crate::features) async fn load(
    client: &Client,
    cancel: &Cancel,
    early: Early,
    show: &dyn Fn(Rows),
) -> Result<Rows, ApiError> {
    let manifest = client.manifest();
    let size = if manifest.paging == Paging::Pages { PAGE } else { MOST };
    let order = Order(manifest.order);
    let mut request = SearchRequest { query: String::new(), order, descending: false, page: 0, size };
    let mut keys: Vec<Arc<Key>> = Vec::new();
    // A key moves to another page when others come and go.
    let mut known = BTreeSet::new();
    let at = clock::now();
    let mut bound = Bound::default();
    let partial = |keys, of| Rows { keys, at, complete: false, partial: Some(of) };
    loop {
        let show_part = |page: PageOf<Key>| {
            let of = match page.coverage {
                Coverage::Partial { of, .. } => of,
                _ => Some(page.total),
            };
            show(partial(page.items.into_iter().map(Arc::new).collect(), of));
        };
        let page = search_as_it_comes(client, &request, cancel, early, &show_part).await?;
        let (pages, total, is_short) = (page.pages(), page.total, page.is_short());
        // The service may give fewer rows a page than it was asked for.
        request.size = page.size.max(1);
        request.page += 1;
        let (is_empty, n_known) = (page.items.is_empty(), keys.len());
        keys.extend(page.items.into_iter().filter(|it| known.insert(it.id.clone())).map(Arc::new));
        let count = u64::try_from(keys.len()).unwrap_or(u64::MAX);
        let goes_on = bound.goes_on(keys.len() - n_known);
        if request.page >= pages || is_empty || count >= MOST || !goes_on {
            let complete = count >= total && !is_short;
            return Ok(Rows { keys, at, complete, partial: None });
        }
        show(partial(keys.clone(), Some(total)));
    }
}
