//! Putting something into a group.

use super::check::{Want, checked};
use super::level::{self, Part, Term};
use super::{Edit, NewClause};
use crate::expr::Join;
use crate::node::Parse;
use crate::outline::{Item, ItemId, Outline};
use alloc::string::String;

/// What is put somewhere.
pub(super) struct Insert<'a> {
    pub(super) group: ItemId,
    /// How many children of the group come before it.
    pub(super) index: usize,
    pub(super) text: &'a str,
    /// What joins it when the group has no keyword yet.
    pub(super) join: Join,
    pub(super) is_muted: bool,
}

impl Outline {
    /// Puts a clause into a group, where `index` children come before it. `join` is used when the group has no
    /// keyword yet. `None` when the clause cannot be written, when `group` is no group or the group of a second
    /// `NOT`, when `index` is too large, and where a part with errors would swallow the clause.
    pub fn add(
        &self,
        parse: &Parse,
        group: ItemId,
        index: usize,
        clause: &NewClause,
        join: Join,
    ) -> Option<Edit> {
        let text = &clause.text()?;
        self.insert(parse, &Insert { group, index, text, join, is_muted: false })
    }

    /// The same with parentheses around the clause: a new group with one item.
    pub fn add_group(
        &self,
        parse: &Parse,
        group: ItemId,
        index: usize,
        clause: &NewClause,
        join: Join,
    ) -> Option<Edit> {
        let text = &["(", &clause.text()?, ")"].concat();
        self.insert(parse, &Insert { group, index, text, join, is_muted: false })
    }

    /// Puts the same item behind this one. `None` for the root, for the only item of a second `NOT`, and for a part
    /// with errors that cannot be repeated.
    pub fn duplicate(&self, parse: &Parse, id: ItemId) -> Option<Edit> {
        let (group, index) = self.index(id)?;
        let text = self.text(parse, id)?;
        let insert =
            Insert { group, index: index + 1, text, join: Join::And, is_muted: self.is_commented(id) };
        self.insert(parse, &insert)
    }

    /// The bytes of an item without the comment around it.
    pub(super) fn text<'a>(&self, parse: &'a Parse, id: ItemId) -> Option<&'a str> {
        parse.source().get(self.detail(id)?.term.clone())
    }

    /// A comment of its own is around it.
    pub(super) fn is_commented(&self, id: ItemId) -> bool {
        self.detail(id).is_some_and(|it| it.comment.is_some())
    }

    pub(super) fn insert(&self, parse: &Parse, it: &Insert<'_>) -> Option<Edit> {
        // A comment can be empty.
        crate::parse(it.text).query()?;
        let item = self.item(it.group).filter(|item| item.is_group() && !self.is_not_not(item))?;
        let join = item.join().unwrap_or(it.join);
        let source = parse.source();
        let level = self.level_in(it.group)?;
        let old = level::old(self, source, level);
        let mut parts = level::parts(&old);
        let (place, is_first) = match (item.children.get(it.index), item.children.last()) {
            (Some(next), _) => (self.ends(*next)?.0, true),
            (None, Some(last)) if it.index == item.children.len() => (self.ends(*last)?.1, false),
            (None, None) if it.index == 0 => (it.group, true),
            _ => return None,
        };
        let place = old.iter().position(|old| old.id == place).unwrap_or(0) + usize::from(!is_first);
        let mut part =
            Part { term: Term::New(String::from(it.text)), is_hidden: it.is_muted, joint: join, gap: None };
        let before = place.checked_sub(1).and_then(|index| parts.get_mut(index));
        if let Some(before) = before.filter(|_| it.index > 0) {
            // What stood behind the one before now stands behind the new one.
            (part.joint, before.joint) = (before.joint, join);
            part.gap = before.gap.take();
        }
        parts.insert(place.min(parts.len()), part);
        let (changes, terms) = level::write(source, &level.span, &old, &parts);
        let term = terms.get(place)?.clone();
        checked(parse, &(0..0), changes, Want::Term(term))
    }

    /// A group that is there only because of a second `NOT`.
    pub(super) fn is_not_not(&self, item: &Item) -> bool {
        use crate::outline::ItemKind::Group;
        item.negated && matches!(item.kind, Group { parens: false, .. })
    }
}
