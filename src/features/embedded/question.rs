//! The host wants to go elsewhere while something is unsaved: asked once, in the page.

use leptos::prelude::*;

use super::desk::Embedded;
use crate::embed::Said;
use crate::features::kept;
use crate::features::unsaved::{Reason, Unsaved};
use crate::i18n::t;
use crate::platform::location;
use crate::ui::{ConfirmDialog, memo};

/// What the host wants, once nothing unsaved is in its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// To leave, by its id.
    Leave(String),
    /// To show this.
    Visit(String),
}

impl Embedded {
    /// Asks about what is unsaved first.
    pub(super) fn ask_or(self, question: Question) {
        let is_lost = self.unsaved.is_some_and(|it| it.now().into_iter().any(Reason::is_lost));
        // The host asks anew, and only the newest question can be answered.
        self.decline();
        match is_lost {
            true => self.question.set(Some(question)),
            false => self.grant(question),
        }
    }

    /// The host wants what is shown: nothing is lost by that, and an older wish to go elsewhere is over.
    pub(super) fn stay(self) {
        self.question.try_maybe_update(|it| {
            let was_away = matches!(it, Some(Question::Visit(_)));
            (was_away.then(|| it.take()).is_some(), ())
        });
    }

    /// The reader does not mind.
    fn grant(self, question: Question) {
        match question {
            Question::Leave(id) => {
                // Whoever is taken away with his frame cleans up nothing: what is open must not come back in the next.
                kept::forget();
                self.say(&Said::LeaveAnswer { id, may_leave: true });
            }
            Question::Visit(route) => {
                if let Some(close) = self.close.get_value() {
                    close.try_run(());
                }
                location::visit(&route);
            }
        }
    }

    /// The reader stays.
    fn decline(self) {
        let question = self.question.try_update(Option::take).flatten();
        if let Some(Question::Leave(id)) = question {
            self.say(&Said::LeaveAnswer { id, may_leave: false });
        }
    }
}

/// The question.
#[component]
pub fn HostQuestion() -> impl IntoView {
    let embedded = expect_context::<Embedded>();
    let unsaved = expect_context::<Unsaved>();
    let question = embedded.question;
    let open = memo(move |_| question.with(Option::is_some));
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
