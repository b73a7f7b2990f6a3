//! Conditions for servers that take a list of criteria.

use super::place::Sent;
use super::{Conjunct, Criterion, CriterionOp, Level, Logic, Splitter, Why, write};
use crate::expr::Expr;
use crate::quote::{quote_exact, quote_value};
use crate::schema::{FieldSpec, FieldType, Ops};
use crate::test::{Check, Test};
use crate::words;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

impl<'a> Splitter<'a> {
    /// Adds criteria that hold wherever the term does, and says whether they hold nowhere else. `None` when there
    /// are none.
    pub(super) fn criteria_of(&mut self, expr: &'a Expr, is_negated: bool) -> Option<bool> {
        let n_clauses = self.clauses.len();
        let (criteria, is_exact) = match expr {
            Expr::And(_) | Expr::Or(_) | Expr::Not(_) => {
                let mut choice = Choice::new(None);
                self.alternatives((expr, is_negated), &mut choice);
                let is_exact = choice.is_exact;
                match choice.criterion().filter(|it| !self.is_taken(it.field)) {
                    Some(criterion) => (Vec::from([criterion]), is_exact),
                    None => {
                        self.withdraw(n_clauses);
                        return None;
                    }
                }
            }
            Expr::Clause(_) | Expr::Nested { .. } => match self.clause_criteria(expr, is_negated) {
                Ok(it) => it,
                Err(why) => {
                    self.keep(why);
                    return None;
                }
            },
        };
        match (expr, criteria.as_slice()) {
            (Expr::And(_) | Expr::Or(_), [choice]) if !is_exact => self.write_choice(choice),
            _ => write(&mut self.server, self.source, expr, is_negated, Level::All),
        }
        self.criteria.extend(criteria);
        Some(is_exact)
    }

    /// Writes `field: [a, b]`.
    fn write_choice(&mut self, choice: &Criterion) {
        let Some(field) = self.schema.by_id(choice.field) else { return };
        self.server.push_str(field.name);
        for (value_idx, value) in choice.values.iter().enumerate() {
            self.server.push_str(if value_idx == 0 { ": [" } else { ", " });
            let exact = match field.kind {
                FieldType::Id | FieldType::Guid | FieldType::Text => quote_exact(value),
                _ => None,
            };
            self.server.push_str(&exact.or_else(|| quote_value(value)).unwrap_or_default());
        }
        self.server.push(']');
    }

    fn clause_criteria(&mut self, expr: &'a Expr, is_negated: bool) -> Result<(Vec<Criterion>, bool), Why> {
        let Sent::Known(field, Test::Value(_, check)) = self.judge(expr, is_negated)? else {
            return Err(Why::Operator);
        };
        let (criteria, is_exact) = criteria(field, &check, is_negated)?;
        if self.logic == Logic::OnePerField {
            if self.is_taken(field.id) {
                return Err(Why::Taken);
            }
            if 1 < criteria.len() {
                return Err(Why::Operator);
            }
        }
        Ok((criteria, is_exact))
    }

    /// The server takes no further criterion about the field.
    fn is_taken(&self, field: u16) -> bool {
        self.logic == Logic::OnePerField && self.criteria.iter().any(|it| it.field == field)
    }

    /// The clause that was noted last is not sent after all.
    fn keep(&mut self, why: Why) {
        if let Some(clause) = self.clauses.last_mut().filter(|clause| clause.run == super::Run::Server) {
            (clause.run, clause.why) = (super::Run::Browser, why);
        }
    }

    /// Looks at alternatives: values of one field are one criterion. Of conditions that have to hold together, the
    /// first one with values of the field narrows the answer down.
    fn alternatives(&mut self, (expr, is_negated): Conjunct<'a>, choice: &mut Choice<'a>) {
        match (expr, is_negated) {
            (Expr::Not(inner), _) => self.alternatives((inner, !is_negated), choice),
            (Expr::Or(terms), false) | (Expr::And(terms), true) => {
                for term in terms {
                    self.alternatives((term, is_negated), choice);
                }
            }
            (Expr::And(terms), false) | (Expr::Or(terms), true) => {
                let mut first = None;
                for term in terms {
                    let n_clauses = self.clauses.len();
                    let mut part = Choice::new(choice.field);
                    self.alternatives((term, is_negated), &mut part);
                    if first.is_none() && part.is_open {
                        first = Some(part);
                    } else {
                        self.withdraw(n_clauses);
                    }
                }
                choice.is_exact = false;
                match first {
                    Some(part) => choice.join(part),
                    None => choice.is_open = false,
                }
            }
            (Expr::Clause(_) | Expr::Nested { .. }, _) => match self.judge(expr, is_negated) {
                Ok(Sent::Known(field, Test::Value(_, check))) => choice.add(field, &check, is_negated),
                _ => choice.is_open = false,
            },
        }
    }
}

/// Alternatives on their way to one criterion.
struct Choice<'a> {
    field: Option<&'a FieldSpec<'a>>,
    values: Vec<String>,
    /// Every alternative so far has values of `field`.
    is_open: bool,
    /// Nothing but values of `field`.
    is_exact: bool,
}

impl<'a> Choice<'a> {
    fn new(field: Option<&'a FieldSpec<'a>>) -> Self {
        Self { field, values: Vec::new(), is_open: true, is_exact: true }
    }

    fn join(&mut self, part: Self) {
        self.field = part.field;
        self.values.extend(part.values);
        self.is_exact &= part.is_exact;
    }

    fn add(&mut self, field: &'a FieldSpec<'a>, check: &Check, is_negated: bool) {
        let first = *self.field.get_or_insert(field);
        let check = if is_negated { opposite(field, check) } else { Some(check.clone()) };
        let values = check.and_then(|check| all_values(field, &check));
        match values.filter(|_| first.id == field.id && field.server_ops.has(Ops::LIST)) {
            Some(values) => self.values.extend(values),
            None => self.is_open = false,
        }
    }

    fn criterion(self) -> Option<Criterion> {
        let field = self.field.filter(|_| self.is_open)?;
        Some(Criterion { field: field.id, op: CriterionOp::In, values: self.values, negated: false })
    }
}

/// The criteria that a condition becomes, and whether they say all of it.
fn criteria(field: &FieldSpec<'_>, check: &Check, is_negated: bool) -> Result<(Vec<Criterion>, bool), Why> {
    if is_negated {
        if let Some(check) = opposite(field, check) {
            return criteria(field, &check, false);
        }
        let values = all_values(field, check).ok_or(Why::Negated)?;
        if !field.server_ops.has(Ops::NOT) {
            return Err(Why::Negated);
        }
        let unequal = |value| Criterion { negated: true, ..criterion(field, CriterionOp::Equals, value) };
        return Ok((values.into_iter().map(unequal).collect(), true));
    }
    if let Some(values) = all_values(field, check) {
        let is_list = matches!(check, Check::AnyOf(_)) && 1 < values.len();
        if is_list && !field.server_ops.has(Ops::LIST) {
            return Err(Why::Operator);
        }
        let op = if is_list { CriterionOp::In } else { CriterionOp::Equals };
        return Ok((Vec::from([Criterion { field: field.id, op, values, negated: false }]), true));
    }
    match check {
        Check::Integers(low, high) if low <= high => {
            let bounds = bounds(field, *low, *high)?;
            // Of several values, one could be above the lower end and another one below the upper end.
            let is_exact = bounds.len() < 2 || field.is_single;
            Ok((bounds, is_exact))
        }
        Check::Start(start) if field.server_ops.has(Ops::MATCH) => {
            Ok((Vec::from([criterion(field, CriterionOp::StartsWith, start.clone())]), true))
        }
        Check::Words(words) | Check::Phrase(words) if field.server_ops.has(Ops::CONTAINS) => {
            // Servers may not agree about the case of other letters.
            let ascii = words.iter().filter(|word| word.is_ascii()).cloned();
            let parts: Vec<Criterion> =
                ascii.map(|word| criterion(field, CriterionOp::Contains, word)).collect();
            if parts.is_empty() { Err(Why::Operator) } else { Ok((parts, false)) }
        }
        _ => Err(Why::Operator),
    }
}

fn criterion(field: &FieldSpec<'_>, op: CriterionOp, value: String) -> Criterion {
    Criterion { field: field.id, op, values: Vec::from([value]), negated: false }
}

fn bounds(field: &FieldSpec<'_>, low: i64, high: i64) -> Result<Vec<Criterion>, Why> {
    let ops = field.server_ops;
    let bound =
        |inclusive: (Ops, CriterionOp), number: i64, exclusive: (Ops, CriterionOp), beside: Option<i64>| {
            let (op, number) = match beside.filter(|_| ops.has(exclusive.0)) {
                Some(beside) => (exclusive.1, beside),
                None if ops.has(inclusive.0) => (inclusive.1, number),
                None => return Err(Why::Operator),
            };
            Ok(criterion(field, op, number.to_string()))
        };
    let mut res = Vec::new();
    if i64::MIN < low {
        let (above, from) = ((Ops::GT, CriterionOp::Greater), (Ops::GE, CriterionOp::GreaterOrEqual));
        res.push(bound(from, low, above, low.checked_sub(1))?);
    }
    if high < i64::MAX {
        let (below, to) = ((Ops::LT, CriterionOp::Less), (Ops::LE, CriterionOp::LessOrEqual));
        res.push(bound(to, high, below, high.checked_add(1))?);
    }
    // Both ends open: every number.
    if res.is_empty() { Err(Why::Operator) } else { Ok(res) }
}

/// The opposite as a condition of its own, which a field with exactly one value has.
fn opposite(field: &FieldSpec<'_>, check: &Check) -> Option<Check> {
    if !field.is_single {
        return None;
    }
    match check {
        Check::Boolean(it) => Some(Check::Boolean(!it)),
        Check::Integers(i64::MIN, high) => high.checked_add(1).map(|low| Check::Integers(low, i64::MAX)),
        Check::Integers(low, i64::MAX) => low.checked_sub(1).map(|high| Check::Integers(i64::MIN, high)),
        _ => None,
    }
}

/// The values, where the condition asks for nothing but equality with one of them.
fn all_values(field: &FieldSpec<'_>, check: &Check) -> Option<Vec<String>> {
    match check {
        Check::AnyOf(checks) => checks.iter().map(|check| value(field, check)).collect(),
        _ => value(field, check).map(|value| Vec::from([value])),
    }
}

/// The value that the condition asks for, where the server can be asked for equality with it.
fn value(field: &FieldSpec<'_>, check: &Check) -> Option<String> {
    let has = |ops| field.server_ops.has(ops);
    match check {
        Check::Integers(low, high) if low == high && has(Ops::MATCH) => Some(low.to_string()),
        Check::Boolean(it) if has(Ops::MATCH) => Some(it.to_string()),
        Check::Whole(whole) => match field.kind {
            FieldType::Guid => has(Ops::EXACT).then(|| whole.clone()),
            _ if !has(Ops::MATCH) => None,
            _ => Some(own_spelling(field, whole).unwrap_or(whole).to_string()),
        },
        Check::Exact(whole) => {
            let is_same = field.kind == FieldType::Id || own_spelling(field, &words::fold(whole)).is_some();
            (has(Ops::EXACT) || (is_same && has(Ops::MATCH))).then(|| whole.clone())
        }
        _ => None,
    }
}

/// The value of the closed set that is the same in another case.
fn own_spelling<'a>(field: &FieldSpec<'a>, folded: &str) -> Option<&'a str> {
    field.values.iter().copied().find(|it| words::equals(it, folded))
}
