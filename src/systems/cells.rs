//! Keys as cells of a table in a file, and back.
//!
//! A column is headed by the stable name of its field (`title`, `expires`, …), so that a file means the same in every
//! language and after every rewording; [`field_of_head`] also takes the labels of the screen.
//!
//! A cell holds what programs read: ISO dates, moments in UTC, codes as the API has them, ids with their names as
//! `Berlin (7)` ([`list::item`]). Three things are kept apart:
//!
//! * an empty cell tells nothing: this answer did not tell the field, and reading it back changes nothing;
//! * [`list::NONE`] is a field that the system says is empty: no expiry, no tags;
//! * [`UNLIMITED`] is no limit.
//!
//! A key's value is masked unless it is asked for, and what is masked reads back as not told.

use super::draft::{Input, Problem, moment_input, read_moment};
use super::manifest::{FieldKind, FieldSpec, Manifest, Use};
use super::record::{DISABLED, FREE, state_name};
use crate::domain::{Date, FieldId, Key, Limit, Ref, Standing, Timestamp, Value};
use crate::files::{Cell, list};

/// Stands for no limit.
pub const UNLIMITED: &str = "unlimited";

/// What every masked value has in it, and no key's value has.
const MASK: &str = "••••••••";

/// Whether values of keys are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// Masked: enough to tell two keys apart.
    Masked,
    /// As they are: whoever has the file can use the keys.
    Told,
}

/// The columns that tables of keys may have, in the order of the manifest. What goes into a form alone and no key tells
/// is not among them: pushes, durations, how patient a create is.
pub fn columns(manifest: &'static Manifest) -> impl Iterator<Item = &'static FieldSpec> {
    let is_asked_once = |it: &FieldSpec| {
        !it.shown && it.create != Use::No && it.edit == Use::No && !matches!(it.kind, FieldKind::Pick(_))
    };
    manifest.fields.iter().filter(move |it| !matches!(it.kind, FieldKind::Push) && !is_asked_once(it))
}

/// The heading of a column.
#[must_use]
pub fn head(spec: &FieldSpec) -> &'static str {
    spec.id.0
}

/// The field that a heading means: its name, its label, or its heading on the screen. Letters and digits count, in
/// either case.
#[must_use]
pub fn field_of_head(manifest: &'static Manifest, head: &str) -> Option<&'static FieldSpec> {
    let plain = |text: &str| -> String {
        text.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let wanted = plain(head);
    let means = |names: fn(&FieldSpec) -> &'static str| {
        manifest.fields.iter().find(|it| !wanted.is_empty() && plain(names(it)) == wanted)
    };
    let named = manifest.fields.iter().find(|it| it.id.0 == head.trim());
    named
        .or_else(|| means(|it| it.id.0))
        .or_else(|| means(|it| (it.label)()))
        .or_else(|| means(FieldSpec::heading))
}

/// What stands in a field of a key.
#[must_use]
pub fn cell_of(spec: &FieldSpec, key: &Key, now: Timestamp, values: Values) -> Cell {
    match spec.kind {
        FieldKind::State => return Cell::Text(state_name(Standing::of(key, now).state).to_owned()),
        FieldKind::Secret => {
            let Some(value) = key.value.as_ref().filter(|_| spec.id == FieldId::VALUE) else {
                return Cell::Empty;
            };
            return Cell::Text(match values {
                Values::Masked => value.masked(),
                Values::Told => value.expose().to_owned(),
            });
        }
        FieldKind::Push => return Cell::Empty,
        _ => {}
    }
    match spec.id {
        FieldId::ID => Cell::Text(key.id.0.clone()),
        DISABLED => Cell::Flag(key.disabled),
        FREE => {
            let free = key.limit().and_then(|it| it.free(key.used().unwrap_or(0)));
            free.map_or(Cell::Empty, |it| whole(it.to_string()))
        }
        field => key.fields.get(field).map_or(Cell::Empty, |it| cell_of_value(spec.kind, it)),
    }
}

fn cell_of_value(kind: FieldKind, value: &Value) -> Cell {
    let none = || match kind {
        // A text may be any word.
        FieldKind::Text { .. } => Cell::Empty,
        FieldKind::Codes(_) | FieldKind::Refs => Cell::List(Vec::new()),
        FieldKind::Limit { .. } => Cell::Text(UNLIMITED.to_owned()),
        _ => Cell::Text(list::NONE.to_owned()),
    };
    match value {
        Value::Nothing => none(),
        Value::Limit(Limit::Unlimited) => Cell::Text(UNLIMITED.to_owned()),
        Value::Text(text) if text.is_empty() => none(),
        Value::Text(text) => Cell::Text(text.clone()),
        Value::Number(it) => whole(it.to_string()),
        Value::Limit(Limit::Of(it)) => whole(it.to_string()),
        Value::Flag(it) => Cell::Flag(*it),
        Value::Day(it) => Cell::Day(*it),
        Value::Moment(it) => Cell::Moment(*it),
        Value::Codes(codes) => Cell::List(codes.iter().map(|it| list::item(it, None)).collect()),
        Value::Ref(it) => Cell::Text(item(it)),
        Value::Refs(items) => Cell::List(items.iter().map(item).collect()),
    }
}

fn item(it: &Ref) -> String {
    list::item(&it.id, it.name.as_deref())
}

/// A whole number; as text where a cell's number could not hold it exactly.
fn whole(digits: String) -> Cell {
    match digits.parse::<f64>() {
        Ok(number) if number.abs() <= 9_007_199_254_740_992.0 => Cell::Number(number),
        _ => Cell::Text(digits),
    }
}

/// What a cell means in a form: the same that [`super::Draft::of`] makes of the key that told it. `None` where the cell
/// tells nothing: it is empty, or a masked value. A blank input takes away what is there.
///
/// # Errors
/// What is wrong with it, as far as its form tells; whether it may be sent is for `read_draft`.
pub fn input_of(spec: &FieldSpec, cell: &Cell) -> Result<Option<Input>, Problem> {
    if cell.is_empty() || matches!(spec.kind, FieldKind::Push) {
        return Ok(None);
    }
    if let (FieldKind::Codes(_) | FieldKind::Refs, Cell::List(items)) = (spec.kind, cell) {
        let ids: Option<Vec<String>> = items.iter().map(|it| list::id(it)).collect();
        return ids.map(|it| Some(Input::List(it))).ok_or(Problem::NotOffered);
    }
    let text = cell.text();
    let trimmed = text.trim();
    let input = |it: String| Ok(Some(Input::Text(it)));
    match spec.kind {
        FieldKind::Secret if text.contains(MASK) => Ok(None),
        FieldKind::Secret | FieldKind::Text { .. } => input(text.into_owned()),
        FieldKind::Id | FieldKind::State => input(trimmed.to_owned()),
        FieldKind::Flag => flag(trimmed).map(|it| Some(Input::Flag(it))).ok_or(Problem::NotOffered),
        FieldKind::Codes(_) | FieldKind::Refs => {
            list::ids(&text).map(|it| Some(Input::List(it))).ok_or(Problem::NotOffered)
        }
        _ if trimmed == list::NONE => input(String::new()),
        FieldKind::Limit { .. } if trimmed == UNLIMITED => input(String::new()),
        FieldKind::Limit { .. } | FieldKind::Number { .. } | FieldKind::Hours { .. } | FieldKind::Usage => {
            // Spreadsheets know no whole numbers: 5 may come as 5.0.
            let digits = trimmed.strip_suffix(".0").unwrap_or(trimmed);
            digits.parse::<i128>().map_err(|_| Problem::NotANumber)?;
            input(digits.to_owned())
        }
        FieldKind::Day { .. } => {
            let day = match cell {
                Cell::Moment(it) => it.date(),
                _ => Date::parse(trimmed),
            };
            input(day.ok_or(Problem::NotADate)?.to_string())
        }
        FieldKind::Moment { .. } => input(moment_input(read_moment(trimmed).ok_or(Problem::NotAMoment)?)),
        FieldKind::Pick(_) | FieldKind::Person => {
            list::id(&text).map(|it| Some(Input::Text(it))).ok_or(Problem::NotOffered)
        }
        FieldKind::Choice(_) | FieldKind::Duration { .. } | FieldKind::Push => input(trimmed.to_owned()),
    }
}

/// Yes or no, as programs and people write it.
fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
#[path = "cells_tests.rs"]
mod tests;
