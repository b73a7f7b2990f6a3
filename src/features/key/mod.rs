//! One key: everything about it, and its edit form, in one dialog.

pub mod changes;
pub mod detail;
pub mod dialog;
pub mod edit;
pub mod moved;

pub use self::changes::change_lines;
pub use self::dialog::KeyDialog;
