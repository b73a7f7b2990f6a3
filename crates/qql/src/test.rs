//! What a filter does with the values of a record.

use crate::date::{Window, parse_date};
use crate::record::{Record, Records, ValueRef, Values};
use crate::words;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// What is asked of a record.
#[derive(Debug, Clone)]
pub(crate) enum Test {
    /// All of them hold.
    All(Vec<Self>),
    /// One of them holds.
    Any(Vec<Self>),
    /// It does not hold.
    Not(Box<Self>),
    /// The field has no value, or only blank texts.
    Missing(u16),
    /// One value of the field fulfils the condition.
    Value(u16, Check),
    /// One part of the field fulfils the test.
    Part(u16, Box<Self>),
}

/// What is asked of a value. Texts are folded unless it says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Check {
    /// Each word begins a word of the text.
    Words(Vec<String>),
    /// The same, side by side.
    Phrase(Vec<String>),
    /// The text holds this, as written. For values that have no words.
    Holds(String),
    /// The text is this, as written.
    Exact(String),
    /// The text is this in any case.
    Whole(String),
    /// The text begins with this in any case.
    Start(String),
    /// From the first to the second number; both belong to it.
    Integers(i64, i64),
    /// This truth value.
    Boolean(bool),
    /// In this window.
    Time(Window),
    /// One of them holds. Never empty.
    AnyOf(Vec<Self>),
}

impl Test {
    pub(crate) fn holds(&self, record: &dyn Record) -> bool {
        match self {
            Self::All(tests) => tests.iter().all(|test| test.holds(record)),
            Self::Any(tests) => tests.iter().any(|test| test.holds(record)),
            Self::Not(test) => !test.holds(record),
            Self::Missing(field) => is_missing(&|visit| record.values(*field, visit)),
            Self::Value(field, check) => check.holds_one(&|visit| record.values(*field, visit)),
            Self::Part(field, test) => {
                let mut is_found = false;
                record.parts(*field, &mut |part| is_found = is_found || test.holds(part));
                is_found
            }
        }
    }
}

impl Test {
    /// For each of many records whether it holds.
    pub(crate) fn select(&self, records: &dyn Records) -> Vec<bool> {
        let none = || vec![false; records.count()];
        match self {
            Self::All(tests) => joined(tests, records, true),
            Self::Any(tests) => joined(tests, records, false),
            Self::Not(test) => {
                let mut found = test.select(records);
                found.iter_mut().for_each(|it| *it = !*it);
                found
            }
            Self::Missing(field) => {
                let mut found = none();
                records.find(*field, &is_missing, &mut found);
                found
            }
            Self::Value(field, check) => {
                let mut found = none();
                records.find(*field, &|values| check.holds_one(values), &mut found);
                found
            }
            Self::Part(..) => none(),
        }
    }
}

/// For each record whether all tests hold, or whether one of them does.
fn joined(tests: &[Test], records: &dyn Records, all: bool) -> Vec<bool> {
    let mut res = vec![all; records.count()];
    for test in tests {
        let found = test.select(records);
        // Without a branch, so that many are joined at once.
        res.iter_mut().zip(found).for_each(|(res, it)| *res = if all { *res & it } else { *res | it });
    }
    res
}

fn is_missing(values: Values<'_>) -> bool {
    let mut res = true;
    values(&mut |value| res &= matches!(value, ValueRef::Text(text) if text.trim().is_empty()));
    res
}

impl Check {
    /// Whether one of the values fulfils it.
    fn holds_one(&self, values: Values<'_>) -> bool {
        let mut res = false;
        values(&mut |value| res = res || self.holds(value));
        res
    }

    fn holds(&self, value: ValueRef<'_>) -> bool {
        match (self, value) {
            (Self::AnyOf(checks), _) => checks.iter().any(|check| check.holds(value)),
            (Self::Words(words), ValueRef::Text(text)) => words::has_all(text, words),
            (Self::Phrase(words), ValueRef::Text(text)) => words::has_phrase(text, words),
            (Self::Holds(part), ValueRef::Text(text)) => text.contains(part.as_str()),
            (Self::Exact(whole), ValueRef::Text(text)) => text == whole,
            (Self::Whole(whole), ValueRef::Text(text)) => words::equals(text, whole),
            (Self::Start(start), ValueRef::Text(text)) => words::starts_with(text, start),
            (Self::Integers(low, high), ValueRef::Integer(number)) => *low <= number && number <= *high,
            (Self::Boolean(wanted), ValueRef::Boolean(it)) => *wanted == it,
            (Self::Time(window), ValueRef::Moment(ms)) => window.has_moment(ms),
            (Self::Time(window), ValueRef::Day(day)) => window.has_day(day),
            (_, ValueRef::Text(text)) => self.read(text).is_some_and(|value| self.holds(value)),
            _ => false,
        }
    }

    /// The text as a value of the type that the check is about.
    fn read(&self, text: &str) -> Option<ValueRef<'static>> {
        match self {
            Self::Integers(..) => text.trim().parse().ok().map(ValueRef::Integer),
            Self::Boolean(_) => boolean(text).map(ValueRef::Boolean),
            Self::Time(_) => parse_date(text),
            _ => None,
        }
    }
}

/// Reads `true` or `false` in either case.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    let text = text.trim();
    match text.eq_ignore_ascii_case("true") {
        true => Some(true),
        false => text.eq_ignore_ascii_case("false").then_some(false),
    }
}
