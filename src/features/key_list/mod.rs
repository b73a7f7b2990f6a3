//! The list of keys: ask, page, sort, and act on one.

mod asking;
mod rows;
mod view;

pub use self::view::KeyList;
