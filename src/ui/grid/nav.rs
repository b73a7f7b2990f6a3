//! Which cell is the current one, and what is on the screen.

use std::ops::Range;

use leptos::prelude::*;

use super::super::reactive::memo;
use super::axis::Axis;
use super::keys::{Bounds, Cursor};
use super::{Density, GridColumn, GridScroll};
use crate::platform::{cells, clock, task, viewport};

/// Below this width of its own a grid is drawn as cards, in `rem`. The style sheet has the same number.
const CARDS_BELOW: f64 = 48.0;

/// A line of a card, and the room around all of them, in `rem`.
const CARD_LINE: f64 = 1.875;
const CARD_ROOM: f64 = 1.5;

/// So many frames at most a place is waited for that shall be scrolled to.
const FRAMES: usize = 30;

/// The state of a grid, whatever its rows are.
#[derive(Clone, Copy)]
pub(super) struct Nav {
    /// The id of the table; its parts have ids that begin with it.
    pub(super) id: StoredValue<String>,
    /// The current cell: the one stop of the Tab key.
    pub(super) cursor: RwSignal<Cursor>,
    /// What the row of the current cell is known by.
    pub(super) current: StoredValue<Option<String>>,
    /// The focus is in the grid.
    pub(super) within: RwSignal<bool>,
    /// The focus is to go to the current cell, or into it, once that is drawn.
    pub(super) wanted: StoredValue<Option<Option<usize>>>,
    pub(super) scroll: RwSignal<f64>,
    pub(super) axis: Memo<Axis>,
    pub(super) is_virtual: Signal<bool>,
    pub(super) offset: Signal<u64>,
    /// The grid is too narrow for columns.
    pub(super) narrow: RwSignal<bool>,
    view: RwSignal<f64>,
    rem: RwSignal<f64>,
}

impl Nav {
    pub(super) fn new(
        columns: Signal<Vec<GridColumn>>,
        count: Signal<usize>,
        offset: Signal<u64>,
        is_virtual: Signal<bool>,
        density: Signal<Density>,
    ) -> Self {
        let (narrow, view, rem) = (RwSignal::new(false), RwSignal::new(0.0), RwSignal::new(viewport::rem()));
        let axis = memo(move |_| {
            let lines = columns.with(|it| u32::try_from(it.len()).map_or(0.0, f64::from));
            let height = match narrow.get() && is_virtual.get() {
                true => CARD_ROOM + CARD_LINE * lines,
                false => density.get().row_rem(),
            };
            Axis { count: count.get(), row: (height * rem.get()).round(), view: view.get() }
        });
        Self {
            id: StoredValue::new(super::super::id::unique("grid")),
            cursor: RwSignal::new(Cursor { row: None, column: 0 }),
            current: StoredValue::new(None),
            within: RwSignal::new(false),
            wanted: StoredValue::new(None),
            scroll: RwSignal::new(0.0),
            axis,
            is_virtual,
            offset,
            narrow,
            view,
            rem,
        }
    }

    /// The id of a part.
    pub(super) fn part(self, name: &str) -> String {
        self.id.with_value(|it| [it, name].concat())
    }

    /// The id of the row that a slot draws.
    pub(super) fn slot_id(self, slot: usize) -> String {
        self.part(&["-row-", &slot.to_string()].concat())
    }

    /// Looks how much room there is.
    pub(super) fn measure(self) {
        let rem = viewport::rem();
        let (width, height) = viewport::size(&self.part("-scroll"));
        if width <= 0.0 {
            return;
        }
        let narrow = width < CARDS_BELOW * rem;
        // The head stays in sight, unless it is too narrow for that.
        let head = if narrow { 0.0 } else { viewport::size(&self.part("-head")).1 };
        let view = match self.is_virtual.get_untracked() {
            true => height - head,
            false => viewport::window_height(),
        };
        let set = |signal: RwSignal<f64>, value: f64| {
            if signal.try_get_untracked().is_some_and(|it| it != value) {
                signal.set(value);
            }
        };
        set(self.rem, rem);
        set(self.view, view.max(0.0));
        if self.narrow.try_get_untracked().is_some_and(|it| it != narrow) {
            self.narrow.set(narrow);
        }
    }

    /// Places to draw, those on the screen first; tracks.
    pub(super) fn window(self) -> (usize, Range<usize>) {
        let axis = self.axis.get();
        if !self.is_virtual.get() {
            return (0, 0..axis.count);
        }
        let scroll = self.scroll.get();
        (axis.first(scroll).min(axis.count), axis.window(scroll))
    }

    pub(super) fn bounds(self, columns: usize) -> Bounds {
        let axis = self.axis.get_untracked();
        Bounds { rows: axis.count, columns, page: axis.screenful() }
    }

    /// The `aria-rowindex` of a place; 1 is the head.
    pub(super) fn row_index(self, row: Option<usize>) -> u64 {
        let place = |it: usize| u64::try_from(it).unwrap_or(u64::MAX);
        row.map_or(1, |it| self.offset.get_untracked().saturating_add(place(it)).saturating_add(2))
    }

    /// The cell with these numbers.
    pub(super) fn cursor_of(self, spot: cells::Spot) -> Cursor {
        let row = spot.row.checked_sub(2).and_then(|it| it.checked_sub(self.offset.get_untracked()));
        Cursor { row: row.and_then(|it| usize::try_from(it).ok()), column: spot.column.saturating_sub(1) }
    }

    /// Makes a cell the current one, and moves the focus there once it is drawn.
    pub(super) fn go(self, to: Cursor) {
        if let Some(row) = to.row.filter(|_| self.is_virtual.get_untracked())
            && let Some(top) = self.axis.get_untracked().reach(row, self.scroll.get_untracked())
        {
            self.scroll_to(top);
        }
        self.wanted.set_value(Some(None));
        self.cursor.set(to);
        // What is drawn already takes the focus as soon as the handler that asked has ended.
        queue_microtask(move || self.settle());
    }

    /// Whether the focus waits for the current cell to be drawn.
    pub(super) fn is_bound_for_cell(self) -> bool {
        self.wanted.get_value() == Some(None)
    }

    pub(super) fn scroll_to(self, top: f64) {
        viewport::set_scroll_top(&self.part("-scroll"), top);
        self.scroll.set(viewport::scroll_top(&self.part("-scroll")));
    }

    /// Scrolls where the caller wants, once there are rows that far.
    pub(super) fn follow(self, it: GridScroll) {
        let axis = self.axis.get();
        if let Some(to) = it.to.get()
            && axis.view > 0.0
            && axis.count > to
            && self.is_virtual.get()
        {
            it.to.set(None);
            let top = axis.scroll_for(to).min(axis.height() - axis.view);
            // Whoever asked is looked at again meanwhile; this goes on.
            task::spawn_detached(async move {
                // The new height of the list comes to the page in its own time; before that it scrolls less far.
                for _ in 0..FRAMES {
                    if self.scroll.try_get_untracked().is_none() {
                        return;
                    }
                    self.scroll_to(top);
                    if self.scroll.get_untracked() + 1.0 >= top {
                        return;
                    }
                    clock::next_frame().await;
                }
            });
        }
    }

    /// Puts the stop of the Tab key on the current cell, and the focus where it is wanted.
    pub(super) fn settle(self) {
        let Some(cursor) = self.cursor.try_get_untracked() else { return };
        let (row, column) = (self.row_index(cursor.row), cursor.column + 1);
        let Some(wanted) = self.id.try_with_value(|id| {
            cells::set_stop(id, row, column);
            self.wanted.try_get_value().flatten().map(|it| cells::focus(id, row, column, it))
        }) else {
            return;
        };
        if wanted == Some(true) {
            self.wanted.try_set_value(None);
        }
    }
}
