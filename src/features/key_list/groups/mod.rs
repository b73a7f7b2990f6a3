//! Rows under headings: what they have in common, how many there are, and which groups are open.
//!
//! Pure: `places` counts headings and rows, `label` says what a group is called.

mod label;
mod places;

pub(super) use self::label::{group_id, group_text, key_part, row_id};
pub(super) use self::places::{Place, Places};
