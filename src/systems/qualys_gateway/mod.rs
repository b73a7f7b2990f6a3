//! Qualys Cloud Agent activation keys on the gateway API (JSON).
//!
//! Facts: reference `qualys.md`, sections 1, 7 and 10; release notes 2.5 of November 2025.

mod calls;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod licences;
mod manifest;
mod order;
mod paging;
pub mod query;
mod search;
#[cfg(test)]
mod search_tests;
mod sign_in;
mod wire;

pub use self::calls::Client;
pub use self::manifest::MANIFEST;
