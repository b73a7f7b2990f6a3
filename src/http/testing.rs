//! A network that answers what the test says, a clock that moves when the test says, and a small world
//! around them. No test here waits for real time.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;
use futures_executor::{LocalPool, LocalSpawner};
use futures_util::future::{FutureExt as _, LocalBoxFuture};
use futures_util::task::LocalSpawnExt as _;

use super::transport::Answer;
use super::{Call, ResponseHeaders, Timer, Transport, TransportError};

/// An attempt the network saw.
pub(crate) struct Sent {
    pub(crate) call: Call,
    reply: Option<oneshot::Sender<Result<Answer, TransportError>>>,
}

impl Sent {
    /// Whether the caller still waits; an aborted fetch does not.
    pub(crate) fn is_aborted(&self) -> bool {
        self.reply.as_ref().is_some_and(oneshot::Sender::is_canceled)
    }

    pub(crate) fn authorization(&self) -> Option<&str> {
        self.call.authorization.as_ref().map(|it| it.expose())
    }

    pub(crate) fn bearer(&self) -> Option<&str> {
        self.authorization()?.strip_prefix("Bearer ")
    }
}

/// The network: attempts in the order they came, answered by their number.
#[derive(Default)]
pub(crate) struct Network(pub(crate) RefCell<Vec<Sent>>);

impl Network {
    pub(crate) fn count(&self) -> usize {
        self.0.borrow().len()
    }

    pub(crate) fn urls(&self) -> Vec<String> {
        self.0.borrow().iter().map(|it| it.call.url.clone()).collect()
    }

    /// Answers attempt `at`. An attempt that was aborted takes no answer.
    pub(crate) fn reply(&self, at: usize, answer: Result<Answer, TransportError>) {
        let reply = self.0.borrow_mut().get_mut(at).and_then(|it| it.reply.take());
        let reply = reply.expect("an attempt that waits for its answer");
        drop(reply.send(answer));
    }

    pub(crate) fn ok(&self, at: usize, text: &str) {
        self.reply(at, answer(200, &[], text));
    }
}

impl Transport for Network {
    fn send(&self, call: Call) -> LocalBoxFuture<'static, Result<Answer, TransportError>> {
        let (reply, answer) = oneshot::channel();
        self.0.borrow_mut().push(Sent { call, reply: Some(reply) });
        answer.map(|it| it.unwrap_or(Err(TransportError::Failed))).boxed_local()
    }
}

pub(crate) fn answer(status: u16, headers: &[(&str, &str)], text: &str) -> Result<Answer, TransportError> {
    let pairs = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Ok((status, ResponseHeaders::new(pairs), text.to_owned()))
}

/// A clock that stands still until it is moved.
#[derive(Default)]
pub(crate) struct FakeTimer {
    now_ms: Cell<u32>,
    sleepers: RefCell<Vec<(u32, oneshot::Sender<()>)>>,
}

impl FakeTimer {
    fn advance(&self, ms: u32) {
        self.now_ms.set(self.now_ms.get() + ms);
        let sleepers = self.sleepers.take();
        let (due, later) = sleepers.into_iter().partition(|(due, _)| *due <= self.now_ms.get());
        *self.sleepers.borrow_mut() = later;
        let mut due: Vec<_> = due;
        due.sort_by_key(|(due, _)| *due);
        for (_, wake) in due {
            wake.send(()).unwrap_or_default();
        }
    }
}

impl Timer for FakeTimer {
    fn now_ms(&self) -> f64 {
        f64::from(self.now_ms.get())
    }

    fn sleep(&self, ms: u32) -> LocalBoxFuture<'static, ()> {
        let (wake, woken) = oneshot::channel();
        self.sleepers.borrow_mut().push((self.now_ms.get() + ms, wake));
        woken.map(|_| ()).boxed_local()
    }

    fn random(&self) -> f64 {
        0.0
    }
}

/// A result that may not be there yet.
pub(crate) struct Pending<T>(Rc<RefCell<Option<T>>>);

impl<T> Pending<T> {
    pub(crate) fn is_ready(&self) -> bool {
        self.0.borrow().is_some()
    }

    pub(crate) fn take(&self) -> T {
        self.0.borrow_mut().take().expect("a result that is there")
    }
}

/// Network, clock and executor.
pub(crate) struct World {
    pool: LocalPool,
    spawner: LocalSpawner,
    pub(crate) network: Rc<Network>,
    pub(crate) timer: Rc<FakeTimer>,
}

impl World {
    pub(crate) fn new() -> Self {
        let pool = LocalPool::new();
        let spawner = pool.spawner();
        Self { pool, spawner, network: Rc::default(), timer: Rc::default() }
    }

    /// Starts `fut` and runs everything until nothing moves.
    pub(crate) fn start<T: 'static>(&mut self, fut: impl Future<Output = T> + 'static) -> Pending<T> {
        let slot = Rc::new(RefCell::new(None));
        let out = Rc::clone(&slot);
        self.spawner.spawn_local(async move { *out.borrow_mut() = Some(fut.await) }).expect("a running pool");
        self.settle();
        Pending(slot)
    }

    /// Starts futures here without the world at hand.
    pub(crate) fn spawner(&self) -> LocalSpawner {
        self.spawner.clone()
    }

    pub(crate) fn settle(&mut self) {
        self.pool.run_until_stalled();
    }

    /// Moves the clock and lets everything react.
    pub(crate) fn pass(&mut self, ms: u32) {
        self.timer.advance(ms);
        self.settle();
    }

    pub(crate) fn reply(&mut self, at: usize, answer: Result<Answer, TransportError>) {
        self.network.reply(at, answer);
        self.settle();
    }

    pub(crate) fn ok(&mut self, at: usize, text: &str) {
        self.network.ok(at, text);
        self.settle();
    }
}
