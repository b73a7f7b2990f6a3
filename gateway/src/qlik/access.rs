//! The way every Qlik call takes: who calls, the rate limits, the handler, the shape and the headers of the answer.

use std::sync::Arc;

use axum::extract::{FromRequestParts, OriginalUri, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use rusqlite::Connection;

use super::errors::{self, Refusal};
use super::keys::{self, Status, StoredKey, SubType};
use super::limits::{Tier, Verdict};
use super::page::{Base, Query};
use super::people::{self, User};
use super::switches::{Config as Era, QlikSwitches};
use super::{ADMIN, MEMBER, audit, config};
use crate::app::App;
use crate::reply::Failure;
use crate::switches::OnOff;

/// A call that was let in, and all that handlers need of it besides its body.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) app: Arc<App>,
    /// Who calls.
    pub(super) user: User,
    /// When, in milliseconds since 1970 by the tenant's clock.
    pub(super) now: i64,
    pub(super) switches: QlikSwitches,
    pub(super) base: Base,
    pub(super) query: Query,
}

impl Call {
    /// Whether the caller is a tenant administrator.
    pub(super) fn is_admin(&self) -> bool {
        self.user.has_role("TenantAdmin")
    }
}

impl FromRequestParts<Arc<App>> for Call {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refusal> {
        let Some(Admitted { user, now }) = parts.extensions.get::<Admitted>().cloned() else {
            return Err(Refusal::unauthorized());
        };
        let full_path = parts.extensions.get::<OriginalUri>().map(|uri| uri.0.path().to_owned());
        let full_path = full_path.unwrap_or_else(|| parts.uri.path().to_owned());
        Ok(Self {
            user,
            now,
            switches: app.switches().qlik,
            base: Base::of(parts, &full_path, app.options.listen),
            query: Query::new(parts.uri.query().unwrap_or_default()),
            app: Arc::clone(app),
        })
    }
}

/// Put into a request whose caller is known and within the limits.
#[derive(Debug, Clone)]
struct Admitted {
    user: User,
    now: i64,
}

/// What the answer to "may this call pass?" depends on.
struct Question {
    authorization: String,
    tier: Tier,
    path: String,
}

/// Wraps every handler.
pub(super) async fn guard(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let switches = app.switches().qlik;
    let trace = errors::new_trace();
    let value = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let question = Question {
        authorization: value.unwrap_or_default().to_owned(),
        tier: Tier::of(request.method()),
        path: request.uri().path().to_owned(),
    };
    let (admitted, verdict) = admit(&app, &question, &switches).await;
    let res = match admitted {
        Ok(admitted) => {
            request.extensions_mut().insert(admitted);
            next.run(request).await
        }
        Err(refusal) => refusal.into_response(),
    };
    finished(res, verdict, &switches, &trace)
}

/// The shape and the headers of an answer that needed no caller.
pub(super) async fn open_guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let res = next.run(request).await;
    finished(res, None, &app.switches().qlik, &errors::new_trace())
}

fn finished(mut res: Response, verdict: Option<Verdict>, switches: &QlikSwitches, trace: &str) -> Response {
    let refusal = res.extensions_mut().remove::<Refusal>();
    let failure = res.extensions_mut().remove::<Failure>().map(Refusal::from);
    if let Some(refusal) = refusal.or(failure) {
        res = errors::shaped(refusal, switches, trace);
    }
    errors::set_trace(&mut res, trace);
    if let Some(verdict) = verdict.filter(|_| switches.qlik_rate_headers == OnOff::On) {
        set(res.headers_mut(), "ratelimit-limit", &verdict.budget.to_string());
        set(res.headers_mut(), "ratelimit-remaining", &verdict.remaining.to_string());
        set(res.headers_mut(), "ratelimit-reset", &verdict.reset.to_string());
    }
    if switches.qlik_deprecation == OnOff::On {
        set(res.headers_mut(), "deprecation", "@1782864000");
        set(res.headers_mut(), "sunset", "Thu, 01 Jul 2027 00:00:00 GMT");
        set(res.headers_mut(), "link", "</api/v1/api-keys>; rel=\"deprecation\"");
    }
    res
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

async fn admit(
    app: &Arc<App>,
    question: &Question,
    switches: &QlikSwitches,
) -> (Result<Admitted, Refusal>, Option<Verdict>) {
    let now = app.qlik.now();
    let caller = match caller(app, &question.authorization, switches, now).await {
        Ok(caller) => caller,
        Err(refusal) => return (Err(refusal), None),
    };
    let mut verdict = None;
    if switches.qlik_rate_limits == OnOff::On {
        let counted = app.qlik.limits.admit(question.tier, &caller.id, caller.users, switches, now);
        if let Some(wait) = counted.wait {
            return (Err(Refusal::too_many(wait)), Some(counted));
        }
        verdict = Some(counted);
    }
    let admitted = match caller.user {
        Some(user) => {
            permitted(&user, caller.is_by_key, &question.path, switches).map(|()| Admitted { user, now })
        }
        None => Err(Refusal::forbidden("A SCIM client has no access to this resource.")),
    };
    (admitted, verdict)
}

/// The permission decides about all calls on API keys, and about any call made with one (reference, section 2, roles).
fn permitted(user: &User, is_by_key: bool, path: &str, switches: &QlikSwitches) -> Result<(), Refusal> {
    let is_about_keys = path == "/api/v1/api-keys" || path.starts_with("/api/v1/api-keys/");
    let is_free = switches.qlik_config == Era::Before2026
        || user.can_manage_api_keys
        || user.has_role("TenantAdmin")
        || !(is_by_key || is_about_keys);
    if is_free {
        return Ok(());
    }
    Err(Refusal::unauthorized().with_status(switches.qlik_no_permission.code()))
}

/// Whom a token stands for.
struct Caller {
    id: String,
    /// `None` for a SCIM client.
    user: Option<User>,
    is_by_key: bool,
    /// How many users the tenant has.
    users: u64,
}

async fn caller(
    app: &Arc<App>,
    authorization: &str,
    switches: &QlikSwitches,
    now: i64,
) -> Result<Caller, Refusal> {
    let (scheme, token) = authorization.split_once(' ').unwrap_or_default();
    let token = token.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        return Err(Refusal::unauthorized());
    }
    let demo_user = [(&app.options.qlik_token, ADMIN), (&app.options.qlik_user_token, MEMBER)];
    let demo_user = demo_user.into_iter().find(|(known, _)| known.text() == token).map(|(_, id)| id);
    let key_id = match demo_user {
        Some(_) => None,
        None => Some(app.qlik.signer.key_id(token).ok_or_else(Refusal::unauthorized)?),
    };
    let (era, round) = (switches.qlik_config, app.token_round());
    let read = move |connection: &Connection| {
        let users = people::count_users(connection)?;
        if let Some(id) = demo_user {
            let user = active_user(connection, id)?;
            return Ok((user.map(|user| known(user, false, users)), None));
        }
        let Some(key) = keys::find(connection, &key_id.unwrap_or_default())? else { return Ok((None, None)) };
        let is_off = era == Era::Before2026 && !config::load(connection)?.api_keys_enabled;
        if is_off || key.status(now) != Status::Active || key.round < round {
            return Ok((None, Some(key)));
        }
        if key.sub_type == SubType::ExternalClient {
            let caller = Caller { id: key.sub, user: None, is_by_key: true, users };
            return Ok((Some(caller), None));
        }
        let user = active_user(connection, &key.sub)?;
        let failed = if user.is_none() { Some(key) } else { None };
        Ok((user.map(|user| known(user, true, users)), failed))
    };
    let (caller, failed) = app.store.read(read).await?;
    if let Some(key) = failed {
        note_failure(app, key, now).await?;
    }
    caller.ok_or_else(Refusal::unauthorized)
}

fn known(user: User, is_by_key: bool, users: u64) -> Caller {
    Caller { id: user.id.clone(), user: Some(user), is_by_key, users }
}

fn active_user(connection: &Connection, id: &str) -> rusqlite::Result<Option<User>> {
    Ok(people::find_user(connection, id)?.filter(|user| user.status == "active"))
}

/// A key that no longer works leaves a trace in the events.
async fn note_failure(app: &App, key: StoredKey, now: i64) -> rusqlite::Result<()> {
    let kind = audit::Kind::ValidationFailed;
    app.store.write(move |transaction| audit::of_key(transaction, kind, &key, &key.sub, now)).await
}
