//! The contract with a portal that shows the console in a frame (`docs/embedding.md`): what is said, and when.
//!
//! Architecture invariant: pure. It knows no window, no signal and no clock; it is told what came and what time it is,
//! and answers what shall be done. Whatever is not exactly as the contract says is counted and changes nothing.

mod heard;
mod refresh;
mod said;
mod state;
#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test without its precondition must fail")]
mod tests;
mod theme;

pub use self::heard::{Heard, Scheme, ThemeWish, View, Welcome, fits, read};
pub use self::refresh::{Life, Reason, Standing};
pub use self::said::{Event, Said, hello};
pub use self::state::{Contract, Do};
pub use self::theme::{NAMES, accept};

/// The version of the contract that is spoken here.
pub const VERSION: u32 = 1;
