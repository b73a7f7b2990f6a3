//! The list of keys: ask, page, sort, and act on one.

mod asking;
mod cells;
mod found;
mod grid;
mod groups;
mod layout;
mod listed;
mod news;
mod picks;
mod place;
mod reveal;
mod rows;
mod totals;
#[expect(unreachable_pub, reason = "the component macro makes its function public")]
mod view;

pub use self::view::KeyList;
