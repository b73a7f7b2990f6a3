//! The host wants to go elsewhere while something is unsaved: asked once, in the page.

use leptos::prelude::*;

use super::desk::{Embedded, Question};
use crate::features::unsaved::Unsaved;
use crate::i18n::t;
use crate::ui::ConfirmDialog;

/// The question.
#[component]
pub fn HostQuestion() -> impl IntoView {
    let embedded = expect_context::<Embedded>();
    let unsaved = expect_context::<Unsaved>();
    let question = embedded.question;
    let open = Memo::new(move |_| question.with(Option::is_some));
    let title = Signal::derive(move || match question.get() {
        Some(Question::Visit(_)) => t::embed_visit_title().to_owned(),
        Some(Question::Leave(_)) | None => t::embed_leave_title().to_owned(),
    });
    let confirm = move || {
        if let Some(question) = question.try_update(Option::take).flatten() {
            embedded.grant(question);
        }
    };
    let reasons = move || unsaved.reasons().into_iter().map(|it| view! { <p>{it.text()}</p> }).collect_view();
    view! {
        <ConfirmDialog
            open
            on_close=move || embedded.decline()
            title
            confirm=Signal::stored(t::leave_confirm().to_owned())
            on_confirm=confirm
            danger=true
        >
            {reasons}
        </ConfirmDialog>
    }
    .into_any()
}
