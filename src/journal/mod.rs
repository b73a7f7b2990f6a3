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

pub use self::outcome::{Notice, Outcome, Step};
pub use self::update::PlannedUpdate;

use std::rc::Rc;

use crate::http::{ApiError, Authority, Cancel, Cancelled, ErrorKind, Timer};
use crate::systems::{Client, Manifest};

/// The write was refused, and then somebody signed in: it starts over.
struct SignedInAgain;

/// Carries out changes, one at a time, and knows what became of each.
#[derive(Clone)]
pub struct Journal {
    client: Client,
    timer: Rc<dyn Timer>,
    authority: Rc<dyn Authority>,
    /// Names this connection in locks, so that two tabs never change one key at the same time.
    connection: Rc<str>,
}

impl Journal {
    /// A journal for the connection named `connection`.
    #[must_use]
    pub fn new(client: Client, timer: Rc<dyn Timer>, authority: Rc<dyn Authority>, connection: &str) -> Self {
        Self { client, timer, authority, connection: connection.into() }
    }

    /// What the system can do whose keys it changes.
    #[must_use]
    pub fn manifest(&self) -> &'static Manifest {
        self.client.manifest()
    }

    /// The name of the lock that guards one key, or all creates.
    fn lock_name(&self, what: &str) -> String {
        ["latchkey/", &self.connection, "/", what].concat()
    }

    /// Sends a write. When it is refused for the token's sake, it waits for the next sign-in and says so, and
    /// whoever sends starts over with its look: signing in may take a night, and the key is another one by then.
    async fn send<T>(
        &self,
        step: &dyn Fn(Step),
        call: impl Future<Output = Result<T, ApiError>>,
    ) -> Result<Result<T, ApiError>, SignedInAgain> {
        step(Step::Sending);
        let res = call.await;
        if let Err(err) = &res {
            if matches!(err.kind, ErrorKind::Unauthorized { .. }) {
                step(Step::SignInNeeded);
                if self.authority.renewed().await != Err(Cancelled) {
                    return Err(SignedInAgain);
                }
            } else if (self.manifest().is_read_only)(err) {
                self.authority.may_only_read();
            }
        }
        Ok(res)
    }

    /// Reads a key as it stands now. Reads are retried by the HTTP layer.
    async fn read(&self, id: &crate::domain::KeyId) -> Result<crate::domain::Key, ApiError> {
        self.client.get(id, &Cancel::new()).await
    }
}
