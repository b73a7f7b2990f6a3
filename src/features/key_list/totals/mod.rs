//! The sums of the rows: keys, what is used, and places left. What has no limit or is not told is said, never counted
//! as 0; and so is what the sums are of.

mod sums;
mod view;

pub(super) use self::view::totals_line;
