//! The form of a key's settings: the same fields for making one and for editing one.

mod draft;
pub mod fields;
mod problems;
mod state;
pub mod titles;

pub use self::draft::{parse_codes, rebase, same_part, split_licences, tidied};
pub use self::fields::KeyFields;
pub use self::problems::{problem_text, server_problems};
pub use self::state::KeyForm;
pub use self::titles::{TitleCheck, title_check};
