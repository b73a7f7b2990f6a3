//! Making a key: the form, and what came of it.

use std::sync::Arc;

use leptos::prelude::*;

use super::curl::CurlDetails;
use super::import::ImportBody;
use super::install::InstallCommands;
use super::kept;
use super::key::detail::key_id;
use super::key_form::{KeyFields, KeyForm, Pushes, TitleCheck, title_check};
use super::key_json;
use super::key_text;
use super::key_value::KeyValue;
use super::leave::{Leave, LeaveQuestion};
use super::offers::OfferDialog;
use super::once::{Made, OnceDialog, json_button, raw_view};
use super::outcome_text::{self, Action};
use super::outcome_view::{OutcomeView, Steps};
use super::workspace::{Overlay, Workspace};
use super::write::Write;
use crate::domain::{FieldId, Key};
use crate::http::Cancel;
use crate::i18n::{capital, t};
use crate::journal::{Notice, Outcome};
use crate::platform::task;
use crate::systems::{ActionKind, Call, Draft, SecretPolicy};
use crate::ui::{
    Banner, Button, ButtonKind, Definition, Definitions, Dialog, DialogCancel, DialogSize, Icon, Tone, memo,
};

/// "New …". Open while the workspace's overlay says so; and, for a system that tells a value once, the dialog that
/// shows it, whether or not the form is still open then.
#[component]
pub fn CreateDialog() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let once = Once { waiting: StoredValue::new(None), shown: RwSignal::new(None) };
    let form = {
        let workspace = workspace.clone();
        move || {
            let draft = workspace.overlay.with(|it| match it {
                Some(Overlay::Create(draft)) => Some(draft.clone()),
                _ => None,
            })?;
            Some(dialog(&workspace, &draft, once))
        }
    };
    let value = move || {
        let made = once.shown.get()?;
        let like = Draft::like(workspace.manifest(), made.key());
        let workspace = workspace.clone();
        let on_again = move || workspace.open(Overlay::Create(like.clone()));
        Some(view! { <OnceDialog made on_close=move || once.shown.set(None) on_again /> })
    };
    view! { {form} {value} }.into_any()
}

/// Where a value is kept that is told once: it outlives the form, which may be closed while its key is made.
#[derive(Clone, Copy)]
struct Once {
    /// Until the form has closed.
    waiting: StoredValue<Option<Arc<Made>>>,
    shown: RwSignal<Option<Arc<Made>>>,
}

impl Once {
    /// Keeps the value of a key that was just made. It is shown at once when its form is gone.
    fn keep(self, outcome: &mut Outcome, form_is_open: bool) {
        let Some(made) = Made::take(outcome).map(Arc::new) else { return };
        if form_is_open {
            self.waiting.try_set_value(Some(made));
        } else {
            self.shown.try_set(Some(made));
        }
    }

    /// Shows what waits, in the place of the form. Whether anything did.
    fn show(self, workspace: &Workspace) -> bool {
        let Some(made) = self.waiting.try_update_value(Option::take).flatten() else { return false };
        // First, so that the focus later returns to what opened the form.
        workspace.close();
        self.shown.set(Some(made));
        true
    }
}

/// What the parts of the dialog share.
#[derive(Clone)]
struct Creating {
    workspace: Workspace,
    form: KeyForm,
    write: Write,
    once: Once,
    /// Gone with the dialog.
    alive: StoredValue<()>,
}

impl Creating {
    fn created(&self) -> Option<Arc<Outcome>> {
        self.write.outcome().filter(|it| matches!(&**it, Outcome::Done { .. }))
    }

    /// What the new key is called in messages.
    fn name(&self) -> String {
        let title = untrack(|| self.form.text(FieldId::TITLE));
        match (title.is_empty(), self.form.manifest().field(FieldId::TITLE)) {
            (false, _) => title,
            (true, Some(_)) => t::key_no_title().to_owned(),
            (true, None) => capital((self.form.manifest().noun)()),
        }
    }

    fn send(&self) {
        if self.created().is_some() || self.write.pending().get_untracked() {
            return;
        }
        let Some(new) = self.form.attempt() else { return };
        let (form, write, once, alive) = (self.form, self.write, self.once, self.alive);
        let tells_once = form.manifest().secret == SecretPolicy::Once;
        let workspace = self.workspace.clone();
        write.start(
            &self.workspace,
            Action::Create,
            self.name(),
            move |journal, steps| async move {
                let mut outcome = journal.create(&new, |step| steps.at(step)).await;
                if tells_once {
                    once.keep(&mut outcome, alive.try_get_value().is_some());
                }
                outcome
            },
            move |outcome| {
                if once.show(&workspace) {
                    return;
                }
                if let Outcome::Refused(error) = &**outcome {
                    form.show_refusal(error);
                }
            },
        );
    }
}

fn dialog(workspace: &Workspace, draft: &Draft, once: Once) -> AnyView {
    let manifest = workspace.manifest();
    let form = KeyForm::new(manifest, draft);
    if let Some(kept) = kept::take(workspace, None) {
        kept::fill(form, &kept);
    }
    let write = Write::new();
    let alive = StoredValue::new(());
    let creating = Creating { workspace: workspace.clone(), form, write, once, alive };
    let is_created = {
        let creating = creating.clone();
        memo(move |_| creating.created().is_some())
    };
    let dirty: Signal<bool> = Signal::derive(move || !is_created.get() && form.is_dirty());
    let leave = Leave::new(write, dirty);
    kept::keep(workspace, form, None, leave.unsent());
    let title = Signal::derive(move || match is_created.get() {
        true => t::create_done_title(&capital((manifest.noun)())),
        false => t::create_title((manifest.noun)()),
    });
    let close = workspace.on_close();
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
        <OfferDialog form />
        <LeaveQuestion leave on_leave=close />
    }
    .into_any()
}

fn form_body(creating: &Creating) -> AnyView {
    let Creating { workspace, form, write, .. } = creating.clone();
    let has_title = form.manifest().form(false).any(|it| it.id == FieldId::TITLE);
    let check = match has_title {
        true => {
            title_check(&workspace, Signal::derive(move || form.text(FieldId::TITLE)), Signal::stored(None))
        }
        false => Signal::stored(TitleCheck::Nothing),
    };
    let call = Signal::derive(move || form.wanted().map(Call::Create));
    let creating = creating.clone();
    let failed = move || {
        let outcome = write.outcome()?;
        let title = creating.name();
        Some(view! { <OutcomeView outcome action=Action::Create title /> })
    };
    load_maxima(&workspace, form);
    let import = form.manifest().imports.then(|| view! { <ImportBody form /> });
    view! {
        {failed}
        {kept::note(form)}
        {import}
        <KeyFields form title_check=check />
        <Pushes form />
        <CurlDetails call />
        <Steps write />
    }
    .into_any()
}

/// What the account allows is asked once a form; without an answer the service itself refuses what is too much.
pub(super) fn load_maxima(workspace: &Workspace, form: KeyForm) {
    let client = workspace.client().clone();
    task::spawn(async move {
        if let Ok(maxima) = client.limits(&Cancel::new()).await {
            form.allow(maxima);
        }
    });
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
    let form = creating.form;
    let draft = match outcome_text::key_after(&outcome) {
        Some(key) => Draft::like(form.manifest(), key),
        None => form.draft_untracked().with_text(FieldId::TITLE, ""),
    };
    form.fill(&draft, None);
    creating.write.clear();
    form.focus();
}

fn result(creating: &Creating, outcome: Arc<Outcome>) -> AnyView {
    let Outcome::Done { notices, raw, .. } = &*outcome else { return ().into_any() };
    let raw = raw_view(raw);
    let is_lost = notices.contains(&Notice::SecretLost);
    let key = outcome_text::key_after(&outcome).cloned();
    let title = key.as_ref().map_or_else(|| creating.name(), key_text::title_or_placeholder);
    let lost = key.clone().filter(|_| is_lost).map(|it| lost(&creating.workspace, it));
    let key = key.map(|it| created_key(&creating.workspace, &it));
    view! {
        <OutcomeView outcome action=Action::Create title />
        {lost}
        {key}
        {raw}
    }
    .into_any()
}

/// The key is there and its value cannot be had any more: such a key is of no use.
fn lost(workspace: &Workspace, key: Key) -> AnyView {
    let manifest = workspace.manifest();
    let removable = manifest.can(ActionKind::Delete) || manifest.can(ActionKind::Revoke);
    let workspace = workspace.clone();
    let remove = removable.then(|| {
        let on_click = move || workspace.open(Overlay::Delete(Box::new(key.clone())));
        view! {
            <div class="button-row">
                <Button kind=ButtonKind::Danger icon=Icon::Trash on_click>{t::create_lost_remove()}</Button>
            </div>
        }
    });
    view! {
        <Banner tone=Tone::Warning title=t::create_lost_title()>{t::create_lost_text()}</Banner>
        {remove}
    }
    .into_any()
}

/// What one does next with a new key: copy it, and install agents.
fn created_key(workspace: &Workspace, key: &Key) -> AnyView {
    let manifest = workspace.manifest();
    let installs = manifest.can(ActionKind::Install);
    let install =
        key.value.clone().filter(|_| installs).map(|value| view! { <InstallCommands value open=true /> });
    let value = key.value.clone().map(|value| {
        view! {
            <Definition term=t::key_field_value()>
                <KeyValue value what=t::key_value_what() />
            </Definition>
        }
    });
    let id = key_id(key.id.0.clone());
    view! {
        <Definitions>
            {value}
            <Definition term=t::key_field_id()>{id}</Definition>
        </Definitions>
        {install}
        {json_button(key_json::key_json(manifest, key))}
    }
    .into_any()
}
