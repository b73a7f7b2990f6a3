//! Qualys Cloud Agent activation keys on the gateway API (JSON).
//!
//! Facts: reference `qualys.md`, sections 1, 7 and 10; release notes 2.5 of November 2025.

mod calls;
/// Names of the fields that the gateway API has beside those that all systems share.
pub mod fields;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod licences;
mod manifest;
mod order;
mod paging;
mod query;
mod search;
#[cfg(test)]
mod search_tests;
mod sign_in;
mod wire;

pub use self::calls::Client;
pub use self::fields::{APPLY, LICENCES, NETWORK, TAGS, TYPE};
pub use self::manifest::MANIFEST;
