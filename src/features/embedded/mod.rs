//! The console in the frame of a portal: the contract of `embed`, carried out on the page.

mod desk;
mod dress;
pub mod host_sign_in;
pub mod question;
mod route;
pub mod tell;

pub use self::desk::{Embedded, Line, Stage};
pub use self::host_sign_in::{HostBanner, HostSignIn, HostSignedOut};
pub use self::question::HostQuestion;
pub use self::tell::{EmbedLine, NotShown};
