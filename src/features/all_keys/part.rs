//! One connection's part of the list: loaded whole, by itself.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::domain::{Key, Timestamp};
use crate::features::progress::progress;
use crate::http::{ApiError, Cancel};
use crate::platform::clock;
use crate::session::Connection;
use crate::systems::manifest::Paging;
use crate::systems::{Client, Order, SearchRequest};
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

/// All keys of one connection.
pub(in crate::features) struct Rows {
    pub(in crate::features) keys: Vec<Key>,
    /// When they were loaded.
    pub(super) at: Timestamp,
    /// Whether there are no others.
    pub(super) complete: bool,
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
        let rows = latest(question, Cancel::new, Cancel::cancel, move |(), cancel| {
            let client = asked.clone();
            async move {
                let rows = load(&client, &cancel, |count| {
                    paged.try_set(Some(count));
                })
                .await;
                paged.try_set(None);
                rows
            }
        });
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

/// All keys: page by page where the service turns pages, else at once.
pub(in crate::features) async fn load(
    client: &Client,
    cancel: &Cancel,
    on_count: impl Fn(u64),
) -> Result<Rows, ApiError> {
    let manifest = client.manifest();
    let size = if manifest.paging == Paging::Pages { PAGE } else { MOST };
    let order = Order(manifest.order);
    let mut request = SearchRequest { query: String::new(), order, descending: false, page: 0, size };
    let mut keys: Vec<Key> = Vec::new();
    // A key moves to another page when others come and go.
    let mut known = BTreeSet::new();
    loop {
        let page = client.search(&request, cancel).await?;
        let (pages, total, is_short) = (page.pages(), page.total, page.is_short());
        // The service may give fewer rows a page than it was asked for.
        request.size = page.size.max(1);
        request.page += 1;
        let is_empty = page.items.is_empty();
        keys.extend(page.items.into_iter().filter(|it| known.insert(it.id.clone())));
        let count = u64::try_from(keys.len()).unwrap_or(u64::MAX);
        if request.page >= pages || is_empty || count >= MOST {
            return Ok(Rows { keys, at: clock::now(), complete: count >= total && !is_short });
        }
        on_count(count);
    }
}
