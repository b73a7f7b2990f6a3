//! The second step: what the columns mean, and how rows and keys belong together.

use std::sync::Arc;

use leptos::prelude::*;

use super::state::{File, Import};
use super::words::number;
use crate::domain::FieldId;
use crate::files::{Cell, Sheet};
use crate::i18n::t;
use crate::journal::import::targets;
use crate::systems::{ActionKind, FieldKind, Use};
use crate::ui::{Banner, Checkbox, Choice, RadioGroup, TableFrame, Tone, effect, id, memo};

/// Rows whose cells are shown as examples.
const EXAMPLES: usize = 3;

/// Characters of an example.
const EXAMPLE_CHARS: usize = 40;

/// The columns with what they mean, and the choices.
pub(super) fn mapping(import: &Import) -> AnyView {
    let Some(file) = import.file.get_untracked() else { return ().into_any() };
    let head = ViewFn::from(|| {
        view! {
            <th role="columnheader" scope="col">{t::import_keys_column()}</th>
            <th role="columnheader" scope="col">{t::import_keys_means()}</th>
            <th role="columnheader" scope="col">{t::import_keys_examples()}</th>
        }
    });
    let rows: Vec<AnyView> = (0..file.sheet.head.len()).map(|it| column_row(import, &file, it)).collect();
    view! {
        <TableFrame caption=t::import_keys_columns() head>{rows}</TableFrame>
        <div role="status">{notes(import, &file)}</div>
        {options(import)}
    }
    .into_any()
}

fn column_row(import: &Import, file: &Arc<File>, column: usize) -> AnyView {
    let manifest = import.workspace.manifest();
    let mapping = import.mapping;
    let heading = file.sheet.head.get(column).cloned().unwrap_or_default();
    let name = match heading.trim() {
        "" => t::import_keys_no_heading(&number(column + 1)),
        heading => heading.to_owned(),
    };
    let is_secret = move || {
        let field = mapping.with(|it| it.field(column)).and_then(|it| manifest.field(it));
        field.is_some_and(|it| matches!(it.kind, FieldKind::Secret))
    };
    let sheet = Arc::clone(&file.sheet);
    let shown = move || match is_secret() {
        true => t::import_keys_hidden().to_owned(),
        false => match examples(&sheet, column) {
            nothing if nothing.is_empty() => t::import_keys_nothing_stands().to_owned(),
            examples => examples,
        },
    };
    let options: Vec<AnyView> = targets(manifest)
        .map(|spec| {
            let field = spec.id;
            let selected = move || mapping.with(|it| it.field(column) == Some(field));
            let is_fixed = spec.create == Use::No && spec.edit == Use::No && field != FieldId::ID;
            let label = match is_fixed {
                true => t::import_keys_compared_only((spec.label)()),
                false => (spec.label)().to_owned(),
            };
            view! { <option value=field.0 prop:selected=selected>{label}</option> }.into_any()
        })
        .collect();
    let on_change = move |event| {
        let chosen = event_target_value(&event);
        let field = targets(manifest).map(|it| it.id).find(|it| it.0 == chosen);
        mapping.update(|it| it.set(column, field));
    };
    let nothing = move || mapping.with(|it| it.field(column).is_none());
    let label = t::import_keys_meaning_of(&name);
    let select = id::unique("column");
    view! {
        <tr role="row">
            <th role="rowheader" scope="row">{name}</th>
            <td role="cell" data-label=t::import_keys_means()>
                <select class="input select" id=select aria-label=label on:change=on_change>
                    <option value="" prop:selected=nothing>{t::import_keys_not_used()}</option>
                    {options}
                </select>
            </td>
            <td role="cell" class="import-examples" data-label=t::import_keys_examples()>
                <div>{shown}</div>
            </td>
        </tr>
    }
    .into_any()
}

fn examples(sheet: &Sheet, column: usize) -> String {
    let cells = sheet.rows.iter().filter_map(|it| it.get(column)).filter(|it| !it.text().trim().is_empty());
    let short = |cell: &Cell| {
        let text = cell.text();
        let mut short: String = text.chars().take(EXAMPLE_CHARS).collect();
        if short.len() < text.len() {
            short.push('…');
        }
        short
    };
    cells.take(EXAMPLES).map(short).collect::<Vec<_>>().join(" · ")
}

/// What the reader should know about the columns: those that are left out, and those that hold keys' values.
fn notes(import: &Import, file: &Arc<File>) -> AnyView {
    let manifest = import.workspace.manifest();
    let mapping = import.mapping;
    let file = Arc::clone(file);
    let unused = move || {
        let names: Vec<String> = mapping.with(|it| {
            let name = |column: usize| file.sheet.head.get(column).cloned();
            it.unused().filter_map(name).filter(|it| !it.trim().is_empty()).collect()
        });
        (!names.is_empty()).then(|| {
            let text = t::import_keys_unused(&names.join(", "));
            view! { <Banner tone=Tone::Warning>{text}</Banner> }
        })
    };
    let secrets = move || {
        let has = mapping.with(|it| {
            let mut fields = it.columns().filter_map(|(_, field)| manifest.field(field));
            fields.any(|it| matches!(it.kind, FieldKind::Secret))
        });
        has.then(|| view! { <Banner tone=Tone::Info>{t::import_keys_values()}</Banner> })
    };
    view! { {unused} {secrets} }.into_any()
}

fn options(import: &Import) -> AnyView {
    let manifest = import.workspace.manifest();
    let mapping = import.mapping;
    let has = move |field: FieldId| mapping.with(|it| it.column(field).is_some());
    let can_create = manifest.can(ActionKind::Create);
    let group = move || {
        let choice = |value: &str, label: &str, description: &str, disabled| {
            let description = description.to_owned();
            Choice { value: value.to_owned(), label: label.to_owned(), description, disabled }
        };
        vec![
            choice("id", t::import_keys_by_id(), t::import_keys_by_id_hint(), !has(FieldId::ID)),
            choice("title", t::import_keys_by_title(), t::import_keys_by_title_hint(), !has(FieldId::TITLE)),
            choice("new", t::import_keys_all_new(), t::import_keys_all_new_hint(), !can_create),
        ]
    };
    let matching = import.matching;
    // What no column allows any more cannot stay chosen.
    effect(move |_| {
        let lost = match matching.get().as_str() {
            "id" => !has(FieldId::ID),
            "title" => !has(FieldId::TITLE),
            _ => false,
        };
        if lost {
            let next = if has(FieldId::ID) {
                "id"
            } else if has(FieldId::TITLE) {
                "title"
            } else {
                "new"
            };
            matching.set(next.to_owned());
        }
    });
    // Drawn anew where the columns allow something else.
    let allowed = memo(move |_| (has(FieldId::ID), has(FieldId::TITLE)));
    let radios = move || {
        allowed.track();
        let options = untrack(group);
        view! { <RadioGroup label=t::import_keys_matching() value=matching options /> }
    };
    let gone = {
        let checked = import.create_gone;
        move || {
            (matching.with(|it| it == "id") && can_create).then(|| {
                view! { <Checkbox label=t::import_keys_create_gone() checked hint=t::import_keys_create_gone_hint() /> }
            })
        }
    };
    let titles = manifest.form(false).any(|it| it.id == FieldId::TITLE).then(|| {
        let checked = import.allow_doubles;
        view! { <Checkbox label=t::import_keys_doubles() checked hint=t::import_keys_doubles_hint() /> }
    });
    view! {
        {radios}
        <fieldset class="import-options">
            <legend class="field-label">{t::import_keys_options()}</legend>
            <Checkbox
                label=t::import_keys_clear()
                checked=import.clear_blanks
                hint=t::import_keys_clear_hint()
            />
            {gone}
            {titles}
        </fieldset>
    }
    .into_any()
}
