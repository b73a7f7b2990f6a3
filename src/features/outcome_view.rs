//! What became of a change, on the screen: shared by every dialog that changes something.

use std::sync::Arc;

use leptos::prelude::*;

use super::error_view::ErrorView;
use super::outcome_text::{self, Action};
use super::workspace::Workspace;
use super::write::{OUTCOME_ID, Write};
use crate::i18n::t;
use crate::journal::{Notice, Outcome};
use crate::systems::{Asked, Manifest};
use crate::ui::{Banner, Spinner, Tone};

/// Where the running change stands, in words. Stands in the page from the start, so that each step is heard.
#[component]
pub fn Steps(
    /// The change.
    write: Write,
) -> impl IntoView {
    let said = move || {
        let step = write.step()?;
        let text = outcome_text::step_text(step);
        Some(view! { <Spinner /> <span>{text}</span> })
    };
    view! { <div class="write-step" role="status">{said}</div> }.into_any()
}

/// What became of the change: done, with what differs; or not done, with the reason.
#[component]
pub fn OutcomeView(
    /// What became of it.
    outcome: Arc<Outcome>,
    /// Which change it was.
    action: Action,
    /// What the key is called.
    #[prop(into)]
    title: String,
) -> impl IntoView {
    let manifest = expect_context::<Workspace>().manifest();
    let not_done = outcome_text::not_done_text(action, &title);
    let view = match &*outcome {
        Outcome::Done { asked, notices, .. } => done(manifest, action, &title, asked, notices),
        Outcome::NotDone(error) => {
            let error = error.clone();
            view! {
                <Banner tone=Tone::Warning title=not_done>{t::write_proved_not_done()}</Banner>
                <ErrorView error />
            }
            .into_any()
        }
        Outcome::Refused(error) => {
            let error = error.clone();
            // Without an answer there was no refusal: reading the key before the change failed already.
            let why = if error.status.is_some() { t::write_refused() } else { t::write_not_sent() };
            view! {
                <Banner tone=Tone::Warning title=not_done>{why}</Banner>
                <ErrorView error />
            }
            .into_any()
        }
        Outcome::Moved { fields, .. } => {
            let names: Vec<&str> = fields.iter().map(|it| manifest.label(*it)).collect();
            let text = t::write_moved_fields(&names.join(", "));
            view! { <Banner tone=Tone::Warning title=not_done>{text}</Banner> }.into_any()
        }
        Outcome::Gone => {
            view! { <Banner tone=Tone::Warning title=not_done>{t::write_gone()}</Banner> }.into_any()
        }
        Outcome::Abandoned(error) => {
            let error = error.clone();
            view! {
                <Banner tone=Tone::Warning title=t::write_unknown(&title)>{t::write_unknown_why()}</Banner>
                <ErrorView error />
            }
            .into_any()
        }
    };
    outcome_frame(view)
}

/// The place that takes the focus when a change has ended.
#[must_use]
pub fn outcome_frame(view: AnyView) -> AnyView {
    view! { <div class="form" id=OUTCOME_ID tabindex="-1">{view}</div> }.into_any()
}

fn done(manifest: &Manifest, action: Action, title: &str, asked: &[Asked], notices: &[Notice]) -> AnyView {
    let tone = if asked.is_empty() && notices.is_empty() { Tone::Success } else { Tone::Info };
    let lines =
        notices.iter().map(|it| view! { <li>{outcome_text::notice_text(*it, action)}</li> }.into_any());
    let lines: Vec<AnyView> = lines.collect();
    let lines = (!lines.is_empty()).then(|| view! { <ul class="plain-list">{lines}</ul> });
    let says_asked = matches!(action, Action::Create | Action::Update);
    let as_asked = (says_asked && asked.is_empty()).then(t::write_as_asked);
    view! {
        <Banner tone title=outcome_text::done_text(action, title)>{as_asked} {lines}</Banner>
        {asked_table(manifest, asked)}
    }
    .into_any()
}

/// Asked against got, one row a field that came out differently; nothing where all is as asked.
#[must_use]
pub fn asked_table(manifest: &Manifest, asked: &[Asked]) -> AnyView {
    if asked.is_empty() {
        return ().into_any();
    }
    let row = |it: &Asked| {
        let reason =
            outcome_text::asked_reason(manifest, it).map(|it| view! { <p class="form-note">{it}</p> });
        let got = view! { {outcome_text::asked_text(manifest, it, &it.got)} {reason} }.into_any();
        let was = outcome_text::asked_text(manifest, it, &it.asked);
        compare_row(manifest.label(it.field), vec![was.into_any(), got])
    };
    let rows: Vec<AnyView> = asked.iter().map(row).collect();
    compare_table(t::write_asked_caption(), t::write_field(), &[t::write_asked(), t::write_got()], rows)
}

/// A table with two or three versions side by side; `first` is what each row is about.
#[must_use]
pub fn compare_table(
    caption: &'static str,
    first: &'static str,
    heads: &[&'static str],
    rows: Vec<AnyView>,
) -> AnyView {
    let heads: Vec<AnyView> =
        heads.iter().map(|it| view! { <th scope="col">{*it}</th> }.into_any()).collect();
    view! {
        <div class="compare-scroll">
            <table class="compare">
                <caption>{caption}</caption>
                <thead><tr><th scope="col">{first}</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// One row of [`compare_table`].
#[must_use]
pub fn compare_row(label: impl Into<String>, cells: Vec<AnyView>) -> AnyView {
    let label = label.into();
    let cells: Vec<AnyView> = cells.into_iter().map(|it| view! { <td>{it}</td> }.into_any()).collect();
    view! { <tr><th scope="row">{label}</th>{cells}</tr> }.into_any()
}
