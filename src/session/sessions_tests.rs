//! Several connections at once, and credentials that are no web tokens. Natively storage is memory, one a
//! thread; each test begins by emptying it.

use super::claims::tests::token;
use super::state::Outside;
use super::*;
use crate::domain::{Secret, Timestamp};
use crate::http::testing::{Pending, World, answer};
use crate::http::{ApiError, Cancel, ErrorKind, Method, Request, Response, Scheme};
use crate::platform::storage::{Persisted, SessionStorage};

const NOW: Timestamp = Timestamp(1_800_000_000_000);
const KEY: &str = "latchkey.sessions";

/// Two connections that share an origin, and one elsewhere.
const CONFIG: &str = r#"{"connections":[
    {"id":"a","name":"A","system":"qualys-gateway","base_url":"/"},
    {"id":"b","name":"B","system":"qualys-gateway","base_url":"/"},
    {"id":"c","name":"C","system":"qualys-gateway","base_url":"https://c.example/"}]}"#;

struct Desk {
    world: World,
    sessions: Sessions,
}

impl Desk {
    fn new() -> Self {
        SessionStorage.remove(KEY);
        Self::reloaded()
    }

    /// What was stored is still there.
    fn reloaded() -> Self {
        let world = World::new();
        let outside = Outside { transport: world.network.clone(), timer: world.timer.clone(), clock: || NOW };
        let sessions = Sessions::with(&Config::read(CONFIG).expect("a good file"), outside);
        Self { world, sessions }
    }

    fn session(&self, id: &str) -> Session {
        self.sessions.by_id(id).expect("a connection")
    }

    /// Signs in with a token of that user.
    fn paste(&self, id: &str, user: &str) -> String {
        let token = token_of(user);
        assert_eq!(self.session(id).use_token(&Secret::new(token.clone())), Ok(()));
        token
    }

    fn read(&mut self, id: &str) -> Pending<Result<Response, ApiError>> {
        let http = self.session(id).http();
        let request = Request::read(Method::Get, "keys");
        self.world.start(async move { http.send(&request, &Cancel::new()).await })
    }

    fn authorization(&self, at: usize) -> Option<String> {
        self.world.network.0.borrow().get(at).and_then(|it| it.authorization().map(str::to_owned))
    }

    fn users(&self) -> Vec<Option<String>> {
        let user = |it: Session| it.current().info().map(|it| it.user.clone());
        self.sessions.all().into_iter().map(user).collect()
    }

    fn info(&self, id: &str) -> Info {
        self.session(id).current().info().cloned().expect("someone who is signed in")
    }
}

fn token_of(user: &str) -> String {
    token(&format!(r#"{{"sub":"{user}","exp":1800003600}}"#))
}

fn stored() -> String {
    SessionStorage.get(KEY).unwrap_or_default()
}

fn some(users: [Option<&str>; 3]) -> Vec<Option<String>> {
    users.iter().map(|it| it.map(str::to_owned)).collect()
}

#[test]
fn each_call_carries_the_credential_of_its_own_connection() {
    let mut desk = Desk::new();
    let (ada, bob) = (desk.paste("a", "ada"), desk.paste("b", "bob"));
    let _reads = [desk.read("a"), desk.read("b")];
    let bearer = |it: &str| Some(["Bearer ", it].concat());
    assert_eq!([desk.authorization(0), desk.authorization(1)], [bearer(&ada), bearer(&bob)]);
    // Nobody is signed in there, whoever is elsewhere.
    let elsewhere = desk.read("c");
    assert_eq!(elsewhere.take().map(|_| ()).map_err(|it| it.kind), Err(ErrorKind::Cancelled));
    assert_eq!(desk.world.network.count(), 2);
}

#[test]
fn each_connection_has_a_queue_of_its_own() {
    let mut desk = Desk::new();
    desk.paste("a", "ada");
    desk.paste("b", "bob");
    let _reads = [desk.read("a"), desk.read("a"), desk.read("a"), desk.read("b")];
    assert_eq!(desk.world.network.count(), 3);
}

#[test]
fn one_session_ends_while_the_other_goes_on() {
    let mut desk = Desk::new();
    desk.paste("a", "ada");
    desk.paste("b", "bob");
    let waits = desk.read("a");
    desk.world.reply(0, answer(401, &[], r#"{"message":"JWT expired"}"#));
    assert!(matches!(desk.session("a").current(), SessionState::Expired(_)));
    assert!(matches!(desk.session("b").current(), SessionState::Active(_)));
    let goes_on = desk.read("b");
    desk.world.ok(1, "B");
    assert_eq!(goes_on.take().map(|it| it.text), Ok("B".to_owned()));
    // Signing in at one wakes nothing of the other.
    desk.paste("b", "bob");
    desk.world.settle();
    assert!(!waits.is_ready() && desk.world.network.count() == 2);
    desk.paste("a", "ada");
    desk.world.settle();
    desk.world.ok(2, "A");
    assert_eq!(waits.take().map(|it| it.text), Ok("A".to_owned()));
}

#[test]
fn a_reload_takes_all_sessions_up() {
    let desk = Desk::new();
    desk.paste("a", "ada");
    desk.paste("c", "cleo");
    let mut reloaded = Desk::reloaded();
    assert!(reloaded.sessions.restore());
    assert_eq!(reloaded.users(), some([Some("ada"), None, Some("cleo")]));
    let _read = reloaded.read("c");
    assert_eq!(reloaded.authorization(0), Some(["Bearer ", &token_of("cleo")].concat()));
}

#[test]
fn signing_out_of_one_leaves_the_others_and_of_all_leaves_nothing() {
    let desk = Desk::new();
    for (id, user) in [("a", "ada"), ("b", "bob"), ("c", "cleo")] {
        desk.paste(id, user);
    }
    let place = desk.session("b").connection().clone();
    desk.sessions.sign_out(&place);
    assert_eq!(desk.users(), some([Some("ada"), None, Some("cleo")]));
    assert!(!stored().contains(&token_of("bob")) && stored().contains(&token_of("ada")));
    assert!(desk.sessions.is_anyone_in());
    desk.sessions.sign_out_all();
    assert_eq!((desk.users(), SessionStorage.get(KEY)), (some([None, None, None]), None));
    assert!(!desk.sessions.is_anyone_in() && !Desk::reloaded().sessions.restore());
}

#[test]
fn a_stored_session_of_a_changed_connection_is_forgotten_and_the_others_are_not() {
    let desk = Desk::new();
    desk.paste("a", "ada");
    desk.paste("c", "cleo");
    let moved = stored().replace("https://c.example/", "https://old.example/");
    assert_eq!(SessionStorage.put(KEY, &moved), Persisted::MemoryOnly);
    let reloaded = Desk::reloaded();
    assert!(reloaded.sessions.restore());
    assert_eq!(reloaded.users(), some([Some("ada"), None, None]));
    assert!(!stored().contains(&token_of("cleo")));
}

#[test]
fn a_password_is_never_stored_and_asked_for_again_after_a_reload() {
    let mut desk = Desk::new();
    desk.session("a").use_password("ada", Secret::new("open sesame".to_owned()));
    assert_eq!((desk.info("a").until, desk.session("a").seconds_left(NOW)), (None, None));
    let _read = desk.read("a");
    // "ada:open sesame"
    assert_eq!(desk.authorization(0).as_deref(), Some("Basic YWRhOm9wZW4gc2VzYW1l"));
    for secret in ["sesame", "YWRh", "c2VzYW1l"] {
        assert!(!stored().contains(secret), "{}", stored());
    }

    let mut reloaded = Desk::reloaded();
    assert!(reloaded.sessions.restore());
    assert!(matches!(reloaded.session("a").current(), SessionState::Expired(info) if info.user == "ada"));
    assert_eq!(reloaded.session("a").authority().scheme(), Scheme::Basic);
    let waits = reloaded.read("a");
    assert_eq!(reloaded.world.network.count(), 0);
    reloaded.session("a").use_password("ada", Secret::new("open sesame".to_owned()));
    reloaded.world.settle();
    reloaded.world.ok(0, "A");
    assert_eq!(waits.take().map(|it| it.text), Ok("A".to_owned()));
}

#[test]
fn a_credential_is_accepted_by_the_first_answer_and_a_refused_one_never_was() {
    let mut desk = Desk::new();
    desk.paste("a", "ada");
    desk.paste("b", "bob");
    assert!(!desk.info("a").accepted);
    let _reads = [desk.read("a"), desk.read("b")];
    desk.world.ok(0, "A");
    desk.world.reply(1, answer(401, &[], ""));
    assert!(matches!(desk.session("a").current(), SessionState::Active(info) if info.accepted));
    assert!(matches!(desk.session("b").current(), SessionState::Expired(info) if !info.accepted));
}

#[test]
fn read_only_holds_over_a_reload_and_until_the_next_sign_in() {
    let desk = Desk::new();
    desk.session("a").note_read_only();
    assert_eq!(desk.session("a").current(), SessionState::SignedOut);
    desk.paste("a", "ada");
    desk.paste("b", "bob");
    desk.session("a").note_read_only();
    assert!(desk.info("a").read_only && !desk.info("b").read_only);
    let reloaded = Desk::reloaded();
    assert!(reloaded.sessions.restore());
    assert!(reloaded.info("a").read_only && !reloaded.info("b").read_only);
    reloaded.paste("a", "ada");
    assert!(!reloaded.info("a").read_only);
}

#[test]
fn all_states_are_one_signal() {
    use leptos::prelude::{GetUntracked as _, Owner};
    let owner = Owner::new();
    owner.with(|| {
        let desk = Desk::new();
        let states = desk.sessions.states();
        desk.paste("b", "bob");
        let seen: Vec<(String, bool)> =
            states.get_untracked().into_iter().map(|(it, state)| (it.id, state.info().is_some())).collect();
        let want = [("a", false), ("b", true), ("c", false)].map(|(id, is_in)| (id.to_owned(), is_in));
        assert_eq!(seen, want);
    });
}
