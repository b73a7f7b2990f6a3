//! The typed view over the tree.
//!
//! Works for a text with errors too: what is missing is `None`.

use crate::expr::Op;
use crate::kind::Kind;
use crate::node::Node;
use core::ops::Range;

/// A text that is not blank.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a>(Node<'a>);

impl<'a> Query<'a> {
    pub(crate) fn new(root: Node<'a>) -> Option<Self> {
        root.children().any(|child| !child.kind().is_trivia()).then_some(Self(root))
    }

    /// The whole query as one term. `None` when the text has no readable term.
    pub fn term(self) -> Option<Term<'a>> {
        first_term(self.0)
    }

    /// The root of the tree.
    pub fn node(self) -> Node<'a> {
        self.0
    }
}

/// Anything that is true or false for a row.
#[derive(Debug, Clone, Copy)]
pub enum Term<'a> {
    /// `field op value`
    Clause(ClauseView<'a>),
    /// `field: ( … )`
    Nested(NestedView<'a>),
    /// `a AND b`
    And(Chain<'a>),
    /// `a OR b`
    Or(Chain<'a>),
    /// `NOT a`
    Not(Wrapper<'a>),
    /// `( … )`
    Group(Wrapper<'a>),
}

impl<'a> Term<'a> {
    /// The term that `node` is, or `None` for a token or another kind of node.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        match node.kind() {
            Kind::Clause => Some(Self::Clause(ClauseView(node))),
            Kind::Nested => Some(Self::Nested(NestedView(node))),
            Kind::AndExpr => Some(Self::And(Chain(node))),
            Kind::OrExpr => Some(Self::Or(Chain(node))),
            Kind::NotExpr => Some(Self::Not(Wrapper(node))),
            Kind::Group => Some(Self::Group(Wrapper(node))),
            _ => None,
        }
    }

    /// Its node in the tree.
    pub fn node(self) -> Node<'a> {
        match self {
            Self::Clause(ClauseView(node)) | Self::Nested(NestedView(node)) => node,
            Self::And(Chain(node)) | Self::Or(Chain(node)) => node,
            Self::Not(Wrapper(node)) | Self::Group(Wrapper(node)) => node,
        }
    }
}

/// One condition.
#[derive(Debug, Clone, Copy)]
pub struct ClauseView<'a>(Node<'a>);

impl<'a> ClauseView<'a> {
    /// The condition that `node` is, or `None` for anything else.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        (node.kind() == Kind::Clause).then_some(Self(node))
    }

    /// The field name.
    pub fn field(self) -> Option<Node<'a>> {
        self.0.children().find(|child| child.kind() == Kind::Field)
    }

    /// The operator.
    pub fn op(self) -> Option<Op> {
        self.0.children().find_map(|child| Op::from_kind(child.kind()))
    }

    /// The value.
    pub fn value(self) -> Option<ValueView<'a>> {
        self.0.children().find_map(ValueView::cast)
    }

    /// The bytes of the whole.
    pub fn range(self) -> Range<usize> {
        self.0.range()
    }
}

/// A nested query.
#[derive(Debug, Clone, Copy)]
pub struct NestedView<'a>(Node<'a>);

impl<'a> NestedView<'a> {
    pub(crate) fn new(node: Node<'a>) -> Self {
        Self(node)
    }

    /// The field name.
    pub fn field(self) -> Option<Node<'a>> {
        self.0.children().find(|child| child.kind() == Kind::Field)
    }

    /// The term between the parentheses, as a [`Term::Group`].
    pub fn inner(self) -> Option<Term<'a>> {
        first_term(self.0)
    }

    /// The bytes of the whole.
    pub fn range(self) -> Range<usize> {
        self.0.range()
    }
}

/// Terms joined by one kind of keyword.
#[derive(Debug, Clone, Copy)]
pub struct Chain<'a>(Node<'a>);

impl<'a> Chain<'a> {
    /// The terms, from left to right.
    pub fn terms(self) -> impl Iterator<Item = Term<'a>> {
        self.0.children().filter_map(Term::cast)
    }
}

/// `NOT` or parentheses around a term.
#[derive(Debug, Clone, Copy)]
pub struct Wrapper<'a>(Node<'a>);

impl<'a> Wrapper<'a> {
    /// The term inside.
    pub fn inner(self) -> Option<Term<'a>> {
        first_term(self.0)
    }
}

/// A value.
#[derive(Debug, Clone, Copy)]
pub enum ValueView<'a> {
    /// Unquoted words.
    Words(Node<'a>),
    /// In quotes; the node's text holds them.
    Quoted(Node<'a>),
    /// In backticks; the node's text holds them.
    Exact(Node<'a>),
    /// `[a, b]`
    List(ListView<'a>),
    /// `[a .. b]` or `(a .. b)`
    Range(RangeView<'a>),
}

impl<'a> ValueView<'a> {
    /// The value that `node` is, or `None` for anything else.
    pub fn cast(node: Node<'a>) -> Option<Self> {
        match node.kind() {
            Kind::Words => Some(Self::Words(node)),
            Kind::Quoted => Some(Self::Quoted(node)),
            Kind::Exact => Some(Self::Exact(node)),
            Kind::List => Some(Self::List(ListView(node))),
            Kind::Range => Some(Self::Range(RangeView(node))),
            _ => None,
        }
    }

    /// Its node in the tree.
    pub fn node(self) -> Node<'a> {
        match self {
            Self::Words(node) | Self::Quoted(node) | Self::Exact(node) => node,
            Self::List(ListView(node)) | Self::Range(RangeView(node)) => node,
        }
    }

    /// Its bytes, quotes and brackets included.
    pub fn range(self) -> Range<usize> {
        self.node().range()
    }
}

/// A list of values.
#[derive(Debug, Clone, Copy)]
pub struct ListView<'a>(Node<'a>);

impl<'a> ListView<'a> {
    /// The values, from left to right.
    pub fn items(self) -> impl Iterator<Item = ValueView<'a>> {
        self.0.children().filter_map(ValueView::cast)
    }
}

/// A range of values.
#[derive(Debug, Clone, Copy)]
pub struct RangeView<'a>(Node<'a>);

/// The two ends of a range.
#[derive(Debug, Clone, Copy)]
pub struct Bounds<'a> {
    /// The lower end.
    pub low: ValueView<'a>,
    /// The upper end.
    pub high: ValueView<'a>,
    /// Whether the ends belong to it: square brackets do, parentheses do not.
    pub inclusive: bool,
}

impl<'a> RangeView<'a> {
    /// Both ends. `None` when one is missing.
    pub fn bounds(self) -> Option<Bounds<'a>> {
        let inclusive = self.0.children().next()?.kind() == Kind::LeftBracket;
        let mut ends = self.0.children().filter_map(ValueView::cast);
        let (low, high) = (ends.next()?, ends.next()?);
        Some(Bounds { low, high, inclusive })
    }
}

fn first_term(node: Node<'_>) -> Option<Term<'_>> {
    node.children().find_map(Term::cast)
}
