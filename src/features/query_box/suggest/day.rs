use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use crate::i18n::t;

/// The id of the field for the day.
pub(super) const ID: &str = "query-day";

/// The id of its button.
pub(super) const USE: &str = "query-day-use";

/// Picks a day with what the browser has for it. Enter takes the day, Escape goes back to the text.
#[component]
pub(super) fn DayForm(
    /// The day that was picked: `2026-12-31`.
    #[prop(into)]
    on_take: UnsyncCallback<(String,)>,
    /// No day was picked.
    #[prop(into)]
    on_back: UnsyncCallback<()>,
) -> impl IntoView {
    let day = RwSignal::new(String::new());
    let take = move || {
        let picked = day.get_untracked();
        if !picked.is_empty() {
            on_take.run((picked,));
        }
    };
    let on_keydown = move |ev: KeyboardEvent| {
        match &*ev.key() {
            "Enter" => take(),
            "Escape" => on_back.run(()),
            _ => return,
        }
        ev.prevent_default();
        ev.stop_propagation();
    };
    view! {
        <div class="query-day" on:keydown=on_keydown>
            <label for=ID>{t::query_suggest_day_label()}</label>
            <input class="input" id=ID type="date" bind:value=day />
            <button class="button" id=USE type="button" on:click=move |_| take()>
                <span class="button-text">{t::query_suggest_day_use()}</span>
            </button>
        </div>
    }
    .into_any()
}
