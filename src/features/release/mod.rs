//! The newest release: whether it is another than this page's, and the offer to change to it.

mod decide;
mod file;
pub mod notice;

pub use self::decide::{Known, Offer};
pub use self::file::{RELEASE_FILE, release_of};
pub use self::notice::ReleaseNotice;
