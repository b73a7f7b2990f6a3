use std::rc::Weak;

use futures_channel::oneshot;
use futures_util::future::{self, FutureExt as _, LocalBoxFuture};

use super::claims;
use super::state::{Core, SessionState};
use crate::domain::Timestamp;
use crate::http::{Authority, Cancelled, Credential, Holder, Scheme};

/// A session as the calls of its connection see it: its credential is theirs only while the reader they
/// were made for is signed in. A change planned by one reader must not be sent in the name of the next.
pub(super) struct SessionAuthority {
    pub(super) core: Weak<Core>,
    /// [`Core::readers`] at the time it was made.
    pub(super) reader: u64,
}

impl Authority for SessionAuthority {
    fn credential(&self) -> Option<Credential> {
        let core = self.core.upgrade()?;
        let active = self.is_for(&core) && core.with_state(|it| matches!(it, SessionState::Active(_)));
        if active { core.credential.borrow().clone() } else { None }
    }

    fn rejected(&self, used: &Credential) {
        if let Some(core) = self.core.upgrade() {
            core.rejected(used);
        }
    }

    fn accepted(&self, used: &Credential) {
        if let Some(core) = self.core.upgrade() {
            core.accepted(used);
        }
    }

    fn renewed(&self) -> LocalBoxFuture<'static, Result<(), Cancelled>> {
        let never = || future::ready(Err(Cancelled)).boxed_local();
        let Some(core) = self.core.upgrade().filter(|it| self.is_for(it)) else { return never() };
        let wait = core.with_state(|it| match it {
            SessionState::Active(_) => Some(false),
            SessionState::Expired(_) => Some(true),
            SessionState::SignedOut => None,
        });
        match wait {
            None => never(),
            Some(false) => future::ready(Ok(())).boxed_local(),
            Some(true) => {
                let (done, renewed) = oneshot::channel();
                core.waiting.borrow_mut().push(done);
                renewed.map(|it| it.map_err(|_| Cancelled)).boxed_local()
            }
        }
    }

    fn may_write(&self) -> bool {
        self.core.upgrade().is_none_or(|it| !it.holds_writes.get())
    }

    fn may_only_read(&self) {
        if let Some(core) = self.core.upgrade().filter(|it| self.is_for(it)) {
            core.note_read_only();
        }
    }

    fn holder(&self) -> Holder {
        let claims = match self.credential() {
            Some(Credential::Bearer(token)) => claims::read(token.expose()),
            Some(Credential::Basic { .. }) | None => None,
        };
        claims.map(|it| Holder { user: it.user, tenant: it.tenant }).unwrap_or_default()
    }

    fn scheme(&self) -> Scheme {
        self.core.upgrade().map_or(Scheme::Bearer, |it| it.scheme.get())
    }

    fn server_time(&self, now: Timestamp) {
        if let Some(core) = self.core.upgrade() {
            core.learn_time(now);
        }
    }
}

impl SessionAuthority {
    fn is_for(&self, core: &Core) -> bool {
        core.readers.get() == self.reader
    }
}
