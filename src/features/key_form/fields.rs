//! The fields on the screen.

use leptos::prelude::*;

use super::state::{field_id, focus_field};
use super::{KeyForm, TitleCheck, parse_codes};
use crate::domain::{Date, Field};
use crate::features::key_text;
use crate::i18n::t;
use crate::platform::intl;
use crate::systems::qualys_gateway::licences;
use crate::ui::{
    Banner, Button, ButtonKind, CheckGroup, Choice, DateField, Icon, NumberField, TagInput, TextField, Tone,
    icon,
};

/// Expiries offered by one click, in days from today.
const PRESETS: [i64; 3] = [30, 90, 365];

/// The six settings of a key, with a summary of what is wrong above them and warnings where they belong.
#[component]
pub fn KeyFields(
    /// What stands in the fields.
    form: KeyForm,
    /// What comparing the title showed.
    #[prop(into)]
    title_check: Signal<TitleCheck>,
) -> impl IntoView {
    view! {
        <div class="form">
            {move || summary(form.errors())}
            {title_field(form, title_check)}
            <div class="form-columns">{limit_field(form)} {network_field(form)}</div>
            {expiry_field(form)}
            {licence_fields(form)}
            <TagInput
                label=t::key_field_tags()
                ids=form.tags
                draft=form.tag_draft
                hint=t::form_tags_hint()
                error=form.error(Field::Tags)
                id=field_id(Field::Tags)
            />
        </div>
    }
    .into_any()
}

/// What is wrong, all of it, each with a button that leads to its field. An anchor would change the address.
fn summary(errors: Vec<(Field, String)>) -> AnyView {
    if errors.is_empty() {
        return ().into_any();
    }
    let title = t::form_errors(u64::try_from(errors.len()).unwrap_or(u64::MAX));
    let line = |(field, text): (Field, String)| {
        let text = [key_text::field_label(field), ": ", &text].concat();
        view! {
            <li>
                <button type="button" class="link-button" on:click=move |_| focus_field(field)>{text}</button>
            </li>
        }
    };
    let lines = errors.into_iter().map(line).collect_view();
    view! { <Banner tone=Tone::Danger title><ul class="plain-list">{lines}</ul></Banner> }.into_any()
}

fn title_field(form: KeyForm, check: Signal<TitleCheck>) -> AnyView {
    let check = Memo::new(move |_| check.get());
    let said = move || match check.get() {
        TitleCheck::Nothing => ().into_any(),
        TitleCheck::Blank => note(form.is_dirty(), t::form_title_blank().to_owned()),
        TitleCheck::Used(text) => note(true, text),
        TitleCheck::Free(text) => note(false, text),
        TitleCheck::NotCompared => note(false, t::form_title_not_compared().to_owned()),
    };
    view! {
        <div class="form-part">
            <TextField
                label=t::key_field_title()
                value=form.title
                error=form.error(Field::Title)
                id=field_id(Field::Title)
                autofocus=true
            />
            <div role="status">{said}</div>
        </div>
    }
    .into_any()
}

fn limit_field(form: KeyForm) -> AnyView {
    view! {
        <NumberField
            label=t::key_field_limit()
            value=form.limit
            hint=t::form_limit_hint(&intl::number(1), &intl::number(1_000_000))
            error=form.error(Field::Limit)
            id=field_id(Field::Limit)
        />
    }
    .into_any()
}

fn network_field(form: KeyForm) -> AnyView {
    view! {
        <NumberField
            label=t::key_field_network()
            value=form.network
            hint=t::form_network_hint()
            error=form.error(Field::Network)
            id=field_id(Field::Network)
        />
    }
    .into_any()
}

fn expiry_field(form: KeyForm) -> AnyView {
    let today = key_text::today();
    let preset = move |days: i64| {
        let day = Date::from_day_number(today.day_number() + days);
        let text = day.map(|it| it.to_string()).unwrap_or_default();
        let words = t::form_expiry_preset(&days.to_string());
        let label = t::form_expiry_preset_name(&days.to_string());
        view! { <Button kind=ButtonKind::Quiet label on_click=move || form.expires.set(text.clone())>{words}</Button> }
    };
    let relative = move || match Date::parse(form.expires.get().trim()) {
        Some(date) => {
            let (absolute, relative) = key_text::expires_text(Some(date), today);
            note(date < today, t::form_expires_on(&absolute, &relative))
        }
        None => note(false, t::form_expires_never().to_owned()),
    };
    view! {
        <div class="form-part">
            <DateField
                label=t::key_field_expires()
                value=form.expires
                min=today.to_string()
                hint=t::form_expires_hint()
                error=form.error(Field::Expires)
                id=field_id(Field::Expires)
            />
            <div class="button-row" role="group" aria-label=t::form_expiry_presets()>
                {PRESETS.map(preset).collect_view()}
                <Button
                    kind=ButtonKind::Quiet
                    label=t::form_expiry_clear_name().to_owned()
                    on_click=move || form.expires.set(String::new())
                >
                    {t::form_expiry_clear()}
                </Button>
            </div>
            <div role="status">{relative}</div>
        </div>
    }
    .into_any()
}

fn licence_fields(form: KeyForm) -> AnyView {
    let choice = |it: licences::Licence| Choice::new(it.code, key_text::licence_text(it.code));
    let chosen = move || {
        let mut codes = form.licences.get();
        codes.extend(form.other_licences.with(|it| parse_codes(it)));
        codes
    };
    let warnings = move || {
        let lines = licences::warnings(&chosen()).into_iter().map(|it| note(true, it.to_owned()));
        lines.collect_view()
    };
    view! {
        <div class="form-part">
            <CheckGroup
                label=t::key_field_licences()
                values=form.licences
                options=licences::LICENCES.map(choice).to_vec()
                error=form.error(Field::Licences)
                id=field_id(Field::Licences)
            />
            <TextField
                label=t::form_other_licences()
                value=form.other_licences
                hint=t::form_other_licences_hint()
                code=true
            />
            <div role="status">{warnings}</div>
        </div>
    }
    .into_any()
}

/// A line below a field: a warning, which never stops anything, or something worth knowing.
fn note(warns: bool, text: String) -> AnyView {
    let (tone, drawn) =
        if warns { (Tone::Warning, icon(Icon::Warning)) } else { (Tone::Neutral, ().into_any()) };
    view! { <p class="form-note" data-tone=tone.name()>{drawn} <span>{text}</span></p> }.into_any()
}
