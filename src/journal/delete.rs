use super::lookup::SETTLED_LOOKS;
use super::{Notice, Outcome, Step, Writes};
use crate::domain::{Ended, Key, KeyId};
use crate::http::ErrorKind;
use crate::platform::locks;
use crate::systems::ActionKind;

impl Writes {
    /// Deletes a key. A lost answer is looked up: a key that is gone was deleted.
    pub(super) async fn delete(&self, id: &KeyId, step: &dyn Fn(Step)) -> Outcome {
        locks::with_lock(&self.lock_name(&id.0), self.delete_locked(id, step)).await
    }

    async fn delete_locked(&self, id: &KeyId, step: &dyn Fn(Step)) -> Outcome {
        let sent = loop {
            if let Ok(sent) = self.send(step, &[], self.client.delete_key(id)).await {
                break sent;
            }
            step(Step::Checking);
            match self.look(id, step).await {
                Ok(None) => return gone(vec![Notice::AlreadySo]),
                Ok(Some(key)) if key.ended == Some(Ended::Revoked) => {
                    return revoked(key, vec![Notice::AlreadySo]);
                }
                Ok(Some(_)) => {}
                Err(err) => return Outcome::Refused(err),
            }
        };
        let lost = match sent {
            Ok(()) => return self.removed(id, step).await,
            Err(err) if err.outcome_unknown() => err,
            // It was there when the reader asked; somebody else was faster.
            Err(err) if err.kind == ErrorKind::NotFound => return gone(vec![Notice::AlreadySo]),
            Err(err) => return Outcome::Refused(err),
        };
        for look in 0..SETTLED_LOOKS {
            step(Step::LookingUp);
            self.pause_before_look(look).await;
            match self.look(id, step).await {
                Ok(None) => return gone(vec![Notice::LookedUp]),
                Ok(Some(key)) if key.ended == Some(Ended::Revoked) => {
                    return revoked(key, vec![Notice::LookedUp]);
                }
                Ok(Some(_)) => {}
                Err(err) => return Outcome::Abandoned(err),
            }
        }
        Outcome::NotDone(lost)
    }

    /// The service said yes. Where it may take a key back and keep it, a look tells which of the two it did.
    async fn removed(&self, id: &KeyId, step: &dyn Fn(Step)) -> Outcome {
        if !self.manifest().can(ActionKind::Revoke) {
            return gone(Vec::new());
        }
        step(Step::Reading);
        match self.look(id, step).await {
            Ok(None) => gone(Vec::new()),
            Ok(Some(key)) => revoked(key, Vec::new()),
            Err(_) => gone(vec![Notice::NotReadBack]),
        }
    }
}

fn revoked(key: Key, notices: Vec<Notice>) -> Outcome {
    Outcome::Done { key: Some(Box::new(key)), asked: Vec::new(), notices, raw: String::new() }
}

fn gone(notices: Vec<Notice>) -> Outcome {
    Outcome::Done { key: None, asked: Vec::new(), notices, raw: String::new() }
}
