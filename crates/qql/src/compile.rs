//! From a query and a schema to a test, or to what is wrong with it.

use crate::date::Window;
use crate::error::{Fix, MAX_ERRORS, replacement};
use crate::expr::{Clause, Expr, Name, Op, Value, ValueKind};
use crate::nearest;
use crate::problem::{Problem, ProblemKind};
use crate::record::Clock;
use crate::schema::{FieldSpec, FieldType, Ops, Place, Schema};
use crate::test::{Check, Test, boolean};
use crate::words;
use alloc::boxed::Box;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::ops::Range;

pub(crate) struct Compiler<'a> {
    pub(crate) schema: &'a Schema<'a>,
    pub(crate) clock: Clock,
    pub(crate) problems: Vec<Problem>,
}

/// The functions that give an `Option` have told a fatal problem when it is `None`.
impl<'a> Compiler<'a> {
    pub(crate) fn new(schema: &'a Schema<'a>, clock: Clock) -> Self {
        Self { schema, clock, problems: Vec::new() }
    }

    /// `outer` is the field of the nested query that `expr` stands in.
    pub(crate) fn expr(&mut self, expr: &Expr, outer: Option<&FieldSpec<'_>>) -> Option<Test> {
        match expr {
            Expr::Clause(clause) => self.clause(clause, outer),
            Expr::And(terms) => self.terms(terms, outer).map(Test::All),
            Expr::Or(terms) => self.terms(terms, outer).map(Test::Any),
            Expr::Not(inner) => self.expr(inner, outer).map(|test| Test::Not(Box::new(test))),
            Expr::Nested { field, inner, .. } => self.nested(field, inner, outer),
        }
    }

    fn terms(&mut self, terms: &[Expr], outer: Option<&FieldSpec<'_>>) -> Option<Vec<Test>> {
        // All of them are compiled, so that all problems are told.
        let tests: Vec<Option<Test>> = terms.iter().map(|term| self.expr(term, outer)).collect();
        tests.into_iter().collect()
    }

    fn nested(&mut self, name: &Name, inner: &Expr, outer: Option<&FieldSpec<'_>>) -> Option<Test> {
        let field = self.field(name, outer)?;
        if field.kind != FieldType::Object {
            return self.tell(name.range.clone(), ProblemKind::Nesting, None);
        }
        self.expr(inner, Some(field)).map(|test| Test::Part(field.id, Box::new(test)))
    }

    fn field(&mut self, name: &Name, outer: Option<&FieldSpec<'_>>) -> Option<&'a FieldSpec<'a>> {
        let Some(field) = self.schema.inner_field(outer, &name.text) else {
            let meant = self.has_room().then(|| nearest::field(self.schema, outer, &name.text)).flatten();
            let fix = meant.and_then(|it| replacement(name.range.clone(), it));
            return self.tell(name.range.clone(), ProblemKind::UnknownField, fix);
        };
        if field.place == Place::Nowhere {
            return self.tell(name.range.clone(), ProblemKind::NoValues, None);
        }
        Some(field)
    }

    pub(crate) fn clause(&mut self, clause: &Clause, outer: Option<&FieldSpec<'_>>) -> Option<Test> {
        let Clause { field: name, op, value, .. } = clause;
        let field = self.field(name, outer)?;
        if field.kind == FieldType::Object {
            return self.tell(name.range.clone(), ProblemKind::Nesting, None);
        }
        if is_blank(value) && is_match(*op) {
            return Some(Test::Missing(field.id));
        }
        if !shape(*op, value, field.kind)
            .is_some_and(|shape| field.ops.has(shape) && field.kind.ops().has(shape))
        {
            let between = name.range.end..value.range.start;
            let as_match = shape(Op::Match, value, field.kind).filter(|shape| field.kind.ops().has(*shape));
            // A comparison with a list or a range can only have meant a match.
            let is_plain = value.text().is_some();
            let fix = as_match.filter(|_| !is_plain).and_then(|_| replacement(between.clone(), ": "));
            return self.tell(between, ProblemKind::WrongOperator(field.kind), fix);
        }
        match &value.kind {
            ValueKind::List(items) => self.list(field, items),
            ValueKind::Range { low, high, inclusive } => {
                let check = self.range(field, low, high, *inclusive, &value.range)?;
                Some(Test::Value(field.id, check))
            }
            _ => self.single(field, *op, value).map(|check| Test::Value(field.id, check)),
        }
    }

    fn list(&mut self, field: &FieldSpec<'_>, items: &[Value]) -> Option<Test> {
        let mut checks = Vec::new();
        let (mut has_blank, mut is_good) = (false, true);
        for item in items {
            if is_blank(item) {
                has_blank = true;
                continue;
            }
            match self.single(field, Op::Match, item) {
                Some(check) => checks.push(check),
                None => is_good = false,
            }
        }
        if !is_good {
            return None;
        }
        let test = (!checks.is_empty()).then_some(Test::Value(field.id, Check::AnyOf(checks)));
        match (test, has_blank) {
            (Some(test), false) => Some(test),
            (Some(test), true) => Some(Test::Any(Vec::from([test, Test::Missing(field.id)]))),
            (None, _) => Some(Test::Missing(field.id)),
        }
    }

    /// The ends are looked at in their order.
    fn range(
        &mut self,
        field: &FieldSpec<'_>,
        low: &Value,
        high: &Value,
        inclusive: bool,
        range: &Range<usize>,
    ) -> Option<Check> {
        let (above, below) = if inclusive { (Op::Ge, Op::Le) } else { (Op::Gt, Op::Lt) };
        let (low, high) = (self.single(field, above, low), self.single(field, below, high));
        let check = match (low?, high?) {
            (Check::Integers(low, _), Check::Integers(_, high)) => Check::Integers(low, high),
            (Check::Time(low), Check::Time(high)) => Check::Time(low.and(high)),
            _ => return self.tell(range.clone(), ProblemKind::WrongOperator(field.kind), None),
        };
        let is_empty = match &check {
            Check::Integers(low, high) => high < low,
            Check::Time(window) => window.is_empty(),
            _ => false,
        };
        if is_empty {
            self.warn(range.clone(), ProblemKind::EmptyRange, None);
        }
        Some(check)
    }

    /// A value of one piece.
    fn single(&mut self, field: &FieldSpec<'_>, op: Op, value: &Value) -> Option<Check> {
        let text = value.text().unwrap_or("");
        let check = match field.kind {
            FieldType::Integer => text.trim().parse().ok().map(|number| integers(op, number)),
            FieldType::Boolean => boolean(text).map(Check::Boolean),
            FieldType::Date => {
                let spoken = if is_match(op) { Window::spoken(text, self.clock) } else { None };
                let window = || Window::read(text, self.clock).map(|window| times(op, window));
                spoken.or_else(window).map(Check::Time)
            }
            FieldType::Text => Some(text_check(&value.kind, text)),
            FieldType::Guid => Some(guid_check(&value.kind, text.trim())),
            FieldType::Id => Some(Check::Exact(String::from(text))),
            FieldType::Keyword => Some(match value.kind {
                ValueKind::Exact(_) => Check::Exact(String::from(text)),
                _ => Check::Whole(words::fold(text.trim())),
            }),
            FieldType::Object => None,
        };
        let Some(check) = check else {
            let fix = nearest::value(field.kind, text)
                .map(|text| Fix { range: value.range.clone(), replacement: text });
            return self.tell(value.range.clone(), ProblemKind::WrongValue(field.kind), fix);
        };
        let is_in_set = field.values.is_empty() || field.values.iter().any(|it| is_one(&check, it));
        if !is_in_set {
            let meant = self.has_room().then(|| nearest::name(field.values, text)).flatten();
            let fix = meant
                .and_then(crate::quote::quote_value)
                .map(|replacement| Fix { range: value.range.clone(), replacement });
            self.warn(value.range.clone(), ProblemKind::UnknownValue, fix);
        }
        Some(check)
    }

    fn tell<T>(&mut self, range: Range<usize>, kind: ProblemKind, fix: Option<Fix>) -> Option<T> {
        self.warn(range, kind, fix);
        None
    }

    fn warn(&mut self, range: Range<usize>, kind: ProblemKind, fix: Option<Fix>) {
        if !self.has_room() && (!kind.is_fatal() || self.problems.last().is_some_and(|it| it.kind.is_fatal()))
        {
            return;
        }
        // A reader has had enough, but has to be told why the query cannot run.
        self.problems.truncate(MAX_ERRORS - 1);
        self.problems.push(Problem { range, kind, fix });
    }

    /// Finding a fix is not worth its time when nobody is told.
    fn has_room(&self) -> bool {
        self.problems.len() < MAX_ERRORS
    }
}

/// What a clause asks of a field of that type. `None` for what nothing can answer, such as `>` with a list.
pub(crate) fn shape(op: Op, value: &Value, kind: FieldType) -> Option<Ops> {
    let is_single = value.text().is_some();
    match op {
        Op::Match | Op::Eq => {}
        Op::Gt => return is_single.then_some(Ops::GT),
        Op::Lt => return is_single.then_some(Ops::LT),
        Op::Ge => return is_single.then_some(Ops::GE),
        Op::Le => return is_single.then_some(Ops::LE),
    }
    let is_number = matches!(kind, FieldType::Integer | FieldType::Boolean | FieldType::Date);
    Some(match &value.kind {
        ValueKind::Exact(_) if !is_number => Ops::EXACT,
        ValueKind::Words(_) | ValueKind::Quoted(_) | ValueKind::Exact(_) => Ops::MATCH,
        ValueKind::List(_) => Ops::LIST,
        ValueKind::Range { .. } => Ops::RANGE,
    })
}

/// `:` or `=`
pub(crate) fn is_match(op: Op) -> bool {
    matches!(op, Op::Match | Op::Eq)
}

/// Quotes with nothing in them ask for records without a value.
pub(crate) fn is_blank(value: &Value) -> bool {
    value.text().is_some_and(|text| text.trim().is_empty())
}

fn is_one(check: &Check, value: &str) -> bool {
    match check {
        Check::Exact(whole) => value == whole,
        Check::Whole(whole) => words::equals(value, whole),
        // Other types have no closed sets that could tell more than the type.
        _ => true,
    }
}

fn text_check(kind: &ValueKind, text: &str) -> Check {
    if let ValueKind::Exact(_) = kind {
        return Check::Exact(String::from(text));
    }
    let words = words::of_query(text);
    match (kind, words.is_empty()) {
        (_, true) => Check::Holds(text.trim().to_string()),
        (ValueKind::Quoted(_), false) => Check::Phrase(words),
        (_, false) => Check::Words(words),
    }
}

fn guid_check(kind: &ValueKind, text: &str) -> Check {
    let folded = words::fold(text);
    let is_whole = matches!(kind, ValueKind::Exact(_)) || words::is_guid(text);
    if is_whole { Check::Whole(folded) } else { Check::Start(folded) }
}

fn integers(op: Op, number: i64) -> Check {
    let (low, high) = match op {
        Op::Match | Op::Eq => (number, number),
        Op::Ge => (number, i64::MAX),
        Op::Le => (i64::MIN, number),
        // Nothing is above the largest number or below the smallest.
        Op::Gt => number.checked_add(1).map_or((i64::MAX, i64::MIN), |low| (low, i64::MAX)),
        Op::Lt => number.checked_sub(1).map_or((i64::MAX, i64::MIN), |high| (i64::MIN, high)),
    };
    Check::Integers(low, high)
}

fn times(op: Op, window: Window) -> Window {
    match op {
        Op::Match | Op::Eq => window,
        Op::Gt => window.after(),
        Op::Lt => window.before(),
        Op::Ge => window.since(),
        Op::Le => window.until(),
    }
}
