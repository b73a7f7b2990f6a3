//! How many keys were found, in the line above the rows and in the pager below them.

use leptos::prelude::*;

use super::part::Part;
use super::rows::Place;
use super::state::State;
use super::view::Parts;
use crate::features::result_line::{Among, Found};
use crate::i18n::t;
use crate::page::resized;
use crate::platform::intl;
use crate::ui::Pager;

/// What there is to say about the rows; nothing before the first of them.
pub(super) fn found(parts: &Parts, shown: State, places: Memo<Vec<Place>>) -> Signal<Option<Found>> {
    let parts = parts.clone();
    Signal::derive(move || {
        let among = among(&parts)?;
        let asks_all = shown.state.with(|it| it.query.trim().is_empty() && it.within.is_none());
        let count = places.with(|it| u64::try_from(it.len()).unwrap_or(u64::MAX));
        Some(Found { count, asks_all, among })
    })
}

/// How far all parts have come together. A part that failed whole says so by itself and is not counted.
#[derive(Default)]
struct Sum {
    loaded: u64,
    /// Keys there are; `None` once one part does not tell.
    of: Option<u64>,
    connections: u64,
    is_loading: bool,
    is_broken: bool,
    has_more: bool,
}

impl Sum {
    fn add(&mut self, part: &Part) {
        part.rows.signal().with(|answer| {
            let Some(rows) = answer.value() else {
                // Its first rows are on their way.
                self.is_loading |= answer.is_loading();
                self.of = self.of.filter(|_| !answer.is_loading());
                return;
            };
            let loaded = u64::try_from(rows.keys.len()).unwrap_or(u64::MAX);
            self.loaded += loaded;
            self.connections += 1;
            let of = rows.partial.unwrap_or(Some(loaded));
            self.of = self.of.zip(of).map(|(sum, of)| sum.saturating_add(of));
            match rows.partial {
                Some(_) if answer.is_loading() => self.is_loading = true,
                Some(_) => self.is_broken = true,
                None => self.has_more |= !rows.complete,
            }
        });
    }
}

fn among(parts: &[Part]) -> Option<Among> {
    let mut sum = Sum { of: Some(0), ..Sum::default() };
    parts.iter().for_each(|it| sum.add(it));
    let Sum { loaded, of, connections, is_loading, is_broken, has_more } = sum;
    (connections > 0).then_some(match (is_loading, is_broken, has_more) {
        (true, ..) => Among::Loading { loaded, of },
        (false, true, _) => Among::BrokenOff { loaded, of },
        (false, false, true) => Among::Most { loaded },
        (false, false, false) => Among::Connections { total: loaded, n: connections },
    })
}

/// How many pages there are; at least one.
pub(super) fn last_page(count: usize, size: u64) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX).div_ceil(size.max(1)).max(1)
}

/// "1–25 of 745".
pub(super) fn range_text(shown: State, count: Memo<usize>, page: Memo<u64>) -> String {
    let count = u64::try_from(count.get()).unwrap_or(u64::MAX);
    let total = intl::number(count);
    let size = shown.state.with(|it| it.size);
    let first = page.get().saturating_mul(size);
    if first >= count {
        return t::list_range_none(&total);
    }
    t::list_range(&intl::number(first + 1), &intl::number(first.saturating_add(size).min(count)), &total)
}

/// Steps through the pages.
pub(super) fn pager(shown: State, count: Memo<usize>, page: Memo<u64>) -> AnyView {
    let small = |it: u64| u32::try_from(it).unwrap_or(u32::MAX);
    let size = Signal::derive(move || shown.state.with(|it| small(it.size)));
    let last = Signal::derive(move || Some(small(last_page(count.get(), u64::from(size.get())))));
    let text = Signal::derive(move || range_text(shown, count, page));
    let page = Signal::derive(move || small(page.get().saturating_add(1)));
    let on_page = move |page: u32| shown.go(|it| it.page = u64::from(page.saturating_sub(1)));
    let on_size = move |size: u32| {
        shown.go(|it| {
            (it.page, it.size) = resized(it.page, it.size, u64::from(size));
        });
    };
    view! { <Pager page last text size on_page on_size /> }.into_any()
}
