//! Saved queries to a file and from one.

use leptos::prelude::*;

use crate::features::saved_queries::SavedQueries;
use crate::features::saved_queries::file::{LARGEST, export};
use crate::i18n::t;
use crate::platform::{download, task, upload};
use crate::ui::{Button, Icon, Tone, memo};

/// Exports all queries, and takes in those of a file.
#[component]
pub(super) fn Transfer(saved: SavedQueries) -> impl IntoView {
    let is_any = memo(move |_| !saved.set().queries.is_empty());
    let save = move || {
        let name = ["latchkey-queries-", saved.system, ".json"].concat();
        let text = export(saved.system, &saved.set_now());
        match download::text(&name, "application/json", &text) {
            Ok(()) => saved.say(Tone::Success, t::saved_exported(&name), Vec::new()),
            Err(download::Refused) => {
                saved.say(Tone::Danger, t::saved_export_refused().to_owned(), Vec::new())
            }
        }
    };
    let take = move |event| {
        let Some(given) = upload::chosen(&event) else { return };
        task::spawn(async move {
            match given.text(LARGEST).await {
                Ok(text) => saved.import(&text),
                Err(upload::Unreadable) => {
                    let why = vec![t::import_unreadable().to_owned()];
                    saved.say(Tone::Danger, t::saved_import_refused().to_owned(), why);
                }
            }
        });
    };
    view! {
        <section class="saved-part" aria-labelledby="saved-file-title">
            <h3 id="saved-file-title">{t::saved_file_title()}</h3>
            <div class="saved-form">
                <Button icon=Icon::Download disabled=Signal::derive(move || !is_any.get()) on_click=save>
                    {t::saved_export()}
                </Button>
                <label class="saved-import">
                    <span>{t::saved_import()}</span>
                    <input type="file" accept=".json,application/json" on:change=take />
                </label>
            </div>
            <p class="field-hint">{t::saved_file_hint()}</p>
        </section>
    }
    .into_any()
}
