//! Many keys from a file: chosen, understood, compared with what is there, looked at, and only then carried out.

mod apply;
pub mod dialog;
pub mod file_words;
mod mapping;
mod plan_file;
mod plan_view;
mod source;
mod state;
pub mod words;
mod work;

pub use self::dialog::ImportDialog;
