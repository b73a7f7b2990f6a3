//! Undo from several tabs: what is taken back is taken back once, and every tab knows of it.

use super::tab::Tab;
use super::{Scene, What, ends};
use crate::journal::bulk::{Begun, Hold, Job, Phase, Plan, Undo, Why};

/// Keys that one tab deleted, and two tabs that show how that would be taken back.
struct Two {
    scene: Scene,
    first: Tab,
    second: Tab,
    jobs: [Job; 2],
    shown: [Undo; 2],
}

const KEYS: usize = 5;

/// Tabs that hear of each other, or do not.
fn two_tabs_after(what: What, is_deaf: bool) -> Two {
    let scene = Scene::new(KEYS as u64);
    scene.machine.is_deaf.set(is_deaf);
    let mut first = scene.machine.tab(None);
    first.open();
    let job = scene.start(&mut first, what);
    first.world.settle();
    let mut second = scene.machine.tab(None);
    second.open();
    let seen = second.journal.jobs().all().remove(0);
    let shown = [first.journal.jobs().undo(&job), second.journal.jobs().undo(&seen)];
    assert!(shown.iter().all(|it| it.plan.items.len() == KEYS && it.taken == 0));
    Two { scene, first, second, jobs: [job, seen], shown }
}

fn begin(tab: &mut Tab, job: &Job, shown: &Plan) -> Begun {
    let (jobs, job, shown) = (tab.journal.jobs().clone(), job.clone(), shown.clone());
    tab.world.start(async move { jobs.begin_undo(&job, &shown).await }).take()
}

#[track_caller]
fn running(begun: Begun) -> Job {
    let Begun::Running(job) = begun else { panic!("it was not begun") };
    job
}

/// How often each key stands there that was deleted and made again.
fn made_again(scene: &Scene) -> Vec<usize> {
    let rows = scene.service.rows.borrow();
    let titles =
        Scene::new(KEYS as u64).service.rows.borrow().iter().map(|it| it.title.clone()).collect::<Vec<_>>();
    titles.iter().map(|title| rows.iter().filter(|it| it.title == *title).count()).collect()
}

#[test]
fn what_one_tab_takes_back_another_does_not() {
    // While the other one is at it, and after its end.
    for passes_ms in [50, 60_000] {
        let Two { scene, mut first, mut second, jobs: [job, seen], shown } =
            two_tabs_after(What::Remove, true);
        scene.machine.latency_ms.set(50);
        let back = running(begin(&mut first, &job, &shown[0].plan));
        first.world.pass(50);
        (0..passes_ms / 50).for_each(|_| first.world.pass(50));
        assert_eq!(back.ended().is_some(), passes_ms > 50);
        let calls = scene.machine.calls.get();
        assert!(matches!(begin(&mut second, &seen, &shown[1].plan), Begun::Changed));
        let now = second.journal.jobs().undo(&seen);
        assert_eq!((now.plan.items.len(), now.taken, scene.machine.calls.get()), (0, KEYS, calls));
        first.run(&back);
        second.world.pass(60_000);
        assert_eq!((ends(&back), made_again(&scene)), ((KEYS, 0, 0, 0), vec![1; KEYS]));
    }
}

#[test]
fn two_tabs_that_ask_at_the_same_time_wait_for_each_other() {
    let Two { scene, mut first, mut second, jobs: [job, seen], shown: [one, two] } =
        two_tabs_after(What::Remove, true);
    let mut third = scene.machine.tab(None);
    let held = third.hold("latchkey/undo/test");
    assert!(matches!(held, Hold::Held(_)));
    let (jobs, id) = (first.journal.jobs().clone(), job.plan().id.clone());
    let asked = first.world.start(async move { jobs.begin_undo(&job, &one.plan).await });
    let jobs = second.journal.jobs().clone();
    let seen_too = seen.clone();
    let asked_too = second.world.start(async move { jobs.begin_undo(&seen_too, &two.plan).await });
    assert!(!asked.is_ready() && !asked_too.is_ready());
    drop(held);
    // The second one looks while the first has not decided yet.
    second.world.settle();
    assert!(!asked_too.is_ready());
    first.world.settle();
    let back = running(asked.take());
    second.world.settle();
    assert!(matches!(asked_too.take(), Begun::Changed));
    first.run(&back);
    assert_eq!(back.plan().undoes.as_deref(), Some(id.as_str()));
    assert_eq!((ends(&back), made_again(&scene)), ((KEYS, 0, 0, 0), vec![1; KEYS]));
}

/// What another tab left is another plan, and begins once that was shown.
#[test]
fn what_another_tab_left_is_begun_once_it_was_shown() {
    let Two { scene, mut first, mut second, jobs: [job, seen], shown } = two_tabs_after(What::Remove, true);
    scene.machine.latency_ms.set(50);
    let back = running(begin(&mut first, &job, &shown[0].plan));
    (0..6).for_each(|_| first.world.pass(50));
    back.cancel();
    first.run(&back);
    first.world.settle();
    let done = back.counts().done;
    assert!((1..KEYS).contains(&done), "{:?}", back.counts());
    assert!(matches!(begin(&mut second, &seen, &shown[1].plan), Begun::Changed));
    let left = second.journal.jobs().undo(&seen);
    assert_eq!((left.plan.items.len(), left.taken), (KEYS - done, done));
    let rest = running(begin(&mut second, &seen, &left.plan));
    second.run(&rest);
    assert_eq!((ends(&rest), made_again(&scene)), ((KEYS - done, 0, 0, 0), vec![1; KEYS]));
}

/// As many keys as before, and others.
#[test]
fn as_many_keys_are_not_the_same_plan() {
    let Two { mut second, jobs: [_, seen], shown: [_, mut shown], .. } = two_tabs_after(What::Remove, true);
    shown.plan.items[0].title.push('!');
    assert!(matches!(begin(&mut second, &seen, &shown.plan), Begun::Changed));
}

#[test]
fn a_tab_hears_of_what_another_begins_and_takes_it_over() {
    let Two { scene, mut first, mut second, jobs: [job, seen], shown } = two_tabs_after(What::Remove, false);
    scene.machine.latency_ms.set(50);
    let back = running(begin(&mut first, &job, &shown[0].plan));
    first.world.pass(50);
    second.world.settle();
    let heard = second.journal.jobs().all().remove(0);
    assert_eq!((&heard.plan().id, heard.phase()), (&back.plan().id, Phase::Waiting(Why::OtherTab)));
    assert_eq!(second.journal.jobs().undo(&seen).taken, KEYS);
    first.close();
    second.run(&heard);
    assert_eq!((ends(&heard), made_again(&scene)), ((KEYS, 0, 0, 0), vec![1; KEYS]));
}

/// A tab that begins anything is found out at once: its job is its own before anybody can find it.
#[test]
fn what_is_heard_of_is_run_by_the_tab_that_began_it() {
    for what in super::ALL {
        let scene = Scene::new(20);
        scene.machine.latency_ms.set(50);
        let [mut first, mut second] = [(); 2].map(|()| scene.machine.tab(None));
        first.open();
        second.open();
        let job = first.journal.jobs().start(scene.plan(what));
        for _ in 0..400 {
            first.world.pass(50);
            second.world.pass(50);
        }
        let heard = second.journal.jobs().all().remove(0);
        assert_eq!((ends(&job), ends(&heard)), ((20, 0, 0, 0), (20, 0, 0, 0)));
        scene.check(what, 20, &heard, "heard of");
        // What is forgotten there is gone here.
        first.journal.jobs().forget(&job);
        first.world.settle();
        second.world.settle();
        assert!(second.journal.jobs().all().is_empty() && scene.machine.disk.all().is_empty());
    }
}

#[test]
fn what_is_tried_again_elsewhere_is_followed_again() {
    let scene = Scene::new(20);
    scene
        .service
        .faults
        .borrow_mut()
        .extend([403; 5].map(crate::systems::qualys_gateway::fixtures::Fault::Status));
    let [mut first, mut second] = [(); 2].map(|()| scene.machine.tab(None));
    second.open();
    let job = scene.start(&mut first, What::Disable);
    first.world.settle();
    second.world.pass(1_000);
    let heard = second.journal.jobs().all().remove(0);
    assert_eq!((ends(&job), ends(&heard)), ((15, 5, 0, 0), (15, 5, 0, 0)));
    scene.machine.latency_ms.set(50);
    job.retry_failed();
    first.world.pass(50);
    second.world.settle();
    assert_eq!((heard.phase(), heard.counts().failed), (Phase::Waiting(Why::OtherTab), 0));
    first.run(&job);
    (0..5).for_each(|_| second.world.pass(1_000));
    assert_eq!((ends(&heard), heard.phase()), ((20, 0, 0, 0), Phase::Ended));
    scene.check(What::Disable, 20, &heard, "tried again");
}

#[test]
fn a_change_of_a_dialog_is_heard_of() {
    let scene = Scene::new(3);
    let [mut first, mut second] = [(); 2].map(|()| scene.machine.tab(None));
    second.open();
    let (journal, id) = (first.journal.clone(), crate::domain::KeyId("2".to_owned()));
    first.world.start(async move { journal.set_enabled(&id, false, |_| ()).await });
    second.world.settle();
    let heard = second.journal.jobs().all().remove(0);
    assert_eq!((ends(&heard), heard.is_watched()), ((1, 0, 0, 0), true));
}

/// Words that name nothing, or somebody else's, change nothing.
#[test]
fn what_is_said_is_not_believed() {
    let Two { mut second, .. } = two_tabs_after(What::Disable, false);
    let before = second.journal.jobs().all();
    for word in
        ["", "x", "\u{1}", "test\u{1}ada\u{1}\u{1}", "test\u{1}ada\u{1}x\u{1}", "test\u{1}bob\u{1}x\u{1}"]
    {
        second.hear(word);
        second.world.settle();
        assert!(second.journal.jobs().all() == before, "{word:?}");
    }
}

/// Another tab could do it once more: nothing is begun that it could not find.
#[test]
fn an_undo_that_others_could_not_find_is_not_begun() {
    let Two { scene, mut second, jobs: [_, seen], shown: [_, shown], .. } =
        two_tabs_after(What::Remove, true);
    let calls = scene.machine.calls.get();
    scene.machine.refuses.set(true);
    assert!(matches!(begin(&mut second, &seen, &shown.plan), Begun::Unkept), "nothing is told");
    scene.machine.refuses.set(false);
    scene.machine.takes_nothing.set(true);
    assert!(matches!(begin(&mut second, &seen, &shown.plan), Begun::Unkept), "nothing is taken");
    assert_eq!((scene.machine.calls.get(), second.journal.jobs().all().len()), (calls, 1));
    scene.machine.takes_nothing.set(false);
    let back = running(begin(&mut second, &seen, &shown.plan));
    second.run(&back);
    assert_eq!((ends(&back), made_again(&scene)), ((KEYS, 0, 0, 0), vec![1; KEYS]));
}

/// Nobody else knows what it did, so that nobody takes it back but this tab.
#[test]
fn a_browser_that_keeps_nothing_takes_back_all_the_same() {
    let scene = Scene::new(KEYS as u64);
    scene.machine.refuses.set(true);
    let mut tab = scene.machine.tab(None);
    tab.open();
    let job = scene.start(&mut tab, What::Remove);
    let shown = tab.journal.jobs().undo(&job).plan;
    let back = running(begin(&mut tab, &job, &shown));
    tab.run(&back);
    assert!(matches!(begin(&mut tab, &job, &shown), Begun::Changed));
    assert_eq!((ends(&back), made_again(&scene)), ((KEYS, 0, 0, 0), vec![1; KEYS]));
}

/// What took it back may be forgotten along with it.
#[test]
fn what_another_tab_forgot_is_not_taken_back() {
    let Two { scene, mut first, mut second, jobs: [job, seen], shown } = two_tabs_after(What::Remove, true);
    let back = running(begin(&mut first, &job, &shown[0].plan));
    first.run(&back);
    first.world.settle();
    [job, back].iter().for_each(|it| first.journal.jobs().forget(it));
    first.world.settle();
    assert!(matches!(begin(&mut second, &seen, &shown[1].plan), Begun::Changed));
    assert!(second.journal.jobs().all().is_empty());
    assert_eq!(made_again(&scene), vec![1; KEYS]);
}
