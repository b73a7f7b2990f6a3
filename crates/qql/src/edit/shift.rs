//! Moving an item to another place.

use super::Edit;
use super::change::{joined, moved};
use super::check::{Want, checked};
use super::insert::Insert;
use crate::expr::Join;
use crate::node::Parse;
use crate::outline::{ItemId, ItemKind, Outline, outline};
use alloc::vec::Vec;

impl Outline {
    /// Moves an item into a group, where `index` children come before it: those of the group without the item itself.
    /// Terms without parentheses get some where they would mix with those at the new place.
    ///
    /// `None` for the root, for a place inside the item itself, for a place that does not exist, and where the rest
    /// would not be read as before.
    pub fn move_to(&self, parse: &Parse, id: ItemId, group: ItemId, index: usize) -> Option<Edit> {
        let item = self.item(id)?;
        let (parent, own_index) = self.index(id)?;
        if self.is_around(id, group) {
            return None;
        }
        if group == parent && index == own_index {
            return Some(Edit { changes: Vec::new(), focus: item.range.clone() });
        }
        let is_behind = group == parent && own_index < index;
        let index = index + usize::from(is_behind);
        let mut text = self.text(parse, id)?;
        let join = self.item(group)?.join().unwrap_or(Join::And);
        let is_muted = self.is_commented(id);
        let wrapped = ["(", text, ")"].concat();
        if self.is_chain(id) && join == Join::And {
            text = &wrapped;
        }
        let first = self.insert(parse, &Insert { group, index, text, join: Join::And, is_muted })?;
        let middle = crate::parse(&first.apply(parse.source()));
        let view = outline(&middle);
        let old = moved(&self.detail(id)?.term, &first.changes);
        let old_id = view.at(&old).filter(|id| view.detail(*id).is_some_and(|it| it.term == old))?;
        let new = view.detail(view.at(&first.focus)?)?.term.clone();
        let second = view.remove(&middle, old_id)?;
        let changes = joined(parse.source().len(), &first.changes, &second.changes);
        checked(parse, &item.range, changes, Want::Term(moved(&new, &second.changes)))
    }

    /// The next place upwards in reading order, as [`Outline::move_to`] takes it: groups on the way are entered at
    /// their end and left at their beginning. `None` at the top.
    pub fn place_before(&self, id: ItemId) -> Option<(ItemId, usize)> {
        let (parent, index) = self.index(id)?;
        let Some(before) = index.checked_sub(1) else { return self.place_around(parent, 0) };
        let sibling = *self.item(parent)?.children.get(before)?;
        match self.enter(sibling) {
            Some(n_children) => Some((sibling, n_children)),
            None => Some((parent, before)),
        }
    }

    /// The next place downwards in reading order: groups on the way are entered at their beginning and left at their
    /// end. `None` at the bottom.
    pub fn place_after(&self, id: ItemId) -> Option<(ItemId, usize)> {
        let (parent, index) = self.index(id)?;
        let Some(sibling) = self.item(parent)?.children.get(index + 1).copied() else {
            return self.place_around(parent, 1);
        };
        match self.enter(sibling) {
            Some(_) => Some((sibling, 0)),
            None => Some((parent, index + 1)),
        }
    }

    /// The place beside a group, in the first group around it that takes items.
    fn place_around(&self, group: ItemId, offset: usize) -> Option<(ItemId, usize)> {
        let mut group = group;
        loop {
            let (parent, index) = self.index(group)?;
            if !self.is_not_not(self.item(parent)?) {
                return Some((parent, index + offset));
            }
            group = parent;
        }
    }

    /// How many children the item has when others can be moved into it.
    fn enter(&self, id: ItemId) -> Option<usize> {
        let item = self.item(id)?;
        let takes_items = match &item.kind {
            ItemKind::Group { .. } => !self.is_not_not(item),
            ItemKind::Nested { .. } => true,
            ItemKind::Clause(_) | ItemKind::Opaque => false,
        };
        takes_items.then_some(item.children.len())
    }

    /// Whether `inner` is `id` or stands in it.
    fn is_around(&self, id: ItemId, inner: ItemId) -> bool {
        let mut it = Some(inner);
        while let Some(inner) = it {
            if inner == id {
                return true;
            }
            it = self.item(inner).and_then(|item| item.parent);
        }
        false
    }
}
