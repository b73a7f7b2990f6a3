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
use crate::systems::{ActionKind, Call};
use crate::ui::{Banner, Button, ButtonKind, Dialog, DialogCancel, DialogSize, Tone, memo};

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
    let is_done =
        memo(move |_| write.outcome().is_some_and(|it| matches!(&*it, Outcome::Done { .. } | Outcome::Gone)));
    let close = workspace.on_close();
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
    let shown = workspace.clone();
    let body = move || {
        let (workspace, key, name) = (shown.clone(), key.clone(), name.clone());
        let said = move || match write.outcome() {
            Some(outcome) => view! { <OutcomeView outcome action title=name.clone() /> }.into_any(),
            None => explanation(&workspace, &key, enabled),
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

/// What the switch does, in the system's words, what uses the key now, and the call behind it.
fn explanation(workspace: &Workspace, key: &Key, enabled: bool) -> AnyView {
    let manifest = workspace.manifest();
    let standing = Standing::of(key, key_text::now());
    let call = Call::Switch(key.id.clone(), enabled);
    // One call for both directions can only flip the state.
    let flips = workspace.curl(&call) == workspace.curl(&Call::Switch(key.id.clone(), !enabled));
    let kind = if enabled { ActionKind::Enable } else { ActionKind::Disable };
    let effect = manifest.action(kind).map_or("", |it| (it.effect)());
    let words = if enabled {
        let still = match (standing.expired(), standing.full) {
            (true, _) => Some(t::enable_still_expired()),
            (false, true) => Some(t::enable_still_full()),
            (false, false) => None,
        };
        let still = still.map(|it| view! { <Banner tone=Tone::Warning>{it}</Banner> });
        view! { <p>{effect}</p> {still} }.into_any()
    } else {
        let in_use = key.used().filter(|it| *it > 0).map(|used| match manifest.can(ActionKind::Install) {
            true => t::disable_existing(used),
            false => key_text::in_use_text(manifest, used),
        });
        view! {
            <p>{effect}</p>
            {in_use.map(|it| view! { <p>{it}</p> })}
            {manifest.can(ActionKind::Enable).then(|| view! { <p>{t::disable_back()}</p> })}
        }
        .into_any()
    };
    view! {
        {words}
        {flips.then(|| view! { <p class="form-note">{t::switch_how()}</p> })}
        <CurlDetails call=Signal::stored(Some(call)) />
    }
    .into_any()
}
