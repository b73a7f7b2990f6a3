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
}

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
    }

    /// Picks a key as it is seen.
    pub fn add(&mut self, key: &Key) {
        let seen = Key { value: None, ..key.clone() };
        self.picked.insert(key.id.clone(), Some(Box::new(seen)));
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
}
