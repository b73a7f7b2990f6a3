//! Why changes are not offered: the service said that this sign-in may only read, or the portal around the page wants it so.

use leptos::prelude::*;

use super::embedded::Embedded;
use super::workspace::Workspace;
use crate::i18n::t;
use crate::ui::{Banner, Button, Tone};

/// The banner over the list, while the reader may change nothing.
#[component]
pub fn ReadOnlyBanner(
    /// Opens the sign-in, for another credential.
    #[prop(into)]
    on_renew: UnsyncCallback<()>,
) -> impl IntoView {
    let read_only = expect_context::<Workspace>().read_only;
    let by_host = use_context::<Embedded>().map(Embedded::read_only);
    let renew = move || view! { <Button on_click=on_renew>{t::session_renew()}</Button> }.into_any();
    let banner = move || {
        if by_host.is_some_and(|it| it.get()) {
            let text = t::embed_read_only_text();
            return Some(
                view! { <Banner tone=Tone::Info title=t::embed_read_only_title()>{text}</Banner> }.into_any(),
            );
        }
        read_only
            .get()
            .then(|| view! { <Banner tone=Tone::Info title=t::read_only_title() actions=renew>{t::read_only_text()}</Banner> }.into_any())
    };
    banner.into_any()
}
