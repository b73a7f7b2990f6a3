//! "Free all": one after the other, each with its outcome, until it is told to stop.

use leptos::prelude::*;

use super::receipt::{Fate, Line, Receipt, ends_all, fate};
use crate::domain::KeyId;
use crate::features::outcome_view::outcome_frame;
use crate::features::workspace::Workspace;
use crate::features::write::Steps;
use crate::http::{ApiError, ErrorKind, Method, Request};
use crate::i18n::t;
use crate::journal::{Journal, Outcome};
use crate::systems::Act;
use crate::ui::{Banner, Icon, Progress, TableFrame, Tone, icon};

/// What a run tells the screen and is told by it.
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub(super) receipt: RwSignal<Receipt>,
    /// The reader wants no further one taken off.
    pub(super) stop: RwSignal<bool>,
}

impl Run {
    pub(super) fn new() -> Self {
        Self { receipt: RwSignal::new(Receipt::default()), stop: RwSignal::new(false) }
    }

    /// Takes off what waits. It goes on without the screen; the outcome is that of the whole.
    pub(super) async fn go(
        self,
        workspace: Workspace,
        journal: Journal,
        steps: Steps,
        key: KeyId,
        mut receipt: Receipt,
    ) -> Outcome {
        let mut bad = None;
        while let Some(member) = receipt.next().filter(|_| self.stop.try_get_untracked() != Some(true)) {
            receipt.note(&member, Fate::Running);
            self.receipt.try_set(receipt.clone());
            let act = Act::RemoveMember { key: key.clone(), member: member.clone() };
            let outcome = journal.act(&act, |step| steps.at(step)).await;
            receipt.note(&member, fate(&outcome));
            self.receipt.try_set(receipt.clone());
            let is_end = ends_all(&outcome);
            if !matches!(outcome, Outcome::Done { .. }) {
                bad = Some(outcome);
            }
            if is_end {
                break;
            }
        }
        if receipt.removed() > 0 {
            workspace.note_change();
        }
        match bad {
            Some(outcome) => outcome,
            None if receipt.waiting() == 0 => {
                Outcome::Done { key: None, asked: Vec::new(), notices: Vec::new(), raw: String::new() }
            }
            None => Outcome::NotDone(stopped()),
        }
    }
}

fn stopped() -> ApiError {
    ApiError::without_answer(ErrorKind::Cancelled, &Request::write(Method::Delete, String::new()), false)
}

/// How far it is, and what became of each.
pub(super) fn view(run: Run, pending: Signal<bool>) -> AnyView {
    let receipt = run.receipt;
    let done = Signal::derive(move || receipt.with(|it| it.removed() + it.failed()));
    let total = Signal::derive(move || receipt.with(|it| Some(it.total())));
    let label = Signal::derive(move || {
        let total = total.get().unwrap_or(0);
        t::members_progress(&done.get().to_string(), &total.to_string())
    });
    let progress = move || {
        if !pending.get() {
            return outcome_frame(receipt.with(summary));
        }
        let stopping =
            move || run.stop.get().then(|| view! { <p class="form-note">{t::members_stopping()}</p> });
        view! {
            <div class="form-part" role="status">
                <p>{move || label.get()}</p>
                <Progress label done total />
                {stopping}
            </div>
        }
        .into_any()
    };
    let rows = move || receipt.with(|it| it.0.iter().map(row).collect::<Vec<_>>());
    let head = || {
        view! {
            <th role="columnheader" scope="col">{t::members_column_name()}</th>
            <th role="columnheader" scope="col">{t::members_column_fate()}</th>
        }
    };
    view! {
        {progress}
        <TableFrame caption=Signal::stored(t::members_receipt().to_owned()) head=ViewFn::from(head)>{rows}</TableFrame>
    }
    .into_any()
}

/// What was done, what was not, and what was not tried.
fn summary(receipt: &Receipt) -> AnyView {
    let (removed, failed, waiting) = (receipt.removed(), receipt.failed(), receipt.waiting());
    let mut lines = vec![t::members_removed_count(removed)];
    if failed > 0 {
        lines.push(t::members_failed_count(failed));
    }
    if waiting > 0 {
        lines.push(t::members_waiting_count(waiting));
    }
    let tone = match (failed, waiting) {
        (0, 0) => Tone::Success,
        (0, _) => Tone::Info,
        _ => Tone::Warning,
    };
    view! { <Banner tone title=t::members_over()>{lines.join(" ")}</Banner> }.into_any()
}

fn row(line: &Line) -> AnyView {
    let (drawn, word, why) = match &line.fate {
        Fate::Waiting => (Icon::Clock, t::members_fate_waiting(), ""),
        Fate::Running => (Icon::Refresh, t::members_fate_running(), ""),
        Fate::Removed(said) => (Icon::Success, t::members_fate_removed(), said.as_str()),
        Fate::Failed(why) => (Icon::Danger, t::members_fate_failed(), why.as_str()),
    };
    let why = (!why.is_empty()).then(|| view! { <span class="cell-sub">{why.to_owned()}</span> });
    let state = match line.fate {
        Fate::Waiting => "waiting",
        Fate::Running => "running",
        Fate::Removed(_) => "removed",
        Fate::Failed(_) => "failed",
    };
    view! {
        <tr role="row" data-fate=state>
            <th role="rowheader" scope="row" data-label=t::members_column_name()>{line.name.clone()}</th>
            <td role="cell" data-label=t::members_column_fate()>
                <span class="fate">{icon(drawn)} <span>{word}</span></span>
                {why}
            </td>
        </tr>
    }
    .into_any()
}
