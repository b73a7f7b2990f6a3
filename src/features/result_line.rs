//! One line about what is shown: how many keys a question found, and among how many.

use leptos::prelude::*;

use crate::i18n::t;
use crate::platform::intl;
use crate::ui::memo;

/// How many keys a question found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// So many.
    pub count: u64,
    /// The question was for all keys.
    pub asks_all: bool,
    /// Among these.
    pub among: Among,
}

/// The keys that a question was asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// Those of the service, which answered by itself; how many there are, where that is known.
    Service(Option<u64>),
    /// All of them, searched here; how many there are, where that is known.
    All(Option<u64>),
    /// All of so many connections, searched here.
    Connections {
        /// Keys.
        total: u64,
        /// Connections.
        n: u64,
    },
    /// The first of them: the others are on their way.
    Loading {
        /// Keys that are there.
        loaded: u64,
        /// Keys there are, where that is known.
        of: Option<u64>,
    },
    /// The first of them: the others did not come.
    BrokenOff {
        /// Keys that are there.
        loaded: u64,
        /// Keys there are, where that is known.
        of: Option<u64>,
    },
    /// The first of them: there are more than are loaded.
    Most {
        /// Keys that are there.
        loaded: u64,
    },
}

impl Found {
    /// In words: "12 of 745, all keys searched".
    #[must_use]
    pub fn text(self) -> String {
        let Self { count, asks_all, among } = self;
        let n = intl::number(count);
        let number = intl::number;
        match among {
            Among::Service(_) | Among::All(_) if asks_all => t::list_result(count),
            Among::Service(Some(total)) => t::list_found_of(&n, &number(total)),
            Among::Service(None) => t::list_found(count),
            Among::All(Some(total)) => t::list_found_of_all(&n, &number(total)),
            Among::All(None) => t::list_found_all(count),
            Among::Connections { total, n: connections } => {
                let connections = t::all_connections(connections);
                match asks_all {
                    true => t::all_result(&number(total), &connections),
                    false => t::all_found(&n, &number(total), &connections),
                }
            }
            Among::Loading { loaded, of: Some(of) } if asks_all => {
                t::list_loading_of(&number(loaded), &number(of))
            }
            Among::Loading { loaded, of: None } if asks_all => t::list_loading_some(&number(loaded)),
            Among::Loading { loaded, of: Some(of) } => {
                t::list_found_loading(&n, &number(loaded), &number(of))
            }
            Among::Loading { loaded, of: None } => t::list_found_loading_some(&n, &number(loaded)),
            Among::BrokenOff { loaded, of: Some(of) } if asks_all => {
                t::list_broken_of(&number(loaded), &number(of))
            }
            Among::BrokenOff { loaded, of: None } if asks_all => t::list_broken_some(&number(loaded)),
            Among::BrokenOff { loaded, of: Some(of) } => {
                t::list_found_broken(&n, &number(loaded), &number(of))
            }
            Among::BrokenOff { loaded, of: None } => t::list_found_broken_some(&n, &number(loaded)),
            Among::Most { loaded } if asks_all => t::list_most(&number(loaded)),
            Among::Most { loaded } => t::list_found_most(&n, &number(loaded)),
        }
    }
}

/// The line. While more is on its way it is busy, so that a screen reader says how it ended and not each step.
#[component]
pub fn ResultLine(
    /// What there is to say, if anything.
    #[prop(into)]
    found: Signal<Option<Found>>,
    /// An answer is on its way.
    #[prop(into)]
    busy: Signal<bool>,
) -> impl IntoView {
    let text = memo(move |_| found.get().map(Found::text).unwrap_or_default());
    let busy = move || if busy.get() { "true" } else { "false" };
    view! { <p class="list-result" role="status" aria-busy=busy>{move || text.get()}</p> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_answer_has_its_words() {
        let check = |count, asks_all, among, want: &str| {
            assert_eq!(Found { count, asks_all, among }.text(), want);
        };
        check(745, true, Among::Service(Some(745)), "745 keys");
        check(1, true, Among::All(Some(1)), "1 key");
        check(12, false, Among::Service(Some(745)), "12 of 745");
        check(1, false, Among::Service(None), "1 key found");
        check(12, false, Among::All(Some(2_980)), "12 of 2,980, all keys searched");
        check(12, false, Among::All(None), "12 keys found, all keys searched");
        let loading = |of| Among::Loading { loaded: 400, of };
        check(12, false, loading(Some(745)), "12 among the first 400 of 745, loading");
        check(12, false, loading(None), "12 among the first 400 of at least 400, loading");
        check(400, true, loading(Some(745)), "The first 400 of 745 keys, loading");
        check(400, true, loading(None), "The first 400 keys, loading");
        let broken = |of| Among::BrokenOff { loaded: 400, of };
        check(12, false, broken(Some(745)), "12 among the first 400 of 745; the others did not come");
        check(12, false, broken(None), "12 among the first 400; the others did not come");
        check(400, true, broken(Some(745)), "The first 400 of 745 keys; the others did not come");
        check(400, true, broken(None), "The first 400 keys; the others did not come");
        check(400, true, Among::Most { loaded: 400 }, "The first 400 keys; there are more");
        check(12, false, Among::Most { loaded: 200_000 }, "12 among the first 200,000; there are more");
        let connections = |n| Among::Connections { total: 2_980, n };
        check(12, false, connections(4), "12 of 2,980, all keys of 4 connections searched");
        check(2_980, true, connections(1), "2,980 keys of 1 connection");
    }
}
