//! Two readings of the same rows, compared.

use std::collections::{BTreeMap, BTreeSet};

use super::reading::Reading;
use crate::domain::{FieldId, KeyId, Timestamp};
use crate::features::key_text::title_or_placeholder;
use crate::platform::clock;
use crate::systems::{Manifest, differences};

/// Rows that are compared between two breaths of the browser.
const SLICE: usize = 400;

/// What a later reading tells that an earlier one did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// When the earlier one was read.
    pub(super) since: Timestamp,
    /// The rows are all keys there are: what came is new, and what is missing is gone. Otherwise rows may have come
    /// from another page, or fit the query only now.
    pub(super) is_all: bool,
    /// Rows that were not there.
    pub(super) new: BTreeSet<KeyId>,
    /// Rows that tell something else, with the fields.
    pub(super) changed: BTreeMap<KeyId, Vec<FieldId>>,
    /// Rows that are not there any more, with their titles.
    pub(super) gone: BTreeMap<KeyId, String>,
}

impl Difference {
    /// Nothing changed.
    pub(super) fn none(since: Timestamp, is_all: bool) -> Self {
        let (new, changed, gone) = (BTreeSet::new(), BTreeMap::new(), BTreeMap::new());
        Self { since, is_all, new, changed, gone }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.new.is_empty() && self.changed.is_empty() && self.gone.is_empty()
    }

    /// What both tell together: this one, and what was found before it.
    pub(super) fn after(mut self, before: Self) -> Self {
        if before.is_empty() {
            return self;
        }
        self.since = before.since;
        self.is_all &= before.is_all;
        for id in before.new {
            // What came and went again is neither.
            if self.gone.remove(&id).is_none() {
                self.changed.remove(&id);
                self.new.insert(id);
            }
        }
        for (id, fields) in before.changed {
            if self.gone.contains_key(&id) {
                continue;
            }
            let known = self.changed.entry(id).or_default();
            let more = fields.into_iter().filter(|it| !known.contains(it)).collect::<Vec<_>>();
            known.extend(more);
        }
        for (id, title) in before.gone {
            // Back again: a row of another page may come and go.
            if !self.new.remove(&id) {
                self.gone.insert(id, title);
            }
        }
        self
    }
}

/// Compares two readings by the ids of their rows, in slices. `own` are keys that the reader changed.
pub(super) async fn compare(
    manifest: &'static Manifest,
    before: &Reading,
    after: &Reading,
    own: &BTreeSet<KeyId>,
) -> Difference {
    let mut res = Difference::none(before.at, before.is_all() && after.is_all());
    for at in 0..after.len() {
        if at % SLICE == SLICE - 1 {
            clock::sleep(0).await;
        }
        let Some(id) = after.id(at).filter(|it| !own.contains(it)) else { continue };
        let Some(place) = before.place_of(&id) else {
            res.new.insert(id);
            continue;
        };
        let (Some(was), Some(is)) = (before.key(place), after.key(at)) else { continue };
        let fields = differences(manifest, &was, &is);
        if !fields.is_empty() {
            res.changed.insert(id, fields);
        }
    }
    for at in 0..before.len() {
        if at % SLICE == SLICE - 1 {
            clock::sleep(0).await;
        }
        let Some(id) = before.id(at).filter(|it| !own.contains(it)) else { continue };
        if after.place_of(&id).is_none()
            && let Some(key) = before.key(at)
        {
            res.gone.insert(id, title_or_placeholder(&key));
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;
    use crate::domain::{Key, Limit, Secret, Value};
    use crate::features::key_list::news::reading::testing::reading;
    use crate::systems::qualys_gateway::MANIFEST;

    fn key(id: &str) -> Key {
        let mut res = Key::new(id);
        res.value = Some(Secret::new("12ba12bc-effd-12e3-1234-12345ac12345".to_owned()));
        res.fields.set(FieldId::TITLE, Value::Text(["key ", id].concat()));
        res.fields.set(FieldId::USED, Value::Number(5));
        res.fields.set(FieldId::LIMIT, Value::Limit(Limit::Of(10)));
        res
    }

    fn compared(before: &Reading, after: &Reading, own: &[&str]) -> Difference {
        let own = own.iter().map(|it| KeyId((*it).to_owned())).collect();
        // Natively nothing waits.
        compare(&MANIFEST, before, after, &own)
            .now_or_never()
            .unwrap_or_else(|| unreachable!("it is ready at once"))
    }

    fn ids<'a>(of: impl Iterator<Item = &'a KeyId>) -> Vec<&'a str> {
        of.map(|it| it.0.as_str()).collect()
    }

    #[test]
    fn what_came_changed_and_went_is_found_by_id() {
        let before = reading(vec![key("1"), key("2"), key("3"), key("4")], "", 4, 100);
        let mut used = key("2");
        used.fields.set(FieldId::USED, Value::Number(6));
        used.disabled = true;
        // Values of keys are never compared.
        let mut told = key("3");
        told.value = Some(Secret::new("another".to_owned()));
        let after = reading(vec![told, key("5"), used, key("1")], "", 4, 200);
        let found = compared(&before, &after, &[]);
        assert_eq!((found.since, found.is_all), (Timestamp(100), true));
        assert_eq!(ids(found.new.iter()), ["5"]);
        let changed: Vec<_> = found.changed.values().flatten().map(|it| it.0).collect();
        assert_eq!((ids(found.changed.keys()), changed), (vec!["2"], vec!["state", "used"]));
        assert_eq!(found.gone.values().collect::<Vec<_>>(), ["key 4"]);
    }

    #[test]
    fn what_the_reader_changed_is_not_told_again() {
        let before = reading(vec![key("1"), key("2")], "", 2, 100);
        let used = Key { disabled: true, ..key("1") };
        let after = reading(vec![used, key("3")], "", 2, 200);
        assert!(compared(&before, &after, &["1", "2", "3"]).is_empty());
        assert!(!compared(&before, &after, &["1", "2"]).is_empty());
    }

    #[test]
    fn a_part_of_the_keys_tells_nothing_about_the_others() {
        let page = |ids: &[&str]| reading(ids.iter().map(|it| key(it)).collect(), "", 9, 100);
        assert!(!compared(&page(&["1", "2"]), &page(&["2", "3"]), &[]).is_all);
        let found = |ids: &[&str]| reading(ids.iter().map(|it| key(it)).collect(), "state: active", 2, 100);
        assert!(!compared(&found(&["1", "2"]), &found(&["2", "3"]), &[]).is_all);
        assert!(found(&["1", "2"]).is_again(&found(&["7", "8"])));
        assert!(!found(&["1", "2"]).is_again(&page(&["1", "2"])));
    }

    #[test]
    fn two_differences_add_up() {
        let of = |ids: &[&str], at| reading(ids.iter().map(|it| key(it)).collect(), "", ids.len() as u64, at);
        let first = compared(&of(&["1", "2", "3"], 100), &of(&["1", "3", "4", "5"], 200), &[]);
        let second = compared(&of(&["1", "3", "4", "5"], 200), &of(&["2", "3", "5"], 300), &[]);
        let both = second.after(first);
        assert_eq!(both.since, Timestamp(100));
        // 2 is back, 4 came and went.
        assert_eq!((ids(both.new.iter()), ids(both.gone.keys())), (vec!["5"], vec!["1"]));
    }
}
