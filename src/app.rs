//! The shell and its providers; no logic.

/// Puts the app on the page.
pub fn mount() {}
