use super::lookup::SETTLED_LOOKS;
use super::{Notice, Outcome, SignedInAgain, Step, Writes};
use crate::domain::{Key, KeyId};
use crate::http::{ApiError, ErrorKind};
use crate::platform::locks;

/// How often a flip that somebody else undid is put right before it is reported instead.
const ROUNDS: usize = 6;

/// The longest random pause between rounds, in milliseconds. Two consoles that collided must not collide
/// again in step.
const JITTER_MS: f64 = 600.0;

impl Writes {
    /// Brings a key into the wanted state, whatever flips it takes.
    ///
    /// One system's only call flips (reference `qualys.md`, 1.5), so it is sent only when a fresh reading shows the
    /// opposite, and the result is read; where a call sets the state, the same is right. In one browser a lock keeps two tabs apart. Two administrators
    /// in two browsers can still both flip; the reading afterwards shows it, and the flip is made good.
    pub(super) async fn set_enabled(&self, id: &KeyId, enabled: bool, step: &dyn Fn(Step)) -> Outcome {
        locks::with_lock(&self.lock_name(&id.0), self.set_enabled_locked(id, enabled, step)).await
    }

    async fn set_enabled_locked(&self, id: &KeyId, enabled: bool, step: &dyn Fn(Step)) -> Outcome {
        loop {
            if let Ok(outcome) = self.set_enabled_once(id, enabled, step).await {
                return outcome;
            }
        }
    }

    async fn set_enabled_once(
        &self,
        id: &KeyId,
        enabled: bool,
        step: &dyn Fn(Step),
    ) -> Result<Outcome, SignedInAgain> {
        step(Step::Checking);
        let now = match self.read(id).await {
            Ok(now) => now,
            Err(err) if err.kind == ErrorKind::NotFound => return Ok(Outcome::Gone),
            Err(err) => return Ok(Outcome::Refused(err)),
        };
        if now.disabled != enabled {
            return Ok(done(now, vec![Notice::AlreadySo]));
        }
        self.flip_until(id, enabled, now, step).await
    }

    /// Flips a key that is not as it is wanted, until it is.
    async fn flip_until(
        &self,
        id: &KeyId,
        enabled: bool,
        mut now: Key,
        step: &dyn Fn(Step),
    ) -> Result<Outcome, SignedInAgain> {
        let mut notices = Vec::new();
        for round in 0..ROUNDS {
            let flip = match self.flip(id, enabled, step).await? {
                Ok(flip) => flip,
                Err(outcome) => return Ok(outcome),
            };
            if flip.looked_up && !notices.contains(&Notice::LookedUp) {
                notices.push(Notice::LookedUp);
            }
            now = flip.key;
            if now.disabled != enabled {
                return Ok(done(now, notices));
            }
            if !notices.contains(&Notice::Contended) {
                notices.push(Notice::Contended);
            }
            // Somebody flipped at the same time. Whoever waits less looks again first, and the other
            // then finds the key as wanted.
            let spread =
                JITTER_MS * self.timer.random() * (1.0 + f64::from(u32::try_from(round).unwrap_or(0)));
            self.timer.sleep(spread as u32).await;
            now = match self.look(id, step).await {
                Ok(Some(key)) => key,
                Ok(None) => return Ok(Outcome::Gone),
                Err(err) => return Ok(Outcome::Abandoned(err)),
            };
            if now.disabled != enabled {
                return Ok(done(now, notices));
            }
        }
        Ok(Outcome::Moved { now: Box::new(now), fields: vec![crate::domain::FieldId::STATE] })
    }

    /// One flip and what it led to.
    async fn flip(
        &self,
        id: &KeyId,
        enabled: bool,
        step: &dyn Fn(Step),
    ) -> Result<Result<Flip, Outcome>, SignedInAgain> {
        Ok(match self.send(step, &[], self.client.switch_key(id, enabled)).await? {
            Ok(()) => {
                step(Step::Reading);
                self.look_once(id, step).await.map(|key| Flip { key, looked_up: false })
            }
            Err(err) if err.outcome_unknown() => self.find_flipped(id, enabled, err, step).await,
            Err(err) if err.kind == ErrorKind::NotFound => Err(Outcome::Gone),
            Err(err) => Err(Outcome::Refused(err)),
        })
    }

    /// After a lost answer the key still being as before proves nothing at once: the flip may be on its way.
    /// Flipping again then would end in the opposite, so the key is watched until it counts as settled.
    async fn find_flipped(
        &self,
        id: &KeyId,
        enabled: bool,
        lost: ApiError,
        step: &dyn Fn(Step),
    ) -> Result<Flip, Outcome> {
        for look in 0..SETTLED_LOOKS {
            step(Step::LookingUp);
            self.pause_before_look(look).await;
            let key = self.look_once(id, step).await?;
            if key.disabled != enabled {
                return Ok(Flip { key, looked_up: true });
            }
        }
        Err(Outcome::NotDone(lost))
    }

    async fn look_once(&self, id: &KeyId, step: &dyn Fn(Step)) -> Result<Key, Outcome> {
        match self.look(id, step).await {
            Ok(Some(key)) => Ok(key),
            Ok(None) => Err(Outcome::Gone),
            Err(err) => Err(Outcome::Abandoned(err)),
        }
    }
}

struct Flip {
    key: Key,
    looked_up: bool,
}

fn done(key: Key, notices: Vec<Notice>) -> Outcome {
    Outcome::Done { key: Some(Box::new(key)), asked: Vec::new(), notices, raw: String::new() }
}
