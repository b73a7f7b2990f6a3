use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::{Rc, Weak};

use crate::domain::{KeyId, Timestamp};

use super::bell::Bell;
use super::jobs::Shared;
use super::{Counts, Failure, ItemState, Phase, Plan, Receipt, Skip, Why, record};

/// Ends that the time left is told from: the last ones, so that it follows a service that gets slower.
const REMEMBERED: usize = 64;

/// A plan that is carried out, or was. Clones are one job.
#[derive(Clone)]
pub struct Job(pub(super) Rc<Inner>);

pub(super) struct Inner {
    pub(super) plan: Rc<Plan>,
    pub(super) began: Timestamp,
    /// The base URL it was begun on; `None` where an older version wrote it down without.
    pub(super) address: RefCell<Option<String>>,
    /// A dialog tells what becomes of it: see [`super::single`].
    pub(super) watched: bool,
    pub(super) ended: Cell<Option<Timestamp>>,
    pub(super) states: RefCell<Vec<ItemState>>,
    /// For creates that were sent: the newest keys before that.
    pub(super) before: RefCell<BTreeMap<usize, Vec<KeyId>>>,
    /// Items that were sent and looked up without finding them.
    pub(super) looked_up: RefCell<BTreeSet<usize>>,
    /// How often an item was tried again.
    pub(super) tries: RefCell<BTreeMap<usize, u32>>,
    /// Items that a worker has.
    pub(super) busy: RefCell<BTreeSet<usize>>,
    pub(super) paused: Cell<bool>,
    pub(super) stopped: Cell<bool>,
    pub(super) signed_out: Cell<bool>,
    pub(super) elsewhere: Cell<bool>,
    /// Its plan is in the store, or on the way there. Nothing of it is written before.
    pub(super) is_written: Cell<bool>,
    /// Another tab began it.
    pub(super) is_adopted: Cell<bool>,
    /// Another tab may have gone on with it: nothing of it is written before what is kept was read anew.
    pub(super) is_stale: Cell<bool>,
    /// What the reader wants of a job that is stale, until it was read anew.
    pub(super) wish: Cell<Option<Wish>>,
    /// It is this tab's turn to run it, and what is kept of it is known.
    pub(super) has_turn: Cell<bool>,
    /// Its lock is asked for, or another tab that runs it is followed.
    pub(super) is_followed: Cell<bool>,
    /// It has workers.
    pub(super) is_running: Cell<bool>,
    /// What makes this tab the only one that runs it; there while it runs.
    pub(super) held: RefCell<Option<Box<dyn Any>>>,
    /// No call before then, and why.
    pub(super) gate: Cell<Option<Gate>>,
    /// Attempts in a row that led nowhere.
    pub(super) troubles: Cell<u32>,
    /// Items whose look-up gets no answer.
    pub(super) lost: Cell<u32>,
    /// When the last items had their end, on the steady clock.
    pub(super) ends: RefCell<VecDeque<f64>>,
    /// No item before this one is open.
    pub(super) cursor: Cell<usize>,
    /// So many items were done at its last end, and told of then.
    pub(super) counted: Cell<usize>,
    pub(super) bell: Bell,
    pub(super) jobs: Weak<Shared>,
}

/// Which items the reader opens again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wish {
    /// What nobody could find out.
    LookUp,
    /// What failed, too.
    Retry,
}

/// A wait of the whole job.
#[derive(Clone, Copy)]
pub(super) struct Gate {
    /// On the steady clock.
    pub(super) until_ms: f64,
    pub(super) why: Why,
}

impl Job {
    /// What it carries out.
    #[must_use]
    pub fn plan(&self) -> Rc<Plan> {
        Rc::clone(&self.0.plan)
    }

    /// Whether it is one change that a dialog made, which tells its outcome itself.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.0.watched
    }

    /// Whether this tab goes on with what another one began.
    #[must_use]
    pub fn is_taken_over(&self) -> bool {
        self.0.is_adopted.get() && self.0.has_turn.get()
    }

    /// When it was started.
    #[must_use]
    pub fn began(&self) -> Timestamp {
        self.0.began
    }

    /// The base URL it was begun on, if the connection leads elsewhere by now.
    #[must_use]
    pub fn begun_at(&self) -> Option<String> {
        let jobs = self.0.jobs.upgrade()?;
        self.0.address.borrow().clone().filter(|it| *it != jobs.whose.address)
    }

    /// When its last item had its end.
    #[must_use]
    pub fn ended(&self) -> Option<Timestamp> {
        self.0.ended.get()
    }

    /// Where it stands.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.0.phase()
    }

    /// How many items stand where.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts::of(&self.0.states.borrow())
    }

    /// Looks at the states of all items, in the order of the plan.
    pub fn with_states<T>(&self, look: impl FnOnce(&[ItemState]) -> T) -> T {
        look(&self.0.states.borrow())
    }

    /// How long it will take as it goes now, in milliseconds; `None` while nobody can say or nothing goes.
    #[must_use]
    pub fn left_ms(&self) -> Option<u64> {
        let open = self.counts().waiting + self.counts().sent;
        let wait_ms = match self.phase() {
            Phase::Running => 0.0,
            Phase::Waiting(Why::RateLimit { .. }) => self.0.wait_ms(),
            _ => return None,
        };
        let ends = self.0.ends.borrow();
        let (first, last) = (ends.front()?, ends.back()?);
        let count = ends.len().checked_sub(1).filter(|it| *it >= 2)?;
        #[expect(clippy::cast_precision_loss, reason = "at most some thousand items")]
        let ms = (last - first) / count as f64 * open as f64 + wait_ms;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive time")]
        let ms = ms as u64;
        Some(ms)
    }

    /// Begins nothing more until [`Job::resume`]. What is on its way goes on to its end.
    pub fn pause(&self) {
        self.0.paused.set(true);
        self.0.note();
    }

    /// Goes on. Of a job that ended, what nobody could find out is looked up again.
    pub fn resume(&self) {
        self.0.paused.set(false);
        if let Some(jobs) = self.0.jobs.upgrade() {
            // The reader says that it is the same account.
            self.0.address.replace(Some(jobs.whose.address.clone()));
        }
        // A pause says nothing about how fast it goes.
        self.0.ends.borrow_mut().clear();
        self.0.reopen(Wish::LookUp);
    }

    /// Ends it: nothing more is begun, and what is on its way is settled first.
    pub fn cancel(&self) {
        if self.0.ended.get().is_some() || self.0.elsewhere.get() {
            return;
        }
        self.0.wish.take();
        self.0.stopped.set(true);
        self.0.paused.set(false);
        self.0.skip_waiting();
        self.0.note();
        self.0.start();
    }

    /// Tries the items that failed once more, and no others. Those that nobody could find out are looked up.
    pub fn retry_failed(&self) {
        self.0.paused.set(false);
        self.0.reopen(Wish::Retry);
    }

    /// What came of it: who, when, asked and got, item by item.
    #[must_use]
    pub fn receipt(&self) -> Receipt {
        Receipt::of(self)
    }
}

impl PartialEq for Job {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Inner {
    pub(super) fn new(plan: Plan, began: Timestamp, watched: bool, jobs: Weak<Shared>) -> Self {
        let states = vec![ItemState::Waiting; plan.items.len()];
        Self {
            plan: Rc::new(plan),
            began,
            address: RefCell::default(),
            watched,
            ended: Cell::default(),
            states: RefCell::new(states),
            before: RefCell::default(),
            looked_up: RefCell::default(),
            tries: RefCell::default(),
            busy: RefCell::default(),
            paused: Cell::default(),
            stopped: Cell::default(),
            signed_out: Cell::default(),
            elsewhere: Cell::default(),
            is_written: Cell::default(),
            is_adopted: Cell::default(),
            is_stale: Cell::default(),
            wish: Cell::default(),
            has_turn: Cell::default(),
            is_followed: Cell::default(),
            is_running: Cell::default(),
            held: RefCell::default(),
            gate: Cell::default(),
            troubles: Cell::default(),
            lost: Cell::default(),
            ends: RefCell::default(),
            cursor: Cell::default(),
            counted: Cell::default(),
            bell: Bell::default(),
            jobs,
        }
    }

    fn phase(&self) -> Phase {
        if self.ended.get().is_some() {
            return if self.stopped.get() { Phase::Stopped } else { Phase::Ended };
        }
        if self.elsewhere.get() {
            return Phase::Waiting(Why::OtherTab);
        }
        let Some(jobs) = self.jobs.upgrade() else { return Phase::Waiting(Why::SignIn) };
        if self.signed_out.get() || jobs.writes().authority.credential().is_none() {
            return Phase::Waiting(Why::SignIn);
        }
        if self.paused.get() {
            return Phase::Paused;
        }
        if !self.stopped.get() && !jobs.writes().authority.may_write() {
            return Phase::Waiting(Why::ReadOnly);
        }
        if let Some(gate) = self.open_gate(&jobs) {
            return Phase::Waiting(gate.why);
        }
        if !jobs.keep.is_online() && (self.troubles.get() > 0 || self.lost.get() > 0) {
            return Phase::Waiting(Why::Offline);
        }
        if self.stopped.get() { Phase::Waiting(Why::Settling) } else { Phase::Running }
    }

    /// The wait that holds now, if one does: the job's own, or one that the service asked all calls for.
    pub(super) fn open_gate(&self, jobs: &Shared) -> Option<Gate> {
        let now_ms = jobs.now_ms();
        let own = self.gate.get().filter(|it| it.until_ms > now_ms);
        let limited = jobs.writes().client.limited_until_ms().filter(|it| *it > now_ms);
        match (own, limited) {
            (own, Some(until_ms)) if own.is_none_or(|it| it.until_ms < until_ms) => {
                let until = jobs.moment(until_ms);
                Some(Gate { until_ms, why: Why::RateLimit { until } })
            }
            (own, _) => own,
        }
    }

    fn wait_ms(&self) -> f64 {
        let Some(jobs) = self.jobs.upgrade() else { return 0.0 };
        self.open_gate(&jobs).map_or(0.0, |it| (it.until_ms - jobs.now_ms()).max(0.0))
    }

    /// Sets the state of an item and notes it for the next transaction.
    pub(super) fn set(&self, index: usize, state: ItemState) {
        if let Some(slot) = self.states.borrow_mut().get_mut(index) {
            *slot = state;
        }
        self.note_item(index);
    }

    pub(super) fn state(&self, index: usize) -> Option<ItemState> {
        self.states.borrow().get(index).cloned()
    }

    pub(super) fn note_item(&self, index: usize) {
        if !self.is_kept_up() {
            return;
        }
        let Some(jobs) = self.jobs.upgrade() else { return };
        let states = self.states.borrow();
        let Some(state) = states.get(index) else { return };
        let before = self.before.borrow();
        let is_looked_up = self.looked_up.borrow().contains(&index);
        let text = record::item(state, before.get(&index).map(Vec::as_slice), is_looked_up);
        jobs.ledger.put(jobs.item_name(&self.plan.id, index), Some(text));
    }

    /// Notes how the job as a whole stands, and tells everyone.
    pub(super) fn note(&self) {
        let Some(jobs) = self.jobs.upgrade() else { return };
        if self.is_kept_up() {
            jobs.ledger.put(jobs.head_name(&self.plan.id), Some(self.head()));
        }
        self.ring(&jobs);
    }

    /// Whether what happens to it is written down.
    fn is_kept_up(&self) -> bool {
        self.is_written.get() && !self.is_stale.get()
    }

    /// Whether this tab knows no more of it than what is kept: another one may know more.
    pub(super) fn is_idle(&self) -> bool {
        let has_wish = self.wish.get().is_some();
        self.is_kept_up() && !has_wish && !self.is_running.get() && !self.signed_out.get()
    }

    /// How it stands as a whole, as it is kept.
    pub(super) fn head(&self) -> String {
        record::head(&record::Head {
            began: self.began,
            ended: self.ended.get(),
            paused: self.paused.get(),
            stopped: self.stopped.get(),
            watched: self.watched,
            address: self.address.borrow().clone(),
        })
    }

    pub(super) fn ring(&self, jobs: &Shared) {
        self.bell.ring();
        jobs.bell.ring();
    }

    /// An item had its end now.
    pub(super) fn note_end(&self, now_ms: f64) {
        let mut ends = self.ends.borrow_mut();
        if ends.len() == REMEMBERED {
            ends.pop_front();
        }
        ends.push_back(now_ms);
    }

    /// Whatever nothing was sent for yet is left out; what a worker has is left to it.
    pub(super) fn skip_waiting(&self) {
        let busy = self.busy.borrow().clone();
        let waiting = {
            let states = self.states.borrow();
            let open = |it: &(usize, &ItemState)| *it.1 == ItemState::Waiting && !busy.contains(&it.0);
            states.iter().enumerate().filter(open).map(|(at, _)| at).collect::<Vec<_>>()
        };
        for index in waiting {
            self.set(index, ItemState::Skipped(Skip::Cancelled));
        }
    }

    /// Opens items again, and the job with them. Of a job that ended this is only a wish: another tab may have opened
    /// it before, so that what is kept is read first, and nothing old is written over it.
    fn reopen(self: &Rc<Self>, wish: Wish) {
        if self.elsewhere.get() || self.is_followed.get() {
            return;
        }
        let is_known = self.has_turn.get() || (self.ended.get().is_none() && !self.is_stale.get());
        if is_known {
            self.grant(wish);
            self.note();
        } else if self.is_stale.get() || self.states.borrow().iter().any(|it| wish.opened(it).is_some()) {
            self.is_stale.set(true);
            self.wish.set(self.wish.get().max(Some(wish)));
            self.open_again();
            self.note();
        } else {
            if let Some(jobs) = self.jobs.upgrade() {
                self.ring(&jobs);
            }
            return;
        }
        self.start();
    }

    /// How many items are done.
    pub(super) fn done(&self) -> usize {
        self.states.borrow().iter().filter(|it| matches!(it, ItemState::Done { .. })).count()
    }

    /// Opens the items that a wish is about, as they stand now.
    pub(super) fn grant(&self, wish: Wish) {
        let states = self.states.borrow().clone();
        let mut any = false;
        for (index, state) in states.iter().enumerate() {
            if let Some(state) = wish.opened(state).filter(|_| !self.busy.borrow().contains(&index)) {
                self.tries.borrow_mut().remove(&index);
                self.set(index, state);
                any = true;
            }
        }
        if any {
            self.open_again();
        }
    }

    fn open_again(&self) {
        if self.ended.take().is_some() {
            self.counted.set(self.done());
        }
        self.stopped.set(false);
        self.cursor.set(0);
        self.ends.borrow_mut().clear();
        self.gate.set(None);
    }

    /// Starts its workers, unless they run.
    pub(super) fn start(self: &Rc<Self>) {
        if let Some(jobs) = self.jobs.upgrade() {
            super::run::start(&jobs, self);
        }
    }

    /// The one end of an item whose value was not kept: see [`super::record`].
    pub(super) fn withheld() -> ItemState {
        ItemState::Failed(Failure::of_code("value_not_kept"))
    }
}

impl Wish {
    /// What becomes of an item in that state, if it is opened again.
    fn opened(self, state: &ItemState) -> Option<ItemState> {
        match state {
            ItemState::Failed(_) if self == Self::Retry => Some(ItemState::Waiting),
            ItemState::Unknown(_) => Some(ItemState::Sent),
            _ => None,
        }
    }
}
