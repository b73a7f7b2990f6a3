//! The third step: what would be done, row by row, what is refused first.

use std::sync::Arc;

use leptos::prelude::*;

use super::apply::once_text;
use super::state::{Import, Planned};
use super::words::{count_look, count_word, ignored_text, number, row_lines, row_name};
use crate::i18n::t;
use crate::journal::import::{Count, Row};
use crate::systems::Manifest;
use crate::ui::{Badge, Banner, Button, Icon, Pager, TableFrame, Tone, effect, icon, memo};

/// Rows of the first page.
const PAGE: u32 = 50;

/// The plan on the screen.
pub(super) fn plan(import: &Import) -> AnyView {
    let Some(planned) = import.planned.get_untracked() else { return ().into_any() };
    let none = planned.plan.effects() == 0;
    let nothing = none.then(|| {
        let text = match planned.plan.count(Count::Refused) {
            0 => t::import_keys_no_effect(),
            _ => t::import_keys_all_refused(),
        };
        view! { <Banner tone=Tone::Info>{text}</Banner> }
    });
    let once = once_text(import.workspace.manifest(), &planned)
        .map(|it| view! { <Banner tone=Tone::Warning>{it}</Banner> });
    let origin = planned.origin.clone().map(|it| view! { <p>{it}</p> });
    let blank = (planned.plan.blank > 0).then(
        || view! { <p class="field-hint">{t::import_keys_blank_rows(&number(planned.plan.blank))}</p> },
    );
    view! {
        {origin}
        {nothing}
        {once}
        {kinds(import, &planned)}
        {blank}
        {plan_tools(import)}
        {rows(import, planned)}
    }
    .into_any()
}

/// How many rows there are of each kind; each shows its rows alone.
fn kinds(import: &Import, planned: &Arc<Planned>) -> AnyView {
    let only = import.only;
    let button = |kind: Option<Count>, count: usize, word: &'static str, look: Icon| {
        let pressed = move || if only.get() == kind { "true" } else { "false" };
        view! {
            <button
                type="button"
                class="import-kind"
                aria-pressed=pressed
                on:click=move |_| only.set(kind)
            >
                {icon(look)}
                <span>{word}</span>
                <strong>{number(count)}</strong>
            </button>
        }
        .into_any()
    };
    let mut res = vec![button(None, planned.plan.rows.len(), t::import_keys_all_rows(), Icon::Filter)];
    for kind in Count::ALL {
        let count = planned.plan.count(kind);
        if count > 0 {
            res.push(button(Some(kind), count, count_word(kind), count_look(kind).1));
        }
    }
    view! { <div class="import-kinds" role="group" aria-label=t::import_keys_show()>{res}</div> }.into_any()
}

/// The rows of the kind that is shown, page by page.
fn rows(import: &Import, planned: Arc<Planned>) -> AnyView {
    let manifest = import.workspace.manifest();
    let only = import.only;
    let (page, size) = (RwSignal::new(1_u32), RwSignal::new(PAGE));
    let shown = {
        let planned = Arc::clone(&planned);
        memo(move |_| {
            let kind = only.get();
            let fits = |it: &(usize, &Row)| kind.is_none_or(|kind| it.1.verdict.count() == kind);
            let places = planned.plan.rows.iter().enumerate().filter(fits).map(|it| it.0);
            Arc::<[usize]>::from(places.collect::<Vec<_>>())
        })
    };
    effect(move |_| {
        only.track();
        page.set(1);
    });
    let total = move || shown.with(|it| it.len());
    let last = Signal::derive(move || {
        let total = u32::try_from(total()).unwrap_or(u32::MAX);
        Some(total.div_ceil(size.get()).max(1))
    });
    let from = move || page.get().saturating_sub(1) as usize * size.get() as usize;
    let text = Signal::derive(move || {
        let (from, total) = (from(), total());
        let to = from.saturating_add(size.get() as usize).min(total);
        t::import_keys_range(&number(from.saturating_add(1).min(to)), &number(to), &number(total))
    });
    let drawn = {
        let planned = Arc::clone(&planned);
        move || {
            let places = shown.get();
            let rows = places.iter().skip(from()).take(size.get() as usize);
            let rows: Vec<AnyView> = rows
                .filter_map(|it| planned.plan.rows.get(*it))
                .map(|it| row(manifest, it, &planned))
                .collect();
            rows
        }
    };
    let is_plan_file = planned.origin.is_some();
    let head = ViewFn::from(move || {
        let line = if is_plan_file { t::import_keys_item() } else { t::import_keys_row() };
        view! {
            <th role="columnheader" scope="col" class="cell-number">{line}</th>
            <th role="columnheader" scope="col">{t::import_keys_key()}</th>
            <th role="columnheader" scope="col">{t::import_keys_what()}</th>
            <th role="columnheader" scope="col">{t::import_keys_details()}</th>
        }
    });
    view! {
        <TableFrame caption=t::import_keys_rows() head>{drawn}</TableFrame>
        <Pager
            page
            last
            text
            size
            on_page=move |(to,)| page.set(to)
            on_size=move |(to,)| {
                size.set(to);
                page.set(1);
            }
        />
    }
    .into_any()
}

fn row(manifest: &'static Manifest, row: &Row, planned: &Planned) -> AnyView {
    let line = if planned.origin.is_some() { t::import_keys_item() } else { t::import_keys_row() };
    let kind = row.verdict.count();
    let (tone, look) = count_look(kind);
    let lines: Vec<AnyView> = row_lines(manifest, row, &planned.head)
        .into_iter()
        .map(|it| view! { <li>{it}</li> }.into_any())
        .collect();
    let ignored: Vec<AnyView> = row
        .ignored
        .iter()
        .map(|it| view! { <li>{t::import_keys_ignored(&ignored_text(it, &planned.head))}</li> }.into_any())
        .collect();
    let ignored =
        (!ignored.is_empty()).then(|| view! { <ul class="plain-list import-ignored">{ignored}</ul> });
    view! {
        <tr role="row">
            <td role="cell" class="cell-number" data-label=line>{number(row.line.0)}</td>
            <th role="rowheader" scope="row">{row_name(row)}</th>
            <td role="cell" data-label=t::import_keys_what()><Badge tone icon=look text=count_word(kind) /></td>
            <td role="cell" class="import-lines" data-label=t::import_keys_details()>
                <div>
                    <ul class="plain-list">{lines}</ul>
                    {ignored}
                </div>
            </td>
        </tr>
    }
    .into_any()
}

/// What stands beside the plan: the refused rows as a file, and the plan as one.
fn plan_tools(import: &Import) -> AnyView {
    let Some(planned) = import.planned.get_untracked() else { return ().into_any() };
    let refused = planned.plan.count(Count::Refused) > 0;
    let refused = refused.then(|| {
        let import = import.clone();
        let save = move || super::apply::save_refused(&import);
        view! { <Button icon=Icon::Download on_click=save>{t::import_keys_save_refused()}</Button> }
    });
    let save = (planned.plan.effects() > 0).then(|| {
        let import = import.clone();
        let save = move || super::plan_file::save_plan(&import);
        view! { <Button icon=Icon::Download on_click=save>{t::import_keys_save_plan()}</Button> }
    });
    view! { <div class="button-row">{refused} {save}</div> }.into_any()
}
