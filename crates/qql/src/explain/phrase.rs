//! The words of an explanation.

use crate::date::Span;
use crate::expr::Join;
use crate::schema::FieldSpec;
use alloc::string::String;

/// The words of an explanation, in the reader's language. A program takes them from its message catalogue.
pub trait Phrases {
    /// The name of a field for people.
    fn field(&self, field: &FieldSpec<'_>) -> String;

    /// One value of a field, in quotes where the language has some. Never a value of a
    /// [`FieldType::Guid`](crate::FieldType::Guid).
    fn value(&self, field: &FieldSpec<'_>, value: &str) -> String;

    /// A part of a sentence. What it is made of has been said already.
    fn say(&self, phrase: Phrase<'_>) -> String;
}

/// A part of a sentence. The examples are in English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phrase<'a> {
    /// "All keys."
    Everything,
    /// "Keys where {conditions}."
    Keys(&'a str),
    /// "Switched off: {conditions}."
    Muted(&'a str),
    /// "Not understood: “{text}”."
    NotUnderstood(&'a str),
    /// What stands for a value that is not repeated: "‹hidden›".
    Hidden,

    /// "{left} and {right}", "{left} or {right}". Wide with a comma, between parts that have a joint of their own.
    Joined {
        /// What stands in front.
        left: &'a str,
        /// What stands behind.
        right: &'a str,
        /// Whether both hold or one of them.
        join: Join,
        /// Parts have joints of their own.
        is_wide: bool,
    },
    /// "{left}, {right}", in a list.
    Listed {
        /// What stands in front.
        left: &'a str,
        /// What stands behind.
        right: &'a str,
    },
    /// "and {n} more", at the end of a long list.
    More(usize),
    /// "either {alternatives}", among conditions that all have to hold.
    Either(&'a str),
    /// "({conditions})", deeper inside.
    Group(&'a str),
    /// "it is not so that {conditions}".
    Not(&'a str),
    /// "{field} has a part where {conditions}", "{field} has no part where {conditions}".
    Part {
        /// The name of the field.
        field: &'a str,
        /// What one and the same part has to fulfil.
        conditions: &'a str,
        /// No part may.
        is_negated: bool,
    },

    /// "{field} is {what}", "{field} is not {what}".
    Is {
        /// The name of the field.
        field: &'a str,
        /// One of the phrases further down.
        what: &'a str,
        /// It must not be.
        is_negated: bool,
    },
    /// "{field} has a word that starts with {word}", "{field} has no word that starts with {word}".
    HasWord {
        /// The name of the field.
        field: &'a str,
        /// A value.
        word: &'a str,
        /// There must be none.
        is_negated: bool,
    },
    /// "{field} has words that start with {words}", "{field} does not have words that start with {words}". In
    /// sequence: "one after the other".
    HasWords {
        /// The name of the field.
        field: &'a str,
        /// Values joined by "and".
        words: &'a str,
        /// Whether the words stand side by side, in this order.
        is_in_sequence: bool,
        /// They must not be there.
        is_negated: bool,
    },
    /// "{field} contains {text}", "{field} does not contain {text}".
    Contains {
        /// The name of the field.
        field: &'a str,
        /// A value.
        text: &'a str,
        /// It must not.
        is_negated: bool,
    },
    /// "{field} starts with {text}", "{field} does not start with {text}".
    Starts {
        /// The name of the field.
        field: &'a str,
        /// A value, mostly a hidden one.
        text: &'a str,
        /// It must not.
        is_negated: bool,
    },
    /// "{field} matches {value}", "{field} does not match {value}": where the server alone knows what it means.
    Matches {
        /// The name of the field.
        field: &'a str,
        /// A value.
        value: &'a str,
        /// It must not.
        is_negated: bool,
    },
    /// "{field} has no value", "{field} has a value".
    Missing {
        /// The name of the field.
        field: &'a str,
        /// There has to be one.
        is_negated: bool,
    },

    /// "true" or "false".
    Truth(bool),
    /// "exactly {value}", letter case included. One value, or several joined by "or".
    Exactly(&'a str),
    /// "more than {number}"
    Above(&'a str),
    /// "less than {number}"
    Below(&'a str),
    /// "at least {number}"
    AtLeast(&'a str),
    /// "at most {number}"
    AtMost(&'a str),
    /// "from {low} to {high}"; open: "between {low} and {high}".
    Range {
        /// The lower end.
        low: &'a str,
        /// The upper end.
        high: &'a str,
        /// Whether the ends belong to it.
        is_inclusive: bool,
    },
    /// "one of {values}", which are joined by "or".
    OneOf(&'a str),
    /// "on {day}", or "at" a moment.
    On(&'a str),
    /// "after {date}"
    After(&'a str),
    /// "before {date}"
    Before(&'a str),
    /// "on or after {date}"
    Since(&'a str),
    /// "on or before {date}"
    Until(&'a str),
    /// "now"
    Now,
    /// "30 days from now"
    Ahead(Span),
    /// "30 days ago"
    Ago(Span),
    /// "within the next 30 days"
    Next(Span),
    /// "within the last 30 days"
    Last(Span),
    /// "today"
    Today,
    /// "yesterday"
    Yesterday,
    /// "tomorrow"
    Tomorrow,
}
