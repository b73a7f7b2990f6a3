//! One change that a reader watches in a dialog: written down like a job of many, so that there is one history, and a
//! tab that dies in the middle of it is told of at the next start.
//!
//! What such a tab had sent is looked up then, and never sent again: whoever asked for it is asked anew.

use std::cell::Cell;
use std::rc::Rc;

use super::job::Inner;
use super::run::{Line, Running};
use super::{Happened, Item, Job, Jobs, Kind, Plan, one};
use crate::journal::writes::Writes;
use crate::journal::{Notice, Outcome};

/// The one item of such a job.
const ONLY: usize = 0;

/// A change that is on its way.
pub(in crate::journal) struct Single {
    jobs: Jobs,
    job: Job,
    sent: Rc<Cell<bool>>,
    _running: Running,
}

impl Jobs {
    /// Notes a single change. It is written down with its first call, so that nothing waits for the disk twice.
    pub(in crate::journal) async fn single(&self, kind: Kind, item: Item) -> Single {
        let shared = &self.0;
        let system = shared.manifest().id;
        let plan = Plan::new(&shared.whose.connection, system, kind, &shared.whose.user, vec![item]);
        let job = shared.add(plan, true);
        job.0.is_running.set(true);
        job.0.has_turn.set(true);
        let _running = Running(Rc::clone(&job.0));
        job.0.busy.borrow_mut().insert(ONLY);
        shared.hold(&job).await;
        shared.write_down(&job.0);
        Single { jobs: self.clone(), job, sent: Rc::default(), _running }
    }
}

impl Single {
    /// Calls that are written down before they leave.
    pub(in crate::journal) fn writes(&self, writes: &Writes) -> Writes {
        let is_new = self.job.0.plan.items.iter().any(Item::is_new);
        let line = Line {
            jobs: Rc::clone(&self.jobs.0),
            job: Rc::clone(&self.job.0),
            index: ONLY,
            is_new,
            sent: Rc::clone(&self.sent),
        };
        writes.witnessed_by(Rc::new(line))
    }

    /// Writes down what became of it.
    pub(in crate::journal) async fn end(self, outcome: &Outcome) {
        let (jobs, job) = (&self.jobs.0, &self.job.0);
        let Some(item) = job.plan.items.first() else { return };
        let state = one::watched_end(item, outcome, self.sent.get());
        job.busy.borrow_mut().remove(&ONLY);
        job.set(ONLY, state);
        job.ended.set(Some(jobs.keep.now()));
        job.note();
        if let Outcome::Done { key, notices, .. } = outcome
            && !notices.contains(&Notice::AlreadySo)
        {
            let key = key.as_ref().map(|it| &it.id).or(item.key()).cloned();
            jobs.happened(&Happened { kind: job.plan.kind, key, count: 1 });
        }
        jobs.ledger.flush().await;
        jobs.tell_tabs(job);
    }
}

impl Inner {
    /// A job of one change whose tab died: what was not sent never will be.
    pub(super) fn drop_unsent(&self) {
        if self.watched {
            self.skip_waiting();
        }
    }
}
