//! The browser's side of the platform: what natively is only a fallback.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::future::{self, Either, FutureExt as _, LocalBoxFuture};
use js_sys::{Object, Promise, Reflect};
use latchkey::domain::{Date, Secret, Timestamp};
use latchkey::http::{
    Authority, BrowserTimer, Cancel, Cancelled, Credential, ErrorKind, FetchTransport, Http, Method, Request,
    Timer,
};
use latchkey::platform::storage::{Persisted, SessionStorage, preferences};
use latchkey::platform::{clipboard, clock, intl, listen, location, locks};
use latchkey::session::{Config, SessionState, Sessions};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Event, Window};

wasm_bindgen_test_configure!(run_in_browser);

fn window() -> Window {
    web_sys::window().unwrap()
}

/// Replaces a property of a browser object until it is dropped.
struct Replaced {
    target: Object,
    name: JsValue,
    before: JsValue,
}

impl Replaced {
    /// By a getter that returns, or throws, what `value` gives.
    fn by(target: &JsValue, name: &str, value: impl Fn() -> Result<JsValue, JsValue> + 'static) -> Self {
        let target: Object = target.clone().unchecked_into();
        let name = JsValue::from_str(name);
        let before = Reflect::get_own_property_descriptor(&target, &name).unwrap();
        let descriptor = Object::new();
        let getter = Closure::<dyn Fn() -> Result<JsValue, JsValue>>::new(value).into_js_value();
        assert!(Reflect::set(&descriptor, &"get".into(), &getter).unwrap());
        assert!(Reflect::set(&descriptor, &"configurable".into(), &JsValue::TRUE).unwrap());
        assert!(Reflect::define_property(&target, &name, &descriptor).unwrap());
        Self { target, name, before }
    }
}

impl Drop for Replaced {
    fn drop(&mut self) {
        let restored = match self.before.dyn_ref::<Object>() {
            Some(before) => Reflect::define_property(&self.target, &self.name, before),
            None => Reflect::delete_property(&self.target, &self.name),
        };
        assert!(restored.unwrap());
    }
}

/// Whether `fut` waits; polls it once.
async fn is_pending<F: Future + Unpin>(fut: &mut F) -> bool {
    matches!(future::select(fut, future::ready(())).await, Either::Right(_))
}

#[wasm_bindgen_test]
fn values_lie_in_session_storage_and_not_in_local_storage() {
    assert_eq!(SessionStorage.put("test.a", "1"), Persisted::Stored);
    let storage = window().session_storage().unwrap().unwrap();
    assert_eq!(storage.get_item("test.a").unwrap().as_deref(), Some("1"));
    assert_eq!(SessionStorage.get("test.a").as_deref(), Some("1"));
    SessionStorage.remove("test.a");
    assert_eq!(storage.get_item("test.a").unwrap(), None);
    assert_eq!(preferences::put("theme", "dark"), Persisted::Stored);
    assert_eq!(preferences::get("theme").as_deref(), Some("dark"));
    #[expect(clippy::disallowed_methods, reason = "to prove that nothing is stored there")]
    let local = window().local_storage().unwrap().unwrap();
    assert_eq!(local.length(), Ok(0));
}

/// A sandboxed frame throws on the first look at `sessionStorage`; the app once ended there.
#[wasm_bindgen_test]
fn refused_storage_falls_back_to_memory_and_says_so() {
    {
        let _refused =
            Replaced::by(&window(), "sessionStorage", || Err(js_sys::Error::new("refused").into()));
        assert_eq!(SessionStorage.put("test.b", "1"), Persisted::MemoryOnly);
        assert_eq!(SessionStorage.get("test.b").as_deref(), Some("1"));
    }
    assert_eq!(SessionStorage.get("test.b").as_deref(), Some("1"));
    SessionStorage.remove("test.b");
    assert_eq!(SessionStorage.get("test.b"), None);
}

#[wasm_bindgen_test]
async fn two_holders_of_one_lock_run_one_after_the_other() {
    let log = RefCell::new(Vec::new());
    let (release, released) = oneshot::channel::<()>();
    let first = locks::with_lock("test.order", async {
        log.borrow_mut().push("first in");
        released.await.unwrap();
        log.borrow_mut().push("first out");
    });
    let second = locks::with_lock("test.order", async { log.borrow_mut().push("second") });
    let other = async {
        // Another name is free at once; by then the second has had its chance to be wrong.
        locks::with_lock("test.other", async { log.borrow_mut().push("other") }).await;
        release.send(()).unwrap();
    };
    future::join3(first, second, other).await;
    assert_eq!(*log.borrow(), ["first in", "other", "first out", "second"]);
}

#[wasm_bindgen_test]
async fn a_dropped_holder_and_a_dropped_waiter_give_the_lock_back() {
    let entered = Rc::new(Cell::new(false));
    let mark = Rc::clone(&entered);
    let mut holder = locks::with_lock("test.drop", async move {
        mark.set(true);
        future::pending::<()>().await;
    })
    .boxed_local();
    while !entered.get() {
        assert!(is_pending(&mut holder).await);
        clock::sleep(0).await;
    }
    let mut waiter = locks::with_lock("test.drop", future::ready(())).boxed_local();
    assert!(is_pending(&mut waiter).await);
    drop(waiter);
    drop(holder);
    assert_eq!(locks::with_lock("test.drop", future::ready(7)).await, 7);
}

#[wasm_bindgen_test]
async fn without_locks_the_work_runs_all_the_same() {
    let _absent = Replaced::by(&window().navigator(), "locks", || Ok(JsValue::UNDEFINED));
    assert_eq!(locks::with_lock("test.absent", future::ready(7)).await, 7);
}

#[wasm_bindgen_test]
fn a_listener_hears_until_it_is_dropped() {
    let heard = Rc::new(Cell::new(0));
    let count = Rc::clone(&heard);
    let listener = listen::window("latchkey-test", move |_| count.set(count.get() + 1));
    let fire = || window().dispatch_event(&Event::new("latchkey-test").unwrap()).unwrap();
    assert!(fire() && fire());
    assert_eq!(heard.get(), 2);
    drop(listener);
    assert!(fire());
    assert_eq!(heard.get(), 2);
    assert_eq!(Rc::strong_count(&heard), 1, "the closure is gone with its listener");
}

#[wasm_bindgen_test]
fn media_queries_answer() {
    assert!(listen::media_matches("(min-width: 0px)"));
    assert!(!listen::media_matches("(max-width: 0px)"));
}

#[wasm_bindgen_test]
fn numbers_and_days_follow_the_locale() {
    assert_eq!(intl::number(1_234_567), "1,234,567");
    let date = Date::parse("2025-09-08").unwrap();
    let text = intl::date(date);
    assert!(text.contains("Sep") && text.contains('8') && text.contains("2025"), "{text}");
    let text = intl::date_time(Timestamp(1_757_356_811_000));
    assert!(text.contains("18:40") && text.contains("UTC") && text.contains("2025"), "{text}");
    let near = [-1, 0, 1, 3, -90].map(intl::relative_days);
    assert_eq!(near, ["yesterday", "today", "tomorrow", "in 3 days", "2 months ago"]);
}

#[wasm_bindgen_test]
fn addresses_go_there_and_back_below_the_base() {
    let before = [location::path(), location::search()].concat();
    location::push("/keys/5?page=2");
    assert_eq!((location::path().as_str(), location::search().as_str()), ("/keys/5", "?page=2"));
    assert_eq!(location::href("/keys"), [location::base(), "keys".to_owned()].concat());
    location::replace(&before);
    assert_eq!([location::path(), location::search()].concat(), before);
    assert!(location::origin().starts_with("http://"));
}

#[wasm_bindgen_test]
async fn a_dropped_wait_never_calls_back() {
    let mut wait = clock::sleep(0).boxed_local();
    assert!(is_pending(&mut wait).await);
    drop(wait);
    // A call into the freed closure would throw, and the runner would report it.
    let before = clock::monotonic_ms();
    clock::sleep(1).await;
    clock::next_frame().await;
    assert!(clock::monotonic_ms() > before);
}

#[wasm_bindgen_test]
async fn copying_reaches_the_clipboard_or_says_no() {
    let navigator = window().navigator();
    {
        let _absent = Replaced::by(&navigator, "clipboard", || Ok(JsValue::UNDEFINED));
        assert_eq!(clipboard::copy("x").await, Err(clipboard::Denied));
    }
    let written = Rc::new(RefCell::new(None));
    let seen = Rc::clone(&written);
    let write = Closure::<dyn Fn(JsValue) -> Promise>::new(move |text: JsValue| {
        let denied = text.as_string().is_some_and(|it| it == "denied");
        *seen.borrow_mut() = text.as_string();
        if denied { Promise::reject(&text) } else { Promise::resolve(&text) }
    });
    let fake = Object::new();
    assert!(Reflect::set(&fake, &"writeText".into(), write.as_ref()).unwrap());
    let _fake = Replaced::by(&navigator, "clipboard", move || Ok(fake.clone().into()));
    assert_eq!(clipboard::copy("some text").await, Ok(()));
    assert_eq!(written.borrow().as_deref(), Some("some text"));
    assert_eq!(clipboard::copy("denied").await, Err(clipboard::Denied));
}

/// Hands out one token.
struct Holder(&'static str);

impl Authority for Holder {
    fn credential(&self) -> Option<Credential> {
        Some(Credential::Bearer(Secret::new(self.0.to_owned())))
    }
    fn rejected(&self, _used: &Credential) {}
    fn renewed(&self) -> LocalBoxFuture<'static, Result<(), Cancelled>> {
        future::ready(Err(Cancelled)).boxed_local()
    }
}

fn http(base_url: &str, token: &'static str) -> Http {
    Http::new(base_url, Rc::new(FetchTransport), Rc::new(BrowserTimer), Rc::new(Holder(token)))
}

#[wasm_bindgen_test]
async fn a_real_answer_arrives_with_status_headers_and_text() {
    let http = http("/", "t");
    let response = http.send(&Request::read(Method::Get, ""), &Cancel::new()).await.unwrap();
    assert_eq!(response.status, 200);
    assert!(response.headers.get("Content-Type").unwrap().starts_with("text/html"));
    assert!(response.text.contains("<html"));
    let missing = http.send(&Request::read(Method::Get, "no/such/file"), &Cancel::new()).await;
    assert_eq!(missing.map(|_| ()).unwrap_err().kind, ErrorKind::NotFound);
}

#[wasm_bindgen_test]
async fn a_refused_connection_is_a_failure_of_the_network() {
    // Browsers never connect to port 1.
    let request = Request::write(Method::Post, "x").json("{}".to_owned());
    let failed =
        http("http://127.0.0.1:1/", "t").send(&request, &Cancel::new()).await.map(|_| ()).unwrap_err();
    assert!(matches!(failed.kind, ErrorKind::Network | ErrorKind::Offline), "{failed:?}");
    assert!(failed.outcome_unknown());
}

/// A token with a line break makes `Headers.set` throw, which once ended the app.
#[wasm_bindgen_test]
async fn a_token_no_header_can_hold_is_an_error_and_no_crash() {
    let request = Request::write(Method::Post, "");
    let failed = http("/", "a\nb").send(&request, &Cancel::new()).await.map(|_| ()).unwrap_err();
    assert!(matches!(failed.kind, ErrorKind::Network | ErrorKind::Offline), "{failed:?}");
}

/// Stands in for `fetch`: notes the requests and never answers.
fn silent_fetch() -> (Replaced, Rc<RefCell<Vec<web_sys::Request>>>) {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let sink = Rc::clone(&seen);
    let fetch = Closure::<dyn Fn(web_sys::Request) -> Promise>::new(move |request| {
        sink.borrow_mut().push(request);
        Promise::new(&mut |_, _| {})
    })
    .into_js_value();
    (Replaced::by(&window(), "fetch", move || Ok(fetch.clone())), seen)
}

#[wasm_bindgen_test]
async fn cancelling_aborts_the_fetch() {
    let (_fetch, seen) = silent_fetch();
    let (http, cancel) = (http("/", "the-token"), Cancel::new());
    let request = Request::read(Method::Post, "keys").json("{\"limit\":1}".to_owned());
    let mut call = pin!(http.send(&request, &cancel));
    assert!(is_pending(&mut call).await);
    let sent = seen.borrow().first().cloned().unwrap();
    assert_eq!(
        (sent.method(), sent.url()),
        ("POST".to_owned(), [location::origin(), "/keys".to_owned()].concat())
    );
    assert_eq!(sent.headers().get("authorization").unwrap().as_deref(), Some("Bearer the-token"));
    assert_eq!(sent.headers().get("content-type").unwrap().as_deref(), Some("application/json"));
    assert_eq!(
        (sent.cache(), sent.redirect()),
        (web_sys::RequestCache::NoStore, web_sys::RequestRedirect::Error)
    );
    assert!(!sent.signal().aborted());
    cancel.cancel();
    assert_eq!(call.await.map(|_| ()).unwrap_err().kind, ErrorKind::Cancelled);
    assert!(sent.signal().aborted());
}

#[wasm_bindgen_test]
async fn the_deadline_aborts_the_fetch() {
    let (_fetch, seen) = silent_fetch();
    let mut request = Request::read(Method::Get, "keys");
    request.deadline_ms = 1;
    let failed = http("/", "t").send(&request, &Cancel::new()).await.map(|_| ()).unwrap_err();
    assert_eq!(failed.kind, ErrorKind::TimedOut);
    assert!(seen.borrow().first().unwrap().signal().aborted());
    BrowserTimer.sleep(0).await;
}

#[wasm_bindgen_test]
fn a_session_survives_a_reload_and_leaves_nothing_behind() {
    let config = r#"{"connections":[{"id":"a","name":"A","system":"qualys-gateway","base_url":"/"}]}"#;
    let config = Config::read(config).unwrap();
    // {"alg":"none"} . {"sub":"ada","exp":32503680000} . x
    let token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEiLCJleHAiOjMyNTAzNjgwMDAwfQ.eHg";
    let sessions = Sessions::new(&config);
    let session = sessions.by_id("a").unwrap();
    assert_eq!(session.use_token(&Secret::new(token.to_owned())), Ok(()));
    let storage = window().session_storage().unwrap().unwrap();
    assert!(storage.get_item("latchkey.sessions").unwrap().unwrap().contains(token));
    let reloaded = Sessions::new(&config);
    assert!(reloaded.restore());
    let reloaded = reloaded.by_id("a").unwrap();
    let SessionState::Active(info) = reloaded.current() else { panic!("not taken up") };
    assert_eq!((info.user.as_str(), info.persisted), ("ada", Persisted::Stored));
    reloaded.sign_out();
    assert_eq!(storage.get_item("latchkey.sessions").unwrap(), None);
    assert_eq!(reloaded.current(), SessionState::SignedOut);
}
