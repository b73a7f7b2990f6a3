//! The query as plain owned data, for evaluators and translators.

use crate::ast::{Bounds, Chain, ClauseView, NestedView, Term, ValueView};
use crate::kind::Kind;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// A query without errors. Its depth is bounded, so that recursion over it is safe: each of at most
/// [`MAX_DEPTH`](crate::MAX_DEPTH) levels adds at most an `Or`, an `And` and a `Not` or `Nested`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    /// One condition.
    Clause(Clause),
    /// All of them hold. At least two.
    And(Vec<Self>),
    /// One of them holds. At least two.
    Or(Vec<Self>),
    /// It does not hold.
    Not(Box<Self>),
    /// `field: (inner)`: one and the same part of `field` fulfils all of `inner`.
    Nested {
        /// The field in front of the parenthesis.
        field: Name,
        /// What is inside the parentheses.
        inner: Box<Self>,
        /// The bytes of the whole, field and parentheses included.
        range: Range<usize>,
    },
}

/// The name of a field, dots included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name as written.
    pub text: String,
    /// Its bytes.
    pub range: Range<usize>,
}

/// One condition: `field op value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The field.
    pub field: Name,
    /// The operator.
    pub op: Op,
    /// The value.
    pub value: Value,
    /// The bytes of the whole.
    pub range: Range<usize>,
}

/// The operator of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    /// `:`
    Match,
    /// `=`
    Eq,
    /// `>`
    Gt,
    /// `<`
    Lt,
    /// `>=`
    Ge,
    /// `<=`
    Le,
}

impl Op {
    /// All of them, in the order in which a list of choices shows them.
    pub const ALL: [Self; 6] = [Self::Match, Self::Eq, Self::Gt, Self::Lt, Self::Ge, Self::Le];

    /// How it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Match => ":",
            Self::Eq => "=",
            Self::Gt => ">",
            Self::Lt => "<",
            Self::Ge => ">=",
            Self::Le => "<=",
        }
    }

    pub(crate) fn from_kind(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Colon => Some(Self::Match),
            Kind::Eq => Some(Self::Eq),
            Kind::Gt => Some(Self::Gt),
            Kind::Lt => Some(Self::Lt),
            Kind::Ge => Some(Self::Ge),
            Kind::Le => Some(Self::Le),
            _ => None,
        }
    }
}

/// How terms belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Join {
    /// All of them hold.
    And,
    /// One of them holds.
    Or,
}

impl Join {
    pub(crate) fn from_kind(kind: Kind) -> Option<Self> {
        match kind {
            Kind::And => Some(Self::And),
            Kind::Or => Some(Self::Or),
            _ => None,
        }
    }

    /// How it is written.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::And => "AND",
            Self::Or => "OR",
        }
    }
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The value.
    pub kind: ValueKind,
    /// Its bytes, quotes and brackets included.
    pub range: Range<usize>,
}

impl Value {
    /// The text of a single value, without quotes. `None` for a list or a range.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            ValueKind::Words(text) | ValueKind::Quoted(text) | ValueKind::Exact(text) => Some(text),
            ValueKind::List(_) | ValueKind::Range { .. } => None,
        }
    }
}

/// The forms of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueKind {
    /// Unquoted. May hold white space between its words, as written.
    Words(String),
    /// Between double or single quotes. Without the quotes; may be empty.
    Quoted(String),
    /// Between backticks. Without the backticks; may be empty.
    Exact(String),
    /// Any of these. At least one; never lists or ranges.
    List(Vec<Value>),
    /// Between these. The ends are never lists or ranges.
    Range {
        /// The lower end.
        low: Box<Value>,
        /// The upper end.
        high: Box<Value>,
        /// True for `[low .. high]`, false for `(low .. high)`.
        inclusive: bool,
    },
}

impl Expr {
    /// `None` when a part is missing, which does not happen in a tree without errors.
    ///
    /// Each kind has its own function so that a level of a deep query costs little stack: one function would reserve
    /// room for all kinds at once.
    pub(crate) fn new(term: Term<'_>) -> Option<Self> {
        match term {
            Term::Clause(it) => clause(it),
            Term::Nested(it) => nested(it),
            Term::And(it) => terms(it).map(Self::And),
            Term::Or(it) => terms(it).map(Self::Or),
            Term::Not(it) => boxed(it.inner()?).map(Self::Not),
            Term::Group(it) => Self::new(it.inner()?),
        }
    }
}

#[inline(never)]
fn clause(view: ClauseView<'_>) -> Option<Expr> {
    let field = name(view.field()?);
    let clause = Clause { field, op: view.op()?, value: value(view.value()?)?, range: view.range() };
    Some(Expr::Clause(clause))
}

#[inline(never)]
fn nested(view: NestedView<'_>) -> Option<Expr> {
    let inner = boxed(view.inner()?)?;
    Some(Expr::Nested { field: name(view.field()?), inner, range: view.range() })
}

#[inline(never)]
fn terms(chain: Chain<'_>) -> Option<Vec<Expr>> {
    let mut terms = Vec::new();
    for term in chain.terms() {
        terms.push(Expr::new(term)?);
    }
    Some(terms)
}

#[inline(never)]
fn boxed(term: Term<'_>) -> Option<Box<Expr>> {
    Expr::new(term).map(Box::new)
}

fn name(node: crate::node::Node<'_>) -> Name {
    Name { text: String::from(node.text()), range: node.range() }
}

fn value(view: ValueView<'_>) -> Option<Value> {
    let kind = match view {
        ValueView::Words(it) => ValueKind::Words(String::from(it.text())),
        ValueView::Quoted(it) => ValueKind::Quoted(String::from(crate::lexer::unquote(it.text()))),
        ValueView::Exact(it) => ValueKind::Exact(String::from(crate::lexer::unquote(it.text()))),
        ValueView::List(it) => ValueKind::List(it.items().map(value).collect::<Option<_>>()?),
        ValueView::Range(it) => {
            let Bounds { low, high, inclusive } = it.bounds()?;
            ValueKind::Range { low: Box::new(value(low)?), high: Box::new(value(high)?), inclusive }
        }
    };
    Some(Value { kind, range: view.range() })
}
