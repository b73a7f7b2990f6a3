//! Changes under way: how far each is, what it waits for, and what became of it. It stays while the reader works on.

use leptos::prelude::*;

use super::plan_view::reason_list;
use super::results::{counts_text, job_title, left_text, phase_text, reasons, summary, tone, wait_text};
use super::state::{Bulk, has_left, may_write, pick_what_is_left};
use crate::features::frame::MAIN;
use crate::features::workspace::{Overlay, Workspace};
use crate::features::write;
use crate::i18n::t;
use crate::journal::bulk::{Counts, Job, Phase, Why};
use crate::platform::intl;
use crate::ui::{Banner, Button, ButtonKind, Icon, Progress, icon, memo};

/// The id of the panel; the header leads there, and the focus goes there from buttons that go.
const PANEL_ID: &str = "bulk-panel";

/// A job as the panel shows it.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    phase: Phase,
    counts: Counts,
    left_ms: Option<u64>,
    is_over: bool,
}

impl Look {
    fn of(job: &Job) -> Self {
        let (phase, counts, left_ms) = (job.phase(), job.counts(), job.left_ms());
        Self { phase, counts, left_ms, is_over: job.ended().is_some() }
    }
}

/// The jobs of this page that have no end yet, or whose end was not dismissed.
#[component]
pub fn BulkPanel(
    /// The reader wants to sign in again.
    #[prop(into)]
    on_renew: UnsyncCallback<()>,
) -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let bulk = expect_context::<Bulk>();
    let ids = {
        let workspace = workspace.clone();
        memo(move |_| bulk.on_panel(&workspace))
    };
    let any = memo(move |_| ids.with(|it| !it.is_empty()));
    let job = move |id: String| match workspace.journal().jobs().by_id(&id) {
        Some(job) => job_view(&workspace, bulk, &job, on_renew),
        None => ().into_any(),
    };
    view! {
        <section
            class="bulk-panel"
            id=PANEL_ID
            tabindex="-1"
            aria-label=t::bulk_panel()
            data-any=move || any.get().then_some("")
        >
            // Few, and each once: its slot is never used for another.
            <For each=move || ids.get() key=String::clone children=job />
        </section>
    }
    .into_any()
}

fn job_view(workspace: &Workspace, bulk: Bulk, job: &Job, on_renew: UnsyncCallback<()>) -> AnyView {
    let plan = job.plan();
    let (id, count) = (plan.id.clone(), plan.items.len());
    let title = job_title(plan.kind, count);
    let held = StoredValue::new_local(job.clone());
    let look = memo(move |_| {
        bulk.version.track();
        held.with_value(Look::of)
    });
    let is_over = memo(move |_| look.with(|it| it.is_over));
    let is_paused = memo(move |_| look.with(|it| it.phase == Phase::Paused));
    let asks_sign_in = memo(move |_| look.with(|it| it.phase == Phase::Waiting(Why::SignIn)));
    let is_elsewhere = memo(move |_| look.with(|it| it.phase == Phase::Waiting(Why::OtherTab)));
    // A memo: what is said again is read out again.
    let phase = memo(move |_| match look.with(|it| it.phase) {
        // The banner says it, with what came of it.
        Phase::Ended => "",
        phase => phase_text(phase),
    });
    let numbers = Signal::derive(move || numbers_text(&look.get()));
    let done = Signal::derive(move || look.with(|it| it.counts.settled() as u64));
    let total = Signal::stored(Some(count as u64));
    let survives = match bulk.is_taken_over(&id) {
        _ if workspace.journal().jobs().is_memory_only() => t::bulk_memory(),
        true => t::bulk_taken_over(),
        false => t::bulk_survives(),
    };
    let note = memo(move |_| {
        bulk.version.track();
        let begun_at = held.with_value(Job::begun_at);
        begun_at.map_or_else(|| survives.to_owned(), |it| t::bulk_other_address(&it))
    });
    let running = {
        let label = title.clone();
        move || {
            (!is_over.get()).then(|| {
                view! {
                    <Progress label=label.clone() done total />
                    <p class="bulk-numbers number">{move || numbers.get()}</p>
                    <p class="form-note">{move || note.get()}</p>
                }
            })
        }
    };
    let manifest = workspace.manifest();
    let kind = plan.kind;
    let over = move || {
        is_over.get().then(|| {
            let look = look.get();
            let why = held.with_value(|it| reasons(manifest, it));
            let tone = tone(look.phase, &look.counts);
            let text = summary(kind, &look.counts);
            view! { <Banner tone title=text>{reason_list(why)}</Banner> }
        })
    };
    let buttons = {
        let (workspace, id) = (workspace.clone(), id.clone());
        move || match is_over.get() {
            true => over_buttons(&workspace, bulk, &id, held, look),
            false if is_elsewhere.get() => ().into_any(),
            false => running_buttons(held, is_paused, bulk),
        }
    };
    let sign_in = move || {
        asks_sign_in.get().then(|| {
            view! { <Button kind=ButtonKind::Primary icon=Icon::User on_click=on_renew>{t::bulk_sign_in()}</Button> }
        })
    };
    view! {
        <article class="bulk-job" aria-label=title.clone()>
            <h2 class="bulk-job-title">{title.clone()}</h2>
            <p class="bulk-phase" role="status">{move || phase.get()}</p>
            {running}
            {over}
            <div class="button-row">{sign_in} {buttons}</div>
        </article>
    }
    .into_any()
}

/// "213 of 500: 211 done, 2 failed. About 2 minutes left."
fn numbers_text(look: &Look) -> String {
    let number = |it: usize| intl::number(u64::try_from(it).unwrap_or(u64::MAX));
    let Counts { all, .. } = look.counts;
    let mut res = t::bulk_numbers(&number(look.counts.settled()), &number(all), &counts_text(&look.counts));
    for text in [wait_text(look.phase), look.left_ms.map(left_text)].into_iter().flatten() {
        res.push(' ');
        res.push_str(&text);
    }
    res
}

type Held = StoredValue<Job, LocalStorage>;

fn running_buttons(held: Held, is_paused: Memo<bool>, bulk: Bulk) -> AnyView {
    let changed = move || bulk.version.update(|it| *it += 1);
    let turn = move || {
        let is_paused = is_paused.get_untracked();
        held.with_value(|it| if is_paused { it.resume() } else { it.pause() });
        changed();
    };
    let cancel = move || {
        held.with_value(Job::cancel);
        changed();
        write::focus(PANEL_ID);
    };
    let word = move || if is_paused.get() { t::bulk_resume() } else { t::bulk_pause() };
    view! {
        <Button on_click=turn>{word}</Button>
        <Button icon=Icon::Ban on_click=cancel>{t::bulk_cancel()}</Button>
    }
    .into_any()
}

fn over_buttons(workspace: &Workspace, bulk: Bulk, id: &str, held: Held, look: Memo<Look>) -> AnyView {
    let left = memo(move |_| look.with(|it| (it.counts.failed + it.counts.unknown) as u64));
    let shared = workspace.clone();
    let retry = move || {
        (left.get() > 0 && may_write(&shared)).then(|| {
            let on_click = move || {
                held.with_value(Job::retry_failed);
                bulk.version.update(|it| *it += 1);
                write::focus(PANEL_ID);
            };
            view! { <Button kind=ButtonKind::Primary icon=Icon::Refresh on_click>{move || t::bulk_retry(left.get())}</Button> }
        })
    };
    let picking = workspace.clone();
    let any_left = memo(move |_| {
        look.track();
        held.with_value(has_left)
    });
    let pick = move || {
        any_left.get().then(|| {
            let picking = picking.clone();
            let on_click = move || held.with_value(|job| pick_what_is_left(&picking, job));
            view! { <Button icon=Icon::Check on_click>{t::bulk_pick_left()}</Button> }
        })
    };
    let (workspace, opened, dismissed) = (workspace.clone(), id.to_owned(), id.to_owned());
    let open = move || workspace.open(Overlay::Changes(Some(opened.clone())));
    let dismiss = move || {
        bulk.dismiss(&dismissed);
        write::focus(MAIN);
    };
    view! {
        {retry}
        {pick}
        <Button icon=Icon::Eye on_click=open>{t::bulk_receipt()}</Button>
        <Button kind=ButtonKind::Quiet icon=Icon::Close on_click=dismiss>{t::bulk_dismiss()}</Button>
    }
    .into_any()
}

/// A short form for the header: how many changes are under way and how far; leads to the panel.
#[component]
pub fn BulkShort() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let bulk = expect_context::<Bulk>();
    let text = memo(move |_| {
        let ids = bulk.on_panel(&workspace);
        let jobs = ids.iter().filter_map(|it| workspace.journal().jobs().by_id(it));
        let open: Vec<Counts> = jobs.filter(|it| it.ended().is_none()).map(|it| it.counts()).collect();
        let sum = |of: fn(&Counts) -> usize| intl::number(open.iter().map(of).sum::<usize>() as u64);
        (!open.is_empty()).then(|| t::bulk_short(&sum(Counts::settled), &sum(|it| it.all)))
    });
    let any = memo(move |_| text.with(Option::is_some));
    let button = move || {
        any.get().then(|| {
            let go = move |_| write::focus(PANEL_ID);
            view! {
                <button type="button" class="button button-quiet bulk-short" on:click=go>
                    {icon(Icon::Refresh)}
                    <span class="button-text number">{move || text.get()}</span>
                </button>
            }
        })
    };
    button.into_any()
}
