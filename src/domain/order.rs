//! Sorting of short lists. The standard library's sort is a program of its own for each type of items (4 KB each in the
//! browser's program): here one sort orders places, and the items follow it. A set or a map that is collected sorts too.
//!
//! What sorts very many rows (`systems/held`, `latchkey-table`) calls the standard library's.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Sorts stably: items that are equal keep their order.
pub fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let places = sorted(items.len(), &mut |a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    for (at, from) in places.into_iter().enumerate() {
        items.swap(at, from);
    }
}

/// Sorts stably by what `key` makes of each item.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], mut key: impl FnMut(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// A set of items, put in one by one.
pub fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut res = BTreeSet::new();
    res.extend(items);
    res
}

/// A map of pairs, put in one by one: of two with one key the last stays.
pub fn map<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut res = BTreeMap::new();
    res.extend(pairs);
    res
}

/// For each place, the place to swap it with: done one after the other, all items are in order.
fn sorted(len: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..len).collect();
    places.sort_by(|a, b| compare(*a, *b));
    for at in 0..len {
        let mut from = at;
        loop {
            from = places.get(from).copied().unwrap_or(at);
            // What stood before this place was swapped away already, to where its own swap put it.
            if from >= at {
                break;
            }
        }
        if let Some(place) = places.get_mut(at) {
            *place = from;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_sorts_as_the_standard_library_does(items in prop::collection::vec((0_u8..8, any::<u16>()), 0..60)) {
            let mut expected = items.clone();
            expected.sort_by_key(|it| it.0);
            let mut sorted = items.clone();
            sort_by_key(&mut sorted, |it| it.0);
            prop_assert_eq!(&sorted, &expected);

            sort_by(&mut sorted, |a, b| b.cmp(a));
            expected.sort_by(|a, b| b.cmp(a));
            prop_assert_eq!(sorted, expected);
        }
    }
}
