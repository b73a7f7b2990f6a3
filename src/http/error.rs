//! The one error of every call.

use std::fmt;

use super::{Kind, Method, Request, ResponseHeaders, message, retry};

/// Bytes of a body that are kept for the reader to look at and copy.
const RAW_MAX: usize = 4 * 1024;

/// What went wrong, as far as a screen acts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// No answer, and the browser says there is no network.
    Offline,
    /// No answer: refused, cut off, or forbidden by the browser (CORS).
    Network,
    /// No whole answer within the deadline.
    TimedOut,
    /// The question became obsolete, or the reader signed out.
    Cancelled,
    /// 401, or no usable token.
    Unauthorized {
        /// Whether there was a token that is over, and not a wrong password or none at all.
        expired: bool,
    },
    /// 403.
    Forbidden,
    /// 404 and 410.
    NotFound,
    /// 409 and 412.
    Conflict,
    /// 400, 422 and every other 4xx.
    Invalid,
    /// 413.
    TooLarge,
    /// 429, or a 409 that names a limit.
    RateLimited,
    /// 5xx.
    Server,
    /// An answer that is not what the API documents: HTML, cut JSON, a strange status.
    Malformed,
}

/// Which call failed. Safe to show: paths hold no key values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestLine {
    /// The method.
    pub method: Method,
    /// The path below the connection's base URL.
    pub path: String,
}

/// A call that did not work.
///
/// Holds words of the server, cleaned of the credential that was sent, and never the body of a
/// good answer. Texts for the reader come from the catalogue, by [`ErrorKind`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// What a screen branches on.
    pub kind: ErrorKind,
    /// The status, when there was an answer.
    pub status: Option<u16>,
    /// The server's own words.
    pub message: Option<String>,
    /// The start of the error body as it came, at most 4 KiB; for a misread answer, where it was misread.
    pub raw: String,
    /// How long the server asks to wait, in seconds.
    pub retry_after_secs: Option<u32>,
    /// What the server's own logs know the call by, where it tells that.
    pub trace: Option<String>,
    /// Which call.
    pub request: RequestLine,
    /// Whether the call may have reached the server.
    pub sent: bool,
}

impl ApiError {
    /// An error without an answer.
    #[must_use]
    pub fn without_answer(kind: ErrorKind, request: &Request, sent: bool) -> Self {
        let line = RequestLine { method: request.method, path: request.path.clone() };
        Self {
            kind,
            status: None,
            message: None,
            raw: String::new(),
            retry_after_secs: None,
            trace: None,
            request: line,
            sent,
        }
    }

    /// A call that the system has not got; its manifest does not offer it, so no screen asks for it.
    #[must_use]
    pub fn unsupported() -> Self {
        let request = Request::read(Method::Get, String::new());
        Self::without_answer(ErrorKind::Invalid, &request, false)
    }

    /// A good answer that is not what the API documents. `detail` says what was expected, in words of
    /// ours; it must hold nothing of the body.
    #[must_use]
    pub fn malformed(request: &Request, status: u16, detail: &str) -> Self {
        let error = Self::without_answer(ErrorKind::Malformed, request, true);
        Self { status: Some(status), raw: detail.to_owned(), ..error }
    }

    /// A good answer whose JSON does not fit. Says the place alone: the words of a JSON error quote the
    /// text they stumble over.
    #[must_use]
    pub fn misread(request: &Request, status: u16, err: &serde_json::Error) -> Self {
        let problem = match err.classify() {
            serde_json::error::Category::Eof => "JSON ends early",
            serde_json::error::Category::Data => "unexpected JSON",
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => "not JSON",
        };
        let (line, column) = (err.line().to_string(), err.column().to_string());
        let place = [problem, " at line ", &line, ", column ", &column].concat();
        Self::malformed(request, status, &place)
    }

    /// Whether a write with this error may have been carried out all the same.
    ///
    /// Then nothing but looking tells, and it must not be sent again. A 5xx counts: a server may fail
    /// after it wrote. A refusal (4xx) changes nothing.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        use ErrorKind::{Cancelled, Malformed, Network, Offline, Server, TimedOut};
        self.sent && matches!(self.kind, Offline | Network | TimedOut | Cancelled | Malformed | Server)
    }

    /// Whether a screen should show it: an obsolete question has no answer to show.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.kind == ErrorKind::Cancelled
    }

    /// Takes `secret` out of everything the server said, in each spelling a server may echo it in.
    pub(crate) fn redact(&mut self, secret: &str) {
        self.raw = redacted(&self.raw, secret);
        self.message = self.message.take().map(|it| redacted(&it, secret));
        self.trace = self.trace.take().map(|it| redacted(&it, secret));
    }

    /// Takes out of what the server said whatever `veil` knows by its shape. The name of the call in the server's own
    /// logs stays: it is no secret, and may look like one.
    pub(super) fn veil(&mut self, veil: fn(&str) -> String) {
        self.raw = veil(&self.raw);
        self.message = self.message.take().map(|it| veil(&it));
    }
}

/// A text of a server without `secret`.
pub(super) fn redacted(text: &str, secret: &str) -> String {
    const GONE: &str = "•••";
    // A shorter text stands in any sentence by chance: taking it out would garble the words and give it away.
    const SHORTEST: usize = 4;
    if secret.len() < SHORTEST { text.to_owned() } else { super::without(text, secret, GONE) }
}

impl fmt::Display for ApiError {
    /// For tests and consoles; screens show catalogue texts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.status.map(|it| it.to_string()).unwrap_or_default();
        f.write_str(&[self.request.method.name(), " ", &self.request.path, " failed ", &status].concat())
    }
}

/// Reads an answer that is not a success.
///
/// Safe for any body: cut, empty, HTML, of another shape. See the module `message` for where its words come from.
#[must_use]
pub fn read(request: &Request, status: u16, headers: &ResponseHeaders, body: &str) -> ApiError {
    let message = message::find(headers.get("content-type"), body);
    let limited = retry::is_rate_limit(status, headers, body);
    let kind = kind_of(status, limited, message.as_deref());
    let error = ApiError::without_answer(kind, request, true);
    let retry_after_secs = retry::asked_wait_secs(headers, body);
    ApiError { status: Some(status), message, raw: start_of(body).to_owned(), retry_after_secs, ..error }
}

/// The error with the wait its answer asks for, unless it says one itself.
pub(super) fn with_wait(error: ApiError, headers: &ResponseHeaders, body: &str) -> ApiError {
    let retry_after_secs = error.retry_after_secs.or_else(|| retry::asked_wait_secs(headers, body));
    ApiError { retry_after_secs, ..error }
}

fn kind_of(status: u16, limited: bool, message: Option<&str>) -> ErrorKind {
    if limited {
        return ErrorKind::RateLimited;
    }
    match status {
        401 => {
            let expired = message.is_some_and(|it| it.to_ascii_lowercase().contains("expired"));
            ErrorKind::Unauthorized { expired }
        }
        403 => ErrorKind::Forbidden,
        404 | 410 => ErrorKind::NotFound,
        408 => ErrorKind::TimedOut,
        409 | 412 => ErrorKind::Conflict,
        413 => ErrorKind::TooLarge,
        400..=499 => ErrorKind::Invalid,
        500..=599 => ErrorKind::Server,
        _ => ErrorKind::Malformed,
    }
}

/// At most [`RAW_MAX`] bytes, ending at a character.
fn start_of(text: &str) -> &str {
    let end = text.floor_char_boundary(RAW_MAX);
    text.get(..end).unwrap_or_default()
}

/// Whether a failed call may be sent again by the wrapper itself.
pub(super) fn may_retry(error: &ApiError, request: &Request) -> bool {
    let passing = match error.kind {
        ErrorKind::Network | ErrorKind::RateLimited => true,
        // 500 is not on the list: the same question gets the same answer.
        ErrorKind::Server => matches!(error.status, Some(502..=504)),
        _ => false,
    };
    passing && request.kind == Kind::Read
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test without its precondition must fail")]
mod tests {
    use super::*;

    fn request() -> Request {
        Request::write(Method::Patch, "keys/5")
    }

    fn headers(pairs: &[(&str, &str)]) -> ResponseHeaders {
        ResponseHeaders::new(
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        )
    }

    #[test]
    fn every_status_has_its_kind() {
        let expired = r#"{"status":401,"error":"Unauthorized","message":"JWT expired"}"#;
        let check = |status: u16, body: &str, want: ErrorKind| {
            let error = read(&request(), status, &ResponseHeaders::default(), body);
            assert_eq!((error.kind, error.status), (want, Some(status)), "{status} {body}");
        };
        check(400, "", ErrorKind::Invalid);
        check(401, "", ErrorKind::Unauthorized { expired: false });
        check(401, expired, ErrorKind::Unauthorized { expired: true });
        check(403, "", ErrorKind::Forbidden);
        check(404, "", ErrorKind::NotFound);
        check(408, "", ErrorKind::TimedOut);
        check(409, "Registration must be completed", ErrorKind::Conflict);
        check(409, "<CODE>1965</CODE>", ErrorKind::RateLimited);
        check(413, "", ErrorKind::TooLarge);
        check(418, "", ErrorKind::Invalid);
        check(422, "", ErrorKind::Invalid);
        check(429, "", ErrorKind::RateLimited);
        check(500, "", ErrorKind::Server);
        check(504, "<html>", ErrorKind::Server);
        check(302, "", ErrorKind::Malformed);
        check(0, "", ErrorKind::Malformed);
    }

    #[test]
    fn a_write_is_looked_up_when_nobody_knows() {
        let check = |kind: ErrorKind, sent: bool, want: bool| {
            assert_eq!(
                ApiError::without_answer(kind, &request(), sent).outcome_unknown(),
                want,
                "{kind:?} {sent}"
            );
        };
        for kind in [ErrorKind::Network, ErrorKind::Offline, ErrorKind::TimedOut, ErrorKind::Cancelled] {
            check(kind, true, true);
            check(kind, false, false);
        }
        check(ErrorKind::Malformed, true, true);
        check(ErrorKind::Server, true, true);
        for kind in [ErrorKind::Invalid, ErrorKind::Conflict, ErrorKind::RateLimited, ErrorKind::Forbidden] {
            check(kind, true, false);
        }
    }

    #[test]
    fn raw_text_is_bounded_at_a_character() {
        let body = "a".repeat(RAW_MAX - 1) + "üüü";
        let error = read(&request(), 500, &ResponseHeaders::default(), &body);
        assert_eq!(error.raw.len(), RAW_MAX - 1);
    }

    #[test]
    fn html_is_raw_text_and_no_message() {
        let html = "<html><body>Sign in at the portal</body></html>";
        let error = read(&request(), 502, &headers(&[("Content-Type", "text/html")]), html);
        assert_eq!((error.message, error.raw.as_str()), (None, html));
    }

    #[test]
    fn secrets_go_in_every_spelling() {
        let secret = "p\"w ü";
        let body = "a p\"w ü b p\\\"w ü c p%22w%20%C3%BC d p%22w+%C3%BC e p&quot;w ü";
        let mut error = read(&request(), 401, &ResponseHeaders::default(), body);
        error.redact(secret);
        assert_eq!(error.raw, "a ••• b ••• c ••• d ••• e •••");
        assert_eq!(error.message.as_deref(), Some("a ••• b ••• c ••• d ••• e •••"));
    }

    #[test]
    fn a_misread_answer_shows_nothing_of_its_body() {
        let text = r#"{"activationKey":"12ba12bc-effd","id":"not a number"}"#;
        #[derive(Debug, serde::Deserialize)]
        struct Row {
            #[expect(dead_code, reason = "only its type matters")]
            id: u64,
        }
        let response = super::super::Response {
            status: 200,
            headers: ResponseHeaders::default(),
            text: text.to_owned(),
        };
        let error = response.json::<Row>(&request()).expect_err("an id that is text");
        assert_eq!(error.kind, ErrorKind::Malformed);
        assert_eq!(error.raw, "unexpected JSON at line 1, column 52");
        let cut = super::super::Response {
            status: 200,
            headers: ResponseHeaders::default(),
            text: "{\"id\":".to_owned(),
        };
        let error = cut.json::<Row>(&request()).expect_err("cut JSON");
        assert_eq!(error.raw, "JSON ends early at line 1, column 6");
        let html = super::super::Response {
            status: 200,
            headers: ResponseHeaders::default(),
            text: "<html>".to_owned(),
        };
        assert_eq!(html.json::<Row>(&request()).expect_err("HTML").raw, "not JSON at line 1, column 1");
    }
}
