//! A plan on the screen: key by key, what becomes of each.

use std::sync::Arc;

use leptos::prelude::*;

use super::paged::paged;
use crate::domain::{FieldId, Key, KeyId, Value, order};
use crate::features::key::change_lines;
use crate::features::key_text;
use crate::i18n::t;
use crate::journal::bulk::{Item, Wanted};
use crate::systems::{Client, FieldKind, Manifest, Removal};
use crate::ui::Disclosure;

/// Names that stand below one reason; the rest is counted.
const NAMED: usize = 20;

/// What becomes of one key, a line each.
#[must_use]
pub fn item_lines(client: &Client, item: &Item) -> Vec<String> {
    let manifest = client.manifest();
    let state = |key: &Key| key_text::field_text(manifest, key, FieldId::STATE);
    match (&item.wanted, &item.before) {
        (Wanted::Enabled(on), Some(key)) if key.disabled != *on => vec![t::bulk_line_already(&state(key))],
        (Wanted::Enabled(on), before) => {
            let to = if *on { t::key_state_enabled() } else { t::key_state_disabled() };
            let from = before.as_ref().map(state).unwrap_or_default();
            vec![t::change_set(manifest.label(FieldId::STATE), &from, to)]
        }
        (Wanted::Removed, before) => {
            let removal = before.as_ref().map(|it| client.removal(it));
            let text = match removal {
                Some(Removal::Revoke) => t::bulk_line_revoked(),
                Some(Removal::Delete) | None => t::bulk_line_deleted(),
            };
            vec![text.to_owned()]
        }
        (Wanted::Changed(change), Some(key)) => change_lines(manifest, key, change),
        (Wanted::Changed(change), None) => change_lines(manifest, &Key::new(""), change),
        (Wanted::Created(fields), _) => created_lines(manifest, fields),
    }
}

/// The settings of a new key that are given, without what the administrator chose as its value.
fn created_lines(manifest: &Manifest, fields: &crate::domain::Fields) -> Vec<String> {
    let mut res = vec![t::bulk_line_created().to_owned()];
    for (field, value) in fields.iter() {
        let Some(spec) = manifest.field(field) else { continue };
        let is_blank =
            matches!(value, Value::Nothing | Value::Flag(false)) || *value == Value::Text(String::new());
        if field == FieldId::TITLE || is_blank || matches!(spec.kind, FieldKind::Secret) {
            continue;
        }
        res.push([(spec.label)(), ": ", &key_text::value_text(spec, value)].concat());
    }
    res
}

/// The items of a plan in a table, page by page.
#[must_use]
pub fn plan_table(client: &Client, items: Arc<Vec<Item>>) -> AnyView {
    let count = Signal::stored(items.len());
    let client = client.clone();
    let rows = move |from: usize, size: usize| -> Vec<AnyView> {
        items.iter().skip(from).take(size).map(|it| row(&client, it)).collect()
    };
    paged(t::bulk_plan_caption().to_owned(), count, head, Box::new(rows))
}

fn head() -> AnyView {
    view! {
        <th role="columnheader" scope="col">{t::bulk_column_key()}</th>
        <th role="columnheader" scope="col">{t::bulk_column_becomes()}</th>
    }
    .into_any()
}

fn row(client: &Client, item: &Item) -> AnyView {
    let lines: Vec<AnyView> =
        item_lines(client, item).into_iter().map(|it| view! { <li>{it}</li> }.into_any()).collect();
    let id = id_line(item, item.key());
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" data-label=t::bulk_column_key()>
                {item.title.clone()} " " <span class="cell-sub">{id}</span>
            </th>
            <td role="cell" data-label=t::bulk_column_becomes()>
                <ul class="plain-list">{lines}</ul>
            </td>
        </tr>
    }
    .into_any()
}

/// The id below a title, unless the title says it in the place of a blank one.
pub(super) fn id_line(item: &Item, key: Option<&KeyId>) -> String {
    key.filter(|it| !item.title.contains(it.0.as_str())).map(|it| t::form_pick_id(&it.0)).unwrap_or_default()
}

/// Reasons with the keys they are about, the most frequent first.
#[must_use]
pub fn by_reason(pairs: impl Iterator<Item = (String, String)>) -> Vec<(String, Vec<String>)> {
    let mut res: Vec<(String, Vec<String>)> = Vec::new();
    for (reason, title) in pairs {
        match res.iter_mut().find(|(it, _)| *it == reason) {
            Some((_, titles)) => titles.push(title),
            None => res.push((reason, vec![title])),
        }
    }
    order::sort_by_key(&mut res, |(_, titles)| std::cmp::Reverse(titles.len()));
    res
}

/// The same on the screen: "3 × In use by agents", each opening the names of its keys.
#[must_use]
pub fn reason_list(reasons: Vec<(String, Vec<String>)>) -> AnyView {
    let one = |(reason, titles): (String, Vec<String>)| {
        let summary = t::bulk_reason(&titles.len().to_string(), &reason);
        let more = titles.len().saturating_sub(NAMED);
        let names: Vec<AnyView> =
            titles.into_iter().take(NAMED).map(|it| view! { <li>{it}</li> }.into_any()).collect();
        let more = (more > 0).then(|| view! { <li>{t::bulk_more(more as u64)}</li> });
        view! { <Disclosure summary><ul class="change-list">{names} {more}</ul></Disclosure> }.into_any()
    };
    reasons.into_iter().map(one).collect::<Vec<AnyView>>().into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_put_together_the_most_frequent_first() {
        let pairs = [("gone", "a"), ("in use", "b"), ("in use", "c")];
        let pairs = pairs.map(|(why, title)| (why.to_owned(), title.to_owned()));
        let want = vec![
            ("in use".to_owned(), vec!["b".to_owned(), "c".to_owned()]),
            ("gone".to_owned(), vec!["a".to_owned()]),
        ];
        assert_eq!(by_reason(pairs.into_iter()), want);
    }
}
