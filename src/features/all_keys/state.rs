//! What the list shows, kept in step with the address and its history.

use leptos::prelude::*;

use super::address::{AllState, Column};
use crate::features::saved_queries::{ALL_CONNECTIONS, opening_query};
use crate::platform::{listen, location};

/// What is shown.
#[derive(Clone, Copy)]
pub(super) struct State {
    pub(super) state: RwSignal<AllState>,
    /// The newest step of the history is a query that is being typed.
    typing: StoredValue<bool>,
}

impl State {
    pub(super) fn from_address() -> Self {
        let (state, typing) = (RwSignal::new(opening()), StoredValue::new(false));
        listen::window("popstate", move |_| {
            state.try_set(AllState::parse(&location::search()));
            typing.try_set_value(false);
        })
        .until_cleanup();
        Self { state, typing }
    }

    /// Shows something else, as a new step of the browser's history. Ends the typing of a query.
    pub(super) fn go(self, change: impl FnOnce(&mut AllState)) {
        self.typing.set_value(false);
        self.change(change, location::push);
    }

    /// Shows what a query finds while it is typed. All that is typed is one step of the history, so that one step back
    /// leads to before it.
    pub(super) fn typed(self, query: String) {
        if self.state.with_untracked(|it| it.query == query) {
            return;
        }
        let write = if self.typing.get_value() { location::replace } else { location::push };
        self.typing.set_value(true);
        self.change(
            |it| {
                it.query = query;
                it.page = 0;
            },
            write,
        );
    }

    /// Shows something else; the address is changed with `write`.
    pub(super) fn change(self, change: impl FnOnce(&mut AllState), write: fn(&str)) {
        let mut next = self.state.get_untracked();
        change(&mut next);
        if next != self.state.get_untracked() {
            write(&next.path(&location::search()));
            self.state.set(next);
        }
    }

    /// Sorts by a column, or turns its direction round.
    pub(super) fn sort(self, column: Column) {
        self.go(|it| {
            it.descending = it.column == column && !it.descending;
            it.column = column;
            it.page = 0;
        });
    }
}

/// What the address asks for; where it asks for nothing, the query that the reader wants to begin with.
fn opening() -> AllState {
    let found = AllState::parse(&location::search());
    let Some(query) = opening_query(ALL_CONNECTIONS, &location::search()) else { return found };
    let res = AllState { query, ..found };
    location::replace(&res.path(&location::search()));
    res
}
