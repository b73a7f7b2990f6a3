//! A tab of a browser that dies when it is told to, a store and locks that outlive it, and a way to the service on
//! which anything may happen.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::future::pending;
use std::rc::Rc;

use futures_channel::oneshot;
use futures_executor::LocalSpawner;
use futures_util::future::{FutureExt as _, LocalBoxFuture};
use futures_util::task::LocalSpawnExt as _;

use crate::domain::{Secret, Timestamp};
use crate::http::testing::{FakeTimer, World, answer};
use crate::http::{Answer, Authority, Call, Cancelled, Credential, Http, Timer, Transport, TransportError};
use crate::journal::Journal;
use crate::journal::bulk::{Entries, Hold, Job, Keep, Memory, Refused, Tabs, Whose};
use crate::systems::{Client, System};

/// What happens to one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It never arrives.
    DropBefore,
    /// It is carried out, and its answer is lost.
    DropAfter,
    /// It is carried out, and its answer ends early.
    Cut,
    /// This status, and nothing is done.
    Status(u16),
    /// This status with this text, and nothing is done.
    Says(u16, &'static str),
    /// 429 with a wait of so many seconds.
    Limited(u32),
    /// Nothing arrives any more until [`Tab::come_back`], this call included.
    Offline,
}

/// Hears what another tab says.
type Heard = Rc<dyn Fn(&str)>;

/// What outlives a tab: the disk of the browser, who holds which lock, and the service.
#[derive(Clone)]
pub(super) struct Machine {
    pub(super) disk: Memory,
    locks: Rc<RefCell<BTreeMap<String, Vec<oneshot::Sender<Hold>>>>>,
    /// Who listens in the tabs, by the number of the tab.
    ears: Rc<RefCell<BTreeMap<usize, Heard>>>,
    /// Tabs hear nothing of each other.
    pub(super) is_deaf: Rc<Cell<bool>>,
    pub(super) way: Rc<dyn Transport>,
    system: System,
    /// Every call that reached the way to the service, in all tabs.
    pub(super) calls: Rc<Cell<usize>>,
    /// Troubles by the number of the call.
    pub(super) troubles: Rc<RefCell<BTreeMap<usize, Trouble>>>,
    /// Milliseconds that each call takes.
    pub(super) latency_ms: Rc<Cell<u32>>,
    /// The disk takes nothing.
    pub(super) refuses: Rc<Cell<bool>>,
    /// The disk takes nothing, and tells what is on it.
    pub(super) takes_nothing: Rc<Cell<bool>>,
    /// The disk takes nothing once.
    pub(super) refuses_once: Rc<Cell<bool>>,
    /// How often the disk can still be read; `None` for always.
    pub(super) reads_left: Rc<Cell<Option<usize>>>,
    pub(super) user: Rc<RefCell<String>>,
    /// Where the connection leads.
    pub(super) address: Rc<RefCell<String>>,
}

impl Machine {
    pub(super) fn new(system: System, way: Rc<dyn Transport>) -> Self {
        Self {
            disk: Memory::default(),
            locks: Rc::default(),
            ears: Rc::default(),
            is_deaf: Rc::default(),
            way,
            system,
            calls: Rc::default(),
            troubles: Rc::default(),
            latency_ms: Rc::default(),
            refuses: Rc::default(),
            takes_nothing: Rc::default(),
            refuses_once: Rc::default(),
            reads_left: Rc::default(),
            user: Rc::new(RefCell::new("ada".to_owned())),
            address: Rc::new(RefCell::new("https://h/".to_owned())),
        }
    }

    pub(super) fn trouble(&self, call: usize, trouble: Trouble) {
        self.troubles.borrow_mut().insert(call, trouble);
    }

    /// A tab that dies at its effect number `dies_at`: a call or a write to the disk, before or after it is done.
    pub(super) fn tab(&self, dies_at: Option<usize>) -> Tab {
        let world = World::new();
        let life = Rc::new(Life { left: Cell::new(dies_at), dead: Cell::new(false) });
        let door = Rc::new(Door::default());
        let wire = Rc::new(Wire {
            machine: self.clone(),
            life: Rc::clone(&life),
            timer: Rc::clone(&world.timer),
            offline: Rc::default(),
        });
        let transport: Rc<dyn Transport> = Rc::clone(&wire) as Rc<dyn Transport>;
        let authority: Rc<dyn Authority> = Rc::clone(&door) as Rc<dyn Authority>;
        let timer: Rc<dyn Timer> = Rc::clone(&world.timer) as Rc<dyn Timer>;
        let http = Http::new("https://h/", transport, Rc::clone(&timer), Rc::clone(&authority));
        let client = Client::new(self.system, http);
        let keep = Rc::new(Disk {
            machine: self.clone(),
            life: Rc::clone(&life),
            offline: Rc::clone(&wire.offline),
            spawner: world.spawner(),
            held: RefCell::default(),
        });
        let whose = Whose::new("test", &self.user.borrow(), &self.address.borrow());
        let journal = Journal::kept_in(Rc::clone(&keep) as Rc<dyn Keep>, client, timer, authority, whose);
        Tab { world, life, door, wire, keep, journal }
    }
}

/// One tab with its own clock.
pub(super) struct Tab {
    pub(super) world: World,
    life: Rc<Life>,
    pub(super) door: Rc<Door>,
    wire: Rc<Wire>,
    keep: Rc<Disk>,
    pub(super) journal: Journal,
}

impl Tab {
    pub(super) fn is_dead(&self) -> bool {
        self.life.dead.get()
    }

    /// Reads what is kept and goes on with it.
    pub(super) fn open(&mut self) {
        let jobs = self.journal.jobs().clone();
        self.world.start(async move { jobs.open().await });
    }

    /// Holds a lock until what comes back is dropped.
    pub(super) fn hold(&mut self, name: &str) -> Hold {
        let held = self.keep.hold(name, false);
        self.world.start(held).take()
    }

    /// Hears a word as if another tab said it.
    pub(super) fn hear(&self, word: &str) {
        let ears = self.keep.machine.ears.borrow().clone();
        ears.values().for_each(|heard| heard(word));
    }

    pub(super) fn come_back(&self) {
        self.wire.offline.set(false);
    }

    /// Lets time go by until the job has its end, or this tab its own. Whoever has to sign in does, and the network
    /// comes back after a while.
    pub(super) fn run(&mut self, job: &Job) {
        for _ in 0..4_000 {
            if job.ended().is_some() || self.is_dead() {
                return;
            }
            self.world.pass(250);
            if self.door.is_closed() {
                self.door.sign_in();
            }
            self.come_back();
        }
        panic!("it never ended: {:?} {:?}", job.phase(), job.counts());
    }

    /// The tab is closed or crashes: nothing in it goes on, and its locks are free.
    pub(super) fn close(self) {
        self.life.dead.set(true);
        let names = self.keep.held.take();
        let machine = self.keep.machine.clone();
        // What ran in it goes first, so that nothing of it wakes up with the locks.
        drop(self);
        for name in names {
            release(&machine, &name);
        }
    }
}

struct Life {
    left: Cell<Option<usize>>,
    dead: Cell<bool>,
}

impl Life {
    /// One more effect; `false` when the tab is dead by now.
    fn goes_on(&self) -> bool {
        if self.dead.get() {
            return false;
        }
        match self.left.get() {
            Some(0) => {
                self.dead.set(true);
                false
            }
            Some(left) => {
                self.left.set(Some(left - 1));
                true
            }
            None => true,
        }
    }
}

struct Wire {
    machine: Machine,
    life: Rc<Life>,
    timer: Rc<FakeTimer>,
    offline: Rc<Cell<bool>>,
}

impl Transport for Wire {
    fn send(&self, call: Call) -> LocalBoxFuture<'static, Result<Answer, TransportError>> {
        if !self.life.goes_on() {
            return pending().boxed_local();
        }
        let number = self.machine.calls.get();
        self.machine.calls.set(number + 1);
        let trouble = self.machine.troubles.borrow_mut().remove(&number);
        if trouble == Some(Trouble::Offline) {
            self.offline.set(true);
        }
        let wait = self.timer.sleep(self.machine.latency_ms.get());
        let has_latency = self.machine.latency_ms.get() > 0;
        let after = async move {
            if has_latency {
                wait.await;
            }
        };
        let failed = if self.offline.get() { TransportError::Offline } else { TransportError::Failed };
        let instead = match trouble {
            _ if self.offline.get() => Some(Err(failed)),
            Some(Trouble::DropBefore) => Some(Err(failed)),
            Some(Trouble::Status(status)) => Some(answer(status, &[], r#"{"message":"no"}"#)),
            Some(Trouble::Says(status, text)) => {
                Some(answer(status, &[], &format!(r#"{{"message":"key {text} is busy"}}"#)))
            }
            Some(Trouble::Limited(secs)) => {
                Some(answer(429, &[("Retry-After", &secs.to_string())], r#"{"message":"slow down"}"#))
            }
            _ => None,
        };
        if let Some(instead) = instead {
            return async move {
                after.await;
                instead
            }
            .boxed_local();
        }
        // The service has done it by the end of this line.
        let sent = self.machine.way.send(call);
        if !self.life.goes_on() {
            return pending().boxed_local();
        }
        async move {
            after.await;
            let res = sent.await;
            match trouble {
                Some(Trouble::DropAfter) => Err(TransportError::Failed),
                Some(Trouble::Cut) => res.map(|(status, headers, text)| {
                    let half = text.floor_char_boundary(text.len() / 2);
                    (status, headers, text.chars().take(half).collect())
                }),
                _ => res,
            }
        }
        .boxed_local()
    }
}

/// A reader who signs in again when he is asked.
#[derive(Default)]
pub(super) struct Door {
    closed: Cell<bool>,
    gone: Cell<bool>,
    /// Nothing may be changed.
    pub(super) holds_writes: Cell<bool>,
    /// How often the service is said to let this reader read alone.
    pub(super) may_only_read: Cell<usize>,
    waiting: RefCell<Vec<oneshot::Sender<()>>>,
}

impl Door {
    pub(super) fn is_closed(&self) -> bool {
        self.closed.get()
    }

    pub(super) fn sign_in(&self) {
        self.closed.set(false);
        for it in self.waiting.take() {
            it.send(()).unwrap_or_default();
        }
    }

    pub(super) fn sign_out(&self) {
        self.closed.set(true);
        self.gone.set(true);
        self.waiting.take();
    }
}

impl Authority for Door {
    fn credential(&self) -> Option<Credential> {
        (!self.closed.get()).then(|| Credential::Bearer(Secret::new("canary-token-1234".to_owned())))
    }

    fn rejected(&self, _used: &Credential) {
        self.closed.set(true);
    }

    fn may_write(&self) -> bool {
        !self.holds_writes.get()
    }

    fn may_only_read(&self) {
        self.may_only_read.update(|it| it + 1);
    }

    fn renewed(&self) -> LocalBoxFuture<'static, Result<(), Cancelled>> {
        if self.gone.get() {
            return async { Err(Cancelled) }.boxed_local();
        }
        if !self.closed.get() {
            return async { Ok(()) }.boxed_local();
        }
        let (done, renewed) = oneshot::channel();
        self.waiting.borrow_mut().push(done);
        renewed.map(|it| it.map_err(|_| Cancelled)).boxed_local()
    }
}

/// The browser's store and locks as this tab sees them.
struct Disk {
    machine: Machine,
    life: Rc<Life>,
    offline: Rc<Cell<bool>>,
    spawner: LocalSpawner,
    held: RefCell<BTreeSet<String>>,
}

impl Keep for Disk {
    fn write(&self, entries: Entries) -> LocalBoxFuture<'static, Result<(), Refused>> {
        let is_full = self.machine.refuses.get() || self.machine.takes_nothing.get();
        if is_full || self.machine.refuses_once.take() {
            return async { Err(Refused) }.boxed_local();
        }
        if !self.life.goes_on() {
            return pending().boxed_local();
        }
        for id in entries.iter().filter_map(|(name, text)| text.as_ref().and(name.strip_suffix("\u{1}plan")))
        {
            let lock = ["latchkey/job/", id.rsplit('\u{1}').next().unwrap_or_default()].concat();
            let is_held = self.machine.locks.borrow().contains_key(&lock);
            assert!(is_held, "a tab that finds it now would run it, too");
        }
        self.machine.disk.put(entries);
        if !self.life.goes_on() {
            return pending().boxed_local();
        }
        async { Ok(()) }.boxed_local()
    }

    fn read(&self, prefix: &str) -> LocalBoxFuture<'static, Result<Vec<(String, String)>, Refused>> {
        if self.life.dead.get() {
            return pending().boxed_local();
        }
        let res = self.machine.disk.beginning(prefix);
        let left = self.machine.reads_left.get();
        self.machine.reads_left.set(left.map(|it| it.saturating_sub(1)));
        let refuses = self.machine.refuses.get() || left == Some(0);
        async move { if refuses { Err(Refused) } else { Ok(res) } }.boxed_local()
    }

    fn hold(&self, name: &str, wait: bool) -> LocalBoxFuture<'static, Hold> {
        let mut locks = self.machine.locks.borrow_mut();
        if let Some(queue) = locks.get_mut(name) {
            if !wait {
                return async { Hold::Elsewhere }.boxed_local();
            }
            let (turn, mine) = oneshot::channel();
            queue.push(turn);
            return mine.map(|it| it.unwrap_or(Hold::NoLocks)).boxed_local();
        }
        locks.insert(name.to_owned(), Vec::new());
        self.held.borrow_mut().insert(name.to_owned());
        let lock = Lock { machine: self.machine.clone(), name: name.to_owned(), life: Rc::clone(&self.life) };
        async { Hold::Held(Box::new(lock)) }.boxed_local()
    }

    fn tabs(&self, heard: Heard) -> Box<dyn Tabs> {
        let mut ears = self.machine.ears.borrow_mut();
        let number = ears.last_key_value().map_or(0, |(it, _)| it + 1);
        ears.insert(number, heard);
        Box::new(Mouth { machine: self.machine.clone(), life: Rc::clone(&self.life), number })
    }

    fn now(&self) -> Timestamp {
        Timestamp(1_800_000_000_000)
    }

    fn is_online(&self) -> bool {
        !self.offline.get()
    }

    fn spawn(&self, work: LocalBoxFuture<'static, ()>) {
        self.spawner.spawn_local(work).unwrap_or_else(|err| panic!("{err}"));
    }
}

struct Mouth {
    machine: Machine,
    life: Rc<Life>,
    number: usize,
}

impl Tabs for Mouth {
    fn tell(&self, word: &str) {
        if self.life.dead.get() || self.machine.is_deaf.get() {
            return;
        }
        let ears = self.machine.ears.borrow().clone();
        ears.iter().filter(|(it, _)| **it != self.number).for_each(|(_, heard)| heard(word));
    }
}

impl Drop for Mouth {
    fn drop(&mut self) {
        self.machine.ears.borrow_mut().remove(&self.number);
    }
}

struct Lock {
    machine: Machine,
    name: String,
    life: Rc<Life>,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The browser gives back what a dead tab held: see `Tab::close`.
        if !self.life.dead.get() {
            release(&self.machine, &self.name);
        }
    }
}

fn release(machine: &Machine, name: &str) {
    let queue = machine.locks.borrow_mut().remove(name).unwrap_or_default();
    let mut queue = queue.into_iter();
    while let Some(next) = queue.next() {
        if !next.is_canceled() {
            let life = Rc::new(Life { left: Cell::new(None), dead: Cell::new(false) });
            let lock = Lock { machine: machine.clone(), name: name.to_owned(), life };
            machine.locks.borrow_mut().insert(name.to_owned(), queue.collect());
            drop(next.send(Hold::Held(Box::new(lock))));
            return;
        }
    }
}
