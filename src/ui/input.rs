//! Fields with one line or block of text. The value is text; what it must be is checked by the form.

use leptos::html;
use leptos::prelude::*;

use super::field::{Field, FieldIds};
use super::{Icon, IconButton};
use crate::i18n::t;

/// What the one-line fields share; the components below fill it in.
struct Line {
    ids: FieldIds,
    label: String,
    hint: String,
    required: bool,
    optional: bool,
    error: Signal<Option<String>>,
    value: RwSignal<String>,
    kind: Signal<&'static str>,
    inputmode: Option<&'static str>,
    autocomplete: String,
    class: &'static str,
    disabled: Signal<bool>,
    autofocus: bool,
    placeholder: MaybeProp<String>,
    after: AnyView,
}

fn line(options: Line) -> AnyView {
    let Line { ids, label, hint, required, optional, error, value, kind, .. } = options;
    let described_by = ids.described_by(!hint.is_empty(), error);
    let control = ids.control.clone();
    view! {
        <Field ids label hint required optional error>
            <div class="field-row">
                <input
                    class=options.class
                    id=control
                    type=move || kind.get()
                    inputmode=options.inputmode
                    autocomplete=options.autocomplete
                    autocapitalize="off"
                    spellcheck="false"
                    autofocus=options.autofocus
                    placeholder=move || options.placeholder.get()
                    aria-required=required.then_some("true")
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=described_by
                    disabled=move || options.disabled.get()
                    bind:value=value
                />
                {options.after}
            </div>
        </Field>
    }
    .into_any()
}

/// One line of text.
#[component]
pub fn TextField(
    /// What the field is called.
    #[prop(into)]
    label: String,
    /// Its text.
    value: RwSignal<String>,
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
    /// Gets the focus when the dialog around it opens.
    #[prop(optional)]
    autofocus: bool,
    /// The browser's autofill token, such as `username`; `off` unless set.
    #[prop(optional, into)]
    autocomplete: Option<String>,
    /// Shows the value in the fixed-width face: tokens, ids, queries.
    #[prop(optional)]
    code: bool,
    /// What a blank stands for, shown in its place.
    #[prop(optional, into)]
    placeholder: MaybeProp<String>,
) -> impl IntoView {
    line(Line {
        ids: FieldIds::new(id),
        label,
        hint,
        required,
        optional,
        error,
        value,
        kind: Signal::stored("text"),
        inputmode: None,
        autocomplete: autocomplete.unwrap_or_else(|| "off".to_owned()),
        class: if code { "input input-code" } else { "input" },
        disabled,
        autofocus,
        placeholder,
        after: ().into_any(),
    })
}

/// A password, with a button that shows it. It hides itself again when the field leaves the page.
#[component]
pub fn PasswordField(
    /// What the field is called.
    #[prop(into)]
    label: String,
    /// Its text. Clear it as soon as it was used.
    value: RwSignal<String>,
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
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Gets the focus when the dialog around it opens.
    #[prop(optional)]
    autofocus: bool,
    /// The browser's autofill token; `current-password` unless set.
    #[prop(optional, into)]
    autocomplete: Option<String>,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let name = label.clone();
    let toggle_name = Signal::derive(move || match shown.get() {
        true => t::ui_hide_what(&name),
        false => t::ui_reveal_what(&name),
    });
    let toggle_icon = Signal::derive(move || if shown.get() { Icon::EyeOff } else { Icon::Eye });
    let after = view! { <IconButton name=toggle_name icon=toggle_icon on_click=move || shown.update(|it| *it = !*it) /> };
    line(Line {
        ids: FieldIds::new(id),
        label,
        hint,
        required,
        optional: false,
        error,
        value,
        kind: Signal::derive(move || if shown.get() { "text" } else { "password" }),
        inputmode: None,
        autocomplete: autocomplete.unwrap_or_else(|| "current-password".to_owned()),
        class: "input",
        disabled,
        autofocus,
        placeholder: MaybeProp::default(),
        after: after.into_any(),
    })
}

/// A whole number, kept as the text that was typed, so that a wrong one can be shown and explained.
#[component]
pub fn NumberField(
    /// What the field is called.
    #[prop(into)]
    label: String,
    /// Its text.
    value: RwSignal<String>,
    /// Help that is always visible; say the range here.
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
    /// What a blank stands for, shown in its place.
    #[prop(optional, into)]
    placeholder: MaybeProp<String>,
) -> impl IntoView {
    line(Line {
        ids: FieldIds::new(id),
        label,
        hint,
        required,
        optional,
        error,
        value,
        kind: Signal::stored("text"),
        inputmode: Some("numeric"),
        autocomplete: "off".to_owned(),
        class: "input input-short input-number",
        disabled,
        autofocus: false,
        placeholder,
        after: ().into_any(),
    })
}

/// A day, `YYYY-MM-DD` or empty, through the browser's own date control.
#[component]
pub fn DateField(
    /// What the field is called.
    #[prop(into)]
    label: String,
    /// Its text: `YYYY-MM-DD`, or empty. With a time, `YYYY-MM-DDThh:mm`.
    value: RwSignal<String>,
    /// The first day offered, `YYYY-MM-DD`. The form still checks: a typed day may be earlier.
    #[prop(optional, into)]
    min: Option<String>,
    /// Asks for a moment, not a day. The control knows no zone: say it in the hint.
    #[prop(optional)]
    time: bool,
    /// Help that is always visible; say the zone here.
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
            <input
                class="input input-short"
                type=if time { "datetime-local" } else { "date" }
                id=control
                min=min
                step=time.then_some("any")
                aria-required=required.then_some("true")
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described_by
                disabled=move || disabled.get()
                bind:value=value
            />
        </Field>
    }
    .into_any()
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// What the field is called.
    #[prop(into)]
    label: String,
    /// Its text.
    value: RwSignal<String>,
    /// Lines shown at first; it can be pulled larger.
    #[prop(default = 3)]
    rows: u32,
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
    /// Shows the value in the fixed-width face.
    #[prop(optional)]
    code: bool,
    /// The element, for a caller that sets the caret.
    #[prop(optional)]
    node_ref: NodeRef<html::Textarea>,
) -> impl IntoView {
    let ids = FieldIds::new(id);
    let described_by = ids.described_by(!hint.is_empty(), error);
    let control = ids.control.clone();
    view! {
        <Field ids label hint required optional error>
            <textarea
                class=if code { "input input-code" } else { "input" }
                id=control
                rows=rows
                autocomplete="off"
                spellcheck="false"
                aria-required=required.then_some("true")
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described_by
                disabled=move || disabled.get()
                node_ref=node_ref
                bind:value=value
            ></textarea>
        </Field>
    }
    .into_any()
}
