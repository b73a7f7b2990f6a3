//! Switching a key on or off: what it does, asked before; what came of it, said after.

use leptos::prelude::*;

use super::curl::CurlDetails;
use super::key_text;
use super::leave::{Leave, LeaveQuestion};
use super::outcome_text::{self, Action};
use super::outcome_view::{OutcomeView, Steps};
use super::workspace::{Overlay, Workspace};
use super::write::Write;
use crate::domain::{Key, Standing};
use crate::i18n::t;
use crate::journal::Outcome;
use crate::systems::Call;
use crate::ui::{Banner, Button, ButtonKind, Dialog, DialogCancel, DialogSize, Tone};

/// "Disable …?" and "Enable …?". Open while the workspace's overlay says so.
#[component]
pub fn SetEnabledDialog() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    move || {
        let (key, enabled) = workspace.overlay.with(|it| match it {
            Some(Overlay::SetEnabled(key, enabled)) => Some((Key::clone(key), *enabled)),
            _ => None,
        })?;
        Some(dialog(&workspace, key, enabled))
    }
}

fn dialog(workspace: &Workspace, key: Key, enabled: bool) -> AnyView {
    let write = Write::new();
    let leave = Leave::new(write, Signal::stored(false));
    let name = key_text::title_or_placeholder(&key);
    let (action, title, confirm) = match enabled {
        true => (Action::Enable, t::enable_title(&name), t::enable_confirm()),
        false => (Action::Disable, t::disable_title(&name), t::disable_confirm()),
    };
    let is_done = Memo::new(move |_| {
        write.outcome().is_some_and(|it| matches!(&*it, Outcome::Done { .. } | Outcome::Gone))
    });
    let close = {
        let workspace = workspace.clone();
        UnsyncCallback::from(move || workspace.close())
    };
    let submit = {
        let (workspace, id, name) = (workspace.clone(), key.id.clone(), name.clone());
        UnsyncCallback::from(move || {
            if is_done.get_untracked() {
                return;
            }
            let (id, name) = (id.clone(), name.clone());
            let (done_workspace, done_name) = (workspace.clone(), name.clone());
            write.start(
                &workspace,
                action,
                name,
                move |journal, steps| async move {
                    journal.set_enabled(&id, enabled, |step| steps.at(step)).await
                },
                move |outcome| {
                    // Nothing to explain: the message is enough. Else the dialog stays and explains.
                    if matches!(&**outcome, Outcome::Done { notices, .. } if notices.is_empty()) {
                        let (tone, text) = outcome_text::summary(outcome, action, &done_name);
                        write.say(tone, text);
                        done_workspace.close();
                    }
                },
            );
        })
    };
    let kind = if enabled { ButtonKind::Primary } else { ButtonKind::Danger };
    let footer = move || {
        let buttons = move || {
            if is_done.get() {
                return view! { <DialogCancel label=t::ui_close() /> }.into_any();
            }
            let word = if write.outcome().is_some() { t::create_again() } else { confirm };
            view! {
                <DialogCancel />
                <Button kind submit=true pending=write.pending()>{word}</Button>
            }
            .into_any()
        };
        view! { {buttons} }
    };
    let body = move || {
        let (key, name) = (key.clone(), name.clone());
        let said = move || match write.outcome() {
            Some(outcome) => view! { <OutcomeView outcome action title=name.clone() /> }.into_any(),
            None => explanation(&key, enabled),
        };
        view! {
            {said}
            <Steps write />
        }
    };
    view! {
        <Dialog open=true on_close=close title guard=leave.guard() on_submit=submit size=DialogSize::Small footer>
            {body()}
        </Dialog>
        <LeaveQuestion leave on_leave=close />
    }
    .into_any()
}

/// What the switch does to agents enrolled before and to new ones (reference `qualys.md`, section 8), and the
/// call behind it.
fn explanation(key: &Key, enabled: bool) -> AnyView {
    let standing = Standing::of(key, key_text::today());
    let call = Signal::stored(Some(Call::Toggle(key.id.clone())));
    let words = if enabled {
        let still = match (standing.expired(), standing.full) {
            (true, _) => Some(t::enable_still_expired()),
            (false, true) => Some(t::enable_still_full()),
            (false, false) => None,
        };
        let still = still.map(|it| view! { <Banner tone=Tone::Warning>{it}</Banner> });
        view! { <p>{t::enable_text()}</p> {still} }.into_any()
    } else {
        view! {
            <p>{t::disable_text()}</p>
            {(key.used > 0).then(|| view! { <p>{t::disable_existing(key.used)}</p> })}
            <p>{t::disable_back()}</p>
        }
        .into_any()
    };
    view! {
        {words}
        <p class="form-note">{t::switch_how()}</p>
        <CurlDetails call />
    }
    .into_any()
}
