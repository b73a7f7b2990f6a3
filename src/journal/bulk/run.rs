//! Runs a job: a few workers take its items one by one.

use std::cell::Cell;
use std::rc::Rc;

use futures_util::future::{self, FutureExt as _, LocalBoxFuture, join_all};

use crate::domain::{Key, KeyId};
use crate::http::{ApiError, Cancelled, ErrorKind};
use crate::journal::Step;
use crate::journal::writes::{Rivals, Witness};
use crate::systems::can_be;

use super::job::{Gate, Inner};
use super::jobs::{Shared, before_of};
use super::one::{self, Past, Verdict};
use super::others::Kept;
use super::plan_file::is_withheld;
use super::{Failure, Happened, ItemState, Job, Skip, Wanted, Why};

/// Items that are begun at the same time: two calls keep both slots of the host full, and three are there while some
/// are written down. A reader's own call queues behind three of them, and not behind the job.
const WORKERS: usize = 5;

/// The first wait after an attempt that led nowhere, in milliseconds; it doubles up to the longest.
const FIRST_WAIT_MS: u32 = 1_000;
const LONGEST_WAIT_MS: u32 = 30_000;

/// Attempts at an item that the service fails at itself (a 500), before that is its end.
const TRIES: u32 = 3;

/// How often everyone is told although nothing happened, so that a clock on a screen goes on; in milliseconds.
const TICK_MS: u32 = 1_000;

/// What a worker does next.
enum Next {
    Item(usize),
    /// Until then, or until something changes.
    Wait(Option<u32>),
    SignIn,
    End,
}

/// Starts the workers of a job, unless they run already or another tab's do.
pub(super) fn start(shared: &Shared, job: &Rc<Inner>) {
    if job.is_followed.get() || job.is_running.replace(true) {
        return;
    }
    let Some(jobs) = job.jobs.upgrade() else { return };
    let job = Rc::clone(job);
    shared.keep.spawn(run(jobs, job).boxed_local());
}

async fn run(jobs: Rc<Shared>, job: Rc<Inner>) {
    let running = Running(Rc::clone(&job));
    jobs.ledger.flush().await;
    jobs.hold(&Job(Rc::clone(&job))).await;
    if job.is_stale.get() && !catch_up(&jobs, &job).await {
        drop(running);
        return job.ring(&jobs);
    }
    job.has_turn.set(true);
    if let Some(wish) = job.wish.take() {
        job.grant(wish);
        if job.ended.get().is_none() {
            job.note();
        }
    }
    jobs.write_down(&job);
    jobs.ledger.flush().await;
    jobs.tell_tabs(&job);
    loop {
        let workers = join_all((0..WORKERS).map(|_| work(&jobs, &job).boxed_local()));
        future::select(workers, tick(&jobs, &job).boxed_local()).await;
        if job.signed_out.get() {
            break;
        }
        if !job.has_open() && job.ended.get().is_none() {
            job.ended.set(Some(jobs.keep.now()));
            job.note();
            let count = job.done().saturating_sub(job.counted.get());
            if count > 0 {
                jobs.happened(&Happened { kind: job.plan.kind, key: None, count });
            }
        }
        jobs.ledger.flush().await;
        // The reader may have opened it again while its end was written down.
        if !job.has_open() {
            break;
        }
    }
    drop(running);
    job.ring(&jobs);
}

/// Reads what is kept of a job that another tab may have gone on with; `false` when it must not go on here.
async fn catch_up(jobs: &Shared, job: &Rc<Inner>) -> bool {
    let handle = Job(Rc::clone(job));
    let (is_paused, is_called_off) = (job.paused.get(), job.stopped.get());
    match jobs.refresh(&handle).await {
        Kept::Read => {
            // What the reader asked for meanwhile holds, whatever is kept.
            job.paused.set(is_paused);
            if is_called_off && job.has_open() {
                job.stopped.set(true);
                job.skip_waiting();
                job.note();
            }
            true
        }
        // It lives in this tab alone.
        Kept::Gone | Kept::Unreadable if jobs.ledger.is_refused() => {
            job.is_stale.set(false);
            true
        }
        Kept::Gone => {
            jobs.drop_gone(&handle);
            false
        }
        Kept::Unreadable => {
            job.paused.set(true);
            false
        }
    }
}

/// Says that the workers are gone, however they ended, and gives the lock back.
pub(super) struct Running(pub(super) Rc<Inner>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.is_running.set(false);
        self.0.has_turn.set(false);
        self.0.held.take();
    }
}

/// Keeps clocks going, and notices when the reader signs out: then the job is for the next time he is here.
async fn tick(jobs: &Shared, job: &Inner) {
    loop {
        let writes = jobs.writes();
        writes.timer.sleep(TICK_MS).await;
        if writes.authority.credential().is_none() {
            job.ring(jobs);
            if writes.authority.renewed().await == Err(Cancelled) {
                job.signed_out.set(true);
                return;
            }
        }
        job.ring(jobs);
    }
}

async fn work(jobs: &Rc<Shared>, job: &Rc<Inner>) {
    loop {
        let count = job.bell.count();
        match job.next(jobs) {
            Next::End => return,
            Next::Item(index) => {
                let _busy = Busy::take(job, index);
                let verdict = attempt(jobs, job, index).await;
                job.settle(jobs, index, verdict);
            }
            Next::Wait(ms) => {
                // Whatever is only noted so far is written while there is time.
                jobs.ledger.flush().await;
                let rung = job.bell.after(count).boxed_local();
                match ms {
                    Some(ms) => drop(future::select(rung, jobs.writes().timer.sleep(ms)).await),
                    None => rung.await,
                }
            }
            Next::SignIn => {
                jobs.bell.ring();
                if jobs.writes().authority.renewed().await == Err(Cancelled) {
                    job.signed_out.set(true);
                    job.bell.ring();
                    return;
                }
            }
        }
        if job.signed_out.get() {
            return;
        }
    }
}

/// One attempt at an item: looked up if it was sent before, or carried out.
async fn attempt(jobs: &Rc<Shared>, job: &Rc<Inner>, index: usize) -> Verdict {
    let writes = jobs.writes();
    let plan = Rc::clone(&job.plan);
    let Some(item) = plan.items.get(index) else { return Verdict::NotThere };
    let before = before_of(job, index);
    let lost = Lost { job, is: Cell::new(false) };
    let step = |step: Step| lost.note(step);
    let sent = Rc::new(Cell::new(false));
    let witness = Line {
        jobs: Rc::clone(jobs),
        job: Rc::clone(job),
        index,
        is_new: item.is_new(),
        sent: Rc::clone(&sent),
    };
    let witnessed = writes.witnessed_by(Rc::new(witness));
    if job.state(index) == Some(ItemState::Sent) {
        return one::look_up(&witnessed, item, before.as_deref().unwrap_or_default(), &step).await;
    }
    if is_withheld(writes.manifest(), item) {
        return Verdict::Settled(Inner::withheld());
    }
    let past = Past { sent: job.looked_up.borrow().contains(&index), before };
    one::carry_out(&witnessed, item, past, &sent, &step).await
}

/// Writes an item down as sent before its call leaves.
pub(super) struct Line {
    pub(super) jobs: Rc<Shared>,
    pub(super) job: Rc<Inner>,
    pub(super) index: usize,
    pub(super) is_new: bool,
    /// Whether a call left.
    pub(super) sent: Rc<Cell<bool>>,
}

impl Witness for Line {
    fn sending(&self, before: &[KeyId]) -> LocalBoxFuture<'static, ()> {
        self.sent.set(true);
        if self.is_new {
            self.job.before.borrow_mut().insert(self.index, before.to_vec());
        }
        self.job.set(self.index, ItemState::Sent);
        let jobs = Rc::clone(&self.jobs);
        async move { jobs.ledger.flush().await }.boxed_local()
    }

    fn rivals(&self, key: &Key) -> Option<Rivals> {
        let own = self.job.plan.items.get(self.index).map(|it| &it.wanted);
        let mut res = Rivals::default();
        for job in self.jobs.list.borrow().iter().map(|it| &it.0) {
            let (states, before) = (job.states.borrow(), job.before.borrow());
            for (index, (item, state)) in job.plan.items.iter().zip(states.iter()).enumerate() {
                let Wanted::Created(new) = &item.wanted else { continue };
                if Rc::ptr_eq(job, &self.job) && index == self.index {
                    continue;
                }
                match state {
                    ItemState::Done { key: Some(made), .. } if *made == key.id => return None,
                    ItemState::Done { .. } | ItemState::Failed(_) | ItemState::Skipped(_) => continue,
                    // It was sent before, and may have come late.
                    ItemState::Waiting if job.looked_up.borrow().contains(&index) => {}
                    ItemState::Waiting => continue,
                    ItemState::Sent | ItemState::Unknown(_) => {}
                }
                let is_newer = before.get(&index).is_some_and(|it| !it.contains(&key.id));
                if !is_newer || !can_be(self.jobs.manifest(), new, key) {
                    continue;
                }
                let count = if own == Some(&item.wanted) { &mut res.alike } else { &mut res.unlike };
                *count += 1;
            }
        }
        Some(res)
    }
}

/// An item of which nobody can find out what became of it, for as long as the service is out of reach.
struct Lost<'a> {
    job: &'a Inner,
    is: Cell<bool>,
}

impl Lost<'_> {
    fn note(&self, step: Step) {
        if step == Step::WaitingToLookUp && !self.is.replace(true) {
            self.job.lost.update(|it| it + 1);
            self.ring();
        }
    }

    fn ring(&self) {
        if let Some(jobs) = self.job.jobs.upgrade() {
            self.job.ring(&jobs);
        }
    }
}

impl Drop for Lost<'_> {
    fn drop(&mut self) {
        if self.is.get() {
            self.job.lost.update(|it| it.saturating_sub(1));
            self.ring();
        }
    }
}

/// An item in the hands of a worker.
struct Busy<'a>(&'a Inner, usize);

impl<'a> Busy<'a> {
    fn take(job: &'a Inner, index: usize) -> Self {
        job.busy.borrow_mut().insert(index);
        Self(job, index)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.busy.borrow_mut().remove(&self.1);
        self.0.bell.ring();
    }
}

impl Inner {
    pub(super) fn has_open(&self) -> bool {
        self.states.borrow().iter().any(ItemState::is_open)
    }

    fn next(&self, jobs: &Shared) -> Next {
        let busy = self.busy.borrow().len();
        let Some(index) = self.pick() else {
            return if busy > 0 || self.has_open() { Next::Wait(None) } else { Next::End };
        };
        if self.paused.get() {
            return Next::Wait(None);
        }
        // Looking changes nothing. Once changes may be sent again, the clock of the job wakes whoever waits.
        if self.state(index) != Some(ItemState::Sent) && !jobs.writes().authority.may_write() {
            return Next::Wait(None);
        }
        if jobs.writes().authority.credential().is_none() {
            return Next::SignIn;
        }
        if let Some(gate) = self.open_gate(jobs) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a wait ahead")]
            let ms = (gate.until_ms - jobs.now_ms()).ceil() as u32;
            return Next::Wait(Some(ms));
        }
        // After trouble one goes ahead, and the others follow once it came through.
        if self.troubles.get() > 0 && busy > 0 { Next::Wait(None) } else { Next::Item(index) }
    }

    /// The next item that may be begun: what was sent and has to be looked up first, then in the order of the plan.
    fn pick(&self) -> Option<usize> {
        let states = self.states.borrow();
        let busy = self.busy.borrow();
        let is_free = |index: usize| {
            let Some(item) = self.plan.items.get(index) else { return false };
            !busy.iter().filter_map(|it| self.plan.items.get(*it)).any(|other| {
                // Creates run one after another, and changes to one key in their order.
                (item.is_new() && other.is_new()) || (item.key().is_some() && item.key() == other.key())
            })
        };
        let first_open = states.iter().skip(self.cursor.get()).position(ItemState::is_open)?;
        let from = self.cursor.get() + first_open;
        self.cursor.set(from);
        let rest = || states.iter().enumerate().skip(from).filter(|(at, _)| !busy.contains(at));
        let sent = rest().find(|(at, it)| **it == ItemState::Sent && is_free(*at));
        let waiting = || rest().find(|(at, it)| **it == ItemState::Waiting && is_free(*at));
        sent.or_else(waiting).map(|(at, _)| at)
    }

    fn settle(&self, jobs: &Shared, index: usize, verdict: Verdict) {
        let state = match verdict {
            Verdict::Settled(state) => {
                self.troubles.set(0);
                self.gate.set(None);
                self.note_end(jobs.now_ms());
                state
            }
            Verdict::NotThere => {
                self.looked_up.borrow_mut().insert(index);
                if self.watched {
                    self.note_end(jobs.now_ms());
                    ItemState::Failed(Failure::of_code("not_done"))
                } else {
                    self.waiting_again()
                }
            }
            Verdict::Again { sent, err } => self.again(jobs, index, sent, &err),
            Verdict::SignedOut => {
                self.signed_out.set(true);
                // It stays as it is written down.
                return self.ring(jobs);
            }
        };
        self.set(index, state);
        self.cursor.set(self.cursor.get().min(index));
        self.ring(jobs);
    }

    /// Nothing was sent for it: it has its turn, unless the reader stopped the job meanwhile.
    fn waiting_again(&self) -> ItemState {
        if self.stopped.get() { ItemState::Skipped(Skip::Cancelled) } else { ItemState::Waiting }
    }

    /// An attempt led nowhere: the whole job waits, so that nothing storms a service that is in trouble.
    fn again(&self, jobs: &Shared, index: usize, sent: bool, err: &ApiError) -> ItemState {
        if one::is_held(err) {
            // That is no trouble of the service; nothing is begun until changes may be sent again.
            return self.waiting_again();
        }
        let tries = {
            let mut tries = self.tries.borrow_mut();
            let tries = tries.entry(index).or_default();
            *tries += 1;
            *tries
        };
        let is_its_own = matches!(err.kind, ErrorKind::Server | ErrorKind::Malformed)
            && !matches!(err.status, Some(502..=504));
        if is_its_own && tries >= TRIES && !sent {
            self.note_end(jobs.now_ms());
            return ItemState::Failed(Failure::of(one::code(err.kind), err));
        }
        let troubles = self.troubles.get();
        self.troubles.set(troubles.saturating_add(1));
        let backoff = FIRST_WAIT_MS.saturating_mul(1 << troubles.min(8)).min(LONGEST_WAIT_MS);
        let asked = err.retry_after_secs.unwrap_or(0).saturating_mul(1_000);
        let until_ms = jobs.now_ms() + f64::from(backoff.max(asked));
        let until = jobs.moment(until_ms);
        let why = match err.kind {
            ErrorKind::RateLimited => Some(Why::RateLimit { until }),
            ErrorKind::Offline => Some(Why::Offline),
            // The next call waits for the sign-in, unless there was one and the service refuses that, too.
            ErrorKind::Unauthorized { .. } if jobs.writes().authority.credential().is_none() => None,
            _ => Some(Why::Unreachable { until }),
        };
        if let Some(why) = why
            && self.gate.get().is_none_or(|it| it.until_ms < until_ms)
        {
            self.gate.set(Some(Gate { until_ms, why }));
        }
        if sent { ItemState::Sent } else { self.waiting_again() }
    }
}
