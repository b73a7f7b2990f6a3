use std::collections::BTreeMap;

use super::key::{Key, KeyId};

/// Keys that somebody picked, over all pages of a list, in the order of their ids.
///
/// A key that was picked from a row that was on the screen is kept as the reader saw it, without its value. Of keys
/// that were picked unseen ("all matching") the id alone is kept.
#[derive(Clone, Default)]
pub struct Selection {
    picked: BTreeMap<KeyId, Option<Box<Key>>>,
    /// Where the last single pick was: a range goes from here.
    anchor: Option<KeyId>,
    /// What the last range picked. A further one from the same place takes its place.
    range: Vec<KeyId>,
}

/// Keys of a range that are kept as they are seen; of further ones the id alone is, so that a range over all rows of a
/// large account stays small.
const SEEN: usize = 2_000;

impl Selection {
    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.picked.len()
    }

    /// Whether none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.picked.is_empty()
    }

    /// Whether a key is among them.
    #[must_use]
    pub fn has(&self, id: &KeyId) -> bool {
        self.picked.contains_key(id)
    }

    /// Where a range would start.
    #[must_use]
    pub fn anchor(&self) -> Option<&KeyId> {
        self.anchor.as_ref()
    }

    /// Picks a key, or drops it again. The next range starts here.
    pub fn toggle(&mut self, key: &Key) {
        if self.picked.remove(&key.id).is_none() {
            self.add(key);
        }
        self.anchor = Some(key.id.clone());
        self.range.clear();
    }

    /// Picks all keys of a range. Those that the range before it picked and this one does not are dropped, as long as
    /// both go from the same place: so a range grows and shrinks.
    pub fn extend(&mut self, from: &KeyId, keys: impl Iterator<Item = Key>) {
        let before = match self.anchor.as_ref() == Some(from) {
            true => std::mem::take(&mut self.range),
            false => Vec::new(),
        };
        for id in before {
            self.remove(&id);
        }
        self.anchor = Some(from.clone());
        self.range.clear();
        for key in keys {
            if self.has(&key.id) {
                continue;
            }
            self.range.push(key.id.clone());
            if self.range.len() <= SEEN {
                self.add(&key);
            } else {
                self.add_unseen(key.id);
            }
        }
    }

    /// Picks a key as it is seen.
    pub fn add(&mut self, key: &Key) {
        let seen = Key { value: None, ..key.clone() };
        self.picked.insert(key.id.clone(), Some(Box::new(seen)));
    }

    /// Picks many. Of very many the first are kept as they are seen, of the others the id.
    pub fn add_all(&mut self, keys: impl Iterator<Item = Key>) {
        for (idx, key) in keys.enumerate() {
            if idx < SEEN {
                self.add(&key);
            } else {
                self.add_unseen(key.id);
            }
        }
        self.range.clear();
    }

    /// Picks a key of which the id alone is known.
    pub fn add_unseen(&mut self, id: KeyId) {
        self.picked.entry(id).or_default();
    }

    /// Drops a key.
    pub fn remove(&mut self, id: &KeyId) {
        self.picked.remove(id);
    }

    /// Drops all.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// All of them: the id, and the key as it was seen.
    pub fn iter(&self) -> impl Iterator<Item = (&KeyId, Option<&Key>)> {
        self.picked.iter().map(|(id, key)| (id, key.as_deref()))
    }

    /// How many are not among `visible`.
    #[must_use]
    pub fn out_of_view<'a>(&self, visible: impl Iterator<Item = &'a KeyId>) -> usize {
        let seen = visible.filter(|it| self.has(it)).count();
        self.len().saturating_sub(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Secret;

    #[test]
    fn a_pick_keeps_what_was_seen_and_never_the_value() {
        let mut key = Key::new("7");
        key.value = Some(Secret::new("12ba12bc-effd-12e3-1234-12345ac12345".to_owned()));
        let mut picked = Selection::default();
        picked.toggle(&key);
        picked.add_unseen(KeyId("7".to_owned()));
        picked.add_unseen(KeyId("8".to_owned()));
        assert!(picked.iter().all(|(_, key)| key.is_none_or(|it| it.value.is_none())));
        assert_eq!(picked.iter().filter(|(_, key)| key.is_some()).count(), 1);
        assert_eq!(picked.out_of_view([&key.id].into_iter()), 1);
        assert_eq!(picked.anchor(), Some(&key.id));
        picked.toggle(&key);
        assert_eq!((picked.len(), picked.has(&key.id)), (1, false));
    }

    #[test]
    fn a_range_grows_and_shrinks_and_leaves_other_picks_alone() {
        let key = |id: usize| Key::new(id.to_string());
        let ids = |it: &Selection| it.iter().map(|(id, _)| id.0.clone()).collect::<Vec<_>>();
        let mut picked = Selection::default();
        picked.toggle(&key(9));
        picked.toggle(&key(3));
        let anchor = key(3).id;
        picked.extend(&anchor, (3..=6).map(key));
        assert_eq!(ids(&picked), ["3", "4", "5", "6", "9"]);
        picked.extend(&anchor, (3..=4).map(key));
        assert_eq!(ids(&picked), ["3", "4", "9"]);
        picked.extend(&anchor, (1..=3).map(key));
        assert_eq!(ids(&picked), ["1", "2", "3", "9"]);
        // After a single pick the next range starts anew.
        picked.toggle(&key(7));
        picked.extend(&key(7).id, (7..=8).map(key));
        assert_eq!(ids(&picked), ["1", "2", "3", "7", "8", "9"]);
    }

    #[test]
    fn of_a_long_range_the_first_keys_alone_are_kept_as_they_were_seen() {
        let key = |id: usize| Key::new(id.to_string());
        let mut picked = Selection::default();
        picked.extend(&key(0).id, (0..5_000).map(key));
        assert_eq!(picked.len(), 5_000);
        assert_eq!(picked.iter().filter(|(_, key)| key.is_some()).count(), SEEN);
    }
}
