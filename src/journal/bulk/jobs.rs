use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

use crate::domain::{KeyId, Timestamp, order};
use crate::journal::writes::Writes;
use crate::systems::Manifest;

use super::bell::Bell;
use super::job::Inner;
use super::keep::{Browser, Hold, Keep};
use super::ledger::Ledger;
use super::undo::{self, Undo};
use super::{ItemState, Job, Kind, Plan, plan_json, read_plan, record};

/// Between the parts of a name in the store. No part holds it.
const SEPARATOR: char = '\u{1}';

/// Jobs that are kept after their end; the oldest are forgotten.
const KEPT: usize = 200;

/// Whose jobs they are. Another reader of the same browser neither sees nor runs them, and neither does the same
/// reader on another connection. Readers whose credential tells no name count as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whose {
    /// The connection, by its id in `config.json`.
    pub connection: String,
    /// The reader's name; blank when nobody knows it.
    pub user: String,
    /// Where the connection leads: its base URL. A job that was begun on another one waits until the reader says that
    /// it is the same account.
    pub address: String,
}

impl Whose {
    /// A reader of a connection that leads to that base URL.
    #[must_use]
    pub fn new(connection: &str, user: &str, address: &str) -> Self {
        let clean = |it: &str| it.chars().filter(|it| !it.is_control()).collect();
        Self { connection: clean(connection), user: clean(user), address: clean(address) }
    }
}

/// Hears of changes that happened.
type Told = Rc<dyn Fn(&Happened)>;

/// A change that happened, for whoever shows more than this connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// What it was.
    pub kind: Kind,
    /// The key, where it was one.
    pub key: Option<KeyId>,
    /// How many keys it was.
    pub count: usize,
}

/// Plans that are carried out for one reader of one connection, and those that were. Clones are the same.
#[derive(Clone)]
pub struct Jobs(pub(super) Rc<Shared>);

pub(super) struct Shared {
    pub(super) keep: Rc<dyn Keep>,
    pub(super) ledger: Ledger,
    pub(super) whose: Whose,
    pub(super) bell: Bell,
    /// Who is told of changes that happened.
    told: RefCell<Option<Told>>,
    /// The newest last.
    pub(super) list: RefCell<Vec<Job>>,
    writes: RefCell<Writes>,
    this: Weak<Shared>,
}

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

thread_local! {
    /// The jobs of this tab, by reader and whose.
    static OF_TAB: RefCell<Vec<(u64, Jobs)>> = const { RefCell::new(Vec::new()) };
}

impl Jobs {
    /// The jobs of this tab for a reader: those that run already, with the calls of now.
    pub(in crate::journal) fn of_tab(writes: Writes, whose: Whose, reader: u64) -> Self {
        let known = OF_TAB.with_borrow(|all| {
            let same = all.iter().find(|(number, it)| *number == reader && it.0.whose == whose);
            same.map(|(_, it)| it.clone())
        });
        if let Some(jobs) = known {
            *jobs.0.writes.borrow_mut() = writes;
            return jobs;
        }
        let connection = whose.connection.clone();
        let jobs = Self::new(Rc::new(Browser), writes, whose);
        OF_TAB.with_borrow_mut(|all| {
            // An earlier reader of the same connection is signed out: his jobs are for the next time he is here.
            all.retain(|(_, it)| it.0.whose.connection != connection);
            all.push((reader, jobs.clone()));
        });
        jobs
    }

    pub(in crate::journal) fn new(keep: Rc<dyn Keep>, writes: Writes, whose: Whose) -> Self {
        Self(Rc::new_cyclic(|this| Shared {
            ledger: Ledger::new(Rc::clone(&keep)),
            keep,
            whose,
            bell: Bell::default(),
            told: RefCell::default(),
            list: RefCell::default(),
            writes: RefCell::new(writes),
            this: Weak::clone(this),
        }))
    }

    /// Tells `told` of every change that happens from now on, in the place of whoever was told before.
    pub fn tell(&self, told: impl Fn(&Happened) + 'static) {
        *self.0.told.borrow_mut() = Some(Rc::new(told));
    }

    /// Says that something changed.
    pub(in crate::journal) fn happened(&self, happened: &Happened) {
        self.0.happened(happened);
    }

    /// Writes a plan down and starts it. Nothing is sent before it is written.
    pub fn start(&self, plan: Plan) -> Job {
        let plan = plan.without_values();
        if read_plan(&plan_json(&plan), self.0.manifest()).is_err() {
            // It goes on, but after a crash nobody finds it: as if it were not kept.
            self.0.ledger.note_refused();
        }
        let job = self.0.add(plan, false);
        job.0.start();
        job
    }

    /// All jobs, the newest first.
    #[must_use]
    pub fn all(&self) -> Vec<Job> {
        self.0.list.borrow().iter().rev().cloned().collect()
    }

    /// The job of that plan.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<Job> {
        self.0.list.borrow().iter().find(|it| it.0.plan.id == id).cloned()
    }

    /// Reads what is kept, and goes on with what has no end yet: what was sent is looked up first. What another tab
    /// runs is followed, and taken over when that tab is closed. To be called once a reader is signed in.
    pub async fn open(&self) {
        self.0.open().await;
    }

    /// Waits for the next change of any job. Whoever shows jobs draws them and asks again.
    pub async fn changed(&self) {
        let count = self.0.bell.count();
        self.0.bell.after(count).await;
    }

    /// Whether the browser refuses to keep what is done here: a reload or a crash then loses it, which is said before
    /// a job is started.
    #[must_use]
    pub fn is_memory_only(&self) -> bool {
        self.0.ledger.is_refused()
    }

    /// The plan that takes a job back, without what another one took back already, and what it cannot bring back.
    #[must_use]
    pub fn undo(&self, job: &Job) -> Undo {
        undo::plan(self.0.manifest(), job, &self.all(), &self.0.whose)
    }

    /// Forgets a job that ended; nothing happens to one that did not.
    pub fn forget(&self, job: &Job) {
        if job.ended().is_none() {
            return;
        }
        self.0.forget(job);
        let shared = Rc::clone(&self.0);
        self.0.keep.spawn(Box::pin(async move { shared.ledger.flush().await }));
    }
}

impl Shared {
    /// See [`Jobs::tell`].
    pub(super) fn happened(&self, happened: &Happened) {
        let told = self.told.borrow().clone();
        if let Some(told) = told {
            told(happened);
        }
    }

    /// Calls as they are made now.
    pub(super) fn writes(&self) -> Writes {
        self.writes.borrow().clone()
    }

    pub(super) fn manifest(&self) -> &'static Manifest {
        self.writes.borrow().manifest()
    }

    pub(super) fn now_ms(&self) -> f64 {
        self.writes.borrow().timer.now_ms()
    }

    /// A moment of the steady clock on the wall clock.
    pub(super) fn moment(&self, at_ms: f64) -> Timestamp {
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds of a wait")]
        let ahead = (at_ms - self.now_ms()) as i64;
        Timestamp(self.keep.now().0.saturating_add(ahead))
    }

    fn name(&self, job: &str, part: &str) -> String {
        let mut res = self.prefix();
        res.push_str(job);
        res.push(SEPARATOR);
        res.push_str(part);
        res
    }

    fn prefix(&self) -> String {
        let Whose { connection, user, .. } = &self.whose;
        let end = SEPARATOR.to_string();
        [connection, &*end, user, &end].concat()
    }

    pub(super) fn head_name(&self, job: &str) -> String {
        self.name(job, "head")
    }

    fn plan_name(&self, job: &str) -> String {
        self.name(job, "plan")
    }

    pub(super) fn item_name(&self, job: &str, index: usize) -> String {
        let digits = index.to_string();
        let zeros = "0".repeat(9_usize.saturating_sub(digits.len()));
        self.name(job, &["item", &zeros, &digits].concat())
    }

    /// A new job, noted for the next transaction.
    pub(super) fn add(&self, plan: Plan, watched: bool) -> Job {
        self.ledger.put(self.plan_name(&plan.id), Some(plan_json(&plan)));
        let inner = Inner::new(plan, self.keep.now(), watched, Weak::clone(&self.this));
        inner.address.replace(Some(self.whose.address.clone()));
        let job = Job(Rc::new(inner));
        self.list.borrow_mut().push(job.clone());
        job.0.note();
        job
    }

    fn forget(&self, job: &Job) {
        let id = &job.0.plan.id;
        self.list.borrow_mut().retain(|it| it != job);
        self.ledger.put(self.head_name(id), None);
        self.ledger.put(self.plan_name(id), None);
        for index in 0..job.0.plan.items.len() {
            self.ledger.put(self.item_name(id, index), None);
        }
        self.bell.ring();
    }

    async fn open(&self) {
        let Ok(entries) = self.keep.read(&self.prefix()).await else {
            self.ledger.note_refused();
            self.bell.ring();
            return;
        };
        for (id, parts) in by_job(&self.prefix(), entries) {
            let is_known = self.list.borrow().iter().any(|it| it.0.plan.id == id);
            if is_known {
                continue;
            }
            if let Some(job) = self.revive(&id, &parts) {
                self.list.borrow_mut().push(job);
            }
        }
        order::sort_by_key(&mut self.list.borrow_mut(), |it| it.0.began);
        self.forget_oldest();
        self.bell.ring();
        let open: Vec<Job> = self.all_open();
        for job in open {
            self.take_over(job);
        }
    }

    fn all_open(&self) -> Vec<Job> {
        let is_open = |it: &&Job| it.ended().is_none() && !it.0.is_running.get() && !it.0.is_followed.get();
        self.list.borrow().iter().filter(is_open).cloned().collect()
    }

    fn forget_oldest(&self) {
        let ended: Vec<Job> = self.list.borrow().iter().filter(|it| it.ended().is_some()).cloned().collect();
        for job in ended.iter().take(ended.len().saturating_sub(KEPT)) {
            self.forget(job);
        }
    }

    /// A job as it is kept. What cannot be read any more is left alone: a later version may have written it.
    fn revive(&self, id: &str, parts: &BTreeMap<String, String>) -> Option<Job> {
        let head = record::read_head(parts.get("head")?)?;
        let plan = read_plan(parts.get("plan")?, self.manifest()).ok().filter(|it| it.id == id)?;
        let inner = Inner::new(plan, head.began, head.watched, Weak::clone(&self.this));
        inner.ended.set(head.ended);
        inner.paused.set(head.paused);
        inner.stopped.set(head.stopped);
        *inner.address.borrow_mut() = head.address;
        self.read_items(&inner, parts);
        Some(Job(Rc::new(inner)))
    }

    fn read_items(&self, job: &Inner, parts: &BTreeMap<String, String>) {
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
        let prefix = self.name(&job.0.plan.id, "");
        let Ok(entries) = self.keep.read(&prefix).await else { return Kept::Unreadable };
        let part = |(name, text): (String, String)| Some((name.strip_prefix(&prefix)?.to_owned(), text));
        let parts = order::map(entries.into_iter().filter_map(part));
        let Some(head) = parts.get("head") else { return Kept::Gone };
        let Some(head) = record::read_head(head) else { return Kept::Unreadable };
        job.0.ended.set(head.ended);
        job.0.paused.set(head.paused);
        job.0.stopped.set(head.stopped);
        self.read_items(&job.0, &parts);
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
            let timer = Rc::clone(&self.writes.borrow().timer);
            match futures_util::future::select(turn, timer.sleep(LOOK_MS)).await {
                futures_util::future::Either::Left((hold, _)) => return hold,
                futures_util::future::Either::Right(((), waiting)) => turn = waiting,
            }
            self.refresh(job).await;
        }
    }

    pub(super) fn lock_name(&self, job: &Job) -> String {
        ["latchkey/job/", &job.0.plan.id].concat()
    }
}

/// The parts of each job, by its id.
fn by_job(prefix: &str, entries: Vec<(String, String)>) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut res: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (name, text) in entries {
        let Some((id, part)) = name.strip_prefix(prefix).and_then(|it| it.split_once(SEPARATOR)) else {
            continue;
        };
        res.entry(id.to_owned()).or_default().insert(part.to_owned(), text);
    }
    res
}

impl ItemState {
    /// Whether it has no end yet.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Waiting | Self::Sent)
    }
}

/// The newest keys before a create, if the item is one that was sent.
pub(super) fn before_of(job: &Inner, index: usize) -> Option<Vec<KeyId>> {
    job.before.borrow().get(&index).cloned()
}
