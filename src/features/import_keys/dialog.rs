//! The steps in one dialog.

use leptos::prelude::*;

use super::apply::{carry_out, confirm};
use super::mapping::mapping;
use super::plan_view::plan;
use super::source::source;
use super::state::{Busy, Failed, Import, STATUS_ID, Step};
use super::words::{count_word, number};
use super::work::compare;
use crate::features::error_view::ErrorView;
use crate::features::unsaved::{self, Reason};
use crate::features::workspace::{Overlay, Workspace};
use crate::i18n::{small, t};
use crate::journal::import::Count;
use crate::session::Session;
use crate::ui::{Banner, Button, ButtonKind, Dialog, DialogCancel, DialogSize, Spinner, Tone, memo};

/// "Import". Open while the workspace's overlay says so.
#[component]
pub fn ImportDialog() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let session = use_context::<Session>();
    move || {
        let open = workspace.overlay.with(|it| matches!(it, Some(Overlay::Import)));
        open.then(|| {
            let by = session.as_ref().and_then(|it| it.current().info().map(|it| it.user.clone()));
            dialog(&Import::new(&workspace, by.unwrap_or_default()))
        })
    }
}

fn dialog(import: &Import) -> AnyView {
    let workspace = &import.workspace;
    let (at, busy, pasted) = (import.step, import.busy, import.pasted);
    unsaved::hold_while(move || {
        let is_begun =
            at.get() != Step::Source || busy.with(Option::is_some) || pasted.with(|it| !it.trim().is_empty());
        is_begun.then_some(Reason::Import)
    });
    let plural = small((workspace.manifest().plural)());
    let step = import.step;
    let title = Signal::derive(move || {
        let step = match step.get() {
            Step::Source => t::import_keys_step_source(),
            Step::Mapping => t::import_keys_step_mapping(),
            Step::Plan => t::import_keys_step_plan(),
        };
        t::import_keys_title(&plural, step)
    });
    let close = workspace.on_close();
    let body = {
        let import = import.clone();
        StoredValue::new_local(move || body(&import))
    };
    let footer = {
        let import = import.clone();
        StoredValue::new_local(move || footer(&import))
    };
    let submit = {
        let import = import.clone();
        UnsyncCallback::from(move || forward(&import))
    };
    view! {
        <Dialog
            open=true
            on_close=close
            title
            on_submit=submit
            size=DialogSize::Large
            footer=move || footer.with_value(|it| it())
        >
            {body.with_value(|it| it())}
        </Dialog>
        {confirm(import)}
    }
    .into_any()
}

fn body(import: &Import) -> AnyView {
    let status = status(import);
    let step = import.step;
    let shown = memo(move |_| step.get());
    // A plan made anew is another one.
    let planned = import.planned;
    let import = import.clone();
    let content = move || match shown.get() {
        Step::Source => source(&import),
        Step::Mapping => mapping(&import),
        Step::Plan => {
            planned.track();
            plan(&import)
        }
    };
    view! {
        {status}
        <div class="import-step">{content}</div>
    }
    .into_any()
}

/// Where the step stands, what is under way, and what went wrong. It takes the focus when a step ends.
fn status(import: &Import) -> AnyView {
    let (busy, failed, said) = (import.busy, import.failed, import.said);
    let step = import.step;
    let import = import.clone();
    let summary = {
        let import = import.clone();
        // The buttons of the plan show its counts.
        let class = move || if step.get() == Step::Plan { "visually-hidden" } else { "" };
        move || summary(&import).map(|it| view! { <p class=class>{it}</p> })
    };
    let working = memo(move |_| busy.get());
    let under_way = move || {
        working.get().map(|busy| {
            let stop = {
                let import = import.clone();
                move || import.stop()
            };
            view! {
                <p class="import-busy"><Spinner /> {busy_text(busy)}</p>
                <div class="button-row"><Button on_click=stop>{t::import_keys_stop()}</Button></div>
            }
        })
    };
    let well = move || said.with(|it| (!it.is_empty()).then(|| view! { <p>{it.clone()}</p> }));
    let wrong = move || {
        failed.get().map(|it| match it {
            Failed::Said(text) => view! { <Banner tone=Tone::Danger>{text}</Banner> }.into_any(),
            Failed::Call(error) => view! { <ErrorView error /> }.into_any(),
        })
    };
    view! {
        <div id=STATUS_ID tabindex="-1" class="import-status">
            <div role="status">{summary}{under_way}{well}</div>
            {wrong}
        </div>
    }
    .into_any()
}

/// What there is to say first about a step: what was read, and how many rows do what.
fn summary(import: &Import) -> Option<String> {
    match import.step.get() {
        Step::Source => None,
        Step::Mapping => import.file.with(|it| {
            let file = it.as_ref()?;
            let (rows, columns) = (number(file.sheet.rows.len()), number(file.sheet.head.len()));
            Some(t::import_keys_read(&file.name, &rows, &columns))
        }),
        Step::Plan => import.planned.with(|it| {
            let plan = &it.as_ref()?.plan;
            let counts = Count::ALL.into_iter().filter(|it| plan.count(*it) > 0);
            let said = counts.map(|it| [count_word(it), ": ", &number(plan.count(it))].concat());
            Some(said.collect::<Vec<_>>().join(" · "))
        }),
    }
}

fn busy_text(busy: Busy) -> String {
    match busy {
        Busy::Reading => t::import_keys_reading().to_owned(),
        Busy::Loading => t::import_keys_loading().to_owned(),
        Busy::Looking(done, of) => t::import_keys_looking(&number(done), &number(of)),
        Busy::Comparing(done, of) => t::import_keys_comparing(&number(done), &number(of)),
        Busy::Writing => t::import_keys_writing().to_owned(),
    }
}

/// What Enter does.
fn forward(import: &Import) {
    if untrack(|| import.is_busy()) {
        return;
    }
    match import.step.get_untracked() {
        Step::Source => super::work::take_text(import),
        Step::Mapping => compare(import),
        Step::Plan => carry_out(import),
    }
}

fn footer(import: &Import) -> AnyView {
    let (step, planned) = (import.step, import.planned);
    let busy = {
        let import = import.clone();
        Signal::derive(move || import.is_busy())
    };
    let import = import.clone();
    let back = {
        let import = import.clone();
        UnsyncCallback::from(move || {
            let from_file = import.file.with_untracked(Option::is_some);
            let to = match import.step.get_untracked() {
                Step::Plan if from_file => Step::Mapping,
                _ => Step::Source,
            };
            import.go(to);
        })
    };
    let effects = move || planned.with(|it| it.as_ref().map_or(0, |it| it.plan.effects()));
    let none = Signal::derive(move || effects() == 0);
    let buttons = move || match step.get() {
        Step::Source => ().into_any(),
        Step::Mapping => view! {
            <Button on_click=back disabled=busy>{t::import_keys_back()}</Button>
            <Button kind=ButtonKind::Primary submit=true pending=busy>{t::import_keys_compare()}</Button>
        }
        .into_any(),
        Step::Plan => {
            let word = move || t::import_keys_apply(u64::try_from(effects()).unwrap_or(u64::MAX));
            view! {
                <Button on_click=back disabled=busy>{t::import_keys_back()}</Button>
                <Button kind=ButtonKind::Primary submit=true pending=busy disabled=none>{word}</Button>
            }
            .into_any()
        }
    };
    view! {
        <DialogCancel />
        {buttons}
    }
    .into_any()
}
