//! What can be wrong with a query that has no syntax errors.

use crate::error::Fix;
use crate::schema::FieldType;
use core::ops::Range;

/// One thing in a query that does not fit the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The bytes to mark. Never empty.
    pub range: Range<usize>,
    /// What is wrong.
    pub kind: ProblemKind,
    /// One change that removes it, where one can be proposed.
    pub fix: Option<Fix>,
}

/// The kinds of problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// No field has this name. The fix is the nearest name.
    UnknownField,
    /// The same, where the schema sends unknown names to the server, which may know them.
    UnverifiedField,
    /// Nobody has the values of this field.
    NoValues,
    /// A field of this type does not take this operator or form of value. Marks what is between field and value, or
    /// the value.
    WrongOperator(FieldType),
    /// The value is not one that a field of this type can have.
    WrongValue(FieldType),
    /// The value is not one of those that the field can have: it holds for no record.
    UnknownValue,
    /// The lower end of a range is above its upper end: it holds for no record.
    EmptyRange,
    /// A nested query over a field without parts, or a plain clause about a field with parts.
    Nesting,
}

impl ProblemKind {
    /// Whether the query cannot run at all because of it.
    pub fn is_fatal(self) -> bool {
        !matches!(self, Self::UnverifiedField | Self::UnknownValue | Self::EmptyRange)
    }

    /// One plain English sentence for developers and logs. It never quotes the query, which may hold a secret.
    pub fn message(self) -> &'static str {
        match self {
            Self::UnknownField => "There is no field of this name.",
            Self::UnverifiedField => "No document names this field; the server may refuse it.",
            Self::NoValues => "The values of this field are not known.",
            Self::WrongOperator(_) => "This field cannot be asked like this.",
            Self::WrongValue(FieldType::Integer) => "This is not a whole number.",
            Self::WrongValue(FieldType::Boolean) => "This is not `true` or `false`.",
            Self::WrongValue(FieldType::Date) => "This is not a date.",
            Self::WrongValue(_) => "This field does not take this value.",
            Self::UnknownValue => "The field never has this value.",
            Self::EmptyRange => "The lower end is above the upper end.",
            Self::Nesting => "Parentheses belong behind fields with parts, and only there.",
        }
    }

    /// A stable name in kebab case, for logs, tests and message catalogues.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownField => "unknown-field",
            Self::UnverifiedField => "unverified-field",
            Self::NoValues => "no-values",
            Self::WrongOperator(_) => "wrong-operator",
            Self::WrongValue(_) => "wrong-value",
            Self::UnknownValue => "unknown-value",
            Self::EmptyRange => "empty-range",
            Self::Nesting => "nesting",
        }
    }
}
