//! Loads against a service whose answers come when the test says.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::future::{Either, FutureExt as _, select};

use super::{Batch, Held, ServerPart, Source};
use crate::domain::{Coverage, FieldId, Key, PageOf, Ref, Value};
use crate::http::testing::{Pending, World};
use crate::http::{ApiError, Cancel, ErrorKind, Http};
use crate::systems::qualys_gateway::fixtures::{Anybody, key};
use crate::systems::qualys_gateway::{LICENCES, MANIFEST, NETWORK};
use crate::systems::{Answer, Calls, Order, SearchRequest};

type Reply = Result<Batch, ErrorKind>;

/// A service that waits: what it was asked, and whom it owes an answer.
#[derive(Default)]
struct Slow {
    /// The text of the part, and after what.
    asked: RefCell<Vec<String>>,
    owed: RefCell<Vec<oneshot::Sender<Reply>>>,
}

impl Source for Slow {
    fn batch<'a>(
        &'a self,
        part: &'a ServerPart,
        after: Option<&'a str>,
        cancel: &'a Cancel,
    ) -> Answer<'a, Batch> {
        let (owed, reply) = oneshot::channel();
        self.asked.borrow_mut().push([&part.text, "|", after.unwrap_or_default()].concat());
        self.owed.borrow_mut().push(owed);
        async move {
            let cancelled = std::pin::pin!(cancel.cancelled());
            let kind = match select(reply, cancelled).await {
                Either::Left((Ok(Ok(batch)), _)) => return Ok(batch),
                Either::Left((Ok(Err(kind)), _)) => kind,
                _ => ErrorKind::Cancelled,
            };
            let request = crate::http::Request::read(crate::http::Method::Get, "keys");
            Err(ApiError::without_answer(kind, &request, true))
        }
        .boxed_local()
    }
}

/// A batch of keys with these numbers, of 100 in all.
fn batch(ids: std::ops::RangeInclusive<u64>, next: Option<&str>) -> Reply {
    let rows = ids.map(|id| key(id, id % 2 == 0)).collect();
    Ok(Batch { rows, next: next.map(str::to_owned), all: true, limited: false, total: Some(100) })
}

fn question(query: &str) -> SearchRequest {
    let query = query.to_owned();
    SearchRequest { query, order: Order::TITLE, descending: false, page: 0, size: 25 }
}

fn ids(page: &PageOf<Key>) -> Vec<&str> {
    page.items.iter().map(|it| it.id.0.as_str()).collect()
}

struct Scene {
    world: World,
    held: Rc<Held>,
    slow: Rc<Slow>,
    calls: Rc<dyn Calls>,
}

type Asked = Pending<Result<PageOf<Key>, ApiError>>;

impl Scene {
    fn new() -> Self {
        let world = World::new();
        let http = Http::new("https://h/", world.network.clone(), world.timer.clone(), Rc::new(Anybody));
        Self { world, held: Rc::default(), slow: Rc::default(), calls: (MANIFEST.connect)(http) }
    }

    fn ask(&mut self, request: SearchRequest) -> (Asked, Cancel) {
        let cancel = Cancel::new();
        let (held, slow, calls, token) =
            (self.held.clone(), self.slow.clone(), self.calls.clone(), cancel.clone());
        let asked =
            self.world.start(async move { held.search(&MANIFEST, &*calls, &*slow, &request, &token).await });
        (asked, cancel)
    }

    /// The oldest call that waits is answered.
    fn reply(&mut self, reply: Reply) {
        let owed = self.slow.owed.borrow_mut().remove(0);
        owed.send(reply).unwrap_or_default();
        self.world.settle();
    }

    fn partial(&self, query: &str) -> Option<PageOf<Key>> {
        self.held.partial(&MANIFEST, &question(query))
    }

    /// Three keys of all, loaded to the end.
    fn whole() -> Self {
        let mut scene = Self::new();
        let (asked, _) = scene.ask(question("title: key"));
        scene.reply(batch(1..=3, None));
        assert_eq!(ids(&asked.take().unwrap()), ["1", "2", "3"]);
        scene
    }

    fn asked(&self) -> Vec<String> {
        self.slow.asked.borrow().clone()
    }
}

#[test]
fn rows_serve_as_they_come() {
    let mut scene = Scene::new();
    let (asked, _) = scene.ask(question("title: key AND state: disabled"));
    assert!(scene.partial("title: key AND state: disabled").is_none(), "nothing is there yet");
    assert_eq!(scene.held.progress(), None);
    scene.reply(batch(1..=40, Some("40")));
    let page = scene.partial("title: key AND state: disabled").unwrap();
    assert_eq!((page.total, page.items.len()), (20, 20));
    assert_eq!(page.coverage, Coverage::Partial { loaded: 40, of: Some(100) });
    assert_eq!(scene.held.progress(), Some(40));
    // Another question for the same rows has its rows at once.
    assert_eq!(scene.partial("title: `key 7`").map(|it| it.total), Some(1));
    // The service answers a part of this one by itself.
    assert!(scene.partial("activationKey.isDisabled: true AND title: key").is_none());
    scene.reply(batch(40..=100, None));
    let page = asked.take().unwrap();
    assert_eq!(page.total, 50, "the row that came twice counts once");
    assert!(matches!(page.coverage, Coverage::Held { loaded: 100, complete: true, of_all: true, .. }));
    assert_eq!((scene.held.progress(), scene.asked().len()), (None, 2));
}

#[test]
fn who_waits_hears_of_each_batch() {
    let mut scene = Scene::new();
    let (_asked, _) = scene.ask(question("title: key"));
    let held = scene.held.clone();
    let heard = scene.world.start(async move { held.progressed().await });
    assert!(!heard.is_ready());
    scene.reply(batch(1..=3, Some("3")));
    assert!(heard.is_ready());
}

#[test]
fn the_next_question_goes_on_where_an_obsolete_one_was() {
    let mut scene = Scene::new();
    let (first, cancel) = scene.ask(question("title: k"));
    scene.reply(batch(1..=40, Some("40")));
    // The next letter is typed while the second call is on its way.
    cancel.cancel();
    let (second, _) = scene.ask(question("title: ke"));
    scene.world.settle();
    assert_eq!(first.take().err().map(|it| it.kind), Some(ErrorKind::Cancelled));
    assert_eq!(scene.asked(), ["|", "|40", "|40"]);
    scene.slow.owed.borrow_mut().remove(0);
    scene.reply(batch(41..=100, None));
    assert_eq!(second.take().unwrap().total, 100);
}

#[test]
fn two_who_want_the_same_rows_share_the_calls() {
    let mut scene = Scene::new();
    let (one, cancel) = scene.ask(question("title: key"));
    let (two, _) = scene.ask(question("state: disabled"));
    assert_eq!(scene.asked().len(), 1);
    scene.reply(batch(1..=40, Some("40")));
    // The one that made the calls goes; the other takes over.
    cancel.cancel();
    scene.world.settle();
    assert_eq!(scene.asked(), ["|", "|40", "|40"]);
    scene.slow.owed.borrow_mut().remove(0);
    scene.reply(batch(41..=100, None));
    assert_eq!(two.take().unwrap().total, 50);
    assert!(one.take().is_err());
}

#[test]
fn what_came_before_a_failure_stays_and_is_not_asked_for_again() {
    let mut scene = Scene::new();
    let (asked, _) = scene.ask(question("title: key"));
    scene.reply(batch(1..=40, Some("40")));
    scene.reply(Err(ErrorKind::Network));
    assert_eq!(asked.take().err().map(|it| it.kind), Some(ErrorKind::Network));
    let page = scene.partial("title: key").unwrap();
    assert_eq!(page.coverage, Coverage::Partial { loaded: 40, of: Some(100) });
    let (again, _) = scene.ask(question("title: key"));
    assert_eq!(scene.asked(), ["|", "|40", "|40"]);
    scene.reply(batch(41..=100, None));
    assert_eq!(again.take().unwrap().total, 100);
}

#[test]
fn a_load_that_the_service_does_not_continue_starts_anew() {
    let mut scene = Scene::new();
    let (asked, _) = scene.ask(question("title: key"));
    scene.reply(batch(1..=40, Some("40")));
    scene.reply(Err(ErrorKind::Invalid));
    assert!(asked.take().is_err());
    assert_eq!(
        scene.partial("title: key").map(|it| it.total),
        Some(40),
        "the rows stay until there are others"
    );
    let (again, _) = scene.ask(question("title: key"));
    assert_eq!(scene.asked(), ["|", "|40", "|"]);
    scene.reply(batch(1..=50, None));
    assert_eq!(again.take().unwrap().total, 50);
}

#[test]
fn what_is_held_whole_answers_everything_that_can_be_asked_here() {
    let mut scene = Scene::whole();
    for (query, want) in [
        ("", vec!["1", "2", "3"]),
        ("activationKey.isDisabled: true", vec!["2"]),
        ("NOT state: disabled", vec!["1", "3"]),
        ("activationKey.id: 3 OR title: `key 1`", vec!["1", "3"]),
    ] {
        let page = scene.held.answer(&MANIFEST, &question(query)).unwrap();
        assert_eq!(ids(&page), want, "{query}");
        let (asked, _) = scene.ask(question(query));
        assert_eq!(ids(&asked.take().unwrap()), want, "{query}");
    }
    assert_eq!(scene.asked().len(), 1);
    // What only the service may know, it is asked.
    assert!(scene.held.answer(&MANIFEST, &question("owner: Berlin")).is_none());
    scene.held.forget();
    assert!(scene.held.answer(&MANIFEST, &question("")).is_none());
}

#[test]
fn a_part_of_the_account_answers_for_nothing_else() {
    let mut scene = Scene::new();
    let (asked, _) = scene.ask(question("activationKey.isDisabled: true AND title: key"));
    assert_eq!(scene.asked(), ["activationKey.isDisabled: true|"]);
    scene.reply(batch(1..=3, None));
    let page = asked.take().unwrap();
    assert!(matches!(page.coverage, Coverage::Held { complete: true, of_all: false, .. }));
    assert!(scene.held.answer(&MANIFEST, &question("title: key")).is_none());
}

#[test]
fn rows_that_were_forgotten_while_they_loaded_are_not_kept() {
    let mut scene = Scene::new();
    let (asked, _) = scene.ask(question("title: key"));
    scene.held.forget();
    scene.reply(batch(1..=3, None));
    assert_eq!(asked.take().unwrap().total, 3, "who asked is answered");
    assert!(scene.held.answer(&MANIFEST, &question("")).is_none());
}

#[test]
fn orders_and_pages_of_held_rows_agree_with_one_another() {
    let mut scene = Scene::new();
    let (asked, _) = scene.ask(question("title: key"));
    scene.reply(batch(1..=100, None));
    asked.take().unwrap();
    let page = |number, descending| {
        let request = SearchRequest { page: number, descending, size: 30, ..question("state: active") };
        scene.held.answer(&MANIFEST, &request).unwrap()
    };
    let all = |descending| -> Vec<String> {
        (0..2).flat_map(|it| page(it, descending).items.into_iter().map(|it| it.id.0)).collect()
    };
    let (mut up, down) = (all(false), all(true));
    assert_eq!((up.len(), page(1, false).items.len(), page(2, false).items.len()), (50, 20, 0));
    assert!(up.starts_with(&["1", "11", "13"].map(str::to_owned)), "by title: key 1, key 11, key 13");
    up.reverse();
    assert_eq!(up, down);
    // The same again is the same, from what was worked out before.
    assert_eq!(all(true), down);
}

#[test]
fn seen_values_are_counted_the_most_frequent_first() {
    let mut scene = Scene::new();
    let (asked, _) = scene.ask(question("title: key"));
    let mut rows: Vec<Key> = (1..=6).map(|id| key(id, id % 3 == 0)).collect();
    for (at, row) in rows.iter_mut().enumerate() {
        let codes = if at < 2 { vec!["VM".to_owned(), "PC".to_owned()] } else { vec!["VM".to_owned()] };
        row.fields.set(LICENCES, Value::Codes(codes));
        let ada = Ref { id: "acme_ab1".to_owned(), name: Some("Ada Byron".to_owned()) };
        row.fields.set(FieldId::CREATOR, Value::Ref(if at == 5 { Ref::of("bo") } else { ada }));
    }
    scene.reply(Ok(Batch { rows, next: Some("6".to_owned()), all: true, limited: false, total: None }));
    assert!(!asked.is_ready(), "rows count as they come");
    let seen = |token: &'static str| {
        let seen = scene.held.seen_values(&MANIFEST, token).unwrap();
        assert_eq!(seen.keys, 6);
        seen.values.into_iter().map(|(value, n)| format!("{value} {n}")).collect::<Vec<_>>()
    };
    assert_eq!(seen("licence"), ["VM 6", "PC 2"]);
    assert_eq!(seen("creator"), ["Ada Byron 5", "acme_ab1 5", "bo 1"]);
    assert_eq!(seen("state"), ["active 4", "disabled 2"]);
    assert_eq!(seen("title").len(), 6);
    assert_eq!(scene.held.seen_values(&MANIFEST, "activationKey").unwrap().values, [], "no key's value");
}

/// A value of no known shape is known by the rows that have it.
#[test]
fn a_text_with_the_value_of_a_row_is_known() {
    let mut scene = Scene::new();
    assert!(!scene.held.holds_value_in("title: my-own-key"));
    let (asked, _) = scene.ask(question(""));
    let mut row = key(1, false);
    row.value = Some(crate::domain::Secret::new("my-own-key".to_owned()));
    let mut short = key(2, false);
    short.value = Some(crate::domain::Secret::new("it".to_owned()));
    scene.reply(Ok(Batch { rows: vec![row, short], next: None, all: true, limited: false, total: None }));
    assert!(asked.is_ready());
    assert!(scene.held.holds_value_in("title: my-own-key"));
    assert!(!scene.held.holds_value_in("title: my-other-key") && !scene.held.holds_value_in(""));
}

/// A service whose every answer names a new place to go on from, and says nothing new there.
#[test]
fn a_service_that_leads_nowhere_is_not_followed() {
    let mut scene = Scene::new();
    let (asked, _) = scene.ask(question("title: key"));
    for next in 1..=3 {
        assert!(!asked.is_ready());
        let batch = Batch {
            rows: vec![key(1, false)],
            next: Some(next.to_string()),
            all: true,
            limited: false,
            total: None,
        };
        scene.reply(Ok(batch));
    }
    assert!(asked.is_ready(), "twice nothing new");
}

#[test]
fn what_no_row_tells_is_named() {
    let mut scene = Scene::whole();
    let untold = |scene: &Scene, query: &str| -> Vec<FieldId> {
        scene.held.untold(&MANIFEST, query).iter().map(|it| it.id).collect()
    };
    let query = "network: 5 AND (title: a OR NOT network: 6) AND /* tag: 7 AND */ state: active AND free > 3";
    assert_eq!(untold(&scene, query), [NETWORK]);
    assert!(untold(&scene, "title: a").is_empty());
    assert!(untold(&Scene::new(), query).is_empty(), "nothing is known of rows that are not there");
    // One that tells it is enough.
    scene.held.forget();
    let (asked, _) = scene.ask(question("title: key"));
    let mut told = key(1, false);
    told.fields.set(NETWORK, Value::Number(5));
    scene.reply(Ok(Batch { rows: vec![told], next: None, all: true, limited: false, total: None }));
    asked.take().unwrap();
    assert!(untold(&scene, query).is_empty());
}

/// The service says how much it allows: the last of it is left to the reader, and the load goes on in the next window.
#[test]
fn a_long_load_leaves_room_in_the_limit_and_goes_on_later() {
    let mut scene = Scene::new();
    let http = scene.calls.http().clone();
    let tell = |scene: &mut Scene, at: usize, remaining: &str| {
        let headers = [
            ("X-RateLimit-Limit", "100"),
            ("X-RateLimit-Remaining", remaining),
            ("X-RateLimit-Window-Sec", "60"),
        ];
        let (http, request) = (http.clone(), crate::http::Request::read(crate::http::Method::Get, "x"));
        let sent = scene.world.start(async move { http.send(&request, &Cancel::new()).await.is_ok() });
        scene.world.reply(at, crate::http::testing::answer(200, &headers, ""));
        assert!(sent.take());
    };
    tell(&mut scene, 0, "10");
    let (asked, _) = scene.ask(question("title: key"));
    assert_eq!(scene.asked().len(), 1, "somebody waits for the first rows");
    scene.reply(batch(1..=40, Some("40")));
    assert_eq!(scene.asked().len(), 1, "the next ones wait");
    scene.world.pass(59_000);
    assert_eq!(scene.asked().len(), 1);
    scene.world.pass(1_000);
    assert_eq!(scene.asked(), ["|", "|40"]);
    tell(&mut scene, 1, "3");
    scene.reply(batch(41..=60, Some("60")));
    assert_eq!(scene.asked().len(), 2);
    // Who waits no longer is told so at once.
    drop(asked);
    let (again, cancel) = scene.ask(question("title: key 4"));
    assert!(!again.is_ready());
    cancel.cancel();
    scene.world.settle();
    assert!(!again.is_ready(), "the first one still loads");
    scene.world.pass(60_000);
    assert_eq!(scene.asked().len(), 3);
}
