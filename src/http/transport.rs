use futures_util::future::{FutureExt as _, LocalBoxFuture};
use gloo_net::http::{Method as GlooMethod, Request as GlooRequest, RequestBuilder};
use web_sys::{AbortController, RequestCache, RequestRedirect};

use super::{Method, Request, ResponseHeaders};
use crate::domain::Secret;
use crate::platform::net;

/// One attempt, ready for the wire. No `Debug`: it may hold a credential.
pub struct Call {
    /// The method.
    pub method: Method,
    /// The address, absolute or from the origin's root.
    pub url: String,
    /// The headers but for the credential.
    pub headers: Vec<(&'static str, String)>,
    /// The `Authorization` header, if the call is signed.
    pub authorization: Option<Secret>,
    /// The body as it is sent.
    pub body: Option<String>,
    /// Whether a redirection on the same origin is followed.
    pub follows: bool,
}

impl Call {
    pub(super) fn new(request: &Request, base: &str, authorization: Option<Secret>) -> Self {
        let mut headers = request.headers.clone();
        if let Some(body) = &request.body {
            headers.push(("Content-Type", body.content_type().to_owned()));
        }
        let body = request.body.as_ref().map(super::Body::wire_text);
        let (method, url, follows) = (request.method, request.url(base), request.follows);
        Self { method, url, headers, authorization, body, follows }
    }
}

/// Why there is no answer. An answer with any status is none of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportError {
    /// It failed while the browser says there is no network.
    Offline,
    /// It failed otherwise.
    Failed,
}

/// An answer: status, headers and the whole body. Any status.
pub type Answer = (u16, ResponseHeaders, String);

/// Sends one attempt. Dropping the future ends the call: an answer that comes later goes nowhere.
pub trait Transport {
    /// Sends it and reads the whole body.
    fn send(&self, call: Call) -> LocalBoxFuture<'static, Result<Answer, TransportError>>;
}

/// The browser's `fetch`.
#[derive(Clone, Copy, Debug, Default)]
pub struct FetchTransport;

impl Transport for FetchTransport {
    fn send(&self, call: Call) -> LocalBoxFuture<'static, Result<Answer, TransportError>> {
        fetch(call).map(|answer| answer.ok_or_else(failure)).boxed_local()
    }
}

fn failure() -> TransportError {
    if net::is_online() { TransportError::Failed } else { TransportError::Offline }
}

async fn fetch(call: Call) -> Option<Answer> {
    let abort = AbortOnDrop(AbortController::new().ok());
    let mut builder = RequestBuilder::new(&call.url)
        .method(method(call.method))
        .abort_signal(abort.0.as_ref().map(AbortController::signal).as_ref())
        // Answers hold keys: they stay out of the browser's cache.
        .cache(RequestCache::NoStore)
        // Following one can turn a POST into a GET and carries the call where nobody meant it to go. The browser
        // takes the credential off on the way to another origin, and the page's policy forbids such a way.
        .redirect(if call.follows { RequestRedirect::Follow } else { RequestRedirect::Error });
    for (name, value) in &call.headers {
        builder = header(builder, name, value)?;
    }
    if let Some(value) = &call.authorization {
        builder = header(builder, "Authorization", value.expose())?;
    }
    let request: GlooRequest = match call.body {
        Some(body) => builder.body(body).ok()?,
        None => builder.build().ok()?,
    };
    let response = request.send().await.ok()?;
    let headers = ResponseHeaders::new(response.headers().entries().collect());
    let text = response.text().await.ok()?;
    abort.disarm();
    Some((response.status(), headers, text))
}

/// Sets a header the browser will take. Outside of this alphabet setting throws, and a throw ends the app.
pub(super) fn header(builder: RequestBuilder, name: &str, value: &str) -> Option<RequestBuilder> {
    let valid = value.bytes().all(|it| it == b'\t' || (b' '..=b'~').contains(&it));
    valid.then(|| builder.header(name, value))
}

fn method(method: Method) -> GlooMethod {
    match method {
        Method::Get => GlooMethod::GET,
        Method::Post => GlooMethod::POST,
        Method::Put => GlooMethod::PUT,
        Method::Patch => GlooMethod::PATCH,
        Method::Delete => GlooMethod::DELETE,
    }
}

/// Aborts the fetch when its future is dropped half-way: cancelled, too late, or its screen is gone.
struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    fn disarm(mut self) {
        self.0 = None;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            // Without a reason: gloo-net gives up on rejections that are not `Error` objects.
            controller.abort();
        }
    }
}
