//! The two tiers of calls a minute, measured over five minutes (reference, section 4).

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::Method;

use super::switches::QlikSwitches;
use crate::switches::Bound;

/// The counters. They live in memory: a restart lifts every limit.
#[derive(Debug, Default)]
pub(super) struct Limits {
    inner: Mutex<HashMap<(Tier, Who), Counter>>,
}

/// Reading calls and writing calls are counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Tier {
    /// GET.
    One,
    /// POST, PATCH, DELETE.
    Two,
}

/// Who a counter counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Who {
    User(String),
    WholeTenant,
}

#[derive(Debug, Default)]
struct Counter {
    /// When each counted call of the window came, in milliseconds, oldest first.
    calls: VecDeque<i64>,
    blocked_until: i64,
}

/// What the counters say of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verdict {
    /// The calls a window takes.
    pub(super) budget: u64,
    /// The calls left in it.
    pub(super) remaining: u64,
    /// Seconds until the oldest call leaves the window.
    pub(super) reset: i64,
    /// Seconds to wait, when the call is refused.
    pub(super) wait: Option<i64>,
}

impl Tier {
    /// The tier of a method.
    #[must_use]
    pub(super) fn of(method: &Method) -> Self {
        if matches!(*method, Method::GET | Method::HEAD) { Self::One } else { Self::Two }
    }
}

impl Limits {
    /// Counts a user's call at a time in milliseconds. A refused call does not count.
    ///
    /// The whole tenant may make as many calls as its users together, halved.
    pub(super) fn admit(
        &self,
        tier: Tier,
        user: &str,
        users: u64,
        switches: &QlikSwitches,
        now: i64,
    ) -> Verdict {
        let window = i64::from(switches.qlik_rate_window).saturating_mul(1_000);
        let a_minute = match tier {
            Tier::One => switches.qlik_tier_1,
            Tier::Two => switches.qlik_tier_2,
        };
        let budget = (u64::from(a_minute) * u64::from(switches.qlik_rate_window) / 60).max(1);
        let mut inner = self.lock();
        let places = [
            ((tier, Who::User(user.to_owned())), budget),
            ((tier, Who::WholeTenant), budget.saturating_mul(users).div_ceil(2).max(1)),
        ];
        let wait = places.iter().filter_map(|(place, most)| {
            let counter = inner.entry(place.clone()).or_default();
            counter.wait(*most, window, switches.qlik_retry_after, now)
        });
        let wait = wait.max();
        if wait.is_none() {
            for (place, _) in &places {
                inner.entry(place.clone()).or_default().calls.push_back(now);
            }
        }
        let calls = inner.get(&(tier, Who::User(user.to_owned()))).map(|counter| &counter.calls);
        let used = calls.map_or(0, VecDeque::len) as u64;
        let oldest = calls.and_then(VecDeque::front).copied().unwrap_or(now);
        Verdict {
            budget,
            remaining: if wait.is_some() { 0 } else { budget.saturating_sub(used) },
            reset: wait.unwrap_or_else(|| seconds(oldest + window - now)),
            wait,
        }
    }

    /// Forgets all calls and lifts all blocks.
    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(Tier, Who), Counter>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counter {
    /// Seconds to wait when the window is full. Once it is, the tier stays blocked until that time has passed.
    fn wait(&mut self, most: u64, window: i64, fixed: Bound, now: i64) -> Option<i64> {
        while self.calls.front().is_some_and(|&call| call + window <= now) {
            self.calls.pop_front();
        }
        if self.blocked_until > now {
            return Some(seconds(self.blocked_until - now));
        }
        if self.blocked_until != 0 {
            // The block has been sat out, so the tier is open again.
            self.blocked_until = 0;
            self.calls.clear();
        }
        if (self.calls.len() as u64) < most {
            return None;
        }
        let wait = match fixed {
            Bound::At(wait) => i64::from(wait),
            Bound::Off => seconds(self.calls.front().map_or(window, |oldest| oldest + window - now)),
        };
        self.blocked_until = now + wait * 1_000;
        Some(wait)
    }
}

fn seconds(millis: i64) -> i64 {
    millis.max(1).saturating_add(999) / 1_000
}
