//! The field: a text area as high as its text, over a mirror that holds the colours and the underlines.

mod pieces;
mod place;

use leptos::ev::{Event, KeyboardEvent};
use leptos::prelude::*;

use self::pieces::{Piece, is_plain, pieces};
use self::place::{bytes, unit_of};
use super::faults::{self, Faults};
use super::history::Focus;
use super::model::Model;
use super::suggest::{LIST, Suggest};
use crate::i18n::t;
use crate::platform::{dom, listen};
use crate::ui::{effect, memo};

/// The id of the field.
pub(super) const ID: &str = "query";

/// The id of what says how to use it.
pub(super) const HINT: &str = "query-hint";

/// The id of what the text asks for in plain words.
pub(super) const SENTENCE: &str = "query-sentence";

/// The field that holds the text.
#[component]
pub(super) fn QueryText(
    model: Model,
    faults: Faults,
    suggest: Suggest,
    /// The text shall be run.
    on_enter: UnsyncCallback<()>,
) -> impl IntoView {
    let on_input = move |ev: Event| {
        let text = event_target_value(&ev);
        let caret = caret(&text);
        model.typed(text, caret);
        suggest.typed();
    };
    // Fires for keys, clicks and drags alike, and for what other parts of the page select.
    listen::document("selectionchange", move |_| {
        let Some(text) = model.text.try_get_untracked().filter(|_| dom::has_focus(ID)) else { return };
        model.moved(caret(&text));
    })
    .until_cleanup();
    let on_keydown = move |ev: KeyboardEvent| {
        if !ev.is_composing() && (suggest.key(&ev) || key(&ev, model, faults, on_enter)) {
            ev.prevent_default();
        }
    };
    // The caret goes where a change of the text sends it, once the field shows that text.
    effect(move |_| {
        let Some(Focus::Text(at)) = model.take_wish(|it| matches!(it, Focus::Text(_))) else { return };
        request_animation_frame(move || {
            let Some(text) = model.text.try_get_untracked() else { return };
            dom::select_by_id(ID, unit_of(&text, at.start), unit_of(&text, at.end));
        });
    });
    let drawn = memo(move |_| {
        let wrong = faults.ranges();
        model.known().with(|it| pieces(&it.parse, &it.text, &wrong))
    });
    // A very long text stands in the field alone, which then scrolls by itself.
    let plain = memo(move |_| model.known().with(|it| is_plain(&it.text)));
    let described_by = [faults::ID, " ", SENTENCE, " ", HINT].concat();
    view! {
        <label class="visually-hidden" for=ID>{t::query_label()}</label>
        <div class="query-scroll">
            <div class="query-field" class:is-plain=move || plain.get()>
                <div class="query-mirror" aria-hidden="true">
                    {move || drawn.get().into_iter().map(piece_view).collect::<Vec<AnyView>>()}
                    // Gives a line break at the end its line.
                    "\u{200b}"
                </div>
                <textarea
                    class="query-area"
                    id=ID
                    rows="1"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    enterkeyhint="search"
                    aria-autocomplete="list"
                    aria-haspopup="listbox"
                    aria-controls=move || suggest.is_shown().then_some(LIST)
                    aria-activedescendant=move || suggest.active_id()
                    aria-describedby=described_by
                    aria-invalid=move || faults.any().then_some("true")
                    aria-keyshortcuts="F8 Shift+F8 Alt+Enter"
                    prop:value=move || model.text()
                    on:input=on_input
                    on:keydown=on_keydown
                    on:click=move |_| suggest.show()
                ></textarea>
            </div>
        </div>
    }
    .into_any()
}

/// A key that is not for the suggestions; whether it was for the field.
fn key(ev: &KeyboardEvent, model: Model, faults: Faults, on_enter: UnsyncCallback<()>) -> bool {
    let is_command = (ev.ctrl_key() || ev.meta_key()) && !ev.alt_key();
    let at = || Focus::Text(caret(&model.text_now()));
    match (&*ev.key().to_lowercase(), is_command) {
        ("enter", false) if ev.alt_key() => return faults.mend(),
        ("enter", false) if !ev.shift_key() => on_enter.run(()),
        ("f8", false) => faults.walk(!ev.shift_key()),
        ("z", true) if ev.shift_key() => model.redo(at()),
        ("z", true) => model.undo(at()),
        ("y", true) => model.redo(at()),
        _ => return false,
    }
    true
}

fn piece_view(piece: Piece) -> AnyView {
    let Piece { colour, is_wrong, text } = piece;
    view! { <span class=colour.class() class:is-wrong=is_wrong>{text}</span> }.into_any()
}

/// The selection in the field, which shows `text`; the end of the text where there is none.
fn caret(text: &str) -> std::ops::Range<usize> {
    match dom::selection_by_id(ID) {
        Some(units) => bytes(text, units),
        None => text.len()..text.len(),
    }
}
