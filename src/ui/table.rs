//! The parts of a table. The caller draws the rows.
//!
//! Below 48rem of its own width a table turns into cards, by style alone. For that each cell carries
//! its column's name in `data-label`, and rows and cells their role, which some browsers drop when
//! the layout changes:
//!
//! ```html
//! <tr role="row">
//!   <th role="rowheader" scope="row" data-label="Title">…</th>
//!   <td role="cell" data-label="Created">…</td>
//!   <td role="cell" class="cell-number" data-label="Used">…</td>
//!   <td role="cell" class="cell-actions">…</td>
//! </tr>
//! ```

use leptos::prelude::*;

use super::{Icon, icon};

/// Which way a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortDirection {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// The frame of a table: caption, head, body, and a line that runs while rows are loading.
///
/// While `busy` the rows stay, dimmed; the line appears after 150 ms, so quick answers do not flicker.
#[component]
pub fn TableFrame(
    /// What the table holds; read by screen readers, and shown if `caption_visible`.
    #[prop(into)]
    caption: Signal<String>,
    /// Rows are loading.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Shows the caption.
    #[prop(optional)]
    caption_visible: bool,
    /// The header cells: [`SortHeader`]s, and plain `<th role="columnheader" scope="col">`.
    #[prop(into)]
    head: ViewFn,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let caption_class = if caption_visible { "table-caption" } else { "visually-hidden" };
    view! {
        <div class="table-frame" aria-busy=move || if busy.get() { "true" } else { "false" }>
            <div class={"table-line"} aria-hidden="true"></div>
            <div class="table-scroll" role="region" tabindex="0" aria-label=move || caption.get()>
                <table class="table" role="table">
                    <caption class=caption_class>{move || caption.get()}</caption>
                    <thead role="rowgroup">
                        <tr role="row">{head.run()}</tr>
                    </thead>
                    <tbody role="rowgroup">{children()}</tbody>
                </table>
            </div>
        </div>
    }
    .into_any()
}

/// The head of a column that can be sorted.
#[component]
pub fn SortHeader(
    /// The column's name.
    #[prop(into)]
    label: String,
    /// How the table is sorted by this column, if it is.
    #[prop(into)]
    direction: Signal<Option<SortDirection>>,
    /// The person asked to sort by it, or to turn the direction round.
    #[prop(into)]
    on_sort: UnsyncCallback<()>,
    /// The column holds numbers.
    #[prop(optional)]
    number: bool,
) -> impl IntoView {
    let sorted = move || match direction.get() {
        Some(SortDirection::Ascending) => Some("ascending"),
        Some(SortDirection::Descending) => Some("descending"),
        None => None,
    };
    let drawn = move || match direction.get() {
        Some(SortDirection::Ascending) => icon(Icon::SortUp),
        Some(SortDirection::Descending) => icon(Icon::SortDown),
        None => icon(Icon::SortNone),
    };
    view! {
        <th role="columnheader" scope="col" class=if number { "cell-number" } else { "" } aria-sort=sorted>
            <button class="sort" type="button" on:click=move |_| on_sort.run(())>
                <span>{label}</span>
                {drawn}
            </button>
        </th>
    }
    .into_any()
}

/// Grey rows in the place of rows that have never been loaded. Hidden from screen readers; the frame's
/// `busy` and a [`super::StateScreen`] or the announcer say it in words.
#[component]
pub fn Skeleton(
    /// How many rows.
    #[prop(default = 8)]
    rows: usize,
    /// How many cells a row.
    columns: usize,
) -> impl IntoView {
    let cell = || view! { <td><span class={"skeleton"}></span></td> };
    let row = || {
        let cells = (0..columns).map(|_| cell()).collect_view();
        view! { <tr class="skeleton-row" aria-hidden="true">{cells}</tr> }
    };
    (0..rows).map(|_| row()).collect_view().into_any()
}
