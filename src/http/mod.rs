//! Calls over HTTP: at most two in flight a host, one deadline an attempt, cancellation, retries of
//! reads alone, and every failure as one [`ApiError`].
//!
//! Pure but for `transport`, which is the one place that fetches for key systems (`probe` looks at the site's own
//! answers). Everything the rest needs from the
//! outside comes through four small traits: [`Transport`], [`Timer`], [`Authority`], [`Observer`].

mod allowance;
mod cancel;
mod client;
mod credential;
pub mod curl;
pub mod error;
mod link;
mod message;
mod moment;
mod observe;
pub mod probe;
mod redact;
mod request;
mod response;
mod retry;
mod slots;
#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test without its precondition must fail")]
pub(crate) mod testing;
#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test without its precondition must fail")]
mod tests;
mod timer;
mod transport;

pub use self::cancel::Cancel;
pub use self::client::{Authority, Cancelled, Holder, Http, Judge, Veil};
pub use self::credential::{Credential, Scheme};
pub use self::error::{ApiError, ErrorKind, RequestLine};
pub use self::link::same_origin;
pub use self::observe::{Observer, Silent, Waiting};
pub(crate) use self::redact::without;
pub use self::request::{Auth, Body, FormValue, Kind, Method, Request};
pub(crate) use self::request::{percent_encoded, segment};
pub use self::response::{Response, ResponseHeaders};
pub use self::timer::{BrowserTimer, Timer};
pub use self::transport::{Answer, Call, FetchTransport, Transport, TransportError};
