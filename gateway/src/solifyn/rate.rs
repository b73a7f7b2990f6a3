//! The count of Solifyn calls in a window. The vendor states no limit and no headers, so there is a switch for both.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::switches::SolifynSwitches;
use crate::switches::Bound;

/// The counter.
#[derive(Debug, Default)]
pub(crate) struct Rate {
    inner: Mutex<Option<(Instant, u32)>>,
}

impl Rate {
    /// Counts a call. A refused one does not count, and is told how many seconds to wait.
    pub(super) fn admit(&self, switches: &SolifynSwitches, now: Instant) -> Option<u64> {
        let Bound::At(most) = switches.solifyn_rate_limit else { return None };
        let window = Duration::from_secs(u64::from(switches.solifyn_rate_window));
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let current = inner.filter(|(start, _)| now.saturating_duration_since(*start) < window);
        let (start, used) = current.unwrap_or((now, 0));
        if used >= most {
            let left = window.saturating_sub(now.saturating_duration_since(start));
            return Some(left.as_secs() + u64::from(left.subsec_nanos() > 0));
        }
        *inner = Some((start, used + 1));
        None
    }

    /// Starts the window afresh.
    pub(crate) fn clear(&self) {
        *self.inner.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
