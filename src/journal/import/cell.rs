//! What a cell says about a field.

use super::planner::is_secret;
use crate::domain::Key;
use crate::files::Cell;
use crate::systems::manifest::Codes;
use crate::systems::{FieldKind, FieldSpec, Input, Problem, Use, comparable};

/// Stands in the place of a key's value.
const MASK: char = '•';

/// What came of reading a cell.
pub(super) enum Reading {
    /// It says what the key has.
    Stays,
    /// It holds a key's value.
    KeyValue,
    /// It says something else than the key has, and the field cannot be changed.
    Fixed,
    /// It can be given to a key that is there, and not to a new one.
    NotForNew,
    /// It cannot be read.
    Wrong(Problem),
    /// It says this.
    Input(Input),
}

/// Whether nothing stands in a cell.
pub(super) fn is_blank(cell: Option<&Cell>) -> bool {
    match cell {
        None | Some(Cell::Empty) => true,
        Some(Cell::Text(text)) => text.trim().is_empty(),
        Some(_) => false,
    }
}

/// A cell as text: what a reader would have typed.
pub(super) fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Flag(flag) => flag.to_string(),
        Cell::Day(day) => day.to_string(),
        Cell::Moment(moment) => moment.to_string(),
    }
}

/// A cell as it is told again: short, and never a key's value.
pub(super) fn stands(spec: &FieldSpec, cell: &Cell) -> String {
    const MOST: usize = 200;
    if is_secret(spec) && !is_blank(Some(cell)) {
        return "••••••••".to_owned();
    }
    let text = plain(cell);
    match text.char_indices().nth(MOST) {
        Some((end, _)) => [text.get(..end).unwrap_or_default(), "…"].concat(),
        None => text,
    }
}

/// Reads a cell for a field of a new key, or of one that is there.
pub(super) fn read(spec: &FieldSpec, cell: &Cell, key: Option<&Key>) -> Reading {
    if is_secret(spec) {
        return secret(cell, key);
    }
    let text = plain(cell);
    if let Some(value) = key.and_then(|it| it.fields.get(spec.id))
        && comparable(spec, value) == text.trim()
    {
        return Reading::Stays;
    }
    match (key.is_some(), spec.create, spec.edit) {
        (false, Use::No, Use::No) | (true, _, Use::No) => return Reading::Fixed,
        (false, Use::No, _) => return Reading::NotForNew,
        _ => {}
    }
    let items = || text.split(',').map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect();
    match spec.kind {
        FieldKind::Codes(codes) => {
            let items: Vec<String> = items();
            match items.iter().all(|it| is_offered(codes, it)) {
                true => Reading::Input(Input::List(items)),
                false => Reading::Wrong(Problem::NotOffered),
            }
        }
        FieldKind::Refs => Reading::Input(Input::List(items())),
        FieldKind::Flag => Reading::Input(Input::Flag(text == "true")),
        _ => Reading::Input(Input::Text(text)),
    }
}

fn is_offered(codes: &Codes, code: &str) -> bool {
    codes.open || codes.name(code).is_some()
}

fn secret(cell: &Cell, key: Option<&Key>) -> Reading {
    let text = plain(cell);
    let is_told = !text.trim().is_empty() && !text.contains(MASK);
    match key.map(|it| it.value.as_ref()) {
        _ if !is_told => Reading::Stays,
        // What cannot be compared is no difference.
        Some(None) => Reading::Stays,
        Some(Some(value)) if value.is(text.trim()) => Reading::Stays,
        _ => Reading::KeyValue,
    }
}
