//! What the list asks for, and how that goes into the address and back.

use leptos::prelude::*;

use crate::domain::{Key, PageOf, Timestamp};
use crate::http::{ApiError, Cancel};
use crate::page::ListState;
use crate::platform::{clock, listen, location};
use crate::systems::{Client, Order, SearchRequest};
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
}

impl Asking {
    /// Reads the address, and follows the browser's back and forward.
    pub(super) fn from_address() -> Self {
        let found = ListState::parse(&location::search());
        // An address that makes no sense is put right, so that what it says is what is shown.
        if found.path(&location::search()) != ["/", &location::search()].concat() {
            location::replace(&found.path(&location::search()));
        }
        let state = RwSignal::new(found);
        listen::window("popstate", move |_| {
            // A query that is not in the address (it holds a key value) goes with its page.
            state.try_set(ListState::parse(&location::search()));
        })
        .until_cleanup();
        Self { state }
    }

    /// Shows another part of the list, as a new step of the browser's history.
    pub(super) fn go(self, change: impl FnOnce(&mut ListState)) {
        let mut next = self.state.get_untracked();
        change(&mut next);
        if next == self.state.get_untracked() {
            return;
        }
        location::push(&next.path(&location::search()));
        self.state.set(next);
    }

    /// The same without a step: the page that was asked for does not exist.
    pub(super) fn correct_page(self, page: u64) {
        let next = ListState { page, ..self.state.get_untracked() };
        location::replace(&next.path(&location::search()));
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
