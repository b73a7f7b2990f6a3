//! Looking at the server after an answer was lost, until it says what is there.

use super::{Step, Writes};
use crate::domain::{Key, KeyId};
use crate::http::{ApiError, Cancel, ErrorKind};

/// Pauses between looks, in milliseconds; the last repeats. A server may still be working on a call whose
/// answer was lost, so "it is not there" counts only after [`SETTLED_LOOKS`] of them.
const PAUSES_MS: [u32; 5] = [200, 500, 1_000, 2_000, 4_000];

/// A change that is still missing after so many looks, about four seconds, did not happen.
pub(super) const SETTLED_LOOKS: usize = 4;

impl Writes {
    /// Reads a key until the server answers. `Ok(None)` when it does not exist.
    ///
    /// # Errors
    /// A refusal: the reader may not see the key, or signed out.
    pub(super) async fn look(&self, id: &KeyId, step: &dyn Fn(Step)) -> Result<Option<Key>, ApiError> {
        self.until_answered(step, async || match self.client.get(id, &Cancel::new()).await {
            Ok(key) => Ok(Some(key)),
            Err(err) if err.kind == ErrorKind::NotFound => Ok(None),
            Err(err) => Err(err),
        })
        .await
    }

    /// Reads the newest keys until the server answers.
    pub(super) async fn look_at_newest(&self, count: u64, step: &dyn Fn(Step)) -> Result<Vec<Key>, ApiError> {
        self.until_answered(step, async || self.client.newest(count, &Cancel::new()).await).await
    }

    /// Waits before look number `look`, counted from 0.
    pub(super) async fn pause_before_look(&self, look: usize) {
        self.timer.sleep(pause_ms(look)).await;
    }

    pub(super) async fn until_answered<T>(
        &self,
        step: &dyn Fn(Step),
        ask: impl AsyncFn() -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let mut look = 0;
        loop {
            match ask().await {
                Err(err) if may_come_back(&err) => {
                    step(Step::WaitingToLookUp);
                    // Asking before the service allows it would only be refused again.
                    let asked_ms = err.retry_after_secs.unwrap_or(0).saturating_mul(1_000);
                    self.timer.sleep(pause_ms(look).max(asked_ms)).await;
                    look += 1;
                    step(Step::LookingUp);
                }
                res => return res,
            }
        }
    }
}

fn pause_ms(look: usize) -> u32 {
    PAUSES_MS.get(look).or(PAUSES_MS.last()).copied().unwrap_or(1_000)
}

/// Whether asking again later can help: the way to the server is down, or the server is.
fn may_come_back(err: &ApiError) -> bool {
    use ErrorKind::{Malformed, Network, Offline, RateLimited, Server, TimedOut};
    matches!(err.kind, Offline | Network | TimedOut | RateLimited | Server | Malformed)
}
