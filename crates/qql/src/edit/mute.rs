//! Putting an item into a comment and taking it out again.

use super::Edit;
use super::change::{joined, moved};
use super::check::{Want, checked};
use super::level;
use crate::node::Parse;
use crate::outline::{ItemId, Outline};

impl Outline {
    /// Puts an item into a comment, with one of the keywords beside it, or takes it out again.
    ///
    /// The last item of a group that runs cannot be muted alone: the group is. So an item in a muted group comes back
    /// with the whole group. It runs then: every comment around it goes. The root stands for its only child.
    ///
    /// `None` for an empty comment, for a text that holds `*/` or `/*` in a value, for a root with more than one child, and where the rest
    /// would not be read as before.
    pub fn mute(&self, parse: &Parse, id: ItemId) -> Option<Edit> {
        let item = self.item(id)?;
        if item.parent.is_none() {
            return match item.children.as_slice() {
                [only] => self.mute(parse, *only),
                _ => None,
            };
        }
        let target = if item.muted { self.comment_around(id) } else { self.last_of_group(parse, id)? };
        // A comment can be empty.
        if self.is_commented(target) && crate::parse(self.text(parse, target)?).query().is_none() {
            return None;
        }
        let span = self.span(parse, target)?;
        let mut parts = level::parts(&span.old);
        for part in parts.iter_mut().take(span.own.end).skip(span.own.start) {
            part.is_hidden = !item.muted;
        }
        let (changes, _) = level::write(parse.source(), &span.level.span, &span.old, &parts);
        let term = moved(&self.detail(id)?.term, &changes);
        let want = if self.is_chain(id) { Want::Any(term) } else { Want::Term(term) };
        let edit = checked(parse, &item.range, changes, want)?;
        let after = crate::parse(&edit.apply(parse.source()));
        let view = crate::outline(&after);
        let id = view.at(&edit.focus)?;
        let is_muted = view.item(id)?.muted;
        if is_muted != item.muted {
            return Some(edit);
        }
        if !is_muted {
            return None;
        }
        // A comment in the comment: each round takes one away.
        let next = view.mute(&after, id)?;
        let changes = joined(parse.source().len(), &edit.changes, &next.changes);
        Some(Edit { changes, focus: next.focus })
    }

    /// The item or the group around it that has the comment; the item itself when it is a chain of muted ones.
    fn comment_around(&self, id: ItemId) -> ItemId {
        let mut it = Some(id);
        while let Some(around) = it {
            if self.is_commented(around) {
                return around;
            }
            it = self.item(around).and_then(|item| item.parent);
        }
        id
    }

    /// The item, or the group around it when nothing else in it runs.
    fn last_of_group(&self, parse: &Parse, id: ItemId) -> Option<ItemId> {
        let mut id = id;
        loop {
            let span = self.span(parse, id)?;
            if span.level.owner == self.root() || span.has_other_seen() {
                return Some(id);
            }
            id = span.level.owner;
        }
    }
}
