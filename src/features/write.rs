//! A change on its way, as the dialogs follow it.

use std::sync::Arc;

use futures_util::future::{FutureExt as _, LocalBoxFuture};
use leptos::prelude::*;

use super::outcome_text::{self, Action};
use super::unsaved::{Reason, Unsaved};
use super::workspace::Workspace;
use crate::journal::{Journal, Outcome, Step};
use crate::platform::{clock, dom, supervisor, task};
use crate::ui::{Toasts, Tone};

/// What a dialog does with the outcome of its change.
type WhenDone = Box<dyn Fn(&Arc<Outcome>)>;

/// One change at a time: where it stands and what became of it.
///
/// The change itself belongs to the journal and goes on when its dialog is closed; its outcome is then told
/// by a toast.
#[derive(Clone, Copy)]
pub struct Write {
    pending: RwSignal<bool>,
    step: RwSignal<Option<Step>>,
    outcome: RwSignal<Option<Arc<Outcome>>>,
    /// Found at the start: a handler of an event has no context.
    toasts: Option<Toasts>,
    unsaved: Option<Unsaved>,
}

/// The id of the place that says what became of a change. It takes the focus then: the button that had it
/// may be gone, and the place may be out of sight.
pub const OUTCOME_ID: &str = "write-outcome";

/// Tells the screen the step of a running change; does nothing once the screen is gone.
#[derive(Clone, Copy)]
pub struct Steps(RwSignal<Option<Step>>);

impl Steps {
    /// The change is here now.
    pub fn at(self, step: Step) {
        self.0.try_set(Some(step));
    }
}

impl Write {
    /// No change yet. Its signals belong to the current owner.
    #[expect(clippy::new_without_default, reason = "it makes signals, which belong to the current owner")]
    #[must_use]
    pub fn new() -> Self {
        let (pending, step, outcome) = (RwSignal::new(false), RwSignal::new(None), RwSignal::new(None));
        Self { pending, step, outcome, toasts: use_context(), unsaved: use_context() }
    }

    /// A change is on its way.
    #[must_use]
    pub fn pending(self) -> Signal<bool> {
        self.pending.into()
    }

    /// Where it stands, while it is on its way; tracks.
    #[must_use]
    pub fn step(self) -> Option<Step> {
        self.step.get()
    }

    /// What became of the last one; tracks.
    #[must_use]
    pub fn outcome(self) -> Option<Arc<Outcome>> {
        self.outcome.get()
    }

    /// Forgets the last outcome.
    pub fn clear(self) {
        self.outcome.set(None);
    }

    /// Starts a change; nothing happens while another is on its way.
    ///
    /// `done` is told the outcome if the dialog is still there; else a toast tells it. `title` is what the
    /// key is called in that toast.
    pub fn start<F>(
        self,
        workspace: &Workspace,
        action: Action,
        title: String,
        change: impl FnOnce(Journal, Steps) -> F,
        done: impl Fn(&Arc<Outcome>) + 'static,
    ) where
        F: Future<Output = Outcome> + 'static,
    {
        if self.pending.get_untracked() {
            return;
        }
        self.pending.set(true);
        self.outcome.set(None);
        supervisor::did("write");
        // No callback of the framework: it would end with the button that was clicked, which may go while the dialog
        // stays.
        let done = Box::new(done);
        let running = change(workspace.journal().clone(), Steps(self.step)).boxed_local();
        self.follow(workspace.clone(), action, title, running, done);
    }

    /// The same for every change, so that its code is in the program once.
    fn follow(
        self,
        workspace: Workspace,
        action: Action,
        title: String,
        running: LocalBoxFuture<'static, Outcome>,
        done: WhenDone,
    ) {
        let held = self.unsaved.map(|it| it.hold(Reason::Sending));
        task::spawn_detached(async move {
            let outcome = Arc::new(running.await);
            drop(held);
            self.step.try_set(None);
            let shown = self.pending.try_set(false).is_none();
            self.outcome.try_set(Some(outcome.clone()));
            if outcome_text::may_have_changed(&outcome) {
                workspace.note_change();
            }
            if shown {
                // Before `done`, which may send the focus to a field.
                focus(OUTCOME_ID);
                done(&outcome);
            } else {
                let (tone, text) = outcome_text::summary(&outcome, action, &title);
                self.say(tone, text);
            }
        });
    }

    /// Says a result in the corner of the page, for a dialog that closes with it.
    pub fn say(self, tone: Tone, text: String) {
        if let Some(toasts) = self.toasts {
            toasts.push(tone, text, None);
        }
    }
}

/// Moves the focus once the page has settled: focusing inside a handler can re-enter another.
pub fn focus(id: &'static str) {
    focus_on(id.to_owned());
}

/// The same with an id that is made.
pub fn focus_on(id: String) {
    task::spawn_detached(async move {
        clock::next_frame().await;
        dom::focus_by_id(&id);
    });
}
