//! Finding one's way among the rows and cells of a grid, by what each tells assistive technology: a row its
//! `aria-rowindex`, a cell its `aria-colindex`.

use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, NodeList};

/// Cells of a grid.
const CELL: &str = "[aria-colindex]";

/// What a cell may hold that takes the focus.
const WIDGETS: &str = "button, a[href], input, select, [role='separator']";

/// What stands over a grid and has keys of its own, although it is inside.
const OVER: &str = "[popover], dialog";

/// Where an event happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Its row, from 1, which is the head.
    pub row: u64,
    /// Its column, from 1.
    pub column: usize,
    /// On the cell itself, and not on a button inside.
    pub on_cell: bool,
    /// On a box to tick.
    pub on_box: bool,
}

/// The cell that an event happened in; `None` outside the cells, and in a menu or dialog over them.
#[must_use]
pub fn spot(ev: &Event) -> Option<Spot> {
    let target: Element = ev.target()?.dyn_into().ok()?;
    if target.closest(OVER).ok()?.is_some() {
        return None;
    }
    let cell = target.closest(CELL).ok()??;
    let row = cell.closest("[aria-rowindex]").ok()??;
    let number = |of: &Element, name: &str| of.get_attribute(name)?.parse::<u64>().ok();
    Some(Spot {
        row: number(&row, "aria-rowindex")?,
        column: usize::try_from(number(&cell, "aria-colindex")?).ok()?,
        on_cell: cell == target,
        on_box: target.dyn_ref::<HtmlInputElement>().is_some_and(|it| it.type_() == "checkbox"),
    })
}

/// The width of the cell that an event happened in, in pixels.
#[must_use]
pub fn width(ev: &Event) -> Option<u32> {
    let cell = ev.target()?.dyn_into::<Element>().ok()?.closest(CELL).ok()??;
    u32::try_from(cell.dyn_into::<HtmlElement>().ok()?.offset_width()).ok()
}

/// Ticks the box that an event happened to, or unticks it: the browser has done so by itself, but maybe otherwise.
pub fn set_box(ev: &Event, on: bool) {
    if let Some(it) = ev.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok()) {
        it.set_checked(on);
    }
}

/// Moves the focus to a cell, or to so manieth of the things inside that take it. Whether there was one. Not from
/// inside an event handler.
pub fn focus(grid: &str, row: u64, column: usize, widget: Option<usize>) -> bool {
    let Some(cell) = cell(grid, row, column) else { return false };
    let inside = widget.and_then(|idx| element_at(widgets(&cell)?, idx));
    let target = inside.or_else(|| cell.dyn_into().ok());
    target.is_some_and(|it: HtmlElement| it.focus().is_ok())
}

/// How many things inside a cell take the focus.
#[must_use]
pub fn count_widgets(grid: &str, row: u64, column: usize) -> usize {
    let found = cell(grid, row, column).and_then(|it| widgets(&it));
    found.and_then(|it| usize::try_from(it.length()).ok()).unwrap_or_default()
}

/// Clicks on the first thing inside a cell that takes a click.
pub fn click(grid: &str, row: u64, column: usize) {
    let first = cell(grid, row, column).and_then(|it| element_at(widgets(&it)?, 0));
    if let Some(first) = first {
        first.click();
    }
}

/// Makes one cell the stop of the Tab key, and all others none.
pub fn set_stop(grid: &str, row: u64, column: usize) {
    let Some(root) = by_id(grid) else { return };
    let next = cell(grid, row, column);
    let set = |it: &Element, value: &str| it.set_attribute("tabindex", value).unwrap_or_default();
    if let Ok(found) = root.query_selector_all("[aria-colindex][tabindex='0']") {
        let found = (0..found.length()).filter_map(|it| found.item(it));
        for it in found.filter_map(|it| it.dyn_into::<Element>().ok()) {
            if next.as_ref() != Some(&it) {
                set(&it, "-1");
            }
        }
    }
    if let Some(next) = next {
        set(&next, "0");
    }
}

/// Whether the focus is in a grid: then on which of the things inside its cell, if on one.
#[must_use]
pub fn focused(grid: &str) -> Option<Option<usize>> {
    let active = document()?.active_element()?;
    let cell = active.closest(CELL).ok()??;
    cell.closest(&["#", grid].concat()).ok()??;
    let widgets = widgets(&cell);
    Some(
        widgets
            .and_then(|all| (0..all.length()).find(|it| all.item(*it).as_ref() == Some(&*active)))
            .and_then(|it| usize::try_from(it).ok()),
    )
}

/// Whether nothing has the focus.
#[must_use]
pub fn is_focus_lost() -> bool {
    document().is_some_and(|it| it.active_element().is_none_or(|it| it.tag_name() == "BODY"))
}

/// Whether the page is written from right to left.
#[must_use]
pub fn is_rtl() -> bool {
    let root = document().and_then(|it| it.document_element());
    root.and_then(|it| it.get_attribute("dir")).is_some_and(|it| it == "rtl")
}

fn cell(grid: &str, row: u64, column: usize) -> Option<Element> {
    let (row, column) = (row.to_string(), column.to_string());
    let cell = ["[aria-rowindex='", &row, "'] > [aria-colindex='", &column, "']"].concat();
    by_id(grid)?.query_selector(&cell).ok()?
}

fn widgets(cell: &Element) -> Option<NodeList> {
    let not_over: Vec<String> =
        WIDGETS.split(", ").map(|it| [it, ":not([popover] *, dialog *)"].concat()).collect();
    cell.query_selector_all(&not_over.join(", ")).ok()
}

fn element_at(found: NodeList, idx: usize) -> Option<HtmlElement> {
    found.item(u32::try_from(idx).ok()?)?.dyn_into().ok()
}

fn by_id(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

fn document() -> Option<web_sys::Document> {
    super::window()?.document()
}
