//! Parentheses and `NOT`.

use super::Edit;
use super::change::{fix, grown};
use super::check::{Want, checked};
use crate::expr::Join;
use crate::node::Parse;
use crate::outline::{ItemId, ItemKind, Outline};
use alloc::vec::Vec;
use core::ops::Range;

impl Outline {
    /// Puts parentheses around an item, its `NOT` included. `None` for a blank query, for a part with errors that
    /// parentheses would change, and where there would be too many levels.
    pub fn wrap(&self, parse: &Parse, id: ItemId) -> Option<Edit> {
        let term = self.solid(parse, id)?;
        let changes = Vec::from([fix(term.start..term.start, "("), fix(term.end..term.end, ")")]);
        let own = self.item(id)?.range.clone();
        let term = grown(&self.in_not(id).unwrap_or(term), &changes);
        checked(parse, &own, changes, Want::Term(term))
    }

    /// Takes the parentheses of a group away, and the white space right inside them. `None` for anything but a group
    /// with parentheses, and where the query would mean something else without them.
    pub fn unwrap(&self, parse: &Parse, id: ItemId) -> Option<Edit> {
        let item = self.item(id)?;
        let ItemKind::Group { join, parens: true } = item.kind else { return None };
        if 1 < item.children.len() {
            let span = self.span(parse, id)?;
            let before = span.own.start.checked_sub(1).and_then(|index| span.old.get(index));
            let after = span.old.get(span.own.end).and(span.old.get(span.own.start));
            let mut around = before.into_iter().chain(after);
            let has_other_joint = join == Some(Join::Or) && around.any(|old| old.joint == Join::And);
            if item.negated || has_other_joint || self.is_not_not(self.item(span.level.owner)?) {
                return None;
            }
        }
        let source = parse.source();
        let inside = self.level_in(id)?.span.clone();
        let text = source.get(inside.clone())?;
        let (start, end) = (inside.end - text.trim_start().len(), inside.start + text.trim_end().len());
        let (before, after) = (source.get(..inside.start - 1)?, source.get(inside.end + 1..)?);
        let content = text.trim();
        let is_free = ends_apart(before) || content.starts_with(['(', '[', ']', ',']);
        let open = if is_free { "" } else { " " };
        let is_free = after.is_empty()
            || after.starts_with("*/")
            || after.starts_with(|c: char| c.is_whitespace() || "()[],".contains(c))
            || content.ends_with([')', ']', '"', '\'', '`']);
        let close = if is_free { "" } else { " " };
        let changes = Vec::from([fix(inside.start - 1..start, open), fix(end..inside.end + 1, close)]);
        let term = self.detail(id)?.term.clone();
        let from = if item.negated { term.start } else { term.start + open.len() };
        let focus = from..grown(&term, &changes).end - close.len();
        checked(parse, &item.range, changes, Want::Any(focus))
    }

    /// Puts `NOT` in front of an item or takes it away. A chain without parentheses gets some, which stay. The root
    /// stands for its only child. `None` for a blank query, and for a part with errors that `NOT` would change.
    pub fn negate(&self, parse: &Parse, id: ItemId) -> Option<Edit> {
        let item = self.item(id)?;
        if let (None, [only]) = (item.parent, item.children.as_slice()) {
            return self.negate(parse, *only);
        }
        // What a comment holds is no query at all then.
        if item.kind == ItemKind::Opaque && self.is_commented(id) {
            return None;
        }
        let source = parse.source();
        let term = self.solid(parse, id)?;
        let gap = if ends_apart(source.get(..term.start)?) { "" } else { " " };
        let put = |text: &str| fix(term.start..term.start, &[gap, text].concat());
        let changes = match (&self.detail(id)?.not, &item.kind) {
            (Some(not), _) => {
                let behind = source.get(not.end..)?;
                let gap = behind.len() - behind.trim_start().len();
                Vec::from([fix(not.start..not.end + gap, "")])
            }
            (None, ItemKind::Group { parens: false, .. }) => {
                Vec::from([put("NOT ("), fix(term.end..term.end, ")")])
            }
            (None, _) => Vec::from([put("NOT ")]),
        };
        let is_new = self.detail(id)?.not.is_none();
        let mut focus = grown(&self.in_not(id).unwrap_or(term), &changes);
        focus.start += if is_new { gap.len() } else { 0 };
        checked(parse, &item.range, changes, Want::Term(focus))
    }

    /// The bytes of the second `NOT` that has the item, when it has one: the first `NOT` may become that of the item.
    fn in_not(&self, id: ItemId) -> Option<Range<usize>> {
        let parent = self.item(id)?.parent?;
        let is_not_not = self.is_not_not(self.item(parent)?);
        is_not_not.then_some(&self.detail(parent)?.term).cloned()
    }

    /// The bytes of an item without the comment around it, and without the white space around the root.
    fn solid(&self, parse: &Parse, id: ItemId) -> Option<Range<usize>> {
        let term = self.detail(id)?.term.clone();
        let text = parse.source().get(term.clone())?;
        let range = term.end - text.trim_start().len()..term.start + text.trim_end().len();
        (range.start < range.end).then_some(range)
    }
}

/// A word can stand right behind this text.
fn ends_apart(text: &str) -> bool {
    text.is_empty()
        || text.ends_with("/*")
        || text.ends_with(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | ','))
}
