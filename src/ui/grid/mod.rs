//! A list as a grid: one stop of the Tab key, arrows from cell to cell, rows that are picked, and as many rows as one
//! likes, of which those on the screen are drawn.
//!
//! It follows the grid pattern of the ARIA practices. What is inside a cell (buttons, a menu) is reached by F2, or by
//! Enter, and left by Escape; a button in a cell asks `tab_stop` for its `tabindex`.
//!
//! Below 48rem of its own width rows are cards, by style alone, as those of [`super::TableFrame`] are.

mod axis;
mod entry;
mod head;
mod keys;
mod nav;
mod paint;
mod resize;
mod row;

pub use self::entry::{
    Density, DrawCell, GridColumn, GridEntry, GridScroll, GridSelect, GridSource, Pick, Picked,
};
pub use self::head::Sorted;
pub use self::resize::GridResize;
pub(in crate::ui) use self::row::{leave_cell, tab_stop};

use leptos::ev::{FocusEvent, KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;

use self::keys::{Cursor, Pressed, Step, Wish};
use self::nav::Nav;
use self::paint::Painter;
use self::resize::Edges;
use self::row::{RowContext, row};
use super::Skeleton;
use super::reactive::{effect, memo};
use crate::platform::{cells, viewport};

/// The width of a column of buttons, in pixels.
const ACTIONS_PX: u32 = 48;

/// The width of the column of boxes, in pixels.
const PICK_PX: u32 = 40;

/// Columns that need more than this scroll inside the grid, however wide the window is. Up to it a head sticks to the window.
const WIDE_PX: u32 = 1300;

/// A grid of rows.
///
/// All rows that the source has are drawn, as high as they are, or (`is_virtual`) those on the screen, all of one
/// height. The focus stays on its row when rows come, go or change their order, and is never lost.
#[component]
pub fn Grid<T>(
    /// Where the rows come from.
    source: GridSource<T>,
    /// The columns, in their order; the first one names its row.
    #[prop(into)]
    columns: Signal<Vec<GridColumn>>,
    /// What the grid holds, for screen readers.
    #[prop(into)]
    caption: Signal<String>,
    /// Rows are loading.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// There are no rows yet: grey ones stand in their place.
    #[prop(optional, into)]
    waiting: Signal<bool>,
    /// Draws the rows on the screen alone, and scrolls inside the grid.
    #[prop(optional, into)]
    is_virtual: Signal<bool>,
    /// Rows that are all drawn come in two frames, so that typing never waits.
    #[prop(optional, into)]
    sliced: Signal<bool>,
    /// How much room a row has.
    #[prop(optional, into)]
    density: Signal<Density>,
    /// How it is sorted.
    #[prop(optional, into)]
    sort: Signal<Sorted>,
    /// The reader asked to sort by a column, or to turn its direction round.
    #[prop(into)]
    on_sort: UnsyncCallback<(&'static str,)>,
    /// The reader asked to see the row at a place.
    #[prop(into)]
    on_open: UnsyncCallback<(usize,)>,
    /// The reader asked to open or close the group whose heading is known by this.
    #[prop(optional, into)]
    on_toggle: Option<UnsyncCallback<(String,)>>,
    /// The column of boxes, where rows can be picked.
    #[prop(optional, into)]
    select: Option<GridSelect>,
    /// Where a list that is drawn in parts is scrolled to.
    #[prop(optional, into)]
    scroll: Option<GridScroll>,
    /// How columns may change their widths, where they may.
    #[prop(optional, into)]
    resize: Option<GridResize>,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let edges = Edges::new(resize, columns);
    // A width is the style's alone: neither a head nor a row is drawn anew for it.
    let shape = memo(move |_| {
        columns.with(|it| it.iter().map(|it| GridColumn { width: None, ..it.clone() }).collect::<Vec<_>>())
    });
    let columns = Signal::from(shape);
    let nav = Nav::new(columns, source.count, source.offset, is_virtual, density);
    let in_parts = Signal::derive(move || is_virtual.get() || sliced.get());
    let painter = Painter::new(nav, source, in_parts);
    effect(move |_| painter.run());
    let ctx = RowContext { nav, source, columns, select };
    let slot = move |idx: usize| painter.slot(idx).map(|it| row(ctx, it, nav.slot_id(idx)));
    let drawn = painter.drawn;
    let rows = move || {
        if waiting.get() {
            let width = columns.with(Vec::len) + usize::from(select.is_some());
            return view! { <Skeleton rows=8 columns=width /> }.into_any();
        }
        view! { <For each=move || 0..drawn.get() key=|idx| *idx children=slot /> }.into_any()
    };
    let kind = UnsyncCallback::new(move |(at,): (usize,)| match source.entry.run((at,)) {
        Some(GridEntry::Heading { id, open, .. }) => Some((id, Some(open))),
        Some(GridEntry::Row { id, .. }) => Some((id, None)),
        None => None,
    });
    let acts = Acts { nav, columns, select, on_sort, on_open, on_toggle, kind };
    let order = painter.order;
    let of = Frame { acts, edges, caption, busy, sort, scroll, total: source.total, density, order };
    frame(of, rows.into_any())
}

/// The parts around the rows, whatever the rows are.
struct Frame {
    acts: Acts,
    edges: Edges,
    caption: Signal<String>,
    busy: Signal<bool>,
    sort: Signal<Sorted>,
    scroll: Option<GridScroll>,
    total: Signal<u64>,
    density: Signal<Density>,
    order: RwSignal<String>,
}

fn frame(of: Frame, rows: AnyView) -> AnyView {
    let Frame { acts, edges, caption, busy, sort, scroll, total, density, order } = of;
    let Acts { nav, select, .. } = acts;
    let columns = edges.drawn();
    let node = NodeRef::<html::Div>::new();
    effect(move |_| {
        if node.get().is_some() {
            nav.measure();
            viewport::on_resize(&nav.part("-scroll"), move || nav.measure()).until_cleanup();
        }
    });
    effect(move |_| {
        nav.is_virtual.track();
        columns.track();
        nav.measure();
    });
    if let Some(scroll) = scroll {
        effect(move |_| nav.follow(scroll));
        let first = memo(move |_| nav.axis.get().first(nav.scroll.get()));
        effect(move |before: Option<usize>| {
            let now = first.get();
            if before.is_some_and(|it| it != now) {
                scroll.on_first.run((now,));
            }
            now
        });
    }
    let has_widths = memo(move |_| columns.with(|it| it.iter().any(|it| it.width.is_some() && !it.actions)));
    let is_wide = move || has_widths.get() || columns.with(|it| needed(it, select.is_some()) > WIDE_PX);
    let tracks = move || columns.with(|it| tracks(it, select.is_some()));
    let width = move || columns.with(|it| width(it, select.is_some()));
    let row_height = move || [&nav.axis.with(|it| it.row).to_string(), "px"].concat();
    let height = move || match nav.is_virtual.get() {
        true => [&nav.axis.with(|it| it.height()).round().to_string(), "px"].concat(),
        false => "auto".to_owned(),
    };
    let order = memo(move |_| order.with(|it| (!it.is_empty()).then(|| it.clone())));
    let row_count = move || total.get().saturating_add(1).to_string();
    let column_count = move || columns.with(|it| (it.len() + usize::from(select.is_some())).to_string());
    view! {
        <div
            class="table-frame grid-frame"
            class:grid-virtual=move || nav.is_virtual.get()
            class:grid-tracks=move || nav.is_virtual.get() || has_widths.get()
            class:grid-wide=is_wide
            class:grid-compact=move || density.get() == Density::Compact
            class:grid-roomy=move || density.get() == Density::Roomy
            aria-busy=move || if busy.get() { "true" } else { "false" }
            style=("--grid-columns", tracks)
            style=("--grid-width", width)
            style=("--grid-row", row_height)
        >
            <div class={"table-line"} aria-hidden="true"></div>
            <div
                class="table-scroll grid-scroll"
                id=nav.part("-scroll")
                node_ref=node
                on:scroll=move |_| nav.scroll.set(viewport::scroll_top(&nav.part("-scroll")))
            >
                <table
                    class="table"
                    role="grid"
                    id=nav.part("")
                    aria-label=move || caption.get()
                    aria-rowcount=row_count
                    aria-colcount=column_count
                    aria-multiselectable=select.map(|_| "true")
                    on:keydown=move |ev| acts.key(&ev)
                    on:click=move |ev| acts.click(&ev)
                    on:focusin=move |ev| acts.focus_in(&ev)
                    on:focusout=move |_| nav.within.set(false)
                >
                    <thead role="rowgroup" id=nav.part("-head")>
                        <tr role="row" aria-rowindex="1">{head::heads(acts.columns, edges, sort, select)}</tr>
                    </thead>
                    <tbody role="rowgroup" aria-owns=move || order.get() style:block-size=height>{rows}</tbody>
                </table>
            </div>
        </div>
    }
    .into_any()
}

/// What clicks and keys do.
#[derive(Clone, Copy)]
struct Acts {
    nav: Nav,
    columns: Signal<Vec<GridColumn>>,
    select: Option<GridSelect>,
    on_sort: UnsyncCallback<(&'static str,)>,
    on_open: UnsyncCallback<(usize,)>,
    on_toggle: Option<UnsyncCallback<(String,)>>,
    /// What the entry at a place is known by, and for a heading whether it is open.
    kind: UnsyncCallback<(usize,), Option<(String, Option<bool>)>>,
}

impl Acts {
    fn focus_in(self, ev: &FocusEvent) {
        let nav = self.nav;
        nav.within.set(true);
        let Some(spot) = cells::spot(ev) else { return };
        let cursor = nav.cursor_of(spot);
        self.note(cursor.row);
        if cursor != nav.cursor.get_untracked() {
            nav.cursor.set(cursor);
        }
        queue_microtask(move || nav.settle());
    }

    fn click(self, ev: &MouseEvent) {
        let Some(spot) = cells::spot(ev) else { return };
        let cursor = self.nav.cursor_of(spot);
        let is_pick = self.select.is_some() && cursor.column == 0;
        match cursor.row {
            Some(row) if self.heading(row).is_some() => self.toggle(row),
            Some(row) if is_pick => {
                self.pick(if ev.shift_key() { Pick::To(row) } else { Pick::Toggle(row) });
                // All up to a box are picked, this one included, although the click has emptied it.
                if spot.on_box && ev.shift_key() {
                    cells::set_box(ev, true);
                }
            }
            None if is_pick => self.pick_all(),
            None if !spot.on_cell => self.sort(cursor.column),
            _ => {}
        }
    }

    fn key(self, ev: &KeyboardEvent) {
        if ev.default_prevented() || ev.is_composing() {
            return;
        }
        let Some(spot) = cells::spot(ev) else { return };
        let key = ev.key();
        let pressed = Pressed {
            key: &key,
            shift: ev.shift_key(),
            ctrl: ev.ctrl_key() || ev.meta_key(),
            alt: ev.alt_key(),
            rtl: cells::is_rtl(),
        };
        let Some(wish) = pressed.wish() else { return };
        // A key means the cell that the focus is on its way to, however late that is drawn.
        let cursor = match spot.on_cell && self.nav.is_bound_for_cell() {
            true => self.nav.cursor.get_untracked(),
            false => self.nav.cursor_of(spot),
        };
        let is_done = if spot.on_cell { self.on_cell(cursor, wish) } else { self.inside(cursor, wish) };
        if is_done {
            ev.prevent_default();
        }
    }

    /// A key on a cell; whether it means something here.
    fn on_cell(self, cursor: Cursor, wish: Wish) -> bool {
        let heading = cursor.row.and_then(|it| self.heading(it));
        match (wish, cursor.row) {
            (Wish::Go(step), Some(row))
                if heading.as_ref().is_some_and(|it| it.1 == (step == Step::Back)) =>
            {
                match step {
                    Step::Back | Step::On => self.toggle(row),
                    _ => self.step(cursor, step, false),
                }
            }
            (Wish::Go(step), _) => self.step(cursor, step, false),
            (Wish::Extend(step), _) => self.step(cursor, step, true),
            (Wish::Enter | Wish::Pick, Some(row)) if heading.is_some() => self.toggle(row),
            (Wish::Enter, Some(row)) => self.enter(cursor, row),
            (Wish::Pick, Some(row)) => self.pick(Pick::Toggle(row)),
            (Wish::PickTo, Some(row)) => self.pick(Pick::To(row)),
            (Wish::Enter | Wish::Pick, None) if self.select.is_some() && cursor.column == 0 => {
                self.pick_all()
            }
            (Wish::Enter | Wish::Pick, None) => self.sort(cursor.column),
            (Wish::PickAll, _) if self.select.is_some() => self.pick(Pick::All),
            (Wish::Inside, _) => self.into_cell(cursor),
            (Wish::PickTo, None) | (Wish::PickAll | Wish::Outside, _) => return false,
        }
        true
    }

    /// A key on something inside a cell.
    fn inside(self, cursor: Cursor, wish: Wish) -> bool {
        let (id, row) = (self.nav.part(""), self.nav.row_index(cursor.row));
        match wish {
            Wish::Outside | Wish::Inside => self.nav.go(cursor),
            Wish::Go(step @ (Step::Back | Step::On)) => {
                let count = cells::count_widgets(&id, row, cursor.column + 1);
                let now = cells::focused(&id).flatten().unwrap_or_default();
                let next = if step == Step::On { now.checked_add(1) } else { now.checked_sub(1) };
                match next.filter(|it| *it < count) {
                    Some(next) => self.focus_inside(cursor, next),
                    None => self.step(cursor, step, false),
                }
            }
            Wish::Go(step) => self.step(cursor, step, false),
            Wish::Extend(step) => self.step(cursor, step, true),
            Wish::PickAll if self.select.is_some() => self.pick(Pick::All),
            // A button, a link and a box know by themselves what these do.
            Wish::Enter | Wish::Pick | Wish::PickTo | Wish::PickAll => return false,
        }
        true
    }

    fn heading(self, row: usize) -> Option<(String, bool)> {
        let (id, open) = untrack(|| self.kind.run((row,)))?;
        Some((id, open?))
    }

    /// Notes what the current row is known by, so that it is found again wherever it goes.
    fn note(self, row: Option<usize>) {
        let id = row.and_then(|it| untrack(|| self.kind.run((it,)))).map(|it| it.0);
        self.nav.current.set_value(id);
    }

    fn toggle(self, row: usize) {
        if let (Some((id, _)), Some(on_toggle)) = (self.heading(row), self.on_toggle) {
            on_toggle.run((id,));
        }
    }

    fn step(self, from: Cursor, step: Step, extend: bool) {
        let columns = self.columns.with_untracked(Vec::len) + usize::from(self.select.is_some());
        let bounds = self.nav.bounds(columns);
        let to = from.after(step, bounds);
        self.note(to.row);
        self.nav.go(to);
        if let Some(row) = to.row.filter(|_| extend) {
            self.pick(Pick::To(row));
        }
    }

    /// What a cell is for: its own button or menu, or else opening the row.
    fn enter(self, cursor: Cursor, row: usize) {
        let is_title = cursor.column == usize::from(self.select.is_some());
        let is_pick = self.select.is_some() && cursor.column == 0;
        let (id, index, column) = (self.nav.part(""), self.nav.row_index(Some(row)), cursor.column + 1);
        match cells::count_widgets(&id, index, column) {
            _ if is_title || is_pick => self.on_open.run((row,)),
            0 => self.on_open.run((row,)),
            1 => queue_microtask(move || cells::click(&id, index, column)),
            _ => self.focus_inside(cursor, 0),
        }
    }

    fn into_cell(self, cursor: Cursor) {
        let (id, index) = (self.nav.part(""), self.nav.row_index(cursor.row));
        if cells::count_widgets(&id, index, cursor.column + 1) > 0 {
            self.focus_inside(cursor, 0);
        }
    }

    fn focus_inside(self, cursor: Cursor, widget: usize) {
        let (id, index) = (self.nav.part(""), self.nav.row_index(cursor.row));
        queue_microtask(move || {
            cells::focus(&id, index, cursor.column + 1, Some(widget));
        });
    }

    fn sort(self, column: usize) {
        let idx = column.checked_sub(usize::from(self.select.is_some()));
        let id = idx.and_then(|idx| {
            self.columns.with_untracked(|it| it.get(idx).filter(|it| it.sortable).map(|it| it.id))
        });
        if let Some(id) = id {
            self.on_sort.run((id,));
        }
    }

    fn pick(self, what: Pick) {
        if let Some(select) = self.select {
            select.on_pick.run((what,));
        }
    }

    fn pick_all(self) {
        if let Some(select) = self.select {
            self.pick(if select.all.get_untracked() == Picked::All { Pick::Nothing } else { Pick::All });
        }
    }
}

/// The widths of all columns, as a style says them.
fn tracks(columns: &[GridColumn], has_picks: bool) -> String {
    let mut res = if has_picks { [&PICK_PX.to_string(), "px"].concat() } else { String::new() };
    for it in columns {
        let track = match it.width {
            _ if it.actions => [" ", &ACTIONS_PX.to_string(), "px"].concat(),
            Some(px) => [" ", &px.to_string(), "px"].concat(),
            None => [" minmax(", &it.room.to_string(), "px, ", &it.room.to_string(), "fr)"].concat(),
        };
        res.push_str(&track);
    }
    res
}

/// The width that all columns need at least.
fn width(columns: &[GridColumn], has_picks: bool) -> String {
    [&needed(columns, has_picks).to_string(), "px"].concat()
}

/// The same as a number.
fn needed(columns: &[GridColumn], has_picks: bool) -> u32 {
    let sum: u32 =
        columns.iter().map(|it| it.width.unwrap_or(if it.actions { ACTIONS_PX } else { it.room })).sum();
    sum + if has_picks { PICK_PX } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_take_the_room_that_nobody_gave_away() {
        let wide = GridColumn { width: Some(200), ..GridColumn::new("a", "A") };
        let actions = GridColumn { actions: true, ..GridColumn::new("c", "C") };
        let columns = [wide, GridColumn::new("b", "B"), actions];
        assert_eq!(tracks(&columns, true), "40px 200px minmax(136px, 136fr) 48px");
        assert_eq!((width(&columns, true).as_str(), width(&columns, false).as_str()), ("424px", "384px"));
    }
}
