//! The text of the query, as it is typed.

mod place;

use leptos::ev::{Event, KeyboardEvent};
use leptos::prelude::*;

use self::place::{bytes, unit_of};
use super::history::Focus;
use super::model::Model;
use crate::platform::{dom, listen};
use crate::ui::{Field, FieldIds};

/// The id of the field.
pub(super) const ID: &str = "query";

/// The field that holds the text.
#[component]
pub(super) fn QueryText(
    model: Model,
    /// What it is called.
    label: &'static str,
    /// The ids of what describes it.
    described_by: &'static str,
    /// The text has an error that is shown.
    #[prop(into)]
    invalid: Signal<bool>,
    /// The text shall be run.
    on_enter: UnsyncCallback<()>,
) -> impl IntoView {
    let on_input = move |ev: Event| {
        let text = event_target_value(&ev);
        let caret = caret(&text);
        model.typed(text, caret);
    };
    // Fires for keys, clicks and drags alike, and for what other parts of the page select.
    listen::document("selectionchange", move |_| {
        let Some(text) = model.text.try_get_untracked().filter(|_| dom::has_focus(ID)) else { return };
        model.moved(caret(&text));
    })
    .until_cleanup();
    let on_keydown = move |ev: KeyboardEvent| {
        if ev.is_composing() {
            return;
        }
        let is_command = (ev.ctrl_key() || ev.meta_key()) && !ev.alt_key();
        let at = || Focus::Text(caret(&model.text_now()));
        match (&*ev.key().to_lowercase(), is_command) {
            ("enter", false) if !ev.shift_key() && !ev.alt_key() => on_enter.run(()),
            ("z", true) if ev.shift_key() => model.redo(at()),
            ("z", true) => model.undo(at()),
            ("y", true) => model.redo(at()),
            _ => return,
        }
        ev.prevent_default();
    };
    // The caret goes where a change of the text sends it, once the field shows that text.
    Effect::new(move |_| {
        let Some(Focus::Text(at)) = model.take_wish(|it| matches!(it, Focus::Text(_))) else { return };
        request_animation_frame(move || {
            let Some(text) = model.text.try_get_untracked() else { return };
            dom::select_by_id(ID, unit_of(&text, at.start), unit_of(&text, at.end));
        });
    });
    view! {
        <div class="query-text">
            <Field ids=FieldIds::new(Some(ID.to_owned())) label>
                <textarea
                    class="input input-code"
                    id=ID
                    rows="1"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    enterkeyhint="search"
                    aria-describedby=described_by
                    aria-invalid=move || invalid.get().then_some("true")
                    prop:value=move || model.text()
                    on:input=on_input
                    on:keydown=on_keydown
                ></textarea>
            </Field>
        </div>
    }
    .into_any()
}

/// The selection in the field, which shows `text`; the end of the text where there is none.
fn caret(text: &str) -> std::ops::Range<usize> {
    match dom::selection_by_id(ID) {
        Some(units) => bytes(text, units),
        None => text.len()..text.len(),
    }
}
