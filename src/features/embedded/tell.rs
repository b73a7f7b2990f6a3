//! Lines above the page: what is not as one would expect in this frame or browser.

use leptos::prelude::*;

use super::desk::{Embedded, Line};
use crate::features::frame::MAIN;
use crate::i18n::t;
use crate::ui::{Banner, Tone};

/// The newest line, until the reader closes it.
#[component]
pub fn EmbedLine() -> impl IntoView {
    let lines = use_context::<Embedded>().map(|it| it.lines);
    let line = move || {
        let lines = lines?;
        let line = lines.with(|it| it.last().copied())?;
        let close = UnsyncCallback::from(move || {
            lines.try_update(Vec::pop);
        });
        Some(view! { <Banner tone=Tone::Info on_close=close>{text(line)}</Banner> })
    };
    line.into_any()
}

/// What is shown in a frame that may not have the console: nothing to sign in with, and nothing to press.
#[component]
pub fn NotShown() -> impl IntoView {
    view! {
        <main class="shell-main" id=MAIN>
            <h1>{t::embed_refused()}</h1>
            <Banner tone=Tone::Danger>{t::embed_refused_text()}</Banner>
        </main>
    }
    .into_any()
}

fn text(line: Line) -> &'static str {
    match line {
        Line::NoAnswer => t::embed_no_answer(),
        Line::NothingKept => t::embed_nothing_kept(),
    }
}
