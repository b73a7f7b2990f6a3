//! The fields on the screen.

use leptos::prelude::*;

use super::controls::{control, note};
use super::{KeyForm, TitleCheck};
use crate::domain::FieldId;
use crate::i18n::t;
use crate::systems::{FieldKind, FieldSpec};
use crate::ui::{Banner, Tone, memo};

/// The settings of a key in the manifest's order, with a summary of what is wrong above them and warnings where
/// they belong. Pushes are not among them: see [`Pushes`].
#[component]
pub fn KeyFields(
    /// What stands in the fields.
    form: KeyForm,
    /// What comparing the title showed; it is said where there is a title.
    #[prop(into)]
    title_check: Signal<TitleCheck>,
) -> impl IntoView {
    let is_setting = |it: &&FieldSpec| !matches!(it.kind, FieldKind::Push);
    let specs: Vec<&'static FieldSpec> =
        form.manifest().form(untrack(|| form.is_editing())).filter(is_setting).collect();
    let first = specs.first().map(|it| it.id);
    let draw = |spec: &'static FieldSpec| {
        let first = first == Some(spec.id);
        match spec.id {
            FieldId::TITLE => title_field(form, spec, title_check, first),
            _ => where_it_applies(form, spec, first),
        }
    };
    // Short fields that stand next to each other share a line.
    let rows: Vec<AnyView> = specs
        .chunk_by(|a, b| is_short(a) && is_short(b))
        .map(|run| {
            let drawn: Vec<AnyView> = run.iter().map(|it| draw(it)).collect();
            match run.first().is_some_and(|it| is_short(it)) {
                true => view! { <div class="form-columns">{drawn}</div> }.into_any(),
                false => drawn.into_any(),
            }
        })
        .collect();
    view! {
        <div class="form">
            {move || summary(form, form.errors())}
            {rows}
        </div>
    }
    .into_any()
}

/// What is pushed along with a change, one box each: an effect at once, and no setting.
#[component]
pub fn Pushes(
    /// What stands in the fields.
    form: KeyForm,
) -> impl IntoView {
    let editing = untrack(|| form.is_editing());
    let is_push = |it: &&FieldSpec| matches!(it.kind, FieldKind::Push);
    let boxes: Vec<AnyView> =
        form.manifest().form(editing).filter(is_push).map(|it| where_it_applies(form, it, false)).collect();
    boxes.into_any()
}

fn is_short(spec: &FieldSpec) -> bool {
    matches!(spec.kind, FieldKind::Limit { .. } | FieldKind::Number { .. })
}

/// A field, while it makes sense beside what else was chosen.
fn where_it_applies(form: KeyForm, spec: &'static FieldSpec, first: bool) -> AnyView {
    if spec.applies.is_none() {
        return control(form, spec, first);
    }
    let applies = memo(move |_| form.applies(spec));
    let drawn = move || applies.get().then(|| control(form, spec, first));
    view! { {drawn} }.into_any()
}

/// What is wrong, all of it, each with a button that leads to its field. An anchor would change the address.
fn summary(form: KeyForm, errors: Vec<(FieldId, String)>) -> AnyView {
    if errors.is_empty() {
        return ().into_any();
    }
    let title = t::form_errors(u64::try_from(errors.len()).unwrap_or(u64::MAX));
    let line = |(field, text): (FieldId, String)| {
        let text = [form.manifest().label(field), ": ", &text].concat();
        view! {
            <li>
                <button type="button" class="link-button" on:click=move |_| form.focus_field(field)>{text}</button>
            </li>
        }
        .into_any()
    };
    let lines: Vec<AnyView> = errors.into_iter().map(line).collect();
    view! { <Banner tone=Tone::Danger title><ul class="plain-list">{lines}</ul></Banner> }.into_any()
}

fn title_field(form: KeyForm, spec: &'static FieldSpec, check: Signal<TitleCheck>, first: bool) -> AnyView {
    let check = memo(move |_| check.get());
    let said = move || match check.get() {
        TitleCheck::Nothing => ().into_any(),
        TitleCheck::Blank => note(form.is_dirty(), t::form_title_blank().to_owned()),
        TitleCheck::Used(text) => note(true, text),
        TitleCheck::Free(text) => note(false, text),
        TitleCheck::NotCompared => note(false, t::form_title_not_compared().to_owned()),
    };
    view! {
        <div class="form-part">
            {where_it_applies(form, spec, first)}
            <div role="status">{said}</div>
        </div>
    }
    .into_any()
}
