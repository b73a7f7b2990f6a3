//! Leaving a dialog with something unsaved, or while a change is on its way: asked once, in the page.

use leptos::prelude::*;

use super::unsaved::{self, Reason};
use super::write::Write;
use crate::i18n::t;
use crate::ui::{ConfirmDialog, effect};

/// The guard of a dialog and the question it asks. Make it in the dialog's component.
#[derive(Clone, Copy)]
pub struct Leave {
    asking: RwSignal<bool>,
    write: Write,
    dirty: Signal<bool>,
}

impl Leave {
    /// Guards a dialog with this change and this form.
    #[must_use]
    pub fn new(write: Write, dirty: impl Into<Signal<bool>>) -> Self {
        let dirty = dirty.into();
        // A reload or a closed tab would lose the same things as a closed dialog. What is sent, `Write` holds.
        unsaved::hold_while(move || dirty.try_get().unwrap_or(false).then_some(Reason::Form));
        Self { asking: RwSignal::new(false), write, dirty }
    }

    /// Something is unsaved that is not on its way: what is sent is the journal's, and a form that came back with it
    /// would offer to send it again.
    #[must_use]
    pub fn unsent(self) -> Signal<bool> {
        let pending = self.write.pending();
        Signal::derive(move || self.dirty.get() && !pending.get())
    }

    /// For a dialog's `guard`: may it close? If not, the question has been put.
    #[must_use]
    pub fn guard(self) -> UnsyncCallback<(), bool> {
        UnsyncCallback::new(move |()| {
            let free = !self.write.pending().get_untracked() && !self.dirty.get_untracked();
            if !free {
                self.asking.set(true);
            }
            free
        })
    }
}

/// The question. Stands beside the dialog it guards.
#[component]
pub fn LeaveQuestion(
    /// The guard.
    leave: Leave,
    /// The reader wants to leave.
    #[prop(into)]
    on_leave: UnsyncCallback<()>,
) -> impl IntoView {
    let pending = leave.write.pending();
    // What came of a change is shown behind the question, and the question asked about something that is over.
    effect(move |was: Option<bool>| {
        let is = pending.get();
        if was == Some(true) && !is {
            leave.asking.set(false);
        }
        is
    });
    let title = Signal::derive(move || match pending.get() {
        true => t::leave_sending_title().to_owned(),
        false => t::leave_title().to_owned(),
    });
    let confirm = Signal::derive(move || match pending.get() {
        true => t::leave_sending_confirm().to_owned(),
        false => t::leave_confirm().to_owned(),
    });
    let text = move || if pending.get() { t::leave_sending_text() } else { t::leave_text() };
    view! {
        <ConfirmDialog
            open=leave.asking
            on_close=move || leave.asking.set(false)
            title
            confirm
            on_confirm=move || {
                leave.asking.set(false);
                on_leave.run(());
            }
        >
            <p>{text}</p>
        </ConfirmDialog>
    }
    .into_any()
}
