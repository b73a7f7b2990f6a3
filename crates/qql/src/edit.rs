//! Changing a query: every edit is a change of the text, and says nothing about any byte outside of it.
//!
//! An edit that would break what stands beside it (a quote that swallows the rest, a parenthesis that closes another
//! group) is no edit: each result is read again before it is given out.

mod change;
mod check;
mod insert;
mod join;
mod level;
mod mute;
mod parts;
mod remove;
mod shift;
mod wrap;

use crate::error::Fix;
use crate::expr::Op;
use crate::quote::{is_field_name, quote_exact, quote_value};
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::ops::Range;

/// A change of the text that an item of an [`Outline`](crate::Outline) is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What changes, in the order of the text. They do not overlap. None when all is as it should be already.
    pub changes: Vec<Fix>,
    /// The bytes of the item in the new text, as its outline gives them. When the item was removed, those of the one
    /// that comes after it, else before it, else of the group around it; empty at the end when nothing is left.
    pub focus: Range<usize>,
}

impl Edit {
    /// The text with all changes made. `text` has to be the one that the edit was made for.
    pub fn apply(&self, text: &str) -> String {
        change::apply(text, &self.changes)
    }
}

/// A value to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewValue {
    /// A text, quoted as needed. A blank one is `""`, which asks for records without a value.
    One(String),
    /// A text for an exact match, in backticks.
    Exact(String),
    /// The value as it stands in a query, quotes and brackets included.
    AsTyped(String),
    /// Any of these. At least one.
    List(Vec<String>),
    /// Between these.
    Range {
        /// The lower end.
        low: String,
        /// The upper end.
        high: String,
        /// Whether the ends belong to it.
        inclusive: bool,
    },
}

impl NewValue {
    /// How it is written. `None` for a text that no quotes can hold, for a list without items and for a blank
    /// [`NewValue::AsTyped`].
    pub fn text(&self) -> Option<String> {
        match self {
            Self::One(text) => quote_value(text),
            Self::Exact(text) => quote_exact(text),
            Self::AsTyped(text) => Some(text.trim().to_string()).filter(|text| !text.is_empty()),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(|item| quote_value(item)).collect::<Option<_>>()?;
                (!items.is_empty()).then(|| ["[", &items.join(", "), "]"].concat())
            }
            Self::Range { low, high, inclusive } => {
                let (low, high) = (quote_value(low)?, quote_value(high)?);
                let (open, close) = if *inclusive { ("[", "]") } else { ("(", ")") };
                Some([open, &low, " .. ", &high, close].concat())
            }
        }
    }
}

/// A clause to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewClause {
    /// `NOT` stands in front of it.
    pub negated: bool,
    /// The field name, a dotted identifier.
    pub field: String,
    /// The operator.
    pub op: Op,
    /// The value.
    pub value: NewValue,
}

impl NewClause {
    /// How it is written. `None` when the field is no name or the value has no spelling.
    pub fn text(&self) -> Option<String> {
        let Self { negated, field, op, value } = self;
        let not = if *negated { "NOT " } else { "" };
        let gap = if *op == Op::Match { "" } else { " " };
        let value = value.text()?;
        is_field_name(field).then(|| [not, field, gap, op.symbol(), " ", &value].concat())
    }
}
