//! The first step: a file, chosen, let fall or pasted.

use leptos::prelude::*;

use super::state::Import;
use super::work::{take_file, take_text};
use crate::i18n::t;
use crate::platform::upload;
use crate::ui::{Button, TextArea};

/// Where the file comes from.
pub(super) fn source(import: &Import) -> AnyView {
    let (dropped, chosen, pasted) = (import.clone(), import.clone(), import.clone());
    let text = import.pasted;
    let busy = Signal::derive({
        let import = import.clone();
        move || import.is_busy()
    });
    view! {
        <div
            class="import-drop"
            on:dragover=|event| event.prevent_default()
            on:drop=move |event| take_file(&dropped, upload::dropped(&event))
        >
            <p>{t::import_keys_intro()}</p>
            <label class="import-file">
                <span class="field-label">{t::import_keys_file()}</span>
                <input
                    type="file"
                    accept=".csv,.tsv,.txt,.json,.xlsx,text/csv,application/json"
                    on:change=move |event| take_file(&chosen, upload::chosen(&event))
                />
            </label>
            <p class="field-hint">{t::import_keys_drop()}</p>
        </div>
        <TextArea label=t::import_keys_paste() value=text hint=t::import_keys_paste_hint() rows=5 code=true />
        <div class="button-row">
            <Button pending=busy on_click=move || take_text(&pasted)>{t::import_keys_take()}</Button>
        </div>
    }
    .into_any()
}
