//! One field of a form, by what it holds.

use leptos::prelude::*;

use super::ends::{days_button, end_said, hours_words, iso_words};
use super::pick::pick_field;
use super::problems::signed;
use super::slot::Slot;
use super::{KeyForm, parse_codes};
use crate::domain::{Key, Timestamp, Value};
use crate::features::key_text;
use crate::i18n::t;
use crate::platform::intl;
use crate::systems::manifest::{self, Codes};
use crate::systems::{FieldKind, FieldSpec, Use};
use crate::ui::{
    Button, ButtonKind, CheckGroup, Checkbox, Choice, DateField, Icon, NumberField, PasswordField, Select,
    TagInput, TextField, Tone, icon,
};

/// What every control is told.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub(super) form: KeyForm,
    pub(super) spec: &'static FieldSpec,
    /// The first of the form: it gets the focus.
    first: bool,
}

impl Part {
    pub(super) fn label(self) -> &'static str {
        (self.spec.label)()
    }

    pub(super) fn id(self) -> String {
        self.form.field_id(self.spec.id)
    }

    pub(super) fn error(self) -> Signal<Option<String>> {
        self.form.error(self.spec.id)
    }

    pub(super) fn required(self) -> bool {
        let editing = untrack(|| self.form.is_editing());
        (if editing { self.spec.edit } else { self.spec.create }) == Use::Required
    }

    /// The manifest's line of help, or what the kind says by itself.
    pub(super) fn hint(self) -> String {
        if let Some(words) = self.spec.hint {
            return words().to_owned();
        }
        let range = |min: &str, max: &str| t::form_range(min, max);
        match self.spec.kind {
            FieldKind::Limit { min, max, .. } => {
                [&range(&intl::number(min), &intl::number(max)), " ", t::form_range_no_limit()].concat()
            }
            FieldKind::Number { min, max } if max < i64::MAX => range(&signed(min), &signed(max)),
            FieldKind::Moment { .. } => t::form_moment_hint().to_owned(),
            FieldKind::Hours { .. } => t::form_hours_hint().to_owned(),
            FieldKind::Duration { .. } => t::form_duration_hint().to_owned(),
            _ => String::new(),
        }
    }

    /// What a blank stands for, after something was picked that brings defaults.
    pub(super) fn placeholder(self) -> MaybeProp<String> {
        let Self { form, spec, .. } = self;
        MaybeProp::derive(move || {
            let value = form.default_of(spec.id)?;
            Some(t::form_default(&key_text::value_text(spec, &value)))
        })
    }
}

/// One field of a form by itself, for a form that is laid out in another way.
#[must_use]
pub fn field_control(form: KeyForm, spec: &'static FieldSpec) -> AnyView {
    control(form, spec, false)
}

/// The control of a field; nothing for a kind that is never entered.
pub(super) fn control(form: KeyForm, spec: &'static FieldSpec, first: bool) -> AnyView {
    let part = Part { form, spec, first };
    let Some(slot) = form.slot(spec.id) else { return ().into_any() };
    match (spec.kind, slot) {
        (FieldKind::Push, Slot::Flag(checked)) => push(part, checked),
        (_, Slot::Flag(checked)) => {
            view! { <Checkbox label=part.label() checked hint=part.hint() id=part.id() /> }.into_any()
        }
        (_, Slot::Codes { codes, ticked, further }) => code_fields(part, codes, ticked, further),
        (_, Slot::Numbers { taken, typed }) => view! {
            <TagInput
                label=part.label()
                ids=taken
                draft=typed
                hint=part.hint()
                error=part.error()
                id=part.id()
            />
        }
        .into_any(),
        (FieldKind::Pick(picker), Slot::Pick { id, shown }) => pick_field(part, picker, id, shown),
        (FieldKind::Limit { .. } | FieldKind::Number { .. }, Slot::Text(value)) => number(part, value),
        (FieldKind::Choice(choices), Slot::Text(value)) => choice(part, choices, value),
        (FieldKind::Secret, Slot::Text(value)) => secret(part, value),
        (FieldKind::Day { presets }, Slot::Text(value)) => day(part, value, presets),
        (FieldKind::Moment { presets, .. }, Slot::Text(value)) => moment(part, value, presets),
        (FieldKind::Hours { presets }, Slot::Text(value)) => {
            let presets = presets.iter().map(|it| (it.to_string(), hours_words(*it)));
            ending(part, value, number(part, value), presets.collect())
        }
        (FieldKind::Duration { presets }, Slot::Text(value)) => {
            let presets = presets.iter().map(|it| ((*it).to_owned(), iso_words(it)));
            ending(part, value, text(part, value, true), presets.collect())
        }
        (_, Slot::Text(value)) => text(part, value, false),
        (_, Slot::Pick { .. }) => ().into_any(),
    }
}

fn text(part: Part, value: RwSignal<String>, code: bool) -> AnyView {
    view! {
        <TextField
            label=part.label()
            value
            hint=part.hint()
            required=part.required()
            error=part.error()
            id=part.id()
            autofocus=part.first
            placeholder=part.placeholder()
            code
        />
    }
    .into_any()
}

fn number(part: Part, value: RwSignal<String>) -> AnyView {
    view! {
        <NumberField
            label=part.label()
            value
            hint=part.hint()
            required=part.required()
            error=part.error()
            id=part.id()
            placeholder=part.placeholder()
        />
    }
    .into_any()
}

/// A value that the administrator gives the key. Dots unless one asks, as the key itself later.
fn secret(part: Part, value: RwSignal<String>) -> AnyView {
    view! {
        <PasswordField
            label=part.label()
            value
            hint=part.hint()
            required=part.required()
            error=part.error()
            id=part.id()
            autocomplete="off"
        />
    }
    .into_any()
}

fn choice(part: Part, choices: &'static [manifest::Choice], value: RwSignal<String>) -> AnyView {
    // What the service said itself may stay, in its own words.
    let own = value.get_untracked();
    let is_foreign = !own.is_empty() && !choices.iter().any(|it| it.code == own);
    let blank = match (part.required(), part.spec.blank_is_default) {
        (_, true) => t::form_service_decides(),
        (true, false) => t::form_choose(),
        (false, false) => t::form_not_chosen(),
    };
    let options: Vec<Choice> = [Choice::new("", blank)]
        .into_iter()
        .chain(choices.iter().map(|it| Choice::new(it.code, (it.label)())))
        .chain(is_foreign.then(|| Choice::new(own.clone(), own)))
        .collect();
    view! {
        <Select
            label=part.label()
            value
            options=Signal::stored(options)
            hint=part.hint()
            required=part.required()
            error=part.error()
            id=part.id()
        />
    }
    .into_any()
}

fn day(part: Part, value: RwSignal<String>, presets: &'static [i64]) -> AnyView {
    let today = key_text::today();
    let fields = view! {
        <DateField
            label=part.label()
            value
            min=today.to_string()
            hint=part.hint()
            required=part.required()
            error=part.error()
            id=part.id()
        />
    };
    let in_days = |days: i64| crate::domain::Date::from_day_number(today.day_number() + days);
    let presets = presets.iter().filter_map(|days| Some((in_days(*days)?.to_string(), days_button(*days))));
    ending(part, value, fields.into_any(), presets.collect())
}

fn moment(part: Part, value: RwSignal<String>, presets: &'static [i64]) -> AnyView {
    let now = key_text::now();
    let fields = view! {
        <DateField
            label=part.label()
            value
            time=true
            hint=part.hint()
            required=part.required()
            error=part.error()
            id=part.id()
        />
    };
    // To the minute: nobody means the seconds of now.
    let whole = |at: Timestamp| Timestamp(at.0 - at.0.rem_euclid(60_000));
    let text = |days: i64| manifest_moment(whole(now.plus_secs(days * 86_400)));
    let presets = presets.iter().map(|days| (text(*days), days_button(*days)));
    ending(part, value, fields.into_any(), presets.collect())
}

fn manifest_moment(at: Timestamp) -> String {
    crate::systems::draft::moment_input(at)
}

/// A text for the field, with what the button says and its full name.
type Preset = (String, (String, String));

/// A field that says when a key ends: with quick choices, and the end it means.
fn ending(part: Part, value: RwSignal<String>, field: AnyView, presets: Vec<Preset>) -> AnyView {
    let preset = |(text, (words, name)): Preset| {
        let on_click = move || value.set(text.clone());
        view! { <Button kind=ButtonKind::Quiet label=name on_click>{words}</Button> }.into_any()
    };
    let buttons: Vec<AnyView> = presets.into_iter().map(preset).collect();
    let clear = (!part.required()).then(|| {
        let (words, name) = match part.spec.blank_is_default {
            true => (t::form_default_clear(), t::form_default_clear_name()),
            false => (t::form_expiry_clear(), t::form_expiry_clear_name()),
        };
        let on_click = move || value.set(String::new());
        view! { <Button kind=ButtonKind::Quiet label=name.to_owned() on_click>{words}</Button> }
    });
    let row = (!buttons.is_empty()).then(|| {
        view! {
            <div class="button-row" role="group" aria-label=t::form_expiry_presets()>{buttons} {clear}</div>
        }
    });
    let Part { form, spec, .. } = part;
    let required = part.required();
    let most = move || {
        let most = form.most_of(spec.id)?;
        Some(note(false, t::form_maximum(&key_text::value_text(spec, &most))))
    };
    let said = move || {
        let typed = value.get();
        // Where an end has to be given, a blank means nothing yet.
        if required && typed.trim().is_empty() && form.default_of(spec.id).is_none() {
            return None;
        }
        end_said(spec, typed.trim(), form.default_of(spec.id).as_ref()).map(|(warns, text)| note(warns, text))
    };
    view! {
        <div class="form-part">
            {field}
            {row}
            {most}
            <div role="status">{said}</div>
        </div>
    }
    .into_any()
}

fn code_fields(
    part: Part,
    codes: &'static Codes,
    ticked: RwSignal<Vec<String>>,
    further: RwSignal<String>,
) -> AnyView {
    let option = |it: &manifest::Choice| Choice::new(it.code, key_text::code_text(codes, it.code));
    let options: Vec<Choice> = codes.known.iter().map(option).collect();
    let chosen = move || {
        let mut res = ticked.get();
        res.extend(further.with(|it| parse_codes(it)));
        res
    };
    let warnings = move || {
        let lines = (codes.warnings)(&chosen()).into_iter().map(|it| note(true, it.to_owned()));
        lines.collect::<Vec<_>>()
    };
    // A key may have codes that the form does not offer: they stay visible even where none can be added.
    let shows_further = codes.open || further.with_untracked(|it| !it.is_empty());
    let further = shows_further.then(|| {
        view! {
            <TextField label=t::form_other_licences() value=further hint=t::form_other_licences_hint() code=true />
        }
    });
    view! {
        <div class="form-part">
            <CheckGroup
                label=part.label()
                values=ticked
                options
                hint=part.hint()
                required=part.required()
                error=part.error()
                id=part.id()
            />
            {further}
            <div role="status">{warnings}</div>
        </div>
    }
    .into_any()
}

/// Says how many are enrolled: they are what the push is about.
fn push(part: Part, checked: RwSignal<bool>) -> AnyView {
    let used = untrack(|| part.form.current()).as_deref().and_then(Key::used).unwrap_or(0);
    let hint = part.spec.hint.map_or_else(|| t::edit_apply_hint(used), |it| it().to_owned());
    view! { <Checkbox label=t::edit_apply() checked hint id=part.id() /> }.into_any()
}

/// A line below a field: a warning, which never stops anything, or something worth knowing.
pub(super) fn note(warns: bool, text: String) -> AnyView {
    let (tone, drawn) =
        if warns { (Tone::Warning, icon(Icon::Warning)) } else { (Tone::Neutral, ().into_any()) };
    view! { <p class="form-note" data-tone=tone.name()>{drawn} <span>{text}</span></p> }.into_any()
}

/// A default as it would stand in the field.
pub(super) fn as_typed(value: &Value) -> String {
    match value {
        Value::Text(it) => it.clone(),
        Value::Number(it) => it.to_string(),
        Value::Day(it) => it.to_string(),
        Value::Moment(it) => manifest_moment(*it),
        _ => String::new(),
    }
}
