//! What changed since the rows were read before: new keys, changed ones with their fields, and those that are gone.
//!
//! Pure first: `reading` is what was read, `difference` compares two readings by id, never by a key's value. `follow`
//! watches the list, and `view` says what it found.
//!
//! What the reader changed is not marked: the outcome of each write has said it already.

mod difference;
mod follow;
mod reading;
mod view;

pub(super) use self::follow::News;
pub(super) use self::view::{news_line, row_mark};
