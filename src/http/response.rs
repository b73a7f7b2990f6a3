use serde::de::DeserializeOwned;

use super::{ApiError, Request};

/// Headers of an answer: those the browser lets the page see. Names compare without case.
#[derive(Clone, Debug, Default)]
pub struct ResponseHeaders(Vec<(String, String)>);

impl ResponseHeaders {
    /// From pairs of name and value.
    #[must_use]
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The value of a header, without surrounding space.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    }

    /// The value as a whole number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u32> {
        self.get(name)?.parse().ok()
    }
}

/// An answer with a 2xx status. No `Debug`: its text may hold key values or a token.
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: ResponseHeaders,
    /// The whole body.
    pub text: String,
}

impl Response {
    /// Reads the body as JSON.
    ///
    /// # Errors
    /// A `Malformed` error that says where, and holds nothing of the body: a good answer that this app
    /// misreads may be full of key values.
    pub fn json<T: DeserializeOwned>(&self, request: &Request) -> Result<T, ApiError> {
        serde_json::from_str(&self.text).map_err(|err| ApiError::misread(request, self.status, &err))
    }
}
