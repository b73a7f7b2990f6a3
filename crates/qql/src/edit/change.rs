//! Lists of changes, and where things are after them.

use crate::error::Fix;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// A change of `range`.
pub(super) fn fix(range: Range<usize>, text: &str) -> Fix {
    Fix { range, replacement: String::from(text) }
}

/// The text with all changes made. They are in order and do not overlap.
pub(super) fn apply(text: &str, changes: &[Fix]) -> String {
    let (mut res, mut pos) = (String::new(), 0);
    for change in changes {
        res.push_str(text.get(pos..change.range.start).unwrap_or(""));
        res.push_str(&change.replacement);
        pos = change.range.end;
    }
    res.push_str(text.get(pos..).unwrap_or(""));
    res
}

/// The change without what is the same at its beginning and end. `None` when nothing is left of it.
pub(super) fn trimmed(text: &str, change: Fix) -> Option<Fix> {
    let Fix { mut range, replacement } = change;
    let old = text.get(range.clone()).unwrap_or("");
    let start: usize = same(old.chars(), replacement.chars());
    let (old, new) = (old.get(start..).unwrap_or(""), replacement.get(start..).unwrap_or(""));
    let end: usize = same(old.chars().rev(), new.chars().rev());
    range = range.start + start..range.end - end;
    let new = new.get(..new.len() - end).unwrap_or("");
    (!range.is_empty() || !new.is_empty()).then(|| fix(range, new))
}

/// How many bytes both begin with.
fn same(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> usize {
    one.zip(other).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

/// Where a part of the old text that no change touches is in the new one.
pub(super) fn moved(range: &Range<usize>, changes: &[Fix]) -> Range<usize> {
    let start = shift(range.start, changes.iter().filter(|it| it.range.end <= range.start));
    let end = shift(range.end, changes.iter().filter(|it| it.range.start < range.end));
    start..end
}

/// Where an item is whose own bytes the changes are about: what is put at its ends belongs to it.
pub(super) fn grown(range: &Range<usize>, changes: &[Fix]) -> Range<usize> {
    let start = shift(range.start, changes.iter().filter(|it| it.range.start < range.start));
    let end = shift(range.end, changes.iter().filter(|it| it.range.start <= range.end));
    start..end
}

fn shift<'a>(pos: usize, changes: impl Iterator<Item = &'a Fix>) -> usize {
    changes.fold(pos, |pos, change| {
        (pos + change.replacement.len()).saturating_sub(change.range.end - change.range.start)
    })
}

/// One list of changes in the place of two, of which the second is about the text after the first.
pub(super) fn joined(len: usize, first: &[Fix], second: &[Fix]) -> Vec<Fix> {
    let mut pieces = Vec::from([Piece::Kept(0..len)]);
    for changes in [first, second] {
        // From the end on, so that the places of the others stay what they are.
        for change in changes.iter().rev() {
            let (start, end) = (cut(&mut pieces, change.range.start), cut(&mut pieces, change.range.end));
            let new = (!change.replacement.is_empty()).then(|| Piece::New(change.replacement.clone()));
            pieces.splice(start..end, new);
        }
    }
    let (mut changes, mut pos, mut text) = (Vec::new(), 0, String::new());
    for piece in pieces.into_iter().chain([Piece::Kept(len..len)]) {
        match piece {
            Piece::New(new) => text.push_str(&new),
            Piece::Kept(range) => {
                if pos < range.start || !text.is_empty() {
                    changes.push(Fix { range: pos..range.start, replacement: core::mem::take(&mut text) });
                }
                pos = range.end;
            }
        }
    }
    changes
}

enum Piece {
    /// A part of the old text.
    Kept(Range<usize>),
    New(String),
}

/// The index of the first piece that begins at `pos` of the text so far. Cuts the one in two that `pos` lies in.
fn cut(pieces: &mut Vec<Piece>, pos: usize) -> usize {
    let mut start = 0;
    for index in 0..pieces.len() {
        if start == pos {
            return index;
        }
        let Some(piece) = pieces.get_mut(index) else { break };
        let len = match piece {
            Piece::Kept(range) => range.end - range.start,
            Piece::New(text) => text.len(),
        };
        if pos < start + len {
            let behind = match piece {
                Piece::Kept(range) => {
                    let middle = range.start + (pos - start);
                    let behind = Piece::Kept(middle..range.end);
                    range.end = middle;
                    behind
                }
                Piece::New(text) => Piece::New(text.split_off(pos - start)),
            };
            pieces.insert(index + 1, behind);
            return index + 1;
        }
        start += len;
    }
    pieces.len()
}
