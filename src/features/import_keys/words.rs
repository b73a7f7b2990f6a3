//! A plan in words: what a row would do, and why one is refused.

use crate::domain::{FieldId, Fields, Key, KeyId, Value};
use crate::features::key::change_lines;
use crate::features::key_form::problem_text;
use crate::features::key_text;
use crate::i18n::t;
use crate::journal::import::{Count, Ignored, LeftOut, Line, Refusal, Row, Verdict, Why};
use crate::platform::intl;
use crate::systems::{FieldError, Manifest};
use crate::ui::{Icon, Tone};

/// Keys or rows that are named one by one; of more, how many.
const NAMED: usize = 5;

/// The word for what becomes of a row.
#[must_use]
pub fn count_word(kind: Count) -> &'static str {
    match kind {
        Count::Refused => t::import_keys_refused(),
        Count::Create => t::import_keys_create(),
        Count::Change => t::import_keys_change(),
        Count::Switch => t::import_keys_switch(),
        Count::Remove => t::import_keys_remove(),
        Count::Same => t::import_keys_same(),
    }
}

/// Its tone and icon.
#[must_use]
pub fn count_look(kind: Count) -> (Tone, Icon) {
    match kind {
        Count::Refused => (Tone::Danger, Icon::Ban),
        Count::Create => (Tone::Success, Icon::Plus),
        Count::Change => (Tone::Info, Icon::Pencil),
        Count::Switch => (Tone::Warning, Icon::Power),
        Count::Remove => (Tone::Danger, Icon::Trash),
        Count::Same => (Tone::Neutral, Icon::Check),
    }
}

/// What a row is called: the title of its key, or what it is to be.
#[must_use]
pub fn row_name(row: &Row) -> String {
    match (row.title.trim(), row.verdict.key()) {
        ("", Some(id)) => t::key_no_title_id(&id.0),
        ("", None) => t::key_no_title().to_owned(),
        (title, _) => title.to_owned(),
    }
}

/// What a row would do, or why it cannot be done: one line each.
#[must_use]
pub fn row_lines(manifest: &Manifest, row: &Row, head: &[String]) -> Vec<String> {
    let lines = match &row.verdict {
        Verdict::Create(fields) => field_lines(manifest, fields),
        Verdict::Change(key, change) => change_lines(manifest, key, change),
        Verdict::Switch(_, on) => {
            let state = if *on { t::key_state_enabled() } else { t::key_state_disabled() };
            vec![t::import_keys_field(manifest.label(FieldId::STATE), state)]
        }
        Verdict::Remove(key) => vec![key_text::in_use_text(manifest, Key::used(key).unwrap_or(0))],
        Verdict::Same(_) => Vec::new(),
        Verdict::Refused(refusals) => refusals.iter().map(|it| refusal_text(manifest, it, head)).collect(),
    };
    // Titles are alike, and ids are not: which key it is stands first.
    let id = row.verdict.key().map(|it| t::import_keys_field(manifest.label(FieldId::ID), &it.0));
    id.into_iter().chain(lines).collect()
}

/// What a new key is to have; what was left to the service is not said.
fn field_lines(manifest: &Manifest, fields: &Fields) -> Vec<String> {
    let is_said = |value: &Value| match value {
        Value::Nothing | Value::Limit(crate::domain::Limit::Unlimited) | Value::Flag(false) => false,
        Value::Text(text) => !text.is_empty(),
        Value::Codes(items) => !items.is_empty(),
        Value::Refs(items) => !items.is_empty(),
        _ => true,
    };
    let line = |(field, value): (FieldId, &Value)| {
        let spec = manifest.field(field).filter(|_| is_said(value) && field != FieldId::TITLE)?;
        Some(t::import_keys_field((spec.label)(), &key_text::value_text(spec, value)))
    };
    fields.iter().filter_map(line).collect()
}

/// Why a row is refused, with the cell it is about.
#[must_use]
pub fn refusal_text(manifest: &Manifest, refusal: &Refusal, head: &[String]) -> String {
    let why = why_text(manifest, refusal);
    match (refusal.column.and_then(|it| head.get(it)), refusal.field) {
        (Some(column), _) if refusal.stands.trim().is_empty() => t::import_keys_at_column(column, &why),
        (Some(column), _) => t::import_keys_at_cell(column, refusal.stands.trim(), &why),
        (None, Some(field)) => t::import_keys_at_field(manifest.label(field), &why),
        (None, None) => why,
    }
}

fn why_text(manifest: &Manifest, refusal: &Refusal) -> String {
    let text = match &refusal.why {
        Why::Field(problem) => {
            let field = refusal.field.unwrap_or(FieldId::ID);
            return problem_text(manifest, &FieldError { field, problem: problem.clone() });
        }
        Why::Ambiguous(keys) => return t::import_keys_why_ambiguous(&ids(keys)),
        Why::SameKey(lines) => return t::import_keys_why_same_key(&numbers(lines)),
        Why::SameTitle(lines) => return t::import_keys_why_same_title(&numbers(lines)),
        Why::TitleUsed(keys) => return t::import_keys_why_title_used(&ids(keys)),
        Why::Moved(fields) => {
            let labels: Vec<&str> = fields.iter().map(|it| manifest.label(*it)).collect();
            return t::import_keys_why_moved(&labels.join(", "));
        }
        Why::AlreadyThere(key) => return t::import_keys_why_there(&key.0),
        Why::TooLong => t::import_keys_why_too_long(),
        Why::UnknownKey => t::import_keys_why_unknown(),
        Why::NoTitle => t::import_keys_why_no_title(),
        Why::CannotCreate => t::import_keys_why_no_create(),
        Why::CannotChange => t::import_keys_why_no_change(),
        Why::KeyValue => t::import_keys_why_value(),
        Why::Unread => t::import_keys_why_unread(),
        Why::Gone => t::import_keys_why_gone(),
    };
    text.to_owned()
}

/// What stands in a row without effect, and why.
#[must_use]
pub fn ignored_text(ignored: &Ignored, head: &[String]) -> String {
    let column = head.get(ignored.column).map(String::as_str).unwrap_or_default();
    let why = match ignored.why {
        LeftOut::Fixed => t::import_keys_left_fixed(),
        LeftOut::NotForNew => t::import_keys_left_not_new(),
        LeftOut::DoesNotApply => t::import_keys_left_not_here(),
        LeftOut::KeyValue => t::import_keys_left_value(),
    };
    match ignored.stands.trim() {
        "" => t::import_keys_at_column(column, why),
        stands => t::import_keys_at_cell(column, stands, why),
    }
}

fn ids(keys: &[KeyId]) -> String {
    named(keys.iter().map(|it| it.0.clone()).collect())
}

fn numbers(lines: &[Line]) -> String {
    named(lines.iter().map(|it| number(it.0)).collect())
}

fn named(mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let names = names.join(", ");
    if more == 0 { names } else { t::import_keys_and_more(&names, &number(more)) }
}

/// A count as the reader writes numbers.
#[must_use]
pub fn number(count: usize) -> String {
    intl::number(u64::try_from(count).unwrap_or(u64::MAX))
}
