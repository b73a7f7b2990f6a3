use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::{Get as _, Signal};
use send_wrapper::SendWrapper;

use super::state::{Outside, Session, SessionState};
use super::{Config, Connection, stored};

/// The sessions of this tab, one a connection. Clones are the same; given to the screens as a Leptos context.
///
/// Connections share nothing: neither credential nor queue nor clock, even where they share an origin.
#[derive(Clone)]
pub struct Sessions(SendWrapper<Rc<Shared>>);

struct Shared {
    list: RefCell<Vec<Session>>,
    outside: Outside,
}

impl Sessions {
    /// A session for each connection, nobody signed in, on the browser's network and clock.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self::with(config, Outside::browser())
    }

    pub(super) fn with(config: &Config, outside: Outside) -> Self {
        let session = |it: &Connection| Session::with(it.clone(), outside.clone());
        let list = RefCell::new(config.connections.iter().map(session).collect());
        Self(SendWrapper::new(Rc::new(Shared { list, outside })))
    }

    /// Takes up what this tab had before a reload; whether there was anything.
    pub fn restore(&self) -> bool {
        let keeps = |id: &str, it: &stored::StoredSession| {
            self.by_id(id).is_some_and(|session| session.connection().base_url == it.base_url)
        };
        let mut found = false;
        for (id, stored) in stored::load(keeps) {
            found |= self.by_id(&id).is_some_and(|it| it.restore(stored));
        }
        found
    }

    /// Every session, in the order of the configuration.
    #[must_use]
    pub fn all(&self) -> Vec<Session> {
        self.0.list.borrow().clone()
    }

    /// The session of the connection with that id.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<Session> {
        self.0.list.borrow().iter().find(|it| it.connection().id == id).cloned()
    }

    /// The session of a connection.
    #[must_use]
    pub fn of(&self, connection: &Connection) -> Session {
        if let Some(known) = self.by_id(&connection.id) {
            return known;
        }
        let session = Session::with(connection.clone(), self.0.outside.clone());
        self.0.list.borrow_mut().push(session.clone());
        session
    }

    /// Every connection with where its reader stands, in the order of the configuration.
    #[must_use]
    pub fn states(&self) -> Signal<Vec<(Connection, SessionState)>> {
        let states: Vec<_> = self.all().iter().map(|it| (it.connection().clone(), it.state())).collect();
        Signal::derive(move || states.iter().map(|(place, state)| (place.clone(), state.get())).collect())
    }

    /// Whether anyone is signed in anywhere, or was until his session ended.
    #[must_use]
    pub fn is_anyone_in(&self) -> bool {
        self.0.list.borrow().iter().any(|it| it.current() != SessionState::SignedOut)
    }

    /// Ends one session; the others go on.
    pub fn sign_out(&self, connection: &Connection) {
        self.of(connection).sign_out();
    }

    /// Ends every session.
    pub fn sign_out_all(&self) {
        for session in self.all() {
            session.sign_out();
        }
    }
}
