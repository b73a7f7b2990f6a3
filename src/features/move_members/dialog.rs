//! The guided move: count, choose, say what happens, do it, count again.

use std::sync::Arc;

use leptos::prelude::*;

use super::target::{Choice, Count, Target, count};
use super::warnings;
use crate::domain::{Key, KeyId};
use crate::features::error_view::ErrorView;
use crate::features::key_text;
use crate::features::leave::{Leave, LeaveQuestion};
use crate::features::outcome_text::Action;
use crate::features::outcome_view::{OutcomeView, Steps, compare_row, compare_table};
use crate::features::workspace::{Overlay, Workspace};
use crate::features::write::Write;
use crate::http::{ApiError, Cancel};
use crate::i18n::t;
use crate::journal::Outcome;
use crate::platform::intl;
use crate::systems::{Act, ActionKind, SecretText};
use crate::ui::{
    Answer, Banner, Button, ButtonKind, Dialog, DialogCancel, DialogSize, Icon, Latest, Spinner, TextField,
    Tone, latest, memo,
};

/// "Move to another key". Open while the workspace's overlay says so.
#[component]
pub fn MoveMembersDialog() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    move || {
        let key = workspace.overlay.with(|it| match it {
            Some(Overlay::MoveMembers(key)) => Some(Key::clone(key)),
            _ => None,
        })?;
        Some(dialog(&workspace, key))
    }
}

/// A move that was sent: what was on both keys before.
#[derive(Clone)]
struct Sent {
    target: Arc<Target>,
    source: Count,
}

/// What the parts of the dialog share.
#[derive(Clone)]
struct Parts {
    workspace: Workspace,
    key: Arc<Key>,
    title: String,
    write: Write,
    choice: Choice,
    /// How many are on the source now; asked again for each round.
    source: Latest<Count, ApiError>,
    answer: RwSignal<String>,
    sent: RwSignal<Option<Sent>>,
    after: Latest<(Count, Count), ApiError>,
}

impl Parts {
    /// How many there are to move; tracks.
    fn count(&self) -> Option<Count> {
        match self.source.get() {
            Answer::Ready(it) => Some(*it),
            _ => None,
        }
    }

    /// What has to be typed before the move: how many go, where several do; tracks.
    fn wanted(&self) -> Option<String> {
        self.count().filter(|it| it.n > 1).map(|it| it.n.to_string())
    }

    /// Everything is there that the move needs; tracks.
    fn is_ready(&self) -> bool {
        let typed = self.answer.with(|it| it.trim().to_owned());
        self.count().is_some_and(|it| it.n > 0)
            && self.wanted().is_none_or(|it| it == typed)
            && self.choice.chosen().is_some_and(|it| it.key.value.is_some())
    }

    fn is_over(&self) -> bool {
        self.write.outcome().is_some_and(|it| matches!(&*it, Outcome::Done { .. } | Outcome::Gone))
    }

    fn submit(&self) {
        let ready = untrack(|| self.is_ready() && !self.is_over());
        let (Some(source), Some(target)) = (untrack(|| self.count()), untrack(|| self.choice.chosen()))
        else {
            return;
        };
        let Some(value) = target.key.value.clone().filter(|_| ready && !self.write.pending().get_untracked())
        else {
            return;
        };
        let act = Act::MoveMembers {
            from: self.key.id.clone(),
            to: target.key.id.clone(),
            to_value: SecretText(value),
        };
        self.sent.set(None);
        let (sent, counting) = (self.sent, self.source);
        let now = Sent { target, source };
        self.write.start(
            &self.workspace,
            Action::MoveMembers,
            self.title.clone(),
            move |journal, steps| async move { journal.act(&act, |step| steps.at(step)).await },
            move |outcome| {
                // Whatever became of it: both are counted, and the counts tell.
                sent.set(Some(now.clone()));
                if !matches!(&**outcome, Outcome::Done { .. }) {
                    counting.reload();
                }
            },
        );
    }
}

fn dialog(workspace: &Workspace, key: Key) -> AnyView {
    let write = Write::new();
    let leave = Leave::new(write, Signal::stored(false));
    let title = key_text::title_or_placeholder(&key);
    let heading = t::move_title(&title);
    let client = workspace.client().clone();
    let question = Signal::stored(Some(key.id.clone()));
    let source = latest(question, Cancel::new, Cancel::cancel, move |id: KeyId, cancel| {
        let client = client.clone();
        async move { count(&client, &id, &cancel).await }
    });
    let sent = RwSignal::new(None::<Sent>);
    let parts = Parts {
        workspace: workspace.clone(),
        choice: Choice::new(workspace, &key.id),
        after: recount(workspace, key.id.clone(), sent),
        key: Arc::new(key),
        title,
        write,
        source,
        answer: RwSignal::new(String::new()),
        sent,
    };
    let close = workspace.on_close();
    let submit = {
        let parts = parts.clone();
        UnsyncCallback::from(move || parts.submit())
    };
    let content = {
        let parts = parts.clone();
        StoredValue::new_local(move || body(&parts))
    };
    let footer = StoredValue::new_local(move || buttons(&parts));
    view! {
        <Dialog
            open=true
            on_close=close
            title=heading
            guard=leave.guard()
            on_submit=submit
            size=DialogSize::Medium
            footer=move || footer.with_value(|it| it())
        >
            {content.with_value(|it| it())}
        </Dialog>
        <LeaveQuestion leave on_leave=close />
    }
    .into_any()
}

/// Counts both keys after a move was sent.
fn recount(
    workspace: &Workspace,
    from: KeyId,
    sent: RwSignal<Option<Sent>>,
) -> Latest<(Count, Count), ApiError> {
    let client = workspace.client().clone();
    let question = Signal::derive(move || sent.with(|it| it.as_ref().map(|it| it.target.key.id.clone())));
    latest(question, Cancel::new, Cancel::cancel, move |to: KeyId, cancel| {
        let (client, from) = (client.clone(), from.clone());
        async move { Ok((count(&client, &from, &cancel).await?, count(&client, &to, &cancel).await?)) }
    })
}

fn body(parts: &Parts) -> AnyView {
    let write = parts.write;
    let outcome = {
        let title = parts.title.clone();
        move || {
            let outcome = write.outcome()?;
            Some(view! { <OutcomeView outcome action=Action::MoveMembers title=title.clone() /> })
        }
    };
    let is_over = {
        let parts = parts.clone();
        memo(move |_| parts.is_over())
    };
    let main = {
        let parts = parts.clone();
        move || (!is_over.get()).then(|| form(&parts))
    };
    let before_after = {
        let parts = parts.clone();
        move || before_after(&parts)
    };
    view! {
        <div class="form">{outcome} {before_after} {main}</div>
        <Steps write />
    }
    .into_any()
}

fn form(parts: &Parts) -> AnyView {
    let effect = parts.workspace.manifest().action(ActionKind::MoveMembers).map_or("", |it| (it.effect)());
    let counted = {
        let parts = parts.clone();
        move || counted(&parts)
    };
    let any = {
        let parts = parts.clone();
        memo(move |_| parts.count().is_none_or(|it| it.n > 0))
    };
    let chosen = {
        let parts = parts.clone();
        move || chosen(&parts)
    };
    let choice = parts.choice;
    let field = move || any.get().then(|| choice.field());
    view! {
        <p>{effect}</p>
        {counted}
        {field}
        {chosen}
    }
    .into_any()
}

/// How many are on the source, and when that was.
fn counted(parts: &Parts) -> AnyView {
    let source = parts.source;
    match source.get() {
        Answer::Ready(count) => {
            let text = match count.n {
                0 => t::move_nothing(&parts.title),
                n => t::move_count(n, &parts.title, &intl::date_time(count.at)),
            };
            view! { <p class="form-title">{text}</p> }.into_any()
        }
        Answer::Failed { error, .. } => {
            let error = ApiError::clone(&error);
            view! { <ErrorView error on_retry=move || source.reload() /> }.into_any()
        }
        _ => view! { <p class="write-step" role="status"><Spinner /> <span>{t::move_counting()}</span></p> }
            .into_any(),
    }
}

/// The target as it is now, what speaks against it, and what will happen.
fn chosen(parts: &Parts) -> AnyView {
    let reading = parts.choice.target;
    let target = match reading.get() {
        Answer::Idle => return ().into_any(),
        Answer::Loading { .. } => {
            return view! { <p role="status"><Spinner /> <span>{t::key_reading()}</span></p> }.into_any();
        }
        Answer::Failed { error, .. } => {
            let error = ApiError::clone(&error);
            return view! { <ErrorView error on_retry=move || reading.reload() /> }.into_any();
        }
        Answer::Ready(it) => it,
    };
    let Some(count) = parts.count().filter(|it| it.n > 0) else { return ().into_any() };
    let name = key_text::title_or_placeholder(&target.key);
    if target.key.value.is_none() {
        return view! { <Banner tone=Tone::Warning>{t::move_no_value(&name)}</Banner> }.into_any();
    }
    let lines = warnings(parts.workspace.manifest(), &parts.key, &target.key, count.n, key_text::now());
    let lines: Vec<AnyView> = lines.into_iter().map(|it| view! { <li>{it}</li> }.into_any()).collect();
    let lines = (!lines.is_empty()).then(|| {
        view! { <Banner tone=Tone::Warning title=t::move_mind()><ul class="plain-list">{lines}</ul></Banner> }
    });
    let field = parts.wanted().map(|it| {
        view! { <TextField label=t::ui_type_to_confirm(&it) value=parts.answer id="move-count" /> }
    });
    view! {
        {lines}
        <p>{t::move_effect(count.n, &parts.title, &name)}</p>
        {field}
    }
    .into_any()
}

/// Both counts, before and after.
fn before_after(parts: &Parts) -> AnyView {
    let Some(Sent { target, source }) = parts.sent.get() else { return ().into_any() };
    let after = parts.after;
    let (now, said) = match after.get() {
        Answer::Ready(it) => (Some(*it), ().into_any()),
        Answer::Failed { error, .. } => {
            let error = ApiError::clone(&error);
            let view = view! {
                <Banner tone=Tone::Warning>{t::move_not_recounted()}</Banner>
                <ErrorView error on_retry=move || after.reload() />
            };
            (None, view.into_any())
        }
        _ => {
            let view = view! { <p role="status"><Spinner /> <span>{t::move_counting()}</span></p> };
            (None, view.into_any())
        }
    };
    let text = |it: Count| t::move_cell(&intl::number(it.n), &intl::date_time(it.at)).into_any();
    let row = |label: String, before: Count, after: Option<Count>| {
        let after = after.map_or_else(|| "…".into_any(), text);
        compare_row(label, vec![text(before), after])
    };
    let rows = vec![
        row(parts.title.clone(), source, now.map(|it| it.0)),
        row(key_text::title_or_placeholder(&target.key), target.count, now.map(|it| it.1)),
    ];
    let table = compare_table(t::move_counts(), t::move_key(), &[t::move_before(), t::move_after()], rows);
    view! { {table} {said} }.into_any()
}

fn buttons(parts: &Parts) -> AnyView {
    let write = parts.write;
    let refused = {
        let parts = parts.clone();
        memo(move |_| !parts.is_ready())
    };
    let parts = parts.clone();
    let row = move || {
        if parts.is_over() {
            return view! { <DialogCancel label=t::ui_close() /> }.into_any();
        }
        let word = if write.outcome().is_some() { t::create_again() } else { t::move_confirm() };
        view! {
            <DialogCancel />
            <Button kind=ButtonKind::Danger icon=Icon::ChevronEnd submit=true pending=write.pending() disabled=refused>
                {word}
            </Button>
        }
        .into_any()
    };
    view! { {row} }.into_any()
}
