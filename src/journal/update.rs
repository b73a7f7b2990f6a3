use super::lookup::SETTLED_LOOKS;
use super::{Notice, Outcome, Step, Writes};
use crate::domain::{FieldId, Fields, Key, KeyId};
use crate::http::ErrorKind;
use crate::platform::locks;
use crate::systems::{Change, FieldKind, Manifest, compare_change};

/// A change to a key, planned on a reading of it.
pub struct PlannedUpdate<'a> {
    /// The key as it was when the change was planned.
    pub read: &'a Key,
    /// What the key shall be, all fields.
    pub wanted: &'a Fields,
    /// The differences, as they will be sent.
    pub change: &'a Change,
}

impl Writes {
    /// Changes a key: reads it, stops if it is not what the change was planned on, sends the differences,
    /// reads it again.
    ///
    /// Machines enrolled meanwhile are no reason to stop: their count moves by itself.
    pub(super) async fn update(&self, plan: PlannedUpdate<'_>, step: &dyn Fn(Step)) -> Outcome {
        let lock = self.lock_name(&plan.read.id.0);
        locks::with_lock(&lock, self.update_locked(&plan, step)).await
    }

    async fn update_locked(&self, plan: &PlannedUpdate<'_>, step: &dyn Fn(Step)) -> Outcome {
        let id = &plan.read.id;
        let (now, sent) = loop {
            step(Step::Checking);
            let now = match self.read(id).await {
                Ok(now) => now,
                Err(err) if err.kind == ErrorKind::NotFound => return Outcome::Gone,
                Err(err) => return Outcome::Refused(err),
            };
            let fields = self.moved(plan.read, &now);
            if !fields.is_empty() {
                return Outcome::Moved { now: Box::new(now), fields };
            }
            if let Ok(sent) = self.send(step, &[], self.client.update_key(id, plan.change)).await {
                break (now, sent);
            }
        };
        match sent {
            Ok(()) => {
                step(Step::Reading);
                match self.look(id, step).await {
                    Ok(Some(key)) => self.updated(plan, key, Vec::new()),
                    Ok(None) => Outcome::Gone,
                    Err(_) => Outcome::Done {
                        key: None,
                        asked: Vec::new(),
                        notices: vec![Notice::NotReadBack],
                        raw: String::new(),
                    },
                }
            }
            Err(err) if err.outcome_unknown() => self.find_updated(plan, &now, id, err, step).await,
            Err(err) if err.kind == ErrorKind::NotFound => Outcome::Gone,
            Err(err) => Outcome::Refused(err),
        }
    }

    fn updated(&self, plan: &PlannedUpdate<'_>, key: Key, notices: Vec<Notice>) -> Outcome {
        let asked = compare_change(self.manifest(), plan.wanted, plan.change, &key);
        Outcome::Done { key: Some(Box::new(key)), asked, notices, raw: String::new() }
    }

    /// The change happened if any of what it asked for is there now.
    async fn find_updated(
        &self,
        plan: &PlannedUpdate<'_>,
        before: &Key,
        id: &KeyId,
        lost: crate::http::ApiError,
        step: &dyn Fn(Step),
    ) -> Outcome {
        let is_push = is_push_alone(self.manifest(), plan.change);
        for look in 0..SETTLED_LOOKS {
            step(Step::LookingUp);
            self.pause_before_look(look).await;
            let now = match self.look(id, step).await {
                Ok(Some(key)) => key,
                Ok(None) => return Outcome::Gone,
                Err(err) => return Outcome::Abandoned(err),
            };
            // Another change of the key says nothing about a push.
            let moved = !is_push && !self.moved(before, &now).is_empty();
            // What was asked for may be no setting, as a push to machines is none.
            let came = plan.change.0.iter().any(|(it, _)| now.fields.get(*it) != before.fields.get(*it));
            if moved || came {
                return self.updated(plan, now, vec![Notice::LookedUp]);
            }
        }
        // A push leaves nothing to see, so that not seeing it is no proof; and it must not be made twice unasked.
        if is_push { Outcome::Abandoned(lost) } else { Outcome::NotDone(lost) }
    }
}

/// Whether a change sets nothing that stays, and only reaches machines that are enrolled.
pub(super) fn is_push_alone(manifest: &Manifest, change: &Change) -> bool {
    let is_push = |it: FieldId| manifest.field(it).is_some_and(|it| matches!(it.kind, FieldKind::Push));
    change.0.iter().all(|(it, _)| is_push(*it))
}
