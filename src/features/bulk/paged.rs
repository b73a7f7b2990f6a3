//! A table of many rows, of which one page is drawn at a time.

use leptos::prelude::*;

use crate::i18n::t;
use crate::page::resized;
use crate::platform::intl;
use crate::ui::{Pager, TableFrame, memo};

/// Rows a page at first.
const SIZE: u32 = 25;

/// Draws the rows from a place on, at most so many; tracks what they are drawn from.
pub(super) type Rows = Box<dyn Fn(usize, usize) -> Vec<AnyView>>;

/// The table. `count` is how many rows there are; a pager stands below where they are more than a page.
pub(super) fn paged(caption: String, count: Signal<usize>, head: fn() -> AnyView, rows: Rows) -> AnyView {
    let (wanted, size) = (RwSignal::new(1u32), RwSignal::new(SIZE));
    let last = memo(move |_| {
        let pages = count.get().div_ceil(as_usize(size.get())).max(1);
        u32::try_from(pages).unwrap_or(u32::MAX)
    });
    // Rows may have gone since the page was chosen.
    let page = memo(move |_| wanted.get().min(last.get()));
    let first = move || as_usize(page.get() - 1) * as_usize(size.get());
    let shown = {
        let rows = StoredValue::new_local(rows);
        move || {
            let (from, size) = (first(), as_usize(size.get()));
            count.track();
            rows.with_value(|it| it(from, size))
        }
    };
    let text = Signal::derive(move || {
        let (from, count) = (first(), count.get());
        let to = count.min(from + as_usize(size.get()));
        let number = |it: usize| intl::number(u64::try_from(it).unwrap_or(u64::MAX));
        t::list_range(&number((from + 1).min(count)), &number(to), &number(count))
    });
    let on_size = move |(chosen,): (u32,)| {
        let (page, _) =
            resized(u64::from(page.get_untracked() - 1), u64::from(size.get_untracked()), u64::from(chosen));
        size.set(chosen);
        wanted.set(u32::try_from(page).unwrap_or(u32::MAX).saturating_add(1));
    };
    let is_long = memo(move |_| count.get() > as_usize(SIZE));
    let pager = move || {
        is_long.get().then(|| {
            let on_page = UnsyncCallback::new(move |(it,): (u32,)| wanted.set(it));
            let last = Signal::derive(move || Some(last.get()));
            view! {
                <Pager page=page last text size=size on_page on_size=UnsyncCallback::new(on_size) />
            }
        })
    };
    view! {
        <div class="form-part bulk-rows">
            <TableFrame caption=Signal::stored(caption) head=ViewFn::from(head)>{shown}</TableFrame>
            {pager}
        </div>
    }
    .into_any()
}

fn as_usize(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}
