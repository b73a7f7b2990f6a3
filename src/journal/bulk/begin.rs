//! An undo begins: once, whichever tab asks for it.

use futures_channel::oneshot;

use super::jobs::Shared;
use super::{Job, Jobs, Plan, plan_json};
use crate::domain::Timestamp;

/// What became of asking for an undo.
pub enum Begun {
    /// It runs.
    Running(Job),
    /// It is no longer what was confirmed: another tab did something since. [`Jobs::undo`] tells what it is now, if
    /// the job is still there.
    Changed,
    /// The browser does not tell what other tabs did, or does not take the plan, so that one of them could do it once
    /// more. Nothing was begun.
    Unkept,
}

impl Jobs {
    /// Begins the undo of a job that was confirmed as `shown`, if it still is that. Only one tab at a time decides on
    /// an undo, by what all tabs wrote down up to then, and nobody else does before this one is written down, too.
    ///
    /// It is decided whether or not anybody waits for what becomes of it.
    pub async fn begin_undo(&self, job: &Job, shown: &Plan) -> Begun {
        let (done, begun) = oneshot::channel();
        let (jobs, id, shown) = (self.clone(), job.plan().id.clone(), shown.clone());
        self.0.keep.spawn(Box::pin(async move { drop(done.send(jobs.decide(&id, &shown).await)) }));
        begun.await.unwrap_or(Begun::Unkept)
    }

    async fn decide(&self, id: &str, shown: &Plan) -> Begun {
        let shared = &self.0;
        let lock = ["latchkey/undo/", &shared.whose.connection].concat();
        let _turn = shared.keep.hold(&lock, true).await;
        shared.ledger.flush().await;
        if !shared.look_around().await && shared.ledger.is_shared() {
            return Begun::Unkept;
        }
        let Some(job) = self.by_id(id) else { return Begun::Changed };
        let plan = self.undo(&job).plan;
        if does(&plan) != does(shown) {
            return Begun::Changed;
        }
        match shared.begin(plan).await {
            Some(job) => Begun::Running(job),
            None => Begun::Unkept,
        }
    }
}

impl Shared {
    /// Starts a plan once it is written down; not at all where it is not, and other tabs write.
    async fn begin(&self, plan: Plan) -> Option<Job> {
        let job = self.make(plan, false);
        self.hold(&job).await;
        let plan = &job.0.plan;
        let entries = vec![
            (self.plan_name(&plan.id), Some(plan_json(plan))),
            (self.head_name(&plan.id), Some(job.0.head())),
        ];
        if !self.ledger.write(entries).await && self.ledger.is_shared() {
            return None;
        }
        job.0.is_written.set(true);
        self.list.borrow_mut().push(job.clone());
        job.0.start();
        Some(job)
    }
}

/// All that a plan does, without its name and its time.
fn does(plan: &Plan) -> String {
    plan_json(&Plan { id: String::new(), made: Timestamp(0), ..plan.clone() })
}
