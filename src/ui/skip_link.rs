//! The way past the header for people who use the keyboard.

use leptos::prelude::*;

use crate::i18n::t;
use crate::platform::dom;

/// Shown when it has the focus; moves the focus to the main part of the page.
#[component]
pub fn SkipLink(
    /// The id of the main part, which has `tabindex="-1"`.
    #[prop(into)]
    target: String,
) -> impl IntoView {
    let href = ["#", &target].concat();
    // With a `<base>` in the page, following the link would load another address.
    let skip = move |ev: leptos::ev::MouseEvent| {
        ev.prevent_default();
        dom::focus_by_id(&target);
    };
    view! { <a class="skip-link" href=href on:click=skip>{t::ui_skip()}</a> }.into_any()
}
