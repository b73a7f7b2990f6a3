//! What a table holds.

use std::borrow::Cow;

use super::list;
use crate::domain::{Date, Timestamp};

/// A table with a head: what a file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// What the table is called, where the kind of file has a place for it.
    pub name: String,
    /// Headings of the columns.
    pub head: Vec<String>,
    /// Rows, each with a cell for each heading; a shorter one ends in empty cells.
    pub rows: Vec<Vec<Cell>>,
}

/// What stands in a cell. A CSV file knows texts alone: there every other cell reads back as its [`Cell::text`].
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// A day.
    Day(Date),
    /// A moment, in UTC. A spreadsheet's midnight reads back as a day.
    Moment(Timestamp),
    /// Several items: an array in JSON, and one text elsewhere ([`list::join`]).
    List(Vec<String>),
}

impl Cell {
    /// The cell as text, in the one spelling that files have: ISO dates, `true` and `false`, a point in numbers.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) if !number.is_finite() => Cow::Borrowed(""),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Flag(true) => Cow::Borrowed("true"),
            Self::Flag(false) => Cow::Borrowed("false"),
            Self::Day(day) => Cow::Owned(day.to_string()),
            Self::Moment(moment) => Cow::Owned(moment.to_string()),
            Self::List(items) => Cow::Owned(list::join(items)),
        }
    }

    /// Whether nothing stands in it. A blank text is nothing, since only one kind of file can tell the two apart.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.is_empty(),
            Self::Number(number) => !number.is_finite(),
            _ => false,
        }
    }
}
