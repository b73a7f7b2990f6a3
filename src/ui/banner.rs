//! A message that stays where it concerns something.

use leptos::prelude::*;

use super::Tone;
use super::badge::message_icon;
use super::button::close_button;

/// A message in the page or in a dialog.
///
/// A danger is an `alert` and interrupts; every other tone is a `status`.
#[component]
pub fn Banner(
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// Its first line, in bold; empty for none.
    #[prop(optional, into)]
    title: String,
    /// Buttons behind the text.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
    /// Can be closed.
    #[prop(optional, into)]
    on_close: Option<UnsyncCallback<()>>,
    /// The text.
    children: Children,
) -> impl IntoView {
    let role = if tone == Tone::Danger { "alert" } else { "status" };
    view! {
        <div class="banner" data-tone=tone.name() role=role>
            {message_icon(tone)}
            <div class="banner-text">
                {(!title.is_empty()).then(|| view! { <p class="banner-title">{title}</p> })}
                <div>{children()}</div>
            </div>
            {actions.map(|it| view! { <div class="banner-actions">{it.run()}</div> })}
            {on_close.map(close_button)}
        </div>
    }
    .into_any()
}
