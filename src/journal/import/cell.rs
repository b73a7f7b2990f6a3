//! What a cell says about a field.

use super::planner::is_secret;
use crate::domain::{Key, Timestamp, order};
use crate::files::Cell;
use crate::systems::cells::{Values, cell_of, input_of};
use crate::systems::manifest::Codes;
use crate::systems::{FieldKind, FieldSpec, Input, Problem, Use};

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
    cell.is_none_or(|it| it.text().trim().is_empty() && !matches!(it, Cell::List(_)))
}

/// A cell as it is told again: short, and never a key's value.
pub(super) fn stands(spec: &FieldSpec, cell: &Cell) -> String {
    const MOST: usize = 200;
    if is_secret(spec) && !is_blank(Some(cell)) {
        return "••••••••".to_owned();
    }
    let text = cell.text();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => [text.get(..end).unwrap_or_default(), "…"].concat(),
        None => text.into_owned(),
    }
}

/// Reads a cell for a field of a new key, or of one that is there.
pub(super) fn read(spec: &FieldSpec, cell: &Cell, key: Option<&Key>, now: Timestamp) -> Reading {
    if is_secret(spec) {
        return secret(cell, key);
    }
    let input = match input_of(spec, cell) {
        Ok(input) => input,
        Err(problem) if can_be_sent(spec, key) => return Reading::Wrong(problem),
        Err(_) => return left_out(spec, key),
    };
    let input = input.unwrap_or_else(|| blank(spec));
    if let Some(key) = key {
        // What the key's own cell says is what it has, however it is spelled.
        let own = input_of(spec, &cell_of(spec, key, now, Values::Masked)).ok().flatten();
        if same(spec, &own.unwrap_or_else(|| blank(spec)), &input) {
            return Reading::Stays;
        }
    }
    if !can_be_sent(spec, key) {
        return left_out(spec, key);
    }
    match (&input, spec.kind) {
        (Input::List(items), FieldKind::Codes(codes)) if !items.iter().all(|it| is_offered(codes, it)) => {
            Reading::Wrong(Problem::NotOffered)
        }
        _ => Reading::Input(input),
    }
}

fn can_be_sent(spec: &FieldSpec, key: Option<&Key>) -> bool {
    let usage = if key.is_some() { spec.edit } else { spec.create };
    usage != Use::No
}

fn left_out(spec: &FieldSpec, key: Option<&Key>) -> Reading {
    // What no form takes is no loss of a new key: when it was made, how much it is used.
    match key.is_none() && spec.edit != Use::No {
        true => Reading::NotForNew,
        false => Reading::Fixed,
    }
}

/// Nothing, as the form of a field has it.
fn blank(spec: &FieldSpec) -> Input {
    match spec.kind {
        FieldKind::Codes(_) | FieldKind::Refs => Input::List(Vec::new()),
        FieldKind::Flag | FieldKind::Push => Input::Flag(false),
        _ => Input::Text(String::new()),
    }
}

/// Whether two inputs say the same: blanks around a text, the order of a list and renamed codes make no difference.
fn same(spec: &FieldSpec, a: &Input, b: &Input) -> bool {
    let plain = |items: &[String]| {
        let one = |it: &String| match spec.kind {
            FieldKind::Codes(codes) => (codes.canonical)(it).to_owned(),
            _ => it.clone(),
        };
        order::set(items.iter().map(one))
    };
    match (a, b) {
        (Input::Text(a), Input::Text(b)) => a.trim() == b.trim(),
        (Input::List(a), Input::List(b)) => plain(a) == plain(b),
        (Input::Flag(a), Input::Flag(b)) => a == b,
        _ => false,
    }
}

fn is_offered(codes: &Codes, code: &str) -> bool {
    codes.open || codes.name(code).is_some()
}

fn secret(cell: &Cell, key: Option<&Key>) -> Reading {
    let text = cell.text();
    let is_told = !text.trim().is_empty() && !text.contains(MASK);
    match key.map(|it| it.value.as_ref()) {
        _ if !is_told => Reading::Stays,
        // What cannot be compared is no difference.
        Some(None) => Reading::Stays,
        Some(Some(value)) if value.is(text.trim()) => Reading::Stays,
        _ => Reading::KeyValue,
    }
}
