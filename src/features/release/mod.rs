//! The newest release: whether it is another than this page's, and the offer to change to it.

mod file;

pub use self::file::{RELEASE_FILE, release_of};
