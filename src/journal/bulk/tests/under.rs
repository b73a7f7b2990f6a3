//! The same proof for any system: every fault on every step of a small bulk, and a tab that dies at every step.

use std::rc::Rc;

use super::matrix::TROUBLES;
use super::tab::{Machine, Tab};
use crate::journal::bulk::{Item, ItemState, Job, Kind, Plan};
use crate::systems::System;
use crate::systems::testing::{Scene, Service};

/// Looks at a service and at how the items ended; the text says which run it is.
pub(crate) type Judge<'a, S> = dyn Fn(&Service<S>, &[ItemState], &str) + 'a;

/// A bulk over a service that is made anew for each run.
pub(crate) struct Bulk<'a, S> {
    pub(crate) system: System,
    pub(crate) make: &'a dyn Fn() -> Scene<S>,
    /// What shall be done; asked of a service that nothing was done to.
    pub(crate) items: &'a dyn Fn(&mut Scene<S>) -> Vec<Item>,
    /// Judges the end: what the service holds and was sent, and how the items ended.
    pub(crate) judge: &'a Judge<'a, S>,
}

impl<S: 'static> Bulk<'_, S> {
    /// Runs it plain, under each fault on each step, and in tabs that die at each step.
    pub(crate) fn stands_everything(&self) {
        let (service, job) = self.run("plain", &|_| (), None);
        job.with_states(|it| assert!(it.iter().all(is_done), "{it:?}"));
        drop(service);
        const EVERY: usize = 5;
        for trouble in TROUBLES {
            for offset in 0..EVERY {
                let fill = |machine: &Machine| {
                    (offset..200).step_by(EVERY).for_each(|call| machine.trouble(call, trouble));
                };
                self.run(&format!("{trouble:?} at {offset}"), &fill, None);
            }
        }
        for first in 0..30 {
            let about = format!("dies at {first}");
            let (_, job) = self.run(&about, &|_| (), Some((first, 31)));
            job.with_states(|it| assert!(it.iter().all(is_done), "{about}: {it:?}"));
        }
    }

    fn run(
        &self,
        about: &str,
        fill: &dyn Fn(&Machine),
        dies: Option<(usize, usize)>,
    ) -> (Rc<Service<S>>, Job) {
        let mut scene = (self.make)();
        let items = (self.items)(&mut scene);
        let service = Rc::clone(&scene.service);
        service.log.borrow_mut().clear();
        let machine = Machine::new(self.system, service.transport());
        fill(&machine);
        let plan = || Plan::new("test", self.system.id(), Kind::Import, "ada", items.clone());
        let mut tab = machine.tab(dies.map(|it| it.0));
        let mut job = begin(&mut tab, plan());
        while tab.is_dead() {
            tab.close();
            tab = machine.tab(dies.map(|it| it.1));
            tab.open();
            let kept = tab.journal.jobs().all().first().cloned();
            job = match kept {
                Some(kept) => {
                    tab.run(&kept);
                    kept
                }
                None => begin(&mut tab, plan()),
            };
        }
        // What the service refused to show is looked up again when the reader goes on.
        for _ in 0..40 {
            if job.counts().unknown > 0 {
                job.resume();
                tab.run(&job);
            }
        }
        job.with_states(|states| (self.judge)(&service, states, about));
        (service, job)
    }
}

fn begin(tab: &mut Tab, plan: Plan) -> Job {
    let job = tab.journal.jobs().start(plan);
    tab.world.settle();
    tab.run(&job);
    job
}

fn is_done(state: &ItemState) -> bool {
    matches!(state, ItemState::Done { .. })
}
