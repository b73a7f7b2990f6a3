//! Injected faults: what is asked for, and which request gets one.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use serde::{Deserialize, Serialize};

/// A fault as `POST /_control/faults` takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    /// Which requests it applies to; all when absent.
    #[serde(default, rename = "match")]
    pub(crate) matching: Match,
    /// What happens.
    #[serde(rename = "fault")]
    pub(crate) kind: Kind,
    /// The status of a `status` fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    /// Extra headers of a `status` or `wrong-json` answer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) headers: BTreeMap<String, String>,
    /// The body of a `status` or `wrong-json` answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<String>,
    /// How long to wait, in milliseconds; goes with every kind.
    #[serde(default)]
    pub(crate) delay_ms: u64,
    /// Whether the wait is before the request is handled or after.
    #[serde(default)]
    pub(crate) delay: When,
    /// How many requests it applies to.
    #[serde(default = "one")]
    pub(crate) times: u32,
    /// How many matching requests pass untouched first.
    #[serde(default)]
    pub(crate) skip: u32,
    /// Whether connections stay in use while this fault is planned. A browser then repeats a dropped request by itself,
    /// even a POST, when its connection was used before.
    #[serde(default)]
    pub(crate) keep_connections: bool,
}

fn one() -> u32 {
    1
}

/// Which requests a fault applies to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Match {
    /// The method; any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) method: Option<String>,
    /// The path, or its beginning followed by `*`; any when absent. Compared with and without the prefix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
}

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// A wait, and then the true answer.
    Delay,
    /// The request is handled, a write is committed, and the connection ends without an answer.
    DropAfterWrite,
    /// The connection ends without an answer; nothing is handled.
    DropBefore,
    /// The request is handled; the answer has its full `Content-Length` and half of its body.
    CutBody,
    /// An answer with a chosen status, headers and body; nothing is handled.
    Status,
    /// The request is handled; the answer is other JSON than documented.
    WrongJson,
}

impl Kind {
    /// The name in the control interface and the log.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Delay => "delay",
            Self::DropAfterWrite => "drop-after-write",
            Self::DropBefore => "drop-before",
            Self::CutBody => "cut-body",
            Self::Status => "status",
            Self::WrongJson => "wrong-json",
        }
    }

    fn ends_connection(self) -> bool {
        matches!(self, Self::DropAfterWrite | Self::DropBefore | Self::CutBody)
    }
}

/// Whether a wait is before the handling or after it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum When {
    /// The request waits; a write happens late.
    #[default]
    Before,
    /// The answer waits; a write has happened already.
    After,
}

/// A fault with its id and what is left of it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Planned {
    /// Counts up from 1.
    pub(crate) id: u64,
    /// What was asked for.
    #[serde(flatten)]
    pub(crate) fault: Fault,
    /// How many requests it was applied to.
    pub(crate) applied: u32,
    /// How many matching requests it let pass.
    pub(crate) skipped: u32,
}

/// All planned faults, in the order they were added.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    inner: Mutex<(u64, Vec<Planned>)>,
}

impl Faults {
    /// Adds a fault and returns its id.
    ///
    /// # Errors
    /// A sentence saying what in it makes no sense.
    pub(crate) fn add(&self, fault: Fault) -> Result<u64, String> {
        check(&fault)?;
        let mut inner = self.lock();
        inner.0 += 1;
        let id = inner.0;
        inner.1.push(Planned { id, fault, applied: 0, skipped: 0 });
        Ok(id)
    }

    /// The fault for a request: the first that matches, has some left, and has let enough pass.
    pub(crate) fn take(&self, method: &Method, paths: &[&str]) -> Option<Fault> {
        let mut inner = self.lock();
        for planned in &mut inner.1 {
            if planned.applied >= planned.fault.times || !planned.fault.matching.covers(method, paths) {
                continue;
            }
            if planned.skipped < planned.fault.skip {
                planned.skipped += 1;
                continue;
            }
            planned.applied += 1;
            return Some(planned.fault.clone());
        }
        None
    }

    /// Whether a fault that ends connections is still to come, and each request should have a connection of its own.
    pub(crate) fn may_end_connections(&self) -> bool {
        let inner = self.lock();
        inner.1.iter().any(|Planned { fault, applied, .. }| {
            *applied < fault.times && fault.kind.ends_connection() && !fault.keep_connections
        })
    }

    /// All faults, used up ones too.
    pub(crate) fn all(&self) -> Vec<Planned> {
        self.lock().1.clone()
    }

    /// Forgets all faults.
    pub(crate) fn clear(&self) {
        self.lock().1.clear();
    }

    fn lock(&self) -> MutexGuard<'_, (u64, Vec<Planned>)> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Match {
    fn covers(&self, method: &Method, paths: &[&str]) -> bool {
        let has_method =
            self.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method.as_str()));
        let has_path = self.path.as_deref().is_none_or(|wanted| match wanted.strip_suffix('*') {
            Some(start) => paths.iter().any(|path| path.starts_with(start)),
            None => paths.contains(&wanted),
        });
        has_method && has_path
    }
}

fn check(fault: &Fault) -> Result<(), String> {
    if fault.times == 0 {
        return Err("`times` starts at 1".to_owned());
    }
    match (fault.kind, fault.status) {
        (Kind::Status, None) => return Err("a `status` fault needs `status`".to_owned()),
        (Kind::Status, Some(status)) if !(200..=599).contains(&status) => {
            return Err("`status` is from 200 to 599".to_owned());
        }
        (Kind::Status, Some(_)) | (_, None) => {}
        (_, Some(_)) => return Err("`status` goes with the `status` fault alone".to_owned()),
    }
    if fault.kind == Kind::Delay && fault.delay_ms == 0 {
        return Err("a `delay` fault needs `delay_ms`".to_owned());
    }
    for (name, value) in &fault.headers {
        if HeaderName::try_from(name).is_err() || HeaderValue::try_from(value).is_err() {
            return Err(format!("`{name}` is no usable header"));
        }
    }
    Ok(())
}

/// The answer of a `status` fault.
#[must_use]
pub(crate) fn status_answer(fault: &Fault) -> Response {
    let body = fault.body.clone().unwrap_or_default();
    let mut res = Response::new(Body::from(body));
    *res.status_mut() =
        fault.status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::BAD_GATEWAY);
    dress(res, fault)
}

/// The answer of a `wrong-json` fault: the true status with another body.
#[must_use]
pub(crate) fn wrong_json_answer(fault: &Fault, status: StatusCode) -> Response {
    let body = fault
        .body
        .clone()
        .unwrap_or_else(|| r#"{"content":"unexpected","id":{"not":"a number"}}"#.to_owned());
    let mut res = Response::new(Body::from(body));
    *res.status_mut() = status;
    res.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    dress(res, fault)
}

/// Adds the fault's headers; a body that looks like JSON says so unless the fault says otherwise.
fn dress(mut res: Response, fault: &Fault) -> Response {
    if let Some(body) = fault.body.as_deref() {
        let is_json = body.starts_with(['{', '[']);
        let kind = if is_json { "application/json" } else { "text/plain; charset=utf-8" };
        res.headers_mut().entry(header::CONTENT_TYPE).or_insert(HeaderValue::from_static(kind));
    }
    for (name, value) in &fault.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            res.headers_mut().insert(name, value);
        }
    }
    res
}

/// Half of an answer under the length of the whole.
#[must_use]
pub(crate) fn cut(status: StatusCode, mut parts: axum::http::response::Parts, whole: &Bytes) -> Response {
    parts.status = status;
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
    let half = whole.slice(..whole.len() / 2);
    Response::from_parts(
        parts,
        Body::new(CutBody { half: Some(half), is_flushed: false, length: whole.len() as u64 }),
    )
}

/// A body that ends with an error after its first half.
#[derive(Debug)]
struct CutBody {
    half: Option<Bytes>,
    is_flushed: bool,
    length: u64,
}

impl HttpBody for CutBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Some(half) = self.half.take() {
            return Poll::Ready(Some(Ok(Frame::data(half))));
        }
        if !self.is_flushed {
            // The server writes what it has while the body is pending, so the first half gets out.
            self.is_flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(std::io::Error::other("cut by an injected fault"))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
