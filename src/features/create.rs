//! Making a key: the form, and what came of it in the same dialog.

use std::sync::Arc;

use leptos::prelude::*;

use super::curl::CurlDetails;
use super::install::InstallCommands;
use super::key_form::{KeyFields, KeyForm, title_check};
use super::key_text;
use super::key_value::KeyValue;
use super::leave::{Leave, LeaveQuestion};
use super::outcome_text::{self, Action};
use super::outcome_view::{OutcomeView, Steps};
use super::workspace::{Overlay, Workspace};
use super::write::Write;
use crate::domain::{Key, KeyDraft};
use crate::i18n::t;
use crate::journal::Outcome;
use crate::systems::Call;
use crate::ui::{
    Button, ButtonKind, CopyButton, Definition, Definitions, Dialog, DialogCancel, DialogSize, Icon,
};

/// "New activation key". Open while the workspace's overlay says so.
#[component]
pub fn CreateDialog() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    move || {
        let draft = workspace.overlay.with(|it| match it {
            Some(Overlay::Create(draft)) => Some(draft.clone()),
            _ => None,
        })?;
        Some(dialog(&workspace, &draft))
    }
}

/// What the parts of the dialog share.
#[derive(Clone)]
struct Creating {
    workspace: Workspace,
    form: KeyForm,
    write: Write,
}

impl Creating {
    fn created(&self) -> Option<Arc<Outcome>> {
        self.write.outcome().filter(|it| matches!(&**it, Outcome::Done { .. }))
    }

    fn send(&self) {
        if self.created().is_some() || self.write.pending().get_untracked() {
            return;
        }
        let Some(new) = self.form.attempt() else { return };
        let title = if new.title.is_empty() { t::key_no_title().to_owned() } else { new.title.clone() };
        let form = self.form;
        self.write.start(
            &self.workspace,
            Action::Create,
            title,
            |journal, steps| async move { journal.create(&new, |step| steps.at(step)).await },
            move |outcome| {
                if let Outcome::Refused(error) = &**outcome {
                    form.show_refusal(error);
                }
            },
        );
    }
}

fn dialog(workspace: &Workspace, draft: &KeyDraft) -> AnyView {
    let form = KeyForm::new(draft);
    let write = Write::new();
    let creating = Creating { workspace: workspace.clone(), form, write };
    let is_created = {
        let creating = creating.clone();
        Memo::new(move |_| creating.created().is_some())
    };
    let dirty = Signal::derive(move || !is_created.get() && form.is_dirty());
    let leave = Leave::new(write, dirty);
    let title = Signal::derive(move || match is_created.get() {
        true => t::create_done_title().to_owned(),
        false => t::create_title().to_owned(),
    });
    let close = {
        let workspace = workspace.clone();
        UnsyncCallback::from(move || workspace.close())
    };
    let submit = {
        let creating = creating.clone();
        UnsyncCallback::from(move || untrack(|| creating.send()))
    };
    let footer = footer(&creating, is_created);
    let body = move || {
        if is_created.get() {
            let outcome = untrack(|| creating.created());
            return outcome.map(|it| result(&creating, it)).into_any();
        }
        form_body(&creating)
    };
    let body = StoredValue::new_local(body);
    let content = move || view! { {move || body.with_value(|it| it())} };
    view! {
        <Dialog open=true on_close=close title guard=leave.guard() on_submit=submit size=DialogSize::Medium footer>
            {content}
        </Dialog>
        <LeaveQuestion leave on_leave=close />
    }
    .into_any()
}

fn form_body(creating: &Creating) -> AnyView {
    let Creating { workspace, form, write } = creating.clone();
    let title = Signal::derive(move || form.draft().title);
    let check = title_check(&workspace, title, Signal::stored(None));
    let call = Signal::derive(move || form.wanted().map(Call::Create));
    let failed = move || {
        let outcome = write.outcome()?;
        let title = untrack(move || form.draft().title);
        let title = if title.is_empty() { t::key_no_title().to_owned() } else { title };
        Some(view! { <OutcomeView outcome action=Action::Create title /> })
    };
    view! {
        {failed}
        <KeyFields form title_check=check />
        <CurlDetails call />
        <Steps write />
    }
    .into_any()
}

fn footer(creating: &Creating, is_created: Memo<bool>) -> ViewFn {
    let write = creating.write;
    let again = {
        let creating = creating.clone();
        UnsyncCallback::from(move || again(&creating))
    };
    let word = move || if write.outcome().is_some() { t::create_again() } else { t::create_send() };
    ViewFn::from(move || {
        let buttons = move || {
            if is_created.get() {
                view! {
                    <Button icon=Icon::Duplicate on_click=again>{t::create_another()}</Button>
                    <DialogCancel label=t::ui_close() />
                }
                .into_any()
            } else {
                view! {
                    <DialogCancel />
                    <Button kind=ButtonKind::Primary submit=true pending=write.pending()>{word}</Button>
                }
                .into_any()
            }
        };
        view! { {buttons} }
    })
}

/// Another key like the one just made: its settings, never its value, its title or its counts.
fn again(creating: &Creating) {
    let Some(outcome) = untrack(|| creating.created()) else { return };
    let draft = match outcome_text::key_after(&outcome) {
        Some(key) => KeyDraft::like(key),
        None => KeyDraft { title: String::new(), ..creating.form.draft_untracked() },
    };
    creating.form.fill(&draft, None);
    creating.write.clear();
    creating.form.focus();
}

fn result(creating: &Creating, outcome: Arc<Outcome>) -> AnyView {
    let key = outcome_text::key_after(&outcome).cloned();
    let title =
        key.as_ref().map_or_else(|| untrack(|| creating.form.draft().title), key_text::title_or_placeholder);
    view! {
        <OutcomeView outcome action=Action::Create title />
        {key.map(|it| created_key(&it))}
    }
    .into_any()
}

/// What one does next with a new key: copy it, and install agents.
fn created_key(key: &Key) -> AnyView {
    let id = key.id.0.clone();
    let copied = id.clone();
    let value = key.value.clone();
    view! {
        <Definitions>
            <Definition term=t::key_field_value()>
                <KeyValue value what=t::key_value_what() />
            </Definition>
            <Definition term=t::key_field_id()>
                <span class="secret">
                    <code>{id}</code>
                    <CopyButton value=move || copied.clone() name=t::key_copy_id() />
                </span>
            </Definition>
        </Definitions>
        <InstallCommands value=key.value.clone() open=true />
    }
    .into_any()
}
