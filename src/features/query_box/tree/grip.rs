//! The handle of a row or a group, which moves it: dragged by a pointer, or walked by the arrow keys.

use std::ops::Range;

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use qql::{Edit, ItemId, ItemKind, Join, Outline, Parse};

use super::group::{Kind, Node};
use super::path::{Path, Side, drop_place, find, number, path_of, place_of, read_number};
use super::{Builder, Part};
use crate::i18n::t;
use crate::platform::dom;

/// CSS pixels that a pointer goes before it drags, so that a click is none.
const SLACK: i32 = 4;

/// What the pointer holds.
#[derive(Clone, PartialEq)]
pub(super) struct Drag {
    from: Path,
    /// Where the pointer went down.
    start: (i32, i32),
    /// It has left that place.
    is_moving: bool,
    /// Where the item would go.
    to: Option<(Path, Side)>,
}

/// What the keys hold.
#[derive(Clone, PartialEq)]
pub(super) struct Grab {
    range: Range<usize>,
    /// How often it was moved, which is what putting it back undoes.
    steps: usize,
}

/// The next place upwards.
pub(super) fn up(outline: &Outline, parse: &Parse, id: ItemId) -> Option<Edit> {
    let (group, at) = outline.place_before(id)?;
    outline.move_to(parse, id, group, at)
}

/// The next place downwards.
pub(super) fn down(outline: &Outline, parse: &Parse, id: ItemId) -> Option<Edit> {
    let (group, at) = outline.place_after(id)?;
    outline.move_to(parse, id, group, at)
}

/// One place up or down, into and out of groups, and says where the item is then.
pub(super) fn step(node: Node, is_up: bool, part: Part) {
    let builder = node.builder;
    let act = if is_up { up } else { down };
    let Some(range) = builder.change(&builder.meant(node.path()), part, &act) else {
        return builder.say(t::query_cannot_move().to_owned());
    };
    say_place(builder, &range);
    builder.grab.update(|it| {
        if let Some(grab) = it {
            *grab = Grab { range, steps: grab.steps + 1 };
        }
    });
}

/// "Moved into group 2, any of: position 2 of 3."
fn say_place(builder: Builder, range: &Range<usize>) {
    let Some(drawn) = builder.now() else { return };
    let outline = &drawn.outline;
    let place = outline.at(range).and_then(|it| place_of(outline, it));
    let Some((group, at)) = place else { return };
    let Some(item) = outline.item(group) else { return };
    let own = number(&path_of(outline, group));
    let name = match (&item.kind, own.is_empty()) {
        (_, true) => t::query_place_root().to_owned(),
        (ItemKind::Nested { field, .. }, _) => t::query_place_nested(&own, &field.text),
        (ItemKind::Group { join: Some(Join::Or), .. }, _) => t::query_place_any(&own),
        _ => t::query_place_all(&own),
    };
    builder.say(t::query_moved(&name, &(at + 1).to_string(), &item.children.len().to_string()));
}

/// How the line of the item is marked while something is dragged over it.
pub(super) fn mark(node: Node) -> Option<&'static str> {
    node.builder.drag.with(|it| {
        let drag = it.as_ref().filter(|it| it.is_moving)?;
        let path = node.path();
        if drag.from == path {
            return Some("held");
        }
        let (to, side) = drag.to.as_ref()?;
        (*to == path).then_some(match side {
            Side::Before => "before",
            Side::After => "after",
            Side::First => "first",
            Side::End => "end",
        })
    })
}

/// The handle.
pub(super) fn grip(node: Node) -> AnyView {
    let builder = node.builder;
    let name = move || match node.shown.get().map(|it| it.kind) {
        Some(Kind::Clause(_)) => t::query_move_clause(&node.number()),
        Some(Kind::Opaque) | None => t::query_move_part(&node.number()),
        Some(_) => t::query_move_group(&node.number()),
    };
    let is_held = move || is_grabbed(node);
    let on_click = move |_| {
        // The end of a drag is a click, too.
        if builder.drag.with_untracked(|it| it.as_ref().is_some_and(|it| it.is_moving)) {
            builder.drag.set(None);
        } else {
            toggle(node);
        }
    };
    view! {
        <button
            class="tree-grip"
            type="button"
            id=node.id(Part::Grip)
            aria-label=name
            title=t::query_move_hint()
            aria-pressed=move || if is_held() { "true" } else { "false" }
            on:pointerdown=move |ev| on_down(node, &ev)
            on:pointermove=move |ev| on_move(node, &ev)
            on:pointerup=move |_| on_up(node)
            on:pointercancel=move |_| builder.drag.set(None)
            on:click=on_click
            on:keydown=move |ev| on_keydown(node, &ev)
            on:focusout=move |_| on_leave(builder)
        >
            {crate::ui::icon(crate::ui::Icon::Grip)}
        </button>
    }
    .into_any()
}

fn is_grabbed(node: Node) -> bool {
    let Some(grab) = node.builder.grab.get() else { return false };
    let drawn = node.builder.model.drawn().get();
    drawn.is_some_and(|it| super::path::range_at(&it.outline, &node.path()) == grab.range)
}

fn toggle(node: Node) {
    let builder = node.builder;
    if is_grabbed_now(node) {
        builder.grab.set(None);
        return builder.say(t::query_dropped().to_owned());
    }
    let Some(drawn) = builder.now() else { return };
    let range = super::path::range_at(&drawn.outline, &node.path());
    builder.grab.set(Some(Grab { range, steps: 0 }));
    builder.say(t::query_grabbed().to_owned());
}

fn is_grabbed_now(node: Node) -> bool {
    untrack(|| is_grabbed(node))
}

fn on_keydown(node: Node, ev: &KeyboardEvent) {
    let builder = node.builder;
    let is_held = is_grabbed_now(node);
    let is_dragging = builder.drag.with_untracked(Option::is_some);
    match &*ev.key() {
        "ArrowUp" if ev.alt_key() || is_held => step(node, true, Part::Grip),
        "ArrowDown" if ev.alt_key() || is_held => step(node, false, Part::Grip),
        " " | "Enter" => toggle(node),
        "Escape" if is_dragging => builder.drag.set(None),
        "Escape" if is_held => put_back(builder),
        _ => return,
    }
    // The page neither scrolls, nor closes what is around the builder, nor takes it for a click.
    ev.prevent_default();
    ev.stop_propagation();
}

fn put_back(builder: Builder) {
    let Some(grab) = builder.grab.try_update(Option::take).flatten() else { return };
    for _ in 0..grab.steps {
        builder.undo();
    }
    builder.say(t::query_put_back().to_owned());
}

/// What the keys hold is let go when the focus goes elsewhere; not when it follows the item to its new row.
fn on_leave(builder: Builder) {
    request_animation_frame(move || {
        let on_grip = dom::focused_id().is_some_and(|it| it.ends_with("_grip"));
        let is_due = builder.due.try_get_value().flatten().is_some();
        if !on_grip && !is_due {
            builder.grab.try_set(None);
        }
    });
}

fn on_down(node: Node, ev: &PointerEvent) {
    if ev.button() != 0 {
        return;
    }
    dom::capture_pointer(ev);
    let start = (ev.client_x(), ev.client_y());
    let drag = Drag { from: node.path(), start, is_moving: false, to: None };
    node.builder.drag.set(Some(drag));
}

fn on_move(node: Node, ev: &PointerEvent) {
    let builder = node.builder;
    let Some(drag) = builder.drag.get_untracked() else { return };
    let at = (ev.client_x(), ev.client_y());
    let is_moving =
        drag.is_moving || (at.0 - drag.start.0).abs() > SLACK || (at.1 - drag.start.1).abs() > SLACK;
    if !is_moving {
        return;
    }
    let to = target(builder, &drag.from, at);
    let new = Drag { is_moving, to, ..drag.clone() };
    if new != drag {
        builder.drag.set(Some(new));
    }
}

/// The place under the pointer, where the item can go there.
fn target(builder: Builder, from: &[usize], (x, y): (i32, i32)) -> Option<(Path, Side)> {
    let drawn = builder.now()?;
    let (path, side) = match dom::hit(x, y, "data-place") {
        Some((place, down)) => {
            let path = read_number(&place)?;
            let is_group = find(&drawn.outline, &path)
                .and_then(|it| drawn.item(it))
                .is_some_and(|it| !matches!(it.kind, ItemKind::Clause(_) | ItemKind::Opaque));
            match (down, is_group) {
                (false, _) => (path, Side::Before),
                (true, true) => (path, Side::First),
                (true, false) => (path, Side::After),
            }
        }
        None => (read_number(&dom::hit(x, y, "data-place-end")?.0)?, Side::End),
    };
    let id = find(&drawn.outline, from)?;
    let (group, at) = drop_place(&drawn.outline, from, &path, side)?;
    drawn.outline.move_to(&drawn.known.parse, id, group, at)?;
    Some((path, side))
}

fn on_up(node: Node) {
    let builder = node.builder;
    let Some(drag) = builder.drag.get_untracked() else { return };
    if !drag.is_moving {
        return builder.drag.set(None);
    }
    // The click that follows ends it, or the next frame does where none follows.
    request_animation_frame(move || {
        builder.drag.try_set(None);
    });
    let Some((path, side)) = drag.to else { return };
    let moved = builder.change(&drag.from, Part::Grip, &|outline, parse, id| {
        let (group, at) = drop_place(outline, &drag.from, &path, side)?;
        outline.move_to(parse, id, group, at)
    });
    if let Some(range) = moved {
        say_place(builder, &range);
    }
}
