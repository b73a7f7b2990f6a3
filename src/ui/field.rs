//! The frame of every form control: label, mark, hint, error.

use leptos::prelude::*;

use super::{Icon, icon, id};
use crate::i18n::t;

/// The ids that tie a control to its label, hint and error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldIds {
    /// The control itself; also the anchor that an error summary links to.
    pub control: String,
    /// The hint under the label.
    pub hint: String,
    /// The error under the control.
    pub error: String,
}

impl FieldIds {
    /// Takes the caller's id, or makes one.
    pub fn new(id: Option<String>) -> Self {
        let control = id.unwrap_or_else(|| id::unique("field"));
        Self { hint: [&control, "-hint"].concat(), error: [&control, "-error"].concat(), control }
    }

    /// What `aria-describedby` holds: the hint if there is one, and the error while there is one.
    pub fn described_by(
        &self,
        has_hint: bool,
        error: Signal<Option<String>>,
    ) -> impl Fn() -> Option<String> + Send + Sync + use<> {
        let Self { hint, error: error_id, .. } = self.clone();
        move || match (has_hint, error.with(Option::is_some)) {
            (true, true) => Some([&hint, " ", &error_id].concat()),
            (true, false) => Some(hint.clone()),
            (false, true) => Some(error_id.clone()),
            (false, false) => None,
        }
    }
}

/// Lays a label, a hint and an error around one control.
///
/// Every field widget uses it; use it directly for a control of your own, with the ids of
/// [`FieldIds`] set on that control.
#[component]
pub fn Field(
    /// The ids the control uses.
    ids: FieldIds,
    /// What the field is called.
    #[prop(into)]
    label: String,
    /// Help that is always visible. Empty for none.
    #[prop(optional, into)]
    hint: String,
    /// Marks the field as required.
    #[prop(optional)]
    required: bool,
    /// Marks the field as optional, in a form where most fields are required.
    #[prop(optional)]
    optional: bool,
    /// What is wrong with the value.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The control.
    children: Children,
) -> impl IntoView {
    let FieldIds { control, hint: hint_id, error: error_id } = ids;
    view! {
        <div class="field" data-invalid=move || error.with(Option::is_some).then_some("true")>
            <label class="field-label" for=control>
                {label}
                {mark(required, optional)}
            </label>
            {hint_line(hint_id, hint)}
            {children()}
            {error_line(error_id, error)}
        </div>
    }
    .into_any()
}

/// "Required" or "Optional" behind a label, or nothing.
pub(crate) fn mark(required: bool, optional: bool) -> AnyView {
    let text = match (required, optional) {
        (true, _) => t::ui_required(),
        (false, true) => t::ui_optional(),
        (false, false) => return ().into_any(),
    };
    view! { <span class="field-mark">" "{text}</span> }.into_any()
}

/// The hint, or nothing when it is empty.
pub(crate) fn hint_line(id: String, hint: String) -> AnyView {
    if hint.is_empty() {
        return ().into_any();
    }
    view! { <p class="field-hint" id=id>{hint}</p> }.into_any()
}

/// The place of the error. It stands in the page from the start, so that a screen reader hears it come.
pub(crate) fn error_line(id: String, error: Signal<Option<String>>) -> AnyView {
    view! {
        <div class="field-error" id=id aria-live="polite">
            {move || error.get().map(|text| view! { {icon(Icon::Danger)} <span>{text}</span> })}
        </div>
    }
    .into_any()
}
