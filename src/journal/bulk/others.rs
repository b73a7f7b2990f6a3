//! What other tabs do: their jobs are found in the store, followed, and taken over.

use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

use super::job::Inner;
use super::jobs::{SEPARATOR, Shared};
use super::keep::Hold;
use super::{ItemState, Job, read_plan, record};
use crate::domain::order;

/// What is kept of a job, by the last part of its name.
type Parts = BTreeMap<String, String>;

/// What became of reading a job anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// It is as it is kept.
    Read,
    /// Nothing of it is kept.
    Gone,
    /// Nobody can say.
    Unreadable,
}

impl Shared {
    pub(super) async fn open(&self) {
        let Ok(entries) = self.keep.read(&self.prefix()).await else {
            self.ledger.note_refused();
            self.bell.ring();
            return;
        };
        for (id, parts) in self.by_job(entries) {
            if self.known(&id).is_none() {
                self.adopt(&id, &parts);
            }
        }
        self.forget_oldest();
        self.bell.ring();
        for job in self.list.borrow().clone() {
            self.take_over_if_open(&job);
        }
    }

    /// Hears of what other tabs begin and end from now on.
    pub(super) fn listen(&self) {
        let this = self.this.clone();
        let heard = move |name: &str| {
            let Some(shared) = this.upgrade() else { return };
            // Anybody on this origin may have said it: it names a place to look at, and nothing more.
            let prefix = shared.prefix();
            let Some(id) = name.strip_prefix(&prefix).and_then(|it| it.strip_suffix(SEPARATOR)) else {
                return;
            };
            let (keep, id) = (Rc::clone(&shared.keep), id.to_owned());
            keep.spawn(Box::pin(async move { shared.look_at(&id).await }));
        };
        *self.tabs.borrow_mut() = Some(self.keep.tabs(Rc::new(heard)));
    }

    /// Tells other tabs that there is something new about a job.
    pub(super) fn tell_tabs(&self, job: &Inner) {
        if let Some(tabs) = &*self.tabs.borrow() {
            tabs.tell(&self.name(&job.plan.id, ""));
        }
    }

    /// Reads what is kept of one job: another tab began, ended or forgot it.
    async fn look_at(&self, id: &str) {
        let idle = self.idle();
        if let Ok(entries) = self.keep.read(&self.name(id, "")).await {
            let parts = self.by_job(entries).remove(id).unwrap_or_default();
            self.take_in(id, &parts, &idle);
            self.bell.ring();
        }
    }

    /// Takes in what all tabs kept up to now; `false` when the browser does not tell.
    pub(super) async fn look_around(&self) -> bool {
        let idle = self.idle();
        let mut read = self.keep.read(&self.prefix()).await;
        if read.is_err() {
            // A connection to the store that was closed refuses once, and the next try opens another.
            read = self.keep.read(&self.prefix()).await;
        }
        let Ok(entries) = read else { return false };
        let mut kept = self.by_job(entries);
        for (job, _) in &idle {
            kept.entry(job.0.plan.id.clone()).or_default();
        }
        for (id, parts) in kept {
            self.take_in(&id, &parts, &idle);
        }
        self.bell.ring();
        true
    }

    /// The jobs of which this tab knows no more than what is kept, and how often each rang.
    fn idle(&self) -> Vec<(Job, u64)> {
        let list = self.list.borrow();
        list.iter().filter(|it| it.0.is_idle()).map(|it| (it.clone(), it.0.bell.count())).collect()
    }

    /// Takes in what is kept of a job. One of which this tab knew more before it was read (it is not among `idle`), or
    /// learned more meanwhile, is left as it is.
    fn take_in(&self, id: &str, parts: &Parts, idle: &[(Job, u64)]) {
        let Some(job) = self.known(id) else {
            if let Some(job) = self.adopt(id, parts) {
                self.take_over_if_open(&job);
            }
            return;
        };
        let as_before = idle.iter().any(|(it, rung)| *it == job && it.0.bell.count() == *rung);
        if !as_before || !job.0.is_idle() {
            return;
        }
        match self.apply(&job, parts) {
            Kept::Read => self.take_over_if_open(&job),
            // Whoever follows it finds out by himself, and what was refused is nowhere but here.
            Kept::Gone if !job.0.is_followed.get() && !self.ledger.is_refused() => self.drop_gone(&job),
            Kept::Gone | Kept::Unreadable => {}
        }
    }

    fn known(&self, id: &str) -> Option<Job> {
        self.list.borrow().iter().find(|it| it.0.plan.id == id).cloned()
    }

    /// Takes a job in that another tab wrote down.
    fn adopt(&self, id: &str, parts: &Parts) -> Option<Job> {
        let job = self.revive(id, parts)?;
        let mut list = self.list.borrow_mut();
        list.push(job.clone());
        order::sort_by_key(&mut list, |it| it.0.began);
        Some(job)
    }

    fn take_over_if_open(&self, job: &Job) {
        if job.ended().is_none() && !job.0.is_running.get() && !job.0.is_followed.get() {
            self.take_over(job.clone());
        }
    }

    /// A job as it is kept. What cannot be read any more is left alone: a later version may have written it.
    fn revive(&self, id: &str, parts: &Parts) -> Option<Job> {
        let head = record::read_head(parts.get("head")?)?;
        let plan = read_plan(parts.get("plan")?, self.manifest()).ok().filter(|it| it.id == id)?;
        let inner = Inner::new(plan, head.began, head.watched, Weak::clone(&self.this));
        inner.ended.set(head.ended);
        inner.paused.set(head.paused);
        inner.stopped.set(head.stopped);
        inner.is_written.set(true);
        inner.is_adopted.set(true);
        *inner.address.borrow_mut() = head.address;
        self.read_items(&inner, parts);
        Some(Job(Rc::new(inner)))
    }

    fn read_items(&self, job: &Inner, parts: &Parts) {
        let manifest = self.manifest();
        let mut states = job.states.borrow_mut();
        for (index, slot) in states.iter_mut().enumerate() {
            let name = self.item_name(&job.plan.id, index);
            let part = name.rsplit(SEPARATOR).next().unwrap_or_default();
            let Some(read) = parts.get(part).and_then(|it| record::read_item(it, manifest)) else { continue };
            // What is done stays done, also where the store refused to take it.
            if read.state.is_open() && matches!(slot, ItemState::Done { .. }) {
                continue;
            }
            *slot = read.state;
            if let Some(before) = read.before {
                job.before.borrow_mut().insert(index, before);
            }
            if read.is_looked_up {
                job.looked_up.borrow_mut().insert(index);
            }
        }
    }

    /// Reads anew what is kept of a job: another tab may have gone on with it.
    pub(super) async fn refresh(&self, job: &Job) -> Kept {
        let id = &job.0.plan.id;
        let Ok(entries) = self.keep.read(&self.name(id, "")).await else { return Kept::Unreadable };
        self.apply(job, &self.by_job(entries).remove(id).unwrap_or_default())
    }

    /// Brings a job to what is kept of it.
    fn apply(&self, job: &Job, parts: &Parts) -> Kept {
        let Some(head) = parts.get("head") else { return Kept::Gone };
        let Some(head) = record::read_head(head) else { return Kept::Unreadable };
        job.0.ended.set(head.ended);
        job.0.paused.set(head.paused);
        job.0.stopped.set(head.stopped);
        self.read_items(&job.0, parts);
        job.0.cursor.set(0);
        job.0.is_stale.set(false);
        job.0.ring(self);
        Kept::Read
    }

    /// Another tab ended a job and forgot it, so that this one does, too.
    pub(super) fn drop_gone(&self, job: &Job) {
        job.0.is_stale.set(true);
        job.0.wish.take();
        job.0.ended.set(Some(self.keep.now()));
        self.list.borrow_mut().retain(|it| it != job);
        job.0.ring(self);
    }

    /// Runs a job once this is the only tab that does.
    fn take_over(&self, job: Job) {
        let Some(shared) = self.this.upgrade() else { return };
        job.0.is_followed.set(true);
        self.keep.spawn(Box::pin(async move {
            let name = shared.lock_name(&job);
            let mut hold = shared.keep.hold(&name, false).await;
            if matches!(hold, Hold::Elsewhere) {
                job.0.elsewhere.set(true);
                job.0.ring(&shared);
                hold = shared.follow(&job, &name).await;
                job.0.elsewhere.set(false);
            }
            let kept = shared.refresh(&job).await;
            if kept == Kept::Gone {
                job.0.is_followed.set(false);
                return shared.drop_gone(&job);
            }
            if kept == Kept::Unreadable {
                // What is known of it may be old: it is read again when the reader goes on, and not before.
                job.0.is_stale.set(true);
                job.0.paused.set(true);
                job.0.is_followed.set(false);
                return job.0.ring(&shared);
            }
            job.0.drop_unsent();
            match hold {
                Hold::Held(held) => *job.0.held.borrow_mut() = Some(held),
                // Nobody can say whether another tab runs it, so the reader decides.
                Hold::NoLocks | Hold::Elsewhere => job.0.paused.set(true),
            }
            // Nobody can say whether it is his, either; nor whether another address has the same keys.
            if shared.whose.user.trim().is_empty() || job.begun_at().is_some() {
                job.0.paused.set(true);
            }
            job.0.is_followed.set(false);
            job.0.ring(&shared);
            if job.ended().is_none() {
                job.0.start();
            } else {
                job.0.held.take();
            }
        }));
    }

    /// Follows a job that another tab runs, until that one is closed or ends it.
    async fn follow(&self, job: &Job, name: &str) -> Hold {
        const LOOK_MS: u32 = 1_000;
        let mut turn = self.keep.hold(name, true);
        loop {
            let timer = self.writes().timer;
            match futures_util::future::select(turn, timer.sleep(LOOK_MS)).await {
                futures_util::future::Either::Left((hold, _)) => return hold,
                futures_util::future::Either::Right(((), waiting)) => turn = waiting,
            }
            self.refresh(job).await;
        }
    }

    /// What is kept of each job, by its id.
    fn by_job(&self, entries: Vec<(String, String)>) -> BTreeMap<String, Parts> {
        let prefix = self.prefix();
        let mut res: BTreeMap<String, Parts> = BTreeMap::new();
        if !entries.is_empty() {
            self.ledger.note_shared();
        }
        for (name, text) in entries {
            let Some((id, part)) = name.strip_prefix(&prefix).and_then(|it| it.split_once(SEPARATOR)) else {
                continue;
            };
            res.entry(id.to_owned()).or_default().insert(part.to_owned(), text);
        }
        res
    }
}
