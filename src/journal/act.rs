use super::lookup::SETTLED_LOOKS;
use super::{Notice, Outcome, Step, Writes};
use crate::domain::KeyId;
use crate::http::{Cancel, ErrorKind};
use crate::platform::locks;
use crate::systems::Act;

impl Writes {
    /// Carries out what a system can do beyond the usual changes: sent once, and looked up if its answer is lost.
    ///
    /// What has come about already is not asked for again.
    pub(super) async fn act(&self, act: &Act, step: &dyn Fn(Step)) -> Outcome {
        locks::with_lock(&self.lock_name(lock_of(act)), self.act_locked(act, step)).await
    }

    async fn act_locked(&self, act: &Act, step: &dyn Fn(Step)) -> Outcome {
        let sent = loop {
            step(Step::Checking);
            match self.client.has_happened(act, &Cancel::new()).await {
                Ok(true) => return done(vec![Notice::AlreadySo]),
                Ok(false) => {}
                Err(err) if err.kind == ErrorKind::NotFound => return Outcome::Gone,
                Err(err) => return Outcome::Refused(err),
            }
            if let Ok(sent) = self.send(step, &[], self.client.perform(act)).await {
                break sent;
            }
        };
        let lost = match sent {
            Ok(()) => None,
            Err(err) if err.outcome_unknown() => Some(err),
            Err(err) if err.kind == ErrorKind::NotFound => return Outcome::Gone,
            Err(err) => return Outcome::Refused(err),
        };
        // A service may take its time over what it said yes to.
        for look in 0..SETTLED_LOOKS {
            step(if lost.is_some() { Step::LookingUp } else { Step::Reading });
            if lost.is_some() || look > 0 {
                self.pause_before_look(look).await;
            }
            let look = async || self.client.has_happened(act, &Cancel::new()).await;
            match self.until_answered(step, look).await {
                Ok(true) if lost.is_some() => return done(vec![Notice::LookedUp]),
                Ok(true) => return done(Vec::new()),
                Ok(false) => {}
                Err(err) if err.kind == ErrorKind::NotFound => return Outcome::Gone,
                Err(err) => return Outcome::Abandoned(err),
            }
        }
        match lost {
            Some(lost) => Outcome::NotDone(lost),
            None => done(vec![Notice::NotYetSeen]),
        }
    }
}

/// The key that it changes, if it is one.
pub(super) fn key_of(act: &Act) -> Option<&KeyId> {
    match act {
        Act::RenameMember { key, .. } | Act::RemoveMember { key, .. } => Some(key),
        Act::MoveMembers { from, .. } => Some(from),
        Act::AddOffer { .. } | Act::SetSettings(_) => None,
    }
}

/// What must not be changed by two tabs at the same time.
fn lock_of(act: &Act) -> &str {
    match act {
        Act::RenameMember { key, .. } | Act::RemoveMember { key, .. } => &key.0,
        Act::MoveMembers { from, .. } => &from.0,
        Act::AddOffer { picker, .. } => picker.0,
        Act::SetSettings(_) => "settings",
    }
}

fn done(notices: Vec<Notice>) -> Outcome {
    Outcome::Done { key: None, asked: Vec::new(), notices, raw: String::new() }
}
