//! The dialog around one key: reading, details, the form, and the way between them.

use std::sync::Arc;

use leptos::prelude::*;

use super::detail::{KeyDetail, actions};
use super::edit::{self, Editing};
use super::moved;
use crate::domain::{Key, KeyId};
use crate::features::error_view::ErrorView;
use crate::features::kept;
use crate::features::key_form::{KeyForm, rebase};
use crate::features::key_text;
use crate::features::leave::{Leave, LeaveQuestion};
use crate::features::offers::OfferDialog;
use crate::features::outcome_text::{Action, key_after};
use crate::features::outcome_view::{OutcomeView, Steps};
use crate::features::workspace::{Overlay, Workspace};
use crate::features::write::{self, Write};
use crate::http::{ApiError, Cancel, ErrorKind};
use crate::i18n::{capital, t};
use crate::journal::{Outcome, PlannedUpdate};
use crate::systems::{Draft, Manifest, plan_change};
use crate::ui::{
    Answer, Banner, Button, ButtonKind, Dialog, DialogCancel, DialogSize, Latest, StateKind, StateScreen,
    Tone, effect, latest, memo,
};

/// One key: reads it, shows it, edits it. Open while the workspace's overlay says so.
#[component]
pub fn KeyDialog() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    move || {
        let id = workspace.overlay.with(|it| match it {
            Some(Overlay::Key(id)) => Some(id.clone()),
            _ => None,
        })?;
        Some(dialog(&workspace, id))
    }
}

/// The id of the details: the focus goes there from the form.
const DETAIL_ID: &str = "key-detail";

/// What the parts of the dialog share.
#[derive(Clone)]
struct Parts {
    editing: Editing,
    write: Write,
    /// The form is shown.
    is_editing: RwSignal<bool>,
    /// Save was pressed with nothing to send.
    nothing: RwSignal<bool>,
    reading: Latest<Key, ApiError>,
}

/// What the body of the dialog shows. A memo, so that a form is not built anew while one types.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Screen {
    Reading,
    Failed,
    Detail,
    Form,
    Moved,
}

impl Parts {
    fn manifest(&self) -> &'static Manifest {
        self.editing.form.manifest()
    }

    fn screen(&self) -> Screen {
        if self.is_editing.get() {
            let moved = self.write.outcome().is_some_and(|it| matches!(&*it, Outcome::Moved { .. }));
            return if moved { Screen::Moved } else { Screen::Form };
        }
        match (self.editing.base.with(Option::is_some), self.reading.get()) {
            (true, _) => Screen::Detail,
            (false, Answer::Failed { .. }) => Screen::Failed,
            (false, _) => Screen::Reading,
        }
    }

    fn edit(&self) {
        let Some(key) = self.editing.base.get_untracked() else { return };
        self.editing.form.fill(&Draft::of(self.manifest(), &key), Some(key));
        self.nothing.set(false);
        self.write.clear();
        self.is_editing.set(true);
        self.editing.form.focus();
    }

    fn show_detail(&self) {
        self.write.clear();
        self.is_editing.set(false);
        write::focus(DETAIL_ID);
    }

    /// Sends the differences. On success the dialog shows the key as read back.
    fn save(&self) {
        if self.write.pending().get_untracked() || untrack(|| self.screen()) != Screen::Form {
            return;
        }
        self.nothing.set(false);
        let Some(wanted) = self.editing.form.attempt() else { return };
        let Some(read) = self.editing.base.get_untracked() else { return };
        let change = plan_change(self.manifest(), &read, &wanted);
        if change.is_empty() {
            self.nothing.set(true);
            return;
        }
        let title = key_text::title_or_placeholder(&read);
        let parts = self.clone();
        self.write.start(
            &self.editing.workspace,
            Action::Update,
            title,
            |journal, steps| async move {
                let plan = PlannedUpdate { read: &read, wanted: &wanted, change: &change };
                journal.update(plan, |step| steps.at(step)).await
            },
            move |outcome| parts.saved(outcome),
        );
    }

    fn saved(&self, outcome: &Outcome) {
        match outcome {
            Outcome::Done { .. } => {
                self.is_editing.set(false);
                match key_after(outcome) {
                    Some(key) => self.editing.base.set(Some(Arc::new(key.clone()))),
                    None => self.reading.reload(),
                }
            }
            Outcome::Refused(error) => {
                self.editing.form.show_refusal(error);
            }
            _ => {}
        }
    }

    /// After somebody else's change: goes on with the newer reading, with the edits made here on top.
    fn take_theirs(&self) {
        let Some(outcome) = untrack(|| self.write.outcome()) else { return };
        let (Outcome::Moved { now, .. }, Some(read)) = (&*outcome, self.editing.base.get_untracked()) else {
            return;
        };
        let now = Arc::new((**now).clone());
        let draft = rebase(self.manifest(), &self.editing.form.draft_untracked(), &read, &now);
        self.editing.form.fill_rebased(&draft, now.clone());
        self.editing.base.set(Some(now));
        self.write.clear();
        self.editing.form.focus();
    }
}

fn dialog(workspace: &Workspace, id: KeyId) -> AnyView {
    let base = RwSignal::new(None::<Arc<Key>>);
    let kept = StoredValue::new(kept::take(workspace, Some(&id)));
    let reading = read(workspace, id.clone(), base);
    let manifest = workspace.manifest();
    let form = KeyForm::new(manifest, &Draft::default());
    let editing = Editing { workspace: workspace.clone(), form, base };
    let write = Write::new();
    let parts =
        Parts { editing, write, is_editing: RwSignal::new(false), nothing: RwSignal::new(false), reading };

    let is_editing = parts.is_editing;
    let dirty = Signal::derive(move || is_editing.get() && form.is_dirty());
    let leave = Leave::new(write, dirty);
    kept::keep(workspace, form, Some(id), leave.unsent());
    effect({
        let parts = parts.clone();
        move |_| {
            if base.with(Option::is_none) {
                return;
            }
            if let Some(kept) = kept.try_update_value(Option::take).flatten() {
                untrack(|| parts.edit());
                kept::fill(form, &kept);
            }
        }
    });
    // Whether the reader who is asked wants back to the details, and not out of the dialog.
    let wants_back = RwSignal::new(false);
    let guard = move || {
        wants_back.set(false);
        leave.guard().run(())
    };
    let title = Signal::derive(move || match (base.get(), is_editing.get()) {
        (None, _) => capital((manifest.noun)()),
        (Some(key), false) => key_text::title_or_placeholder(&key),
        (Some(key), true) => t::edit_title(&key_text::title_or_placeholder(&key)),
    });
    let close = workspace.on_close();
    let screen = {
        let parts = parts.clone();
        memo(move |_| parts.screen())
    };
    let submit = {
        let parts = parts.clone();
        UnsyncCallback::from(move || parts.save())
    };
    let content = {
        let parts = parts.clone();
        StoredValue::new_local(move || body(&parts, screen.get()))
    };
    let footer = {
        let parts = parts.clone();
        let back = UnsyncCallback::from({
            let parts = parts.clone();
            move || {
                wants_back.set(true);
                if leave.guard().run(()) {
                    parts.show_detail();
                }
            }
        });
        StoredValue::new_local(move || buttons(&parts, screen.get(), back))
    };
    let on_leave = move || {
        if wants_back.get_untracked() && !write.pending().get_untracked() {
            parts.show_detail();
        } else {
            close.run(());
        }
    };
    view! {
        <Dialog
            open=true
            on_close=close
            title
            guard
            on_submit=submit
            size=DialogSize::Medium
            footer=move || view! { {move || footer.with_value(|it| it())} }
        >
            {move || content.with_value(|it| it())}
        </Dialog>
        <OfferDialog form />
        <LeaveQuestion leave on_leave />
    }
    .into_any()
}

/// Reads the key, and keeps the newest reading as the one that is shown and edited.
fn read(workspace: &Workspace, id: KeyId, base: RwSignal<Option<Arc<Key>>>) -> Latest<Key, ApiError> {
    let client = workspace.client().clone();
    let question = Signal::stored(Some(id));
    let reading = latest(question, Cancel::new, Cancel::cancel, move |id: KeyId, cancel| {
        let client = client.clone();
        async move { client.get(&id, &cancel).await }
    });
    effect(move |_| {
        if let Answer::Ready(key) = reading.get() {
            base.set(Some(key));
        }
    });
    reading
}

fn body(parts: &Parts, screen: Screen) -> AnyView {
    let write = parts.write;
    let base = parts.editing.base;
    let outcome = move || {
        let outcome = write.outcome()?;
        let title = base.get_untracked().map(|it| key_text::title_or_placeholder(&it)).unwrap_or_default();
        Some(view! { <OutcomeView outcome action=Action::Update title /> })
    };
    match screen {
        Screen::Reading => {
            view! { <StateScreen kind=StateKind::Loading title=t::key_reading() /> }.into_any()
        }
        Screen::Failed => untrack(|| failed(parts)),
        Screen::Detail => {
            let detail = move || base.get().map(|it| view! { <KeyDetail key=Key::clone(&it) /> });
            view! {
                {outcome}
                <div class="form" id=DETAIL_ID tabindex="-1">{detail}</div>
            }
            .into_any()
        }
        Screen::Form => {
            let nothing = parts.nothing;
            let nothing =
                move || nothing.get().then(|| view! { <Banner tone=Tone::Info>{t::edit_nothing()}</Banner> });
            view! {
                {outcome}
                {kept::note(parts.editing.form)}
                {edit::body(&parts.editing)}
                {nothing}
                <Steps write />
            }
            .into_any()
        }
        Screen::Moved => untrack(|| {
            let outcome = write.outcome()?;
            let (Outcome::Moved { now, fields }, Some(read)) = (&*outcome, base.get()) else { return None };
            Some(moved::body(parts.manifest(), &read, now, fields, &parts.editing.form.draft()))
        })
        .into_any(),
    }
}

fn failed(parts: &Parts) -> AnyView {
    let reading = parts.reading;
    let Some(error) = reading.get().error().cloned() else { return ().into_any() };
    let error = ApiError::clone(&error);
    if error.kind == ErrorKind::NotFound {
        return view! {
            <Banner tone=Tone::Warning title=t::key_gone_title()>{t::key_gone()}</Banner>
            <ErrorView error />
        }
        .into_any();
    }
    view! { <ErrorView error on_retry=move || reading.reload() /> }.into_any()
}

fn buttons(parts: &Parts, screen: Screen, back: UnsyncCallback<()>) -> AnyView {
    let pending = parts.write.pending();
    match screen {
        Screen::Reading | Screen::Failed => view! { <DialogCancel label=t::ui_close() /> }.into_any(),
        Screen::Detail => {
            let (workspace, base) = (parts.editing.workspace.clone(), parts.editing.base);
            let parts = parts.clone();
            let on_edit = UnsyncCallback::from(move || parts.edit());
            let row = move || base.get().map(|key| actions(&workspace, &key, on_edit));
            view! { {row} }.into_any()
        }
        Screen::Form => {
            let write = parts.write;
            let word = move || if write.outcome().is_some() { t::create_again() } else { t::edit_save() };
            view! {
                <Button on_click=back>{t::edit_back()}</Button>
                <Button kind=ButtonKind::Primary submit=true pending>{word}</Button>
            }
            .into_any()
        }
        Screen::Moved => {
            let (write, form) = (parts.write, parts.editing.form);
            let parts = parts.clone();
            view! {
                <Button on_click=move || {
                    write.clear();
                    form.focus();
                }>{t::moved_back()}</Button>
                <Button kind=ButtonKind::Primary on_click=move || parts.take_theirs()>{t::moved_take()}</Button>
            }
            .into_any()
        }
    }
}
