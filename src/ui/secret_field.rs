//! A secret that is dots until one asks for it.

use leptos::prelude::*;

use super::{CopyButton, Icon, IconButton};
use crate::i18n::t;

/// A masked value with Reveal and Copy.
///
/// `value` is asked only while `revealed`, and at the click on Copy: otherwise the secret is not in
/// the page. Hiding again (after 30 s, on blur, on leaving) is the caller's, who owns `revealed`.
#[component]
pub fn SecretField(
    /// What the secret is, for the names of the buttons ("key Berlin").
    #[prop(into)]
    what: String,
    /// What stands there while it is hidden.
    #[prop(into)]
    masked: Signal<String>,
    /// Whether it is shown.
    #[prop(into)]
    revealed: Signal<bool>,
    /// The person asked to show or hide it.
    #[prop(into)]
    on_toggle: UnsyncCallback<()>,
    /// The secret itself.
    #[prop(into)]
    value: UnsyncCallback<(), String>,
    /// It was copied.
    #[prop(optional, into)]
    on_copied: Option<UnsyncCallback<()>>,
) -> impl IntoView {
    let copy_name = t::ui_copy_what(&what);
    let toggle_name = Signal::derive(move || match revealed.get() {
        true => t::ui_hide_what(&what),
        false => t::ui_reveal_what(&what),
    });
    let toggle_icon = Signal::derive(move || if revealed.get() { Icon::EyeOff } else { Icon::Eye });
    let text = move || if revealed.get() { value.run(()) } else { masked.get() };
    let copy = match on_copied {
        Some(on_copied) => view! { <CopyButton value name=copy_name on_copied /> }.into_any(),
        None => view! { <CopyButton value name=copy_name /> }.into_any(),
    };
    view! {
        <span class="secret">
            <code class="secret-text" data-revealed=move || revealed.get().then_some("true")>{text}</code>
            <span class="secret-actions">
                <IconButton name=toggle_name icon=toggle_icon on_click=on_toggle />
                {copy}
            </span>
        </span>
    }
    .into_any()
}
