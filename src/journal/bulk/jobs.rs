use std::cell::RefCell;
use std::rc::{Rc, Weak};

use crate::domain::{KeyId, Timestamp};
use crate::journal::writes::Writes;
use crate::systems::Manifest;

use super::bell::Bell;
use super::job::Inner;
use super::keep::{Browser, Hold, Keep, Tabs};
use super::ledger::Ledger;
use super::undo::{self, Undo};
use super::{ItemState, Job, Kind, Plan, plan_json, read_plan};

/// Between the parts of a name in the store. No part holds it.
pub(super) const SEPARATOR: char = '\u{1}';

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
    pub(super) tabs: RefCell<Option<Box<dyn Tabs>>>,
    /// The newest last.
    pub(super) list: RefCell<Vec<Job>>,
    writes: RefCell<Writes>,
    pub(super) this: Weak<Shared>,
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
        let shared = Rc::new_cyclic(|this| Shared {
            ledger: Ledger::new(Rc::clone(&keep)),
            keep,
            whose,
            bell: Bell::default(),
            told: RefCell::default(),
            tabs: RefCell::default(),
            list: RefCell::default(),
            writes: RefCell::new(writes),
            this: Weak::clone(this),
        });
        shared.listen();
        Self(shared)
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
        let (shared, job) = (Rc::clone(&self.0), job.clone());
        self.0.keep.spawn(Box::pin(async move {
            shared.ledger.flush().await;
            shared.tell_tabs(&job.0);
        }));
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

    pub(super) fn name(&self, job: &str, part: &str) -> String {
        let mut res = self.prefix();
        res.push_str(job);
        res.push(SEPARATOR);
        res.push_str(part);
        res
    }

    pub(super) fn prefix(&self) -> String {
        let Whose { connection, user, .. } = &self.whose;
        let end = SEPARATOR.to_string();
        [connection, &*end, user, &end].concat()
    }

    pub(super) fn head_name(&self, job: &str) -> String {
        self.name(job, "head")
    }

    pub(super) fn plan_name(&self, job: &str) -> String {
        self.name(job, "plan")
    }

    pub(super) fn item_name(&self, job: &str, index: usize) -> String {
        let digits = index.to_string();
        let zeros = "0".repeat(9_usize.saturating_sub(digits.len()));
        self.name(job, &["item", &zeros, &digits].concat())
    }

    /// A new job, which is written down by [`Shared::write_down`].
    pub(super) fn add(&self, plan: Plan, watched: bool) -> Job {
        let job = self.make(plan, watched);
        self.list.borrow_mut().push(job.clone());
        job.0.note();
        job
    }

    pub(super) fn make(&self, plan: Plan, watched: bool) -> Job {
        let inner = Inner::new(plan, self.keep.now(), watched, Weak::clone(&self.this));
        inner.address.replace(Some(self.whose.address.clone()));
        Job(Rc::new(inner))
    }

    /// Waits for this tab's turn to run a job. A new one is written down after that and not before, so that no other
    /// tab finds it while nobody holds it.
    pub(super) async fn hold(&self, job: &Job) {
        if job.0.held.borrow().is_some() {
            return;
        }
        if let Hold::Held(held) = self.keep.hold(&self.lock_name(job), true).await {
            *job.0.held.borrow_mut() = Some(held);
        }
    }

    /// Notes a new job for the next transaction.
    pub(super) fn write_down(&self, job: &Inner) {
        if job.is_written.replace(true) {
            return;
        }
        self.ledger.put(self.plan_name(&job.plan.id), Some(plan_json(&job.plan)));
        job.note();
        for index in 0..job.plan.items.len() {
            // It may be called off before its turn.
            if job.state(index) != Some(ItemState::Waiting) {
                job.note_item(index);
            }
        }
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

    pub(super) fn forget_oldest(&self) {
        let ended: Vec<Job> = self.list.borrow().iter().filter(|it| it.ended().is_some()).cloned().collect();
        for job in ended.iter().take(ended.len().saturating_sub(KEPT)) {
            self.forget(job);
        }
    }

    pub(super) fn lock_name(&self, job: &Job) -> String {
        ["latchkey/job/", &job.0.plan.id].concat()
    }
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
