//! How long to wait before a read is sent again. Headers as in reference `qualys.md`, section 5.

use super::{ResponseHeaders, moment};
use crate::domain::Timestamp;

/// Times a read is sent again.
pub(super) const RETRIES: u32 = 3;

/// The longest wait done in silence; a longer one is the reader's decision.
pub(super) const LONGEST_WAIT_MS: u32 = 120_000;

/// The first back-off; each further one doubles.
const FIRST_WAIT_MS: u32 = 500;

/// Whether an answer is a refusal because of too many calls.
///
/// Every 429 is. A 409 only with a sign of it: the same status also means real conflicts, which must not be
/// sent again. 1965 is the rate and 1960 the concurrency code.
pub(super) fn is_rate_limit(status: u16, headers: &ResponseHeaders, body: &str) -> bool {
    let says_so = || {
        let in_headers = headers.get(TO_WAIT).is_some() || headers.number(REMAINING) == Some(0);
        in_headers || ["<CODE>1965<", "<CODE>1960<"].iter().any(|it| body.contains(it))
    };
    status == 429 || (status == 409 && says_so())
}

const TO_WAIT: &str = "x-ratelimit-towait-sec";
const WINDOW: &str = "x-ratelimit-window-sec";
const REMAINING: &str = "x-ratelimit-remaining";

/// The wait an answer asks for, in seconds.
///
/// `Retry-After` and `X-RateLimit-ToWait-Sec` are exact, and the longer one holds. Without them an
/// exhausted window counts as long as it is, and last comes the body of the older API.
pub(super) fn asked_wait_secs(headers: &ResponseHeaders, body: &str) -> Option<u32> {
    let exact = retry_after(headers).max(headers.number(TO_WAIT));
    let window = || headers.number(WINDOW).filter(|_| headers.number(REMAINING) == Some(0));
    exact.or_else(window).or_else(|| in_body(body))
}

/// The wait that a good answer asks for which was the last one its window allows.
pub(super) fn exhausted_wait_secs(headers: &ResponseHeaders) -> Option<u32> {
    if headers.number(REMAINING) == Some(0) { asked_wait_secs(headers, "") } else { None }
}

/// `Retry-After`: seconds, or a moment, which is measured against the answer's own `Date` so that a
/// wrong clock on this computer does not matter.
fn retry_after(headers: &ResponseHeaders) -> Option<u32> {
    let text = headers.get("retry-after")?;
    if let Ok(seconds) = text.parse() {
        return Some(seconds);
    }
    let until = moment::http_date(text)?;
    let now = headers.get("date").and_then(moment::http_date).unwrap_or_else(crate::platform::clock::now);
    Some(seconds_between(now, until))
}

fn seconds_between(now: Timestamp, until: Timestamp) -> u32 {
    u32::try_from(until.secs_since(now).max(0)).unwrap_or(u32::MAX)
}

/// `<KEY>SECONDS_TO_WAIT</KEY><VALUE>n</VALUE>` of the older API's 409.
fn in_body(body: &str) -> Option<u32> {
    let (_, rest) = body.split_once("<KEY>SECONDS_TO_WAIT</KEY>")?;
    let (_, rest) = rest.split_once("<VALUE>")?;
    rest.split_once('<')?.0.trim().parse().ok()
}

/// Milliseconds before retry number `attempt` (from 0), or nothing when the wait asked for is too long.
///
/// `random` from 0 to 1 adds up to half of the back-off, so that tabs that failed together do not come back
/// together. A wait the server named is kept, plus a little of the same spread.
pub(super) fn wait_ms(attempt: u32, asked_secs: Option<u32>, random: f64) -> Option<u32> {
    let backoff = FIRST_WAIT_MS << attempt.min(8);
    let base = asked_secs.map_or(backoff, |it| it.saturating_mul(1_000));
    if base > LONGEST_WAIT_MS {
        return None;
    }
    let spread = if asked_secs.is_some() { FIRST_WAIT_MS } else { backoff };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to half the spread")]
    let extra = (f64::from(spread) * 0.5 * random.clamp(0.0, 1.0)) as u32;
    Some(base + extra)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> ResponseHeaders {
        ResponseHeaders::new(
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        )
    }

    #[track_caller]
    fn check(pairs: &[(&str, &str)], want: Option<u32>) {
        assert_eq!(asked_wait_secs(&headers(pairs), ""), want, "{pairs:?}");
    }

    #[test]
    fn the_wait_comes_from_the_most_exact_header() {
        let date = ("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
        check(&[], None);
        check(&[("Retry-After", "7")], Some(7));
        check(&[("Retry-After", "Sun, 06 Nov 1994 08:50:07 GMT"), date], Some(30));
        check(&[("Retry-After", "Sun, 06 Nov 1994 08:00:00 GMT"), date], Some(0));
        check(&[("Retry-After", "soon")], None);
        check(&[("X-RateLimit-ToWait-Sec", "4")], Some(4));
        check(&[("X-RateLimit-ToWait-Sec", "4"), ("Retry-After", "9")], Some(9));
        check(&[("X-RateLimit-ToWait-Sec", "12"), ("Retry-After", "9")], Some(12));
        check(&[("X-RateLimit-Window-Sec", "60"), ("X-RateLimit-Remaining", "0")], Some(60));
        check(&[("X-RateLimit-Window-Sec", "60"), ("X-RateLimit-Remaining", "3")], None);
        check(&[("X-RateLimit-Window-Sec", "60")], None);
        let both = [("X-RateLimit-Window-Sec", "60"), ("X-RateLimit-Remaining", "0"), ("Retry-After", "2")];
        check(&both, Some(2));
    }

    #[test]
    fn the_older_api_says_it_in_the_body() {
        let body = "<CODE>1965</CODE><ITEM><KEY>SECONDS_TO_WAIT</KEY><VALUE>21</VALUE></ITEM>";
        assert_eq!(asked_wait_secs(&ResponseHeaders::default(), body), Some(21));
        assert_eq!(asked_wait_secs(&ResponseHeaders::default(), "<KEY>SECONDS_TO_WAIT</KEY><VALUE>21"), None);
    }

    #[test]
    fn only_a_marked_409_is_a_limit() {
        let limited =
            |status: u16, pairs: &[(&str, &str)], body: &str| is_rate_limit(status, &headers(pairs), body);
        assert!(limited(429, &[], ""));
        assert!(limited(409, &[("X-RateLimit-ToWait-Sec", "5")], ""));
        assert!(limited(409, &[("X-RateLimit-Remaining", "0")], ""));
        assert!(limited(409, &[], "<CODE>1960</CODE>"));
        assert!(!limited(409, &[("X-RateLimit-Remaining", "9")], "Registration must be completed"));
        assert!(!limited(503, &[("X-RateLimit-ToWait-Sec", "5")], ""));
    }

    #[test]
    fn back_off_doubles_and_spreads() {
        let waits = |random: f64| [0, 1, 2].map(|attempt| wait_ms(attempt, None, random));
        assert_eq!(waits(0.0), [Some(500), Some(1_000), Some(2_000)]);
        assert_eq!(waits(1.0), [Some(750), Some(1_500), Some(3_000)]);
        assert_eq!(wait_ms(2, Some(4), 0.0), Some(4_000));
        assert_eq!(wait_ms(2, Some(4), 1.0), Some(4_250));
    }

    #[test]
    fn a_wait_beyond_patience_is_not_done() {
        assert_eq!(wait_ms(0, Some(120), 0.0), Some(120_000));
        assert_eq!(wait_ms(0, Some(121), 0.0), None);
        assert_eq!(wait_ms(0, Some(u32::MAX), 0.5), None);
    }
}
