//! What was changed on this connection: each change with its receipt, and the way back.

use std::sync::Arc;

use leptos::prelude::*;

use super::effect::effort;
use super::plan_view::{by_reason, plan_table, reason_list};
use super::receipt_view::receipt;
use super::results::{counts_text, job_title, phase_text};
use super::state::{Bulk, may_write};
use crate::features::workspace::{Overlay, Workspace};
use crate::features::write;
use crate::i18n::t;
use crate::journal::bulk::{Begun, Job, Loss, Plan, Undo, Wanted};
use crate::platform::{intl, task};
use crate::systems::Manifest;
use crate::ui::{
    Banner, Button, ButtonKind, Dialog, DialogCancel, DialogSize, Icon, StateKind, StateScreen, TableFrame,
    Tone, memo,
};

/// The id of the body; the focus goes there when another screen takes its place.
const BODY_ID: &str = "changes-body";

/// The changes of this connection. Open while the workspace's overlay says so.
#[component]
pub fn ChangesDialog() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    move || {
        let opened = workspace.overlay.with(|it| match it {
            Some(Overlay::Changes(id)) => Some(id.clone()),
            _ => None,
        })?;
        Some(dialog(&workspace, opened))
    }
}

/// What the dialog shows.
#[derive(Clone, PartialEq)]
pub(super) enum Screen {
    List,
    /// What became of each item of one change.
    Receipt(String),
    /// What taking it back would do.
    Undo(String),
}

/// What its screens share.
#[derive(Clone)]
pub(super) struct Parts {
    pub(super) workspace: Workspace,
    pub(super) bulk: Bulk,
    screen: RwSignal<Screen>,
    /// The number that is typed before keys are deleted again.
    answer: RwSignal<String>,
    /// An undo was not begun, because other tabs could not find it.
    unkept: RwSignal<bool>,
}

impl Parts {
    pub(super) fn show(&self, screen: Screen) {
        self.answer.set(String::new());
        self.unkept.set(false);
        self.screen.set(screen);
        write::focus(BODY_ID);
    }

    pub(super) fn manifest(&self) -> &'static Manifest {
        self.workspace.manifest()
    }

    pub(super) fn job(&self, id: &str) -> Option<Job> {
        self.workspace.journal().jobs().by_id(id)
    }

    /// Whether this reader may change anything here; tracks.
    pub(super) fn may_write(&self) -> bool {
        may_write(&self.workspace)
    }

    fn undo(&self, id: &str) -> Option<Undo> {
        Some(self.workspace.journal().jobs().undo(&self.job(id)?))
    }

    /// Begins the undo of a job as it is on the screen, or shows what it is by now.
    fn begin(&self, id: &str, shown: &Plan) {
        let Some(job) = self.job(id) else { return self.show(Screen::List) };
        let (parts, id, shown) = (self.clone(), id.to_owned(), shown.clone());
        task::spawn_detached(async move {
            let begun = parts.workspace.journal().jobs().begin_undo(&job, &shown).await;
            let here = Screen::Undo(id.clone());
            let is_here = parts.screen.try_with_untracked(|it| *it == here) == Some(true);
            match begun {
                Begun::Running(job) => {
                    parts.bulk.show(&job);
                    if is_here {
                        parts.workspace.close();
                    }
                }
                Begun::Changed if is_here && parts.job(&id).is_none() => parts.show(Screen::List),
                Begun::Changed if is_here => parts.show(here),
                Begun::Unkept if is_here => {
                    parts.show(here);
                    parts.unkept.set(true);
                }
                Begun::Changed | Begun::Unkept => {}
            }
        });
    }
}

fn dialog(workspace: &Workspace, opened: Option<String>) -> AnyView {
    let screen = RwSignal::new(opened.map_or(Screen::List, Screen::Receipt));
    let bulk = expect_context::<Bulk>();
    let (answer, unkept) = (RwSignal::new(String::new()), RwSignal::new(false));
    let parts = Parts { workspace: workspace.clone(), bulk, screen, answer, unkept };
    let close = workspace.on_close();
    let title = {
        let parts = StoredValue::new_local(parts.clone());
        Signal::derive(move || {
            let of = |id: &str| parts.with_value(|it| it.job(id)).map(|it| title_of(&it)).unwrap_or_default();
            match screen.get() {
                Screen::List => t::bulk_changes().to_owned(),
                Screen::Receipt(id) => of(&id),
                Screen::Undo(id) => t::bulk_undo_title(&of(&id)),
            }
        })
    };
    let footer = {
        let parts = parts.clone();
        StoredValue::new_local(move || buttons(&parts, screen.get()))
    };
    let content = StoredValue::new_local(move || match screen.get() {
        Screen::List => list(&parts),
        Screen::Receipt(id) => receipt(&parts, &id),
        Screen::Undo(id) => undo(&parts, &id),
    });
    view! {
        <Dialog
            open=true
            on_close=close
            title
            size=DialogSize::Large
            footer=move || view! { {move || footer.with_value(|it| it())} }
        >
            <div class="form" id=BODY_ID tabindex="-1">{move || content.with_value(|it| it())}</div>
        </Dialog>
    }
    .into_any()
}

fn title_of(job: &Job) -> String {
    let plan = job.plan();
    job_title(plan.kind, plan.items.len())
}

fn list(parts: &Parts) -> AnyView {
    let shared = parts.clone();
    let shown = move || {
        shared.bulk.version.track();
        let jobs = shared.workspace.journal().jobs().all();
        if jobs.is_empty() {
            let (title, text) = (t::bulk_changes_none(), t::bulk_changes_note());
            return view! { <StateScreen kind=StateKind::Empty title text icon=Icon::Clock /> }.into_any();
        }
        let rows: Vec<AnyView> = jobs.iter().map(|it| row(&shared, it)).collect();
        let head = || {
            view! {
                <th role="columnheader" scope="col">{t::bulk_column_change()}</th>
                <th role="columnheader" scope="col">{t::bulk_column_when()}</th>
                <th role="columnheader" scope="col">{t::bulk_column_result()}</th>
            }
        };
        let caption = Signal::stored(t::bulk_changes().to_owned());
        view! {
            <p class="form-note">{t::bulk_changes_note()}</p>
            <TableFrame caption head=ViewFn::from(head)>{rows}</TableFrame>
        }
        .into_any()
    };
    let memory = parts.workspace.journal().jobs().is_memory_only();
    let memory = memory.then(|| view! { <Banner tone=Tone::Warning>{t::bulk_memory()}</Banner> });
    view! { {memory} {shown} }.into_any()
}

fn row(parts: &Parts, job: &Job) -> AnyView {
    let (plan, title) = (job.plan(), title_of(job));
    let parts = parts.clone();
    let id = plan.id.clone();
    let when = intl::date_time(job.began());
    let label = t::bulk_open_change(&title, &when);
    let open = move |_| parts.show(Screen::Receipt(id.clone()));
    let by = (!plan.by.is_empty()).then(|| view! { <span class="cell-sub">{t::bulk_by(&plan.by)}</span> });
    let phase = phase_text(job.phase());
    let only = match plan.items.as_slice() {
        [item] => Some(view! { <span class="cell-sub">{item.title.clone()}</span> }),
        _ => None,
    };
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" data-label=t::bulk_column_change()>
                <button type="button" class="row-title" aria-label=label on:click=open>{title}</button>
                " "
                {only}
            </th>
            <td role="cell" data-label=t::bulk_column_when()>{when} " " {by}</td>
            <td role="cell" data-label=t::bulk_column_result()>
                {counts_text(&job.counts())} " " <span class="cell-sub">{phase}</span>
            </td>
        </tr>
    }
    .into_any()
}

/// Why something cannot be brought back.
fn loss_text(manifest: &Manifest, loss: Loss) -> String {
    match loss {
        Loss::Remade => t::bulk_loss_remade().to_owned(),
        Loss::Gone => t::bulk_loss_gone().to_owned(),
        Loss::Pushed => t::bulk_loss_pushed().to_owned(),
        Loss::NotTold(field) => t::bulk_loss_not_told(manifest.label(field)),
        Loss::Used => t::bulk_loss_used().to_owned(),
        Loss::Unknown => t::bulk_loss_unknown().to_owned(),
    }
}

fn undo(parts: &Parts, id: &str) -> AnyView {
    let Some(Undo { plan, cannot, taken }) = parts.undo(id) else { return ().into_any() };
    let manifest = parts.manifest();
    let losses = by_reason(cannot.into_iter().map(|(title, loss)| (loss_text(manifest, loss), title)));
    let lost = (!losses.is_empty()).then(|| {
        view! { <Banner tone=Tone::Warning title=t::bulk_undo_cannot()>{reason_list(losses)}</Banner> }
    });
    if taken > 0 && plan.items.is_empty() {
        return view! { <Banner tone=Tone::Info>{t::bulk_undo_again()}</Banner> }.into_any();
    }
    let taken = (taken > 0).then(|| view! { <p class="form-note">{t::bulk_undo_taken(taken as u64)}</p> });
    let removed = plan.items.iter().filter(|it| it.wanted == Wanted::Removed).count();
    let text = match (plan.items.len(), removed) {
        (0, _) => t::bulk_undo_nothing().to_owned(),
        (_, 0) => t::bulk_undo_restores(plan.items.len() as u64),
        (all, removed) if all == removed => t::bulk_undo_deletes(removed as u64),
        (all, removed) => {
            [t::bulk_undo_restores((all - removed) as u64), t::bulk_undo_deletes(removed as u64)].join(" ")
        }
    };
    let typed = effort(&plan.items).field(parts.answer);
    let table = (!plan.items.is_empty()).then(|| plan_table(parts.workspace.client(), Arc::new(plan.items)));
    let unkept = parts.unkept;
    let refused = move || {
        let text = t::bulk_undo_unkept();
        unkept.get().then(|| view! { <Banner tone=Tone::Danger>{text}</Banner> })
    };
    view! {
        {refused}
        <p>{text}</p>
        {taken}
        <p class="form-note">{t::bulk_undo_note()}</p>
        {lost}
        {table}
        {typed}
    }
    .into_any()
}

fn buttons(parts: &Parts, screen: Screen) -> AnyView {
    let back = |to: Screen| {
        let parts = parts.clone();
        let on_click = move || parts.show(to.clone());
        view! { <Button icon=Icon::ChevronStart on_click>{t::edit_back()}</Button> }
    };
    match screen {
        Screen::List => view! { <DialogCancel label=t::ui_close() autofocus=true /> }.into_any(),
        Screen::Receipt(_) => view! { {back(Screen::List)} <DialogCancel label=t::ui_close() /> }.into_any(),
        Screen::Undo(id) => {
            let plan = parts.undo(&id).map(|it| it.plan);
            let items = plan.as_ref().map_or(&[][..], |it| &it.items);
            let (count, effort) = (items.len(), effort(items));
            let removes = items.iter().any(|it| it.wanted == Wanted::Removed);
            let (kind, icon) = match removes {
                true => (ButtonKind::Danger, Icon::Trash),
                false => (ButtonKind::Primary, Icon::Check),
            };
            let word = match removes {
                true => t::bulk_go_take_back(count as u64),
                false => t::bulk_go_undo(count as u64),
            };
            let answer = parts.answer;
            let refused = memo(move |_| effort.is_left(answer));
            let shared = parts.clone();
            let (from, started) = (id.clone(), StoredValue::new(false));
            let go = move || {
                let Some(plan) = plan.as_ref().filter(|_| !started.get_value() && !refused.get_untracked())
                else {
                    return;
                };
                started.set_value(true);
                shared.begin(&from, plan);
            };
            let main =
                (count > 0).then(|| view! { <Button kind icon disabled=refused on_click=go>{word}</Button> });
            view! { {back(Screen::Receipt(id))} <DialogCancel /> {main} }.into_any()
        }
    }
}
