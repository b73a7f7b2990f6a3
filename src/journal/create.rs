use super::lookup::SETTLED_LOOKS;
use super::{Asked, Journal, Notice, Outcome, Step};
use crate::domain::{Field, Key, KeyId, Limit, NewKey};
use crate::http::{ApiError, Cancel, ErrorKind};
use crate::platform::locks;

/// How many of the newest keys are compared before and after a create.
const NEWEST: u64 = 50;

impl Journal {
    /// Creates a key.
    ///
    /// The newest keys are read first. If the answer is lost, they are read again: a key that was not
    /// there before and has what was asked for is the one (reference `qualys.md` has no idempotency key and
    /// no search by title). Creates from one browser run one after another, so that two can never be taken
    /// for each other.
    pub async fn create(&self, new: &NewKey, step: impl Fn(Step)) -> Outcome {
        locks::with_lock(&self.lock_name("create"), self.create_locked(new, &step)).await
    }

    async fn create_locked(&self, new: &NewKey, step: &dyn Fn(Step)) -> Outcome {
        step(Step::Checking);
        // Without knowing what is there beforehand, a lost answer could not be looked up: nothing is sent.
        let before: Vec<KeyId> = match self.client.newest(NEWEST, &Cancel::new()).await {
            Ok(keys) => keys.into_iter().map(|it| it.id).collect(),
            Err(err) => return Outcome::Refused(err),
        };
        match self.send(step, || self.client.create_key(new)).await {
            Ok(key) => {
                let notices = self.doubles(new, &before).await;
                self.created(new, key, notices, step).await
            }
            Err(err) if err.outcome_unknown() => self.find_created(new, &before, err, step).await,
            // A browser that loses a connection may repeat the call by itself; the second is then
            // refused for the title that the first one took.
            Err(err) if err.kind == ErrorKind::Conflict => match self.new_matches(new, &before, step).await {
                Ok(found) => self.found(new, found, step).await.unwrap_or(Outcome::Refused(err)),
                Err(_) => Outcome::Refused(err),
            },
            Err(err) => Outcome::Refused(err),
        }
    }

    /// Whether more than one key came of one call: a browser repeats a POST by itself when its connection
    /// dies without a byte of answer (seen in Chromium), and no page can keep it from doing so.
    async fn doubles(&self, new: &NewKey, before: &[KeyId]) -> Vec<Notice> {
        match self.client.newest(NEWEST, &Cancel::new()).await {
            Ok(newest) => {
                let count = matches(new, before, newest).len();
                if count > 1 { vec![Notice::SeveralMatch(count)] } else { Vec::new() }
            }
            // The key is certain; that it is alone could not be checked.
            Err(_) => vec![Notice::NotReadBack],
        }
    }

    async fn new_matches(
        &self,
        new: &NewKey,
        before: &[KeyId],
        step: &dyn Fn(Step),
    ) -> Result<Vec<Key>, ApiError> {
        Ok(matches(new, before, self.look_at_newest(NEWEST, step).await?))
    }

    /// The outcome of a create whose key was found by looking; `None` when nothing was found.
    async fn found(&self, new: &NewKey, mut found: Vec<Key>, step: &dyn Fn(Step)) -> Option<Outcome> {
        let count = found.len();
        if count == 0 {
            return None;
        }
        let mut notices = vec![Notice::LookedUp];
        if count > 1 {
            notices.push(Notice::SeveralMatch(count));
        }
        Some(self.created(new, found.swap_remove(0), notices, step).await)
    }

    /// The answer of a create may leave out what the key has (its tags), so the key is read once more.
    async fn created(
        &self,
        new: &NewKey,
        key: Key,
        mut notices: Vec<Notice>,
        step: &dyn Fn(Step),
    ) -> Outcome {
        step(Step::Reading);
        let key = match self.read(&key.id).await {
            Ok(read) => read,
            Err(_) => {
                notices.push(Notice::NotReadBack);
                key
            }
        };
        let asked = compare(new, &key, self.client.canonical_licence());
        Outcome::Done { key: Some(Box::new(key)), asked, notices }
    }

    async fn find_created(
        &self,
        new: &NewKey,
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

/// Keys that were not there before and can be the one that was asked for.
fn matches(new: &NewKey, before: &[KeyId], newest: Vec<Key>) -> Vec<Key> {
    newest.into_iter().filter(|it| !before.contains(&it.id) && is_asked(new, it)).collect()
}

/// Whether a new key can be the one that was asked for. Licences and tags are left out: the service
/// substitutes the first and does not tell the second in a list.
fn is_asked(new: &NewKey, key: &Key) -> bool {
    let limit = new.limit.map_or(Limit::Unlimited, Limit::Of);
    key.title.trim() == new.title && key.expires == new.expires && key.limit == limit
}

/// Where a key differs from what was asked for.
pub(super) fn compare(new: &NewKey, key: &Key, canonical: fn(&str) -> &str) -> Vec<Asked> {
    let mut res = Vec::new();
    let mut note = |field, asked: String, got: String| {
        if asked != got {
            res.push(Asked { field, asked, got });
        }
    };
    note(Field::Title, new.title.clone(), key.title.clone());
    if let (Some(asked), Some(got)) = (new.network, key.network) {
        note(Field::Network, asked.to_string(), got.to_string());
    }
    let day = |it: Option<crate::domain::Date>| it.map(|it| it.to_string()).unwrap_or_default();
    note(Field::Expires, day(new.expires), day(key.expires));
    let got_limit = match key.limit {
        Limit::Unlimited => String::new(),
        Limit::Of(limit) => limit.to_string(),
    };
    note(Field::Limit, new.limit.map(|it| it.to_string()).unwrap_or_default(), got_limit);
    let codes = |it: &[String]| {
        let mut res: Vec<&str> = it.iter().map(|it| canonical(it)).collect();
        res.sort_unstable();
        res.dedup();
        res.join(", ")
    };
    note(Field::Licences, codes(&new.licences), codes(&key.licences));
    if let Some(tags) = &key.tags {
        let numbers = |mut it: Vec<u64>| {
            it.sort_unstable();
            it.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
        };
        note(Field::Tags, numbers(new.tags.clone()), numbers(tags.iter().map(|it| it.id).collect()));
    }
    res
}
