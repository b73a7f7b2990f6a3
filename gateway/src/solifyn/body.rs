//! Request bodies, checked field by field: all problems are told at once, in the words of the usual NestJS checks.

use axum::body::Bytes;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::shapes::Instant;
use super::switches::{PatchNull, UnknownFields};
use crate::reply::Failure;

/// A field as the body has it. A value of a wrong type counts as absent, and is among the problems.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Field<T> {
    Absent,
    Null,
    Is(T),
}

impl<T> Field<T> {
    /// The value. The usual optional check takes null for absent, so a create does, too.
    pub(super) fn value(self) -> Option<T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }
}

/// What a PATCH does to a field that may be null.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Change<T> {
    Keep,
    To(Option<T>),
}

impl<T> Change<T> {
    pub(super) fn apply(self, place: &mut Option<T>) {
        if let Self::To(value) = self {
            *place = value;
        }
    }
}

/// A JSON object that is being read.
#[derive(Debug)]
pub(super) struct Fields {
    all: Map<String, Value>,
    known: Vec<&'static str>,
    problems: Vec<String>,
}

impl Fields {
    /// Reads an object; no body at all is an empty one.
    ///
    /// # Errors
    /// 400 for anything else.
    pub(super) fn read(body: &Bytes) -> Result<Self, Failure> {
        let all = if body.is_empty() {
            Map::new()
        } else {
            match serde_json::from_slice(body) {
                Ok(Value::Object(all)) => all,
                Ok(_) => return Err(Failure::bad_request("The request body is not a JSON object.")),
                Err(error) => {
                    let place = format!("line {} column {}", error.line(), error.column());
                    return Err(Failure::bad_request(format!("Unexpected token in JSON at {place}")));
                }
            }
        };
        Ok(Self { all, known: Vec::new(), problems: Vec::new() })
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// 400 with every problem found, and with unknown fields when the switch refuses them.
    pub(super) fn done(mut self, unknown: UnknownFields) -> Result<(), Failure> {
        if unknown == UnknownFields::Refuse {
            let unknown = self.all.keys().filter(|name| !self.known.contains(&name.as_str()));
            self.problems.extend(unknown.map(|name| format!("property {name} should not exist")));
        }
        if self.problems.is_empty() { Ok(()) } else { Err(Failure::checks(self.problems)) }
    }

    /// Adds a problem.
    pub(super) fn problem(&mut self, text: impl Into<String>) {
        self.problems.push(text.into());
    }

    /// A text of at most so many characters.
    pub(super) fn text(&mut self, name: &'static str, longest: usize) -> Field<String> {
        match self.take(name) {
            Field::Is(Value::String(text)) if text.chars().count() <= longest => Field::Is(text),
            Field::Is(Value::String(_)) => {
                self.wrong(format!("{name} must be shorter than or equal to {longest} characters"))
            }
            other => self.other(other, &format!("{name} must be a string")),
        }
    }

    /// A text that must be there and not be blank.
    pub(super) fn required_text(&mut self, name: &'static str, longest: usize) -> String {
        let n_problems = self.problems.len();
        let text = self.text(name, longest).value().unwrap_or_default();
        if text.trim().is_empty() && self.problems.len() == n_problems {
            self.problem(format!("{name} should not be empty"));
        }
        text
    }

    /// A whole number from `least` up to what a 32-bit number holds.
    pub(super) fn whole(&mut self, name: &'static str, least: i64) -> Field<i64> {
        match self.take(name) {
            Field::Is(value) => match whole(&value) {
                Some(number) if number < least => self.wrong(format!("{name} must not be less than {least}")),
                Some(number) if number > i64::from(i32::MAX) => {
                    self.wrong(format!("{name} must not be greater than {}", i32::MAX))
                }
                Some(number) => Field::Is(number),
                None => self.wrong(format!("{name} must be an integer number")),
            },
            other => self.other(other, ""),
        }
    }

    /// A yes or no.
    pub(super) fn flag(&mut self, name: &'static str) -> Field<bool> {
        match self.take(name) {
            Field::Is(Value::Bool(flag)) => Field::Is(flag),
            other => self.other(other, &format!("{name} must be a boolean value")),
        }
    }

    /// An object.
    pub(super) fn object(&mut self, name: &'static str) -> Field<Map<String, Value>> {
        match self.take(name) {
            Field::Is(Value::Object(fields)) => Field::Is(fields),
            other => self.other(other, &format!("{name} must be an object")),
        }
    }

    /// A moment with its offset from UTC.
    pub(super) fn instant(&mut self, name: &'static str) -> Field<Instant> {
        match self.take(name) {
            Field::Is(value) => match value.as_str().and_then(|text| text.parse::<Timestamp>().ok()) {
                Some(moment) => Field::Is(Instant(moment)),
                None => self.wrong(format!("{name} must be a valid ISO 8601 date string")),
            },
            other => self.other(other, ""),
        }
    }

    /// Any value, for a caller with a check of its own.
    pub(super) fn take(&mut self, name: &'static str) -> Field<Value> {
        self.known.push(name);
        match self.all.get(name) {
            None => Field::Absent,
            Some(Value::Null) => Field::Null,
            Some(value) => Field::Is(value.clone()),
        }
    }

    /// What a field of a PATCH changes; a null does what the switch says.
    pub(super) fn change<T>(&mut self, name: &'static str, field: Field<T>, null: PatchNull) -> Change<T> {
        match (field, null) {
            (Field::Is(value), _) => Change::To(Some(value)),
            (Field::Null, PatchNull::Clear) => Change::To(None),
            (Field::Null, PatchNull::Refuse) => {
                self.problem(format!("{name} should not be null"));
                Change::Keep
            }
            (Field::Null, PatchNull::Ignore) | (Field::Absent, _) => Change::Keep,
        }
    }

    fn wrong<T>(&mut self, problem: String) -> Field<T> {
        self.problems.push(problem);
        Field::Absent
    }

    fn other<T>(&mut self, field: Field<Value>, problem: &str) -> Field<T> {
        match field {
            Field::Absent => Field::Absent,
            Field::Null => Field::Null,
            Field::Is(_) => self.wrong(problem.to_owned()),
        }
    }
}

/// A whole number; `3.0` is one in JavaScript.
fn whole(value: &Value) -> Option<i64> {
    if let Some(number) = value.as_i64() {
        return Some(number);
    }
    let number = value.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 9e15)?;
    format!("{number:.0}").parse().ok()
}
