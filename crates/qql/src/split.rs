//! Shares a query out between a server and the browser.

mod criteria;
mod place;
mod source;

use self::source::Source;
use crate::expr::{Clause, Expr};
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
/// Neither part holds a comment: comments are an extension of this crate, and what stands in one is muted.
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
    /// The schema does not know the field and sends such clauses to the server as they are.
    Unverified,
    /// Something is wrong with it: an unknown field, a value of the wrong type, an operator that its type lacks.
    Problem,
    /// Nobody has the values of this field.
    NoValues,
}

/// Shares a query out. `None` when the text has syntax errors; a blank text has two empty parts.
///
/// A condition that the server answers goes to the server alone. Of a condition with alternatives the server gets as
/// much of each alternative as it can answer, which narrows the answer down, and the browser checks the whole again.
/// Where one alternative cannot be narrowed down, the whole is left to the browser.
pub fn split(parse: &Parse, schema: &Schema<'_>, logic: Logic) -> Option<Split> {
    let Some(expr) = parse.expr() else {
        let nothing = Split { server: None, criteria: Vec::new(), rest: None, clauses: Vec::new() };
        return parse.query().is_none().then_some(nothing);
    };
    let source = Source::new(parse);
    let mut splitter = Splitter {
        source: &source,
        schema,
        logic,
        server: String::new(),
        criteria: Vec::new(),
        rest: Vec::new(),
        clauses: Vec::new(),
    };
    splitter.conjuncts(&expr, false);
    let Splitter { server, criteria, rest, clauses, .. } = splitter;
    let whole = Some(source.whole());
    let (server, rest) = match (server.is_empty(), rest.is_empty()) {
        (_, true) => (whole, None),
        (true, false) => (None, whole),
        (false, false) => (Some(server), Some(write_all(&source, &rest))),
    };
    Some(Split { server, criteria, rest, clauses })
}

/// A term of the query, and whether its opposite is meant.
type Conjunct<'a> = (&'a Expr, bool);

struct Splitter<'a> {
    source: &'a Source<'a>,
    schema: &'a Schema<'a>,
    logic: Logic,
    server: String,
    criteria: Vec<Criterion>,
    rest: Vec<Conjunct<'a>>,
    clauses: Vec<ClausePlace>,
}

/// `is_negated` is whether the opposite of the term is meant: `NOT` is moved down to the clauses.
impl<'a> Splitter<'a> {
    /// Looks at each of the terms that all have to hold.
    fn conjuncts(&mut self, expr: &'a Expr, is_negated: bool) {
        match (expr, is_negated) {
            (Expr::And(terms), false) | (Expr::Or(terms), true) => {
                for term in terms {
                    self.conjuncts(term, is_negated);
                }
            }
            (Expr::Not(inner), _) => self.conjuncts(inner, !is_negated),
            _ => self.conjunct(expr, is_negated),
        }
    }

    fn conjunct(&mut self, expr: &'a Expr, is_negated: bool) {
        let (n_clauses, length) = (self.clauses.len(), self.server.len());
        if 0 < length {
            self.server.push_str(" AND ");
        }
        let is_exact = match self.logic {
            Logic::Full => self.over(expr, is_negated, true),
            Logic::Criteria | Logic::OnePerField | Logic::Nothing => self.criteria_of(expr, is_negated),
        };
        if is_exact == Some(true) {
            return;
        }
        if is_exact.is_none() {
            self.server.truncate(length);
        }
        for clause in self.clauses.iter_mut().skip(n_clauses) {
            match (clause.run, clause.why) {
                (Run::Server, Why::Unverified) => (clause.run, clause.why) = (Run::Nowhere, Why::Problem),
                (Run::Server, _) => clause.run = Run::Both,
                _ => {}
            }
        }
        self.rest.push((expr, is_negated));
    }

    /// Writes a condition to the server text that holds wherever the term does, and says whether it holds nowhere
    /// else. `None` when there is no such condition. `is_tight` is whether an `AND` stands beside it.
    fn over(&mut self, expr: &'a Expr, is_negated: bool, is_tight: bool) -> Option<bool> {
        match (expr, is_negated) {
            (Expr::Clause(_) | Expr::Nested { .. }, _) => {
                self.judge(expr, is_negated).ok()?;
                write(&mut self.server, self.source, expr, is_negated, Level::Term);
                Some(true)
            }
            (Expr::Not(inner), _) => self.over(inner, !is_negated, is_tight),
            (Expr::And(terms), false) | (Expr::Or(terms), true) => self.over_all(terms, is_negated),
            (Expr::Or(terms), false) | (Expr::And(terms), true) => self.over_any(terms, is_negated, is_tight),
        }
    }

    /// Terms that all have to hold: those that cannot be written are left out.
    fn over_all(&mut self, terms: &'a [Expr], is_negated: bool) -> Option<bool> {
        let start = self.server.len();
        let mut is_exact = true;
        for term in terms {
            let length = self.server.len();
            if start < length {
                self.server.push_str(" AND ");
            }
            let it = self.over(term, is_negated, true);
            if it.is_none() {
                self.server.truncate(length);
            }
            is_exact &= it == Some(true);
        }
        (start < self.server.len()).then_some(is_exact)
    }

    /// Alternatives: all of them are written, or none.
    fn over_any(&mut self, terms: &'a [Expr], is_negated: bool, is_tight: bool) -> Option<bool> {
        let (start, n_clauses) = (self.server.len(), self.clauses.len());
        let (open, close) = if is_tight { ("(", ")") } else { ("", "") };
        let (mut is_exact, mut is_whole) = (true, true);
        for (term_idx, term) in terms.iter().enumerate() {
            self.server.push_str(if term_idx == 0 { open } else { " OR " });
            let it = self.over(term, is_negated, false);
            is_exact &= it == Some(true);
            is_whole &= it.is_some();
        }
        self.server.push_str(close);
        if is_whole {
            return Some(is_exact);
        }
        self.server.truncate(start);
        self.withdraw(n_clauses);
        None
    }

    /// The clauses from that one on are not sent after all.
    fn withdraw(&mut self, n_clauses: usize) {
        for clause in self.clauses.iter_mut().skip(n_clauses).filter(|clause| clause.run == Run::Server) {
            let is_lost = clause.why == Why::Unverified;
            (clause.run, clause.why) =
                if is_lost { (Run::Nowhere, Why::Problem) } else { (Run::Browser, Why::Alternative) };
        }
    }

    /// Notes where a clause or nested query runs by itself. What the server is asked, or why it is not asked.
    fn judge(&mut self, expr: &'a Expr, is_negated: bool) -> Result<place::Sent<'a>, Why> {
        let (run, why, res) = match place::of(self.schema, self.logic, expr, is_negated) {
            Ok(sent) if sent.is_verified() => (Run::Server, Why::Sent, Ok(sent)),
            Ok(sent) => (Run::Server, Why::Unverified, Ok(sent)),
            Err((run, why)) => (run, why, Err(why)),
        };
        let range = match expr {
            Expr::Clause(clause) => clause.range.clone(),
            Expr::Nested { range, .. } => range.clone(),
            _ => return res,
        };
        self.clauses.push(ClausePlace { range, run, why });
        res
    }
}

/// What a term stands in, which decides about parentheses around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// Nothing, or `OR`.
    Any,
    /// `AND`
    All,
    /// `NOT`
    Term,
}

/// Writes a term with its clauses byte for byte, comments left out. [`MAX_DEPTH`](crate::MAX_DEPTH) holds for what is written too, as it
/// never has a parenthesis or `NOT` that the source does not have.
fn write(text: &mut String, source: &Source<'_>, expr: &Expr, is_negated: bool, level: Level) {
    if is_negated {
        text.push_str("NOT ");
        return write(text, source, expr, false, Level::Term);
    }
    let (terms, joint, own) = match expr {
        Expr::Clause(Clause { range, .. }) | Expr::Nested { range, .. } => {
            return source.push(text, range.clone());
        }
        Expr::Not(inner) => {
            text.push_str("NOT ");
            return write(text, source, inner, false, Level::Term);
        }
        Expr::And(terms) => (terms, " AND ", Level::All),
        Expr::Or(terms) => (terms, " OR ", Level::Any),
    };
    let is_group = own < level;
    text.push_str(if is_group { "(" } else { "" });
    for (term_idx, term) in terms.iter().enumerate() {
        text.push_str(if term_idx == 0 { "" } else { joint });
        write(text, source, term, false, own);
    }
    text.push_str(if is_group { ")" } else { "" });
}

fn write_all(source: &Source<'_>, conjuncts: &[Conjunct<'_>]) -> String {
    let level = if conjuncts.len() < 2 { Level::Any } else { Level::All };
    let mut text = String::new();
    for (idx, (expr, is_negated)) in conjuncts.iter().enumerate() {
        text.push_str(if idx == 0 { "" } else { " AND " });
        write(&mut text, source, expr, *is_negated, level);
    }
    text
}
