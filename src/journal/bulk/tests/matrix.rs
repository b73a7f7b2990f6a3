//! Every fault on every step of a bulk, and a tab that dies at every step.

use super::tab::Trouble;
use super::{ALL, Scene, What};
use crate::journal::bulk::Job;

pub(super) const TROUBLES: [Trouble; 9] = [
    Trouble::Limited(3),
    Trouble::Status(429),
    Trouble::Status(500),
    Trouble::Status(503),
    Trouble::DropAfter,
    Trouble::DropBefore,
    Trouble::Cut,
    Trouble::Status(401),
    Trouble::Offline,
];

/// Each call of a bulk is hit by each fault, one in `EVERY` in each run, so that every step is hit in some run.
fn hit_every_step(what: What, keys: u64, every: usize) {
    let count = usize::try_from(keys).unwrap_or(0);
    for trouble in TROUBLES {
        for offset in 0..every {
            let scene = Scene::new(keys);
            for call in (offset..count * 6).step_by(every) {
                scene.machine.trouble(call, trouble);
            }
            let mut tab = scene.machine.tab(None);
            let job = scene.start(&mut tab, what);
            scene.check(what, count, &job, &format!("{what:?} {trouble:?} at {offset} of {every}"));
        }
    }
}

#[test]
fn every_fault_on_every_step_of_500_disables() {
    hit_every_step(What::Disable, 500, 13);
}

#[test]
fn every_fault_on_every_step_of_each_kind_of_change() {
    for what in ALL {
        hit_every_step(what, 40, 11);
    }
}

/// Runs a bulk in tabs that die after `first` effects, and then after each further `each`.
fn die_and_go_on(scene: &Scene, what: What, first: usize, each: usize) -> Job {
    let mut tab = scene.machine.tab(Some(first));
    let mut job = scene.start(&mut tab, what);
    for _ in 0..10_000 {
        if !tab.is_dead() {
            return job;
        }
        tab.close();
        tab = scene.machine.tab(Some(each));
        tab.open();
        match tab.journal.jobs().all().first() {
            Some(kept) => job = kept.clone(),
            // It died before the plan was written: then nothing was sent, and the reader starts anew.
            None => {
                assert_eq!(scene.machine.calls.get(), 0, "nothing is sent that is not written down");
                job = tab.journal.jobs().start(scene.plan(what));
                tab.world.settle();
            }
        }
        tab.run(&job);
    }
    panic!("it never ended");
}

#[test]
fn a_tab_that_dies_at_any_step_of_500_disables_loses_and_repeats_nothing() {
    const EVERY: usize = 97;
    for first in 0..EVERY {
        let scene = Scene::new(500);
        let job = die_and_go_on(&scene, What::Disable, first, EVERY);
        scene.check(What::Disable, 500, &job, &format!("dies at {first}"));
        assert_eq!(job.counts().failed, 0);
    }
}

#[test]
fn a_tab_that_dies_at_any_step_of_any_change_loses_and_repeats_nothing() {
    for what in ALL {
        for first in 0..60 {
            let scene = Scene::new(12);
            let job = die_and_go_on(&scene, what, first, 61);
            scene.check(what, 12, &job, &format!("{what:?} dies at {first}"));
            assert_eq!(job.counts().failed, 0, "{what:?} dies at {first}");
        }
    }
}
