//! A look at how something of this origin is answered: its status, its headers and how it begins.
//!
//! For the self-check and the notice of a new release. No call of a key system: nothing is signed, sent along or tried
//! again, and a redirection is told and not followed.

use futures_util::future::{self, Either};
use gloo_net::http::{Method, RequestBuilder};
use web_sys::{RequestCache, RequestCredentials, RequestRedirect};

use super::ResponseHeaders;
use super::moment::http_date;
use super::transport::header;
use crate::domain::Timestamp;
use crate::platform::clock;

/// How long an answer may take, in milliseconds.
const DEADLINE_MS: u32 = 10_000;

/// Bytes of a body that are kept.
const KEPT: usize = 16_384;

/// How to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look<'a> {
    /// The whole answer, past every cache.
    Whole,
    /// The same with these headers, which hold no secret.
    With(&'a [(&'static str, String)]),
    /// Status and headers alone, past every cache.
    Head,
    /// As one who has the version of this mark (an `ETag`) already.
    Unless(&'a str),
}

/// What was seen.
#[derive(Clone, Debug, Default)]
pub struct Sight {
    /// The status; 0 for a redirection, of which a browser tells nothing more.
    pub status: u16,
    /// Whether it leads elsewhere.
    pub is_redirect: bool,
    /// The headers.
    pub headers: ResponseHeaders,
    /// How the body begins; blank where it was not asked for.
    pub start: String,
    /// How far this computer's clock is ahead of the server's, in seconds, where the answer says its time. Exact to
    /// about a second and half the time the answer took.
    pub ahead_secs: Option<i64>,
}

/// Looks at an address of this origin; `None` without an answer in time.
pub async fn look(url: &str, how: Look<'_>) -> Option<Sight> {
    let seen = Box::pin(fetch(url, how));
    let late = Box::pin(clock::sleep(DEADLINE_MS));
    match future::select(seen, late).await {
        Either::Left((res, _)) => res,
        Either::Right(_) => None,
    }
}

async fn fetch(url: &str, how: Look<'_>) -> Option<Sight> {
    let began = clock::now();
    let builder = RequestBuilder::new(url)
        .method(if how == Look::Head { Method::HEAD } else { Method::GET })
        // A server that asks for a password would otherwise make the browser ask for one, over the page.
        .credentials(RequestCredentials::Omit)
        .redirect(RequestRedirect::Manual);
    let builder = match how {
        Look::Unless(mark) => header(builder, "If-None-Match", mark)?,
        Look::With(headers) => headers
            .iter()
            .try_fold(builder.cache(RequestCache::NoStore), |it, (name, value)| header(it, name, value))?,
        Look::Whole | Look::Head => builder.cache(RequestCache::NoStore),
    };
    let response = builder.send().await.ok()?;
    let headers = ResponseHeaders::new(response.headers().entries().collect());
    let ended = clock::now();
    let ahead_secs = headers.get("Date").and_then(http_date).map(|at| ahead(at, began, ended));
    let mut start = if how == Look::Head { String::new() } else { response.text().await.ok()? };
    let mut end = KEPT.min(start.len());
    while !start.is_char_boundary(end) {
        end -= 1;
    }
    start.truncate(end);
    let is_redirect = response.type_() == web_sys::ResponseType::Opaqueredirect;
    Some(Sight { status: response.status(), is_redirect, headers, start, ahead_secs })
}

/// The server wrote its time somewhere between the two moments, and cut it to a whole second.
fn ahead(server: Timestamp, began: Timestamp, ended: Timestamp) -> i64 {
    let (first, last) = (began.0 - server.0 - 999, ended.0 - server.0);
    // Any number between them may be right: the one nearest to no difference is said.
    let nearest = if first > 0 { first } else { last.min(0) };
    nearest / 1_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_ahead_by_no_less_than_it_must_be() {
        let check = |server: i64, began: i64, ended: i64, want: i64| {
            assert_eq!(
                ahead(Timestamp(server), Timestamp(began), Timestamp(ended)),
                want,
                "{server} {began} {ended}"
            );
        };
        // Right, whatever the second began with.
        check(10_000, 10_000, 10_100, 0);
        check(10_000, 10_950, 10_999, 0);
        // A slow answer hides a small difference and invents none.
        check(12_000, 10_000, 19_000, 0);
        check(10_000, 190_000, 190_100, 179);
        check(190_000, 10_000, 10_100, -179);
    }
}
