//! Where the list was scrolled to: kept with each step of the browser's history, so that it is there again after a
//! reload and on the way back.

use leptos::prelude::*;

use super::asking::{Asking, Loaded};
use crate::http::ApiError;
use crate::platform::{clock, listen, location, task, viewport};
use crate::ui::{Answer, Latest, effect};

/// Milliseconds from a step of the wheel until its place is kept: browsers refuse many at once.
const PAUSE_MS: u32 = 200;

/// A place, as the history keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    /// Of one list of all rows: the first row on the screen.
    Row(usize),
    /// Of a page: pixels of it above the window.
    Top(i32),
}

impl Kept {
    fn text(self) -> String {
        match self {
            Self::Row(row) => ["row ", &row.to_string()].concat(),
            Self::Top(top) => ["top ", &top.to_string()].concat(),
        }
    }

    /// What others keep there is none of ours.
    fn read(text: &str) -> Option<Self> {
        match text.split_once(' ')? {
            ("row", row) => row.parse().ok().map(Self::Row),
            ("top", top) => top.parse().ok().map(Self::Top),
            _ => None,
        }
    }

    fn here() -> Option<Self> {
        Self::read(&location::kept()?)
    }
}

/// Keeps the place in the history, and finds it again.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// The row that one list of all rows shall begin with; taken out once it does.
    pub(super) to: RwSignal<Option<usize>>,
    /// The row that it begins with.
    pub(super) first: StoredValue<usize>,
    /// The newest place, until it is kept.
    pending: StoredValue<Option<Kept>>,
}

impl Place {
    pub(super) fn new(asking: Asking, keys: Latest<Loaded, ApiError>) -> Self {
        let to = RwSignal::new(None);
        let res = Self { to, first: StoredValue::new(0), pending: StoredValue::new(None) };
        // Where the page shall be scrolled to, once its rows are there.
        let top = StoredValue::new(None::<i32>);
        effect(move |before: Option<()>| {
            asking.state.track();
            let is_new = before.is_some();
            match Kept::here() {
                Some(Kept::Row(row)) => to.set(Some(row)),
                Some(Kept::Top(px)) => top.set_value(Some(px)),
                // Another question is read from its first row on.
                None if is_new => to.set(asking.continuous.get_untracked().then_some(0)),
                None => {}
            }
        });
        effect(move |_| {
            let is_there = keys.signal().with(|it| matches!(it, Answer::Ready(_)));
            if let Some(px) = is_there.then(|| top.try_update_value(Option::take).flatten()).flatten() {
                task::spawn(async move {
                    // The rows are drawn by then.
                    clock::next_frame().await;
                    viewport::set_page_top(f64::from(px));
                });
            }
        });
        listen::window("scroll", move |_| {
            if asking.continuous.try_get_untracked() == Some(false)
                && keys.signal().with_untracked(|it| it.value().is_some())
            {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "pixels, below what a browser can scroll"
                )]
                res.keep(Kept::Top(viewport::page_top().round() as i32));
            }
        })
        .until_cleanup();
        res
    }

    /// Another row is the first on the screen.
    pub(super) fn on_first(self, row: usize) {
        self.first.set_value(row);
        self.keep(Kept::Row(row));
    }

    fn keep(self, place: Kept) {
        if self.pending.try_update_value(|it| it.replace(place)).flatten().is_some() {
            return;
        }
        let address = location::search();
        task::spawn_detached(async move {
            clock::sleep(PAUSE_MS).await;
            let newest = self.pending.try_update_value(Option::take).flatten();
            // What was scrolled before another address is none of that one's.
            if let Some(newest) = newest.filter(|_| location::search() == address) {
                location::keep(&newest.text());
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_goes_into_the_history_and_back() {
        for place in [Kept::Row(99_999), Kept::Top(0), Kept::Top(1_250)] {
            assert_eq!(Kept::read(&place.text()), Some(place));
        }
        for other in ["", "row", "row -1", "top x", "{\"row\":1}"] {
            assert_eq!(Kept::read(other), None, "{other}");
        }
    }
}
