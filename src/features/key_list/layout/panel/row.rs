//! One column of the dialog.

use leptos::ev::{Event, KeyboardEvent, PointerEvent};
use leptos::prelude::*;

use super::columns::Columns;
use crate::domain::FieldId;
use crate::features::key_list::layout::{Column, MAX_WIDTH, MIN_WIDTH, STEP};
use crate::i18n::t;
use crate::platform::dom;
use crate::ui::{Icon, effect, icon, memo};

/// The id of a control in a row. It goes by the row's place, as the row does.
fn control(place: usize, what: &str) -> String {
    ["column-", &place.to_string(), "-", what].concat()
}

/// The row of a column.
pub(super) fn row(columns: Columns, field: FieldId, place: usize, count: Memo<usize>) -> AnyView {
    let layout = columns.panel.layout;
    let name = columns.name(field);
    // Untracked: a row that is drawn anew would lose the focus.
    let is_free = untrack(|| layout.with(|it| it.is_free(field)));
    let column = move || layout.with(|it| it.columns.iter().find(|it| it.field == field).copied());
    let shown = move || column().is_some_and(|it| it.shown);
    let toggle = move |ev: Event| {
        let shown = event_target_checked(&ev);
        layout.change(|it| it.show(field, shown));
    };
    let note = (!is_free).then(|| view! { <span class="muted">{t::layout_always()}</span> });
    let moves = is_free.then(|| {
        let first = Signal::derive(move || place <= 1);
        let last = Signal::derive(move || place + 1 >= count.get());
        view! {
            {step_button(columns, field, place, true, first)}
            {step_button(columns, field, place, false, last)}
        }
    });
    let is_held = move || columns.held.get() == Some(field);
    view! {
        <li
            class="layout-row"
            class:layout-held=is_held
            data-column=field.0
            on:keydown=move |ev| on_keydown(columns, field, place, &ev)
        >
            {match is_free {
                true => grip(columns, field),
                false => view! { <span class="layout-grip" aria-hidden="true"></span> }.into_any(),
            }}
            <label class="layout-name">
                <input
                    type="checkbox"
                    class="choice-box"
                    id=control(place, "shown")
                    disabled=!is_free
                    prop:checked=shown
                    on:change=toggle
                />
                <span>{name}</span>
            </label>
            {note}
            <span class="layout-tools">
                {width(columns, field, place, column)}
                <span class="layout-moves">{moves}</span>
            </span>
        </li>
    }
    .into_any()
}

fn width(
    columns: Columns,
    field: FieldId,
    place: usize,
    column: impl Fn() -> Option<Column> + Send + Sync + 'static,
) -> AnyView {
    let layout = columns.panel.layout;
    let kept = memo(move |_| column().and_then(|it| it.width).map(|it| it.to_string()).unwrap_or_default());
    let text = RwSignal::new(kept.get_untracked());
    effect(move |_| text.set(kept.get()));
    let on_change = move |_| {
        // What is no number is no width of its own.
        let width = text.with_untracked(|it| it.trim().parse::<f64>().ok()).map(|it| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it is clamped later"
            )]
            let width = it.round() as u32;
            width
        });
        layout.change(|it| it.set_width(field, width));
        // What was typed may have become another number, or the one that stood there before.
        text.set(kept.get_untracked());
    };
    view! {
        <input
            type="number"
            class="input input-short input-number layout-width"
            id=control(place, "width")
            aria-label=t::layout_width(columns.name(field))
            placeholder=t::layout_width_auto()
            min=MIN_WIDTH
            max=MAX_WIDTH
            step=STEP
            bind:value=text
            on:change=on_change
        />
    }
    .into_any()
}

/// At an end it keeps the focus and does nothing.
fn step_button(columns: Columns, field: FieldId, place: usize, up: bool, at_end: Signal<bool>) -> AnyView {
    let name = columns.name(field);
    let (label, drawn) = match up {
        true => (t::layout_up(name), Icon::SortUp),
        false => (t::layout_down(name), Icon::SortDown),
    };
    view! {
        <button
            class="icon-button"
            type="button"
            id=control(place, what(up))
            aria-label=label.clone()
            title=label
            aria-disabled=move || at_end.get().then_some("true")
            on:click=move |_| step(columns, field, up, what(up))
        >
            {icon(drawn)}
        </button>
    }
    .into_any()
}

fn what(up: bool) -> &'static str {
    if up { "up" } else { "down" }
}

/// Moves a column, and the focus with it.
fn step(columns: Columns, field: FieldId, up: bool, focused: &'static str) {
    let Some(place) = columns.step(field, up) else { return };
    request_animation_frame(move || {
        dom::focus_by_id(&control(place, focused));
    });
}

fn on_keydown(columns: Columns, field: FieldId, place: usize, ev: &KeyboardEvent) {
    let up = match ev.key().as_str() {
        "ArrowUp" => true,
        "ArrowDown" => false,
        _ => return,
    };
    if !ev.alt_key() {
        return;
    }
    ev.prevent_default();
    let focused = ["shown", "width", "up", "down"].into_iter().find(|it| dom::has_focus(&control(place, it)));
    step(columns, field, up, focused.unwrap_or("shown"));
}

/// For a pointer alone: whoever has none uses the buttons or the keys.
fn grip(columns: Columns, field: FieldId) -> AnyView {
    let take = move |ev: PointerEvent| {
        ev.prevent_default();
        columns.held.set(Some(field));
    };
    view! { <span class="layout-grip" aria-hidden="true" on:pointerdown=take>{icon(Icon::Grip)}</span> }
        .into_any()
}
