//! Where a single clause can run.

use super::{Logic, Run, Why};
use crate::compile::{Compiler, is_blank, shape};
use crate::date::Spoken;
use crate::expr::{Clause, Expr, Op, ValueKind};
use crate::problem::{Problem, ProblemKind};
use crate::record::Clock;
use crate::schema::{FieldSpec, FieldType, Ops, Place, Schema};
use crate::test::Test;

/// A clause that the server answers, in the query language or as criteria.
pub(super) enum Sent<'a> {
    /// The schema knows it.
    Known(&'a FieldSpec<'a>, Test),
    /// The schema does not, and says that it shall be sent.
    Unverified,
}

impl Sent<'_> {
    pub(super) fn is_verified(&self) -> bool {
        matches!(self, Self::Known(..))
    }
}

/// Whether a dated clause fits its field does not depend on the time.
const ANY_TIME: Clock = Clock { now_ms: 0, offset_minutes: 0 };

/// What the server can be asked about a clause or a nested query, or who answers else and why.
pub(super) fn of<'a>(
    schema: &Schema<'a>,
    logic: Logic,
    expr: &Expr,
    is_negated: bool,
) -> Result<Sent<'a>, (Run, Why)> {
    let mut compiler = Compiler::new(schema, ANY_TIME);
    let test = compiler.expr(expr, None);
    let is_unknown =
        matches!(compiler.problems.as_slice(), [Problem { kind: ProblemKind::UnknownField, .. }]);
    if is_unknown
        && schema.unknown == Place::Server
        && logic == Logic::Full
        && matches!(expr, Expr::Clause(_))
    {
        return Ok(Sent::Unverified);
    }
    let Some(test) = test else {
        let has_values = compiler.problems.iter().all(|problem| problem.kind != ProblemKind::NoValues);
        return Err((Run::Nowhere, if has_values { Why::Problem } else { Why::NoValues }));
    };
    let browser = |why| (Run::Browser, why);
    if !compiler.problems.is_empty() {
        return Err(browser(Why::Problem));
    }
    let field = answered(schema, logic, expr, is_negated, None).map_err(browser)?;
    Ok(Sent::Known(field, test))
}

/// The field of a clause or nested query that the server answers.
fn answered<'a>(
    schema: &Schema<'a>,
    logic: Logic,
    expr: &Expr,
    is_negated: bool,
    outer: Option<&FieldSpec<'_>>,
) -> Result<&'a FieldSpec<'a>, Why> {
    let name = match expr {
        Expr::Clause(clause) => &clause.field,
        Expr::Nested { field, .. } => field,
        // Only clauses and nested queries come here.
        _ => return Err(Why::Field),
    };
    let field = schema.inner_field(outer, &name.text).ok_or(Why::Field)?;
    if field.place != Place::Server || logic == Logic::Nothing {
        return Err(Why::Field);
    }
    match expr {
        Expr::Clause(clause) if logic == Logic::Full && !is_answered(field, clause) => {
            return Err(Why::Operator);
        }
        Expr::Nested { inner, .. } => {
            if logic != Logic::Full || !field.server_ops.has(Ops::MATCH) {
                return Err(Why::Operator);
            }
            inside(schema, inner, is_negated, field)?;
        }
        _ => {}
    }
    // Criteria have other ways to say the opposite.
    if is_negated && logic == Logic::Full && !field.server_ops.has(Ops::NOT) {
        return Err(Why::Negated);
    }
    Ok(field)
}

/// All of a nested query over `outer` has to be answered.
fn inside(schema: &Schema<'_>, expr: &Expr, is_negated: bool, outer: &FieldSpec<'_>) -> Result<(), Why> {
    match expr {
        Expr::And(terms) | Expr::Or(terms) => {
            terms.iter().try_for_each(|term| inside(schema, term, is_negated, outer))
        }
        Expr::Not(inner) => inside(schema, inner, true, outer),
        _ => answered(schema, Logic::Full, expr, is_negated, Some(outer)).map(|_| ()),
    }
}

/// Whether a server that reads the query language answers the clause as this crate would.
fn is_answered(field: &FieldSpec<'_>, clause: &Clause) -> bool {
    let is_sent = |op, value| {
        let is_known = shape(op, value, field.kind).is_some_and(|shape| field.server_ops.has(shape));
        // What only this crate knows: empty quotes and dates counted from now.
        let is_own = is_blank(value) || (field.kind == FieldType::Date && is_relative(value.text()));
        is_known && !is_own
    };
    if !is_sent(clause.op, &clause.value) {
        return false;
    }
    match &clause.value.kind {
        ValueKind::List(items) => items.iter().all(|item| is_sent(Op::Match, item)),
        ValueKind::Range { low, high, .. } => !is_relative(low.text()) && !is_relative(high.text()),
        _ => true,
    }
}

/// Counted from now, in either way.
fn is_relative(text: Option<&str>) -> bool {
    let begins_with_now = |text: &str| text.get(..3).is_some_and(|head| head.eq_ignore_ascii_case("now"));
    text.is_some_and(|text| begins_with_now(text.trim()) || Spoken::read(text).is_some())
}
