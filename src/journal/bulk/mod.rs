//! Changes to many keys: planned, confirmed, then carried out item by item, each with a known outcome.
//!
//! A [`Plan`] is what shall happen; a [`Job`] is a plan that is carried out, or was. Everything about it is written
//! down before it counts ([`Keep`]): the plan before the first call, an item as sent before its call leaves, its end
//! after it. So a tab may die at any moment: the next one that opens the journal looks up what was sent, and goes on.
//! What is written down holds ids and changes, and never the value of a key or a token.

mod begin;
mod bell;
mod item;
mod job;
mod jobs;
mod keep;
mod ledger;
mod one;
mod others;
mod phase;
mod plan;
mod plan_file;
mod receipt;
mod record;
mod run;
mod single;
#[cfg(test)]
pub(crate) mod tests;
mod undo;
mod value_text;

pub use self::begin::Begun;
pub use self::item::{Failure, ItemState, Skip};
pub use self::job::Job;
pub use self::jobs::{Happened, Jobs, Whose};
pub use self::keep::{Browser, Entries, Hold, Keep, Memory, Refused, Tabs};
pub use self::phase::{Counts, Phase, Why};
pub use self::plan::{Item, Kind, Plan, Wanted};
pub use self::plan_file::{ItemPart, MOST_ITEMS, PlanProblem, plan_json, read_plan};
pub use self::receipt::{Receipt, ReceiptItem};
pub use self::undo::{Loss, Undo};
