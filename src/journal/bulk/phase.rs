use crate::domain::Timestamp;

use super::ItemState;

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Items are on their way.
    Running,
    /// It goes on by itself once something comes.
    Waiting(Why),
    /// The reader holds it; nothing more is begun.
    Paused,
    /// The reader stopped it, and what was on its way is settled.
    Stopped,
    /// Every item has its end.
    Ended,
}

/// What a job waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Somebody has to sign in.
    SignIn,
    /// The browser has no network.
    Offline,
    /// The service asked to wait until then.
    RateLimit {
        /// By this computer's clock.
        until: Timestamp,
    },
    /// The service cannot be reached, or fails; it is asked again then.
    Unreachable {
        /// By this computer's clock.
        until: Timestamp,
    },
    /// Another tab of this browser runs it. This one takes it over when that one is closed.
    OtherTab,
    /// Nothing may be changed at the moment, says the page around the console.
    ReadOnly,
    /// The reader stopped it; what was sent is looked up first.
    Settling,
}

/// How many items of a job stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub all: usize,
    /// Nothing was sent yet.
    pub waiting: usize,
    /// On their way, or to be looked up.
    pub sent: usize,
    /// Done.
    pub done: usize,
    /// Failed.
    pub failed: usize,
    /// Nobody could find out.
    pub unknown: usize,
    /// Left out, for a reason.
    pub skipped: usize,
}

impl Counts {
    /// Items that have their end.
    #[must_use]
    pub fn settled(&self) -> usize {
        self.done + self.failed + self.unknown + self.skipped
    }

    pub(super) fn of(states: &[ItemState]) -> Self {
        let mut res = Self { all: states.len(), ..Self::default() };
        for state in states {
            let slot = match state {
                ItemState::Waiting => &mut res.waiting,
                ItemState::Sent => &mut res.sent,
                ItemState::Done { .. } => &mut res.done,
                ItemState::Failed(_) => &mut res.failed,
                ItemState::Unknown(_) => &mut res.unknown,
                ItemState::Skipped(_) => &mut res.skipped,
            };
            *slot += 1;
        }
        res
    }
}
