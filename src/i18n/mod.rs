//! The message catalogue: every text on the screen, as typed functions in [`t`].
//!
//! `en.txt` is the source; `build.rs` makes the functions. A placeholder is a parameter, so a
//! message cannot be shown half filled.

use crate::platform::intl::{Plural, number, plural};

/// One function a message, generated from `src/i18n/en.txt`.
#[expect(clippy::pedantic, reason = "generated, so not shaped by hand")]
pub mod t {
    use super::{Plural, join, number, plural};

    include!(concat!(env!("OUT_DIR"), "/messages.rs"));
}

/// Joins the parts of a message; one helper for all, which keeps each message small.
fn join(parts: &[&str]) -> String {
    parts.concat()
}
