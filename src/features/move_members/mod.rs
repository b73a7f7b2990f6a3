//! *Move to another key*: everything a key has enrolled goes to another one, with both counted before and after.

pub mod dialog;
mod target;
mod warnings;

pub use self::dialog::MoveMembersDialog;
pub use self::warnings::warnings;
