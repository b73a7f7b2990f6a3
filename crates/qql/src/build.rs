//! The flat model of the visual builder: rows of field, operator and value under one join.

use crate::expr::{Clause, Expr, Op, ValueKind};
use crate::kind::Kind;
use crate::node::Parse;
use crate::quote::{is_field_name, quote_value};
use alloc::string::String;
use alloc::vec::Vec;

/// A query that is a flat chain of plain clauses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simple {
    /// What stands between the clauses. [`Join::And`] when there are fewer than two.
    pub join: Join,
    /// The clauses, in the order of the text.
    pub clauses: Vec<SimpleClause>,
}

/// How the clauses of a [`Simple`] belong together.
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

/// One row of the builder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimpleClause {
    /// `NOT` stands in front of it.
    pub negated: bool,
    /// The field name, a dotted identifier.
    pub field: String,
    /// The operator.
    pub op: Op,
    /// The text of the value, without quotes.
    pub value: String,
}

/// Reads a query back as rows. `None` for a query with errors and for anything that rows cannot hold without loss:
/// mixed joins, lists, ranges, nested queries, double negation, and a value in a form that [`quote_value`] would not
/// give it, such as several unquoted words or an exact match. A single word may be quoted or not, which means the
/// same. A blank text has no rows.
pub fn to_simple(parse: &Parse) -> Option<Simple> {
    if parse.query().is_none() {
        return parse.errors().is_empty().then(|| Simple { join: Join::And, clauses: Vec::new() });
    }
    let (join, terms) = match parse.expr()? {
        Expr::And(terms) => (Join::And, terms),
        Expr::Or(terms) => (Join::Or, terms),
        term => (Join::And, Vec::from([term])),
    };
    let clauses = terms.into_iter().map(row).collect::<Option<_>>()?;
    Some(Simple { join, clauses })
}

/// Writes the rows as a query. [`to_simple`] gives the same rows back, on three conditions that the caller can check:
/// each field is an [`is_field_name`], each value has a [`quote_value`], and `join` is `And` when there are fewer
/// than two rows. A value without a spelling is written between double quotes as it is, so that the text shows it and
/// has an error where it cannot be read.
pub fn from_simple(simple: &Simple) -> String {
    let join = match simple.join {
        Join::And => " AND ",
        Join::Or => " OR ",
    };
    let mut text = String::new();
    for (row_idx, clause) in simple.clauses.iter().enumerate() {
        if row_idx > 0 {
            text.push_str(join);
        }
        push_clause(&mut text, clause);
    }
    text
}

fn push_clause(text: &mut String, clause: &SimpleClause) {
    let SimpleClause { negated, field, op, value } = clause;
    if *negated {
        text.push_str("NOT ");
    }
    text.push_str(field);
    if *op != Op::Match {
        text.push(' ');
    }
    text.push_str(op.symbol());
    text.push(' ');
    text.push_str(&quote_value(value).unwrap_or_else(|| ["\"", value, "\""].concat()));
}

fn row(term: Expr) -> Option<SimpleClause> {
    match term {
        Expr::Clause(clause) => plain(clause, false),
        Expr::Not(inner) => match *inner {
            Expr::Clause(clause) => plain(clause, true),
            _ => None,
        },
        Expr::And(_) | Expr::Or(_) | Expr::Nested { .. } => None,
    }
}

fn plain(clause: Clause, negated: bool) -> Option<SimpleClause> {
    let Clause { field, op, value, .. } = clause;
    let spelling = quote_value(value.text()?)?;
    let value = match value.kind {
        ValueKind::Words(text) if spelling == text => text,
        ValueKind::Quoted(text) if !spelling.starts_with('`') => text,
        ValueKind::Exact(text) if spelling.starts_with('`') => text,
        _ => return None,
    };
    is_field_name(&field.text).then_some(SimpleClause { negated, field: field.text, op, value })
}
