//! Every write goes through here, so that each has a known outcome: done, refused with the reason, or
//! looked up afterwards. Never "unknown", never twice.
//!
//! Architecture invariant: nothing else calls a system's write calls, and no write is ever sent again
//! without looking first.
//!
//! - A call that was **refused** (any 4xx) changed nothing, so it is reported. One that was refused for its sign-in
//!   starts over after the next one, with its first look.
//! - A call whose **answer was lost** may have been carried out. It is looked up until the server answers,
//!   whether that takes a second or a night offline.
//! - What is changed is **written down before it leaves** ([`bulk`]), one key or thousands, so that a tab that dies
//!   in the middle of it is told at the next start, and what it had sent is looked up.

mod act;
pub mod bulk;
mod create;
mod delete;
mod enable;
pub mod import;
mod lookup;
mod outcome;
#[cfg(test)]
mod tests;
mod update;
mod writes;

pub use self::outcome::{Notice, Outcome, Step};
pub use self::update::PlannedUpdate;

use std::rc::Rc;

use self::bulk::{Happened, Item, Jobs, Keep, Kind, Wanted, Whose};
use self::writes::{SignedInAgain, Writes};
use crate::domain::{FieldId, Fields, Key, KeyId};
use crate::http::{Authority, Timer};
use crate::systems::{Act, Client, Manifest};

/// Carries out changes and knows what became of each.
#[derive(Clone)]
pub struct Journal {
    writes: Writes,
    jobs: Jobs,
}

impl Journal {
    /// A journal for the connection named `connection`, of nobody in particular, that keeps what it does in memory.
    #[must_use]
    pub fn new(client: Client, timer: Rc<dyn Timer>, authority: Rc<dyn Authority>, connection: &str) -> Self {
        let keep: Rc<dyn Keep> = Rc::new(bulk::Memory::default());
        Self::kept_in(keep, client, timer, authority, Whose::new(connection, "", ""))
    }

    /// A journal that keeps what it does in `keep`, for one reader of one connection.
    #[must_use]
    pub fn kept_in(
        keep: Rc<dyn Keep>,
        client: Client,
        timer: Rc<dyn Timer>,
        authority: Rc<dyn Authority>,
        whose: Whose,
    ) -> Self {
        let connection = whose.connection.as_str().into();
        let writes = Writes { client, timer, authority, connection, witness: None };
        let jobs = Jobs::new(keep, writes.clone(), whose);
        Self { writes, jobs }
    }

    /// The journal of this tab for a reader of a connection, kept by the browser. What it runs goes on while its
    /// screens come and go, so that there is one a reader: `reader` tells those apart whose names are the same
    /// (`session::Info::reader`).
    #[must_use]
    pub fn of_tab(
        client: Client,
        timer: Rc<dyn Timer>,
        authority: Rc<dyn Authority>,
        whose: Whose,
        reader: u64,
    ) -> Self {
        let connection = whose.connection.as_str().into();
        let writes = Writes { client, timer, authority, connection, witness: None };
        let jobs = Jobs::of_tab(writes.clone(), whose, reader);
        Self { writes, jobs }
    }

    /// What the system can do whose keys it changes.
    #[must_use]
    pub fn manifest(&self) -> &'static Manifest {
        self.writes.manifest()
    }

    /// Changes to many keys, those under way and those that ended.
    #[must_use]
    pub fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// Creates a key; see `Writes::create`.
    pub async fn create(&self, new: &Fields, step: impl Fn(Step)) -> Outcome {
        let title = new.text(FieldId::TITLE).to_owned();
        let item = Item { before: None, title, wanted: Wanted::Created(new.clone()) };
        let single = self.jobs.single(Kind::Create, item).await;
        let outcome = single.writes(&self.writes).create(new, None, &step).await;
        single.end(&outcome).await;
        outcome
    }

    /// Changes a key; see `Writes::update`.
    pub async fn update(&self, plan: PlannedUpdate<'_>, step: impl Fn(Step)) -> Outcome {
        let (before, title) = (Some(plan.read.clone()), plan.read.title().to_owned());
        let item = Item { before, title, wanted: Wanted::Changed(plan.change.clone()) };
        let single = self.jobs.single(Kind::Change, item).await;
        let outcome = single.writes(&self.writes).update(plan, &step).await;
        single.end(&outcome).await;
        outcome
    }

    /// Brings a key into the wanted state; see `Writes::set_enabled`.
    pub async fn set_enabled(&self, id: &KeyId, enabled: bool, step: impl Fn(Step)) -> Outcome {
        let kind = if enabled { Kind::Enable } else { Kind::Disable };
        let single = self.jobs.single(kind, unseen(id, Wanted::Enabled(enabled))).await;
        let outcome = single.writes(&self.writes).set_enabled(id, enabled, &step).await;
        single.end(&outcome).await;
        outcome
    }

    /// Deletes a key; see `Writes::delete`.
    pub async fn delete(&self, id: &KeyId, step: impl Fn(Step)) -> Outcome {
        let single = self.jobs.single(Kind::Remove, unseen(id, Wanted::Removed)).await;
        let outcome = single.writes(&self.writes).delete(id, &step).await;
        single.end(&outcome).await;
        outcome
    }

    /// Carries out what a system can do beyond the usual changes; see `Writes::act`.
    pub async fn act(&self, act: &Act, step: impl Fn(Step)) -> Outcome {
        let outcome = self.writes.act(act, &step).await;
        if let (Outcome::Done { notices, .. }, Some(key)) = (&outcome, act::key_of(act))
            && !notices.contains(&Notice::AlreadySo)
        {
            self.jobs.happened(&Happened { kind: Kind::Change, key: Some(key.clone()), count: 1 });
        }
        outcome
    }
}

/// A change to a key of which the id alone is known.
fn unseen(id: &KeyId, wanted: Wanted) -> Item {
    Item { before: Some(Key::new(id.0.as_str())), title: id.0.clone(), wanted }
}
