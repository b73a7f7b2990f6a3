//! Many keys from a file: chosen, understood, compared with what is there, looked at, and only then carried out.

mod apply;
mod dialog;
mod file_words;
mod mapping;
mod plan_view;
mod source;
mod state;
mod words;
mod work;

pub use self::dialog::ImportDialog;
