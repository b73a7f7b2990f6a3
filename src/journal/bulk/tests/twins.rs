//! New keys that are alike: each stands for one item, whatever answers are lost.

use std::collections::BTreeSet;

use super::tab::{Tab, Trouble};
use super::{Scene, ends};
use crate::domain::{FieldId, Fields, KeyId, Ref, Value};
use crate::journal::Notice;
use crate::journal::bulk::{Item, ItemState, Job, Kind, Plan, Wanted};
use crate::systems::System;
use crate::systems::qualys_gateway::TAGS;

const TITLE: &str = "twin";

fn twin() -> Fields {
    Fields::new().with(FieldId::TITLE, Value::Text(TITLE.to_owned()))
}

fn plan_of(items: impl IntoIterator<Item = Fields>) -> Plan {
    let items = items.into_iter().map(|it| Item::new(None, TITLE, Wanted::Created(it))).collect();
    Plan::new("test", System::QUALYS_GATEWAY.id(), Kind::Create, "ada", items)
}

/// Runs a plan to its end, and what nobody could find out once more.
fn run(tab: &mut Tab, plan: Plan) -> Job {
    let job = tab.journal.jobs().start(plan);
    tab.world.settle();
    tab.run(&job);
    job
}

fn resume(tab: &mut Tab, job: &Job) {
    job.resume();
    tab.world.settle();
    tab.run(job);
}

/// The keys that items say they made.
fn made(jobs: &[&Job]) -> Vec<KeyId> {
    let mut res = Vec::new();
    for job in jobs {
        job.with_states(|all| {
            res.extend(
                all.iter()
                    .filter_map(|it| if let ItemState::Done { key, .. } = it { key.clone() } else { None }),
            );
        });
    }
    res
}

/// Each item that is done made a key of its own, and there are no others.
#[track_caller]
fn judge(scene: &Scene, jobs: &[&Job], about: &str) {
    let claimed = made(jobs);
    let apart: BTreeSet<&KeyId> = claimed.iter().collect();
    let rows = scene.service.rows.borrow();
    let there: BTreeSet<KeyId> =
        rows.iter().filter(|it| it.title == TITLE).map(|it| KeyId(it.id.to_string())).collect();
    assert_eq!(apart.len(), claimed.len(), "{about}: two items stand for one key");
    assert_eq!(apart, there.iter().collect(), "{about}: what is there is what was made");
}

/// A key is made by four calls: a look, the call, and two looks. Of a lost answer the look after it is refused, so that
/// nobody knows.
const LOST: [Trouble; 2] = [Trouble::DropBefore, Trouble::DropAfter];

#[test]
fn a_twin_is_not_taken_for_the_key_of_a_lost_answer() {
    for trouble in LOST {
        let scene = Scene::new(3);
        scene.machine.trouble(1, trouble);
        scene.machine.trouble(2, Trouble::Status(403));
        let mut tab = scene.machine.tab(None);
        let job = run(&mut tab, plan_of([twin(), twin()]));
        assert_eq!(ends(&job), (1, 0, 0, 1), "{trouble:?}");
        resume(&mut tab, &job);
        assert_eq!(ends(&job), (2, 0, 0, 0), "{trouble:?}");
        judge(&scene, &[&job], &format!("{trouble:?}"));
    }
}

/// Both answers are lost: there are none, one or two keys.
#[test]
fn twins_whose_answers_are_lost_are_settled_by_their_number() {
    for first in LOST {
        for second in LOST {
            for is_restarted in [false, true] {
                let about = format!("{first:?}, {second:?}, {is_restarted}");
                let scene = Scene::new(3);
                for (call, trouble) in [(1, first), (4, second)] {
                    scene.machine.trouble(call, trouble);
                    scene.machine.trouble(call + 1, Trouble::Status(403));
                }
                let mut tab = scene.machine.tab(None);
                let mut job = run(&mut tab, plan_of([twin(), twin()]));
                assert_eq!(ends(&job), (0, 0, 0, 2), "{about}");
                tab.world.settle();
                if is_restarted {
                    tab.close();
                    tab = scene.machine.tab(None);
                    tab.open();
                    job = tab.journal.jobs().all().remove(0);
                }
                resume(&mut tab, &job);
                assert_eq!(ends(&job), (2, 0, 0, 0), "{about}");
                judge(&scene, &[&job], &about);
                // Nothing was repeated by the way, and nothing is said of it.
                job.with_states(|all| {
                    let is_doubled = |it: &Notice| matches!(it, Notice::SeveralMatch(_));
                    let notices = all.iter().filter_map(|it| {
                        if let ItemState::Done { notices, .. } = it { Some(notices) } else { None }
                    });
                    assert!(!notices.flatten().any(is_doubled), "{about}: {all:?}");
                });
            }
        }
    }
}

#[test]
fn the_key_of_another_change_is_not_taken() {
    for trouble in LOST {
        let scene = Scene::new(3);
        scene.machine.trouble(1, trouble);
        scene.machine.trouble(2, Trouble::Status(403));
        let mut tab = scene.machine.tab(None);
        let job = run(&mut tab, plan_of([twin()]));
        let other = run(&mut tab, plan_of([twin()]));
        let (journal, fields) = (tab.journal.clone(), twin());
        tab.world.start(async move { journal.create(&fields, |_| ()).await });
        let single = tab.journal.jobs().all().remove(0);
        resume(&mut tab, &job);
        assert_eq!((ends(&job), ends(&other), ends(&single)), ((1, 0, 0, 0), (1, 0, 0, 0), (1, 0, 0, 0)));
        judge(&scene, &[&job, &other, &single], &format!("{trouble:?}"));
    }
}

/// Two keys that the service tells apart by nothing that a look compares, and one of them is there: it stays unknown
/// whose it is, and nothing is made twice.
#[test]
fn one_key_that_two_unlike_items_may_have_made_is_nobodys() {
    let tagged = || twin().with(TAGS, Value::Refs(vec![Ref::of("7")]));
    let scene = Scene::new(3);
    for (call, trouble) in [(1, Trouble::DropBefore), (4, Trouble::DropAfter)] {
        scene.machine.trouble(call, trouble);
        scene.machine.trouble(call + 1, Trouble::Status(403));
    }
    let mut tab = scene.machine.tab(None);
    let job = run(&mut tab, plan_of([twin(), tagged()]));
    assert_eq!(ends(&job), (0, 0, 0, 2));
    for _ in 0..2 {
        resume(&mut tab, &job);
        assert_eq!(ends(&job), (0, 0, 0, 2));
        job.with_states(|all| {
            let is_said = |it: &ItemState| matches!(it, ItemState::Unknown(why) if why.code == "ambiguous");
            assert!(all.iter().all(is_said), "{all:?}");
        });
    }
    assert_eq!(scene.service.rows.borrow().iter().filter(|it| it.title == TITLE).count(), 1);
}

/// The same, and both are there: the first one was there before the second was sent, so that both are known.
#[test]
fn what_was_there_before_the_other_was_sent_is_known() {
    let tagged = || twin().with(TAGS, Value::Refs(vec![Ref::of("7")]));
    let scene = Scene::new(3);
    for call in [1, 4] {
        scene.machine.trouble(call, Trouble::DropAfter);
        scene.machine.trouble(call + 1, Trouble::Status(403));
    }
    let mut tab = scene.machine.tab(None);
    let job = run(&mut tab, plan_of([twin(), tagged()]));
    assert_eq!(ends(&job), (0, 0, 0, 2));
    resume(&mut tab, &job);
    assert_eq!(ends(&job), (2, 0, 0, 0));
    judge(&scene, &[&job], "both");
    assert_eq!(made(&[&job]).first().map(|it| it.0.as_str()), Some("4"));
}
