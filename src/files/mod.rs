//! Tables as files: CSV, JSON and XLSX, written and read.
//!
//! Architecture invariant: knows no key and no screen; text and bytes in, text and bytes out.

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

/// What stands in a cell.
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
    /// A moment, in UTC.
    Moment(Timestamp),
}
