//! What the tests of all systems share: a service that is a function, a journal over it, and the faults that each
//! write has to stand.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::future::{FutureExt as _, LocalBoxFuture};

use super::{Client, System};
use crate::http::testing::{World, answer};
use crate::http::{Call, Http, Method, ResponseHeaders, Transport, TransportError};
use crate::journal::{Journal, Outcome};
use crate::systems::qualys_gateway::fixtures::Anybody;

/// What a service answers: status and body.
pub(crate) type Reply = (u16, String);

/// What happens to one write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It never arrives.
    DropBefore,
    /// It is carried out and its answer is lost.
    DropAfter,
    /// This status, and nothing done.
    Status(u16),
}

/// A service that answers by a function over its own state.
pub(crate) struct Service<S> {
    pub(crate) state: RefCell<S>,
    /// Every call that arrived: method, path below the base, body.
    pub(crate) log: RefCell<Vec<String>>,
    /// Faults for the next writes, first one first. A write is what `is_write` says.
    pub(crate) faults: RefCell<Vec<Fault>>,
    is_write: fn(Method, &str) -> bool,
    handle: fn(&mut S, Method, &str, &str) -> Reply,
}

/// The base of all addresses here.
pub(crate) const BASE: &str = "https://h/";

impl<S: 'static> Service<S> {
    pub(crate) fn new(
        state: S,
        is_write: fn(Method, &str) -> bool,
        handle: fn(&mut S, Method, &str, &str) -> Reply,
    ) -> Rc<Self> {
        let (log, faults) = (RefCell::default(), RefCell::default());
        Rc::new(Self { state: RefCell::new(state), log, faults, is_write, handle })
    }

    /// A client of this service.
    pub(crate) fn client(self: &Rc<Self>, system: System, world: &World) -> Client {
        let transport = Rc::new(Wire(Rc::clone(self)));
        Client::new(system, Http::new(BASE, transport, world.timer.clone(), Rc::new(Anybody)))
    }

    /// The way to this service, for those who put something in it.
    pub(crate) fn transport(self: &Rc<Self>) -> Rc<dyn Transport> {
        Rc::new(Wire(Rc::clone(self)))
    }

    /// The writes that arrived.
    pub(crate) fn writes(&self) -> usize {
        let log = self.log.borrow();
        log.iter().filter(|it| it.starts_with('!')).count()
    }

    fn answer(&self, call: &Call) -> Result<(u16, ResponseHeaders, String), TransportError> {
        let path = call.url.strip_prefix(BASE).unwrap_or(&call.url);
        let body = call.body.as_deref().unwrap_or_default();
        let is_write = (self.is_write)(call.method, path);
        let fault = if is_write && !self.faults.borrow().is_empty() {
            Some(self.faults.borrow_mut().remove(0))
        } else {
            None
        };
        match fault {
            Some(Fault::DropBefore) => return Err(TransportError::Failed),
            Some(Fault::Status(status)) => return answer(status, &[], r#"{"message":"no"}"#),
            _ => {}
        }
        let mark = if is_write { "!" } else { "" };
        self.log.borrow_mut().push(format!("{mark}{} {path} {body}", call.method.name()));
        let (status, text) = (self.handle)(&mut self.state.borrow_mut(), call.method, path, body);
        match fault {
            Some(Fault::DropAfter) => Err(TransportError::Failed),
            _ => answer(status, &[], &text),
        }
    }
}

struct Wire<S>(Rc<Service<S>>);

impl<S: 'static> Transport for Wire<S> {
    fn send(
        &self,
        call: Call,
    ) -> LocalBoxFuture<'static, Result<(u16, ResponseHeaders, String), TransportError>> {
        let res = self.0.answer(&call);
        async move { res }.boxed_local()
    }
}

/// A world with a service, its client and its journal.
pub(crate) struct Scene<S> {
    pub(crate) world: World,
    pub(crate) service: Rc<Service<S>>,
    pub(crate) client: Client,
    pub(crate) journal: Journal,
}

impl<S: 'static> Scene<S> {
    pub(crate) fn new(system: System, service: Rc<Service<S>>) -> Self {
        let world = World::new();
        let client = service.client(system, &world);
        let journal = Journal::new(client.clone(), world.timer.clone(), Rc::new(Anybody), "test");
        Self { world, service, client, journal }
    }

    pub(crate) fn fault(&self, fault: Fault) {
        self.service.faults.borrow_mut().push(fault);
    }

    /// Runs something to its end, moving the clock whenever it waits.
    pub(crate) fn run<T: 'static>(&mut self, fut: impl Future<Output = T> + 'static) -> T {
        let res = self.world.start(fut);
        for _ in 0..400 {
            if res.is_ready() {
                return res.take();
            }
            self.world.pass(1_000);
        }
        panic!("it never ended");
    }

    /// The same for a write, with its outcome in one word: how it ended, and how many writes arrived.
    pub(crate) fn write(&mut self, fut: impl Future<Output = Outcome> + 'static) -> (&'static str, usize) {
        let before = self.service.writes();
        let outcome = self.run(fut);
        (word(&outcome), self.service.writes() - before)
    }
}

/// How a write ended, in one word.
pub(crate) fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Done { .. } => "done",
        Outcome::NotDone(_) => "not done",
        Outcome::Refused(_) => "refused",
        Outcome::Moved { .. } => "moved",
        Outcome::Gone => "gone",
        Outcome::Abandoned(_) => "abandoned",
    }
}
