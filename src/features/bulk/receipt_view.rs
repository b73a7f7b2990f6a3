//! The receipt of one change: what became of each key, as a table and as files.

use leptos::prelude::*;

use super::changes::{Parts, Screen};
use super::paged::paged;
use super::plan_view::{id_line, item_lines, reason_list};
use super::results::{counts_text, phase_text, reasons, state_code, state_words, tone};
use crate::i18n::t;
use crate::journal::bulk::{Item, ItemState, Job, Phase};
use crate::platform::{download, intl};
use crate::systems::Client;
use crate::ui::{Banner, Button, ButtonKind, Choice, Icon, Select, Toasts, Tone, icon, memo};

/// All items, whatever became of them.
const ALL: &str = "";

pub(super) fn receipt(parts: &Parts, id: &str) -> AnyView {
    let Some(job) = parts.job(id) else { return ().into_any() };
    let (held, bulk) = (StoredValue::new_local(job.clone()), parts.bulk);
    let manifest = parts.manifest();
    let counts = memo(move |_| {
        bulk.version.track();
        held.with_value(|it| (it.phase(), it.counts()))
    });
    let facts = move || {
        let (phase, counts) = counts.get();
        let why = held.with_value(|it| reasons(manifest, it));
        let tone = tone(phase, &counts);
        let title = counts_text(&counts);
        let said = (phase != Phase::Ended).then(|| view! { <p>{phase_text(phase)}</p> });
        view! { <Banner tone title>{said} {reason_list(why)}</Banner> }
    };
    let plan = job.plan();
    let who = if plan.by.is_empty() { t::key_unknown().to_owned() } else { plan.by.clone() };
    let when = t::bulk_receipt_when(&who, &intl::date_time(job.began()));
    let ended = move || {
        counts.track();
        held.with_value(Job::ended).map(|it| t::bulk_receipt_ended(&intl::date_time(it)))
    };
    let chosen = RwSignal::new(ALL.to_owned());
    view! {
        <p>{when} " " {ended}</p>
        {facts}
        {buttons(parts, &job)}
        {chooser(chosen)}
        {table(parts, held, chosen)}
    }
    .into_any()
}

fn chooser(chosen: RwSignal<String>) -> AnyView {
    let options = vec![
        Choice::new(ALL, t::bulk_filter_all()),
        Choice::new("failed", t::bulk_state_failed()),
        Choice::new("unknown", t::bulk_state_unknown()),
        Choice::new("skipped", t::bulk_state_skipped()),
        Choice::new("removed", t::bulk_state_done()),
        Choice::new("waiting", t::bulk_state_waiting()),
    ];
    view! { <Select label=t::bulk_filter() value=chosen options=Signal::stored(options) id="receipt-filter" /> }
        .into_any()
}

fn table(parts: &Parts, held: StoredValue<Job, LocalStorage>, chosen: RwSignal<String>) -> AnyView {
    let (bulk, client) = (parts.bulk, parts.workspace.client().clone());
    // Places of the items that are shown, in the order of the plan.
    let places = memo(move |_| {
        bulk.version.track();
        let chosen = chosen.get();
        let is_shown = |it: &ItemState| chosen.is_empty() || state_code(it) == chosen;
        held.with_value(|job| {
            job.with_states(|states| {
                let states = states.iter().enumerate();
                states.filter(|(_, it)| is_shown(it)).map(|(at, _)| at).collect::<Vec<usize>>()
            })
        })
    });
    let count = Signal::derive(move || places.with(Vec::len));
    let rows = move |from: usize, size: usize| -> Vec<AnyView> {
        bulk.version.track();
        let places: Vec<usize> = places.with(|it| it.iter().skip(from).take(size).copied().collect());
        held.with_value(|job| {
            let plan = job.plan();
            job.with_states(|states| {
                let pair = |at: usize| Some((plan.items.get(at)?, states.get(at)?));
                places.into_iter().filter_map(pair).map(|(item, state)| row(&client, item, state)).collect()
            })
        })
    };
    paged(t::bulk_receipt_caption().to_owned(), count, head, Box::new(rows))
}

fn head() -> AnyView {
    view! {
        <th role="columnheader" scope="col">{t::bulk_column_key()}</th>
        <th role="columnheader" scope="col">{t::bulk_column_asked()}</th>
        <th role="columnheader" scope="col">{t::bulk_column_result()}</th>
    }
    .into_any()
}

fn row(client: &Client, item: &Item, state: &ItemState) -> AnyView {
    let (drawn, word, why) = state_words(client.manifest(), &item.wanted, state);
    let made = match state {
        ItemState::Done { key, .. } => key.as_ref(),
        _ => None,
    };
    let id = id_line(item, made.or_else(|| item.key()));
    let lines: Vec<AnyView> =
        item_lines(client, item).into_iter().map(|it| view! { <li>{it}</li> }.into_any()).collect();
    let why = (!why.is_empty()).then(|| view! { <span class="cell-sub">{why}</span> });
    view! {
        <tr role="row" data-fate=state_code(state)>
            <th role="rowheader" scope="row" data-label=t::bulk_column_key()>
                {item.title.clone()} " " <span class="cell-sub">{id}</span>
            </th>
            <td role="cell" data-label=t::bulk_column_asked()><ul class="plain-list">{lines}</ul></td>
            <td role="cell" data-label=t::bulk_column_result()>
                <span class="fate">{icon(drawn)} <span>{word}</span></span>
                {why}
            </td>
        </tr>
    }
    .into_any()
}

/// Saves a receipt as a file. Its name says when the change began.
fn save(job: &Job, is_csv: bool, toasts: Option<Toasts>) {
    let receipt = job.receipt();
    let day = receipt.began.date().map(|it| it.to_string()).unwrap_or_default();
    let id: String = receipt.id.chars().take(8).collect();
    let name = ["latchkey-receipt-", &day, "-", &id, if is_csv { ".csv" } else { ".json" }].concat();
    let saved = match is_csv {
        true => download::text(&name, "text/csv", &receipt.csv()),
        false => download::text(&name, "application/json", &receipt.json()),
    };
    if let (Err(download::Refused), Some(toasts)) = (saved, toasts) {
        toasts.push(Tone::Danger, t::bulk_not_saved(), None);
    }
}

fn buttons(parts: &Parts, job: &Job) -> AnyView {
    let toasts = use_context::<Toasts>();
    let held = StoredValue::new_local(job.clone());
    let bulk = parts.bulk;
    let id = job.plan().id.clone();
    let is_over = memo(move |_| {
        bulk.version.track();
        held.with_value(|it| it.ended().is_some())
    });
    let left = memo(move |_| {
        bulk.version.track();
        held.with_value(|it| {
            let counts = it.counts();
            if it.ended().is_some() { (counts.failed + counts.unknown) as u64 } else { 0 }
        })
    });
    let files = [(true, t::bulk_save_csv()), (false, t::bulk_save_json())].map(|(is_csv, word)| {
        let on_click = move || held.with_value(|it| save(it, is_csv, toasts));
        view! { <Button on_click>{word}</Button> }
    });
    let may = {
        let parts = parts.clone();
        memo(move |_| parts.may_write())
    };
    let shared = parts.clone();
    let retry = move || {
        (left.get() > 0 && may.get()).then(|| {
            let parts = shared.clone();
            let on_click = move || {
                held.with_value(|it| {
                    it.retry_failed();
                    parts.bulk.show(it);
                });
            };
            view! { <Button icon=Icon::Refresh on_click>{move || t::bulk_retry(left.get())}</Button> }
        })
    };
    let shared = parts.clone();
    let over = move || {
        is_over.get().then(|| {
            let (undo, forget) = (shared.clone(), shared.clone());
            let from = id.clone();
            let undo = may.get().then(|| {
                let on_click = move || undo.show(Screen::Undo(from.clone()));
                view! { <Button on_click>{t::bulk_undo()}</Button> }
            });
            let forget = move || {
                held.with_value(|it| forget.workspace.journal().jobs().forget(it));
                forget.bulk.version.update(|it| *it += 1);
                forget.show(Screen::List);
            };
            view! {
                {undo}
                <Button kind=ButtonKind::Quiet icon=Icon::Trash on_click=forget>{t::bulk_forget()}</Button>
            }
        })
    };
    view! { <div class="button-row">{files} {retry} {over}</div> }.into_any()
}
