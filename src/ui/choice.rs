//! Fields that offer a closed set of values.

use leptos::prelude::*;

use super::field::{Field, FieldIds, error_line, hint_line, mark};

/// One value of a closed set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What the form keeps.
    pub value: String,
    /// What the person reads.
    pub label: String,
    /// One sentence below the label; empty for none.
    pub description: String,
    /// Shown, but cannot be chosen; the description says why.
    pub disabled: bool,
}

impl Choice {
    /// A choice without a description.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), ..Self::default() }
    }
}

/// A list that drops down.
#[component]
pub fn Select(
    /// What the field is called.
    #[prop(into)]
    label: String,
    /// The value chosen.
    value: RwSignal<String>,
    /// What can be chosen.
    #[prop(into)]
    options: Signal<Vec<Choice>>,
    /// Help that is always visible.
    #[prop(optional, into)]
    hint: String,
    /// Marks it as required.
    #[prop(optional)]
    required: bool,
    /// Marks it as optional.
    #[prop(optional)]
    optional: bool,
    /// What is wrong with the value.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Its id, when an error summary links to it.
    #[prop(optional, into)]
    id: Option<String>,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let ids = FieldIds::new(id);
    let described_by = ids.described_by(!hint.is_empty(), error);
    let control = ids.control.clone();
    view! {
        <Field ids label hint required optional error>
            <select
                class="input select"
                id=control
                aria-required=required.then_some("true")
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described_by
                disabled=move || disabled.get()
                on:change=move |ev| value.set(event_target_value(&ev))
            >
                {move || options.get().into_iter().map(|it| option(it, value)).collect_view()}
            </select>
        </Field>
    }
    .into_any()
}

/// `selected` on the option, not `value` on the list: it holds whichever of the two changes first.
fn option(choice: Choice, value: RwSignal<String>) -> AnyView {
    let Choice { value: own, label, disabled, .. } = choice;
    let key = own.clone();
    let selected = move || value.with(|it| *it == key);
    view! {
        <option value=own prop:selected=selected disabled=disabled>
            {label}
        </option>
    }
    .into_any()
}

/// One box to tick.
#[component]
pub fn Checkbox(
    /// What it says.
    #[prop(into)]
    label: String,
    /// Whether it is ticked.
    checked: RwSignal<bool>,
    /// A sentence below.
    #[prop(optional, into)]
    hint: String,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Its id.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let FieldIds { control, hint: hint_id, .. } = FieldIds::new(id);
    let described_by = (!hint.is_empty()).then(|| hint_id.clone());
    view! {
        <div class="choice">
            <input
                class="choice-box"
                type="checkbox"
                id=control.clone()
                aria-describedby=described_by
                disabled=move || disabled.get()
                bind:checked=checked
            />
            <div class="choice-text">
                <label class="choice-label" for=control>{label}</label>
                {hint_line(hint_id, hint)}
            </div>
        </div>
    }
    .into_any()
}

/// One of several, all visible.
#[component]
pub fn RadioGroup(
    /// What the group is called.
    #[prop(into)]
    label: String,
    /// The value chosen.
    value: RwSignal<String>,
    /// What can be chosen.
    options: Vec<Choice>,
    /// Help that is always visible.
    #[prop(optional, into)]
    hint: String,
    /// Marks it as required.
    #[prop(optional)]
    required: bool,
    /// What is wrong with the value.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Its id, when an error summary links to it.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let ids = FieldIds::new(id);
    let name = ids.control.clone();
    let rows = options
        .into_iter()
        .map(|choice| {
            let (own, key) = (choice.value.clone(), choice.value.clone());
            let is_on = move || value.with(|it| *it == key);
            choice_row(choice, "radio", Some(name.clone()), is_on, move |_| value.set(own.clone()))
        })
        .collect_view()
        .into_any();
    group(Group { ids, label, hint, required, optional: false, error, is_radio: true }, rows)
}

/// Any number of several, all visible, each with a sentence that explains it.
#[component]
pub fn CheckGroup(
    /// What the group is called.
    #[prop(into)]
    label: String,
    /// The values chosen, in the order of `options`.
    values: RwSignal<Vec<String>>,
    /// What can be chosen.
    options: Vec<Choice>,
    /// Help that is always visible.
    #[prop(optional, into)]
    hint: String,
    /// Marks it as required.
    #[prop(optional)]
    required: bool,
    /// Marks it as optional.
    #[prop(optional)]
    optional: bool,
    /// What is wrong with the values.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Its id, when an error summary links to it.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let ids = FieldIds::new(id);
    let order: Vec<String> = options.iter().map(|it| it.value.clone()).collect();
    let order = StoredValue::new(order);
    let rows = options
        .into_iter()
        .map(|choice| {
            let (own, key) = (choice.value.clone(), choice.value.clone());
            let is_on = move || values.with(|it| it.contains(&key));
            let toggle = move |on: bool| {
                values.update(|chosen| {
                    chosen.retain(|it| *it != own);
                    if on {
                        chosen.push(own.clone());
                    }
                    order.with_value(|order| chosen.sort_by_key(|it| order.iter().position(|at| at == it)));
                });
            };
            choice_row(choice, "checkbox", None, is_on, toggle)
        })
        .collect_view()
        .into_any();
    group(Group { ids, label, hint, required, optional, error, is_radio: false }, rows)
}

struct Group {
    ids: FieldIds,
    label: String,
    hint: String,
    required: bool,
    optional: bool,
    error: Signal<Option<String>>,
    is_radio: bool,
}

fn group(options: Group, rows: AnyView) -> AnyView {
    let Group { ids, label, hint, required, optional, error, is_radio } = options;
    let described_by = ids.described_by(!hint.is_empty(), error);
    let FieldIds { control, hint: hint_id, error: error_id } = ids;
    view! {
        <fieldset
            class="field group"
            id=control
            tabindex="-1"
            role=is_radio.then_some("radiogroup")
            aria-describedby=described_by
            data-invalid=move || error.with(Option::is_some).then_some("true")
        >
            <legend class="field-label">{label}{mark(required, optional)}</legend>
            {hint_line(hint_id, hint)}
            <div class="choices">{rows}</div>
            {error_line(error_id, error)}
        </fieldset>
    }
    .into_any()
}

fn choice_row(
    choice: Choice,
    kind: &'static str,
    name: Option<String>,
    is_on: impl Fn() -> bool + Send + 'static,
    on_change: impl Fn(bool) + 'static,
) -> AnyView {
    let FieldIds { control, hint, .. } = FieldIds::new(None);
    let described_by = (!choice.description.is_empty()).then(|| hint.clone());
    view! {
        <div class="choice">
            <input
                class="choice-box"
                type=kind
                id=control.clone()
                name=name
                value=choice.value
                disabled=choice.disabled
                aria-describedby=described_by
                prop:checked=is_on
                on:change=move |ev| on_change(event_target_checked(&ev))
            />
            <div class="choice-text">
                <label class="choice-label" for=control>{choice.label}</label>
                {hint_line(hint, choice.description)}
            </div>
        </div>
    }
    .into_any()
}
