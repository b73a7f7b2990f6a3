//! From the tree to the outline.

use super::flat::{Part, What, parts};
use super::{Detail, Element, Item, ItemId, ItemKind, Join, Level, Outline};
use crate::ast::{NestedView, Term};
use crate::error::{ErrorKind, MAX_ERRORS};
use crate::expr::{Clause, Expr, Name, Op, Value, ValueKind};
use crate::kind::Kind;
use crate::node::{Node, Parse};
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// How many comments can stand in each other as items. What is deeper is opaque, so that the work stays linear.
const MAX_COMMENTS: usize = 4;

/// A text that was parsed: the whole one, or what a comment holds.
pub(super) struct Text<'a> {
    pub(super) parse: &'a Parse,
    /// Where it stands in the whole text.
    base: usize,
    /// How many comments are around it.
    pub(super) n_comments: usize,
}

impl Text<'_> {
    /// A range of it as one of the whole text.
    pub(super) fn range(&self, range: Range<usize>) -> Range<usize> {
        self.base + range.start..self.base + range.end
    }

    /// Whether what comments hold is still read.
    pub(super) fn reads_comments(&self) -> bool {
        self.n_comments < MAX_COMMENTS
    }

    /// Whether something in that range is wrong by itself, other than that a keyword is missing in front of it.
    fn has_error(&self, range: Range<usize>) -> bool {
        let errors = self.parse.errors();
        // Of more errors than these, nobody knows where they are.
        if MAX_ERRORS <= errors.len() {
            return true;
        }
        let first = errors.partition_point(|error| error.range.start < range.start);
        errors
            .iter()
            .skip(first)
            .take_while(|error| error.range.start < range.end)
            .any(|error| error.kind != ErrorKind::MissingJoin || error.range.start != range.start)
    }
}

pub(super) fn outline(parse: &Parse) -> Outline {
    let text = Text { parse, base: 0, n_comments: 0 };
    let mut walk = Walk { items: Vec::new(), details: Vec::new(), levels: Vec::new() };
    let whole = parse.root().range();
    let parts = parts(&text, parse.root());
    let kind = ItemKind::Group { join: level_join(&parts), parens: false };
    let root = walk.item(&text, kind, whole.clone(), None, 0);
    walk.level(&text, root, whole, parts);
    Outline { items: walk.items, details: walk.details, levels: walk.levels }
}

/// What stands between the children of a level.
fn level_join(parts: &[Part<'_>]) -> Option<Join> {
    let (_, joined) = parts.split_last()?;
    if joined.is_empty() {
        return None;
    }
    let is_or = joined.iter().any(|part| part.joint == Join::Or);
    Some(if is_or { Join::Or } else { Join::And })
}

struct Walk {
    items: Vec<Item>,
    details: Vec<Detail>,
    levels: Vec<Level>,
}

impl Walk {
    fn item(
        &mut self,
        text: &Text<'_>,
        kind: ItemKind,
        range: Range<usize>,
        parent: Option<ItemId>,
        level: usize,
    ) -> ItemId {
        let id = ItemId(self.items.len());
        let mut depth = 0;
        if let Some(parent) = parent.and_then(|parent| self.items.get_mut(parent.0)) {
            parent.children.push(id);
            depth = parent.depth + 1;
        }
        let detail = Detail {
            level,
            elements: 0..0,
            term: range.clone(),
            not: None,
            op: 0..0,
            comment: None,
            inner: None,
        };
        let muted = 0 < text.n_comments;
        self.items.push(Item { kind, range, negated: false, muted, parent, children: Vec::new(), depth });
        self.details.push(detail);
        id
    }

    /// Makes the inside of `owner`.
    fn level(&mut self, text: &Text<'_>, owner: ItemId, span: Range<usize>, parts: Vec<Part<'_>>) {
        let level = self.levels.len();
        self.levels.push(Level { owner, span, elements: Vec::new() });
        if let Some(detail) = self.details.get_mut(owner.0) {
            detail.inner = Some(level);
        }
        let is_mixed = parts.iter().rev().skip(1).any(|part| part.joint == Join::Or);
        let mut elements = Vec::new();
        let mut chain: Option<ItemId> = None;
        let n_parts = parts.len();
        for (part_idx, part) in parts.into_iter().enumerate() {
            let is_last = part_idx + 1 == n_parts;
            let goes_on = !is_last && part.joint == Join::And;
            if is_mixed && goes_on && chain.is_none() {
                let kind = ItemKind::Group { join: Some(Join::And), parens: false };
                let id = self.item(text, kind, span_of(text, &part.what), Some(owner), level);
                self.detail(id, |detail| detail.elements = elements.len() + lead_len(&part.what)..0);
                chain = Some(id);
            }
            let id = self.part(text, &part.what, chain.unwrap_or(owner), level, &mut elements);
            if let Some(chain) = chain {
                self.extend(chain, id, elements.len());
            }
            if let What::Comment(it) = part.what {
                push_hidden(&mut elements, it.trail, it.hidden.trail);
            }
            if let Some((join, range)) = part.keyword {
                elements.push(Element::Join { join, range, is_hidden: false });
            }
            if !goes_on {
                chain = None;
            }
        }
        if let Some(level) = self.levels.get_mut(level) {
            level.elements = elements;
        }
    }

    /// Makes a child of `parent` and its elements.
    fn part(
        &mut self,
        text: &Text<'_>,
        what: &What<'_>,
        parent: ItemId,
        level: usize,
        elements: &mut Vec<Element>,
    ) -> ItemId {
        let (id, is_hidden) = match what {
            What::Node(node) => (self.term(text, *node, parent, level), false),
            What::Comment(it) => {
                push_hidden(elements, it.lead, it.hidden.lead.clone());
                let inside = it.parse.as_ref().map(|parse| Text {
                    parse,
                    base: it.term.start,
                    n_comments: text.n_comments + 1,
                });
                let id = match &inside {
                    Some(inside) => self.muted(inside, it.term.clone(), parent, level),
                    None => {
                        let id = self.item(text, ItemKind::Opaque, it.range.clone(), Some(parent), level);
                        self.detail(id, |detail| detail.term = it.term.clone());
                        id
                    }
                };
                if let Some(item) = self.items.get_mut(id.0) {
                    item.range = it.range.clone();
                    item.muted = true;
                }
                self.detail(id, |detail| detail.comment = Some(it.hidden.clone()));
                (id, true)
            }
        };
        self.detail(id, |detail| detail.elements = elements.len()..elements.len() + 1);
        elements.push(Element::Term { id, is_hidden });
        id
    }

    /// The query that a comment holds: its only term, or a group of all of them.
    fn muted(&mut self, text: &Text<'_>, range: Range<usize>, parent: ItemId, level: usize) -> ItemId {
        let parts = parts(text, text.parse.root());
        if let [Part { what: What::Node(node), .. }] = parts.as_slice() {
            return self.term(text, *node, parent, level);
        }
        let kind = ItemKind::Group { join: level_join(&parts), parens: false };
        let id = self.item(text, kind, range.clone(), Some(parent), level);
        self.level(text, id, range, parts);
        id
    }

    fn term(&mut self, text: &Text<'_>, node: Node<'_>, parent: ItemId, level: usize) -> ItemId {
        match node.kind() {
            Kind::NotExpr => self.not(text, node, parent, level),
            Kind::Group => self.group(text, node, parent, level),
            Kind::Nested => self.nested(text, node, parent, level),
            Kind::Clause => self.clause(text, node, parent, level),
            _ => self.opaque(text, node, parent, level),
        }
    }

    fn opaque(&mut self, text: &Text<'_>, node: Node<'_>, parent: ItemId, level: usize) -> ItemId {
        self.item(text, ItemKind::Opaque, text.range(node.range()), Some(parent), level)
    }

    fn clause(&mut self, text: &Text<'_>, node: Node<'_>, parent: ItemId, level: usize) -> ItemId {
        let clause = Term::cast(node).and_then(Expr::new);
        let op = node.children().find(|child| Op::from_kind(child.kind()).is_some());
        let (Some(Expr::Clause(clause)), Some(op), false) = (clause, op, text.has_error(node.range())) else {
            return self.opaque(text, node, parent, level);
        };
        let kind = ItemKind::Clause(moved(clause, text.base));
        let id = self.item(text, kind, text.range(node.range()), Some(parent), level);
        self.detail(id, |detail| detail.op = text.range(op.range()));
        id
    }

    fn not(&mut self, text: &Text<'_>, node: Node<'_>, parent: ItemId, level: usize) -> ItemId {
        let mut solid = node.children().filter(|child| !child.kind().is_trivia());
        let (Some(not), Some(inner), None) = (solid.next(), solid.next(), solid.next()) else {
            return self.opaque(text, node, parent, level);
        };
        let range = text.range(node.range());
        let id = if inner.kind() == Kind::NotExpr {
            let kind = ItemKind::Group { join: None, parens: false };
            let id = self.item(text, kind, range.clone(), Some(parent), level);
            self.level_of_one(text, id, inner);
            id
        } else {
            self.term(text, inner, parent, level)
        };
        let Some(item) = self.items.get_mut(id.0) else { return id };
        (item.range, item.negated) = (range.clone(), true);
        self.detail(id, |detail| (detail.not, detail.term) = (Some(text.range(not.range())), range));
        id
    }

    /// The inside of a second `NOT`: the item that it stands in front of.
    fn level_of_one(&mut self, text: &Text<'_>, owner: ItemId, node: Node<'_>) {
        let part = Part { what: What::Node(node), keyword: None, joint: Join::And };
        self.level(text, owner, text.range(node.range()), Vec::from([part]));
    }

    fn group(&mut self, text: &Text<'_>, node: Node<'_>, parent: ItemId, level: usize) -> ItemId {
        let inside = inside(node).map(|span| (span, parts(text, node)));
        let Some((span, parts)) = inside.filter(|(_, parts)| !parts.is_empty()) else {
            return self.opaque(text, node, parent, level);
        };
        let kind = ItemKind::Group { join: level_join(&parts), parens: true };
        let id = self.item(text, kind, text.range(node.range()), Some(parent), level);
        self.level(text, id, text.range(span), parts);
        id
    }

    fn nested(&mut self, text: &Text<'_>, node: Node<'_>, parent: ItemId, level: usize) -> ItemId {
        let field = NestedView::new(node).field();
        let group = node.children().find(|child| child.kind() == Kind::Group);
        let (Some(field), Some(group)) = (field, group) else {
            return self.opaque(text, node, parent, level);
        };
        let is_wrong = text.has_error(node.range().start..group.range().start);
        let inside = inside(group).filter(|_| !is_wrong).map(|span| (span, parts(text, group)));
        let Some((span, parts)) = inside.filter(|(_, parts)| !parts.is_empty()) else {
            return self.opaque(text, node, parent, level);
        };
        let field = Name { text: String::from(field.text()), range: text.range(field.range()) };
        let kind = ItemKind::Nested { field, join: level_join(&parts) };
        let id = self.item(text, kind, text.range(node.range()), Some(parent), level);
        self.level(text, id, text.range(span), parts);
        id
    }

    fn detail(&mut self, id: ItemId, change: impl FnOnce(&mut Detail)) {
        if let Some(detail) = self.details.get_mut(id.0) {
            change(detail);
        }
    }

    /// The chain ends with its child `id`, the last of so many elements.
    fn extend(&mut self, chain: ItemId, id: ItemId, n_elements: usize) {
        let end = self.items.get(id.0).map_or(0, |item| item.range.end);
        let is_muted = self.items.get(id.0).is_some_and(|item| item.muted);
        if let Some(item) = self.items.get_mut(chain.0) {
            item.range.end = end;
            // All of it has to be.
            item.muted = is_muted && (item.children.len() < 2 || item.muted);
        }
        self.detail(chain, |detail| (detail.term.end, detail.elements.end) = (end, n_elements));
    }
}

fn push_hidden(elements: &mut Vec<Element>, join: Option<Join>, range: Option<Range<usize>>) {
    if let (Some(join), Some(range)) = (join, range) {
        elements.push(Element::Join { join, range, is_hidden: true });
    }
}

/// How many elements of a part come before its term.
fn lead_len(what: &What<'_>) -> usize {
    match what {
        What::Comment(it) => usize::from(it.lead.is_some()),
        What::Node(_) => 0,
    }
}

fn span_of(text: &Text<'_>, what: &What<'_>) -> Range<usize> {
    match what {
        What::Comment(it) => it.range.clone(),
        What::Node(node) => text.range(node.range()),
    }
}

/// What is between the parentheses of a group. `None` when they are not both there.
fn inside(group: Node<'_>) -> Option<Range<usize>> {
    let (open, close) = (group.children().next()?, group.children().last()?);
    let is_whole = open.kind() == Kind::LeftParen && close.kind() == Kind::RightParen;
    is_whole.then(|| open.range().end..close.range().start)
}

/// The clause with its ranges so far behind.
fn moved(clause: Clause, base: usize) -> Clause {
    let Clause { field, op, value, range } = clause;
    let field = Name { text: field.text, range: shifted(&field.range, base) };
    Clause { field, op, value: moved_value(value, base), range: shifted(&range, base) }
}

fn moved_value(value: Value, base: usize) -> Value {
    let mut value = Value { range: shifted(&value.range, base), ..value };
    match &mut value.kind {
        ValueKind::List(items) => items.iter_mut().for_each(|item| item.range = shifted(&item.range, base)),
        ValueKind::Range { low, high, .. } => {
            low.range = shifted(&low.range, base);
            high.range = shifted(&high.range, base);
        }
        _ => {}
    }
    value
}

fn shifted(range: &Range<usize>, base: usize) -> Range<usize> {
    base + range.start..base + range.end
}
