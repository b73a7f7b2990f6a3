//! Who the reader is: connections from `config.json`, sign-in, the token, and how long it lasts.
//!
//! Architecture invariant: the token is in session storage and in one `RefCell`. It is never in a signal,
//! and a [`Http`](crate::http::Http) made here gives it to no host but the one it was issued for.

mod authority;
pub mod base_url;
pub mod claims;
mod config;
pub mod presets;
mod state;
mod stored;
#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test without its precondition must fail")]
mod tests;
mod token;

pub use self::config::{
    Config, ConfigFile, ConfigProblem, Connection, ConnectionFile, FieldProblem, load_config,
};
pub use self::state::{Info, Session, SessionState, WARN_BEFORE_SECS};
pub use self::token::TokenProblem;
