//! Reading the new text before an edit is given out.

use super::Edit;
use super::change::apply;
use crate::error::Fix;
use crate::node::Parse;
use crate::outline::{ItemId, Outline, outline};
use alloc::vec::Vec;
use core::ops::Range;

/// What has to stand in the new text for an edit to be one.
pub(super) enum Want {
    /// A row or group of its own with exactly these bytes, comment marks left out.
    Term(Range<usize>),
    /// One or more whole items.
    Whole(Range<usize>),
    /// Anything: the bytes of a neighbour.
    Any(Range<usize>),
}

/// Gives the edit out when it does what it should and breaks nothing beside the item, whose bytes were `own`.
pub(super) fn checked(parse: &Parse, own: &Range<usize>, changes: Vec<Fix>, want: Want) -> Option<Edit> {
    let after = crate::parse(&apply(parse.source(), &changes));
    let view = outline(&after);
    let focus = match want {
        Want::Term(term) => {
            let id = view.at(&term)?;
            if view.detail(id)?.term != term {
                return None;
            }
            view.item(id)?.range.clone()
        }
        Want::Whole(range) => {
            let (mut has_start, mut has_end) = (false, false);
            for (_, item) in view.items() {
                let (starts, ends) = (range.contains(&item.range.start), item.range.end <= range.end);
                // An item that is cut by an end of the range: the text opens or closes what is not its own.
                let is_inside = starts && ends;
                let is_around = item.range.start <= range.start && range.end <= item.range.end;
                let is_beside = item.range.end <= range.start || range.end <= item.range.start;
                if [is_inside, is_around, is_beside] == [false; 3] {
                    return None;
                }
                has_start |= is_inside && item.range.start == range.start;
                has_end |= is_inside && item.range.end == range.end;
            }
            if !has_start || !has_end {
                return None;
            }
            range
        }
        Want::Any(range) => match view.at(&range) {
            Some(id) if id != view.root() => view.item(id)?.range.clone(),
            _ if after.query().is_none() => after.source().len()..after.source().len(),
            _ => range,
        },
    };
    (errors_beside(&after, &focus) <= errors_beside(parse, own)).then_some(Edit { changes, focus })
}

fn errors_beside(parse: &Parse, own: &Range<usize>) -> usize {
    let is_beside = |range: &Range<usize>| range.start < own.start || own.end < range.end;
    parse.errors().iter().filter(|error| is_beside(&error.range)).count()
}

impl Outline {
    /// The item's place among the children of its parent.
    pub(super) fn index(&self, id: ItemId) -> Option<(ItemId, usize)> {
        let parent = self.item(id)?.parent?;
        let index = self.item(parent)?.children.iter().position(|child| *child == id)?;
        Some((parent, index))
    }

    /// The first and the last term of an item that stands in a level: the item itself, or the ends of a chain.
    pub(super) fn ends(&self, id: ItemId) -> Option<(ItemId, ItemId)> {
        if !self.is_chain(id) {
            return Some((id, id));
        }
        let children = &self.item(id)?.children;
        Some((*children.first()?, *children.last()?))
    }
}
