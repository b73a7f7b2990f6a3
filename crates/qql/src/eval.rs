//! Checking a query against a schema, and records against a query.
//!
//! What a clause means (reference: best practices and how to search, Cloud Agent 1.1.0 help):
//!
//! - **Text.** Unquoted words: each is the beginning of a word of the text. In quotes: the same, side by side and in
//!   this order. In backticks: the whole text, letter case included. White space and `, - ; ? @ $ % & / \` and
//!   brackets stand between words; a GUID and a dotted value are one word.
//! - **GUID.** The beginning of the value in either case. In backticks, and where the query gives a complete GUID, the
//!   whole value.
//! - **Keyword**: the whole value in either case, in backticks with letter case. **Id**: the whole value.
//! - **Date.** A day means all of its moments, in the zone of the [`Clock`]: `>` is after it, `>=` from its beginning,
//!   `<=` up to its end. `now-30d` counts from the clock. A record's day without a time is compared as a day.
//!   With `:` and `=` words do too: `in 30 days` and `next 30 days` are from now up to the end of that day, `last 30
//!   days` from its beginning up to now; `today`, `yesterday`, `tomorrow` and `30 days ago` are that day. Days, weeks,
//!   months of 30 days and years of 365 days. This is an extension: such a clause is never sent to a server.
//! - **List**: one of the values. **Range**: between the ends, which belong to it in square brackets.
//! - A field with several values fulfils a clause when one of them does.
//! - A field without a value fulfils no clause, so that it fulfils the opposite of every clause. The documents do not
//!   say anything about it. Empty quotes ask for it: `expires: ""` holds where there is no date.

use crate::compile::Compiler;
use crate::expr::Expr;
use crate::problem::{Problem, ProblemKind};
use crate::record::{Clock, Record, Records};
use crate::schema::{Place, Schema};
use crate::test::Test;
use alloc::vec::Vec;

/// What does not fit the schema, in the order of the text. At most [`MAX_ERRORS`](crate::MAX_ERRORS).
pub fn check(expr: &Expr, schema: &Schema<'_>, clock: Clock) -> Vec<Problem> {
    let mut compiler = Compiler::new(schema, clock);
    compiler.expr(expr, None);
    let mut problems = compiler.problems;
    if schema.unknown == Place::Server {
        for problem in problems.iter_mut().filter(|problem| problem.kind == ProblemKind::UnknownField) {
            problem.kind = ProblemKind::UnverifiedField;
        }
    }
    problems
}

/// A query made ready to be asked of many records.
#[derive(Debug, Clone)]
pub struct Filter {
    test: Test,
}

impl Filter {
    /// Makes a query ready. The clock is read now and not again.
    ///
    /// # Errors
    /// The problems because of which the query cannot run: at least one. Those that leave it without a record to
    /// find are not among them.
    pub fn new(expr: &Expr, schema: &Schema<'_>, clock: Clock) -> Result<Self, Vec<Problem>> {
        let mut compiler = Compiler::new(schema, clock);
        match compiler.expr(expr, None) {
            Some(test) => Ok(Self { test }),
            None => Err(compiler.problems.into_iter().filter(|problem| problem.kind.is_fatal()).collect()),
        }
    }

    /// Whether the record fulfils the query.
    pub fn matches(&self, record: &dyn Record) -> bool {
        self.test.holds(record)
    }
    /// Which of very many records fulfil the query, by their places: what [`Filter::matches`] says of each.
    pub fn select(&self, records: &dyn Records) -> Vec<bool> {
        self.test.select(records)
    }
}
