use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use futures_util::future::{FutureExt as _, LocalBoxFuture};

use crate::domain::Timestamp;
use crate::platform::{clock, idb, locks, net, tabs, task};

/// Where tabs tell each other of their jobs.
const CHANNEL: &str = "latchkey/journal";

/// Texts to put under their names; `None` takes one away. All of them are there afterwards, or none.
pub type Entries = Vec<(String, Option<String>)>;

/// The browser refused to keep or to give something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

/// Whether a job may be run here.
pub enum Hold {
    /// Yes, for as long as this lives.
    Held(Box<dyn Any>),
    /// Another tab runs it.
    Elsewhere,
    /// Nobody can say: this browser has no locks between tabs.
    NoLocks,
}

/// The other tabs of this browser.
pub trait Tabs {
    /// Says a word to them. They hear it soon, or never.
    fn tell(&self, word: &str);
}

/// What the journal needs from the world beside the service itself.
pub trait Keep {
    /// Writes; ready when it would survive a crash of the tab.
    fn write(&self, entries: Entries) -> LocalBoxFuture<'static, Result<(), Refused>>;
    /// Everything whose name begins so, in the order of the names.
    fn read(&self, prefix: &str) -> LocalBoxFuture<'static, Result<Vec<(String, String)>, Refused>>;
    /// Asks to be the only one who does `name`; with `wait`, until that is so.
    fn hold(&self, name: &str, wait: bool) -> LocalBoxFuture<'static, Hold>;
    /// Calls `heard` with what other tabs of this browser say, for as long as what comes back lives.
    fn tabs(&self, heard: Rc<dyn Fn(&str)>) -> Box<dyn Tabs>;
    /// The computer's wall clock.
    fn now(&self) -> Timestamp;
    /// Whether there is a network, as far as the browser knows.
    fn is_online(&self) -> bool;
    /// Starts work that outlives the screen it was asked from.
    fn spawn(&self, work: LocalBoxFuture<'static, ()>);
}

/// The browser: IndexedDB, Web Locks, a broadcast channel.
#[derive(Clone, Copy, Debug, Default)]
pub struct Browser;

impl Keep for Browser {
    fn write(&self, entries: Entries) -> LocalBoxFuture<'static, Result<(), Refused>> {
        async { idb::write(entries).await.map_err(|_| Refused) }.boxed_local()
    }

    fn read(&self, prefix: &str) -> LocalBoxFuture<'static, Result<Vec<(String, String)>, Refused>> {
        let prefix = prefix.to_owned();
        async move { idb::read(&prefix).await.map_err(|_| Refused) }.boxed_local()
    }

    fn hold(&self, name: &str, wait: bool) -> LocalBoxFuture<'static, Hold> {
        let name = name.to_owned();
        async move {
            match locks::hold(&name, wait).await {
                locks::Grant::Held(held) => Hold::Held(Box::new(held)),
                locks::Grant::Elsewhere => Hold::Elsewhere,
                locks::Grant::NoLocks => Hold::NoLocks,
            }
        }
        .boxed_local()
    }

    fn tabs(&self, heard: Rc<dyn Fn(&str)>) -> Box<dyn Tabs> {
        Box::new(tabs::Channel::open(CHANNEL, heard))
    }

    fn now(&self) -> Timestamp {
        clock::now()
    }

    fn is_online(&self) -> bool {
        net::is_online()
    }

    fn spawn(&self, work: LocalBoxFuture<'static, ()>) {
        task::spawn_detached(work);
    }
}

impl Tabs for tabs::Channel {
    fn tell(&self, word: &str) {
        self.tell(word);
    }
}

/// No other tabs.
struct Nobody;

impl Tabs for Nobody {
    fn tell(&self, _word: &str) {}
}

/// Memory of this tab alone: for journals that nobody keeps, and for tests.
#[derive(Clone, Default)]
pub struct Memory(Rc<RefCell<BTreeMap<String, String>>>);

impl Memory {
    /// Everything in it.
    #[must_use]
    pub fn all(&self) -> BTreeMap<String, String> {
        self.0.borrow().clone()
    }

    pub(super) fn put(&self, entries: Entries) {
        let mut map = self.0.borrow_mut();
        for (name, text) in entries {
            match text {
                Some(text) => drop(map.insert(name, text)),
                None => drop(map.remove(&name)),
            }
        }
    }

    pub(super) fn beginning(&self, prefix: &str) -> Vec<(String, String)> {
        let map = self.0.borrow();
        let from = map.range(prefix.to_owned()..).take_while(|(name, _)| name.starts_with(prefix));
        from.map(|(name, text)| (name.clone(), text.clone())).collect()
    }
}

impl Keep for Memory {
    fn write(&self, entries: Entries) -> LocalBoxFuture<'static, Result<(), Refused>> {
        self.put(entries);
        async { Ok(()) }.boxed_local()
    }

    fn read(&self, prefix: &str) -> LocalBoxFuture<'static, Result<Vec<(String, String)>, Refused>> {
        let res = self.beginning(prefix);
        async { Ok(res) }.boxed_local()
    }

    fn hold(&self, _name: &str, _wait: bool) -> LocalBoxFuture<'static, Hold> {
        // Nobody else sees this memory.
        async { Hold::Held(Box::new(())) }.boxed_local()
    }

    fn tabs(&self, _heard: Rc<dyn Fn(&str)>) -> Box<dyn Tabs> {
        Box::new(Nobody)
    }

    fn now(&self) -> Timestamp {
        clock::now()
    }

    fn is_online(&self) -> bool {
        net::is_online()
    }

    fn spawn(&self, work: LocalBoxFuture<'static, ()>) {
        task::spawn_detached(work);
    }
}
