//! Replacing a key: a new one like it is made, its value is stored, then the old one is removed. Each step is one's
//! own, what came of it stays in view, and leaving half way says what is done and what is left.

pub mod dialog;
pub mod removal;
mod steps;

pub use self::dialog::RegenerateDialog;
