use std::rc::Rc;

use futures_util::future::LocalBoxFuture;

use crate::domain::{FieldId, Key, KeyId};
use crate::http::{ApiError, Authority, Cancel, Cancelled, ErrorKind, Timer};
use crate::systems::{Client, Manifest, Use, differences};

use super::Step;

/// The write was refused, and then somebody signed in: it starts over.
pub(super) struct SignedInAgain;

/// Hears of every call before it leaves, so that it can be written down first.
pub(super) trait Witness {
    /// A write is about to leave. It leaves once this is ready. `before` are the newest keys at that time, where a
    /// create is looked up by them.
    fn sending(&self, before: &[KeyId]) -> LocalBoxFuture<'static, ()>;
    /// Who else may have made a key that a create found by looking; `None` when another create did.
    fn rivals(&self, key: &Key) -> Option<Rivals>;
}

/// Other creates of which nobody knows yet what became of them, and that may have made the same key.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rivals {
    /// So many asked for something else: which of them it was counts.
    pub(super) unlike: usize,
    /// So many asked for the same: one of the keys is as good as another.
    pub(super) alike: usize,
}

/// Carries out single changes and knows what became of each; whoever writes them down stands behind [`Witness`].
#[derive(Clone)]
pub(super) struct Writes {
    pub(super) client: Client,
    pub(super) timer: Rc<dyn Timer>,
    pub(super) authority: Rc<dyn Authority>,
    /// Names this connection in locks, so that two tabs never change one key at the same time.
    pub(super) connection: Rc<str>,
    pub(super) witness: Option<Rc<dyn Witness>>,
}

impl Writes {
    /// The same, with someone who hears of every call before it leaves.
    pub(super) fn witnessed_by(&self, witness: Rc<dyn Witness>) -> Self {
        Self { witness: Some(witness), ..self.clone() }
    }

    /// What the system can do whose keys it changes.
    pub(super) fn manifest(&self) -> &'static Manifest {
        self.client.manifest()
    }

    /// The fields in which a key is another one than it was. Machines that enrol meanwhile are none: their count moves
    /// by itself. A title that nobody can give is made of names that are looked up, and differs when a look fails.
    pub(super) fn moved(&self, before: &Key, now: &Key) -> Vec<FieldId> {
        let manifest = self.manifest();
        let is_given = |it: FieldId| {
            let spec = manifest.field(it);
            it != FieldId::TITLE || spec.is_some_and(|it| it.create != Use::No || it.edit != Use::No)
        };
        let mut res = differences(manifest, before, now);
        res.retain(|it| *it != FieldId::USED && is_given(*it));
        res
    }

    /// The name of the lock that guards one key, or all creates.
    pub(super) fn lock_name(&self, what: &str) -> String {
        ["latchkey/", &self.connection, "/", what].concat()
    }

    /// Sends a write. When it is refused for the token's sake, it waits for the next sign-in and says so, and
    /// whoever sends starts over with its look: signing in may take a night, and the key is another one by then.
    pub(super) async fn send<T>(
        &self,
        step: &dyn Fn(Step),
        before: &[KeyId],
        call: impl Future<Output = Result<T, ApiError>>,
    ) -> Result<Result<T, ApiError>, SignedInAgain> {
        if let Some(witness) = &self.witness {
            witness.sending(before).await;
        }
        step(Step::Sending);
        let res = call.await;
        if let Err(err) = &res {
            if matches!(err.kind, ErrorKind::Unauthorized { .. }) {
                step(Step::SignInNeeded);
                if self.authority.renewed().await != Err(Cancelled) {
                    return Err(SignedInAgain);
                }
            } else if err.status.is_some() && (self.manifest().is_read_only)(err) {
                // What the service never saw says nothing about the credential.
                self.authority.may_only_read();
            }
        }
        Ok(res)
    }

    /// Reads a key as it stands now. Reads are retried by the HTTP layer.
    pub(super) async fn read(&self, id: &KeyId) -> Result<Key, ApiError> {
        self.client.get(id, &Cancel::new()).await
    }
}
