//! The session from sign-in to sign-out, against a scripted network. Natively storage is memory, one a
//! thread; each test begins by emptying it.

use super::claims::tests::token;
use super::state::Outside;
use super::*;
use crate::domain::{Secret, Timestamp};
use crate::http::testing::{Pending, World, answer};
use crate::http::{ApiError, Cancel, Cancelled, ErrorKind, Holder, Method, Request, Response};
use crate::platform::storage::{Persisted, SessionStorage};
use crate::systems::{SignIn, System};

const NOW: Timestamp = Timestamp(1_800_000_000_000);
const KEY: &str = "latchkey.sessions";
const PASSWORD: &str = "s3cret&\"word ü";

/// Both connections on one origin, and nothing between them.
struct Desk {
    world: World,
    sessions: Sessions,
    /// The one at [`local`].
    session: Session,
}

impl Desk {
    fn new() -> Self {
        SessionStorage.remove(KEY);
        Self::with_storage()
    }

    /// As after a reload: what the last session stored is still there.
    fn with_storage() -> Self {
        let world = World::new();
        let outside = Outside { transport: world.network.clone(), timer: world.timer.clone(), clock: || NOW };
        let sessions = Sessions::with(&config(), outside);
        let session = sessions.of(&local());
        Self { world, sessions, session }
    }

    fn sign_in(&mut self, connection: &Connection) -> Pending<Result<(), ApiError>> {
        let session = self.sessions.of(connection);
        let password = Secret::new(PASSWORD.to_owned());
        self.world.start(async move { session.sign_in(form(), "demo", password).await })
    }

    fn paste(&self, connection: &Connection, token: &str) -> Result<(), TokenProblem> {
        self.sessions.of(connection).use_token(&Secret::new(token.to_owned()))
    }

    fn read(&mut self, connection: &Connection) -> Pending<Result<Response, ApiError>> {
        let http = self.sessions.of(connection).http();
        let request = Request::read(Method::Get, "keys");
        self.world.start(async move { http.send(&request, &Cancel::new()).await })
    }

    fn bearer(&self, at: usize) -> Option<String> {
        self.world.network.0.borrow().get(at).and_then(|it| it.bearer().map(str::to_owned))
    }

    fn info(&self) -> Info {
        self.session.current().info().cloned().expect("someone who is signed in")
    }
}

/// The documented sign-in of the gateway.
fn form() -> fn(&str, &Secret) -> Request {
    let exchange = ways(local().system).iter().find_map(|it| match it {
        SignIn::Exchange { request } => Some(*request),
        SignIn::Basic | SignIn::Token { .. } => None,
    });
    exchange.expect("a system that issues tokens")
}

fn connection(id: &str, base_url: &str) -> Connection {
    Connection {
        id: id.to_owned(),
        name: id.to_owned(),
        system: System::parse("qualys-gateway").expect("a registered system"),
        base_url: base_url.to_owned(),
    }
}

fn local() -> Connection {
    connection("local", "/")
}

fn config() -> Config {
    Config { connections: vec![local(), connection("eu", "/eu/")], portals: Vec::new() }
}

/// A token of the user `ada` that lasts an hour from [`NOW`].
fn good_token() -> String {
    token(r#"{"sub":"ada","exp":1800003600,"customerUuid":"c-1"}"#)
}

#[test]
fn signing_in_sends_the_documented_form() {
    let mut desk = Desk::new();
    let _asked = desk.sign_in(&connection("eu", "/eu/"));
    let sent = desk.world.network.0.borrow();
    let call = &sent.first().expect("one call").call;
    assert_eq!((call.method, call.url.as_str()), (Method::Post, "/eu/auth"));
    assert_eq!(call.headers, [("Content-Type", "application/x-www-form-urlencoded".to_owned())]);
    let want = "username=demo&password=s3cret%26%22word%20%C3%BC&token=true&permissions=true";
    assert_eq!(call.body.as_deref(), Some(want));
}

#[test]
fn both_statuses_and_both_spellings_of_the_token_sign_in() {
    for status in [200, 201] {
        for body in [good_token(), format!("\"{}\"", good_token()), format!(" {}\n", good_token())] {
            let mut desk = Desk::new();
            let asked = desk.sign_in(&local());
            desk.world.reply(0, answer(status, &[], &body));
            assert_eq!(asked.take(), Ok(()));
            let want = Info {
                connection: local(),
                user: "ada".to_owned(),
                until: Some(NOW.plus_secs(3_600)),
                customer_id: Some("c-1".to_owned()),
                persisted: Persisted::MemoryOnly,
                read_only: false,
                accepted: true,
                reader: 0,
            };
            assert_eq!(desk.session.current(), SessionState::Active(want));
            let _read = desk.read(&local());
            assert_eq!(desk.bearer(1), Some(good_token()));
        }
    }
}

#[test]
fn a_token_that_does_not_say_lasts_four_hours_from_its_issue() {
    let check = |payload: &str, until: Timestamp, user: &str| {
        let mut desk = Desk::new();
        let _asked = desk.sign_in(&local());
        desk.world.reply(0, answer(201, &[], &token(payload)));
        let info = desk.info();
        assert_eq!((info.until, info.user.as_str()), (Some(until), user), "{payload}");
    };
    check(r#"{"sub":"ada","iat":1799999000}"#, Timestamp(1_799_999_000_000).plus_secs(14_400), "ada");
    check("{}", NOW.plus_secs(14_400), "demo");
    check(r#"{"exp":1800000060,"iat":1}"#, NOW.plus_secs(60), "demo");
}

#[test]
fn a_wrong_password_is_told_in_the_server_words_and_holds_no_password() {
    let mut desk = Desk::new();
    let asked = desk.sign_in(&local());
    let body = r#"{"authentication_exceptions":[["no: s3cret&\"word ü / s3cret%26%22word%20%C3%BC"]]}"#;
    desk.world.reply(0, answer(401, &[], body));
    let failed = asked.take().expect_err("a wrong password");
    assert_eq!(failed.kind, ErrorKind::Unauthorized { expired: false });
    assert_eq!(failed.message.as_deref(), Some("no: ••• / •••"));
    assert!(!format!("{failed:?}{failed}").contains("s3cret"), "{failed:?}");
    assert_eq!(desk.session.current(), SessionState::SignedOut);
    assert_eq!(SessionStorage.get(KEY), None);
}

#[test]
fn a_good_answer_that_is_no_token_is_not_shown() {
    for (status, body) in
        [(200, "<html>portal</html>"), (201, "eyJ.secret.half"), (201, ""), (202, &*good_token())]
    {
        let mut desk = Desk::new();
        let asked = desk.sign_in(&local());
        desk.world.reply(0, answer(status, &[], body));
        let failed = asked.take().expect_err("no token");
        assert_eq!((failed.kind, failed.status), (ErrorKind::Malformed, Some(status)));
        assert_eq!((failed.message, failed.raw.as_str()), (None, "no token in the answer"));
        assert_eq!(desk.session.current(), SessionState::SignedOut);
    }
}

#[test]
fn a_failed_sign_in_is_not_tried_again() {
    let mut desk = Desk::new();
    let asked = desk.sign_in(&local());
    desk.world.reply(0, answer(503, &[("Retry-After", "1")], ""));
    desk.world.pass(100_000);
    assert_eq!((asked.take().map_err(|it| it.kind), desk.world.network.count()), (Err(ErrorKind::Server), 1));
}

#[test]
fn neither_state_nor_errors_print_the_token() {
    let mut desk = Desk::new();
    let _asked = desk.sign_in(&local());
    desk.world.reply(0, answer(201, &[], &good_token()));
    let printed = format!("{:?}", desk.session.current());
    assert!(printed.contains("ada"));
    for part in good_token().split('.') {
        assert!(!printed.contains(part), "{printed}");
    }
}

#[test]
fn a_pasted_token_is_checked_and_used() {
    let desk = Desk::new();
    let paste = |text: &str| desk.paste(&local(), text);
    assert_eq!(paste("  "), Err(TokenProblem::Empty));
    assert_eq!(paste("\"\""), Err(TokenProblem::Empty));
    assert_eq!(paste("hunter2"), Err(TokenProblem::Unreadable));
    assert_eq!(paste(&format!("{}\nX-Evil: 1", good_token())), Err(TokenProblem::Unreadable));
    assert_eq!(paste(&token(r#"{"exp":1799999999}"#)), Err(TokenProblem::Expired));
    assert_eq!(desk.session.current(), SessionState::SignedOut);
    assert_eq!(paste(&format!("Bearer {}\n", good_token())), Ok(()));
    assert_eq!(desk.info().user, "ada");
}

#[test]
fn reads_wait_for_the_next_sign_in_and_go_on() {
    let mut desk = Desk::new();
    assert_eq!(desk.paste(&local(), &good_token()), Ok(()));
    let read = desk.read(&local());
    desk.world.reply(0, answer(401, &[], r#"{"message":"JWT expired"}"#));
    assert!(matches!(desk.session.current(), SessionState::Expired(_)));
    assert_eq!(SessionStorage.get(KEY), None);
    let also = desk.read(&local());
    assert_eq!(desk.world.network.count(), 1);
    let again = token(r#"{"sub":"ada","exp":1800007200}"#);
    let asked = desk.sign_in(&local());
    desk.world.reply(1, answer(201, &[], &again));
    assert_eq!(asked.take(), Ok(()));
    assert_eq!((desk.bearer(2), desk.bearer(3)), (Some(again.clone()), Some(again)));
    desk.world.ok(2, "1");
    desk.world.ok(3, "2");
    assert_eq!([read, also].map(|it| it.take().map(|it| it.text)), [Ok("1".to_owned()), Ok("2".to_owned())]);
}

/// A slow read with the old token is refused after the reader signed in again: he stays signed in.
#[test]
fn a_late_refusal_of_an_old_token_keeps_the_session() {
    let mut desk = Desk::new();
    assert_eq!(desk.paste(&local(), &good_token()), Ok(()));
    let slow = desk.read(&local());
    let fresh = token(r#"{"sub":"ada","exp":1800007200}"#);
    assert_eq!(desk.paste(&local(), &fresh), Ok(()));
    desk.world.reply(0, answer(401, &[], ""));
    assert!(matches!(desk.session.current(), SessionState::Active(_)));
    assert_eq!(desk.bearer(1), Some(fresh));
    desk.world.ok(1, "S");
    assert_eq!(slow.take().map(|it| it.text), Ok("S".to_owned()));
}

#[test]
fn a_failed_sign_in_leaves_the_reads_waiting() {
    let mut desk = Desk::new();
    assert_eq!(desk.paste(&local(), &good_token()), Ok(()));
    let read = desk.read(&local());
    desk.world.reply(0, answer(401, &[], ""));
    let asked = desk.sign_in(&local());
    desk.world.reply(1, answer(401, &[], ""));
    assert!(asked.take().is_err());
    assert!(!read.is_ready());
    assert!(matches!(desk.session.current(), SessionState::Expired(_)));
}

/// What one reader planned is never sent in the name of another, however late it asks for a token.
#[test]
fn another_reader_ends_what_waited_for_the_first() {
    let mut desk = Desk::new();
    assert_eq!(desk.paste(&local(), &good_token()), Ok(()));
    let read = desk.read(&local());
    let (authority, http) = (desk.session.authority(), desk.session.http());
    desk.world.reply(0, answer(401, &[], ""));
    let renewed = desk.world.start(authority.renewed());
    let other = token(r#"{"sub":"bob","exp":1800003600}"#);
    assert_eq!(desk.paste(&local(), &other), Ok(()));
    desk.world.settle();
    assert_eq!(read.take().map(|_| ()).map_err(|it| it.kind), Err(ErrorKind::Cancelled));
    assert_eq!(renewed.take(), Err(Cancelled));
    let late = desk.world.start(async move {
        let write = Request::write(Method::Patch, "keys/5");
        http.send(&write, &Cancel::new()).await
    });
    assert!(late.take().is_err());
    assert_eq!(desk.world.network.count(), 1);
    let _own = desk.read(&local());
    assert_eq!(desk.bearer(1), Some(other));
}

/// A token need not say whose it is. Two of them once counted as one reader's, and what the first had planned was
/// sent in the name of the second.
#[test]
fn credentials_without_a_name_are_of_one_reader_only_when_they_are_the_same() {
    let (first, second) = (token(r#"{"exp":1800003600}"#), token(r#"{"exp":1800003601}"#));
    let mut desk = Desk::new();
    assert_eq!(desk.paste(&local(), &first), Ok(()));
    let http = desk.session.http();
    assert_eq!((desk.paste(&local(), &first), desk.info().reader), (Ok(()), 0));
    assert_eq!((desk.paste(&local(), &second), desk.info().reader), (Ok(()), 1));
    let late = desk.world.start(async move {
        let write = Request::write(Method::Patch, "keys/5");
        http.send(&write, &Cancel::new()).await
    });
    assert!(late.take().is_err());
    assert_eq!(desk.world.network.count(), 0);
    // Refused and brought again, it is the same reader's still; another one is not.
    let waits = desk.read(&local());
    desk.world.reply(0, answer(401, &[], ""));
    assert_eq!((desk.paste(&local(), &second), desk.info().reader), (Ok(()), 1));
    desk.world.settle();
    desk.world.reply(1, answer(401, &[], ""));
    assert_eq!((desk.paste(&local(), &first), desk.info().reader), (Ok(()), 2));
    desk.world.settle();
    assert_eq!(waits.take().map(|_| ()).map_err(|it| it.kind), Err(ErrorKind::Cancelled));
    // A name after none, and none after a name.
    assert_eq!((desk.paste(&local(), &good_token()), desk.info().reader), (Ok(()), 3));
    assert_eq!((desk.paste(&local(), &good_token()), desk.info().reader), (Ok(()), 3));
    assert_eq!((desk.paste(&local(), &first), desk.info().reader), (Ok(()), 4));
    desk.session.sign_out();
    assert_eq!((desk.paste(&local(), &first), desk.info().reader), (Ok(()), 5));
}

#[test]
fn a_token_tells_its_calls_whose_it_is() {
    let desk = Desk::new();
    assert_eq!(desk.session.authority().holder(), Holder::default());
    assert_eq!(desk.paste(&local(), &token(r#"{"sub":"64ef","tenantId":"t-1"}"#)), Ok(()));
    let want = Holder { user: Some("64ef".to_owned()), tenant: Some("t-1".to_owned()) };
    assert_eq!(desk.session.authority().holder(), want);
    desk.session.use_password("ada", Secret::new(PASSWORD.to_owned()));
    assert_eq!(desk.session.authority().holder(), Holder::default());
}

/// A slow answer once signed somebody in who had signed out since.
#[test]
fn an_overtaken_sign_in_changes_nothing() {
    let overtaken = |by: fn(&Desk)| {
        let mut desk = Desk::new();
        assert_eq!(desk.paste(&local(), &good_token()), Ok(()));
        let asked = desk.sign_in(&local());
        by(&desk);
        desk.world.settle();
        let (state, stored) = (desk.session.current(), SessionStorage.get(KEY));
        assert_eq!(asked.take().map_err(|it| it.kind), Err(ErrorKind::Cancelled));
        assert!(desk.world.network.0.borrow().first().is_some_and(|it| it.is_aborted()));
        desk.world.reply(0, answer(201, &[], &token(r#"{"sub":"late","exp":1800007200}"#)));
        assert_eq!((desk.session.current(), SessionStorage.get(KEY)), (state, stored));
        desk.session.current()
    };
    assert_eq!(overtaken(|it| it.session.sign_out()), SessionState::SignedOut);
    let closed = overtaken(|it| it.session.cancel_sign_in());
    assert!(matches!(closed, SessionState::Active(it) if it.user == "ada"));
    let another = overtaken(|it| assert_eq!(it.paste(&local(), &token(r#"{"sub":"bob"}"#)), Ok(())));
    assert!(matches!(another, SessionState::Active(it) if it.user == "bob"));
}

/// Of two sign-ins the later one counts, whichever answers first.
#[test]
fn the_later_of_two_sign_ins_counts() {
    let mut desk = Desk::new();
    let (first, second) = (desk.sign_in(&local()), desk.sign_in(&local()));
    assert_eq!(first.take().map_err(|it| it.kind), Err(ErrorKind::Cancelled));
    desk.world.reply(1, answer(201, &[], &good_token()));
    assert_eq!((second.take(), desk.info().user), (Ok(()), "ada".to_owned()));
}

#[test]
fn signing_out_clears_storage_token_and_waiting_reads() {
    let mut desk = Desk::new();
    assert_eq!(desk.paste(&local(), &good_token()), Ok(()));
    assert!(SessionStorage.get(KEY).is_some());
    desk.session.sign_out();
    assert_eq!((desk.session.current(), SessionStorage.get(KEY)), (SessionState::SignedOut, None));
    let after = desk.read(&local());
    assert_eq!(after.take().map(|_| ()).map_err(|it| it.kind), Err(ErrorKind::Cancelled));

    assert_eq!(desk.paste(&local(), &good_token()), Ok(()));
    let read = desk.read(&local());
    desk.world.reply(0, answer(401, &[], ""));
    assert!(!read.is_ready());
    desk.session.sign_out();
    desk.world.settle();
    assert_eq!(read.take().map(|_| ()).map_err(|it| it.kind), Err(ErrorKind::Cancelled));
    assert!(!desk.sessions.restore());
}

#[test]
fn a_reload_takes_the_session_up() {
    let mut desk = Desk::new();
    let _asked = desk.sign_in(&local());
    desk.world.reply(0, answer(201, &[], &good_token()));
    let mut reloaded = Desk::with_storage();
    assert!(reloaded.sessions.restore());
    assert_eq!((reloaded.info().user, reloaded.info().until), ("ada".to_owned(), Some(NOW.plus_secs(3_600))));
    let _read = reloaded.read(&local());
    assert_eq!(reloaded.bearer(0), Some(good_token()));
}

/// A stored session as it lies there; `token` is JSON.
fn stored(id: &str, base_url: &str, token: &str, until: i64) -> String {
    format!(
        r#"{{"{id}":{{"base_url":"{base_url}","user":"ada","token":{token},"until":{until},"read_only":false}}}}"#
    )
}

#[test]
fn an_ended_session_is_taken_up_as_expired_and_without_its_token() {
    let desk = Desk::new();
    let ended = token(r#"{"sub":"ada"}"#);
    let stored = stored("local", "/", &format!("\"{ended}\""), NOW.0);
    assert_eq!(SessionStorage.put(KEY, &stored), Persisted::MemoryOnly);
    assert!(desk.sessions.restore());
    assert!(matches!(desk.session.current(), SessionState::Expired(info) if info.user == "ada"));
    assert_eq!(SessionStorage.get(KEY), None);
}

#[test]
fn a_stored_session_that_fits_no_connection_is_forgotten() {
    let good = format!("\"{}\"", good_token());
    for stored in [
        "{broken".to_owned(),
        stored("gone", "/", &good, i64::MAX),
        stored("local", "https://old.example/", &good, i64::MAX),
        stored("local", "/", "\"garbage\"", i64::MAX),
    ] {
        let desk = Desk::new();
        assert_eq!(SessionStorage.put(KEY, &stored), Persisted::MemoryOnly);
        assert!(!desk.sessions.restore(), "{stored}");
        assert_eq!((desk.session.current(), SessionStorage.get(KEY)), (SessionState::SignedOut, None));
    }
}

#[test]
fn time_left_is_measured_on_the_server_clock() {
    let mut desk = Desk::new();
    assert_eq!(desk.session.seconds_left(NOW), None);
    assert_eq!(desk.paste(&local(), &good_token()), Ok(()));
    assert_eq!(desk.session.seconds_left(NOW), Some(3_600));
    assert_eq!(desk.session.seconds_left(NOW.plus_secs(3_000)), Some(WARN_BEFORE_SECS));
    // 1 800 000 000 is 08:00:00 that day: this computer is half an hour behind the server.
    let _read = desk.read(&local());
    desk.world.reply(0, answer(200, &[("Date", "Fri, 15 Jan 2027 08:30:00 GMT")], "[]"));
    assert_eq!(desk.session.seconds_left(NOW), Some(1_800));
    assert_eq!(desk.session.seconds_left(NOW.plus_secs(1_860)), Some(-60));
}

#[test]
fn calls_to_one_connection_share_a_queue() {
    let mut desk = Desk::new();
    assert_eq!(desk.paste(&local(), &good_token()), Ok(()));
    let _reads = [desk.read(&local()), desk.read(&local()), desk.read(&local())];
    assert_eq!(desk.world.network.count(), 2);
    // Signing in has its own: it must not wait for them.
    let _asked = desk.sign_in(&local());
    assert_eq!(desk.world.network.urls().last().map(String::as_str), Some("/auth"));
}
