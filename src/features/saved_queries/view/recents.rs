//! The queries that were run last.

use leptos::prelude::*;

use super::row::focus_later;
use super::rows::HEADING;
use super::short;
use crate::features::saved_queries::SavedQueries;
use crate::i18n::t;
use crate::ui::{Button, ButtonKind, Disclosure, memo};

/// Recent queries, each a button that runs it; nothing where there are none.
#[component]
pub(super) fn Recents(saved: SavedQueries) -> impl IntoView {
    let row = move |query: String| {
        let name = t::saved_run_what(&short(&query));
        let line = short(&query);
        let run = move |_| saved.take(query.clone());
        view! {
            <li>
                <button class="saved-recent" type="button" aria-label=name on:click=run>
                    <code class="saved-query">{line}</code>
                </button>
            </li>
        }
        .into_any()
    };
    let forget = move || {
        saved.forget_recent();
        focus_later(HEADING.to_owned());
    };
    let list = move || {
        let recent = memo(move |_| saved.recent());
        let rows = move || recent.get().into_iter().map(row).collect::<Vec<AnyView>>();
        view! {
            <Disclosure summary=t::saved_recent()>
                <ul class="plain-list" aria-label=t::saved_recent()>{rows}</ul>
                <Button kind=ButtonKind::Quiet on_click=forget>{t::saved_recent_forget()}</Button>
            </Disclosure>
        }
    };
    let is_any = memo(move |_| !saved.recent().is_empty());
    (move || is_any.get().then(list)).into_any()
}
