//! The key was changed by somebody else since it was read: both versions, and how to go on.

use leptos::prelude::*;

use crate::domain::{FieldId, Key};
use crate::features::key_form::same_part;
use crate::features::key_text;
use crate::features::outcome_view::{compare_row, compare_table, outcome_frame};
use crate::i18n::t;
use crate::systems::{Draft, FieldKind, FieldSpec, Input, Manifest};
use crate::ui::{Banner, Tone};

/// The fields that differ, as they were read, as they are now, and as they are in the form.
pub(super) fn body(
    manifest: &'static Manifest,
    read: &Key,
    now: &Key,
    fields: &[FieldId],
    mine: &Draft,
) -> AnyView {
    let start = Draft::of(manifest, read).tidied(manifest);
    let rows = fields.iter().map(|field| {
        let yours = match same_part(mine, &start, *field) {
            true => t::moved_not_edited().to_owned(),
            false => manifest.field(*field).map(|it| draft_text(it, mine)).unwrap_or_default(),
        };
        let text = |key: &Key| key_text::field_text(manifest, key, *field);
        let cells = [text(read), text(now), yours];
        compare_row(manifest.label(*field), cells.into_iter().map(IntoAny::into_any).collect())
    });
    let rows: Vec<AnyView> = rows.collect();
    let heads = [t::moved_read(), t::moved_now(), t::moved_yours()];
    outcome_frame(
        view! {
            <Banner tone=Tone::Warning title=t::moved_title()>{t::moved_text()}</Banner>
            {compare_table(t::moved_caption(), t::write_field(), &heads, rows)}
        }
        .into_any(),
    )
}

/// A field of a draft, in words.
fn draft_text(spec: &FieldSpec, draft: &Draft) -> String {
    match (draft.get(spec.id), spec.kind) {
        (None, FieldKind::Flag) => t::key_no().to_owned(),
        (None, _) => key_text::blank_text(spec).to_owned(),
        (Some(Input::Flag(_)), _) => t::key_yes().to_owned(),
        (Some(Input::Text(code)), FieldKind::Choice(choices)) => key_text::choice_text(choices, code),
        (Some(Input::Text(text)), _) => text.clone(),
        (Some(Input::List(items)), FieldKind::Codes(codes)) => {
            items.iter().map(|it| key_text::code_text(codes, it)).collect::<Vec<_>>().join(", ")
        }
        (Some(Input::List(items)), _) => items.join(", "),
    }
}
