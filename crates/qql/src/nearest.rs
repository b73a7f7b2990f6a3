//! What was probably meant by a name or a value.

use crate::date::parse_date;
use crate::schema::{FieldSpec, FieldType, Schema};
use crate::words::fold;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// A longer name is not a slip of the finger, and comparing it would cost too much.
const MAX_LENGTH: usize = 64;

/// The name of the field that is nearest to `text`. Inside a nested query the names of the parts come first, without
/// the name in front of them.
pub(crate) fn field<'a>(schema: &Schema<'a>, outer: Option<&FieldSpec<'_>>, text: &str) -> Option<&'a str> {
    let names = schema.names();
    if let Some(outer) = outer {
        let inner = |name: &&'a str| name.strip_prefix(outer.name)?.strip_prefix('.');
        let names: Vec<&str> = names.iter().filter_map(inner).collect();
        return name(&names, text);
    }
    let bare = schema.prefixes.iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
    name(&names, bare)
}

/// The one of `names` that is nearest to `text`, compared as a whole and by its last part.
pub(crate) fn name<'a>(names: &[&'a str], text: &str) -> Option<&'a str> {
    if MAX_LENGTH < text.len() {
        return None;
    }
    let text: Vec<char> = fold(text).chars().collect();
    let most = (text.len() / 3).clamp(1, 3);
    let mut best = (most + 1, None);
    for name in names {
        let last = name.rsplit('.').next().unwrap_or(name);
        let steps = steps(name, &text).min(steps(last, &text));
        if steps < best.0 {
            best = (steps, Some(*name));
        }
    }
    // One letter is one step away from every other letter.
    best.1.filter(|_| 1 < text.len())
}

/// How many letters have to be put in, taken out, changed or swapped with their neighbour to make one of the other.
fn steps(name: &str, text: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=text.len()).collect();
    // The row before it, which a swap goes back to, and the letter before.
    let (mut older, mut before) = (row.clone(), None);
    for (name_idx, letter) in fold(name).chars().enumerate() {
        let mut next = Vec::from([name_idx + 1]);
        let mut left = name_idx + 1;
        for (text_idx, other) in text.iter().enumerate() {
            let at = |row: &[usize], idx: usize| row.get(idx).copied().unwrap_or(usize::MAX / 2);
            let changed = at(&row, text_idx) + usize::from(*other != letter);
            left = changed.min(left + 1).min(at(&row, text_idx + 1) + 1);
            let other_before = text_idx.checked_sub(1).and_then(|idx| text.get(idx));
            if before == Some(*other) && other_before == Some(&letter) {
                left = left.min(at(&older, text_idx - 1) + 1);
            }
            next.push(left);
        }
        older = core::mem::replace(&mut row, next);
        before = Some(letter);
    }
    row.last().copied().unwrap_or(0)
}

/// A value of the type that can only have been meant by `text`.
pub(crate) fn value(kind: FieldType, text: &str) -> Option<String> {
    let text = text.trim();
    match kind {
        FieldType::Boolean => {
            let is_true = matches!(fold(text).as_str(), "yes" | "y" | "on" | "1" | "t");
            let is_false = matches!(fold(text).as_str(), "no" | "n" | "off" | "0" | "f");
            (is_true || is_false).then(|| is_true.to_string())
        }
        FieldType::Integer => {
            let digits: String = text.chars().filter(|c| !matches!(c, ',' | '_' | '\'' | ' ')).collect();
            digits.parse::<i64>().ok().map(|_| digits)
        }
        FieldType::Date => {
            let mut parts = text.split(['/', '.', '-']).map(str::trim);
            let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
            let date = format!("{year}-{month:0>2}-{day:0>2}");
            (parts.next().is_none() && parse_date(&date).is_some()).then_some(date)
        }
        _ => None,
    }
}
