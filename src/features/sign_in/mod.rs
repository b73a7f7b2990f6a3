//! Signing in: as a page when nobody is signed in, and as a dialog over the page when a session ends.

pub mod dialog;
mod draft;
mod form;
pub mod page;
mod platforms;

pub use self::dialog::SignInDialog;
pub use self::page::SignInPage;
