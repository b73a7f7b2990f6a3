//! Very many rows in little memory, and their orders in little time.
//!
//! A [`Table`] holds rows column by column. Each column keeps every distinct value once ([`Dict`]) and a number (its
//! *code*) a row, so that what repeats is stored, judged and ranked once. A row is its place: rows are added and never
//! moved or taken out, so that a place means the same row for ever. Orders are lists of places.
//!
//! Rules that hold everywhere in this crate:
//!
//! - It knows no system, no screen and no wire format, and depends on nothing.
//! - Nothing that holds values can be printed: they may be secrets.
//! - Adding rows costs no more than the rows that are added; what an order needs is worked out when it is asked for,
//!   from what was worked out before.
//!
//! Suggested reading order: `arena`, `dict`, `value`, `collate`, `ranks`, `column`, `radix`, `table`.

mod arena;
mod collate;
mod column;
mod dict;
mod radix;
mod ranks;
mod table;
mod value;

pub use self::collate::compare;
pub use self::column::Column;
pub use self::dict::Dict;
pub use self::radix::sort;
pub use self::table::Table;
pub use self::value::{Cell, Pairs, Texts, Value};
