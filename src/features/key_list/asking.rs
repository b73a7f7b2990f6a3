//! What the list asks for, and how that goes into the address and back.

use leptos::prelude::*;

use crate::domain::{Key, PageOf, Timestamp};
use crate::features::saved_queries::opening_query;
use crate::http::{ApiError, Cancel};
use crate::page::ListState;
use crate::platform::{clock, listen, location};
use crate::systems::{Client, Manifest, Order, SearchRequest, Sort};
use crate::ui::{Latest, latest};

/// A page of keys with the moment it was loaded.
pub(super) struct Loaded {
    pub(super) page: PageOf<Key>,
    pub(super) at: Timestamp,
    /// The question it answers.
    pub(super) request: SearchRequest,
}

/// What the list shows, kept in step with the address.
#[derive(Clone, Copy)]
pub(super) struct Asking {
    pub(super) state: RwSignal<ListState>,
    /// The order a list of this system starts with.
    first: Order,
}

impl Asking {
    /// Reads the address, and follows the browser's back and forward.
    pub(super) fn from_address(manifest: &'static Manifest) -> Self {
        let found = opening(manifest);
        let first = Order(manifest.order);
        // An address that makes no sense is put right, so that what it says is what is shown.
        let path = found.path(&location::search(), first);
        if path != ["/", &location::search()].concat() {
            location::replace(&path);
        }
        let state = RwSignal::new(found);
        listen::window("popstate", move |_| {
            // A query that is not in the address (it holds a key value) goes with its page.
            state.try_set(read_address(manifest));
        })
        .until_cleanup();
        Self { state, first }
    }

    /// Shows another part of the list, as a new step of the browser's history.
    pub(super) fn go(self, change: impl FnOnce(&mut ListState)) {
        let mut next = self.state.get_untracked();
        change(&mut next);
        if next == self.state.get_untracked() {
            return;
        }
        location::push(&next.path(&location::search(), self.first));
        self.state.set(next);
    }

    /// The same without a step: the page that was asked for does not exist.
    pub(super) fn correct_page(self, page: u64) {
        let next = ListState { page, ..self.state.get_untracked() };
        location::replace(&next.path(&location::search(), self.first));
        self.state.set(next);
    }

    /// Sorts by a column, or turns its direction round.
    pub(super) fn sort(self, order: Order) {
        self.go(|it| {
            it.descending = it.order == order && !it.descending;
            it.order = order;
            it.page = 0;
        });
    }

    /// Asks for what the state says, whenever it changes.
    pub(super) fn ask(self, client: Client) -> Latest<Loaded, ApiError> {
        let question = Signal::derive(move || Some(self.request()));
        latest(question, Cancel::new, Cancel::cancel, move |request: SearchRequest, cancel| {
            let client = client.clone();
            async move {
                let page = client.search(&request, &cancel).await?;
                Ok(Loaded { page, at: clock::now(), request })
            }
        })
    }

    /// What will be sent.
    pub(super) fn request(self) -> SearchRequest {
        let ListState { query, order, descending, page, size } = self.state.get();
        SearchRequest { query, order, descending, page, size }
    }
}

/// What the address asks for; where it asks for nothing, the query that the reader wants to begin with.
fn opening(manifest: &Manifest) -> ListState {
    let found = read_address(manifest);
    match opening_query(manifest.id, &location::search()) {
        Some(query) => ListState { query, ..found },
        None => found,
    }
}

/// What the address asks for. An order that this system has not got is left at the first one.
fn read_address(manifest: &Manifest) -> ListState {
    let first = Order(manifest.order);
    let mut res = ListState::parse(&location::search(), first);
    if manifest.field(res.order.0).is_none_or(|it| it.sort == Sort::No) {
        res.order = first;
        res.descending = false;
    }
    res
}
