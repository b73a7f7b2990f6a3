//! Sessions whose tokens come from a portal around the page: in memory alone, and renewed without the reader.

use leptos::prelude::GetUntracked as _;

use super::state::{Arrival, Session, SessionState};
use super::token::Token;
use super::ways::shape;
use super::{Claims, TokenProblem, stored};
use crate::domain::{Secret, Timestamp};

impl Session {
    /// From now on tokens come from a portal. What an earlier sign-in left in storage is forgotten, and nothing is put
    /// there any more. To be called before a stored session is taken up.
    pub fn sign_by_host(&self) {
        self.0.by_host.set(true);
        stored::forget(&self.0.connection.id);
    }

    /// Whether its tokens come from a portal.
    #[must_use]
    pub fn is_signed_by_host(&self) -> bool {
        self.0.by_host.get()
    }

    /// Goes on with a token of the portal, and tells what it says of itself. Its end is the portal's to watch, so that
    /// none is shown; a clock that is off must not refuse it either. One that names nobody is the present reader's.
    ///
    /// # Errors
    /// [`TokenProblem`]; the session stays as it was.
    pub fn take_host_token(&self, token: &Secret) -> Result<Claims, TokenProblem> {
        let token = Token::read(token.expose(), shape(self.0.connection.system))?;
        let claims = token.claims.clone();
        let before = self.0.state.get_untracked().info().map(|it| it.user.clone());
        let arrival = self.0.arrival(token, &before.unwrap_or_default());
        self.0.activate(Arrival { until: None, ..arrival }, false);
        Ok(claims)
    }

    /// The time by the server, once an answer told it.
    #[must_use]
    pub fn server_time(&self) -> Option<Timestamp> {
        let ahead_ms = self.0.server_ahead_ms.get()?;
        Some(Timestamp((self.0.outside.clock)().0.saturating_add(ahead_ms)))
    }

    /// While it is on, nothing that changes anything is sent, whatever a screen offers: changes to many keys wait until
    /// it is off again, and single ones are refused.
    pub fn hold_writes(&self, on: bool) {
        self.0.holds_writes.set(on);
    }

    /// Whether the service took the present credential.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.0.with_state(|it| matches!(it, SessionState::Active(info) if info.accepted))
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test without its precondition must fail")]
mod tests {
    use super::*;
    use crate::http::testing::{World, answer};
    use crate::http::{Cancel, ErrorKind, Method, Request};
    use crate::platform::storage::{Persisted, SessionStorage};
    use crate::session::claims::tests::token;
    use crate::session::state::Outside;
    use crate::session::{Config, Sessions};

    const NOW: Timestamp = Timestamp(1_800_000_000_000);
    const KEY: &str = "latchkey.sessions";
    const CONFIG: &str = r#"{"connections":[
        {"id":"a","name":"A","system":"qualys-gateway","base_url":"/"},
        {"id":"s","name":"S","system":"solifyn","base_url":"/"}]}"#;

    struct Desk {
        world: World,
        sessions: Sessions,
    }

    impl Desk {
        fn new() -> Self {
            let world = World::new();
            let outside =
                Outside { transport: world.network.clone(), timer: world.timer.clone(), clock: || NOW };
            Self { world, sessions: Sessions::with(&Config::read(CONFIG).expect("a good file"), outside) }
        }

        fn session(&self, id: &str) -> Session {
            self.sessions.by_id(id).expect("a connection")
        }

        fn give(&self, id: &str, token: &str) -> Claims {
            self.session(id).take_host_token(&Secret::new(token.to_owned())).expect("a token")
        }
    }

    /// Of the user `ada`, over for an hour by this computer's clock.
    fn stale() -> String {
        token(r#"{"sub":"ada","exp":1799996400,"iat":1799982000}"#)
    }

    #[test]
    fn a_token_of_the_portal_is_in_memory_alone_and_wipes_what_was_stored() {
        SessionStorage.remove(KEY);
        let own = token(r#"{"sub":"ada","exp":1800003600}"#);
        Desk::new().session("a").use_token(&Secret::new(own.clone())).expect("a token");
        assert!(SessionStorage.get(KEY).is_some_and(|it| it.contains(&own)));

        let desk = Desk::new();
        let session = desk.session("a");
        session.sign_by_host();
        assert!(!desk.sessions.restore());
        let claims = desk.give("a", &stale());
        assert_eq!(claims.expires, Some(Timestamp(1_799_996_400_000)));
        session.note_read_only();
        assert_eq!(SessionStorage.get(KEY), None);
        let SessionState::Active(info) = session.current() else { panic!("a clock that is off ended it") };
        assert_eq!((info.user.as_str(), info.until, info.persisted), ("ada", None, Persisted::MemoryOnly));
        assert_eq!(session.seconds_left(NOW), None);
    }

    #[test]
    fn a_renewed_token_is_the_same_readers_unless_it_names_another() {
        let desk = Desk::new();
        let reader = |id: &str| desk.session(id).current().info().map(|it| (it.reader, it.user.clone()));
        for id in ["a", "s"] {
            desk.session(id).sign_by_host();
        }
        desk.give("s", "fyn_one");
        desk.give("s", "fyn_two");
        assert_eq!(reader("s"), Some((0, String::new())));
        desk.give("a", &token(r#"{"sub":"ada"}"#));
        desk.give("a", &token(r#"{"exp":1800000000}"#));
        assert_eq!(reader("a"), Some((0, "ada".to_owned())));
        desk.give("a", &token(r#"{"sub":"bea"}"#));
        assert_eq!(reader("a"), Some((1, "bea".to_owned())));
    }

    #[test]
    fn calls_that_waited_go_on_with_the_next_token() {
        let mut desk = Desk::new();
        let session = desk.session("a");
        session.sign_by_host();
        desk.give("a", &token(r#"{"sub":"ada"}"#));
        assert_eq!(session.server_time(), None);
        let http = session.http();
        let read = desk
            .world
            .start(async move { http.send(&Request::read(Method::Get, "keys"), &Cancel::new()).await });
        let date = ("Date", "Fri, 15 Jan 2027 08:05:00 GMT");
        desk.world.reply(0, answer(401, &[date], "JWT expired"));
        assert!(matches!(session.current(), SessionState::Expired(_)));
        desk.give("a", &token(r#"{"sub":"ada","iat":1}"#));
        desk.world.settle();
        desk.world.reply(1, answer(200, &[date], "[]"));
        assert!(read.take().is_ok() && session.is_accepted());
        assert_eq!(session.server_time(), Some(NOW.plus_secs(300)));
    }

    #[test]
    fn while_writes_are_held_none_leaves() {
        let mut desk = Desk::new();
        let session = desk.session("a");
        session.sign_by_host();
        desk.give("a", &token(r#"{"sub":"ada"}"#));
        session.hold_writes(true);
        let send = |desk: &mut Desk, request: Request| {
            let http = session.http();
            desk.world.start(async move { http.send(&request, &Cancel::new()).await.map_err(|it| it.kind) })
        };
        let write = send(&mut desk, Request::write(Method::Delete, "keys/1"));
        assert_eq!(write.take().map(|_| ()), Err(ErrorKind::Forbidden));
        let _read = send(&mut desk, Request::read(Method::Get, "keys"));
        assert_eq!(desk.world.network.0.borrow().len(), 1);
    }
}
