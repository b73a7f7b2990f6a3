use super::lookup::SETTLED_LOOKS;
use super::{Journal, Notice, Outcome, Step};
use crate::domain::KeyId;
use crate::http::ErrorKind;
use crate::platform::locks;

impl Journal {
    /// Deletes a key. A lost answer is looked up: a key that is gone was deleted.
    pub async fn delete(&self, id: &KeyId, step: impl Fn(Step)) -> Outcome {
        locks::with_lock(&self.lock_name(&id.0), self.delete_locked(id, &step)).await
    }

    async fn delete_locked(&self, id: &KeyId, step: &dyn Fn(Step)) -> Outcome {
        let lost = match self.send(step, || self.client.delete_key(id)).await {
            Ok(()) => return gone(Vec::new()),
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
                Ok(Some(_)) => {}
                Err(err) => return Outcome::Abandoned(err),
            }
        }
        Outcome::NotDone(lost)
    }
}

fn gone(notices: Vec<Notice>) -> Outcome {
    Outcome::Done { key: None, asked: Vec::new(), notices }
}
