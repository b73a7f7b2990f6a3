//! The key was changed by somebody else since it was read: both versions, and how to go on.

use leptos::prelude::*;

use crate::domain::{Field, Key, KeyDraft};
use crate::features::key_form::same_part;
use crate::features::key_text;
use crate::features::outcome_view::{compare_row, compare_table, outcome_frame};
use crate::i18n::t;
use crate::ui::{Banner, Tone};

/// The fields that differ, as they were read, as they are now, and as they are in the form.
pub(super) fn body(read: &Key, now: &Key, fields: &[Field], mine: &KeyDraft) -> AnyView {
    let start = KeyDraft::of(read);
    let rows = fields.iter().map(|field| {
        let yours = match same_part(mine, &start, *field) {
            true => t::moved_not_edited().to_owned(),
            false => draft_text(mine, *field),
        };
        let cells = [key_text::field_text(read, *field), key_text::field_text(now, *field), yours];
        compare_row(key_text::field_label(*field), cells.into_iter().map(IntoAny::into_any).collect())
    });
    let rows: Vec<AnyView> = rows.collect();
    let heads = [t::moved_read(), t::moved_now(), t::moved_yours()];
    outcome_frame(
        view! {
            <Banner tone=Tone::Warning title=t::moved_title()>{t::moved_text()}</Banner>
            {compare_table(t::moved_caption(), &heads, rows)}
        }
        .into_any(),
    )
}

/// A field of a draft, in words.
fn draft_text(draft: &KeyDraft, field: Field) -> String {
    let or =
        |text: &str, blank: &'static str| if text.is_empty() { blank.to_owned() } else { text.to_owned() };
    match field {
        Field::Title => or(&draft.title, t::key_no_title()),
        Field::Network => or(&draft.network, t::key_none()),
        Field::Expires => or(&draft.expires, t::key_never()),
        Field::Limit => or(&draft.limit, t::key_unlimited()),
        Field::Licences => key_text::licences_text(&draft.licences),
        Field::Tags => or(&draft.tags.join(", "), t::key_none()),
        Field::Disabled | Field::Used | Field::ApplyToExisting => t::moved_not_edited().to_owned(),
    }
}
