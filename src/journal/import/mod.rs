//! Files into plans: which rows of a sheet make a key, which change one, field by field, and which cannot be taken.
//!
//! A [`Mapping`] says what the columns mean, [`Options`] how rows and keys belong together, and a [`Planner`] compares
//! the rows with the keys that are there. Nothing is sent: what comes out is an [`ImportPlan`], and of it a
//! [`Plan`](super::bulk::Plan) for the journal.
//!
//! Architecture invariant: nothing is guessed. A row that could mean two keys is refused with both named, and a cell
//! that cannot be sent is told.

mod cell;
mod mapping;
mod planner;
mod review;
#[cfg(test)]
mod review_tests;
#[cfg(test)]
mod round_trip_tests;
mod row;
#[cfg(test)]
mod tests;
mod titles;

pub use self::mapping::{Mapping, targets};
pub use self::planner::{May, Planner, Setting};
pub use self::review::{is_dated_ahead, review};
pub use self::row::{Count, Ignored, ImportPlan, LeftOut, Line, Refusal, Row, Verdict, Why};

use crate::domain::FieldId;

/// Rows of a file that are compared at most.
pub const MOST_ROWS: usize = 100_000;

/// Characters of a cell that are read at most. The longest field that any document names is far below.
pub const LONGEST_CELL: usize = 10_000;

/// How rows and keys belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// By the id. A row without one is a new key.
    Id,
    /// By the title, where one key alone has it. A title that no key has is a new key's.
    Title,
    /// Each row is a new key.
    New,
}

impl Match {
    /// What is tried first: the surest that the columns allow.
    #[must_use]
    pub fn of(mapping: &Mapping) -> Self {
        match mapping {
            _ if mapping.column(FieldId::ID).is_some() => Self::Id,
            _ if mapping.column(FieldId::TITLE).is_some() => Self::Title,
            _ => Self::New,
        }
    }
}

/// What the reader chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How rows and keys belong together.
    pub matching: Match,
    /// A blank cell takes away what the key has; otherwise it leaves it.
    pub clear_blanks: bool,
    /// A row with the id of a key that is not there makes a new one; otherwise it is refused.
    pub create_gone: bool,
    /// A title may be given that another key has.
    pub allow_doubles: bool,
}

impl Options {
    /// The careful ones for these columns.
    #[must_use]
    pub fn of(mapping: &Mapping) -> Self {
        let matching = Match::of(mapping);
        Self { matching, clear_blanks: false, create_gone: false, allow_doubles: false }
    }
}
