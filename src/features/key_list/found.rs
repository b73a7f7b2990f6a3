//! How many keys were found, in the line above the rows and in the pager below them.

use leptos::prelude::*;

use super::asking::{Asking, Loaded};
use crate::domain::Coverage;
use crate::features::result_line::{Among, Found};
use crate::http::ApiError;
use crate::i18n::t;
use crate::platform::intl;
use crate::ui::{Answer, Latest, Pager, effect};

/// What there is to say about the rows. How many keys there are in all is known from the last question for all of them, until
/// something is changed.
pub(super) fn found(
    asking: Asking,
    keys: Latest<Loaded, ApiError>,
    changes: RwSignal<u64>,
) -> Signal<Option<Found>> {
    let all = RwSignal::new(None);
    effect(move |before: Option<u64>| {
        let now = changes.get();
        if before.is_some_and(|it| it != now) {
            all.set(None);
        }
        now
    });
    effect(move |_| {
        let total = keys.signal().with(|it| match it {
            Answer::Ready(loaded) => total_of_all(loaded),
            _ => None,
        });
        if total.is_some() {
            all.set(total);
        }
    });
    Signal::derive(move || {
        let asked = asking.request();
        keys.signal().with(|it| {
            let loaded = it.value()?;
            let failed = it.error().is_some();
            // Rows of another question are not shown beside an error.
            (!failed || loaded.request == asked).then(|| found_by(loaded, failed, all.get()))
        })
    })
}

/// How many keys there are, where an answer tells it.
fn total_of_all(loaded: &Loaded) -> Option<u64> {
    match loaded.page.coverage {
        Coverage::Held { loaded, complete: true, of_all: true, .. } => Some(loaded),
        Coverage::Exact | Coverage::Gathered { .. } if loaded.asks_all() => Some(loaded.page.total),
        _ => None,
    }
}

fn found_by(loaded: &Loaded, failed: bool, all: Option<u64>) -> Found {
    let known = total_of_all(loaded).or(all);
    let among = match loaded.page.coverage {
        Coverage::Exact | Coverage::Gathered { .. } => Among::Service(known),
        Coverage::Held { complete: true, .. } => Among::All(known),
        Coverage::Held { loaded, .. } => Among::Most { loaded },
        Coverage::Partial { loaded, of } if failed => Among::BrokenOff { loaded, of },
        Coverage::Partial { loaded, of } => Among::Loading { loaded, of },
    };
    Found { count: loaded.page.total, asks_all: loaded.asks_all(), among }
}

/// "1–25 of 745".
pub(super) fn range_text(keys: Latest<Loaded, ApiError>) -> String {
    keys.signal().with(|it| match it.value() {
        None => t::list_loading().to_owned(),
        Some(loaded) => {
            let total = intl::number(loaded.page.total);
            // All rows in one list are one long page.
            let all =
                loaded.rows.as_ref().and_then(|_| (loaded.page.total > 0).then_some((1, loaded.page.total)));
            match (all.or_else(|| loaded.page.range()), loaded.is_partial()) {
                (Some((from, to)), so_far) => {
                    let say = if so_far { t::list_range_so_far } else { t::list_range };
                    say(&intl::number(from), &intl::number(to), &total)
                }
                (None, true) => t::list_range_none_so_far().to_owned(),
                (None, false) => t::list_range_none(&total),
            }
        }
    })
}

/// Steps through the pages.
pub(super) fn pager(
    asking: Asking,
    keys: Latest<Loaded, ApiError>,
    on_whole: UnsyncCallback<(bool,)>,
) -> AnyView {
    let small = |it: u64| u32::try_from(it).unwrap_or(u32::MAX);
    let page = Signal::derive(move || asking.state.with(|it| small(it.page.saturating_add(1))));
    // Before the first rows no other page can be asked for.
    let last = Signal::derive(move || {
        let known = keys.signal().with(|it| it.value().map(|it| small(it.page.pages())));
        Some(known.unwrap_or_else(|| page.get()))
    });
    let size = Signal::derive(move || asking.state.with(|it| small(it.size)));
    let text = Signal::derive(move || range_text(keys));
    let on_page = move |page: u32| asking.go(|it| it.page = u64::from(page.saturating_sub(1)));
    let on_size = move |size: u32| asking.resize(u64::from(size));
    let whole = Some((asking.continuous, on_whole));
    view! { <Pager page last text size on_page on_size whole /> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{PageOf, Timestamp};
    use crate::systems::{Order, SearchRequest};

    fn loaded(query: &str, total: u64, coverage: Coverage) -> Loaded {
        let page = PageOf { items: Vec::new(), total, page: 0, size: 25, coverage };
        let (query, order) = (query.to_owned(), Order::TITLE);
        let request = SearchRequest { query, order, descending: false, page: 0, size: 25 };
        Loaded { page, rows: None, at: Timestamp(0), request }
    }

    #[test]
    fn what_is_said_depends_on_where_the_answer_comes_from() {
        let check = |query: &str, total, coverage, failed, all, want: &str| {
            assert_eq!(found_by(&loaded(query, total, coverage), failed, all).text(), want);
        };
        let held = |complete, of_all| Coverage::Held { at: Timestamp(0), loaded: 400, complete, of_all };
        let partial = Coverage::Partial { loaded: 400, of: Some(745) };
        check(" ", 745, Coverage::Exact, false, None, "745 keys");
        check("q", 12, Coverage::Exact, false, None, "12 keys found");
        check("q", 12, Coverage::Exact, false, Some(745), "12 of 745");
        check("q", 12, Coverage::Gathered { gathered: 9 }, false, Some(745), "12 of 745");
        check("q", 12, held(true, true), false, None, "12 of 400, all keys searched");
        // The rows that the service found for its part are not all keys.
        check("q", 12, held(true, false), false, None, "12 keys found, all keys searched");
        check("q", 12, held(true, false), false, Some(745), "12 of 745, all keys searched");
        check("q", 12, held(false, true), false, Some(745), "12 among the first 400; there are more");
        check("q", 12, partial, false, None, "12 among the first 400 of 745, loading");
        check("q", 12, partial, true, None, "12 among the first 400 of 745; the others did not come");
        check("", 400, partial, false, None, "The first 400 of 745 keys, loading");
    }

    #[test]
    fn only_what_covers_the_account_tells_how_many_keys_there_are() {
        let total = |query: &str, coverage| total_of_all(&loaded(query, 12, coverage));
        let held = |complete, of_all| Coverage::Held { at: Timestamp(0), loaded: 400, complete, of_all };
        assert_eq!(total("", Coverage::Exact), Some(12));
        assert_eq!(total("q", Coverage::Exact), None);
        assert_eq!(total("q", held(true, true)), Some(400));
        assert_eq!((total("q", held(false, true)), total("q", held(true, false))), (None, None));
        assert_eq!(total("", Coverage::Partial { loaded: 12, of: Some(745) }), None);
    }
}
