//! One cell a field of a key, drawn by what the manifest says the field holds.

use leptos::prelude::*;

use super::reveal::Revealed;
use crate::domain::{FieldId, Key, Standing, Timestamp, Value};
use crate::features::key_cells::{lines, meter, muted, reference, state, sub};
use crate::features::key_text;
use crate::i18n::t;
use crate::platform::intl;
use crate::systems::{FieldKind, FieldSpec};
use crate::ui::SecretField;

/// What every cell of a row needs.
pub(super) struct CellContext<'a> {
    pub(super) key: &'a Key,
    /// What the key is called, for the names of buttons.
    pub(super) title: &'a str,
    pub(super) standing: Standing,
    pub(super) revealed: Revealed,
    pub(super) now: Timestamp,
}

/// What stands in a cell.
pub(super) fn cell(spec: &FieldSpec, ctx: &CellContext<'_>) -> AnyView {
    let key = ctx.key;
    match spec.kind {
        FieldKind::State => return state(&ctx.standing),
        FieldKind::Secret => return secret(ctx),
        FieldKind::Usage => return usage(spec, ctx),
        FieldKind::Id => return view! { <code class="cell-id">{key.id.0.clone()}</code> }.into_any(),
        _ => {}
    }
    let Some(value) = key.fields.get(spec.id) else { return muted(key_text::not_told_text(spec)) };
    match (spec.kind, value) {
        _ if spec.id == FieldId::EXPIRES => {
            let (absolute, relative) = key_text::expires_text(key.expires(), ctx.now);
            lines(absolute, relative, true)
        }
        (FieldKind::Codes(_), Value::Codes(codes)) => chips(codes.clone()),
        (FieldKind::Refs, Value::Refs(refs)) => {
            chips(refs.iter().map(|it| it.name.clone().unwrap_or_else(|| it.id.clone())).collect())
        }
        (_, Value::Ref(one)) => reference(one),
        (_, Value::Moment(at)) => moment(*at, ctx.now),
        (_, Value::Day(day)) => {
            let relative = ctx.now.date().map(|today| intl::relative_days(day.days_since(today)));
            lines(intl::date(*day), relative.unwrap_or_default(), true)
        }
        (_, value) => view! { <span class="cell-text">{key_text::value_text(spec, value)}</span> }.into_any(),
    }
}

/// The value, masked, where the system tells it.
fn secret(ctx: &CellContext<'_>) -> AnyView {
    let Some(value) = ctx.key.value.clone() else { return muted(t::key_not_told()) };
    let revealed = ctx.revealed;
    let (id, toggled) = (ctx.key.id.clone(), ctx.key.id.clone());
    view! {
        <SecretField
            what=t::list_key_of(ctx.title)
            masked=value.masked()
            revealed=Signal::derive(move || revealed.shows(&id))
            on_toggle=move || revealed.toggle(&toggled)
            value=UnsyncCallback::new(move |()| value.expose().to_owned())
        />
    }
    .into_any()
}

/// Use against the limit, as a bar where there is a limit.
fn usage(spec: &FieldSpec, ctx: &CellContext<'_>) -> AnyView {
    let Some(used) = ctx.key.used() else { return muted(key_text::not_told_text(spec)) };
    meter(used, ctx.key.limit(), ctx.title)
}

/// The day, with the moment behind it, and how long ago.
fn moment(at: Timestamp, now: Timestamp) -> AnyView {
    let (absolute, relative) = key_text::moment_text(Some(at), now);
    let day = key_text::day_text(at);
    view! {
        <span class="cell-nowrap" title=absolute>{day}</span>
        " "
        {sub(relative)}
    }
    .into_any()
}

fn chips(codes: Vec<String>) -> AnyView {
    if codes.is_empty() {
        return muted(t::list_none());
    }
    let chips: Vec<AnyView> =
        codes.into_iter().map(|it| view! { <li class="code-chip">{it}</li> }.into_any()).collect();
    view! { <ul class="codes">{chips}</ul> }.into_any()
}
