//! "Is this key valid?": a small tool. What is typed lives as long as the dialog and is kept nowhere.

use leptos::prelude::*;

use super::error_view::ErrorView;
use super::key_form::{KeyFields, KeyForm, TitleCheck};
use super::workspace::{Overlay, Workspace};
use crate::domain::Fields;
use crate::http::{ApiError, Cancel};
use crate::i18n::t;
use crate::systems::manifest::VerifySpec;
use crate::systems::{ActionKind, Draft, Verdict};
use crate::ui::{
    Answer, Badge, Banner, Button, ButtonKind, Dialog, DialogCancel, DialogSize, Icon, Latest, Spinner, Tone,
    latest,
};

/// "Check a key". Open while the workspace's overlay says so.
#[component]
pub fn VerifyDialog() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    move || {
        let is_open = workspace.overlay.with(|it| matches!(it, Some(Overlay::Verify)));
        let spec = workspace.manifest().verify.filter(|_| is_open)?;
        Some(dialog(&workspace, spec))
    }
}

/// What was asked. Each click is a question of its own: a key may be switched off between two.
#[derive(Clone, PartialEq)]
struct Asked {
    round: u64,
    draft: Draft,
    fields: Fields,
}

/// What the parts of the dialog share.
#[derive(Clone)]
struct Parts {
    workspace: Workspace,
    form: KeyForm,
    asked: RwSignal<Option<Asked>>,
    verdict: Latest<Verdict, ApiError>,
}

impl Parts {
    fn submit(&self) {
        if self.verdict.loading().get_untracked() {
            return;
        }
        let Some(fields) = self.form.attempt() else { return };
        let round = self.asked.with_untracked(|it| it.as_ref().map_or(0, |it| it.round + 1));
        self.asked.set(Some(Asked { round, draft: self.form.draft_untracked(), fields }));
    }

    /// Whether the verdict is about what the fields say now; tracks.
    fn is_current(&self) -> bool {
        let draft = self.form.draft();
        self.asked.with(|it| it.as_ref().is_some_and(|it| it.draft == draft))
    }
}

fn dialog(workspace: &Workspace, spec: VerifySpec) -> AnyView {
    let form = KeyForm::new(workspace.manifest().aside(spec.fields), &Draft::default());
    let asked = RwSignal::new(None::<Asked>);
    let client = workspace.client().clone();
    let verdict = latest(asked.into(), Cancel::new, Cancel::cancel, move |asked: Asked, cancel| {
        let client = client.clone();
        async move { client.verify(&asked.fields, &cancel).await }
    });
    let parts = Parts { workspace: workspace.clone(), form, asked, verdict };
    let close = workspace.on_close();
    let submit = {
        let parts = parts.clone();
        UnsyncCallback::from(move || parts.submit())
    };
    let footer = move || {
        view! {
            <DialogCancel label=t::ui_close() />
            <Button kind=ButtonKind::Primary icon=Icon::Check submit=true pending=verdict.loading()>
                {t::verify_send()}
            </Button>
        }
    };
    let content = StoredValue::new_local(move || body(&parts));
    view! {
        <Dialog open=true on_close=close title=t::verify_title().to_owned() on_submit=submit size=DialogSize::Small footer>
            {content.with_value(|it| it())}
        </Dialog>
    }
    .into_any()
}

fn body(parts: &Parts) -> AnyView {
    let effect = parts.workspace.manifest().action(ActionKind::Verify).map_or("", |it| (it.effect)());
    let form = parts.form;
    let said = {
        let parts = parts.clone();
        move || said(&parts)
    };
    view! {
        <p>{effect}</p>
        <KeyFields form title_check=Signal::stored(TitleCheck::Nothing) />
        <p class="form-note">{t::verify_kept()}</p>
        <div role="status">{said}</div>
    }
    .into_any()
}

/// The verdict, while it is about what stands in the fields.
fn said(parts: &Parts) -> AnyView {
    if !parts.is_current() {
        return ().into_any();
    }
    let reading = parts.verdict;
    match reading.get() {
        Answer::Ready(verdict) => shown(&parts.workspace, &verdict),
        Answer::Failed { error, .. } => {
            let error = ApiError::clone(&error);
            view! { <ErrorView error on_retry=move || reading.reload() /> }.into_any()
        }
        Answer::Loading { .. } => {
            view! { <p class="row"><Spinner /> <span>{t::verify_asking()}</span></p> }.into_any()
        }
        Answer::Idle => ().into_any(),
    }
}

fn shown(workspace: &Workspace, verdict: &Verdict) -> AnyView {
    let (tone, icon, word) = match verdict.valid {
        true => (Tone::Success, Icon::Success, t::verify_valid()),
        false => (Tone::Danger, Icon::Ban, t::verify_invalid()),
    };
    let link = verdict.key.clone().map(|id| {
        let workspace = workspace.clone();
        let on_click = move || workspace.open(Overlay::Key(id.clone()));
        view! { <div class="button-row"><Button icon=Icon::Key on_click>{t::verify_open_key()}</Button></div> }
    });
    let why = verdict.why.clone();
    let tone_of_text = if verdict.valid { Tone::Success } else { Tone::Warning };
    view! {
        <Banner tone=tone_of_text>
            <p><Badge tone icon=Some(icon) text=word /></p>
            <p>{why}</p>
        </Banner>
        {link}
    }
    .into_any()
}
