//! A state in one word.

use leptos::prelude::*;

use super::{Icon, Tone, icon};

/// A small label: tone, icon and word together, so that colour is never alone.
#[component]
pub fn Badge(
    /// What it means.
    #[prop(optional, into)]
    tone: Signal<Tone>,
    /// Its icon; each tone has its own.
    #[prop(optional, into)]
    icon: MaybeProp<Icon>,
    /// Its word.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    view! {
        <span class="badge" data-tone=move || tone.get().name()>
            {move || super::icon(icon.get().unwrap_or_else(|| tone.get().icon()))}
            {move || text.get()}
        </span>
    }
    .into_any()
}

/// The icon and text of a message; shared by banners and toasts.
pub(crate) fn message_icon(tone: Tone) -> AnyView {
    view! { <span class="message-icon">{icon(tone.icon())}</span> }.into_any()
}
