//! How this address serves the console, held against how it should: what is right, what is wrong with the line that mends
//! it, and what cannot be told.
//!
//! [`judge()`] is pure: [`Observed`] goes in, findings come out. What is wanted comes from the crate `hosting`, from which
//! the servers' configurations are made too.

mod finding;
mod headers;
mod judge;
#[cfg(test)]
mod judge_tests;
mod lines;
mod look;
mod observed;
mod report;
pub mod state;
pub mod view;
mod words;

pub use self::finding::{Fault, Finding, Fix, Group, Reach, ReleaseFile, Subject, Verdict};
pub use self::judge::judge;
pub use self::observed::{Abilities, Observed, Seen, Tried};
pub use self::state::{CheckLink, Checking};
pub use self::view::SelfCheckPage;
