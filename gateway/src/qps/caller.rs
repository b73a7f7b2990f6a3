//! The layer around all QPS calls: the header, who calls, the limits, and how the answer is written.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{OriginalUri, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::answer::{self, Answer, Style};
use super::networks::{self, FoAnswer};
use super::refusal::{Code, Refusal};
use super::switches::{Access, Bearer, Demand, ErrorStatus};
use crate::app::App;
use crate::rate_limit::{Limits, set};
use crate::reply::{Committed, Failure};
use crate::switches::{Bound, OnOff, Switches};

/// Runs a call within all that goes for every call.
pub(super) async fn layer(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let switches = app.switches();
    let path =
        request.extensions().get::<OriginalUri>().map_or_else(|| request.uri().path(), |uri| uri.path());
    let path = path.to_owned();
    let (headers, query) = (request.headers().clone(), request.uri().query().map(str::to_owned));
    let refusal = refused_caller(&app, &headers, &switches);
    let limits = Limits {
        calls: switches.qps.qps_rate_limit,
        window: switches.qps.qps_rate_window,
        concurrency: switches.qps.qps_concurrency,
    };
    let (mut rate, _running, mut res);
    rate = HeaderMap::new();
    match refusal {
        Some(refusal) => res = refusal.into_response(),
        None => {
            let (counted, running) = app.qps_rate.count(limits, Instant::now());
            _running = running;
            if switches.qps.qps_rate_headers == OnOff::On {
                if let Bound::At(most) = limits.concurrency {
                    set(&mut rate, "x-concurrency-limit-limit", most);
                    set(&mut rate, "x-concurrency-limit-running", counted.running);
                }
                if let Bound::At(most) = limits.calls {
                    set(&mut rate, "x-ratelimit-limit", most);
                    set(&mut rate, "x-ratelimit-remaining", most.saturating_sub(counted.used));
                    set(&mut rate, "x-ratelimit-window-sec", limits.window);
                    if let Some(wait) = counted.wait {
                        set(&mut rate, "x-ratelimit-towait-sec", wait);
                    }
                }
            }
            // Too many at once is said first when both limits are reached (reference, section 5).
            res = match (counted.is_crowded, counted.wait) {
                (true, _) => limit(None).into_response(),
                (false, Some(wait)) => limit(Some(wait)).into_response(),
                (false, None) => next.run(request).await,
            };
        }
    }
    res = written(res, &path, &headers, query.as_deref(), &switches);
    res.headers_mut().extend(rate);
    res
}

fn limit(wait: Option<u64>) -> Refusal {
    Refusal { fixed_status: Some(StatusCode::CONFLICT), ..Refusal::new(Code::LimitExceeded { wait }, "", "") }
}

/// Why a caller is turned away, if it is.
fn refused_caller(app: &App, headers: &HeaderMap, switches: &Switches) -> Option<Refusal> {
    let has_mark = headers.get("x-requested-with").is_some_and(|value| !value.is_empty());
    if switches.qps.qps_requested_with == Demand::Required && !has_mark {
        let resolution = "Send the header with any value.";
        return Some(Refusal::invalid("Missing required header: X-Requested-With.", resolution));
    }
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, secret) = value.split_once(' ').unwrap_or_default();
    let is_known = if scheme.eq_ignore_ascii_case("basic") {
        has_account(app, secret.trim())
    } else {
        let is_taken = switches.qps.qps_bearer == Bearer::Accepted && scheme.eq_ignore_ascii_case("bearer");
        is_taken && app.check_token(secret.trim()).is_ok()
    };
    match (is_known, switches.qps.qps_access) {
        (false, _) => Some(Refusal::credentials()),
        (true, Access::Denied) => Some(Refusal::access()),
        (true, Access::Granted) => None,
    }
}

fn has_account(app: &App, encoded: &str) -> bool {
    let decoded = STANDARD.decode(encoded).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let account = &app.options.account;
    decoded.as_deref().and_then(|text| text.split_once(':'))
        == Some((account.user.as_str(), account.password.as_str()))
}

/// Writes what a handler, this layer or the gate has to say.
pub(super) fn written(
    mut res: Response,
    path: &str,
    headers: &HeaderMap,
    query: Option<&str>,
    switches: &Switches,
) -> Response {
    let refusal = match res.extensions_mut().remove::<Failure>() {
        Some(failure) => Some(Refusal::of_transport(failure)),
        None => res.extensions_mut().remove::<Refusal>(),
    };
    let is_fo = path.contains("/api/2.0");
    if let Some(refusal) = refusal {
        return write_refusal(&refusal, is_fo, path, headers, switches);
    }
    if let Some(FoAnswer(body)) = res.extensions_mut().remove() {
        return with_body(StatusCode::OK, "text/xml", body);
    }
    let Some(answer) = res.extensions_mut().remove::<Answer>() else { return res };
    let style = style(path, headers, query, switches);
    let is_committed = answer.is_committed;
    let mut res = with_body(StatusCode::OK, content_type(&style), answer::write(answer, &style));
    if is_committed {
        res.extensions_mut().insert(Committed);
    }
    res
}

fn write_refusal(
    refusal: &Refusal,
    is_fo: bool,
    path: &str,
    headers: &HeaderMap,
    switches: &Switches,
) -> Response {
    if let Code::LimitExceeded { wait } = refusal.code {
        return with_body(
            StatusCode::CONFLICT,
            "text/xml",
            networks::blocked(wait, base(path, headers).as_str()),
        );
    }
    if is_fo {
        let status = refusal.fixed_status.unwrap_or(refusal.code.status());
        let body = networks::simple_return(refusal, base(path, headers).as_str(), Timestamp::now());
        return with_body(status, "text/xml", body);
    }
    let status = match (refusal.fixed_status, switches.qps.qps_error_status) {
        (Some(status), _) => status,
        (None, ErrorStatus::Ok) => StatusCode::OK,
        (None, ErrorStatus::Http) => refusal.code.status(),
    };
    let style = style(path, headers, None, switches);
    let Refusal { code, message, resolution, .. } = refusal;
    let body = answer::write_refusal(code.name(), message, resolution, schema(path), &style);
    with_body(status, content_type(&style), body)
}

/// The schema of the objects a path is about.
fn schema(path: &str) -> &'static str {
    match path {
        _ if path.contains("/am/tag") => "2.0/am/tag",
        _ if path.contains("/am/") => "2.0/am/hostasset",
        _ if path.contains("/portal/") => "version",
        _ => "1.0/ca/agentactkey",
    }
}

fn style(path: &str, headers: &HeaderMap, query: Option<&str>, switches: &Switches) -> Style {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let wanted = query
        .map(|query| form_urlencoded::parse(query.as_bytes()))
        .and_then(|mut pairs| pairs.find(|(name, _)| name == "fields"))
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default();
    let fields =
        wanted.split(',').map(str::trim).filter(|path| !path.is_empty()).map(str::to_owned).collect();
    Style {
        is_json: accept.to_ascii_lowercase().contains("application/json"),
        text: switches.qps.qps_text,
        booleans: switches.qps.qps_json_booleans,
        empty: switches.qps.qps_empty_result,
        base: base(path, headers),
        fields,
    }
}

/// The address of this API as the caller sees it, from the `Host` header and the prefix in the path.
fn base(path: &str, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let end = path.find("/qps").or_else(|| path.find("/api/2.0")).unwrap_or(0);
    format!("http://{host}{}", path.get(..end).unwrap_or_default())
}

fn content_type(style: &Style) -> &'static str {
    if style.is_json { "application/json" } else { "application/xml" }
}

fn with_body(status: StatusCode, kind: &'static str, body: String) -> Response {
    let mut res = Response::new(Body::from(body));
    *res.status_mut() = status;
    res.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    // As recorded; the gateway API forbids frames altogether.
    res.headers_mut().insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    res
}
