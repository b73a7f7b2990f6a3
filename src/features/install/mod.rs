//! How machines get a key: the install commands of each platform.

mod command;
pub mod view;

pub use self::command::{Settings, Target, command};
pub use self::view::InstallCommands;
