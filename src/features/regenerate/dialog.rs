//! Making the new key: the form filled like the old one, and the value where it is told once.

use std::sync::Arc;

use leptos::prelude::*;

use super::removal::RemovalDialog;
use super::steps::{self, Kept, Stand};
use crate::domain::{FieldId, Key};
use crate::features::create::load_maxima;
use crate::features::curl::CurlDetails;
use crate::features::key_form::{KeyFields, KeyForm, TitleCheck, title_check};
use crate::features::key_text;
use crate::features::leave::{Leave, LeaveQuestion};
use crate::features::offers::OfferDialog;
use crate::features::once::{Made, OnceDialog};
use crate::features::outcome_text::{Action, key_after};
use crate::features::outcome_view::{OutcomeView, Steps};
use crate::features::workspace::{Overlay, Workspace};
use crate::features::write::Write;
use crate::i18n::t;
use crate::journal::{Notice, Outcome};
use crate::systems::{ActionKind, Call, Draft, Manifest, SecretPolicy};
use crate::ui::{Button, ButtonKind, Dialog, DialogCancel, DialogSize, Icon};

/// A new key that was made in the place of an old one, which is still there.
#[derive(Clone)]
pub struct Left {
    /// The old key as the reader saw it.
    pub old: Arc<Key>,
    /// The new one, without its value where that is told once.
    pub new: Arc<Key>,
    /// What became of making it.
    pub outcome: Arc<Outcome>,
    pub(super) kept: Kept,
}

/// Where a replacement stands after its form. It outlives the form, which may be closed while the key is made.
#[derive(Clone, Copy)]
struct Run {
    /// Until the form has closed.
    waiting: StoredValue<Option<(Left, Option<Arc<Made>>)>>,
    /// The value that is told once, while it is shown.
    made: RwSignal<Option<Arc<Made>>>,
    /// Whether the reader said that it is stored.
    stored: RwSignal<bool>,
    left: RwSignal<Option<Left>>,
}

impl Run {
    /// Keeps what was made. It is shown at once when the form is gone.
    fn keep(self, old: &Arc<Key>, mut outcome: Outcome, tells_once: bool, write: Write) -> Outcome {
        let Outcome::Done { key: Some(_), notices, .. } = &outcome else { return outcome };
        let is_lost = notices.contains(&Notice::SecretLost);
        let made = if tells_once { Made::take(&mut outcome).map(Arc::new) } else { None };
        let Some(new) = key_after(&outcome).cloned().map(Arc::new) else { return outcome };
        let kept = match (is_lost, &made) {
            (true, _) => Kept::Lost,
            (false, Some(_)) => Kept::NotSaid,
            (false, None) => Kept::NoNeed,
        };
        let copy = copy_of(&outcome);
        let left = Left { old: old.clone(), new, outcome: Arc::new(copy), kept };
        if write.pending().try_get_untracked().is_some() {
            self.waiting.try_set_value(Some((left, made)));
        } else {
            self.show(left, made);
        }
        outcome
    }

    fn show(self, left: Left, made: Option<Arc<Made>>) {
        self.stored.try_set(false);
        self.left.try_set(Some(left));
        self.made.try_set(made);
    }

    /// Shows what waits, in the place of the form.
    fn go_on(self, workspace: &Workspace) {
        let Some((left, made)) = self.waiting.try_update_value(Option::take).flatten() else { return };
        // First, so that the focus later returns to what opened the form.
        workspace.close();
        self.show(left, made);
    }

    /// The value was shown, and is forgotten.
    fn shown(self) {
        let kept = if self.stored.get_untracked() { Kept::Stored } else { Kept::NotSaid };
        self.made.set(None);
        self.left.update(|it| {
            if let Some(left) = it {
                left.kept = kept;
            }
        });
    }
}

/// The outcome of a create once more, without what only its first reader gets.
fn copy_of(outcome: &Outcome) -> Outcome {
    match outcome {
        Outcome::Done { asked, notices, .. } => {
            Outcome::Done { key: None, asked: asked.clone(), notices: notices.clone(), raw: String::new() }
        }
        _ => Outcome::Gone,
    }
}

/// "Replace …". Open while the workspace's overlay says so; and, once the new key is made, until the old one is removed
/// or the reader leaves both.
#[component]
pub fn RegenerateDialog() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let run = Run {
        waiting: StoredValue::new(None),
        made: RwSignal::new(None),
        stored: RwSignal::new(false),
        left: RwSignal::new(None),
    };
    let form = move || {
        let old = workspace.overlay.with(|it| match it {
            Some(Overlay::Regenerate(key)) => Some(Arc::new(Key::clone(key))),
            _ => None,
        })?;
        Some(dialog(&workspace, old, run))
    };
    let value = move || {
        let made = run.made.get()?;
        Some(view! { <OnceDialog made on_close=move || run.shown() stored=run.stored /> })
    };
    let removal = move || {
        if run.made.with(Option::is_some) {
            return None;
        }
        let left = run.left.get()?;
        Some(view! { <RemovalDialog left on_close=move || run.left.set(None) /> })
    };
    view! { {form} {value} {removal} }.into_any()
}

/// The form filled like the old key, with its title.
#[must_use]
pub fn draft_of(manifest: &Manifest, old: &Key) -> Draft {
    Draft::like(manifest, old).with_text(FieldId::TITLE, old.title().trim())
}

fn dialog(workspace: &Workspace, old: Arc<Key>, run: Run) -> AnyView {
    let manifest = workspace.manifest();
    let title = key_text::title_or_placeholder(&old);
    let form = KeyForm::new(manifest, &draft_of(manifest, &old));
    let write = Write::new();
    let leave = Leave::new(write, Signal::derive(move || form.is_dirty()));
    let close = workspace.on_close();
    let submit = {
        let (workspace, old, title) = (workspace.clone(), old.clone(), title.clone());
        UnsyncCallback::from(move || {
            if write.pending().get_untracked() {
                return;
            }
            let Some(new) = form.attempt() else { return };
            let tells_once = manifest.secret == SecretPolicy::Once;
            let (old, done_workspace) = (old.clone(), workspace.clone());
            let given = untrack(|| form.text(FieldId::TITLE));
            let name = if given.is_empty() { title.clone() } else { given };
            write.start(
                &workspace,
                Action::Create,
                name,
                move |journal, steps| async move {
                    let outcome = journal.create(&new, |step| steps.at(step)).await;
                    run.keep(&old, outcome, tells_once, write)
                },
                move |outcome| {
                    if let Outcome::Refused(error) = &**outcome {
                        form.show_refusal(error);
                    }
                    run.go_on(&done_workspace);
                },
            );
        })
    };
    let footer = move || {
        let word = move || if write.outcome().is_some() { t::create_again() } else { t::regenerate_create() };
        view! {
            <DialogCancel />
            <Button kind=ButtonKind::Primary icon=Icon::Plus submit=true pending=write.pending()>{word}</Button>
        }
    };
    let heading = t::regenerate_title(&title);
    let content = {
        let workspace = workspace.clone();
        StoredValue::new_local(move || body(&workspace, &old, &title, form, write))
    };
    view! {
        <Dialog
            open=true
            on_close=close
            title=heading
            guard=leave.guard()
            on_submit=submit
            size=DialogSize::Medium
            footer
        >
            {content.with_value(|it| it())}
        </Dialog>
        <OfferDialog form />
        <LeaveQuestion leave on_leave=close />
    }
    .into_any()
}

fn body(workspace: &Workspace, old: &Arc<Key>, title: &str, form: KeyForm, write: Write) -> AnyView {
    let manifest = form.manifest();
    let effect = manifest.action(ActionKind::Regenerate).map_or("", |it| (it.effect)());
    // The old key's title is the one that is meant to be used again.
    let own = Signal::stored(Some((old.id.clone(), old.title().to_owned())));
    let check = match manifest.form(false).any(|it| it.id == FieldId::TITLE) {
        true => title_check(workspace, Signal::derive(move || form.text(FieldId::TITLE)), own),
        false => Signal::stored(TitleCheck::Nothing),
    };
    let call = Signal::derive(move || form.wanted().map(Call::Create));
    let second = match manifest.secret {
        SecretPolicy::Once => t::regenerate_step_value(),
        _ => t::regenerate_value_readable(),
    };
    let plan = steps::list(vec![
        (Stand::Now, t::regenerate_step_create().to_owned()),
        (Stand::Later, second.to_owned()),
        (Stand::Later, t::regenerate_step_remove(title)),
    ]);
    load_maxima(workspace, form);
    let name = title.to_owned();
    let said = move || {
        // What happened is told by the next dialog.
        let outcome = write.outcome().filter(|it| !matches!(&**it, Outcome::Done { .. }))?;
        Some(view! { <OutcomeView outcome action=Action::Create title=name.clone() /> })
    };
    view! {
        {said}
        <p>{effect}</p>
        {plan}
        <KeyFields form title_check=check />
        <CurlDetails call />
        <Steps write />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Value;
    use crate::features::key_text::tests::key;
    use crate::systems::qualys_gateway::MANIFEST;
    use crate::systems::qualys_gateway::fields::LICENCES;

    #[test]
    fn the_new_key_starts_as_the_old_one_with_its_title_and_without_its_value() {
        let mut old = key();
        old.fields.set(FieldId::TITLE, Value::Text(" Payroll servers ".to_owned()));
        let draft = draft_of(&MANIFEST, &old);
        assert_eq!(draft.text(FieldId::TITLE), "Payroll servers");
        assert_eq!(draft.list(LICENCES).len(), 2);
        assert!(draft.get(FieldId::VALUE).is_none() && draft.get(FieldId::USED).is_none());
    }
}
