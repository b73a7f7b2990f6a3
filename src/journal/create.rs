use std::pin::pin;

use futures_util::future::{self, Either};

use super::lookup::SETTLED_LOOKS;
use super::writes::Rivals;
use super::{Notice, Outcome, SignedInAgain, Step, Writes};
use crate::domain::{Fields, Key, KeyId};
use crate::http::{ApiError, Cancel, ErrorKind, Method, Request};
use crate::platform::locks;
use crate::systems::{Created, SecretPolicy, can_be, compare};

/// The longest look after a refusal, in milliseconds.
const LOOK_MS: u32 = 10_000;

/// A key that can be the one, and who else may have made it.
type Found = Vec<(Key, Rivals)>;

/// How many of the newest keys are compared before and after a create.
const NEWEST: u64 = 50;

impl Writes {
    /// Creates a key.
    ///
    /// The newest keys are read first. If the answer is lost, they are read again: a key that was not
    /// there before and has what was asked for is the one (reference `qualys.md` has no idempotency key and
    /// no search by title). Creates from one browser run one after another, so that two can never be taken
    /// for each other. A key that another create is known to have made is never taken.
    ///
    /// `before` are the newest keys as they were before an earlier call for the same key, if there was one: the key
    /// of that call may have come late, and is then the one.
    pub(super) async fn create(
        &self,
        new: &Fields,
        before: Option<Vec<KeyId>>,
        step: &dyn Fn(Step),
    ) -> Outcome {
        locks::with_lock(&self.lock_name("create"), self.create_locked(new, before, step)).await
    }

    /// Looks for the key of an earlier call of which nobody knows whether it arrived: `Ok(None)` when it did not, as
    /// far as looking for a while can tell.
    ///
    /// # Errors
    /// A refusal of the look.
    pub(super) async fn look_up_created(
        &self,
        new: &Fields,
        before: &[KeyId],
        step: &dyn Fn(Step),
    ) -> Result<Option<Outcome>, ApiError> {
        // A key that comes of another create meanwhile would be taken for the one.
        locks::with_lock(&self.lock_name("create"), self.look_up_locked(new, before, step)).await
    }

    async fn look_up_locked(
        &self,
        new: &Fields,
        before: &[KeyId],
        step: &dyn Fn(Step),
    ) -> Result<Option<Outcome>, ApiError> {
        for look in 0..SETTLED_LOOKS {
            step(Step::LookingUp);
            let found = self.new_matches(new, before, step).await?;
            if let Some(outcome) = self.found(new, found, step).await {
                return Ok(Some(outcome));
            }
            self.pause_before_look(look).await;
        }
        Ok(None)
    }

    async fn create_locked(&self, new: &Fields, before: Option<Vec<KeyId>>, step: &dyn Fn(Step)) -> Outcome {
        step(Step::Checking);
        let before = match before {
            Some(before) => match self.one_look(new, &before, step).await {
                Ok(found) => match self.found(new, found, step).await {
                    Some(outcome) => return outcome,
                    None => before,
                },
                Err(err) => return Outcome::Refused(err),
            },
            // Without knowing what is there beforehand, a lost answer could not be looked up: nothing is sent.
            None => match self.client.newest(NEWEST, &Cancel::new()).await {
                Ok(keys) => keys.into_iter().map(|it| it.id).collect(),
                Err(err) => return Outcome::Refused(err),
            },
        };
        let sent = loop {
            match self.send(step, &before, self.client.create_key(new)).await {
                Ok(sent) => break sent,
                // What was there before the first call is not read anew: its key would count as an older one.
                Err(SignedInAgain) => match self.one_look(new, &before, step).await {
                    Ok(found) => {
                        if let Some(outcome) = self.found(new, found, step).await {
                            return outcome;
                        }
                    }
                    Err(err) => return Outcome::Refused(err),
                },
            }
        };
        match sent {
            Ok(created) => {
                let notices = self.doubles(new, &before, &created.key.id).await;
                self.created(new, created, notices, step).await
            }
            Err(err) if err.outcome_unknown() => self.find_created(new, &before, err, step).await,
            // A browser that loses a connection may repeat the call by itself. The second is then refused for the
            // title that the first one took, or for its rate, or since the account has no more keys left.
            Err(err) if err.sent => match self.one_look(new, &before, step).await {
                Ok(found) => self.found(new, found, step).await.unwrap_or(Outcome::Refused(err)),
                Err(_) => Outcome::Refused(err),
            },
            Err(err) => Outcome::Refused(err),
        }
    }

    /// New keys that can be the one, by one look that does not take long: a plain refusal stays one.
    async fn one_look(&self, new: &Fields, before: &[KeyId], step: &dyn Fn(Step)) -> Result<Found, ApiError> {
        step(Step::LookingUp);
        let cancel = Cancel::new();
        let look = pin!(self.client.newest(NEWEST, &cancel));
        match future::select(look, self.timer.sleep(LOOK_MS)).await {
            Either::Left((newest, _)) => Ok(self.matches(new, before, newest?)),
            Either::Right(_) => {
                let request = Request::read(Method::Get, "");
                Err(ApiError::without_answer(ErrorKind::TimedOut, &request, true))
            }
        }
    }

    /// Whether more than one key came of one call: a browser repeats a POST by itself when its connection
    /// dies without a byte of answer (seen in Chromium), and no page can keep it from doing so.
    async fn doubles(&self, new: &Fields, before: &[KeyId], made: &KeyId) -> Vec<Notice> {
        match self.client.newest(NEWEST, &Cancel::new()).await {
            Ok(newest) => {
                let mut found = self.matches(new, before, newest);
                found.retain(|(it, _)| it.id != *made);
                several(&found).into_iter().collect()
            }
            // The key is certain; that it is alone could not be checked.
            Err(_) => vec![Notice::NotReadBack],
        }
    }

    async fn new_matches(
        &self,
        new: &Fields,
        before: &[KeyId],
        step: &dyn Fn(Step),
    ) -> Result<Found, ApiError> {
        Ok(self.matches(new, before, self.look_at_newest(NEWEST, step).await?))
    }

    /// The outcome of a create whose key was found by looking; `None` when nothing was found.
    async fn found(&self, new: &Fields, mut found: Found, step: &dyn Fn(Step)) -> Option<Outcome> {
        // The one that the fewest others may have made: theirs may be among the rest.
        let at = found.iter().enumerate().min_by_key(|(_, (_, rivals))| *rivals).map(|(at, _)| at)?;
        let (key, rivals) = found.swap_remove(at);
        if rivals.unlike > 0 {
            let request = Request::read(Method::Get, "");
            return Some(Outcome::Abandoned(ApiError::without_answer(ErrorKind::Conflict, &request, true)));
        }
        let mut notices = vec![Notice::LookedUp];
        notices.extend(several(&found));
        if self.manifest().secret == SecretPolicy::Once {
            notices.push(Notice::SecretLost);
        }
        let created = Created { key, raw: String::new() };
        Some(self.created(new, created, notices, step).await)
    }

    /// The answer of a create may leave out what the key has (its tags), so the key is read once more.
    async fn created(
        &self,
        new: &Fields,
        created: Created,
        mut notices: Vec<Notice>,
        step: &dyn Fn(Step),
    ) -> Outcome {
        step(Step::Reading);
        let Created { mut key, raw } = created;
        match self.read(&key.id).await {
            // What is told only once stands in the answer to the create.
            Ok(read) => key = Key { value: read.value.or(key.value), ..read },
            Err(_) => notices.push(Notice::NotReadBack),
        }
        let asked = compare(self.manifest(), new, &key);
        Outcome::Done { key: Some(Box::new(key)), asked, notices, raw }
    }

    /// Keys that were not there before and can be the one that was asked for.
    fn matches(&self, new: &Fields, before: &[KeyId], newest: Vec<Key>) -> Found {
        let rivals = |it: &Key| match &self.witness {
            Some(witness) => witness.rivals(it),
            None => Some(Rivals::default()),
        };
        let can_be = |it: &Key| !before.contains(&it.id) && can_be(self.manifest(), new, it);
        newest.into_iter().filter(can_be).filter_map(|it| rivals(&it).map(|rivals| (it, rivals))).collect()
    }

    async fn find_created(
        &self,
        new: &Fields,
        before: &[KeyId],
        lost: ApiError,
        step: &dyn Fn(Step),
    ) -> Outcome {
        for look in 0..SETTLED_LOOKS {
            step(Step::LookingUp);
            self.pause_before_look(look).await;
            let found = match self.new_matches(new, before, step).await {
                Ok(keys) => keys,
                Err(err) => return Outcome::Abandoned(err),
            };
            if let Some(outcome) = self.found(new, found, step).await {
                return outcome;
            }
        }
        Outcome::NotDone(lost)
    }
}

/// What is said of keys beside the one that was taken: those that no other create may have made came of the same call.
fn several(rest: &[(Key, Rivals)]) -> Option<Notice> {
    let count = rest.iter().filter(|(_, rivals)| *rivals == Rivals::default()).count();
    (count > 0).then(|| Notice::SeveralMatch(count + 1))
}
