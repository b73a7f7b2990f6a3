//! How the console is to be served: one source of its security policy and its headers.
//!
//! Who uses it: the configurations of servers that `cargo xtask hosting` writes, the policy in the page itself, the local
//! gateway that serves the built app in tests, and the console's self-check page, which holds what a deployment sends
//! against what is said here. `docs/hosting.md` explains it to the person who hosts it.
//!
//! Depends on nothing. What the browser program uses formats nothing, and so weighs little.

mod files;
mod headers;
mod policy;
mod server;

#[cfg(feature = "generate")]
pub mod generate;

pub use files::{HASHED, Part, content_type, is_hashed, part_of};
pub use headers::{CACHED_FOR_EVER, Header, Site, headers};
pub use policy::{DIRECTIVES, meta_policy, policy};
pub use server::{Server, from_server_header, line};
