use std::cell::RefCell;
use std::rc::Rc;

use super::tab::{Machine, Tab, Trouble};
use super::{ALL, Scene, What, ends};
use crate::domain::{FieldId, Value};
use crate::http::{ApiError, ErrorKind, Method, Request};
use crate::journal::bulk::{ItemState, Phase, Skip, Wanted, Why};
use crate::systems::qualys_gateway::APPLY;
use crate::systems::{Change, Delta, System, solifyn};

#[test]
fn every_kind_of_change_is_done_once_a_key() {
    for what in ALL {
        let scene = Scene::new(30);
        let mut tab = scene.machine.tab(None);
        let job = scene.start(&mut tab, what);
        assert_eq!(ends(&job), (30, 0, 0, 0), "{what:?}");
        assert_eq!(job.phase(), Phase::Ended);
        scene.check(what, 30, &job, "plain");
    }
}

#[test]
fn what_is_so_already_is_skipped_and_nothing_is_sent() {
    let scene = Scene::new(10);
    scene.service.rows.borrow_mut().iter_mut().filter(|it| it.id <= 4).for_each(|it| it.disabled = true);
    let mut tab = scene.machine.tab(None);
    let job = scene.start(&mut tab, What::Disable);
    assert_eq!(ends(&job), (6, 0, 4, 0));
    scene.check(What::Disable, 10, &job, "");
    assert_eq!(scene.service.done.borrow().len(), 6);
}

#[test]
fn keys_that_changed_since_are_left_alone() {
    for what in [What::Rename, What::Remove] {
        let scene = Scene::new(10);
        let plan = scene.plan(what);
        scene.service.rows.borrow_mut().iter_mut().filter(|it| it.id == 3).for_each(|it| it.title.push('!'));
        let mut tab = scene.machine.tab(None);
        let job = tab.journal.jobs().start(plan);
        tab.run(&job);
        assert_eq!(ends(&job), (9, 0, 1, 0), "{what:?}");
        scene.check(what, 10, &job, "");
    }
}

/// Of 200 items five fail; trying again touches those five alone.
#[test]
fn retrying_touches_what_failed_and_nothing_else() {
    let scene = Scene::new(200);
    let mut tab = scene.machine.tab(None);
    // Each item is a look, a write and a look: the writes are every third call, as long as nothing fails.
    let mut faults = scene.service.faults.borrow_mut();
    use crate::systems::qualys_gateway::fixtures::Fault;
    for at in 0..200 {
        faults.push(if at % 40 == 7 { Fault::Status(403) } else { Fault::Status(0) });
    }
    faults.retain(|it| *it != Fault::Status(0));
    drop(faults);
    let told: Rc<RefCell<Vec<usize>>> = Rc::default();
    let counts = Rc::clone(&told);
    tab.journal.jobs().tell(move |it| counts.borrow_mut().push(it.count));
    let job = scene.start(&mut tab, What::Disable);
    assert_eq!(ends(&job), (195, 5, 0, 0));
    scene.check(What::Disable, 200, &job, "");
    let reasons = job.with_states(|all| {
        let why = |it: &ItemState| if let ItemState::Failed(why) = it { Some(why.clone()) } else { None };
        all.iter().filter_map(why).collect::<Vec<_>>()
    });
    assert!(reasons.iter().all(|it| it.code == "forbidden" && it.status == Some(403) && it.message == "no"));
    let before = scene.service.done.borrow().len();
    job.retry_failed();
    tab.world.settle();
    tab.run(&job);
    assert_eq!(ends(&job), (200, 0, 0, 0));
    assert_eq!(scene.service.done.borrow().len() - before, 5);
    scene.check(What::Disable, 200, &job, "after trying again");
    assert_eq!(*told.borrow(), [195, 5], "each key is told of once");
}

#[test]
fn a_rate_limit_is_waited_for_by_the_whole_job() {
    let scene = Scene::new(30);
    scene.machine.latency_ms.set(50);
    // The first write is refused for its rate.
    scene.machine.trouble(4, Trouble::Limited(60));
    let mut tab = scene.machine.tab(None);
    let job = tab.journal.jobs().start(scene.plan(What::Disable));
    for _ in 0..20 {
        tab.world.pass(50);
    }
    let Phase::Waiting(Why::RateLimit { until }) = job.phase() else { panic!("{:?}", job.phase()) };
    assert!(until.0 > 1_800_000_000_000);
    let calls = scene.machine.calls.get();
    tab.world.pass(50_000);
    assert_eq!(scene.machine.calls.get(), calls, "nothing is sent while the service wants to be left alone");
    tab.run(&job);
    assert_eq!(ends(&job), (30, 0, 0, 0), "a limit is no failure of an item");
    scene.check(What::Disable, 30, &job, "");
}

#[test]
fn it_waits_for_a_sign_in_and_goes_on() {
    let scene = Scene::new(30);
    let mut tab = scene.machine.tab(None);
    scene.machine.latency_ms.set(50);
    scene.machine.trouble(10, Trouble::Status(401));
    let job = tab.journal.jobs().start(scene.plan(What::Disable));
    for _ in 0..100 {
        tab.world.pass(50);
    }
    assert_eq!(job.phase(), Phase::Waiting(Why::SignIn));
    assert!(job.counts().done < 30);
    tab.door.sign_in();
    tab.run(&job);
    assert_eq!(ends(&job), (30, 0, 0, 0));
    scene.check(What::Disable, 30, &job, "");
}

/// Lets time go by in steps in which each call is answered.
fn go_on(tab: &mut Tab, ms: u32) {
    for _ in 0..ms / 50 {
        tab.world.pass(50);
    }
}

/// The page around the console allows no changes for a while: nothing is sent meanwhile, and nothing fails for it.
#[test]
fn changes_are_held_while_nothing_may_be_changed() {
    let scene = Scene::new(5_000);
    scene.machine.latency_ms.set(50);
    let mut tab = scene.machine.tab(None);
    let job = tab.journal.jobs().start(scene.plan(What::Disable));
    let writes = || scene.service.log.borrow().iter().filter(|it| it.starts_with("PATCH")).count();
    // At one of these some worker is between its look and its change.
    for begun_ms in [150, 200, 250, 300, 10_000] {
        go_on(&mut tab, begun_ms);
        let (before, done) = (writes(), job.counts().done);
        tab.door.holds_writes.set(true);
        assert_eq!(job.phase(), Phase::Waiting(Why::ReadOnly));
        go_on(&mut tab, 5_000);
        assert_eq!(writes(), before, "nothing leaves meanwhile");
        assert_eq!(job.phase(), Phase::Waiting(Why::ReadOnly));
        let counts = job.counts();
        assert_eq!((counts.failed, counts.unknown, counts.skipped, counts.sent), (0, 0, 0, 0));
        assert!(counts.done >= done && counts.waiting > 0);
        let calls = scene.machine.calls.get();
        go_on(&mut tab, 60_000);
        assert_eq!(scene.machine.calls.get(), calls, "nobody asks in vain");
        tab.door.holds_writes.set(false);
        assert_eq!(job.phase(), Phase::Running);
        go_on(&mut tab, 1_000);
    }
    scene.machine.latency_ms.set(0);
    tab.run(&job);
    assert_eq!(ends(&job), (5_000, 0, 0, 0));
    // A second flip would have switched the key on again.
    assert_eq!(writes(), 5_000);
    assert!(scene.service.rows.borrow().iter().all(|it| it.disabled));
}

#[test]
fn every_kind_of_change_is_held_and_can_be_stopped_meanwhile() {
    for what in ALL {
        for begun_ms in [1_100, 1_150, 1_200, 1_250] {
            let scene = Scene::new(60);
            scene.machine.latency_ms.set(50);
            let mut tab = scene.machine.tab(None);
            tab.door.holds_writes.set(true);
            let job = tab.journal.jobs().start(scene.plan(what));
            go_on(&mut tab, 5_000);
            assert_eq!((job.counts().waiting, scene.machine.calls.get()), (60, 0), "{what:?}");
            tab.door.holds_writes.set(false);
            go_on(&mut tab, begun_ms);
            tab.door.holds_writes.set(true);
            go_on(&mut tab, 5_000);
            let counts = job.counts();
            assert_eq!(
                (counts.failed, counts.skipped, counts.unknown, counts.sent),
                (0, 0, 0, 0),
                "{what:?}"
            );
            assert!(counts.waiting > 0, "{what:?}");
            job.cancel();
            tab.run(&job);
            assert_eq!(job.phase(), Phase::Stopped, "{what:?}");
            assert_eq!(ends(&job), (counts.done, 0, counts.waiting, 0), "{what:?}");
            scene.check(what, 60, &job, "stopped while it was held");
        }
    }
}

/// What the service never saw says nothing about the credential: it was once taken for one that may only read.
#[test]
fn what_is_held_here_is_no_verdict_of_the_service() {
    for (status, verdicts) in [(None, 0), (Some(403), 1)] {
        let machine = Machine::new(System::of(&solifyn::MANIFEST), Scene::new(0).service.transport());
        let mut tab = machine.tab(None);
        let request = Request::write(Method::Patch, "licenses/1");
        let err = ApiError { status, ..ApiError::without_answer(ErrorKind::Forbidden, &request, false) };
        let writes = tab.journal.jobs().0.writes();
        let res = tab.world.start(async move {
            let sent = writes.send(&|_| (), &[], async { Err::<(), _>(err) }).await;
            matches!(sent, Ok(Err(_)))
        });
        tab.world.settle();
        assert_eq!((res.take(), tab.door.may_only_read.get()), (true, verdicts), "{status:?}");
    }
}

/// It once said that it was under way while all it could do was wait for the network.
#[test]
fn a_look_up_without_a_network_is_said() {
    let scene = Scene::new(1);
    let mut tab = scene.machine.tab(None);
    let job = tab.journal.jobs().start(scene.plan(What::Disable));
    scene.machine.trouble(1, Trouble::DropAfter);
    scene.machine.trouble(2, Trouble::Offline);
    for _ in 0..100 {
        tab.world.pass(50);
    }
    assert_eq!(job.counts().sent, 1);
    assert_eq!(job.phase(), Phase::Waiting(Why::Offline));
    tab.run(&job);
    assert_eq!(ends(&job), (1, 0, 0, 0));
    scene.check(What::Disable, 1, &job, "");
}

#[test]
fn it_pauses_goes_on_and_stops() {
    let scene = Scene::new(40);
    let mut tab = scene.machine.tab(None);
    scene.machine.latency_ms.set(50);
    let job = tab.journal.jobs().start(scene.plan(What::Disable));
    for _ in 0..20 {
        tab.world.pass(50);
    }
    job.pause();
    for _ in 0..20 {
        tab.world.pass(50);
    }
    assert_eq!(job.phase(), Phase::Paused);
    let held = job.counts();
    assert!(held.done > 0 && held.sent == 0 && held.waiting > 0, "{held:?}");
    tab.world.pass(60_000);
    assert_eq!(job.counts(), held);
    job.resume();
    for _ in 0..20 {
        tab.world.pass(50);
    }
    assert!(job.counts().done > held.done && job.phase() == Phase::Running);
    assert!(job.left_ms().is_some_and(|it| (100..10_000).contains(&it)), "{:?}", job.left_ms());
    job.cancel();
    tab.run(&job);
    assert_eq!(job.phase(), Phase::Stopped);
    let (done, failed, skipped, unknown) = ends(&job);
    assert!(done > 0 && skipped > 0 && (failed, unknown) == (0, 0));
    scene.check(What::Disable, 40, &job, "stopped");
}

/// Two calls in flight and each of 50 ms: the whole takes what its calls take, and no more than a tenth above.
#[test]
fn both_slots_stay_full() {
    let scene = Scene::new(745);
    let mut tab = scene.machine.tab(None);
    scene.machine.latency_ms.set(50);
    let job = tab.journal.jobs().start(scene.plan(What::Disable));
    let mut ms = 0_usize;
    while job.ended().is_none() {
        tab.world.pass(5);
        ms += 5;
    }
    let ideal = scene.machine.calls.get() * 50 / 2;
    assert_eq!(scene.machine.calls.get(), 745 * 3);
    assert!(ms * 10 <= ideal * 11, "{ms} ms, ideally {ideal} ms");
}

/// A push leaves nothing to see: when its answer is lost, nobody knows, and nothing makes it again unasked.
#[test]
fn a_lost_push_stays_unknown_and_is_sent_once() {
    let push = Change(vec![(APPLY, Delta::Set(Value::Flag(true)))]);
    for trouble in [Trouble::DropBefore, Trouble::DropAfter] {
        let scene = Scene::new(1);
        // A look, then the write.
        scene.machine.trouble(1, trouble);
        let mut plan = scene.plan(What::Rename);
        plan.items.iter_mut().for_each(|it| it.wanted = Wanted::Changed(push.clone()));
        let mut tab = scene.machine.tab(None);
        let job = tab.journal.jobs().start(plan);
        tab.world.settle();
        tab.run(&job);
        assert_eq!(ends(&job), (0, 0, 0, 1), "{trouble:?}");
        for again in [crate::journal::bulk::Job::resume, crate::journal::bulk::Job::retry_failed] {
            again(&job);
            tab.world.settle();
            tab.run(&job);
            assert_eq!(ends(&job), (0, 0, 0, 1), "{trouble:?}");
        }
        let log = scene.service.log.borrow();
        let arrived = usize::from(trouble == Trouble::DropAfter);
        assert_eq!(log.iter().filter(|it| it.starts_with("PATCH")).count(), arrived, "{trouble:?}");
    }
}

/// What was confirmed as unused is not removed under machines that enrolled since.
#[test]
fn a_key_that_came_into_use_is_not_removed() {
    for (before, now, removed) in [(Some(0), 5, 0), (None, 5, 0), (Some(0), 0, 1), (Some(4), 5, 1)] {
        let scene = Scene::new(1);
        scene.service.used.set(now);
        let mut plan = scene.plan(What::Remove);
        for key in plan.items.iter_mut().filter_map(|it| it.before.as_mut()) {
            if let Some(before) = before {
                key.fields.set(FieldId::USED, Value::Number(before));
            }
        }
        let mut tab = scene.machine.tab(None);
        let job = tab.journal.jobs().start(plan);
        tab.world.settle();
        tab.run(&job);
        assert_eq!(ends(&job), (removed, 0, 1 - removed, 0), "{before:?} {now}");
        let moved = ItemState::Skipped(Skip::Moved(vec![FieldId::USED]));
        job.with_states(|it| assert_eq!(it.contains(&moved), removed == 0, "{it:?}"));
        assert_eq!(scene.service.rows.borrow().len(), 1 - removed);
    }
}
