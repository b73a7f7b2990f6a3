//! Deleting a key or taking it back: what is lost, the typed title for a key that is used, and disabling as the
//! way back.

use leptos::prelude::*;

use super::curl::CurlDetails;
use super::key_text;
use super::leave::{Leave, LeaveQuestion};
use super::outcome_text::{self, Action};
use super::outcome_view::{OutcomeView, Steps};
use super::workspace::{Overlay, Workspace};
use super::write::Write;
use crate::domain::Key;
use crate::http::{Cancel, ErrorKind};
use crate::i18n::t;
use crate::journal::Outcome;
use crate::systems::{ActionKind, Call, Manifest, Removal};
use crate::ui::{
    Answer, Banner, Button, ButtonKind, Dialog, DialogCancel, DialogSize, Icon, TextField, Tone, latest, memo,
};

/// "Delete …?" or "Revoke …?". Open while the workspace's overlay says so.
#[component]
pub fn DeleteDialog() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    move || {
        let key = workspace.overlay.with(|it| match it {
            Some(Overlay::Delete(key)) => Some(Key::clone(key)),
            _ => None,
        })?;
        Some(dialog(&workspace, key))
    }
}

/// What has to be typed before a key can be deleted: the title of a used one, or its id where the title is
/// blank. Nothing for a key that nothing uses, or where the system does not count.
#[must_use]
pub fn typed_before_delete(key: &Key) -> Option<String> {
    let title = key.title().trim();
    let wanted = if title.is_empty() { key.id.0.as_str() } else { title };
    key.used().is_some_and(|it| it > 0).then(|| wanted.to_owned())
}

/// The words for one way of removing a key.
pub(super) struct Verb {
    pub(super) action: Action,
    pub(super) kind: ActionKind,
    pub(super) title: fn(&str) -> String,
    confirm: &'static str,
}

impl Verb {
    pub(super) fn of(removal: Removal) -> Self {
        let action = Action::from(removal);
        match removal {
            Removal::Delete => Self {
                action,
                kind: ActionKind::Delete,
                title: t::delete_title,
                confirm: t::delete_confirm(),
            },
            Removal::Revoke => Self {
                action,
                kind: ActionKind::Revoke,
                title: t::revoke_title,
                confirm: t::revoke_confirm(),
            },
        }
    }
}

/// Whether a refusal is about the key being in use, as far as a status can tell: the documents show none
/// (reference `qualys.md`, 1.5).
fn is_refused_for_use(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Refused(error) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::Invalid))
}

fn dialog(workspace: &Workspace, seen: Key) -> AnyView {
    let manifest = workspace.manifest();
    let Verb { action, kind, title, confirm } = Verb::of(workspace.client().removal(&seen));
    let write = Write::new();
    let leave = Leave::new(write, Signal::stored(false));
    let name = key_text::title_or_placeholder(&seen);
    let key = fresh(workspace, seen);
    let answer = RwSignal::new(String::new());
    let typed = memo(move |_| key.with(typed_before_delete));
    let refused = Signal::derive(move || {
        typed.with(|it| it.as_ref().is_some_and(|wanted| answer.with(|it| it.trim() != wanted)))
    });
    let is_over =
        memo(move |_| write.outcome().is_some_and(|it| matches!(&*it, Outcome::Done { .. } | Outcome::Gone)));
    let in_use = memo(move |_| write.outcome().is_some_and(|it| is_refused_for_use(&it)));
    let close = workspace.on_close();
    let submit = {
        let (workspace, name) = (workspace.clone(), name.clone());
        UnsyncCallback::from(move || {
            if refused.get_untracked() || is_over.get_untracked() {
                return;
            }
            let id = key.with_untracked(|it| it.id.clone());
            let (done_workspace, done_name) = (workspace.clone(), name.clone());
            write.start(
                &workspace,
                action,
                name.clone(),
                move |journal, steps| async move { journal.delete(&id, |step| steps.at(step)).await },
                move |outcome| {
                    if matches!(&**outcome, Outcome::Done { notices, .. } if notices.is_empty()) {
                        let (tone, text) = outcome_text::summary(outcome, action, &done_name);
                        write.say(tone, text);
                        done_workspace.close();
                    }
                },
            );
        })
    };
    let disable = {
        let workspace = workspace.clone();
        UnsyncCallback::from(move || {
            workspace.open(Overlay::SetEnabled(Box::new(key.get_untracked()), false))
        })
    };
    let footer = move || {
        let instead = move || {
            let offered = in_use.get() && manifest.can(ActionKind::Disable) && !key.with(|it| it.disabled);
            offered.then(|| view! { <Button icon=Icon::Ban on_click=disable>{t::delete_disable()}</Button> })
        };
        let main = move || {
            if is_over.get() {
                return view! { <DialogCancel label=t::ui_close() /> }.into_any();
            }
            view! {
                <DialogCancel autofocus=typed.with_untracked(Option::is_none) />
                <Button kind=ButtonKind::Danger icon=Icon::Trash submit=true pending=write.pending() disabled=refused>
                    {confirm}
                </Button>
            }
            .into_any()
        };
        view! { {instead} {main} }
    };
    let title = title(&name);
    let body = move || {
        let name = name.clone();
        let outcome = move || {
            let outcome = write.outcome()?;
            Some(view! { <OutcomeView outcome action title=name.clone() /> })
        };
        // Known of the systems whose keys enrol agents alone.
        let may_be_in_use = manifest.can(ActionKind::Install) && manifest.can(ActionKind::Disable);
        let advice =
            move || (may_be_in_use && in_use.get()).then(|| in_use_advice(key.with(|it| it.disabled)));
        let question = move || (!is_over.get()).then(|| question(manifest, kind, key, typed, answer));
        view! { {outcome} {advice} {question} <Steps write /> }
    };
    view! {
        <Dialog open=true on_close=close title guard=leave.guard() on_submit=submit size=DialogSize::Small footer>
            {body()}
        </Dialog>
        <LeaveQuestion leave on_leave=close />
    }
    .into_any()
}

/// The key as it is now: agents may have enrolled since the list was read. Until the answer comes, and where
/// none comes, the key as the reader saw it.
pub(super) fn fresh(workspace: &Workspace, seen: Key) -> Signal<Key> {
    let client = workspace.client().clone();
    let question = Signal::stored(Some(seen.id.clone()));
    let reading = latest(question, Cancel::new, Cancel::cancel, move |id, cancel| {
        let client = client.clone();
        async move { client.get(&id, &cancel).await }
    });
    Signal::derive(move || match reading.get() {
        Answer::Ready(key) => Key::clone(&key),
        _ => seen.clone(),
    })
}

fn in_use_advice(is_disabled: bool) -> AnyView {
    let text = if is_disabled { t::delete_in_use_disabled() } else { t::delete_in_use() };
    view! { <Banner tone=Tone::Info>{text}</Banner> }.into_any()
}

/// What is lost, and the field to type into.
pub(super) fn question(
    manifest: &'static Manifest,
    kind: ActionKind,
    key: Signal<Key>,
    typed: Memo<Option<String>>,
    answer: RwSignal<String>,
) -> AnyView {
    let effect = manifest.action(kind).map_or("", |it| (it.effect)());
    let used = memo(move |_| key.with(Key::used));
    let used_text = move || {
        let text = match (used.get()?, manifest.can(ActionKind::Install)) {
            (0, true) => t::delete_unused().to_owned(),
            (used, true) => t::delete_used(used),
            (used, false) => key_text::in_use_text(manifest, used),
        };
        Some(view! { <p>{text}</p> })
    };
    let field = move || {
        let wanted = typed.get()?;
        Some(view! { <TextField label=t::ui_type_to_confirm(&wanted) value=answer autofocus=true /> })
    };
    let call = Signal::stored(Some(Call::Delete(key.with_untracked(|it| it.id.clone()))));
    view! {
        <p>{effect}</p>
        {used_text}
        {field}
        <CurlDetails call />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FieldId, Value};
    use crate::features::key_text::tests::key;
    use crate::http::{ApiError, Method, Request};

    #[test]
    fn a_used_key_asks_for_its_title_or_its_id() {
        let mut used = key();
        assert_eq!(typed_before_delete(&used).as_deref(), Some("Payroll servers"));
        used.fields.set(FieldId::TITLE, Value::Text("  ".to_owned()));
        assert_eq!(typed_before_delete(&used).as_deref(), Some("7"));
        used.fields.set(FieldId::USED, Value::Number(0));
        assert_eq!(typed_before_delete(&used), None);
        used.fields.remove(FieldId::USED);
        assert_eq!(typed_before_delete(&used), None);
    }

    #[test]
    fn disabling_is_offered_for_refusals_alone() {
        let error = |kind| ApiError::without_answer(kind, &Request::write(Method::Delete, "x"), true);
        assert!(is_refused_for_use(&Outcome::Refused(error(ErrorKind::Conflict))));
        assert!(!is_refused_for_use(&Outcome::Refused(error(ErrorKind::Forbidden))));
        assert!(!is_refused_for_use(&Outcome::NotDone(error(ErrorKind::TimedOut))));
    }
}
