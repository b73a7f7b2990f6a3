use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;
use leptos::prelude::{ArcRwSignal, GetUntracked as _, ReadUntracked as _, Set as _, Signal, With as _};
use send_wrapper::SendWrapper;

use super::authority::SessionAuthority;
use super::stored::{self, StoredSession};
use super::token::{Shape, Token};
use super::ways::shape;
use super::{Connection, TokenProblem};
use crate::domain::{Secret, Timestamp};
use crate::http::{
    ApiError, Authority, BrowserTimer, Cancel, Credential, FetchTransport, Http, Request, Scheme, Timer,
    Transport,
};
use crate::platform::clock;
use crate::platform::storage::Persisted;

/// Seconds before the end at which the reader is warned.
pub const WARN_BEFORE_SECS: i64 = 10 * 60;

/// A session, without its credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// Where.
    pub connection: Connection,
    /// Who; empty when a token does not say.
    pub user: String,
    /// When it ends, by the server's clock. Nothing when nobody can say: it lasts until the service refuses it.
    pub until: Option<Timestamp>,
    /// The `CustomerId` of the agent installers, when the token says it.
    pub customer_id: Option<String>,
    /// Whether it survives a reload.
    pub persisted: Persisted,
    /// The service said that this credential may change nothing.
    pub read_only: bool,
    /// The service took the credential at least once. Before, nobody knows whether it is right.
    pub accepted: bool,
    /// Which reader of this connection it is, counted. A renewed session keeps the number; whatever was drawn or
    /// planned for another number is not for this reader.
    pub reader: u64,
}

/// Where the reader stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// Nobody is signed in.
    SignedOut,
    /// There is a credential.
    Active(Info),
    /// There was one, and it is of no use any more: sign in over the page and go on.
    Expired(Info),
}

impl SessionState {
    /// Who and where, unless nobody is.
    #[must_use]
    pub fn info(&self) -> Option<&Info> {
        match self {
            Self::SignedOut => None,
            Self::Active(info) | Self::Expired(info) => Some(info),
        }
    }
}

/// The session of one connection. Clones are one session; the screens of a connection have theirs as a
/// Leptos context.
#[derive(Clone)]
pub struct Session(pub(super) SendWrapper<Rc<Core>>);

/// What a session needs from the world.
#[derive(Clone)]
pub(super) struct Outside {
    pub(super) transport: Rc<dyn Transport>,
    pub(super) timer: Rc<dyn Timer>,
    pub(super) clock: fn() -> Timestamp,
}

impl Outside {
    /// The browser's network and clock.
    pub(super) fn browser() -> Self {
        Self { transport: Rc::new(FetchTransport), timer: Rc::new(BrowserTimer), clock: clock::now }
    }
}

pub(super) struct Core {
    pub(super) connection: Connection,
    pub(super) state: ArcRwSignal<SessionState>,
    pub(super) credential: RefCell<Option<Credential>>,
    /// How the last credential was sent; copied commands keep it when it is gone.
    pub(super) scheme: Cell<Scheme>,
    /// A refused credential that told nobody's name: it comes back only to the same reader.
    refused: RefCell<Option<Credential>>,
    /// Cancels the sign-in that is under way.
    signing_in: RefCell<Cancel>,
    /// Reads that wait for a credential.
    pub(super) waiting: RefCell<Vec<oneshot::Sender<()>>>,
    /// Counts the readers of this connection; see [`SessionAuthority`].
    pub(super) readers: Cell<u64>,
    /// How far the server's clock is ahead of this computer's, once an answer told.
    pub(super) server_ahead_ms: Cell<Option<i64>>,
    /// Its credentials come from a portal: see `hosted.rs`.
    pub(super) by_host: Cell<bool>,
    /// Nothing that changes anything is sent.
    pub(super) holds_writes: Cell<bool>,
    http: RefCell<Option<Http>>,
    pub(super) outside: Outside,
}

/// What a sign-in brings.
pub(super) struct Arrival {
    pub(super) credential: Credential,
    pub(super) user: String,
    pub(super) until: Option<Timestamp>,
    pub(super) customer_id: Option<String>,
}

impl Session {
    pub(super) fn with(connection: Connection, outside: Outside) -> Self {
        Self(SendWrapper::new(Rc::new(Core {
            connection,
            state: ArcRwSignal::new(SessionState::SignedOut),
            credential: RefCell::default(),
            scheme: Cell::new(Scheme::Bearer),
            refused: RefCell::default(),
            signing_in: RefCell::default(),
            waiting: RefCell::default(),
            readers: Cell::default(),
            server_ahead_ms: Cell::default(),
            by_host: Cell::default(),
            holds_writes: Cell::default(),
            http: RefCell::default(),
            outside,
        })))
    }

    /// Whose it is.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.0.connection
    }

    /// Where the reader stands, as a signal.
    #[must_use]
    pub fn state(&self) -> Signal<SessionState> {
        self.0.state.clone().into()
    }

    /// Whether the service said that this reader may change nothing.
    #[must_use]
    pub fn read_only(&self) -> Signal<bool> {
        let state = self.state();
        Signal::derive(move || state.with(|it| it.info().is_some_and(|it| it.read_only)))
    }

    /// Where the reader stands, now and untracked.
    #[must_use]
    pub fn current(&self) -> SessionState {
        self.0.state.get_untracked()
    }

    /// Calls to the connection, in one queue. They wait or fail while there is no credential. They belong to
    /// the reader who is signed in: after another one signs in, or this one signs out, they end as cancelled.
    #[must_use]
    pub fn http(&self) -> Http {
        self.0.http.borrow_mut().get_or_insert_with(|| self.new_http()).clone()
    }

    fn new_http(&self) -> Http {
        let Outside { transport, timer, .. } = &self.0.outside;
        Http::new(&self.0.connection.base_url, transport.clone(), timer.clone(), self.authority())
    }

    /// What signs the calls of the connection, for whoever waits for a sign-in without a call.
    #[must_use]
    pub fn authority(&self) -> Rc<dyn Authority> {
        Rc::new(SessionAuthority { core: Rc::downgrade(&self.0), reader: self.0.readers.get() })
    }

    /// Signs in with user and password for a token; `form` makes the call, which answers with one. Calls that
    /// waited go on when it is the same reader, and else end as cancelled. A later sign-in, signing out and
    /// [`Session::cancel_sign_in`] overtake it: its answer then changes nothing.
    ///
    /// # Errors
    /// [`ApiError`]: `Unauthorized` for a wrong password, `Malformed` for an answer that is no token, `Cancelled`
    /// when it was overtaken. It holds neither the password nor anything of a good answer.
    pub async fn sign_in(
        &self,
        form: fn(&str, &Secret) -> Request,
        user: &str,
        password: Secret,
    ) -> Result<(), ApiError> {
        let request = form(user, &password);
        // Its own queue: signing in must not wait behind calls that hang.
        let request = request.hiding(password);
        let response = self.new_http().send(&request, &self.0.overtake()).await?;
        let token = match (response.status, Token::read(&response.text, Shape::Issued)) {
            (200 | 201, Ok(token)) => token,
            (status, _) => return Err(ApiError::malformed(&request, status, "no token in the answer")),
        };
        let arrival = self.0.arrival(token, user);
        // A token the service has just made needs no proof.
        self.0.activate(arrival, true);
        Ok(())
    }

    /// Signs in with user and password, to be sent with every call. They live in memory alone: after a reload
    /// the reader is asked again. The first call shows whether they are right.
    pub fn use_password(&self, user: &str, password: Secret) {
        let credential = Credential::Basic { user: user.to_owned(), password };
        self.0.activate(Arrival { credential, user: user.to_owned(), until: None, customer_id: None }, false);
    }

    /// Signs in with a pasted token or API key. The first call shows whether it is right.
    ///
    /// # Errors
    /// [`TokenProblem`]; the session stays as it was.
    pub fn use_token(&self, token: &Secret) -> Result<(), TokenProblem> {
        let token = Token::read(token.expose(), shape(self.0.connection.system))?;
        let arrival = self.0.arrival(token, "");
        if arrival.until.is_some_and(|it| it <= self.0.server_now()) {
            return Err(TokenProblem::Expired);
        }
        self.0.activate(arrival, false);
        Ok(())
    }

    /// Ends a sign-in that is under way: the reader does not want it any more.
    pub fn cancel_sign_in(&self) {
        self.0.overtake();
    }

    /// Notes that the service refused a change because this credential may only read, so that screens offer
    /// no more of them. It holds until the next sign-in.
    pub fn note_read_only(&self) {
        self.0.note_read_only();
    }

    /// Ends the session: credential, storage and everything that waits for a sign-in are gone.
    pub fn sign_out(&self) {
        stored::forget(&self.0.connection.id);
        self.0.overtake();
        self.0.credential.take();
        self.0.refused.take();
        self.0.forget_reader();
        self.0.state.set(SessionState::SignedOut);
    }

    /// Takes up the session of this tab after a reload; whether there was one. One that ended, or whose
    /// password was not kept, becomes [`SessionState::Expired`], so that the reader signs in again where he was.
    pub(super) fn restore(&self, stored: StoredSession) -> bool {
        let StoredSession { user, token, until, read_only, .. } = stored;
        let connection = self.0.connection.clone();
        let until = until.map(Timestamp);
        let (persisted, accepted) = (Persisted::Stored, true);
        let reader = self.0.readers.get();
        let info =
            Info { connection, user, until, customer_id: None, persisted, read_only, accepted, reader };
        let Some(text) = token else {
            self.0.scheme.set(Scheme::Basic);
            self.0.state.set(SessionState::Expired(info));
            return true;
        };
        let Ok(token) = Token::read(&text, shape(self.0.connection.system)) else {
            stored::forget(&self.0.connection.id);
            return false;
        };
        let info = Info { customer_id: token.claims.customer_id.clone(), ..info };
        if until.is_some_and(|it| it <= self.0.server_now()) {
            stored::forget(&self.0.connection.id);
            self.0.state.set(SessionState::Expired(info));
            return true;
        }
        *self.0.credential.borrow_mut() = Some(Credential::Bearer(token.secret));
        self.0.state.set(SessionState::Active(info));
        true
    }

    /// Seconds until the session ends, negative after; nothing when nobody is signed in, or no end is known.
    /// `now` is this computer's clock, and is put right by what the server's answers said.
    ///
    /// It is for showing and warning ([`WARN_BEFORE_SECS`]). Only the server ends a session, by a 401.
    #[must_use]
    pub fn seconds_left(&self, now: Timestamp) -> Option<i64> {
        let server_now = Timestamp(now.0.saturating_add(self.0.server_ahead_ms.get().unwrap_or(0)));
        self.0.with_state(|it| match it {
            SessionState::Active(info) => info.until.map(|it| it.secs_since(server_now)),
            SessionState::Expired(_) => Some(0),
            SessionState::SignedOut => None,
        })
    }
}

impl Core {
    pub(super) fn note_read_only(&self) {
        if let SessionState::Active(info) = self.state.get_untracked()
            && !info.read_only
        {
            let info = Info { read_only: true, ..info };
            let info = Info { persisted: self.keep(&info), ..info };
            self.state.set(SessionState::Active(info));
        }
    }

    pub(super) fn with_state<T>(&self, f: impl FnOnce(&SessionState) -> T) -> T {
        f(&self.state.read_untracked())
    }

    pub(super) fn arrival(&self, token: Token, user: &str) -> Arrival {
        let until = token.until(self.server_now());
        let user = token.claims.user.unwrap_or_else(|| user.to_owned());
        Arrival {
            credential: Credential::Bearer(token.secret),
            user,
            until,
            customer_id: token.claims.customer_id,
        }
    }

    pub(super) fn activate(&self, arrival: Arrival, accepted: bool) {
        let Arrival { credential, user, until, customer_id } = arrival;
        self.overtake();
        let same_reader = self.with_state(|it| match it.info() {
            // Calls made before anyone signed in belong to whoever does first.
            None => true,
            // Whoever signs out of the portal ends the session here, too.
            Some(_) if user.is_empty() && self.by_host.get() => true,
            // Two credentials without a name may be two people's.
            Some(old) if user.is_empty() => old.user.is_empty() && self.had(&credential),
            Some(old) => old.user == user,
        });
        if !same_reader {
            self.forget_reader();
        }
        self.refused.take();
        self.scheme.set(credential.scheme());
        *self.credential.borrow_mut() = Some(credential);
        let (connection, persisted) = (self.connection.clone(), Persisted::MemoryOnly);
        let reader = self.readers.get();
        let info =
            Info { connection, user, until, customer_id, persisted, read_only: false, accepted, reader };
        let info = Info { persisted: self.keep(&info), ..info };
        self.state.set(SessionState::Active(info));
        for wake in self.waiting.take() {
            wake.send(()).unwrap_or_default();
        }
    }

    /// Puts the session into storage: a token whole, of user and password that there was one.
    fn keep(&self, info: &Info) -> Persisted {
        if self.by_host.get() {
            return Persisted::MemoryOnly;
        }
        let token = match &*self.credential.borrow() {
            Some(Credential::Bearer(token)) => Some(token.expose().to_owned()),
            Some(Credential::Basic { .. }) | None => None,
        };
        let whole = token.is_some();
        let stored = StoredSession {
            base_url: self.connection.base_url.clone(),
            user: info.user.clone(),
            token,
            until: info.until.map(|it| it.0),
            read_only: info.read_only,
        };
        let kept = stored::save(&self.connection.id, stored);
        if whole { kept } else { Persisted::MemoryOnly }
    }

    /// Cuts off every call made for the present reader.
    fn forget_reader(&self) {
        self.readers.set(self.readers.get() + 1);
        self.http.take();
        // Dropping the senders cancels the calls behind them.
        self.waiting.take();
    }

    /// Cancels the sign-in that is under way; the token of the next one.
    fn overtake(&self) -> Cancel {
        let next = Cancel::new();
        self.signing_in.replace(next.clone()).cancel();
        next
    }

    /// Whether it is the credential of the present reader, refused or not.
    fn had(&self, credential: &Credential) -> bool {
        self.is_current(credential) || self.refused.borrow().as_ref().is_some_and(|it| it.is(credential))
    }

    fn is_current(&self, used: &Credential) -> bool {
        self.credential.borrow().as_ref().is_some_and(|it| it.is(used))
    }

    /// A 401. Says nothing about a newer credential when an older one was used.
    pub(super) fn rejected(&self, used: &Credential) {
        if !self.is_current(used) {
            return;
        }
        let refused = self.credential.take();
        stored::forget(&self.connection.id);
        if let SessionState::Active(info) = self.state.get_untracked() {
            *self.refused.borrow_mut() = refused.filter(|_| info.user.is_empty());
            self.state.set(SessionState::Expired(info));
        }
    }

    /// Any other answer to a signed call.
    pub(super) fn accepted(&self, used: &Credential) {
        let first = self.with_state(|it| matches!(it, SessionState::Active(info) if !info.accepted));
        if first
            && self.is_current(used)
            && let SessionState::Active(info) = self.state.get_untracked()
        {
            self.state.set(SessionState::Active(Info { accepted: true, ..info }));
        }
    }

    pub(super) fn learn_time(&self, server_now: Timestamp) {
        self.server_ahead_ms.set(Some(server_now.0 - (self.outside.clock)().0));
    }

    fn server_now(&self) -> Timestamp {
        Timestamp((self.outside.clock)().0.saturating_add(self.server_ahead_ms.get().unwrap_or(0)))
    }
}
