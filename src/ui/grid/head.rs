//! The heads of the columns.

use leptos::prelude::*;

use super::resize::{Edges, edge};
use super::{GridColumn, GridSelect, Picked};
use crate::i18n::t;
use crate::ui::{Icon, SortDirection, icon};

/// How a grid is sorted: by which column, and which way.
pub type Sorted = Option<(&'static str, SortDirection)>;

/// The classes of a column's cells.
pub(super) fn class(column: &GridColumn) -> &'static str {
    match (column.actions, column.number) {
        (true, _) => "cell-actions",
        (false, true) => "cell-number",
        (false, false) => "",
    }
}

/// All heads. Clicks and keys on them are the grid's to read.
pub(super) fn heads(
    columns: Signal<Vec<GridColumn>>,
    edges: Edges,
    sort: Signal<Sorted>,
    select: Option<GridSelect>,
) -> AnyView {
    let first = 1 + usize::from(select.is_some());
    let heads = move || {
        let columns = columns.get();
        columns.into_iter().enumerate().map(|(idx, it)| head(it, idx + first, edges, sort)).collect_view()
    };
    view! {
        {select.map(pick_all)}
        {heads}
    }
    .into_any()
}

fn head(column: GridColumn, number: usize, edges: Edges, sort: Signal<Sorted>) -> AnyView {
    let (id, class, number) = (column.id, class(&column), number.to_string());
    let GridColumn { label, sortable, actions, .. } = column;
    let direction = move || sort.get().filter(|it| it.0 == id).map(|it| it.1);
    let sorted = move || match direction() {
        Some(SortDirection::Ascending) => Some("ascending"),
        Some(SortDirection::Descending) => Some("descending"),
        None => None,
    };
    let drawn = move || match direction() {
        Some(SortDirection::Ascending) => icon(Icon::SortUp),
        Some(SortDirection::Descending) => icon(Icon::SortDown),
        None => icon(Icon::SortNone),
    };
    // What is in the head beside its name is not read with each cell.
    let name = (!actions).then(|| label.clone());
    let edge = (!actions).then(|| edge(edges, id, &label));
    let content = match (sortable, actions) {
        (true, _) => view! {
            <button class="sort" type="button" tabindex="-1">
                <span>{label}</span>
                {drawn}
            </button>
        }
        .into_any(),
        (false, true) => view! { <span class="visually-hidden">{label}</span> }.into_any(),
        (false, false) => label.into_any(),
    };
    view! {
        <th
            role="columnheader"
            scope="col"
            class=class
            aria-label=name
            aria-sort=sorted
            aria-colindex=number
            tabindex="-1"
        >
            {content}
            {edge}
        </th>
    }
    .into_any()
}

/// The box that picks all rows, or none; half ticked where some are.
fn pick_all(select: GridSelect) -> AnyView {
    let is = move |what: Picked| move || select.all.get() == what;
    view! {
        <th role="columnheader" scope="col" class="cell-pick" aria-colindex="1" tabindex="-1">
            <input
                type="checkbox"
                class="choice-box"
                tabindex="-1"
                aria-label=t::grid_pick_all()
                prop:checked=is(Picked::All)
                prop:indeterminate=is(Picked::Some)
            />
        </th>
    }
    .into_any()
}
