//! The frame around every page: skip link, header, main part, foot.

use leptos::prelude::*;

use super::embedded::{EmbedLine, Embedded, Stage};
use super::self_check::CheckLink;
use super::theme::ThemeMenu;
use crate::i18n::t;
use crate::ui::{Icon, SkipLink, icon};

/// Id of the main part; the skip link goes there.
pub const MAIN: &str = "main";

/// Lays the header and the main part out.
#[component]
pub fn Frame(
    /// Where one is, and the way elsewhere. Nothing before there is anywhere to be.
    #[prop(optional, into)]
    place: Option<ViewFn>,
    /// Further tools at the end of the header.
    #[prop(optional, into)]
    tools: Option<ViewFn>,
    /// The main part.
    children: Children,
) -> impl IntoView {
    // The host decides about light and dark.
    let embedded = use_context::<Embedded>();
    let theme = move || {
        let is_hosts = embedded.is_some_and(|it| it.stage() == Stage::Open);
        (!is_hosts).then(|| view! { <ThemeMenu /> })
    };
    view! {
        <div class="shell">
            <header class="shell-head">
                <SkipLink target=MAIN />
                <span class="shell-name">{icon(Icon::Key)} {t::app_name()}</span>
                {place.map(|it| it.run())}
                <div class="shell-tools">
                    {theme}
                    {tools.map(|it| it.run())}
                </div>
            </header>
            <main class="shell-main" id=MAIN tabindex="-1">
                <EmbedLine />
                {children()}
            </main>
            <footer class="shell-foot"><CheckLink /></footer>
        </div>
    }
    .into_any()
}
