//! Taking something out of a group.

use super::Edit;
use super::change::{joined, moved};
use super::check::{Want, checked};
use super::level::{self, Old, Part};
use crate::expr::Join;
use crate::node::Parse;
use crate::outline::{ItemId, Level, Outline, outline};
use alloc::vec::Vec;
use core::ops::Range;

/// An item among the terms of its level.
pub(super) struct Span<'a> {
    pub(super) level: &'a Level,
    pub(super) old: Vec<Old>,
    /// Which of the terms it is. More than one for a chain.
    pub(super) own: Range<usize>,
}

impl Span<'_> {
    /// Whether something else of the level runs.
    pub(super) fn has_other_seen(&self) -> bool {
        self.others().any(|old| !old.is_hidden)
    }

    fn others(&self) -> impl Iterator<Item = &Old> {
        let is_other = |index: &usize| !self.own.contains(index);
        self.old.iter().enumerate().filter(move |(index, _)| is_other(index)).map(|(_, old)| old)
    }

    /// The parts without the item.
    fn rest(&self) -> Vec<Part> {
        let mut parts = level::parts(&self.old);
        let removed: Vec<Part> = parts.drain(self.own.clone()).collect();
        let before = self.own.start.checked_sub(1).and_then(|index| parts.get_mut(index));
        if let (Some(before), Some(last)) = (before, removed.last()) {
            let is_or = before.joint == Join::Or || last.joint == Join::Or;
            let joint = if is_or { Join::Or } else { Join::And };
            if last.joint == joint || self.own.end == self.old.len() {
                before.gap = last.gap;
            }
            before.joint = joint;
        }
        parts
    }
}

impl Outline {
    pub(super) fn span(&self, parse: &Parse, id: ItemId) -> Option<Span<'_>> {
        let level = self.level_of(id)?;
        let old = level::old(self, parse.source(), level);
        let (first, last) = self.ends(id)?;
        let place = |id: ItemId| old.iter().position(|old| old.id == id);
        let own = place(first)?..place(last)? + 1;
        Some(Span { level, old, own })
    }

    /// Takes an item away, with its keyword. A group that becomes empty goes too; one in which only muted items stay
    /// becomes muted. `None` for the root, and where the rest would not be read as before.
    pub fn remove(&self, parse: &Parse, id: ItemId) -> Option<Edit> {
        let item = self.item(id)?;
        let (parent, index) = self.index(id)?;
        let span = self.span(parse, id)?;
        let is_inside = span.level.owner != self.root();
        if is_inside && span.others().next().is_none() {
            return self.remove(parse, span.level.owner);
        }
        let mut parts = span.rest();
        let leaves_muted = is_inside && !span.has_other_seen();
        if leaves_muted {
            parts.iter_mut().for_each(|part| part.is_hidden = false);
        }
        let (changes, _) = level::write(parse.source(), &span.level.span, &span.old, &parts);
        let siblings = &self.item(parent)?.children;
        let neighbour = siblings.get(index + 1).or_else(|| siblings.get(index.checked_sub(1)?));
        let neighbour = self.detail(*neighbour.unwrap_or(&parent))?;
        let focus = moved(&neighbour.term, &changes);
        let edit = checked(parse, &item.range, changes, Want::Any(focus.clone()))?;
        if !leaves_muted {
            return Some(edit);
        }
        let owner = moved(&self.item(span.level.owner)?.range, &edit.changes);
        let after = crate::parse(&edit.apply(parse.source()));
        let view = outline(&after);
        let second = view.mute(&after, view.at(&owner)?)?;
        let changes = joined(parse.source().len(), &edit.changes, &second.changes);
        checked(parse, &item.range, changes, Want::Any(moved(&focus, &second.changes)))
    }
}
