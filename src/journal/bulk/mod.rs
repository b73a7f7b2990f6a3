//! Changes to many keys: planned, confirmed, then carried out item by item, each with a known outcome.

mod item;
mod plan;

pub use self::item::{Failure, ItemState, Skip};
pub use self::plan::{Item, Kind, Plan, Wanted};
