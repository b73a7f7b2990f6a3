//! One row.

use leptos::prelude::*;

use super::super::reactive::memo;
use super::nav::Nav;
use super::paint::Slot;
use super::{GridColumn, GridEntry, GridSelect, GridSource};
use crate::i18n::t;
use crate::platform::intl;
use crate::ui::{Icon, icon};

/// What every row of a grid needs.
pub(super) struct RowContext<T: 'static> {
    pub(super) nav: Nav,
    pub(super) source: GridSource<T>,
    pub(super) columns: Signal<Vec<GridColumn>>,
    pub(super) select: Option<GridSelect>,
}

impl<T> Clone for RowContext<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for RowContext<T> {}

/// What is drawn here stands in a cell: its buttons are no stops of the Tab key.
#[derive(Clone, Copy)]
struct InCell(bool);

/// The `tabindex` of a button: none of its own in the cell of a grid, where arrows lead to it.
pub(in crate::ui) fn tab_stop() -> Option<&'static str> {
    use_context::<InCell>().and_then(|it| it.0.then_some("-1"))
}

/// What is drawn from here on stands in a window over the grid.
pub(in crate::ui) fn leave_cell() {
    provide_context(InCell(false));
}

/// The row that a slot shows.
pub(super) fn row<T: Clone + PartialEq + Send + Sync + 'static>(
    ctx: RowContext<T>,
    slot: Slot<T>,
    id: String,
) -> AnyView {
    let RowContext { nav, source, columns, select } = ctx;
    let Slot { at, entry } = slot;
    let offset = source.offset;
    let index = move || {
        let at = u64::try_from(at.get()?).ok()?;
        Some((offset.get() + at + 2).to_string())
    };
    let shift = memo(move |_| nav.axis.with(|it| it.shift(nav.scroll.get())));
    let transform = move || match at.get().filter(|_| nav.is_virtual.get()) {
        Some(at) => ["translateY(", &px(nav.axis.with(|it| it.top(at)) + shift.get()), ")"].concat(),
        None => "none".to_owned(),
    };
    let of_row = move |what: fn(&GridEntry<T>) -> Option<&'static str>| {
        move || entry.with(|it| it.as_ref().and_then(what))
    };
    let state = of_row(|it| match it {
        GridEntry::Row { state, .. } => Some(*state),
        GridEntry::Heading { .. } => None,
    });
    let mark = of_row(|it| match it {
        GridEntry::Row { mark, .. } => *mark,
        GridEntry::Heading { .. } => None,
    });
    let selected = move || {
        let id = entry.with(|it| match it {
            Some(GridEntry::Row { id, .. }) => Some(id.clone()),
            _ => None,
        });
        Some(if select?.picked.run((id?,)) { "true" } else { "false" })
    };
    let cells = move || {
        provide_context(InCell(true));
        let entry = entry.get();
        columns.with(|columns| match entry {
            None => Vec::new(),
            Some(GridEntry::Heading { label, count, open, .. }) => {
                vec![heading(label, count, open, columns.len() + usize::from(select.is_some()))]
            }
            Some(GridEntry::Row { id, name, row, .. }) => {
                let draw = source.row.run((row,));
                let first = 1 + usize::from(select.is_some());
                let pick = select.map(|it| pick(it, id, &name));
                let rest =
                    columns.iter().enumerate().map(|(idx, it)| cell(it, idx + first, idx == 0, draw(it.id)));
                pick.into_iter().chain(rest).collect()
            }
        })
    };
    view! {
        <tr
            role="row"
            id=id
            aria-rowindex=index
            aria-selected=selected
            data-state=state
            data-mark=mark
            hidden=move || at.get().is_none()
            style:transform=transform
        >
            {cells}
        </tr>
    }
    .into_any()
}

fn px(it: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "pixels, far below 2^53")]
    let whole = it.round() as i64;
    [&whole.to_string(), "px"].concat()
}

fn cell(column: &GridColumn, number: usize, is_head: bool, content: AnyView) -> AnyView {
    let label = (!column.actions).then(|| column.label.clone());
    let number = number.to_string();
    if is_head {
        return view! {
            <th role="rowheader" scope="row" aria-colindex=number tabindex="-1" data-label=label>
                {content}
            </th>
        }
        .into_any();
    }
    view! {
        <td role="gridcell" class=super::head::class(column) aria-colindex=number tabindex="-1" data-label=label>
            {content}
        </td>
    }
    .into_any()
}

fn pick(select: GridSelect, id: String, name: &str) -> AnyView {
    let picked = move || select.picked.run((id.clone(),));
    view! {
        <td role="gridcell" class="cell-pick" aria-colindex="1" tabindex="-1">
            <input type="checkbox" class="choice-box" tabindex="-1" aria-label=t::grid_pick(name) prop:checked=picked />
        </td>
    }
    .into_any()
}

fn heading(label: String, count: u64, open: bool, width: usize) -> AnyView {
    let drawn = if open { Icon::ChevronDown } else { Icon::ChevronEnd };
    view! {
        <td
            role="gridcell"
            class="grid-heading"
            aria-colindex="1"
            aria-colspan=width.to_string()
            colspan=width.to_string()
            aria-expanded=if open { "true" } else { "false" }
            tabindex="-1"
        >
            {icon(drawn)}
            <span class="grid-heading-label">{label}</span>
            " "
            <span class="grid-heading-count">{intl::number(count)}</span>
        </td>
    }
    .into_any()
}
