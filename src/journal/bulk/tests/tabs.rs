//! Several tabs, several readers, a reader who leaves, and a browser that keeps nothing.

use super::tab::Tab;
use super::{Scene, What, ends};
use crate::journal::bulk::{Item, Job, Phase, Wanted, Why};
use crate::systems::qualys_gateway::fixtures::Fault;

/// Twenty keys of which a tab that was closed disabled a few.
fn interrupted() -> Scene {
    interrupted_of("ada")
}

/// The same of another reader.
fn interrupted_of(user: &str) -> Scene {
    let scene = Scene::new(20);
    scene.machine.latency_ms.set(50);
    *scene.machine.user.borrow_mut() = user.to_owned();
    let mut tab = scene.machine.tab(None);
    let job = tab.journal.jobs().start(scene.plan(What::Disable));
    tab.world.pass(50);
    assert!(job.ended().is_none());
    tab.close();
    scene
}

/// A new tab, in which the job waits for a word and sends nothing.
fn paused_in_new_tab(scene: &Scene) -> (Tab, Job) {
    let calls = scene.machine.calls.get();
    let mut tab = scene.machine.tab(None);
    tab.open();
    tab.world.pass(60_000);
    let job = tab.journal.jobs().all().remove(0);
    assert_eq!((job.phase(), scene.machine.calls.get()), (Phase::Paused, calls));
    (tab, job)
}

/// Two tabs that show the same end of twenty keys, five of which failed.
fn two_tabs_after_five_failures() -> (Scene, [Tab; 2], [Job; 2]) {
    let scene = Scene::new(20);
    scene.service.faults.borrow_mut().extend([403; 5].map(Fault::Status));
    let mut first = scene.machine.tab(None);
    let job = scene.start(&mut first, What::Disable);
    first.world.settle();
    let mut second = scene.machine.tab(None);
    second.open();
    let seen = second.journal.jobs().all().remove(0);
    assert_eq!((ends(&job), ends(&seen)), ((15, 5, 0, 0), (15, 5, 0, 0)));
    (scene, [first, second], [job, seen])
}

#[test]
fn two_tabs_never_run_one_job() {
    let scene = Scene::new(60);
    scene.machine.latency_ms.set(50);
    let mut first = scene.machine.tab(None);
    let job = first.journal.jobs().start(scene.plan(What::Disable));
    for _ in 0..10 {
        first.world.pass(50);
    }
    let mut second = scene.machine.tab(None);
    second.open();
    let seen = second.journal.jobs().all().remove(0);
    assert_eq!(seen.phase(), Phase::Waiting(Why::OtherTab));
    // What the reader asks for there does nothing: the other tab has it.
    seen.pause();
    seen.cancel();
    seen.retry_failed();
    let calls = scene.machine.calls.get();
    second.world.pass(5_000);
    assert_eq!(scene.machine.calls.get(), calls);
    for _ in 0..10 {
        first.world.pass(50);
    }
    let done = job.counts().done;
    second.world.pass(1_000);
    assert!(done > 0 && seen.counts().done + 3 >= done, "it follows: {:?} of {done}", seen.counts());
    // The first one is closed; the second takes over without being asked.
    first.close();
    second.run(&seen);
    assert_eq!((ends(&seen), seen.phase()), ((60, 0, 0, 0), Phase::Ended));
    scene.check(What::Disable, 60, &seen, "taken over");
}

#[test]
fn a_job_that_another_tab_ends_is_over_here_too() {
    let scene = Scene::new(20);
    scene.machine.latency_ms.set(50);
    let mut first = scene.machine.tab(None);
    let job = first.journal.jobs().start(scene.plan(What::Disable));
    first.world.pass(50);
    let mut second = scene.machine.tab(None);
    second.open();
    first.run(&job);
    for _ in 0..5 {
        second.world.pass(1_000);
    }
    let seen = second.journal.jobs().all().remove(0);
    assert_eq!((ends(&seen), seen.phase()), ((20, 0, 0, 0), Phase::Ended));
    scene.check(What::Disable, 20, &seen, "seen from elsewhere");
}

#[test]
fn another_reader_neither_sees_nor_runs_it() {
    let scene = interrupted();
    let calls = scene.machine.calls.get();
    *scene.machine.user.borrow_mut() = "bob".to_owned();
    let mut other = scene.machine.tab(None);
    other.open();
    other.world.pass(60_000);
    assert!(other.journal.jobs().all().is_empty());
    assert_eq!(scene.machine.calls.get(), calls);
    *scene.machine.user.borrow_mut() = "ada".to_owned();
    let mut again = scene.machine.tab(None);
    again.open();
    let job = again.journal.jobs().all().remove(0);
    again.run(&job);
    scene.check(What::Disable, 20, &job, "back again");
}

#[test]
fn whoever_signs_out_finds_it_at_the_next_sign_in() {
    let scene = Scene::new(40);
    scene.machine.latency_ms.set(50);
    let mut tab = scene.machine.tab(None);
    let job = tab.journal.jobs().start(scene.plan(What::Disable));
    for _ in 0..8 {
        tab.world.pass(50);
    }
    tab.door.sign_out();
    for _ in 0..100 {
        tab.world.pass(1_000);
    }
    assert_eq!((job.phase(), job.ended()), (Phase::Waiting(Why::SignIn), None));
    let calls = scene.machine.calls.get();
    tab.world.pass(600_000);
    assert_eq!(scene.machine.calls.get(), calls, "nothing is sent in the name of nobody");
    // The same page, somebody signs in again: its lock is free.
    let mut next = scene.machine.tab(None);
    next.open();
    let job = next.journal.jobs().all().remove(0);
    next.run(&job);
    assert_eq!(ends(&job), (40, 0, 0, 0));
    scene.check(What::Disable, 40, &job, "signed in again");
}

#[test]
fn a_paused_job_stays_paused_over_a_reload() {
    let scene = Scene::new(40);
    scene.machine.latency_ms.set(50);
    let mut tab = scene.machine.tab(None);
    let job = tab.journal.jobs().start(scene.plan(What::Disable));
    for _ in 0..8 {
        tab.world.pass(50);
    }
    job.pause();
    for _ in 0..20 {
        tab.world.pass(50);
    }
    let counts = job.counts();
    tab.close();
    let mut tab = scene.machine.tab(None);
    tab.open();
    tab.world.pass(60_000);
    let job = tab.journal.jobs().all().remove(0);
    assert_eq!((job.phase(), job.counts()), (Phase::Paused, counts));
    job.resume();
    tab.run(&job);
    scene.check(What::Disable, 40, &job, "resumed");
}

/// A full disk or a sandboxed frame: the job is done all the same, and the reader is told.
#[test]
fn a_browser_that_keeps_nothing_is_told_of() {
    let scene = Scene::new(20);
    scene.machine.refuses.set(true);
    let mut tab = scene.machine.tab(None);
    assert!(!tab.journal.jobs().is_memory_only());
    tab.open();
    assert!(tab.journal.jobs().is_memory_only());
    let job = scene.start(&mut tab, What::Disable);
    assert_eq!(ends(&job), (20, 0, 0, 0));
    scene.check(What::Disable, 20, &job, "in memory");
}

#[test]
fn what_ended_is_kept_until_it_is_forgotten() {
    let scene = Scene::new(5);
    let mut tab = scene.machine.tab(None);
    let job = scene.start(&mut tab, What::Disable);
    tab.world.settle();
    let receipt = job.receipt().json();
    tab.close();
    let mut tab = scene.machine.tab(None);
    tab.open();
    let kept = tab.journal.jobs().all().remove(0);
    assert_eq!(kept.receipt().json(), receipt);
    assert_eq!(kept.phase(), Phase::Ended);
    tab.journal.jobs().forget(&kept);
    tab.world.settle();
    assert!(scene.machine.disk.all().is_empty() && tab.journal.jobs().all().is_empty());
}

/// Jobs tell when they change; a listener that asks again misses nothing.
#[test]
fn changes_are_told() {
    let scene = Scene::new(5);
    let mut tab = scene.machine.tab(None);
    let jobs = tab.journal.jobs().clone();
    let told = tab.world.start(async move { jobs.changed().await });
    assert!(!told.is_ready());
    let job = scene.start(&mut tab, What::Disable);
    assert!(told.is_ready() && job.ended().is_some());
}

/// A change of a dialog is written down too: a tab that dies in the middle of it is told of, what it sent is looked
/// up, and nothing is sent again.
#[test]
fn a_single_change_whose_tab_dies_is_looked_up_and_never_sent_again() {
    for dies_at in 0..12 {
        let scene = Scene::new(3);
        let mut tab = scene.machine.tab(Some(dies_at));
        let journal = tab.journal.clone();
        let id = crate::domain::KeyId("2".to_owned());
        tab.world.start(async move { journal.set_enabled(&id, false, |_| ()).await });
        let before = scene.service.done.borrow().len();
        tab.close();
        let mut tab = scene.machine.tab(None);
        tab.open();
        for _ in 0..40 {
            tab.world.pass(250);
        }
        let is_disabled = scene.service.is_disabled(2);
        assert_eq!(scene.service.done.borrow().len(), before, "dies at {dies_at}");
        let Some(job) = tab.journal.jobs().all().first().cloned() else {
            assert_eq!(is_disabled, Some(false), "dies at {dies_at}");
            continue;
        };
        assert!(job.is_watched() && job.ended().is_some(), "dies at {dies_at}");
        let wanted = if is_disabled == Some(true) { (1, 0) } else { (0, 1) };
        assert_eq!(
            (job.counts().done, job.counts().failed + job.counts().skipped),
            wanted,
            "dies at {dies_at}"
        );
    }
}

#[test]
fn a_single_change_is_in_the_history() {
    let scene = Scene::new(3);
    let mut tab = scene.machine.tab(None);
    let journal = tab.journal.clone();
    let id = crate::domain::KeyId("2".to_owned());
    tab.world.start(async move { journal.set_enabled(&id, false, |_| ()).await });
    let job = tab.journal.jobs().all().remove(0);
    assert_eq!((ends(&job), job.phase(), job.is_watched()), ((1, 0, 0, 0), Phase::Ended, true));
    tab.close();
    let mut tab = scene.machine.tab(None);
    tab.open();
    assert_eq!(ends(&tab.journal.jobs().all().remove(0)), (1, 0, 0, 0));
}

/// Two tabs show the same end with five failures; what one of them tried again is over for the other, too.
#[test]
fn what_another_tab_tried_again_is_not_sent_twice() {
    let (scene, [mut first, mut second], [job, seen]) = two_tabs_after_five_failures();
    job.retry_failed();
    first.world.settle();
    first.run(&job);
    first.world.settle();
    assert_eq!(ends(&job), (20, 0, 0, 0));
    let (calls, disk) = (scene.machine.calls.get(), scene.machine.disk.all());
    seen.retry_failed();
    second.world.settle();
    second.run(&seen);
    second.world.settle();
    assert_eq!(scene.machine.calls.get(), calls, "nothing is left to send");
    assert_eq!((ends(&seen), seen.ended()), ((20, 0, 0, 0), job.ended()));
    assert_eq!(scene.machine.disk.all(), disk, "nothing old is written over it");
    scene.check(What::Disable, 20, &seen, "tried again elsewhere");
}

/// The other tab is still at it: this one waits for its turn, and may be called off meanwhile.
#[test]
fn a_retry_waits_for_the_tab_that_is_at_it() {
    for is_called_off in [false, true] {
        let (scene, [mut first, mut second], [job, seen]) = two_tabs_after_five_failures();
        scene.machine.latency_ms.set(50);
        job.retry_failed();
        first.world.pass(50);
        let calls = scene.machine.calls.get();
        seen.retry_failed();
        second.world.pass(5_000);
        if is_called_off {
            seen.cancel();
        }
        assert_eq!((scene.machine.calls.get(), seen.ended()), (calls, None));
        first.run(&job);
        let calls = scene.machine.calls.get();
        second.run(&seen);
        assert_eq!((scene.machine.calls.get(), ends(&seen)), (calls, (20, 0, 0, 0)));
        scene.check(What::Disable, 20, &seen, "waited");
    }
}

/// Nobody can say whether it is the same reader who comes back, so that somebody has to say that it shall go on.
#[test]
fn a_job_of_a_reader_without_a_name_waits_for_a_word() {
    let scene = interrupted_of("");
    let (mut other, job) = paused_in_new_tab(&scene);
    job.resume();
    other.run(&job);
    scene.check(What::Disable, 20, &job, "resumed");
}

#[test]
fn a_job_of_another_address_waits_for_a_word() {
    let scene = interrupted();
    *scene.machine.address.borrow_mut() = "https://other/".to_owned();
    let (mut other, job) = paused_in_new_tab(&scene);
    assert_eq!(job.begun_at().as_deref(), Some("https://h/"));
    job.resume();
    assert_eq!(job.begun_at(), None);
    other.run(&job);
    scene.check(What::Disable, 20, &job, "resumed");
}

/// A connection to the store that was closed takes nothing once; the next one does.
#[test]
fn what_the_store_refuses_once_is_written_all_the_same() {
    let scene = Scene::new(5);
    let mut tab = scene.machine.tab(None);
    scene.machine.refuses_once.set(true);
    let job = scene.start(&mut tab, What::Disable);
    assert_eq!(ends(&job), (5, 0, 0, 0));
    assert!(!tab.journal.jobs().is_memory_only());
    tab.close();
    let mut tab = scene.machine.tab(None);
    tab.open();
    let kept = tab.journal.jobs().all();
    assert_eq!(kept.iter().map(ends).collect::<Vec<_>>(), [(5, 0, 0, 0)]);
}

#[test]
fn what_cannot_be_read_any_more_does_not_go_on_by_itself() {
    let scene = interrupted();
    let calls = scene.machine.calls.get();
    scene.machine.reads_left.set(Some(1));
    let (mut tab, job) = paused_in_new_tab(&scene);
    job.resume();
    tab.world.pass(60_000);
    assert_eq!((job.phase(), scene.machine.calls.get()), (Phase::Paused, calls), "still not to be read");
    scene.machine.reads_left.set(None);
    job.resume();
    tab.run(&job);
    scene.check(What::Disable, 20, &job, "read again");
}

#[test]
fn what_another_tab_ended_and_forgot_is_gone_here_too() {
    let scene = Scene::new(20);
    scene.machine.latency_ms.set(50);
    let mut first = scene.machine.tab(None);
    let job = first.journal.jobs().start(scene.plan(What::Disable));
    first.world.pass(50);
    let mut second = scene.machine.tab(None);
    second.open();
    assert_eq!(second.journal.jobs().all().len(), 1);
    first.run(&job);
    first.journal.jobs().forget(&job);
    first.world.settle();
    let calls = scene.machine.calls.get();
    for _ in 0..5 {
        second.world.pass(1_000);
    }
    assert_eq!(scene.machine.calls.get(), calls);
    assert!(second.journal.jobs().all().is_empty() && scene.machine.disk.all().is_empty());
}

/// A key with such an id is refused when the plan is read, so that a crash would lose the job.
#[test]
fn a_plan_that_would_not_read_back_is_told_of() {
    let scene = Scene::new(2);
    let mut tab = scene.machine.tab(None);
    let mut plan = scene.plan(What::Disable);
    let key = crate::domain::Key::new("9".repeat(300));
    plan.items.push(Item::new(Some(key), "long", Wanted::Enabled(false)));
    tab.journal.jobs().start(plan);
    assert!(tab.journal.jobs().is_memory_only());
    tab.world.settle();
}

/// The disk is full in the middle of it: what is kept says less than what this tab knows.
#[test]
fn what_is_done_stays_done_where_the_store_is_full() {
    let scene = Scene::new(20);
    scene.service.faults.borrow_mut().extend([403; 5].map(Fault::Status));
    let mut tab = scene.machine.tab(None);
    scene.machine.latency_ms.set(50);
    let job = tab.journal.jobs().start(scene.plan(What::Disable));
    for _ in 0..9 {
        tab.world.pass(50);
    }
    assert!(job.counts().sent > 0);
    scene.machine.refuses.set(true);
    tab.run(&job);
    tab.world.settle();
    let (done, failed, ..) = ends(&job);
    assert!(done > 0 && failed > 0);
    scene.machine.refuses.set(false);
    let calls = scene.machine.calls.get();
    job.retry_failed();
    tab.run(&job);
    // A look, a write and a look for each of them.
    assert_eq!(scene.machine.calls.get() - calls, failed * 3);
    assert_eq!(ends(&job), (20, 0, 0, 0));
    scene.check(What::Disable, 20, &job, "tried again");
}
