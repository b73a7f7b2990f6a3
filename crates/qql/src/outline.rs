//! The query as rows and groups: what a visual builder shows.
//!
//! The tree has a node for every rule of the grammar; people think in groups of conditions. An [`Outline`] is that
//! view, made from the tree for every text, errors included. It holds no text: everything is a range of the source,
//! so that an edit can change the bytes of one item and leave all others as they are.
//!
//! A muted clause is a comment that holds it with one of the keywords beside it: `a AND /* b AND */ c`. Its place in
//! the outline is the one that it has without the comment marks, so that muting changes one flag and no structure.

mod comment;
mod flat;
mod walk;

use crate::expr::Join;
use crate::expr::{Clause, Name};
use crate::node::Parse;
use alloc::vec::Vec;
use core::ops::Range;

/// Groups and their items, in the order of the text. Lies in flat vectors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// In reading order. Invariant: never empty, the first is the root.
    items: Vec<Item>,
    /// What edits need to know of each item.
    details: Vec<Detail>,
    levels: Vec<Level>,
}

/// An item of one [`Outline`], and of no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemId(pub usize);

/// A row or a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// Its bytes. `NOT` in front of it belongs to it, and so do the marks and keywords of the comment that mutes it.
    pub range: Range<usize>,
    /// `NOT` stands in front of it. A second `NOT` is a negated [`ItemKind::Group`] of one around it.
    pub negated: bool,
    /// It stands in a comment, by itself or with a group around it.
    pub muted: bool,
    /// The group that it stands in. `None` for the root.
    pub parent: Option<ItemId>,
    /// What stands in it, from left to right. Empty unless it is a group or a nested query.
    pub children: Vec<ItemId>,
    /// How many items it stands in.
    pub depth: usize,
}

/// The kinds of items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemKind {
    /// Terms under one keyword.
    Group {
        /// What stands between them. `None` when there are fewer than two.
        join: Option<Join>,
        /// Whether parentheses are around them. None are around the root, around an `AND` chain among alternatives,
        /// and around the one item of a second `NOT`.
        parens: bool,
    },
    /// `field: ( … )`
    Nested {
        /// The field in front of the parenthesis.
        field: Name,
        /// What stands between the terms inside. `None` when there are fewer than two.
        join: Option<Join>,
    },
    /// `field op value`, complete and without errors.
    Clause(Clause),
    /// Anything else: text with errors, or a form that no row can hold.
    Opaque,
}

/// Where an item stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Detail {
    /// The level that it stands in. The root stands in none.
    pub(crate) level: usize,
    /// Its part of that level: one element, or those of an `AND` chain among alternatives.
    pub(crate) elements: Range<usize>,
    /// Its bytes without the comment around it.
    pub(crate) term: Range<usize>,
    /// `NOT` in front of it.
    pub(crate) not: Option<Range<usize>>,
    /// The operator of a clause.
    pub(crate) op: Range<usize>,
    /// Its own comment.
    pub(crate) comment: Option<Hidden>,
    /// The level inside it.
    pub(crate) inner: Option<usize>,
}

/// The keywords that a comment holds around its term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hidden {
    pub(crate) lead: Option<Range<usize>>,
    pub(crate) trail: Option<Range<usize>>,
}

/// What stands side by side: the whole text, or what is between two parentheses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Level {
    /// The group that it is the inside of.
    pub(crate) owner: ItemId,
    /// Where text of it can stand.
    pub(crate) span: Range<usize>,
    /// Terms and keywords, in the order of the text.
    pub(crate) elements: Vec<Element>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Element {
    Term {
        id: ItemId,
        is_hidden: bool,
    },
    /// `AND` or `OR`. Hidden ones stand in the comment of the term beside them.
    Join {
        join: Join,
        range: Range<usize>,
        is_hidden: bool,
    },
}

/// The query as a builder shows it. Works for every text; the work is linear in its length.
///
/// ```
/// let parse = qql::parse("title: web AND /* expires < now AND */ (used: 0 OR used > 9)");
/// let outline = qql::outline(&parse);
/// let kinds: Vec<_> = outline.items().map(|(_, item)| (item.depth, item.muted, item.children.len())).collect();
/// assert_eq!(kinds, [(0, false, 3), (1, false, 0), (1, true, 0), (1, false, 2), (2, false, 0), (2, false, 0)]);
/// ```
pub fn outline(parse: &Parse) -> Outline {
    walk::outline(parse)
}

impl Outline {
    /// The group around everything. It is there for every text, and it has no parentheses.
    pub fn root(&self) -> ItemId {
        ItemId(0)
    }

    /// The item. `None` for an id of another outline that this one has no place for.
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.get(id.0)
    }

    /// All items in reading order, the root first.
    pub fn items(&self) -> impl Iterator<Item = (ItemId, &Item)> {
        self.items.iter().enumerate().map(|(index, item)| (ItemId(index), item))
    }

    /// The item with exactly these bytes, else the smallest one that holds them. Where two items have the same bytes,
    /// such as the root and the only clause of a query, it is the inner one.
    pub fn at(&self, range: &Range<usize>) -> Option<ItemId> {
        let holds = |item: &Item| item.range.start <= range.start && range.end <= item.range.end;
        let found = self.items().filter(|(_, item)| holds(item));
        // Of two that hold the same bytes, the inner one comes later.
        let size = |item: &Item| item.range.end - item.range.start;
        let smallest = found.reduce(|best, it| if size(it.1) <= size(best.1) { it } else { best });
        smallest.map(|(id, _)| id)
    }

    pub(crate) fn detail(&self, id: ItemId) -> Option<&Detail> {
        self.details.get(id.0)
    }

    /// The level that the item stands in. The root stands in none.
    pub(crate) fn level_of(&self, id: ItemId) -> Option<&Level> {
        self.item(id)?.parent?;
        self.levels.get(self.detail(id)?.level)
    }

    /// The level that the children of the item stand in.
    pub(crate) fn level_in(&self, id: ItemId) -> Option<&Level> {
        match self.detail(id)?.inner {
            Some(inner) => self.levels.get(inner),
            None => self.level_of(id),
        }
    }

    /// Whether it is an `AND` chain among alternatives, whose children stand in the level around it.
    pub(crate) fn is_chain(&self, id: ItemId) -> bool {
        self.item(id).is_some_and(Item::is_group) && self.detail(id).is_some_and(|it| it.inner.is_none())
    }

    /// What is between two neighbours of a level.
    pub(crate) fn joint(&self, level: &Level, one: ItemId, other: ItemId) -> Join {
        let parent = |id: ItemId| self.item(id).and_then(|item| item.parent);
        if parent(one) == parent(other) && parent(one) != Some(level.owner) {
            return Join::And;
        }
        self.item(level.owner).and_then(Item::join).unwrap_or(Join::And)
    }
}

impl Item {
    /// What stands between the children of a group or a nested query.
    pub fn join(&self) -> Option<Join> {
        match &self.kind {
            ItemKind::Group { join, .. } | ItemKind::Nested { join, .. } => *join,
            ItemKind::Clause(_) | ItemKind::Opaque => None,
        }
    }

    /// Whether other items can stand in it.
    pub fn is_group(&self) -> bool {
        matches!(self.kind, ItemKind::Group { .. } | ItemKind::Nested { .. })
    }
}
