//! The list of keys: ask, page, sort, and act on one.

mod asking;
mod rows;
pub mod view;

pub use self::view::KeyList;
