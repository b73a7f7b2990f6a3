//! Every write of the journal under every fault, judged by what the service did.

use std::rc::Rc;

use futures_util::future::{FutureExt as _, LocalBoxFuture};

use super::bulk::{Happened, Kind};
use super::{Journal, Notice, Outcome, PlannedUpdate, Step};
use crate::domain::{FieldId, Fields, KeyId, Timestamp, Value};
use crate::http::testing::World;
use crate::http::{ApiError, Authority, Cancelled, Credential, ErrorKind, Method, Request};
use crate::systems::qualys_gateway::fixtures::{Anybody, Fault, Service};
use crate::systems::{Draft, Input, plan_change, read_draft};

struct Scene {
    world: World,
    service: Rc<Service>,
    journal: Journal,
}

impl Scene {
    fn new(keys: u64) -> Self {
        let world = World::new();
        let service = Service::with_keys(keys);
        let client = service.client(&world.timer);
        let journal = Journal::new(client, world.timer.clone(), Rc::new(Anybody), "test");
        Self { world, service, journal }
    }

    fn fault(&self, fault: Fault) {
        self.service.faults.borrow_mut().push(fault);
    }

    /// Runs a write to its end, moving the clock whenever it waits.
    fn run(&mut self, fut: impl Future<Output = Outcome> + 'static) -> Outcome {
        let res = self.world.start(fut);
        for _ in 0..200 {
            if res.is_ready() {
                return res.take();
            }
            self.world.pass(1_000);
        }
        panic!("the write never ended");
    }

    fn create(&mut self, title: &str) -> Outcome {
        let new = Fields::new().with(FieldId::TITLE, Value::Text(title.to_owned()));
        let journal = self.journal.clone();
        self.run(async move { journal.create(&new, |_| ()).await })
    }

    fn set_enabled(&mut self, id: u64, enabled: bool) -> Outcome {
        let (journal, id) = (self.journal.clone(), KeyId(id.to_string()));
        self.run(async move { journal.set_enabled(&id, enabled, |_| ()).await })
    }

    fn delete(&mut self, id: u64) -> Outcome {
        let (journal, id) = (self.journal.clone(), KeyId(id.to_string()));
        self.run(async move { journal.delete(&id, |_| ()).await })
    }

    fn rename(&mut self, id: u64, title: &str) -> Outcome {
        let journal = self.journal.clone();
        let (id, title) = (KeyId(id.to_string()), title.to_owned());
        let between = Rc::clone(&self.service);
        self.run(async move {
            let read = journal.writes.read(&id).await.unwrap_or_else(|err| panic!("{err}"));
            if title.is_empty() {
                between.rows.borrow_mut().iter_mut().for_each(|it| it.title = "theirs".to_owned());
            }
            let manifest = journal.manifest();
            let title = Input::Text(format!("mine {title}"));
            let draft = Draft::of(manifest, &read).with(FieldId::TITLE, title);
            let wanted = read_draft(manifest, &draft, Some(&read), Timestamp(0)).unwrap_or_default();
            let change = plan_change(manifest, &read, &wanted);
            journal.update(PlannedUpdate { read: &read, wanted: &wanted, change: &change }, |_| ()).await
        })
    }

    fn done(&self) -> usize {
        self.service.done.borrow().len()
    }
}

/// The outcome in one word, with its notices.
fn word(outcome: &Outcome) -> (&'static str, Vec<Notice>) {
    match outcome {
        Outcome::Done { notices, .. } => ("done", notices.clone()),
        Outcome::NotDone(_) => ("not done", Vec::new()),
        Outcome::Refused(_) => ("refused", Vec::new()),
        Outcome::Moved { .. } => ("moved", Vec::new()),
        Outcome::Gone => ("gone", Vec::new()),
        Outcome::Abandoned(_) => ("abandoned", Vec::new()),
    }
}

#[test]
fn a_create_ends_as_created_or_not_created_and_is_sent_once() {
    for (fault, expected, keys) in [
        (None, ("done", vec![]), 4),
        (Some(Fault::DropAfter), ("done", vec![Notice::LookedUp]), 4),
        (Some(Fault::DropBefore), ("not done", vec![]), 3),
        (Some(Fault::Status(400)), ("refused", vec![]), 3),
        (Some(Fault::Status(500)), ("not done", vec![]), 3),
        (Some(Fault::Status(429)), ("refused", vec![]), 3),
    ] {
        let mut scene = Scene::new(3);
        scene.service.faults.borrow_mut().extend(fault);
        assert_eq!(word(&scene.create("new")), expected, "{fault:?}");
        assert_eq!(scene.service.rows.borrow().len(), keys, "{fault:?}");
        let posts =
            scene.service.log.borrow().iter().filter(|it| it.starts_with("POST /activation-key")).count();
        assert_eq!(posts, 1, "{fault:?}");
    }
}

/// Chromium sends a POST again by itself when a reused connection dies before any answer. One click then
/// made two keys and looked like one.
#[test]
fn a_create_that_the_browser_repeated_is_never_taken_for_one() {
    let mut scene = Scene::new(3);
    scene.fault(Fault::Repeated);
    assert_eq!(word(&scene.create("new")), ("done", vec![Notice::SeveralMatch(2)]));
    for status in [400, 401, 403, 409, 413, 429] {
        let mut scene = Scene::new(3);
        scene.fault(Fault::RepeatedRefused(status));
        assert_eq!(word(&scene.create("new")), ("done", vec![Notice::LookedUp]), "{status}");
        assert_eq!(scene.service.rows.borrow().len(), 4, "{status}");
    }
}

/// The look after a refusal tells something or nothing; it does not turn a refusal into a wait.
#[test]
fn a_plain_refusal_of_a_create_stays_one() {
    for status in [400, 403, 409, 413, 429] {
        let mut scene = Scene::new(3);
        let journal = scene.journal.clone();
        let new = Fields::new().with(FieldId::TITLE, Value::Text("new".to_owned()));
        scene.fault(Fault::Status(status));
        let (service, sent) = (Rc::clone(&scene.service), std::cell::Cell::new(false));
        // The service stops answering with the refusal.
        let step = move |it| {
            if it == Step::LookingUp && !sent.replace(true) {
                service.read_faults.borrow_mut().extend([Fault::Status(503); 20]);
            }
        };
        let res = scene.world.start(async move { journal.create(&new, step).await });
        for _ in 0..11 {
            scene.world.pass(1_000);
        }
        assert_eq!(word(&res.take()).0, "refused", "{status}");
        assert_eq!(scene.service.rows.borrow().len(), 3);
    }
}

/// Signs in at once, after something has happened.
struct Meanwhile(Rc<Service>, fn(&Service));

impl Authority for Meanwhile {
    fn credential(&self) -> Option<Credential> {
        Anybody.credential()
    }

    fn rejected(&self, _used: &Credential) {}

    fn renewed(&self) -> LocalBoxFuture<'static, Result<(), Cancelled>> {
        (self.1)(&self.0);
        async { Ok(()) }.boxed_local()
    }
}

/// A write that waited for a sign-in was once sent as it had been planned, whatever the key was by then.
#[test]
fn after_a_new_sign_in_a_write_starts_with_its_look() {
    let scene = |meanwhile: fn(&Service)| {
        let mut scene = Scene::new(3);
        let authority = Rc::new(Meanwhile(Rc::clone(&scene.service), meanwhile));
        let client = scene.service.client(&scene.world.timer);
        scene.journal = Journal::new(client, scene.world.timer.clone(), authority, "test");
        scene.fault(Fault::Status(401));
        scene
    };
    let mut changed =
        scene(|it| it.rows.borrow_mut().iter_mut().for_each(|it| it.title = "theirs".to_owned()));
    assert_eq!((word(&changed.rename(1, "a")).0, changed.done()), ("moved", 0));
    let mut flipped = scene(|it| it.rows.borrow_mut().iter_mut().for_each(|it| it.disabled = true));
    assert_eq!(word(&flipped.set_enabled(1, false)), ("done", vec![Notice::AlreadySo]));
    assert_eq!((flipped.service.is_disabled(1), flipped.done()), (Some(true), 0));
    let mut gone = scene(|it| it.rows.borrow_mut().clear());
    assert_eq!((word(&gone.delete(1)), gone.done()), (("done", vec![Notice::AlreadySo]), 0));
    // Where nothing happened, it is done as it was planned.
    let same = || scene(|_| ());
    assert_eq!(word(&same().rename(1, "a")), ("done", vec![]));
    assert_eq!(word(&same().set_enabled(1, false)), ("done", vec![]));
    assert_eq!(word(&same().delete(1)), ("done", vec![]));
    let mut created = same();
    assert_eq!((word(&created.create("new")), created.done()), (("done", vec![]), 1));
}

/// Looking goes on for as long as it takes, and not more often than the service allows.
#[test]
fn a_look_waits_as_long_as_the_service_says() {
    let mut scene = Scene::new(1);
    let (journal, asked) = (scene.journal.clone(), Rc::new(std::cell::Cell::new(0)));
    let count = Rc::clone(&asked);
    let res = scene.world.start(async move {
        let ask = async || {
            count.set(count.get() + 1);
            let request = Request::read(Method::Get, "keys");
            let err = ApiError::without_answer(ErrorKind::RateLimited, &request, true);
            if count.get() < 3 { Err(ApiError { retry_after_secs: Some(60), ..err }) } else { Ok(()) }
        };
        journal.writes.until_answered(&|_| (), ask).await
    });
    scene.world.pass(59_999);
    assert_eq!(asked.get(), 1);
    scene.world.pass(1);
    assert_eq!(asked.get(), 2);
    scene.world.pass(60_000);
    assert_eq!(res.take(), Ok(()));
}

#[test]
fn a_flip_that_the_browser_repeated_is_made_good() {
    let mut scene = Scene::new(3);
    scene.fault(Fault::Repeated);
    assert_eq!(word(&scene.set_enabled(1, false)), ("done", vec![Notice::Contended]));
    assert_eq!(scene.service.is_disabled(1), Some(true));
}

#[test]
fn a_lost_create_is_not_taken_for_an_older_key_of_the_same_title() {
    let mut scene = Scene::new(3);
    scene.fault(Fault::DropBefore);
    assert_eq!(word(&scene.create("key 0001")), ("not done", vec![]));
    let mut scene = Scene::new(3);
    scene.fault(Fault::DropAfter);
    let Outcome::Done { key: Some(key), .. } = scene.create("key 0001") else { panic!("it was created") };
    assert_eq!(key.id.0, "4");
}

#[test]
fn a_key_is_brought_into_the_wanted_state_by_one_flip_or_none() {
    let mut scene = Scene::new(3);
    assert_eq!(word(&scene.set_enabled(1, false)), ("done", vec![]));
    assert_eq!(scene.service.is_disabled(1), Some(true));
    assert_eq!(word(&scene.set_enabled(1, false)), ("done", vec![Notice::AlreadySo]));
    assert_eq!(scene.done(), 1);
    assert_eq!(word(&scene.set_enabled(99, false)), ("gone", vec![]));
}

#[test]
fn a_lost_flip_is_looked_up_and_never_flipped_again() {
    let mut scene = Scene::new(3);
    scene.fault(Fault::DropAfter);
    assert_eq!(word(&scene.set_enabled(1, false)), ("done", vec![Notice::LookedUp]));
    assert_eq!((scene.service.is_disabled(1), scene.done()), (Some(true), 1));

    let mut scene = Scene::new(3);
    scene.fault(Fault::DropBefore);
    assert_eq!(word(&scene.set_enabled(1, false)), ("not done", vec![]));
    assert_eq!((scene.service.is_disabled(1), scene.done()), (Some(false), 0));
}

#[test]
fn a_flip_on_top_of_another_administrators_is_made_good() {
    let mut scene = Scene::new(3);
    scene.fault(Fault::FlippedByAnother);
    assert_eq!(word(&scene.set_enabled(1, false)), ("done", vec![Notice::Contended]));
    assert_eq!(scene.service.is_disabled(1), Some(true));
}

#[test]
fn a_fight_without_end_is_reported_with_the_state_it_left() {
    let mut scene = Scene::new(3);
    scene.service.faults.borrow_mut().extend([Fault::FlippedByAnother; 50]);
    let Outcome::Moved { now, .. } = scene.set_enabled(1, false) else { panic!("it cannot be done") };
    assert_eq!(Some(now.disabled), scene.service.is_disabled(1));
}

#[test]
fn a_lost_delete_is_looked_up() {
    let mut scene = Scene::new(3);
    scene.fault(Fault::DropAfter);
    assert_eq!(word(&scene.delete(1)), ("done", vec![Notice::LookedUp]));
    scene.fault(Fault::DropBefore);
    assert_eq!(word(&scene.delete(2)), ("not done", vec![]));
    scene.fault(Fault::Status(409));
    assert_eq!(word(&scene.delete(2)), ("refused", vec![]));
    scene.fault(Fault::Status(404));
    assert_eq!(word(&scene.delete(2)), ("done", vec![Notice::AlreadySo]));
    assert_eq!(scene.done(), 1);
}

#[test]
fn an_update_stops_when_somebody_changed_the_key_first() {
    let mut scene = Scene::new(3);
    let Outcome::Moved { now, fields } = scene.rename(1, "") else { panic!("it changed") };
    assert_eq!((now.title(), fields.len(), scene.done()), ("theirs", 1, 0));
}

#[test]
fn a_lost_update_is_looked_up() {
    let mut scene = Scene::new(3);
    assert_eq!(word(&scene.rename(1, "a")), ("done", vec![]));
    scene.fault(Fault::DropAfter);
    assert_eq!(word(&scene.rename(1, "b")), ("done", vec![Notice::LookedUp]));
    scene.fault(Fault::DropBefore);
    assert_eq!(word(&scene.rename(1, "c")), ("not done", vec![]));
    assert_eq!(scene.done(), 2);
}

#[test]
fn looking_goes_on_until_the_service_can_be_reached_again() {
    let mut scene = Scene::new(3);
    scene.fault(Fault::DropAfter);
    // The first read is the one before the flip; the rest are looks, each with its own retries.
    scene.service.read_faults.borrow_mut().clear();
    let journal = scene.journal.clone();
    let res =
        scene.world.start(async move { journal.set_enabled(&KeyId("1".to_owned()), false, |_| ()).await });
    scene.service.read_faults.borrow_mut().extend([Fault::Status(503); 9]);
    for _ in 0..100 {
        scene.world.pass(1_000);
    }
    assert_eq!(word(&res.take()), ("done", vec![Notice::LookedUp]));
    assert_eq!(scene.done(), 1);
}

/// Whoever shows more than this connection hears of what happened, and of nothing else.
#[test]
fn changes_that_happened_are_told_by_their_keys() {
    let mut scene = Scene::new(3);
    let told: Rc<std::cell::RefCell<Vec<Happened>>> = Rc::default();
    let ours = Rc::clone(&told);
    scene.journal.jobs().tell(move |it| ours.borrow_mut().push(it.clone()));

    assert_eq!(word(&scene.set_enabled(1, false)).0, "done");
    assert_eq!(word(&scene.set_enabled(1, false)), ("done", vec![Notice::AlreadySo]));
    scene.fault(Fault::Status(409));
    assert_eq!(word(&scene.delete(2)), ("refused", vec![]));
    assert_eq!(word(&scene.rename(2, "again")).0, "done");
    assert_eq!(word(&scene.delete(2)).0, "done");
    let Outcome::Done { key: Some(made), .. } = scene.create("new") else { panic!("it was made") };

    let event = |kind, key: &str| Happened { kind, key: Some(KeyId(key.to_owned())), count: 1 };
    let want = [
        event(Kind::Disable, "1"),
        event(Kind::Change, "2"),
        event(Kind::Remove, "2"),
        event(Kind::Create, &made.id.0),
    ];
    assert_eq!(*told.borrow(), want);
}
