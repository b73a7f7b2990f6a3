//! The list of saved queries.

use leptos::prelude::*;

use super::row::Row;
use crate::features::saved_queries::SavedQueries;
use crate::i18n::t;
use crate::ui::memo;

/// The id of the list's heading, where the focus goes when a row is gone.
pub(super) const HEADING: &str = "saved-list-title";

/// The saved queries in the reader's order.
#[component]
pub(super) fn Rows(saved: SavedQueries) -> impl IntoView {
    let count = memo(move |_| saved.set().queries.len());
    // The query whose name is being changed.
    let renaming = RwSignal::new(None::<String>);
    // Rows belong to their place, as in the list of keys: a row is drawn anew where it shows something else.
    let slot = move |place: usize| {
        let shown = memo(move |_| {
            let set = saved.set();
            let query = set.queries.get(place)?.clone();
            let is_default = set.default.as_deref() == Some(&query.id);
            let is_renamed = renaming.with(|it| it.as_deref() == Some(&query.id));
            Some((query, is_default, is_renamed))
        });
        move || {
            shown.get().map(|(query, is_default, is_renamed)| {
                view! { <Row saved query place count is_default is_renamed renaming /> }
            })
        }
    };
    // Drawn anew only where the list comes or goes: rows that follow rows stay.
    let is_any = memo(move |_| count.get() > 0);
    let list = move || match is_any.get() {
        false => view! { <p class="muted">{t::saved_none()}</p> }.into_any(),
        true => view! {
            <ol class="plain-list saved-list" aria-labelledby=HEADING>
                <For each=move || 0..count.get() key=|it| *it children=slot />
            </ol>
            <p class="field-hint">{t::saved_order_hint()}</p>
        }
        .into_any(),
    };
    view! {
        <section class="saved-part" aria-labelledby=HEADING>
            <h3 id=HEADING tabindex="-1">{t::saved_list_title()}</h3>
            {list}
        </section>
    }
    .into_any()
}
