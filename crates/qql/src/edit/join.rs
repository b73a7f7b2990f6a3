//! Changing the keyword of a group.

use super::Edit;
use super::change::{fix, grown};
use super::check::{Want, checked};
use crate::error::Fix;
use crate::expr::Join;
use crate::node::Parse;
use crate::outline::{Element, ItemId, Outline};
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

impl Outline {
    /// Puts another keyword between all items of a group, in comments too. A group that would mix with the one around
    /// it, or with a chain inside it, is kept apart by parentheses. `None` for what has fewer than two items.
    pub fn set_join(&self, parse: &Parse, id: ItemId, join: Join) -> Option<Edit> {
        let item = self.item(id)?;
        let old = item.join()?;
        let range = item.range.clone();
        let is_chain = self.is_chain(id);
        let term = self.detail(id)?.term.clone();
        if old == join {
            return checked(parse, &range, Vec::new(), Want::Any(range.clone()));
        }
        let mut changes: Vec<Fix> = Vec::new();
        let mut parens = Vec::new();
        if is_chain {
            parens.push(fix(term.start..term.start, "("));
            parens.push(fix(term.end..term.end, ")"));
        }
        for chain in item.children.iter().filter(|child| self.is_chain(**child)) {
            let range = &self.item(*chain)?.range;
            parens.push(fix(range.start..range.start, "("));
            parens.push(fix(range.end..range.end, ")"));
        }
        let mut parens = parens.into_iter().peekable();
        for keyword in self.keywords(id)? {
            while let Some(paren) = parens.next_if(|paren| paren.range.start <= keyword.start) {
                changes.push(paren);
            }
            let text = parse.source().get(keyword.clone())?;
            let is_lower = text.chars().all(|c| c.is_ascii_lowercase());
            let new = join.keyword();
            changes.push(fix(keyword, &if is_lower { new.to_ascii_lowercase() } else { String::from(new) }));
        }
        changes.extend(parens);
        let term = grown(&term, &changes);
        let edit = checked(parse, &range, changes, Want::Any(term))?;
        let after = crate::parse(&edit.apply(parse.source()));
        let view = crate::outline(&after);
        let is_done = view.item(view.at(&edit.focus)?)?.join() == Some(join);
        is_done.then_some(edit)
    }

    /// The keywords between the children of a group, those of the children's comments included.
    fn keywords(&self, id: ItemId) -> Option<Vec<Range<usize>>> {
        let item = self.item(id)?;
        let level = self.level_in(id)?;
        let old = item.join()?;
        // Those between its first and its last term, without those inside the chains.
        let all = if self.is_chain(id) { self.detail(id)?.elements.clone() } else { 0..level.elements.len() };
        let mut inside: Vec<Range<usize>> = Vec::new();
        if !self.is_chain(id) {
            let chains = item.children.iter().filter(|child| self.is_chain(**child));
            inside.extend(chains.filter_map(|chain| self.detail(*chain)).map(|it| it.elements.clone()));
        }
        let elements = level.elements.get(all.clone())?.iter().zip(all);
        let mut keywords = Vec::new();
        for (element, index) in elements {
            let Element::Join { join, range, .. } = element else { continue };
            let next = inside.partition_point(|chain| chain.end <= index);
            let is_in_chain = inside.get(next).is_some_and(|chain| chain.contains(&index));
            if !is_in_chain && *join == old {
                keywords.push(range.clone());
            }
        }
        Some(keywords)
    }
}
