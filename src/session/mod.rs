//! Who the reader is: connections from `config.json`, one session each, its credential, and how long it lasts.
//!
//! Architecture invariant: a token is in session storage and in one `RefCell`, a password in the `RefCell`
//! alone. Neither is ever in a signal, and a [`Http`](crate::http::Http) made here signs for no connection
//! but its own.

mod authority;
pub mod base_url;
pub mod claims;
mod config;
mod hosted;
mod portal;
pub mod presets;
mod sessions;
#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test without its precondition must fail")]
mod sessions_tests;
mod state;
mod stored;
#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test without its precondition must fail")]
mod tests;
mod token;
mod ways;

pub use self::claims::Claims;
pub use self::config::{
    Config, ConfigFile, ConfigProblem, Connection, ConnectionFile, FieldProblem, load_config,
};
pub use self::sessions::Sessions;
pub use self::state::{Info, Session, SessionState, WARN_BEFORE_SECS};
pub use self::token::TokenProblem;
pub use self::ways::ways;
