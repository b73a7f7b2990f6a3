use std::cell::Cell;
use std::rc::Rc;

use futures_util::future::{self, Either, LocalBoxFuture};

use super::allowance::Allowance;
use super::observe::Ending;
use super::slots::{Slot, Slots};
use super::transport::Answer;
use super::{
    ApiError, Auth, Call, Cancel, Credential, ErrorKind, Kind, Observer, Request, Response, ResponseHeaders,
    Scheme, Silent, Timer, Transport, TransportError, Waiting, curl, error, link, moment, retry,
};
use crate::domain::{Secret, Timestamp};
use crate::platform::location;

/// Sign-ins one read waits for; a server that refuses fresh tokens must not ask for ever.
const RENEWALS: u32 = 3;

/// Signing in will not happen: the reader signed out or chose another connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;

/// Whom a credential says it is of. Not verified: good for asking about oneself, and for nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// The id of the user.
    pub user: Option<String>,
    /// The id of the tenant.
    pub tenant: Option<String>,
}

/// Gives credentials to calls and hears what became of them.
pub trait Authority {
    /// The credential, if there is one the server has not refused.
    fn credential(&self) -> Option<Credential>;
    /// The server refused this credential with a 401.
    fn rejected(&self, used: &Credential);
    /// The server did something else with a call signed by this credential: it knows it.
    fn accepted(&self, _used: &Credential) {}
    /// Ready when there is a credential again; at once when there is one already.
    fn renewed(&self) -> LocalBoxFuture<'static, Result<(), Cancelled>>;
    /// Whether a change may be sent now.
    fn may_write(&self) -> bool {
        true
    }
    /// The server refused a change because this credential may only read.
    fn may_only_read(&self) {}
    /// Whom the credential itself says it is of, as far as it does.
    fn holder(&self) -> Holder {
        Holder::default()
    }
    /// How calls are signed, for copied commands.
    fn scheme(&self) -> Scheme {
        self.credential().map_or(Scheme::Bearer, |it| it.scheme())
    }
    /// The server's clock, from the `Date` header of an answer.
    fn server_time(&self, _now: Timestamp) {}
}

/// Reads an answer before its status is believed, for APIs whose errors come with a 200: an error, or
/// nothing when the status tells the truth. It sees every answer whole, good ones too, and must keep
/// nothing of those.
pub type Judge = fn(&Request, u16, &str) -> Option<ApiError>;

/// Takes out of the words of an error what must not be in one, whoever sent it.
pub type Veil = fn(&str) -> String;

/// Calls to one host. Clones share the queue.
#[derive(Clone)]
pub struct Http {
    base_url: Rc<str>,
    transport: Rc<dyn Transport>,
    timer: Rc<dyn Timer>,
    authority: Rc<dyn Authority>,
    observer: Rc<dyn Observer>,
    judge: Option<Judge>,
    veil: Option<Veil>,
    slots: Slots,
    allowance: Allowance,
    /// The end of the last wait that the service asked for, on the timer's clock.
    limited_until_ms: Rc<Cell<Option<f64>>>,
}

impl Http {
    /// Calls below `base_url`, which ends in `/` (see `session::base_url`). One a host: the queue is its own.
    #[must_use]
    pub fn new(
        base_url: &str,
        transport: Rc<dyn Transport>,
        timer: Rc<dyn Timer>,
        authority: Rc<dyn Authority>,
    ) -> Self {
        Self {
            base_url: base_url.into(),
            transport,
            timer,
            authority,
            observer: Rc::new(Silent),
            judge: None,
            veil: None,
            slots: Slots::default(),
            allowance: Allowance::default(),
            limited_until_ms: Rc::default(),
        }
    }

    /// Until when the service asked to make no call, on the timer's clock; the moment may be over.
    #[must_use]
    pub fn limited_until_ms(&self) -> Option<f64> {
        self.limited_until_ms.get()
    }

    /// The same calls in the same queue, with someone watching all of them.
    #[must_use]
    pub fn watched_by(self, observer: Rc<dyn Observer>) -> Self {
        Self { observer, ..self }
    }

    /// The same calls in the same queue, with answers read by `judge` first.
    #[must_use]
    pub fn judged_by(self, judge: Judge) -> Self {
        Self { judge: Some(judge), ..self }
    }

    /// The same calls in the same queue, with the words of errors gone through by `veil`.
    #[must_use]
    pub fn veiled_by(self, veil: Veil) -> Self {
        Self { veil: Some(veil), ..self }
    }

    /// Sends a call and waits for its answer.
    ///
    /// A read is sent again, up to three times, when it is refused for now (429, 409 with a limit's mark,
    /// 502, 503, 504, no answer), and after signing in when its credential is refused. A write is sent at most
    /// once, whatever happens. Dropping the future cancels the call.
    ///
    /// # Errors
    /// [`ApiError`]; its kind is `Cancelled` when `cancel` was first, and `Invalid`, unsent, when the path of the call
    /// leads out of its folder.
    pub async fn send(&self, request: &Request, cancel: &Cancel) -> Result<Response, ApiError> {
        self.send_observed(request, cancel, &*self.observer).await
    }

    /// [`Http::send`] with someone watching this call alone.
    ///
    /// # Errors
    /// As [`Http::send`].
    pub async fn send_observed(
        &self,
        request: &Request,
        cancel: &Cancel,
        observer: &dyn Observer,
    ) -> Result<Response, ApiError> {
        let _ending = Ending(observer);
        if !request.stays_in_place() {
            return Err(ApiError::without_answer(ErrorKind::Invalid, request, false));
        }
        let mut retries = 0;
        let mut renewals = 0;
        loop {
            self.signed_in(request, cancel, observer).await?;
            let slot = self.queue(request, cancel, observer).await?;
            // Asked for only now: it may have been renewed or taken away while the call queued.
            let credential = self.authority.credential().filter(|_| request.auth == Auth::Signed);
            if credential.is_none() && request.auth == Auth::Signed {
                continue;
            }
            // A job that was planned before must not go on while nothing may be changed.
            if request.kind == Kind::Write && request.auth == Auth::Signed && !self.authority.may_write() {
                return Err(ApiError::without_answer(ErrorKind::Forbidden, request, false));
            }
            observer.started();
            let error = match self.exchange(request, credential.as_ref(), cancel).await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            drop(slot);
            if let (ErrorKind::Unauthorized { .. }, Some(credential)) = (error.kind, &credential) {
                self.authority.rejected(credential);
                if request.kind == Kind::Write || renewals == RENEWALS {
                    return Err(error);
                }
                renewals += 1;
                continue;
            }
            if !error::may_retry(&error, request) || retries == retry::RETRIES {
                return Err(error);
            }
            let asked = error.retry_after_secs;
            let Some(wait) = retry::wait_ms(retries, asked, self.timer.random()) else { return Err(error) };
            let limited = error.kind == ErrorKind::RateLimited;
            observer.waiting(if limited { Waiting::RateLimit(wait) } else { Waiting::Retry(wait) });
            until_cancelled(cancel, self.timer.sleep(wait)).await.ok_or_else(|| cancelled(request, true))?;
            retries += 1;
        }
    }

    /// The command a shell runs for this call; see [`curl::line`].
    #[must_use]
    pub fn curl(&self, request: &Request) -> Option<String> {
        curl::line(request, &self.base(), self.authority.scheme())
    }

    /// Whom the credential itself says it is of.
    #[must_use]
    pub fn holder(&self) -> Holder {
        self.authority.holder()
    }

    /// What an answer means where its status does not tell: the error it holds, if it holds one.
    #[must_use]
    pub fn judged(&self, request: &Request, status: u16, body: &str) -> Option<ApiError> {
        (self.judge?)(request, status, body)
    }

    /// The base URL with its origin, for commands; the page's origin is put before a base that has none.
    #[must_use]
    pub fn base(&self) -> String {
        let own_origin = self.base_url.starts_with('/');
        let origin = if own_origin { location::origin() } else { String::new() };
        [&origin, &*self.base_url].concat()
    }

    /// Waits before a refused call is sent again, and says so to whoever watches.
    pub async fn pause(&self, ms: u32) {
        let _ending = Ending(&*self.observer);
        self.observer.waiting(Waiting::RateLimit(ms));
        self.timer.sleep(ms).await;
    }

    /// Waits while little is left of a limit that the server tells, and says so to whoever watches: for one of very many
    /// calls, which leaves room for what the reader does. Returns early when `cancel` is first.
    pub async fn leave_room(&self, cancel: &Cancel) {
        while let Some(ms) = self.allowance.wait_ms(self.timer.now_ms()) {
            let _ending = Ending(&*self.observer);
            self.observer.waiting(Waiting::RateLimit(ms));
            if until_cancelled(cancel, self.timer.sleep(ms)).await.is_none() {
                return;
            }
        }
    }

    /// The path of a link in an answer, if it stays below the base URL of these calls.
    #[must_use]
    pub fn path_of(&self, href: &str) -> Option<String> {
        link::same_origin(&self.base_url, &location::origin(), href)
    }

    /// Makes sure of a credential. A read waits for one; a write without one fails before it is sent.
    async fn signed_in(
        &self,
        request: &Request,
        cancel: &Cancel,
        observer: &dyn Observer,
    ) -> Result<(), ApiError> {
        while request.auth == Auth::Signed && self.authority.credential().is_none() {
            if request.kind == Kind::Write {
                let kind = ErrorKind::Unauthorized { expired: true };
                return Err(ApiError::without_answer(kind, request, false));
            }
            observer.waiting(Waiting::SignIn);
            let renewed = until_cancelled(cancel, self.authority.renewed()).await;
            renewed.and_then(Result::ok).ok_or_else(|| cancelled(request, false))?;
        }
        Ok(())
    }

    async fn queue(
        &self,
        request: &Request,
        cancel: &Cancel,
        observer: &dyn Observer,
    ) -> Result<Slot, ApiError> {
        if self.slots.is_full() {
            observer.waiting(Waiting::Queue);
        }
        until_cancelled(cancel, self.slots.take()).await.ok_or_else(|| cancelled(request, false))
    }

    /// One attempt: sends, and reads the answer within the deadline.
    async fn exchange(
        &self,
        request: &Request,
        credential: Option<&Credential>,
        cancel: &Cancel,
    ) -> Result<Response, ApiError> {
        let call = Call::new(request, &self.base_url, credential.map(Credential::header));
        let answer = future::select(self.transport.send(call), self.timer.sleep(request.deadline_ms));
        let answer = until_cancelled(cancel, answer).await.ok_or_else(|| cancelled(request, true))?;
        let unanswered = |kind: ErrorKind| ApiError::without_answer(kind, request, true);
        match answer {
            Either::Right(((), _)) => Err(unanswered(ErrorKind::TimedOut)),
            Either::Left((Err(TransportError::Offline), _)) => Err(unanswered(ErrorKind::Offline)),
            Either::Left((Err(TransportError::Failed), _)) => Err(unanswered(ErrorKind::Network)),
            Either::Left((Ok(answer), _)) => self.read(request, credential, answer),
        }
    }

    fn read(
        &self,
        request: &Request,
        credential: Option<&Credential>,
        answer: Answer,
    ) -> Result<Response, ApiError> {
        let (status, headers, text) = answer;
        self.learn_time(&headers);
        self.allowance.learn(&headers, self.timer.now_ms());
        let error = self.error_in(request, status, &headers, &text);
        self.learn_limit(error.as_ref(), &headers);
        if let Some(credential) = credential
            && is_verdict(error.as_ref())
        {
            self.authority.accepted(credential);
        }
        let Some(error) = error else { return Ok(Response { status, headers, text }) };
        let mut secrets = credential.map(Credential::secrets).unwrap_or_default();
        secrets.extend(request.secrets());
        Err(self.cleaned(error, request, &headers, &text, &secrets))
    }

    fn error_in(
        &self,
        request: &Request,
        status: u16,
        headers: &ResponseHeaders,
        text: &str,
    ) -> Option<ApiError> {
        match self.judge.and_then(|it| it(request, status, text)) {
            Some(error) => Some(error::with_wait(error, headers, text)),
            None if (200..300).contains(&status) => None,
            None => Some(error::read(request, status, headers, text)),
        }
    }

    /// The error without the secrets that were sent. An error keeps the start of a text alone, and of a secret across
    /// its end a part would stay: so the text is cleaned first and read once more, and then what was read, since
    /// words may come out of it that stand nowhere in it.
    fn cleaned(
        &self,
        error: ApiError,
        request: &Request,
        headers: &ResponseHeaders,
        text: &str,
        secrets: &[Secret],
    ) -> ApiError {
        let clean = secrets.iter().fold(text.to_owned(), |text, it| error::redacted(&text, it.expose()));
        let mut res = error;
        if clean != text
            && let Some(status) = res.status
        {
            let read = self
                .error_in(request, status, headers, &clean)
                .unwrap_or_else(|| error::read(request, status, headers, &clean));
            // What happened is what the whole answer says.
            res = ApiError { message: read.message, raw: read.raw, trace: read.trace, ..res };
        }
        for secret in secrets {
            res.redact(secret.expose());
        }
        if let Some(veil) = self.veil {
            res.veil(veil);
        }
        res
    }

    /// Keeps a wait that the service asks for: with a refusal, or with a good answer that was the last of its window.
    fn learn_limit(&self, error: Option<&ApiError>, headers: &ResponseHeaders) {
        let asked = match error {
            Some(error) if error.kind == ErrorKind::RateLimited => error.retry_after_secs,
            Some(_) => None,
            None => retry::exhausted_wait_secs(headers),
        };
        if let Some(secs) = asked.filter(|it| *it > 0) {
            let until_ms = self.timer.now_ms() + f64::from(secs) * 1_000.0;
            let last = self.limited_until_ms.get().unwrap_or(until_ms);
            self.limited_until_ms.set(Some(last.max(until_ms)));
        }
    }

    fn learn_time(&self, headers: &ResponseHeaders) {
        if let Some(now) = headers.get("date").and_then(moment::http_date) {
            self.authority.server_time(now);
        }
    }
}

/// Whether an answer shows that the server knows the caller. A failure or a limit may come from whatever
/// stands in front of it.
fn is_verdict(error: Option<&ApiError>) -> bool {
    use ErrorKind::{Conflict, Forbidden, Invalid, NotFound};
    error.is_none_or(|it| matches!(it.kind, Conflict | Forbidden | Invalid | NotFound))
}

fn cancelled(request: &Request, sent: bool) -> ApiError {
    ApiError::without_answer(ErrorKind::Cancelled, request, sent)
}

/// The future's output, or nothing when the question became obsolete first. Cancelling wins a tie, so that
/// an obsolete answer is never delivered.
async fn until_cancelled<T>(cancel: &Cancel, work: impl Future<Output = T>) -> Option<T> {
    let work = std::pin::pin!(work);
    match future::select(std::pin::pin!(cancel.cancelled()), work).await {
        Either::Left(_) => None,
        Either::Right((output, _)) => (!cancel.is_cancelled()).then_some(output),
    }
}
