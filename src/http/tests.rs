//! The promises of the wrapper, each against a scripted network and a clock that the test moves.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::future::{FutureExt as _, LocalBoxFuture};

use super::testing::{Pending, World, answer};
use super::*;
use crate::domain::{Secret, Timestamp};

/// Hands out one credential; a test puts in another or takes it away for good.
#[derive(Default)]
struct Doorman {
    token: RefCell<Option<Credential>>,
    waiting: RefCell<Vec<oneshot::Sender<()>>>,
    rejections: Cell<u32>,
    acceptances: Cell<u32>,
    server_time: Cell<Option<Timestamp>>,
}

impl Doorman {
    fn admit(&self, token: &str) {
        self.admit_as(Credential::Bearer(Secret::new(token.to_owned())));
    }

    fn admit_as(&self, credential: Credential) {
        *self.token.borrow_mut() = Some(credential);
        for waiting in self.waiting.take() {
            waiting.send(()).unwrap_or_default();
        }
    }
}

impl Authority for Doorman {
    fn credential(&self) -> Option<Credential> {
        self.token.borrow().clone()
    }

    fn rejected(&self, used: &Credential) {
        self.rejections.set(self.rejections.get() + 1);
        self.token.borrow_mut().take_if(|it| it.is(used));
    }

    fn accepted(&self, _used: &Credential) {
        self.acceptances.set(self.acceptances.get() + 1);
    }

    fn renewed(&self) -> LocalBoxFuture<'static, Result<(), Cancelled>> {
        let (done, wait) = oneshot::channel();
        self.waiting.borrow_mut().push(done);
        wait.map(|it| it.map_err(|_| Cancelled)).boxed_local()
    }

    fn server_time(&self, now: Timestamp) {
        self.server_time.set(Some(now));
    }
}

/// Notes what it is told.
#[derive(Default)]
struct Notes(RefCell<Vec<String>>);

impl Observer for Notes {
    fn waiting(&self, reason: Waiting) {
        self.0.borrow_mut().push(format!("{reason:?}"));
    }
    fn started(&self) {
        self.0.borrow_mut().push("started".to_owned());
    }
    fn finished(&self) {
        self.0.borrow_mut().push("finished".to_owned());
    }
}

type Asked = Pending<Result<Response, ApiError>>;

struct Desk {
    world: World,
    doorman: Rc<Doorman>,
    http: Http,
}

impl Desk {
    fn new() -> Self {
        let world = World::new();
        let doorman = Rc::new(Doorman::default());
        doorman.admit("token-1");
        let http = Http::new("/", world.network.clone(), world.timer.clone(), doorman.clone());
        Self { world, doorman, http }
    }

    fn ask(&mut self, request: Request, cancel: &Cancel) -> Asked {
        let (http, cancel) = (self.http.clone(), cancel.clone());
        self.world.start(async move { http.send(&request, &cancel).await })
    }

    fn read(&mut self, path: &str) -> Asked {
        self.ask(Request::read(Method::Get, path), &Cancel::new())
    }

    fn write(&mut self, path: &str) -> Asked {
        self.ask(Request::write(Method::Patch, path), &Cancel::new())
    }

    fn urls(&self) -> Vec<String> {
        self.world.network.urls()
    }

    fn count(&self) -> usize {
        self.world.network.count()
    }

    fn is_aborted(&self, at: usize) -> bool {
        self.world.network.0.borrow().get(at).is_some_and(super::testing::Sent::is_aborted)
    }

    fn bearers(&self) -> Vec<Option<String>> {
        self.world.network.0.borrow().iter().map(|it| it.bearer().map(str::to_owned)).collect()
    }
}

fn text(asked: &Asked) -> String {
    asked.take().map(|it| it.text).unwrap_or_else(|err| format!("{err:?}"))
}

fn error(asked: &Asked) -> ApiError {
    asked.take().err().expect("a failed call")
}

#[test]
fn two_are_in_flight_and_the_others_wait_their_turn() {
    let mut desk = Desk::new();
    let asked = ["a", "b", "c", "d", "e"].map(|path| desk.read(path));
    assert_eq!(desk.urls(), ["/a", "/b"]);
    desk.world.ok(1, "B");
    assert_eq!(desk.urls(), ["/a", "/b", "/c"]);
    desk.world.ok(0, "A");
    desk.world.ok(2, "C");
    assert_eq!(desk.urls(), ["/a", "/b", "/c", "/d", "/e"]);
    desk.world.ok(4, "E");
    desk.world.ok(3, "D");
    assert_eq!(asked.each_ref().map(text), ["A", "B", "C", "D", "E"]);
}

#[test]
fn hosts_do_not_wait_for_each_other() {
    let mut desk = Desk::new();
    let other =
        Http::new("/other/", desk.world.network.clone(), desk.world.timer.clone(), desk.doorman.clone());
    let _busy = [desk.read("a"), desk.read("b"), desk.read("c")];
    let request = Request::read(Method::Get, "d");
    let _asked = desk.world.start(async move { other.send(&request, &Cancel::new()).await });
    assert_eq!(desk.urls(), ["/a", "/b", "/other/d"]);
}

#[test]
fn cancelling_in_the_queue_sends_nothing_and_keeps_the_order() {
    let mut desk = Desk::new();
    let cancel = Cancel::new();
    let _busy = [desk.read("a"), desk.read("b")];
    let obsolete = desk.ask(Request::read(Method::Get, "c"), &cancel);
    let wanted = desk.read("d");
    cancel.cancel();
    desk.world.settle();
    let failed = error(&obsolete);
    assert_eq!((failed.kind, failed.sent), (ErrorKind::Cancelled, false));
    desk.world.ok(0, "A");
    assert_eq!(desk.urls(), ["/a", "/b", "/d"]);
    desk.world.ok(2, "D");
    assert_eq!(text(&wanted), "D");
}

#[test]
fn cancelling_in_flight_aborts_and_frees_the_slot() {
    let mut desk = Desk::new();
    let cancel = Cancel::new();
    let obsolete = desk.ask(Request::read(Method::Get, "a"), &cancel);
    let _busy = desk.read("b");
    let next = desk.read("c");
    assert_eq!(desk.count(), 2);
    cancel.cancel();
    desk.world.settle();
    assert_eq!(error(&obsolete).kind, ErrorKind::Cancelled);
    assert!(desk.is_aborted(0));
    assert_eq!(desk.urls(), ["/a", "/b", "/c"]);
    desk.world.ok(2, "C");
    assert_eq!(text(&next), "C");
}

#[test]
fn a_cancelled_write_says_that_it_may_have_happened() {
    let mut desk = Desk::new();
    let cancel = Cancel::new();
    let asked = desk.ask(Request::write(Method::Delete, "a"), &cancel);
    cancel.cancel();
    desk.world.settle();
    let failed = error(&asked);
    assert!(failed.is_cancelled() && failed.outcome_unknown());
}

/// The answer and the cancellation arrive before the call is polled again: the answer was once delivered,
/// because it was looked at first, and overwrote the newer one on the screen.
#[test]
fn an_answer_that_arrives_with_its_cancellation_is_not_delivered() {
    let mut desk = Desk::new();
    let cancel = Cancel::new();
    let asked = desk.ask(Request::read(Method::Get, "a"), &cancel);
    desk.world.network.ok(0, "late");
    cancel.cancel();
    desk.world.settle();
    assert_eq!(error(&asked).kind, ErrorKind::Cancelled);
}

#[test]
fn a_token_cancelled_before_the_call_sends_nothing() {
    let mut desk = Desk::new();
    let cancel = Cancel::new();
    cancel.cancel();
    let asked = desk.ask(Request::read(Method::Get, "a"), &cancel);
    assert_eq!((error(&asked).kind, desk.count()), (ErrorKind::Cancelled, 0));
}

#[test]
fn dropping_the_future_aborts_and_frees_the_slot() {
    let mut desk = Desk::new();
    let http = desk.http.clone();
    let (stop, stopped) = oneshot::channel::<()>();
    let _gone = desk.world.start(async move {
        let (request, cancel) = (Request::read(Method::Get, "a"), Cancel::new());
        let call = std::pin::pin!(http.send(&request, &cancel));
        futures_util::future::select(call, stopped).await;
    });
    let _busy = desk.read("b");
    let next = desk.read("c");
    drop(stop);
    desk.world.settle();
    assert!(desk.is_aborted(0));
    desk.world.ok(2, "C");
    assert_eq!(text(&next), "C");
}

#[test]
fn the_deadline_counts_from_sending_and_not_from_asking() {
    let mut desk = Desk::new();
    let busy = [desk.read("a"), desk.read("b")];
    let queued = desk.read("c");
    desk.world.pass(29_999);
    assert!(!busy.iter().any(Pending::is_ready));
    desk.world.ok(0, "A");
    assert_eq!(desk.count(), 3);
    desk.world.pass(1);
    assert_eq!(busy.get(1).map(error).map(|it| it.kind), Some(ErrorKind::TimedOut));
    assert!(desk.is_aborted(1));
    desk.world.pass(29_998);
    assert!(!queued.is_ready());
    desk.world.pass(1);
    assert_eq!(error(&queued).kind, ErrorKind::TimedOut);
}

#[test]
fn a_write_that_timed_out_is_to_be_looked_up() {
    let mut desk = Desk::new();
    let asked = desk.write("a");
    desk.world.pass(30_000);
    let failed = error(&asked);
    assert_eq!(failed.kind, ErrorKind::TimedOut);
    assert!(failed.outcome_unknown());
}

#[test]
fn a_read_is_sent_again_after_the_wait_the_server_named() {
    let minute = [("X-RateLimit-Window-Sec", "60"), ("X-RateLimit-Remaining", "0")];
    let date = [("Retry-After", "Sun, 06 Nov 1994 08:50:07 GMT"), ("Date", "Sun, 06 Nov 1994 08:49:37 GMT")];
    type Case<'a> = (u16, &'a [(&'a str, &'a str)], &'a str, u32);
    let cases: [Case<'_>; 9] = [
        (429, &[], "", 500),
        (429, &[("Retry-After", "4")], "", 4_000),
        (429, &[("X-RateLimit-ToWait-Sec", "7")], "", 7_000),
        (429, &minute, "", 60_000),
        (429, &date, "", 30_000),
        (409, &[("X-RateLimit-ToWait-Sec", "3")], "<CODE>1965</CODE>", 3_000),
        (502, &[], "<html>", 500),
        (503, &[("Retry-After", "2")], "", 2_000),
        (504, &[], "", 500),
    ];
    for (status, headers, body, wait) in cases {
        let mut desk = Desk::new();
        let asked = desk.read("a");
        desk.world.reply(0, answer(status, headers, body));
        desk.world.pass(wait - 1);
        assert_eq!(desk.count(), 1, "{status} {headers:?}: too early");
        desk.world.pass(1);
        assert_eq!(desk.count(), 2, "{status} {headers:?}: not sent again");
        desk.world.ok(1, "A");
        assert_eq!(text(&asked), "A");
    }
}

#[test]
fn a_read_gives_up_after_three_retries_with_doubling_waits() {
    let mut desk = Desk::new();
    let asked = desk.read("a");
    for (at, wait) in [500, 1_000, 2_000].into_iter().enumerate() {
        desk.world.reply(at, Err(TransportError::Failed));
        desk.world.pass(wait - 1);
        assert_eq!(desk.count(), at + 1);
        desk.world.pass(1);
        assert_eq!(desk.count(), at + 2);
    }
    desk.world.reply(3, Err(TransportError::Failed));
    desk.world.pass(1_000_000);
    assert_eq!((error(&asked).kind, desk.count()), (ErrorKind::Network, 4));
}

#[test]
fn some_failures_are_final_for_a_read() {
    let cases = [
        (answer(400, &[], ""), ErrorKind::Invalid),
        (answer(403, &[], ""), ErrorKind::Forbidden),
        (answer(404, &[], ""), ErrorKind::NotFound),
        (answer(409, &[], "Registration must be completed"), ErrorKind::Conflict),
        (answer(500, &[], ""), ErrorKind::Server),
        (answer(429, &[("Retry-After", "3600")], ""), ErrorKind::RateLimited),
        (Err(TransportError::Offline), ErrorKind::Offline),
    ];
    for (reply, kind) in cases {
        let mut desk = Desk::new();
        let asked = desk.read("a");
        desk.world.reply(0, reply);
        desk.world.pass(4_000_000);
        assert_eq!((error(&asked).kind, desk.count()), (kind, 1));
    }
}

#[test]
fn a_wait_that_is_too_long_is_told() {
    let mut desk = Desk::new();
    let asked = desk.read("a");
    desk.world.reply(0, answer(429, &[("Retry-After", "3600")], r#"{"message":"slow down"}"#));
    let failed = error(&asked);
    assert_eq!((failed.retry_after_secs, failed.message.as_deref()), (Some(3_600), Some("slow down")));
}

#[test]
fn a_write_is_sent_once_whatever_happens() {
    let replies = [
        Err(TransportError::Failed),
        Err(TransportError::Offline),
        answer(401, &[], r#"{"message":"JWT expired"}"#),
        answer(409, &[("X-RateLimit-ToWait-Sec", "1")], ""),
        answer(429, &[("Retry-After", "1")], ""),
        answer(500, &[], ""),
        answer(502, &[], ""),
        answer(503, &[("Retry-After", "1")], ""),
        answer(504, &[], ""),
    ];
    for method in [Method::Post, Method::Put, Method::Patch, Method::Delete] {
        for reply in &replies {
            let mut desk = Desk::new();
            let asked = desk.ask(Request::write(method, "a"), &Cancel::new());
            // A fresh token is there already: not even that is a reason to send it again.
            desk.doorman.admit("token-2");
            desk.world.reply(0, reply.clone());
            desk.world.pass(4_000_000);
            assert!(asked.take().is_err());
            assert_eq!(desk.count(), 1, "{method:?}");
        }
    }
}

#[test]
fn waiting_for_a_retry_holds_no_slot() {
    let mut desk = Desk::new();
    let limited = desk.read("a");
    let _busy = desk.read("b");
    let next = desk.read("c");
    desk.world.reply(0, answer(429, &[("Retry-After", "60")], ""));
    assert_eq!(desk.urls(), ["/a", "/b", "/c"]);
    desk.world.ok(2, "C");
    assert_eq!(text(&next), "C");
    desk.world.pass(60_000);
    desk.world.ok(3, "A");
    assert_eq!(text(&limited), "A");
}

#[test]
fn a_wait_for_a_retry_can_be_cancelled() {
    let mut desk = Desk::new();
    let cancel = Cancel::new();
    let asked = desk.ask(Request::read(Method::Get, "a"), &cancel);
    desk.world.reply(0, answer(503, &[], ""));
    cancel.cancel();
    desk.world.pass(10_000);
    assert_eq!((error(&asked).kind, desk.count()), (ErrorKind::Cancelled, 1));
}

#[test]
fn a_read_refused_for_its_token_waits_for_the_sign_in_and_goes_on() {
    let mut desk = Desk::new();
    let asked = [desk.read("a"), desk.read("b")];
    desk.world.reply(0, answer(401, &[], r#"{"message":"JWT expired"}"#));
    desk.world.reply(1, answer(401, &[], r#"{"message":"JWT expired"}"#));
    assert!(!asked.iter().any(Pending::is_ready));
    assert_eq!(desk.count(), 2);
    desk.doorman.admit("token-2");
    desk.world.settle();
    desk.world.ok(2, "A");
    desk.world.ok(3, "B");
    assert_eq!(asked.each_ref().map(text), ["A", "B"]);
    let first = Some("token-1".to_owned());
    let second = Some("token-2".to_owned());
    assert_eq!(desk.bearers(), [first.clone(), first, second.clone(), second]);
}

/// Two reads were in flight with the old token; the answer of the slower one arrives after the sign-in. It
/// once threw the fresh token away, and the reader had to sign in twice.
#[test]
fn a_late_refusal_of_an_old_token_does_not_cost_the_new_one() {
    let mut desk = Desk::new();
    let slow = desk.read("slow");
    desk.doorman.admit("token-2");
    desk.world.reply(0, answer(401, &[], ""));
    assert_eq!(desk.count(), 2);
    desk.world.ok(1, "S");
    assert_eq!(text(&slow), "S");
}

#[test]
fn a_server_that_refuses_every_token_is_not_asked_for_ever() {
    let mut desk = Desk::new();
    let asked = desk.read("a");
    for at in 0..4 {
        desk.world.reply(at, answer(401, &[], ""));
        desk.doorman.admit("another");
        desk.world.settle();
    }
    assert_eq!((error(&asked).kind, desk.count()), (ErrorKind::Unauthorized { expired: false }, 4));
}

#[test]
fn a_write_refused_for_its_token_returns_at_once() {
    let mut desk = Desk::new();
    let asked = desk.write("a");
    desk.world.reply(0, answer(401, &[], r#"{"message":"JWT expired"}"#));
    let failed = error(&asked);
    assert_eq!(failed.kind, ErrorKind::Unauthorized { expired: true });
    assert!(!failed.outcome_unknown());
    assert_eq!(desk.doorman.rejections.get(), 1);
}

#[test]
fn a_write_without_a_token_is_not_sent() {
    let mut desk = Desk::new();
    desk.doorman.token.take();
    let asked = desk.write("a");
    let failed = error(&asked);
    assert_eq!((failed.kind, failed.sent), (ErrorKind::Unauthorized { expired: true }, false));
    assert_eq!(desk.count(), 0);
}

#[test]
fn signing_out_ends_what_waits_for_a_sign_in() {
    let mut desk = Desk::new();
    desk.doorman.token.take();
    let asked = desk.read("a");
    assert!(!asked.is_ready());
    desk.doorman.waiting.take();
    desk.world.settle();
    assert_eq!((error(&asked).kind, desk.count()), (ErrorKind::Cancelled, 0));
}

#[test]
fn an_unsigned_call_carries_no_token_and_a_401_is_its_answer() {
    let mut desk = Desk::new();
    let asked = desk.ask(Request::read(Method::Get, "a").unsigned(), &Cancel::new());
    assert_eq!(desk.bearers(), [None]);
    desk.world.reply(0, answer(401, &[], ""));
    assert_eq!(error(&asked).kind, ErrorKind::Unauthorized { expired: false });
    assert_eq!(desk.doorman.rejections.get(), 0);
}

#[test]
fn an_echoed_token_is_taken_out_of_the_error() {
    let mut desk = Desk::new();
    let asked = desk.write("a");
    desk.world.reply(0, answer(400, &[], r#"{"message":"bad header: Bearer token-1"}"#));
    let failed = error(&asked);
    assert!(!format!("{failed:?} {failed}").contains("token-1"));
    assert_eq!(failed.message.as_deref(), Some("bad header: Bearer •••"));
}

/// Texts are cut where they are too long. A token across the cut once stayed as its first half.
#[test]
fn a_token_across_a_cut_is_taken_out_whole() {
    let long = |before: usize, token: &str| format!(r#"{{"message":"{}{token}"}}"#, "x".repeat(before));
    for (before, token) in [
        (496, "token-1"),
        (4_080, "token-1"),
        (496, r"\u0074oke\u006e-1"),
        (4_078, r"toke\u006e-1"),
        (496, "%74oken%2d1"),
    ] {
        let mut desk = Desk::new();
        let asked = desk.write("a");
        desk.world.reply(0, answer(400, &[], &long(before, token)));
        let failed = error(&asked);
        let said = [failed.raw.as_str(), failed.message.as_deref().unwrap_or_default()].concat();
        assert!(
            !said.contains("tok") && !said.contains("oke") && !said.contains(r"\u0074"),
            "{before} {token}: {said}"
        );
        assert_eq!(failed.kind, ErrorKind::Invalid);
    }
}

/// A secret of the call itself, such as the key that is to be checked, is no more in its error than its token.
#[test]
fn what_a_call_hides_is_in_no_error_of_it() {
    let mut desk = judged();
    let secret = || Secret::new("ABCD-EFGH/1".to_owned());
    let request = Request::write(Method::Post, "verify").json("{}".to_owned()).hiding(secret());
    let asked = desk.ask(request, &Cancel::new());
    let body = r#"{"message":"no such key: ABCD-EFGH\/1 (ABCD-EFGH%2f1, &#65;BCD-EFGH/1)"}"#;
    desk.world.reply(0, answer(404, &[], body));
    let failed = error(&asked);
    assert_eq!(failed.message.as_deref(), Some("no such key: ••• (•••, •••)"));
    assert!(!failed.raw.contains("EFGH"), "{}", failed.raw);
}

#[test]
fn a_path_that_leads_out_of_its_folder_is_not_sent() {
    let mut desk = Desk::new();
    for path in ["keys/..", "keys/%2e%2E/x", "keys/."] {
        let asked = desk.write(path);
        let failed = error(&asked);
        assert_eq!((failed.kind, failed.sent), (ErrorKind::Invalid, false), "{path}");
    }
    assert_eq!(desk.count(), 0);
}

#[test]
fn the_server_clock_is_learned_from_any_answer() {
    let mut desk = Desk::new();
    let _asked = desk.read("a");
    desk.world.reply(0, answer(404, &[("Date", "Sun, 06 Nov 1994 08:49:37 GMT")], ""));
    assert_eq!(desk.doorman.server_time.get(), Some(Timestamp(784_111_777_000)));
}

#[test]
fn an_observer_hears_each_wait_and_the_end() {
    let mut desk = Desk::new();
    let _busy = [desk.read("a"), desk.read("b")];
    let notes = Rc::new(Notes::default());
    let (http, observer) = (desk.http.clone(), notes.clone());
    let request = Request::read(Method::Get, "c");
    let asked =
        desk.world.start(async move { http.send_observed(&request, &Cancel::new(), &*observer).await });
    desk.world.ok(0, "A");
    desk.world.reply(2, answer(429, &[("Retry-After", "4")], ""));
    desk.world.pass(4_000);
    desk.world.reply(3, answer(503, &[], ""));
    desk.world.pass(1_000);
    desk.world.reply(4, answer(401, &[], ""));
    desk.doorman.admit("token-2");
    desk.world.settle();
    desk.world.ok(5, "C");
    assert_eq!(text(&asked), "C");
    let want = [
        "Queue",
        "started",
        "RateLimit(4000)",
        "started",
        "Retry(1000)",
        "started",
        "SignIn",
        "started",
        "finished",
    ];
    assert_eq!(*notes.0.borrow(), want);
}

#[test]
fn bodies_and_headers_go_out_as_they_are() {
    let mut desk = Desk::new();
    let request = Request::read(Method::Post, "keys")
        .header("X-Requested-With", "latchkey")
        .json("{\"a\":1}".to_owned());
    let _asked = desk.ask(request, &Cancel::new());
    let sent = desk.world.network.0.borrow();
    let call = &sent.first().expect("one attempt").call;
    assert_eq!((call.method, call.body.as_deref()), (Method::Post, Some("{\"a\":1}")));
    let headers: Vec<_> = call.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(headers, [("X-Requested-With", "latchkey"), ("Content-Type", "application/json")]);
}

/// A queued call once kept the token it had when it was asked, and was sent with it after signing out.
#[test]
fn a_queued_call_is_signed_when_it_is_sent() {
    let mut desk = Desk::new();
    let _busy = [desk.read("a"), desk.read("b")];
    let queued = desk.read("c");
    let lost = desk.write("d");
    desk.doorman.admit("token-2");
    desk.world.ok(0, "A");
    assert_eq!(desk.bearers().last(), Some(&Some("token-2".to_owned())));
    desk.doorman.token.take();
    desk.world.ok(1, "B");
    assert_eq!((error(&lost).sent, desk.count()), (false, 3));
    desk.world.ok(2, "C");
    assert_eq!(text(&queued), "C");
}

fn aladdin() -> Credential {
    Credential::Basic { user: "Aladdin".to_owned(), password: Secret::new("open sesame".to_owned()) }
}

#[test]
fn basic_is_sent_with_every_call_and_echoed_by_no_error() {
    let mut desk = Desk::new();
    desk.doorman.admit_as(aladdin());
    let asked = desk.write("a");
    let sent = desk.world.network.0.borrow().first().and_then(|it| it.authorization().map(str::to_owned));
    assert_eq!(sent.as_deref(), Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
    let body = r#"{"message":"bad: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ== of Aladdin:open sesame"}"#;
    desk.world.reply(0, answer(400, &[], body));
    let failed = error(&asked);
    assert_eq!(failed.message.as_deref(), Some("bad: Basic ••• of Aladdin:•••"));
    assert!(!failed.raw.contains("sesame") && !failed.raw.contains("QWxh"), "{}", failed.raw);
    let curl = desk.http.curl(&Request::read(Method::Get, "a"));
    assert!(curl.is_some_and(|it| it.contains("--user \"$API_USER:$PASSWORD\"")));
}

#[test]
fn a_credential_is_accepted_by_any_answer_that_is_about_the_call() {
    for (status, accepted) in [(200, 1), (403, 1), (404, 1), (400, 1), (401, 0), (429, 0), (500, 0), (502, 0)]
    {
        let mut desk = Desk::new();
        let _asked = desk.write("a");
        desk.world.reply(0, answer(status, &[], ""));
        assert_eq!(desk.doorman.acceptances.get(), accepted, "{status}");
    }
}

/// Errors of an API that answers 200 to everything: the kind stands in the body.
fn judge(request: &Request, status: u16, body: &str) -> Option<ApiError> {
    let kind = match body {
        "who?" => ErrorKind::Unauthorized { expired: false },
        "slow!" => ErrorKind::RateLimited,
        "no" => ErrorKind::Invalid,
        _ => return None,
    };
    let error = ApiError::without_answer(kind, request, true);
    Some(ApiError { status: Some(status), message: Some("said: token-1".to_owned()), ..error })
}

fn judged() -> Desk {
    let desk = Desk::new();
    Desk { http: desk.http.clone().judged_by(judge), ..desk }
}

#[test]
fn a_refusal_under_a_good_status_acts_as_a_401() {
    let mut desk = judged();
    let asked = desk.read("a");
    desk.world.reply(0, answer(200, &[], "who?"));
    assert_eq!((desk.doorman.rejections.get(), desk.count(), asked.is_ready()), (1, 1, false));
    desk.doorman.admit("token-2");
    desk.world.settle();
    desk.world.ok(1, "A");
    assert_eq!(
        (text(&asked), desk.bearers().last().cloned().flatten()),
        ("A".to_owned(), Some("token-2".to_owned()))
    );
}

#[test]
fn a_limit_under_a_good_status_is_waited_out_as_its_headers_say() {
    let mut desk = judged();
    let asked = desk.read("a");
    desk.world.reply(0, answer(200, &[("X-RateLimit-ToWait-Sec", "9")], "slow!"));
    desk.world.pass(8_999);
    assert_eq!(desk.count(), 1);
    desk.world.pass(1);
    desk.world.ok(1, "A");
    assert_eq!(text(&asked), "A");
}

#[test]
fn an_error_under_a_good_status_fails_the_call_and_echoes_no_token() {
    let mut desk = judged();
    let asked = desk.write("a");
    desk.world.reply(0, answer(200, &[], "no"));
    let failed = error(&asked);
    assert_eq!((failed.kind, failed.message.as_deref()), (ErrorKind::Invalid, Some("said: •••")));
    let good = desk.write("b");
    desk.world.ok(1, "fine");
    assert_eq!(text(&good), "fine");
    // What the judge does not know is read by its status.
    let other = desk.write("c");
    desk.world.reply(2, answer(404, &[], "gone"));
    assert_eq!(error(&other).kind, ErrorKind::NotFound);
}
