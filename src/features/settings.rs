//! Settings of the whole account: shown with what each does, changed with the differences in view, and asked
//! compared with got.

use std::sync::Arc;

use leptos::prelude::*;

use super::curl::CurlDetails;
use super::error_view::ErrorView;
use super::key::change_lines;
use super::key_form::{KeyFields, KeyForm, TitleCheck, rebase};
use super::key_text;
use super::leave::{Leave, LeaveQuestion};
use super::outcome_text::Action;
use super::outcome_view::{OutcomeView, Steps, asked_table, outcome_frame};
use super::workspace::{Overlay, Workspace};
use super::write::{self, Write};
use crate::domain::{Fields, Key};
use crate::http::{ApiError, Cancel, ErrorKind};
use crate::i18n::t;
use crate::journal::{Outcome, Step};
use crate::systems::manifest::SettingSpec;
use crate::systems::{
    Act, ActionKind, Asked, Call, Change, Client, Draft, FieldSpec, Manifest, Use, compare, differences,
    plan_change,
};
use crate::ui::{
    Answer, Banner, Button, ButtonKind, Definition, Definitions, Dialog, DialogCancel, DialogSize, Icon,
    Latest, StateKind, StateScreen, Tone, effect, latest,
};

/// "Account settings". Open while the workspace's overlay says so.
#[component]
pub fn SettingsDialog() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    move || {
        let is_open = workspace.overlay.with(|it| matches!(it, Some(Overlay::Settings)));
        is_open.then(|| dialog(&workspace))
    }
}

/// The id of the settings as shown: the focus goes there from the form.
const SHOWN_ID: &str = "settings-shown";

/// The settings as one thing that can be compared and edited like a key.
fn as_key(fields: Fields) -> Key {
    Key { fields, ..Key::new("settings") }
}

async fn read(client: &Client, cancel: &Cancel) -> Result<Key, ApiError> {
    client.settings(cancel).await.map(as_key)
}

/// What was asked for, and the last reading before that.
type Wanted = (Fields, Option<Arc<Key>>);

/// What the parts of the dialog share.
#[derive(Clone)]
struct Parts {
    workspace: Workspace,
    /// The settings as a manifest of their own.
    manifest: &'static Manifest,
    form: KeyForm,
    write: Write,
    reading: Latest<Key, ApiError>,
    /// The newest reading, which is shown and edited.
    base: RwSignal<Option<Arc<Key>>>,
    editing: RwSignal<bool>,
    /// Save was pressed with nothing to send.
    nothing: RwSignal<bool>,
    /// What was asked for by the last change that happened, and the reading before it.
    wanted: RwSignal<Option<Wanted>>,
}

impl Parts {
    fn edit(&self) {
        let Some(key) = self.base.get_untracked() else { return };
        self.form.fill(&Draft::of(self.manifest, &key), Some(key));
        self.nothing.set(false);
        self.wanted.set(None);
        self.write.clear();
        self.editing.set(true);
        self.form.focus();
    }

    fn show(&self) {
        self.write.clear();
        self.editing.set(false);
        write::focus(SHOWN_ID);
    }

    /// What would be sent; tracks.
    fn change(&self) -> Option<Change> {
        let wanted = self.form.wanted()?;
        let base = self.base.get()?;
        Some(plan_change(self.manifest, &base, &wanted))
    }

    fn save(&self) {
        if self.write.pending().get_untracked() || !self.editing.get_untracked() {
            return;
        }
        self.nothing.set(false);
        let Some(wanted) = self.form.attempt() else { return };
        let Some(base) = self.base.get_untracked() else { return };
        let change = plan_change(self.manifest, &base, &wanted);
        if change.is_empty() {
            self.nothing.set(true);
            return;
        }
        let (client, manifest, parts) = (self.workspace.client().clone(), self.manifest, self.clone());
        self.write.start(
            &self.workspace,
            Action::Settings,
            t::settings_title().to_owned(),
            move |journal, steps| async move {
                steps.at(Step::Checking);
                match read(&client, &Cancel::new()).await {
                    Ok(now) => {
                        let fields = differences(manifest, &base, &now);
                        if !fields.is_empty() {
                            return Outcome::Moved { now: Box::new(now), fields };
                        }
                    }
                    Err(err) => return Outcome::Refused(err),
                }
                journal.act(&Act::SetSettings(change), |step| steps.at(step)).await
            },
            move |outcome| parts.saved(outcome, &wanted),
        );
    }

    fn saved(&self, outcome: &Outcome, wanted: &Fields) {
        match outcome {
            Outcome::Done { .. } => {
                let before = self.reading.signal().with_untracked(|it| it.value().cloned());
                self.wanted.set(Some((wanted.clone(), before)));
                self.editing.set(false);
                self.reading.reload();
            }
            Outcome::Moved { now, .. } => {
                let Some(read) = self.base.get_untracked() else { return };
                let now = Arc::new(Key::clone(now));
                let draft = rebase(self.manifest, &self.form.draft_untracked(), &read, &now);
                self.form.fill_rebased(&draft, now.clone());
                self.base.set(Some(now));
            }
            Outcome::Refused(error) => {
                self.form.show_refusal(error);
            }
            _ => {}
        }
    }

    /// What came out differently, once the settings were read after the change; tracks.
    fn asked(&self) -> Option<Vec<Asked>> {
        let (wanted, before) = self.wanted.get()?;
        match self.reading.get() {
            Answer::Ready(now) if !before.is_some_and(|it| Arc::ptr_eq(&it, &now)) => {
                Some(compare(self.manifest, &wanted, &now))
            }
            _ => None,
        }
    }
}

fn dialog(workspace: &Workspace) -> AnyView {
    let manifest = workspace.manifest().settings_form();
    let client = workspace.client().clone();
    let reading = latest(Signal::stored(Some(())), Cancel::new, Cancel::cancel, move |(), cancel| {
        let client = client.clone();
        async move { read(&client, &cancel).await }
    });
    let base = RwSignal::new(None::<Arc<Key>>);
    effect(move |_| {
        if let Answer::Ready(key) = reading.get() {
            base.set(Some(key));
        }
    });
    let (form, write, editing) =
        (KeyForm::new(manifest, &Draft::default()), Write::new(), RwSignal::new(false));
    let parts = Parts {
        workspace: workspace.clone(),
        manifest,
        form,
        write,
        reading,
        base,
        editing,
        nothing: RwSignal::new(false),
        wanted: RwSignal::new(None),
    };
    let leave = Leave::new(write, Signal::derive(move || editing.get() && form.is_dirty()));
    let close = workspace.on_close();
    let submit = {
        let parts = parts.clone();
        UnsyncCallback::from(move || parts.save())
    };
    let content = {
        let parts = parts.clone();
        StoredValue::new_local(move || match editing.get() {
            true => form_screen(&parts),
            false => shown_screen(&parts),
        })
    };
    let footer = StoredValue::new_local(move || buttons(&parts, editing.get()));
    view! {
        <Dialog
            open=true
            on_close=close
            title=t::settings_title().to_owned()
            guard=leave.guard()
            on_submit=submit
            size=DialogSize::Medium
            footer=move || view! { {move || footer.with_value(|it| it())} }
        >
            {move || content.with_value(|it| it())}
        </Dialog>
        <LeaveQuestion leave on_leave=close />
    }
    .into_any()
}

/// What became of the last change. Compared with what is there, since the answer to it says nothing.
fn outcome(parts: &Parts) -> Option<AnyView> {
    let outcome = parts.write.outcome()?;
    if let Outcome::Moved { fields, .. } = &*outcome {
        let names: Vec<&str> = fields.iter().map(|it| parts.manifest.label(*it)).collect();
        let text = t::settings_moved(&names.join(", "));
        let view = view! { <Banner tone=Tone::Warning title=t::write_settings_not_changed()>{text}</Banner> };
        return Some(outcome_frame(view.into_any()));
    }
    let compared = parts.asked().map(|asked| match asked.is_empty() {
        true => view! { <p>{t::write_as_asked()}</p> }.into_any(),
        false => asked_table(parts.manifest, &asked),
    });
    Some(
        view! { <OutcomeView outcome action=Action::Settings title=t::settings_title() /> {compared} }
            .into_any(),
    )
}

fn shown_screen(parts: &Parts) -> AnyView {
    let parts = parts.clone();
    let said = {
        let parts = parts.clone();
        move || outcome(&parts)
    };
    let effect = parts.workspace.manifest().action(ActionKind::Settings).map_or("", |it| (it.effect)());
    let shown = move || match (parts.base.get(), parts.reading.get().error().cloned()) {
        (_, Some(error)) => failed(parts.reading, &error),
        (None, None) => {
            view! { <StateScreen kind=StateKind::Loading title=t::settings_reading() /> }.into_any()
        }
        (Some(key), None) => facts(parts.workspace.manifest().settings, &key),
    };
    view! {
        <div class="form" id=SHOWN_ID tabindex="-1">
            {said}
            <p>{effect}</p>
            {shown}
        </div>
    }
    .into_any()
}

/// Who may not read the settings is told so, and not that something broke.
fn failed(reading: Latest<Key, ApiError>, error: &ApiError) -> AnyView {
    let error = error.clone();
    let why = (error.kind == ErrorKind::Forbidden)
        .then(|| view! { <Banner tone=Tone::Info title=t::settings_forbidden()>{t::settings_forbidden_why()}</Banner> });
    view! { {why} <ErrorView error on_retry=move || reading.reload() /> }.into_any()
}

fn facts(settings: &'static [SettingSpec], key: &Key) -> AnyView {
    let fact = |it: &'static SettingSpec| {
        let text = match key.fields.get(it.field.id) {
            Some(value) => key_text::value_text(&it.field, value),
            None => key_text::not_told_text(&it.field).to_owned(),
        };
        let about = (it.about)();
        view! {
            <Definition term=(it.field.label)()>
                <span>{text}</span>
                <p class="form-note">{about}</p>
            </Definition>
        }
        .into_any()
    };
    let facts: Vec<AnyView> = settings.iter().map(fact).collect();
    view! { <Definitions>{facts}</Definitions> }.into_any()
}

fn form_screen(parts: &Parts) -> AnyView {
    let (form, write, nothing) = (parts.form, parts.write, parts.nothing);
    let said = {
        let parts = parts.clone();
        move || outcome(&parts)
    };
    let forbidden = move || {
        let outcome = write.outcome()?;
        let is_forbidden = matches!(&*outcome, Outcome::Refused(error) if error.kind == ErrorKind::Forbidden);
        is_forbidden
            .then(|| view! { <Banner tone=Tone::Info title=t::settings_forbidden()>{t::settings_forbidden_why()}</Banner> })
    };
    let preview = {
        let parts = parts.clone();
        move || preview(&parts)
    };
    let call = {
        let parts = parts.clone();
        Signal::derive(move || {
            parts.change().filter(|it| !it.is_empty()).map(|it| Call::Act(Act::SetSettings(it)))
        })
    };
    let nothing =
        move || nothing.get().then(|| view! { <Banner tone=Tone::Info>{t::edit_nothing()}</Banner> });
    view! {
        {said}
        {forbidden}
        <KeyFields form title_check=Signal::stored(TitleCheck::Nothing) />
        <section class="form-part">
            <h3 class="form-title">{t::edit_preview()}</h3>
            {preview}
        </section>
        <CurlDetails call />
        {nothing}
        <Steps write />
    }
    .into_any()
}

fn preview(parts: &Parts) -> AnyView {
    let (Some(change), Some(base)) = (parts.change(), parts.base.get()) else {
        return view! { <p class="form-note">{t::edit_preview_errors()}</p> }.into_any();
    };
    if change.is_empty() {
        return view! { <p class="form-note">{t::edit_nothing()}</p> }.into_any();
    }
    let lines = change_lines(parts.manifest, &base, &change);
    let lines: Vec<AnyView> = lines.into_iter().map(|it| view! { <li>{it}</li> }.into_any()).collect();
    view! { <ul class="change-list">{lines}</ul> }.into_any()
}

fn buttons(parts: &Parts, editing: bool) -> AnyView {
    let write = parts.write;
    if editing {
        let word = move || if write.outcome().is_some() { t::create_again() } else { t::settings_save() };
        let parts = parts.clone();
        return view! {
            <Button disabled=write.pending() on_click=move || parts.show()>{t::edit_back()}</Button>
            <Button kind=ButtonKind::Primary submit=true pending=write.pending()>{word}</Button>
        }
        .into_any();
    }
    let can_edit = parts.manifest.fields.iter().any(|it: &FieldSpec| it.edit != Use::No);
    let parts = parts.clone();
    let edit = move || {
        (can_edit && parts.base.with(Option::is_some)).then(|| {
            let parts = parts.clone();
            let on_click = move || parts.edit();
            view! { <Button kind=ButtonKind::Primary icon=Icon::Pencil on_click>{t::settings_change()}</Button> }
        })
    };
    view! { <DialogCancel label=t::ui_close() /> {edit} }.into_any()
}
