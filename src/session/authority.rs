use std::rc::Weak;

use futures_channel::oneshot;
use futures_util::future::{self, FutureExt as _, LocalBoxFuture};

use super::state::{Core, SessionState};
use crate::domain::{Secret, Timestamp};
use crate::http::{Authority, Cancelled};

/// The session as one host's calls see it: its token is theirs only while it was issued for that host, and
/// to the reader they were made for. A change planned by one reader must not be sent in the name of the next.
pub(super) struct HostAuthority {
    pub(super) core: Weak<Core>,
    pub(super) base_url: String,
    /// [`Core::readers`] at the time it was made.
    pub(super) reader: u64,
}

impl Authority for HostAuthority {
    fn bearer(&self) -> Option<Secret> {
        let core = self.core.upgrade()?;
        let active =
            core.with_state(|it| matches!(it, SessionState::Active(info) if self.is_for(info, &core)));
        if active { core.token.borrow().clone() } else { None }
    }

    fn rejected(&self, bearer_used: &Secret) {
        if let Some(core) = self.core.upgrade() {
            core.rejected(bearer_used);
        }
    }

    fn renewed(&self) -> LocalBoxFuture<'static, Result<(), Cancelled>> {
        let Some(core) = self.core.upgrade() else { return future::ready(Err(Cancelled)).boxed_local() };
        let wait = core.with_state(|it| match it {
            SessionState::Active(info) if self.is_for(info, &core) => Some(false),
            SessionState::Expired(info) if self.is_for(info, &core) => Some(true),
            _ => None,
        });
        match wait {
            None => future::ready(Err(Cancelled)).boxed_local(),
            Some(false) => future::ready(Ok(())).boxed_local(),
            Some(true) => {
                let (done, renewed) = oneshot::channel();
                core.waiting.borrow_mut().push((self.base_url.clone(), done));
                renewed.map(|it| it.map_err(|_| Cancelled)).boxed_local()
            }
        }
    }

    fn server_time(&self, now: Timestamp) {
        if let Some(core) = self.core.upgrade() {
            core.learn_time(now);
        }
    }
}

impl HostAuthority {
    fn is_for(&self, info: &super::Info, core: &Core) -> bool {
        info.connection.base_url == self.base_url && core.readers.get() == self.reader
    }
}
