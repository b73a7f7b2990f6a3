//! The edge of a column's head, which makes the column wider or narrower: dragged, or by the keys.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;

use super::super::reactive::memo;
use super::GridColumn;
use crate::i18n::t;
use crate::platform::{cells, dom};

/// How columns may change their widths.
#[derive(Clone, Copy)]
pub struct GridResize {
    /// The narrowest, in pixels.
    pub min: u32,
    /// The widest, in pixels.
    pub max: u32,
    /// How far a key goes, in pixels.
    pub step: u32,
    /// The reader gave a column a width, or took its own away.
    pub on_resize: UnsyncCallback<(&'static str, Option<u32>)>,
}

/// A column whose edge is held by the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// The column.
    pub(super) id: &'static str,
    /// Its width now.
    pub(super) width: u32,
    /// Its width when the pointer went down.
    start: u32,
    /// Where that was.
    x: i32,
}

/// What the edges of all columns share.
#[derive(Clone, Copy)]
pub(super) struct Edges {
    pub(super) resize: Option<GridResize>,
    pub(super) held: RwSignal<Option<Held>>,
    /// The columns with their widths.
    pub(super) columns: Signal<Vec<GridColumn>>,
}

impl Edges {
    pub(super) fn new(resize: Option<GridResize>, columns: Signal<Vec<GridColumn>>) -> Self {
        Self { resize, held: RwSignal::new(None), columns }
    }

    /// The columns as they are drawn: one whose edge is held has the width that it would get.
    pub(super) fn drawn(self) -> Signal<Vec<GridColumn>> {
        let Self { held, columns, .. } = self;
        Signal::derive(move || {
            let mut res = columns.get();
            if let Some(held) = held.get()
                && let Some(column) = res.iter_mut().find(|it| it.id == held.id)
            {
                column.width = Some(held.width);
            }
            res
        })
    }
}

/// The edge at the end of a column's head.
pub(super) fn edge(edges: Edges, id: &'static str, label: &str) -> AnyView {
    let Some(resize) = edges.resize else { return ().into_any() };
    let drawn = edges.drawn();
    let width = memo(move |_| {
        let of = |it: &GridColumn| (it.width, it.room);
        drawn.with(|it| it.iter().find(|it| it.id == id).map_or((None, 0), of))
    });
    let held = edges.held;
    let on_down = move |ev: PointerEvent| {
        ev.prevent_default();
        let Some(start) = cells::width(&ev) else { return };
        dom::capture_pointer(&ev);
        held.set(Some(Held { id, width: start, start, x: ev.client_x() }));
    };
    let on_move = move |ev: PointerEvent| {
        held.update(|it| {
            if let Some(it) = it {
                let way = ev.client_x() - it.x;
                it.width = after(it.start, if cells::is_rtl() { -way } else { way }, resize);
            }
        });
    };
    let on_up = move |_| {
        if let Some(it) = held.get_untracked().filter(|it| it.width != it.start) {
            resize.on_resize.run((id, Some(it.width)));
        }
        held.set(None);
    };
    view! {
        <span
            class="grid-edge"
            class:grid-edge-held=move || held.get().is_some_and(|it| it.id == id)
            role="separator"
            aria-orientation="vertical"
            aria-label=t::grid_width(label)
            aria-valuemin=resize.min
            aria-valuemax=resize.max
            aria-valuenow=move || { let (width, room) = width.get(); width.unwrap_or(room) }
            aria-valuetext=move || match width.get().0 {
                Some(px) => t::grid_width_px(&px.to_string()),
                None => t::grid_width_auto().to_owned(),
            }
            title=t::grid_width_hint()
            tabindex="-1"
            // The head would sort.
            on:click=|ev| ev.stop_propagation()
            on:dblclick=move |_| resize.on_resize.run((id, None))
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=on_up
            on:pointercancel=move |_| held.set(None)
            on:keydown=move |ev| on_keydown(id, resize, &ev)
        ></span>
    }
    .into_any()
}

fn on_keydown(id: &'static str, resize: GridResize, ev: &KeyboardEvent) {
    let Some(now) = cells::width(ev) else { return };
    let far = if ev.shift_key() { 4 } else { 1 };
    let step = i32::try_from(resize.step * far).unwrap_or_default();
    let way = if cells::is_rtl() { -step } else { step };
    let next = match &*ev.key() {
        "ArrowLeft" => Some(after(now, -way, resize)),
        "ArrowRight" => Some(after(now, way, resize)),
        "Home" => Some(resize.min),
        "End" => Some(resize.max),
        "Delete" | "Backspace" => None,
        _ => return,
    };
    // The arrows are not the grid's here.
    ev.prevent_default();
    ev.stop_propagation();
    resize.on_resize.run((id, next));
}

/// A width after it was pulled so far.
fn after(width: u32, way: i32, resize: GridResize) -> u32 {
    width.saturating_add_signed(way).clamp(resize.min, resize.max.max(resize.min))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_pulled_between_its_bounds() {
        let on_resize = UnsyncCallback::new(|_| ());
        let resize = GridResize { min: 64, max: 960, step: 16, on_resize };
        assert_eq!((after(100, 16, resize), after(100, -16, resize)), (116, 84));
        assert_eq!((after(100, -400, resize), after(900, 400, resize)), (64, 960));
    }
}
