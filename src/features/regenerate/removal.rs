//! The last step: removing the old key, or leaving both with what is left to do.

use std::sync::Arc;

use leptos::prelude::*;

use super::dialog::Left;
use super::steps::{self, Kept, Stand, value_step};
use crate::domain::Key;
use crate::features::delete::{Verb, fresh, question, typed_before_delete};
use crate::features::key_text;
use crate::features::key_value::KeyValue;
use crate::features::leave::{Leave, LeaveQuestion};
use crate::features::outcome_text::{self, Action};
use crate::features::outcome_view::{OutcomeView, Steps};
use crate::features::workspace::{Overlay, Workspace};
use crate::features::write::Write;
use crate::i18n::t;
use crate::journal::Outcome;
use crate::ui::{
    Banner, Button, ButtonKind, ConfirmDialog, Dialog, DialogCancel, DialogSize, Icon, Tone, memo,
};

/// What the parts of the dialog share.
#[derive(Clone)]
struct Parts {
    workspace: Workspace,
    left: Left,
    /// What the two keys are called.
    new: String,
    old: String,
    write: Write,
    key: Signal<Key>,
    typed: Memo<Option<String>>,
    answer: RwSignal<String>,
    /// Whether the old key can be removed here.
    removable: bool,
}

impl Parts {
    fn is_over(&self) -> bool {
        self.write.outcome().is_some_and(|it| matches!(&*it, Outcome::Done { .. } | Outcome::Gone))
    }

    fn is_refused(&self) -> bool {
        self.typed.with(|it| it.as_ref().is_some_and(|wanted| self.answer.with(|it| it.trim() != wanted)))
    }

    fn verb(&self) -> Verb {
        Verb::of(self.workspace.client().removal(&self.left.old))
    }

    fn submit(&self) {
        if !self.removable || untrack(|| self.is_refused() || self.is_over()) {
            return;
        }
        let id = self.left.old.id.clone();
        self.write.start(
            &self.workspace,
            self.verb().action,
            self.old.clone(),
            move |journal, steps| async move { journal.delete(&id, |step| steps.at(step)).await },
            |_| (),
        );
    }
}

/// What was made, and the removal of what it replaces.
#[component]
pub fn RemovalDialog(
    /// The two keys.
    left: Left,
    /// It has closed.
    #[prop(into)]
    on_close: UnsyncCallback<()>,
) -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let write = Write::new();
    let leave = Leave::new(write, Signal::stored(false));
    let key = fresh(&workspace, Key::clone(&left.old));
    let kind = Verb::of(workspace.client().removal(&left.old)).kind;
    let parts = Parts {
        new: key_text::title_or_placeholder(&left.new),
        old: key_text::title_or_placeholder(&left.old),
        // Without its value the new key is of no use, and the old one is still needed.
        removable: workspace.manifest().can(kind) && left.kept != Kept::Lost,
        typed: memo(move |_| key.with(typed_before_delete)),
        answer: RwSignal::new(String::new()),
        workspace,
        left,
        write,
        key,
    };
    let asking = RwSignal::new(false);
    let guard = {
        let parts = parts.clone();
        move || {
            if write.pending().get_untracked() {
                return leave.guard().run(());
            }
            let over = untrack(|| parts.is_over());
            asking.set(!over);
            over
        }
    };
    let leave_both = {
        let left = t::regenerate_left(&parts.new, &parts.old);
        move || {
            asking.set(false);
            write.say(Tone::Info, left.clone());
            on_close.run(());
        }
    };
    let submit = {
        let parts = parts.clone();
        UnsyncCallback::from(move || parts.submit())
    };
    let footer = {
        let parts = parts.clone();
        StoredValue::new_local(move || buttons(&parts, on_close))
    };
    let heading = t::regenerate_title(&parts.old);
    let text = t::regenerate_left(&parts.new, &parts.old);
    let content = StoredValue::new_local(move || body(&parts));
    view! {
        <Dialog
            open=true
            on_close
            title=heading
            guard
            on_submit=submit
            size=DialogSize::Medium
            footer=move || footer.with_value(|it| it())
        >
            {content.with_value(|it| it())}
        </Dialog>
        <ConfirmDialog
            open=asking
            on_close=move || asking.set(false)
            title=t::regenerate_leave_title().to_owned()
            confirm=t::regenerate_leave_confirm().to_owned()
            on_confirm=leave_both
        >
            <p>{text.clone()}</p>
        </ConfirmDialog>
        <LeaveQuestion leave on_leave=on_close />
    }
    .into_any()
}

fn body(parts: &Parts) -> AnyView {
    let Parts { left, write, .. } = parts.clone();
    let done = {
        let parts = parts.clone();
        memo(move |_| parts.is_over())
    };
    let plan = {
        let parts = parts.clone();
        move || plan(&parts, done.get())
    };
    let verb = parts.verb().action;
    let removed = {
        let parts = parts.clone();
        move || {
            let outcome = write.outcome()?;
            Some(view! { <OutcomeView outcome action=verb title=parts.old.clone() /> })
        }
    };
    // What came of making the new key, where there is more to tell than that it was made.
    let told = match &*left.outcome {
        Outcome::Done { asked, notices, .. } => !asked.is_empty() || !notices.is_empty(),
        _ => false,
    };
    let created = told.then(|| {
        let (outcome, title) = (Arc::clone(&left.outcome), parts.new.clone());
        view! { <section class="form-part"><OutcomeView outcome action=Action::Create title /></section> }
    });
    let value = left.new.value.clone().map(|value| view! { <KeyValue value what=t::key_value_what() /> });
    let step = {
        let parts = parts.clone();
        move || (!done.get()).then(|| step(&parts))
    };
    view! {
        <div class="form">
            {plan}
            {removed}
            {created}
            {value}
            {step}
        </div>
        <Steps write />
    }
    .into_any()
}

fn plan(parts: &Parts, over: bool) -> AnyView {
    let (value, text) = value_step(parts.left.kept);
    let last = match (over, parts.write.outcome()) {
        (true, Some(outcome)) => {
            let (_, text) = outcome_text::summary(&outcome, parts.verb().action, &parts.old);
            (Stand::Done, text)
        }
        (_, Some(outcome)) => {
            let (_, text) = outcome_text::summary(&outcome, parts.verb().action, &parts.old);
            (Stand::Attention, text)
        }
        _ if parts.removable => (Stand::Now, t::regenerate_step_remove(&parts.old)),
        _ => (Stand::Later, t::regenerate_step_remove(&parts.old)),
    };
    steps::list(vec![
        (Stand::Done, outcome_text::done_text(Action::Create, &parts.new)),
        (value, text.to_owned()),
        last,
    ])
}

/// What removing the old key does; or why it is not the time for it.
fn step(parts: &Parts) -> AnyView {
    let manifest = parts.workspace.manifest();
    let verb = parts.verb();
    if parts.left.kept == Kept::Lost {
        let (workspace, new) = (parts.workspace.clone(), parts.left.new.clone());
        let on_click = move || workspace.open(Overlay::Delete(Box::new(Key::clone(&new))));
        let remove = manifest.can(verb.kind).then(|| {
            view! {
                <div class="button-row">
                    <Button kind=ButtonKind::Danger icon=Icon::Trash on_click>{t::create_lost_remove()}</Button>
                </div>
            }
        });
        let text = t::regenerate_lost(&parts.old);
        return view! {
            <Banner tone=Tone::Warning title=t::create_lost_title()>{text}</Banner>
            {remove}
        }
        .into_any();
    }
    if !parts.removable {
        let why = manifest.lack(verb.kind).unwrap_or_default();
        return view! { <Banner tone=Tone::Info>{t::regenerate_no_removal()} " " {why}</Banner> }.into_any();
    }
    let caution = t::regenerate_not_stored(&parts.old);
    let caution =
        (parts.left.kept == Kept::NotSaid).then(|| view! { <Banner tone=Tone::Warning>{caution}</Banner> });
    view! {
        {caution}
        <h3 class="form-title">{(verb.title)(&parts.old)}</h3>
        {question(manifest, verb.kind, parts.key, parts.typed, parts.answer)}
    }
    .into_any()
}

fn buttons(parts: &Parts, on_close: UnsyncCallback<()>) -> AnyView {
    let write = parts.write;
    let parts = parts.clone();
    let refused = {
        let parts = parts.clone();
        memo(move |_| parts.is_refused())
    };
    let row = move || {
        if parts.is_over() {
            return view! { <DialogCancel label=t::ui_close() /> }.into_any();
        }
        if parts.left.kept == Kept::Lost {
            let (workspace, old) = (parts.workspace.clone(), parts.left.old.clone());
            let again = move || {
                on_close.run(());
                workspace.open(Overlay::Regenerate(Box::new(Key::clone(&old))));
            };
            return view! {
                <DialogCancel label=t::regenerate_keep_both() />
                <Button on_click=again>{t::regenerate_again()}</Button>
            }
            .into_any();
        }
        let remove = parts.removable.then(|| {
            let word = if write.outcome().is_some() { t::create_again() } else { t::regenerate_remove_old() };
            view! {
                <Button kind=ButtonKind::Danger icon=Icon::Trash submit=true pending=write.pending() disabled=refused>
                    {word}
                </Button>
            }
        });
        view! { <DialogCancel label=t::regenerate_keep_both() /> {remove} }.into_any()
    };
    view! { {row} }.into_any()
}
