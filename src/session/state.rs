use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;
use leptos::prelude::{ArcRwSignal, GetUntracked as _, ReadUntracked as _, Set as _, Signal};
use send_wrapper::SendWrapper;

use super::authority::HostAuthority;
use super::token::Token;
use super::{Config, Connection, TokenProblem, stored};
use crate::domain::{Secret, Timestamp};
use crate::http::{
    ApiError, Authority, BrowserTimer, Cancel, FetchTransport, FormValue, Http, Method, Request, Timer,
    Transport,
};
use crate::platform::clock;
use crate::platform::storage::Persisted;

/// Seconds before the end at which the reader is warned.
pub const WARN_BEFORE_SECS: i64 = 10 * 60;

/// A session, without its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// Where.
    pub connection: Connection,
    /// Who; empty when a pasted token does not say.
    pub user: String,
    /// When it ends, by the server's clock.
    pub until: Timestamp,
    /// The `CustomerId` of the agent installers, when the token says it.
    pub customer_id: Option<String>,
    /// Whether it survives a reload.
    pub persisted: Persisted,
}

/// Where the reader stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// Nobody is signed in.
    SignedOut,
    /// There is a token.
    Active(Info),
    /// There was one, and the server refused it: sign in over the page and go on.
    Expired(Info),
}

/// The session. Clones are one session; it is given to the screens as a Leptos context.
#[derive(Clone)]
pub struct Session(SendWrapper<Rc<Core>>);

pub(super) struct Core {
    state: ArcRwSignal<SessionState>,
    pub(super) token: RefCell<Option<Secret>>,
    /// Reads that wait for a token, with the base URL they are for.
    pub(super) waiting: RefCell<Vec<(String, oneshot::Sender<()>)>>,
    /// Counts the readers of this tab; see [`HostAuthority`].
    pub(super) readers: Cell<u64>,
    /// How far the server's clock is ahead of this computer's, once an answer told.
    server_ahead_ms: Cell<i64>,
    hosts: RefCell<Vec<(String, Http)>>,
    transport: Rc<dyn Transport>,
    timer: Rc<dyn Timer>,
    clock: fn() -> Timestamp,
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl Session {
    /// Nobody signed in, on the browser's network and clock.
    #[must_use]
    pub fn new() -> Self {
        Self::with(Rc::new(FetchTransport), Rc::new(BrowserTimer), clock::now)
    }

    pub(super) fn with(transport: Rc<dyn Transport>, timer: Rc<dyn Timer>, clock: fn() -> Timestamp) -> Self {
        Self(SendWrapper::new(Rc::new(Core {
            state: ArcRwSignal::new(SessionState::SignedOut),
            token: RefCell::default(),
            waiting: RefCell::default(),
            readers: Cell::default(),
            server_ahead_ms: Cell::default(),
            hosts: RefCell::default(),
            transport,
            timer,
            clock,
        })))
    }

    /// Where the reader stands, as a signal.
    #[must_use]
    pub fn state(&self) -> Signal<SessionState> {
        self.0.state.clone().into()
    }

    /// Where the reader stands, now and untracked.
    #[must_use]
    pub fn current(&self) -> SessionState {
        self.0.state.get_untracked()
    }

    /// Calls to a connection: one queue a base URL. They carry the token while it was issued for that base
    /// URL, and wait or fail without one. They belong to the reader who is signed in: after another one
    /// signs in, or this one signs out, they end as cancelled.
    #[must_use]
    pub fn http(&self, connection: &Connection) -> Http {
        let base_url = &connection.base_url;
        let known = self.0.hosts.borrow().iter().find(|(it, _)| it == base_url).map(|(_, it)| it.clone());
        if let Some(http) = known {
            return http;
        }
        let http = self.new_http(base_url);
        self.0.hosts.borrow_mut().push((base_url.clone(), http.clone()));
        http
    }

    fn new_http(&self, base_url: &str) -> Http {
        let authority = self.authority_for(base_url);
        Http::new(base_url, self.0.transport.clone(), self.0.timer.clone(), authority)
    }

    /// What gives tokens to the calls of a connection, for whoever waits for a sign-in without a call.
    #[must_use]
    pub fn authority(&self, connection: &Connection) -> Rc<dyn Authority> {
        self.authority_for(&connection.base_url)
    }

    fn authority_for(&self, base_url: &str) -> Rc<dyn Authority> {
        let core = Rc::downgrade(&self.0);
        Rc::new(HostAuthority { core, base_url: base_url.to_owned(), reader: self.0.readers.get() })
    }

    /// Signs in with user and password (reference `qualys.md`, 3.1). Calls that waited go on when it is the
    /// same reader at the same connection, and else end as cancelled.
    ///
    /// # Errors
    /// [`ApiError`]: `Unauthorized` for a wrong password, `Malformed` for an answer that is no token. It
    /// holds neither the password nor anything of a good answer.
    pub async fn sign_in(
        &self,
        connection: &Connection,
        user: &str,
        password: Secret,
    ) -> Result<(), ApiError> {
        let request = sign_in_request(user, &password);
        // Its own queue: signing in must not wait behind calls that hang.
        let sent = self.new_http(&connection.base_url).send(&request, &Cancel::new()).await;
        let response = sent.map_err(|mut error| {
            error.redact(password.expose());
            error
        })?;
        let token = match (response.status, Token::read(&response.text)) {
            (200 | 201, Ok(token)) => token,
            (status, _) => return Err(ApiError::malformed(&request, status, "no token in the answer")),
        };
        self.activate(connection, token, user);
        Ok(())
    }

    /// Uses a pasted token.
    ///
    /// # Errors
    /// [`TokenProblem`]; the session stays as it was.
    pub fn use_token(&self, connection: &Connection, token: &Secret) -> Result<(), TokenProblem> {
        let token = Token::read(token.expose())?;
        let now = self.0.server_now();
        if token.until(now) <= now {
            return Err(TokenProblem::Expired);
        }
        self.activate(connection, token, "");
        Ok(())
    }

    /// Ends the session: token, storage and everything that waits for a sign-in are gone.
    pub fn sign_out(&self) {
        stored::forget();
        self.0.token.take();
        self.0.forget_reader();
        self.0.state.set(SessionState::SignedOut);
    }

    /// Takes up the session of this tab after a reload; whether there was one. An ended one becomes
    /// [`SessionState::Expired`], so that the reader signs in again where he was.
    pub fn restore(&self, config: &Config) -> bool {
        let Some((connection, text, until)) = stored::load(config) else { return false };
        let Ok(token) = Token::read(&text) else {
            stored::forget();
            return false;
        };
        let info = info(connection, &token, "", until, Persisted::Stored);
        if until <= self.0.server_now() {
            stored::forget();
            self.0.state.set(SessionState::Expired(info));
            return true;
        }
        *self.0.token.borrow_mut() = Some(token.secret);
        self.0.state.set(SessionState::Active(info));
        true
    }

    /// Seconds until the session ends, negative after; nothing when nobody is signed in. `now` is this
    /// computer's clock, and is put right by what the server's answers said.
    ///
    /// It is for showing and warning ([`WARN_BEFORE_SECS`]). Only the server ends a session, by a 401.
    #[must_use]
    pub fn seconds_left(&self, now: Timestamp) -> Option<i64> {
        let server_now = Timestamp(now.0.saturating_add(self.0.server_ahead_ms.get()));
        self.0.with_state(|it| match it {
            SessionState::Active(info) => Some(info.until.secs_since(server_now)),
            SessionState::Expired(_) => Some(0),
            SessionState::SignedOut => None,
        })
    }

    fn activate(&self, connection: &Connection, token: Token, user: &str) {
        let until = token.until(self.0.server_now());
        let persisted = stored::save(connection, &token.secret, until);
        let info = info(connection.clone(), &token, user, until, persisted);
        let same_reader = self.0.with_state(|it| match it {
            // Calls made before anyone signed in belong to whoever does first.
            SessionState::SignedOut => true,
            SessionState::Active(old) | SessionState::Expired(old) => {
                old.connection == info.connection && old.user == info.user
            }
        });
        if !same_reader {
            self.0.forget_reader();
        }
        *self.0.token.borrow_mut() = Some(token.secret);
        self.0.state.set(SessionState::Active(info));
        for (base_url, wake) in self.0.waiting.take() {
            // The others are dropped here, which cancels them: their connection is no longer chosen.
            if base_url == connection.base_url {
                wake.send(()).unwrap_or_default();
            }
        }
    }
}

impl Core {
    pub(super) fn with_state<T>(&self, f: impl FnOnce(&SessionState) -> T) -> T {
        f(&self.state.read_untracked())
    }

    /// Cuts off every call made for the present reader.
    fn forget_reader(&self) {
        self.readers.set(self.readers.get() + 1);
        self.hosts.take();
        // Dropping the senders cancels the calls behind them.
        self.waiting.take();
    }

    /// A 401. Says nothing about a newer token when an older one was used.
    pub(super) fn rejected(&self, bearer_used: &Secret) {
        let is_current = self.token.borrow_mut().take_if(|it| it.is(bearer_used.expose())).is_some();
        if !is_current {
            return;
        }
        stored::forget();
        if let SessionState::Active(info) = self.state.get_untracked() {
            self.state.set(SessionState::Expired(info));
        }
    }

    pub(super) fn learn_time(&self, server_now: Timestamp) {
        self.server_ahead_ms.set(server_now.0 - (self.clock)().0);
    }

    fn server_now(&self) -> Timestamp {
        Timestamp((self.clock)().0.saturating_add(self.server_ahead_ms.get()))
    }
}

fn info(connection: Connection, token: &Token, user: &str, until: Timestamp, persisted: Persisted) -> Info {
    let user = token.claims.user.clone().unwrap_or_else(|| user.to_owned());
    Info { connection, user, until, customer_id: token.claims.customer_id.clone(), persisted }
}

/// A write: a wrong password sent again and again locks the account.
fn sign_in_request(user: &str, password: &Secret) -> Request {
    let plain = |text: &str| FormValue::Plain(text.to_owned());
    let password = FormValue::Secret { value: password.clone(), placeholder: "PASSWORD" };
    let fields = vec![
        ("username", plain(user)),
        ("password", password),
        ("token", plain("true")),
        ("permissions", plain("true")),
    ];
    Request::write(Method::Post, "auth").unsigned().form(fields)
}
