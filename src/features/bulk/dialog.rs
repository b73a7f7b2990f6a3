//! One change to all picked keys: what shall change, then what becomes of each, then go.

use std::sync::Arc;

use leptos::prelude::*;

use super::bar::remove_words;
use super::change_form::{ChangeForm, change_fields};
use super::drafted::{Drafted, LeftOut, Wish, draft};
use super::effect::{Use, action, effort};
use super::gather::{Full, Gathered, Needs, gather};
use super::plan_view::{by_reason, plan_table, reason_list};
use super::state::{Bulk, BulkAction};
use super::title_form::{TitleForm, title_fields};
use crate::domain::{FieldId, Key};
use crate::features::error_view::ErrorView;
use crate::features::leave::{Leave, LeaveQuestion};
use crate::features::workspace::{Overlay, Workspace};
use crate::features::write::{self, Write};
use crate::http::{ApiError, Cancel};
use crate::i18n::t;
use crate::journal::bulk::Kind;
use crate::platform::clock;
use crate::systems::{Removal, SecretPolicy};
use crate::ui::{
    Answer, Banner, Button, ButtonKind, Dialog, DialogCancel, DialogSize, Icon, Latest, StateKind,
    StateScreen, Tone, latest, memo,
};

/// Open while the workspace's overlay says so.
#[component]
pub fn BulkDialog() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    move || {
        let action = workspace.overlay.with(|it| match it {
            Some(Overlay::Bulk(action)) => Some(*action),
            _ => None,
        })?;
        Some(dialog(&workspace, action))
    }
}

/// Keys whose titles are shown before and after while a pattern is typed.
const SAMPLES: usize = 3;

/// The id of the body; the focus goes there when the plan takes the place of the form.
const BODY_ID: &str = "bulk-body";

/// Copies begin with this title.
const COPY: &str = "{title} (copy)";

/// Where the wish comes from.
#[derive(Clone, Copy)]
enum Form {
    /// Nothing has to be said.
    None,
    Change(StoredValue<ChangeForm>),
    /// New titles, where the system's keys are given any.
    Duplicate(TitleForm),
}

#[derive(Clone)]
struct Parts {
    workspace: Workspace,
    bulk: Bulk,
    action: BulkAction,
    form: Form,
    wish: RwSignal<Option<Wish>>,
    gathered: Latest<Gathered, ApiError>,
    read: RwSignal<usize>,
    drafted: Memo<Option<Arc<Drafted>>>,
    answer: RwSignal<String>,
    started: RwSignal<bool>,
}

impl Parts {
    fn keys(&self) -> Signal<Vec<Key>> {
        let gathered = self.gathered;
        Signal::derive(move || {
            gathered.signal().with(|it| {
                it.value().map(|it| it.keys.iter().take(SAMPLES).cloned().collect()).unwrap_or_default()
            })
        })
    }

    /// Whether the number that is wanted is not typed yet, or there is nothing to do; tracks.
    fn is_refused(&self) -> bool {
        let Some(plan) = self.drafted.get() else { return true };
        plan.items.is_empty() || effort(&plan.items).is_left(self.answer)
    }

    fn submit(&self) {
        if self.wish.with_untracked(Option::is_none) {
            let wish = match self.form {
                Form::None => None,
                Form::Change(form) => form.get_value().attempt(),
                Form::Duplicate(_) if !self.has_titles() => {
                    Some(Wish::Duplicated { titling: None, first: 1 })
                }
                Form::Duplicate(form) => {
                    form.attempt().map(|(titling, first)| Wish::Duplicated { titling: Some(titling), first })
                }
            };
            if wish.is_some() {
                self.wish.set(wish);
                write::focus(BODY_ID);
            }
            return;
        }
        if untrack(|| self.is_refused()) || self.started.get_untracked() {
            return;
        }
        let Some(plan) = self.drafted.get_untracked() else { return };
        self.started.set(true);
        self.bulk.start(&self.workspace, plan.kind, plan.items.clone());
        self.workspace.close();
    }

    /// Whether new keys of this system are given a title.
    fn has_titles(&self) -> bool {
        self.workspace.manifest().form(false).any(|it| it.id == FieldId::TITLE)
    }

    fn title(&self) -> String {
        let count = untrack(|| self.workspace.selection.with(|it| it.len() as u64));
        match self.action {
            BulkAction::Enable => t::bulk_title_enable(count),
            BulkAction::Disable => t::bulk_title_disable(count),
            BulkAction::Change => t::bulk_title_change(count),
            BulkAction::Duplicate => t::bulk_title_duplicate(count),
            BulkAction::Remove => {
                let selection = self.workspace.selection;
                let client = self.workspace.client();
                let words = untrack(|| selection.with(|it| remove_words(client, it)));
                (words.title)(count)
            }
        }
    }
}

fn dialog(workspace: &Workspace, action: BulkAction) -> AnyView {
    let bulk = expect_context::<Bulk>();
    let manifest = workspace.manifest();
    let (form, wish) = match action {
        BulkAction::Enable => (Form::None, Some(Wish::Enabled(true))),
        BulkAction::Disable => (Form::None, Some(Wish::Enabled(false))),
        BulkAction::Remove => (Form::None, Some(Wish::Removed)),
        BulkAction::Change => (Form::Change(StoredValue::new(ChangeForm::new(manifest))), None),
        BulkAction::Duplicate => (Form::Duplicate(TitleForm::new(COPY)), None),
    };
    let (wish, read) = (RwSignal::new(wish), RwSignal::new(0usize));
    let gathered = reading(workspace, bulk, wish, read);
    let drafted = {
        let client = StoredValue::new_local(workspace.client().clone());
        Memo::new_with_compare(
            move |_| {
                let wish = wish.get()?;
                let Answer::Ready(gathered) = gathered.get() else { return None };
                let client = client.get_value();
                let removal = |key: &Key| client.removal(key);
                Some(Arc::new(draft(client.manifest(), &removal, &gathered.keys, &wish, clock::now())))
            },
            |_, _| true,
        )
    };
    let answer = RwSignal::new(String::new());
    let started = RwSignal::new(false);
    let parts = Parts {
        workspace: workspace.clone(),
        bulk,
        action,
        form,
        wish,
        gathered,
        read,
        drafted,
        answer,
        started,
    };
    let dirty = Signal::derive(move || {
        !started.get()
            && match form {
                Form::None => false,
                Form::Change(form) => form.get_value().is_dirty(),
                Form::Duplicate(form) => form.differs_from(COPY),
            }
    });
    let leave = Leave::new(Write::new(), dirty);
    let close = workspace.on_close();
    let title = parts.title();
    let submit = {
        let parts = parts.clone();
        UnsyncCallback::from(move || parts.submit())
    };
    let is_form = memo(move |_| wish.with(Option::is_none));
    let footer = {
        let parts = parts.clone();
        StoredValue::new_local(move || buttons(&parts, is_form.get()))
    };
    let content =
        StoredValue::new_local(move || if is_form.get() { form_screen(&parts) } else { plan_screen(&parts) });
    view! {
        <Dialog
            open=true
            on_close=close
            title
            guard=leave.guard()
            on_submit=submit
            size=DialogSize::Large
            footer=move || view! { {move || footer.with_value(|it| it())} }
        >
            <div id=BODY_ID tabindex="-1">{move || content.with_value(|it| it())}</div>
        </Dialog>
        <LeaveQuestion leave on_leave=close />
    }
    .into_any()
}

/// Reads what was picked unseen.
fn reading(
    workspace: &Workspace,
    bulk: Bulk,
    wish: RwSignal<Option<Wish>>,
    read: RwSignal<usize>,
) -> Latest<Gathered, ApiError> {
    let client = workspace.client().clone();
    let selection = workspace.selection.get_untracked();
    let request = bulk.request.get_untracked();
    let manifest = client.manifest();
    let full = Full::default();
    let needs = Signal::derive(move || {
        Some(wish.with(|it| it.as_ref().map_or(Needs::Seen, |it| it.needs(manifest))))
    });
    latest(needs, Cancel::new, Cancel::cancel, move |needs: Needs, cancel| {
        let (client, selection, request) = (client.clone(), selection.clone(), request.clone());
        let full = full.clone();
        async move {
            let told = |count| {
                read.try_set(count);
            };
            gather(&client, &selection, request.as_ref(), (&needs, &full), &cancel, &told).await
        }
    })
}

fn form_screen(parts: &Parts) -> AnyView {
    match parts.form {
        Form::None => ().into_any(),
        Form::Change(form) => change_fields(form.get_value(), parts.keys()),
        Form::Duplicate(form) => {
            let manifest = parts.workspace.manifest();
            let effect =
                manifest.action(crate::systems::ActionKind::Duplicate).map_or("", |it| (it.effect)());
            let fields = parts.has_titles().then(|| title_fields(form, parts.keys()));
            let once = (manifest.secret == SecretPolicy::Once)
                .then(|| view! { <Banner tone=Tone::Warning>{t::bulk_once()}</Banner> });
            view! {
                <div class="form">
                    <p>{effect}</p>
                    <p class="form-note">{t::bulk_duplicate_note()}</p>
                    {once}
                    {fields}
                </div>
            }
            .into_any()
        }
    }
}

fn plan_screen(parts: &Parts) -> AnyView {
    let parts = parts.clone();
    let shown = move || match (parts.gathered.get(), parts.drafted.get()) {
        (Answer::Failed { error, .. }, _) => {
            let gathered = parts.gathered;
            let error = ApiError::clone(&error);
            view! { <ErrorView error on_retry=move || gathered.reload() /> }.into_any()
        }
        (Answer::Ready(gathered), Some(plan)) => plan_body(&parts, &gathered, &plan),
        _ => {
            let read = parts.read;
            let title = Signal::derive(move || t::bulk_reading(read.get() as u64));
            view! { <StateScreen kind=StateKind::Loading title /> }.into_any()
        }
    };
    view! { {shown} }.into_any()
}

fn plan_body(parts: &Parts, gathered: &Gathered, plan: &Arc<Drafted>) -> AnyView {
    let manifest = parts.workspace.manifest();
    let client = parts.workspace.client();
    let removal = |it: &crate::journal::bulk::Item| it.before.as_ref().map(|it| client.removal(it));
    let is = |wanted: Removal| plan.items.iter().any(|it| removal(it) == Some(wanted));
    let mut effects: Vec<&'static str> = Vec::new();
    match plan.kind {
        Kind::Remove => {
            for (which, revokes) in [(Removal::Delete, false), (Removal::Revoke, true)] {
                let found = action(plan.kind, revokes).and_then(|it| manifest.action(it));
                effects.extend(found.filter(|_| is(which)).map(|it| (it.effect)()));
            }
        }
        kind => {
            effects.extend(action(kind, false).and_then(|it| manifest.action(it)).map(|it| (it.effect)()))
        }
    }
    let effects: Vec<AnyView> = effects.into_iter().map(|it| view! { <p>{it}</p> }.into_any()).collect();
    let in_use = Use::of(&plan.items).text(manifest);
    let in_use = (!in_use.is_empty()).then(|| view! { <p class="bulk-use">{in_use}</p> });
    let mut facts = vec![t::bulk_fact_items(plan.items.len() as u64)];
    let out_of_view = untrack(|| parts.bulk.out_of_view.get());
    let mut fact = |count: usize, text: fn(u64) -> String| {
        if count > 0 {
            facts.push(text(count as u64));
        }
    };
    fact(out_of_view, t::bulk_fact_out);
    fact(plan.already, t::bulk_fact_already);
    fact(plan.same, t::bulk_fact_same);
    fact(gathered.gone.len(), t::bulk_fact_gone);
    let facts: Vec<AnyView> = facts.into_iter().map(|it| view! { <li>{it}</li> }.into_any()).collect();
    let memory = parts.workspace.journal().jobs().is_memory_only().then(|| {
        view! { <Banner tone=Tone::Warning>{t::bulk_memory()}</Banner> }
    });
    let table = (!plan.items.is_empty()).then(|| plan_table(client, Arc::new(plan.items.clone())));
    let typed = effort(&plan.items).field(parts.answer);
    let nothing = plan.items.is_empty().then(|| {
        view! { <Banner tone=Tone::Info>{t::bulk_nothing()}</Banner> }
    });
    view! {
        <div class="form">
            {effects}
            {in_use}
            <div role="status"><ul class="change-list">{facts}</ul></div>
            {nothing}
            {refusals(&plan.refused)}
            {twice(plan)}
            {memory}
            {table}
            {typed}
        </div>
    }
    .into_any()
}

/// Keys that a rule refuses, by reason, before anything is sent.
fn refusals(refused: &[LeftOut]) -> Option<AnyView> {
    if refused.is_empty() {
        return None;
    }
    let reasons = by_reason(refused.iter().map(|it| (it.why.clone(), it.title.clone())));
    let title = t::bulk_refused(refused.len() as u64);
    Some(view! { <Banner tone=Tone::Warning title>{reason_list(reasons)}</Banner> }.into_any())
}

fn twice(plan: &Drafted) -> Option<AnyView> {
    const NAMED: usize = 5;
    if plan.twice.is_empty() {
        return None;
    }
    let line = |(title, count): &(String, usize)| {
        view! { <li>{t::bulk_twice_line(title, &count.to_string())}</li> }.into_any()
    };
    let lines: Vec<AnyView> = plan.twice.iter().take(NAMED).map(line).collect();
    let more = plan.twice.len().saturating_sub(NAMED);
    let more = (more > 0).then(|| view! { <li>{t::bulk_more(more as u64)}</li> });
    let title = t::bulk_twice(plan.twice.len() as u64);
    Some(
        view! { <Banner tone=Tone::Warning title><ul class="change-list">{lines} {more}</ul></Banner> }
            .into_any(),
    )
}

fn buttons(parts: &Parts, is_form: bool) -> AnyView {
    if is_form {
        return view! {
            <DialogCancel />
            <Button kind=ButtonKind::Primary submit=true>{t::bulk_review()}</Button>
        }
        .into_any();
    }
    let wish = parts.wish;
    let back = move || {
        wish.set(None);
        write::focus(BODY_ID);
    };
    let back = (!matches!(parts.form, Form::None)).then(|| {
        view! { <Button icon=Icon::ChevronStart on_click=back>{t::edit_back()}</Button> }
    });
    let (kind, icon) = match parts.action {
        BulkAction::Disable => (ButtonKind::Danger, Icon::Ban),
        BulkAction::Remove => (ButtonKind::Danger, Icon::Trash),
        BulkAction::Enable => (ButtonKind::Primary, Icon::Power),
        BulkAction::Change | BulkAction::Duplicate => (ButtonKind::Primary, Icon::Check),
    };
    let refused = {
        let parts = parts.clone();
        memo(move |_| parts.is_refused())
    };
    let word = {
        let parts = parts.clone();
        move || {
            let count = parts.drafted.with(|it| it.as_ref().map_or(0, |it| it.items.len() as u64));
            match parts.action {
                BulkAction::Enable => t::bulk_go_enable(count),
                BulkAction::Disable => t::bulk_go_disable(count),
                BulkAction::Change => t::bulk_go_change(count),
                BulkAction::Duplicate => t::bulk_go_duplicate(count),
                BulkAction::Remove => {
                    let selection = parts.workspace.selection;
                    let client = parts.workspace.client();
                    let words = untrack(|| selection.with(|it| remove_words(client, it)));
                    (words.go)(count)
                }
            }
        }
    };
    view! {
        {back}
        <DialogCancel autofocus=true />
        <Button kind icon submit=true disabled=refused>{word}</Button>
    }
    .into_any()
}
