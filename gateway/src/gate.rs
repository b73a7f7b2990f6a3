//! The way every request takes: body, log, faults, limits, handler, shape of the answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use hosting::Part;
use http_body_util::BodyExt as _;

use crate::app::App;
use crate::faults::{self, Fault, Kind, When};
use crate::rate_limit::Verdict;
use crate::reply::{Committed, Failure};
use crate::request_log::{Ending, body_for_log};
use crate::switches::{Bound, OnOff, Switches};
use crate::{control, qlik, qps, qualys_gateway, serve, solifyn};

/// The largest request body in bytes; the largest meaningful one is a long query.
const LARGEST_BODY: usize = 1 << 20;
/// How much of a body that is too large is read on, so that the client gets to see the refusal.
const LARGEST_DRAIN: usize = 32 << 20;

/// Marks an answer in whose place the connection ends; the accept loop obeys it.
#[derive(Debug, Clone, Copy)]
pub struct EndConnection;

/// The whole service: the API at the root and under the prefixes, the control interface, the built app.
pub fn app_router(app: &Arc<App>) -> Router {
    let api = qualys_gateway::routes()
        .merge(solifyn::routes())
        .merge(qlik::routes(app))
        .method_not_allowed_fallback(wrong_method)
        .merge(qps::routes(app));
    let mut res = Router::new().merge(api.clone());
    for prefix in &app.options.prefixes {
        res = res.nest(prefix, api.clone().fallback(not_found));
    }
    if app.options.control {
        res = res.nest(
            "/_control",
            control::routes().fallback(not_found).method_not_allowed_fallback(wrong_method),
        );
    }
    res.fallback(serve::fallback).layer(from_fn_with_state(Arc::clone(app), gate)).with_state(Arc::clone(app))
}

async fn wrong_method() -> Failure {
    Failure::new(StatusCode::METHOD_NOT_ALLOWED, "This path does not take this method.")
}

async fn not_found() -> Failure {
    Failure::new(StatusCode::NOT_FOUND, "There is nothing at this path.")
}

async fn gate(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if path == "/_control" || path.starts_with("/_control/") {
        return dressed(shaped(next.run(request).await, None, &app.switches()), &app.switches());
    }
    if app.options.control {
        app.access.add(request.method(), request.uri(), request.headers());
    }
    let is_api = app.api_path(&path).is_some();
    if is_api && request.method() == Method::OPTIONS && app.switches().cors == OnOff::On {
        return dressed(preflight(), &app.switches());
    }
    // A task of its own runs to its end and into the log even when the client goes away.
    let handled = tokio::spawn(async move {
        let mut res = handle(&app, request, next, &path, is_api).await;
        app.served.change(res.headers_mut());
        res
    });
    handled.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

async fn handle(app: &App, request: Request, next: Next, path: &str, is_api: bool) -> Response {
    let (parts, body) = request.into_parts();
    let method = parts.method.clone();
    let bytes = read(body).await;
    // Without control nobody can read the log, so nothing is kept.
    let sequence = (is_api && app.options.control).then(|| {
        let body =
            bytes.as_ref().map_or(serde_json::Value::Null, |bytes| body_for_log(&parts.headers, bytes));
        app.log.begin(&method, path, body)
    });
    let api_path = app.api_path(path);
    let fault = app.faults.take(&method, &[path, api_path.unwrap_or(path)]);
    wait(fault.as_ref(), When::Before).await;
    let mut committed = false;
    let mut res = match fault.as_ref().map(|fault| (fault.kind, fault)) {
        Some((Kind::DropBefore, _)) => ended(),
        Some((Kind::Status, fault)) => faults::status_answer(fault),
        _ => {
            let res = match bytes {
                Ok(bytes) => {
                    let request = Request::from_parts(parts, Body::from(bytes));
                    limited(app, request, next, api_path).await
                }
                Err(failure) => match api_path.filter(|path| qps::owns(path)) {
                    Some(path) => qps::refused(path, &parts.headers, failure, &app.switches()),
                    None => failure.into_response(),
                },
            };
            committed = res.extensions().get::<Committed>().is_some();
            wait(fault.as_ref(), When::After).await;
            spoiled(shaped(res, api_path, &app.switches()), fault.as_ref()).await
        }
    };
    if is_api {
        res = dressed(res, &app.switches());
        // As a proxy on the console's own origin dresses them.
        if let Some(folder) = &app.options.serve {
            app.served.dress(res.headers_mut(), Part::Api, folder);
        }
        if let Bound::At(ms) = app.switches().latency {
            tokio::time::sleep(Duration::from_millis(ms.into())).await;
        }
    }
    if let Some(sequence) = sequence {
        let is_sent = res.extensions().get::<EndConnection>().is_none();
        let status = is_sent.then_some(res.status());
        app.log.end(sequence, Ending { status, fault: fault.map(|fault| fault.kind.name()), committed });
    }
    res
}

/// Reads a body up to the largest size, and past it only to throw it away.
async fn read(mut body: Body) -> Result<Bytes, Failure> {
    let (mut res, mut length) = (Vec::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Failure::bad_request("The request body ended early."))?;
        let Some(data) = frame.data_ref() else { continue };
        length = length.saturating_add(data.len());
        if length > LARGEST_DRAIN {
            break;
        }
        if length <= LARGEST_BODY {
            res.extend_from_slice(data);
        }
    }
    if length > LARGEST_BODY {
        let message = format!("The request body is larger than {LARGEST_BODY} bytes.");
        return Err(Failure::new(StatusCode::PAYLOAD_TOO_LARGE, message));
    }
    Ok(res.into())
}

/// Runs the handler within the limits; sign-in is exempt, and so are files.
async fn limited(app: &App, request: Request, next: Next, api_path: Option<&str>) -> Response {
    if !api_path.is_some_and(|path| path.starts_with("/caui")) {
        return next.run(request).await;
    }
    let (Verdict { headers, refused }, _running) = app.rate.admit(&app.switches(), Instant::now());
    let mut res = match refused {
        Some(failure) => failure.into_response(),
        None => next.run(request).await,
    };
    res.headers_mut().extend(headers);
    res
}

/// Writes the body of a failure in the shape of its system and of the switches, keeping the headers set so far.
fn shaped(mut res: Response, api_path: Option<&str>, switches: &Switches) -> Response {
    let Some(failure) = res.extensions_mut().remove::<Failure>() else { return res };
    let mut shaped = match api_path {
        Some(path) if solifyn::owns(path) => solifyn::shaped(&failure, switches.solifyn.solifyn_messages),
        Some(path) if qlik::owns(path) => qlik::shaped(failure, &switches.qlik),
        Some(_) | None => failure.into_shaped(switches.error_body),
    };
    let has_kind = |headers: &HeaderMap| headers.contains_key(header::CONTENT_TYPE);
    for (name, value) in res.headers() {
        if name != header::CONTENT_LENGTH && !(name == header::CONTENT_TYPE && has_kind(shaped.headers())) {
            shaped.headers_mut().append(name, value.clone());
        }
    }
    shaped
}

/// Applies a fault that works on a finished answer.
async fn spoiled(res: Response, fault: Option<&Fault>) -> Response {
    match fault {
        Some(Fault { kind: Kind::DropAfterWrite, .. }) => ended(),
        Some(fault @ Fault { kind: Kind::WrongJson, .. }) => faults::wrong_json_answer(fault, res.status()),
        Some(Fault { kind: Kind::CutBody, .. }) => {
            let (parts, body) = res.into_parts();
            // Our own answers are complete in memory, so reading one cannot fail.
            let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
            faults::cut(parts.status, parts, &whole)
        }
        Some(_) | None => res,
    }
}

fn ended() -> Response {
    let mut res = Response::new(Body::empty());
    res.extensions_mut().insert(EndConnection);
    res
}

async fn wait(fault: Option<&Fault>, when: When) {
    if let Some(fault) = fault.filter(|fault| fault.delay == when && fault.delay_ms > 0) {
        tokio::time::sleep(Duration::from_millis(fault.delay_ms)).await;
    }
}

/// The headers of every API answer. Without the `cors` switch a browser on another origin gets nothing: no document
/// mentions CORS (reference, section 3.5).
fn dressed(mut res: Response, switches: &Switches) -> Response {
    let headers = res.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::X_FRAME_OPTIONS).or_insert(HeaderValue::from_static("DENY"));
    if switches.cors == OnOff::On {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static(
                "Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Window-Sec, \
                 X-RateLimit-ToWait-Sec, X-ConcurrencyLimit-Limit, X-Concurrency-Limit-Limit, \
                 X-Concurrency-Limit-Running, Ratelimit-Limit, Ratelimit-Remaining, \
                 Ratelimit-Reset, X-B3-Traceid, Qlik-Csrf-Token, Deprecation, Sunset",
            ),
        );
    }
    res
}

fn preflight() -> Response {
    let mut res = StatusCode::NO_CONTENT.into_response();
    let headers = res.headers_mut();
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("GET, POST, PATCH, DELETE, OPTIONS"),
    );
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static("Authorization, Content-Type, X-Requested-With, Qlik-Api-Version"),
    );
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    res
}
