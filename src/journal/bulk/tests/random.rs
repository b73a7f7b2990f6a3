//! Any plan under any faults in tabs that die at any time: the receipt says what the service did, and it did nothing
//! twice.

use proptest::prelude::*;

use super::tab::Trouble;
use super::{Scene, What};

fn trouble() -> impl Strategy<Value = Trouble> {
    prop_oneof![
        Just(Trouble::DropBefore),
        Just(Trouble::DropAfter),
        Just(Trouble::Cut),
        Just(Trouble::Offline),
        Just(Trouble::Limited(2)),
        prop_oneof![Just(401), Just(403), Just(409), Just(429), Just(500), Just(502), Just(503)]
            .prop_map(Trouble::Status),
    ]
}

fn what() -> impl Strategy<Value = What> {
    prop_oneof![Just(What::Disable), Just(What::Remove), Just(What::Rename), Just(What::Create)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_receipt_is_true_whatever_happens(
        what in what(),
        keys in 1_u64..20,
        latency in prop_oneof![Just(0_u32), Just(40), Just(700)],
        troubles in proptest::collection::btree_map(0_usize..120, trouble(), 0..30),
        deaths in proptest::collection::vec(0_usize..90, 0..5),
    ) {
        let scene = Scene::new(keys);
        scene.machine.latency_ms.set(latency);
        for (call, trouble) in &troubles {
            scene.machine.trouble(*call, *trouble);
        }
        let mut deaths = deaths.into_iter();
        let mut tab = scene.machine.tab(deaths.next());
        let mut job = scene.start(&mut tab, what);
        // A look that was refused leaves it unknown, and going on looks again.
        for _ in 0..200 {
            if !tab.is_dead() {
                if job.counts().unknown == 0 {
                    break;
                }
                job.resume();
                tab.run(&job);
                continue;
            }
            tab.close();
            tab = scene.machine.tab(deaths.next());
            tab.open();
            job = match tab.journal.jobs().all().first() {
                Some(kept) => kept.clone(),
                None => tab.journal.jobs().start(scene.plan(what)),
            };
            tab.world.settle();
            tab.run(&job);
        }
        let count = usize::try_from(keys).unwrap_or(0);
        scene.check(what, count, &job, "random");
    }
}
