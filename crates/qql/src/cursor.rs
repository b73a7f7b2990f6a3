//! What can be written at a place of the text: what an editor needs to propose something there.
//!
//! Works for every text, errors included, and reads the tree alone: which fields and values there are is the
//! caller's knowledge.

use crate::ast::{ClauseView, ValueView};
use crate::error::ErrorKind;
use crate::expr::Op;
use crate::kind::Kind;
use crate::node::{Node, Parse};
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// What is wanted at a place of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The kind of thing.
    pub wanted: Wanted,
    /// The bytes that it replaces: what stands there of it, or nothing at the place itself.
    pub replace: Range<usize>,
    /// The field of the nested query around the place, whose parts the fields are then.
    pub outer: Option<String>,
}

/// The kinds of things that can be wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Nothing that could be proposed.
    Nothing,
    /// A field, or `NOT` or a parenthesis in front of a term.
    Field {
        /// An operator stands behind it already.
        has_op: bool,
        /// All of the text that stands there without a field or an operator, to make a clause of it; empty for none.
        plain: Range<usize>,
        /// A term follows, so that a new clause needs a join behind it.
        before_term: bool,
    },
    /// An operator.
    Op {
        /// The field in front of it.
        field: String,
    },
    /// A value.
    Value {
        /// The field.
        field: String,
        /// The operator.
        op: Op,
        /// What is around it.
        inside: Inside,
    },
    /// `AND` or `OR` behind a complete term.
    Join {
        /// A term follows already.
        before_term: bool,
    },
}

/// What is around a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inside {
    /// Nothing: it is the value of the clause.
    Clause,
    /// It is one of a list.
    List,
    /// It is the end of a range.
    Range,
}

/// What is wanted at byte `at` of the text. A place inside a character counts as the one before it.
///
/// ```
/// use qql::cursor::{Wanted, context};
///
/// let found = context(&qql::parse("title: be"), 9);
/// assert!(matches!(found.wanted, Wanted::Value { ref field, .. } if field == "title"));
/// assert_eq!(found.replace, 7..9);
/// ```
pub fn context(parse: &Parse, at: usize) -> Context {
    let source = parse.source();
    let mut at = at.min(source.len());
    while !source.is_char_boundary(at) {
        at -= 1;
    }
    let place = Place::new(parse, at);
    let (wanted, replace) = place.look().unwrap_or((Wanted::Nothing, at..at));
    let outer = place.outer(&replace);
    Context { wanted, replace, outer }
}

type Found = Option<(Wanted, Range<usize>)>;

/// A place in the text with the tokens around it.
struct Place<'a> {
    parse: &'a Parse,
    at: usize,
    /// The place is inside of something that is skipped, other than white space.
    is_skipped: bool,
    /// The last token that begins before the place.
    before: Option<Leaf<'a>>,
    /// The token in front of that one.
    before_that: Option<Leaf<'a>>,
    /// The first token that begins at the place or behind it.
    after: Option<Leaf<'a>>,
}

/// A token with the nodes around it, the innermost last.
#[derive(Clone)]
struct Leaf<'a> {
    node: Node<'a>,
    around: Vec<Node<'a>>,
}

impl<'a> Leaf<'a> {
    fn kind(&self) -> Kind {
        self.node.kind()
    }

    fn parent(&self) -> Option<Node<'a>> {
        self.around.last().copied()
    }

    fn is_in(&self, kind: Kind) -> bool {
        self.parent().is_some_and(|it| it.kind() == kind)
    }

    fn nearest(&self, kinds: &[Kind]) -> Option<Node<'a>> {
        self.around.iter().rev().copied().find(|it| kinds.contains(&it.kind()))
    }

    /// Part of a name, a value or something without a place.
    fn is_text(&self) -> bool {
        self.kind() == Kind::Word || self.kind().is_quoted() || self.kind().is_keyword()
    }

    /// The innermost value around it, or itself.
    fn value(&self) -> Node<'a> {
        self.parent().filter(|it| it.kind() == Kind::Words).unwrap_or(self.node)
    }

    fn inside(&self) -> Inside {
        match self.nearest(&[Kind::List, Kind::Range, Kind::Clause]).map(Node::kind) {
            Some(Kind::List) => Inside::List,
            Some(Kind::Range) => Inside::Range,
            _ => Inside::Clause,
        }
    }
}

impl<'a> Place<'a> {
    fn new(parse: &'a Parse, at: usize) -> Self {
        let (mut is_skipped, mut before, mut before_that, mut after) = (false, None, None, None);
        for leaf in parse.leaves() {
            let (range, kind) = (leaf.range(), leaf.kind());
            if kind.is_trivia() {
                is_skipped |= kind != Kind::Space && range.start < at && at < range.end;
            } else if range.start < at {
                before_that = before.replace(leaf);
            } else {
                after = Some(leaf);
                break;
            }
        }
        let leaf = |it: Option<Node<'a>>| it.map(|node| Leaf { node, around: around(parse, &node) });
        Self {
            parse,
            at,
            is_skipped,
            before: leaf(before),
            before_that: leaf(before_that),
            after: leaf(after),
        }
    }

    fn look(&self) -> Found {
        if self.is_skipped {
            return None;
        }
        let touches = |it: &&Leaf<'_>| it.is_text() && self.at <= it.value().range().end;
        if let Some(leaf) = self.before.as_ref().filter(touches) {
            return self.at_text(leaf, self.before_that.as_ref());
        }
        // In front of a word is at the word.
        let begins = |it: &&Leaf<'_>| it.is_text() && it.node.range().start == self.at;
        if let Some(leaf) = self.after.as_ref().filter(begins).filter(|it| !self.is_keyword(it)) {
            return self.at_text(leaf, self.before.as_ref());
        }
        self.between()
    }

    fn is_keyword(&self, leaf: &Leaf<'_>) -> bool {
        leaf.kind().is_keyword()
    }

    /// Inside or at the end of a word or a quoted value; `prev` is the token in front of it.
    fn at_text(&self, leaf: &Leaf<'a>, prev: Option<&Leaf<'a>>) -> Found {
        let range = leaf.node.range();
        if leaf.kind().is_keyword() {
            let wanted = match prev {
                Some(prev) if is_term_end(prev) => Wanted::Join { before_term: self.has_term_after() },
                Some(prev) if !can_precede_term(prev) => return None,
                _ => field(false, range.end..range.end, self.has_term_after()),
            };
            return Some((wanted, range));
        }
        if leaf.nearest(&[Kind::Stray]).is_some() {
            let is_bracketed = leaf.nearest(&[Kind::List, Kind::Range]).is_some();
            let is_join = !is_bracketed && leaf.kind() == Kind::Word && prev.is_some_and(is_term_end);
            return is_join.then(|| (Wanted::Join { before_term: self.has_term_after() }, range));
        }
        let clause = leaf.nearest(&[Kind::Clause, Kind::Nested])?;
        let view = ClauseView::cast(clause);
        if leaf.is_in(Kind::Field) {
            let has_op = clause.children().any(|it| it.kind().is_comparison());
            let is_plain = !has_op && clause.kind() == Kind::Clause && !self.is_open(clause);
            let plain = if is_plain { clause.range() } else { range.end..range.end };
            return Some((field(has_op, plain, false), range));
        }
        let value = leaf.value();
        if self.is_open(value) && !self.rest_is_blank(value) {
            return None;
        }
        let (name, op) = match view {
            Some(view) => (view.field(), view.op()),
            None => (None, None),
        };
        match (name, op, leaf.inside()) {
            (Some(name), Some(op), inside) => {
                Some((Wanted::Value { field: String::from(name.text()), op, inside }, value.range()))
            }
            // Plain text, which may become a clause.
            (_, None, Inside::Clause) if !self.is_open(clause) => {
                Some((field(false, clause.range(), false), clause.range()))
            }
            _ => None,
        }
    }

    /// Between two tokens.
    fn between(&self) -> Found {
        let here = self.at..self.at;
        let none = self.at..self.at;
        let Some(prev) = &self.before else {
            return Some((field(false, none, self.has_term_after()), here));
        };
        // Inside of an operator.
        if self.at < prev.node.range().end {
            return None;
        }
        if can_precede_term(prev) {
            return Some((field(false, none, self.has_term_after()), here));
        }
        match prev.kind() {
            Kind::LeftBracket | Kind::Comma if prev.is_in(Kind::List) => self.in_brackets(prev, Inside::List),
            Kind::LeftBracket | Kind::LeftParen | Kind::Dots if prev.is_in(Kind::Range) => {
                self.in_brackets(prev, Inside::Range)
            }
            kind if kind.is_comparison() => self.behind_op(prev),
            _ if prev.is_in(Kind::Field) => {
                let clause = prev.nearest(&[Kind::Clause])?;
                let has_op = clause.children().any(|it| it.kind().is_comparison());
                let field = String::from(prev.node.text());
                (!has_op).then_some((Wanted::Op { field }, here))
            }
            _ if is_term_end(prev) => self.behind_term(prev),
            _ => None,
        }
    }

    fn in_brackets(&self, prev: &Leaf<'a>, inside: Inside) -> Found {
        let view = ClauseView::cast(prev.nearest(&[Kind::Clause])?)?;
        let wanted = Wanted::Value { field: String::from(view.field()?.text()), op: view.op()?, inside };
        let next = self.after.as_ref().filter(|it| it.is_text() && it.inside() == inside);
        Some((wanted, next.map_or(self.at..self.at, |it| it.value().range())))
    }

    fn behind_op(&self, prev: &Leaf<'a>) -> Found {
        let view = ClauseView::cast(prev.nearest(&[Kind::Clause])?)?;
        // Of several operators in a row the last one.
        let next_is_op = self.after.as_ref().is_some_and(|it| it.kind().is_comparison());
        let (field, op) = (String::from(view.field()?.text()), view.op()?);
        let replace = match view.value() {
            _ if next_is_op => return None,
            None => self.at..self.at,
            Some(ValueView::List(_) | ValueView::Range(_)) => return None,
            Some(it) if self.is_open(it.node()) => return None,
            Some(it) => it.range(),
        };
        Some((Wanted::Value { field, op, inside: Inside::Clause }, replace))
    }

    fn behind_term(&self, prev: &Leaf<'a>) -> Found {
        let here = self.at..self.at;
        let clause = prev.nearest(&[Kind::Clause]).filter(|_| prev.is_text());
        if let Some(view) = clause.and_then(ClauseView::cast)
            && view.op().is_none()
        {
            let range = view.range();
            return Some((field(false, range.clone(), false), range));
        }
        let is_joined = self.after.as_ref().is_some_and(|it| {
            matches!(it.kind(), Kind::And | Kind::Or) || it.nearest(&[Kind::Stray]).is_some()
        });
        (!is_joined).then(|| (Wanted::Join { before_term: self.has_term_after() }, here))
    }

    /// Whether the next token begins a term.
    fn has_term_after(&self) -> bool {
        self.after.as_ref().is_some_and(|it| it.is_text() || it.kind() == Kind::LeftParen)
            && !self.after.as_ref().is_some_and(|it| matches!(it.kind(), Kind::And | Kind::Or))
    }

    /// Whether a quote in the node is never closed.
    fn is_open(&self, node: Node<'_>) -> bool {
        let range = node.range();
        let is_here = |start: usize| range.contains(&start);
        self.parse.errors().iter().any(|it| it.kind == ErrorKind::UnclosedQuote && is_here(it.range.start))
    }

    fn rest_is_blank(&self, node: Node<'_>) -> bool {
        let rest = self.parse.source().get(self.at..node.range().end).unwrap_or("");
        rest.trim().is_empty()
    }

    /// The field of the innermost nested query whose parentheses hold all of `range`.
    fn outer(&self, range: &Range<usize>) -> Option<String> {
        let leaf = self.before.as_ref().or(self.after.as_ref())?;
        let holds = |it: &&Node<'_>| {
            let group = it.children().find(|it| it.kind() == Kind::Group);
            group.is_some_and(|group| group.range().start < range.start && range.end <= group.range().end)
        };
        let nested = leaf.around.iter().rev().filter(|it| it.kind() == Kind::Nested).find(holds)?;
        let field = nested.children().find(|it| it.kind() == Kind::Field)?;
        // Behind the closing parenthesis is outside.
        let end = nested.children().find(|it| it.kind() == Kind::Group)?;
        let is_closed = end.children().last().is_some_and(|it| it.kind() == Kind::RightParen);
        (!is_closed || range.end < end.range().end).then(|| String::from(field.text()))
    }
}

fn field(has_op: bool, plain: Range<usize>, before_term: bool) -> Wanted {
    Wanted::Field { has_op, plain, before_term }
}

/// Whether a term can begin right behind it.
fn can_precede_term(leaf: &Leaf<'_>) -> bool {
    match leaf.kind() {
        Kind::And | Kind::Or | Kind::Not => true,
        Kind::LeftParen => leaf.is_in(Kind::Group),
        _ => false,
    }
}

/// Whether a term ends with it, complete or not.
fn is_term_end(leaf: &Leaf<'_>) -> bool {
    match leaf.kind() {
        Kind::RightParen => leaf.is_in(Kind::Group) || is_whole_value(leaf),
        Kind::RightBracket => is_whole_value(leaf),
        Kind::Word | Kind::Quoted | Kind::Exact => {
            leaf.nearest(&[Kind::Stray, Kind::Field, Kind::List, Kind::Range]).is_none()
        }
        _ => false,
    }
}

fn is_whole_value(leaf: &Leaf<'_>) -> bool {
    leaf.is_in(Kind::List) || leaf.is_in(Kind::Range)
}

/// The nodes around a token, the outermost first.
fn around<'a>(parse: &'a Parse, leaf: &Node<'a>) -> Vec<Node<'a>> {
    let mut res = Vec::new();
    let mut node = parse.root();
    loop {
        res.push(node);
        let holds = |it: &Node<'_>| {
            let (outer, inner) = (it.range(), leaf.range());
            outer.start <= inner.start && inner.end <= outer.end
        };
        match node.children().find(holds) {
            Some(child) if !child.is_leaf() => node = child,
            _ => return res,
        }
    }
}
