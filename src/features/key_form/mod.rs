//! The form of a key's settings, drawn from the manifest: the same for every system, for making a key and for
//! editing one.

mod controls;
mod draft;
mod ends;
pub mod fields;
mod pick;
mod problems;
mod slot;
mod state;
#[cfg(test)]
pub(crate) mod testing;
pub mod titles;

pub use self::controls::field_control;
pub use self::draft::{parse_codes, rebase, same_part};
pub use self::fields::{KeyFields, Pushes};
pub use self::problems::{problem_text, server_problems};
pub use self::state::KeyForm;
pub use self::titles::{TitleCheck, title_check};
