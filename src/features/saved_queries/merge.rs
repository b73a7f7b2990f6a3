//! Two tabs that saved at the same time: what both did holds.

use std::collections::BTreeMap;

use crate::domain::order;

use super::set::{MOST, MOST_REMOVED, QuerySet, Removed, Saved};

/// The set with what either tab did: of one query the later version, without those that were removed after it was
/// changed, in the order that was made later. Which of the two is called `mine` makes no difference.
pub(super) fn merge(mine: &QuerySet, other: &QuerySet) -> QuerySet {
    let removed = all_removed(mine, other);
    let gone = |it: &Saved| removed.iter().any(|gone| gone.id == it.id && gone.at >= it.changed);
    let mut latest: BTreeMap<&str, &Saved> = BTreeMap::new();
    for saved in mine.queries.iter().chain(&other.queries) {
        let known = latest.entry(&saved.id).or_insert(saved);
        if rank(saved) > rank(known) {
            *known = saved;
        }
    }
    // What is gone counts for nothing before the two are compared: it must not decide about what is there.
    latest.retain(|_, it| !gone(it));
    let order = |set: &QuerySet| {
        let there = set.queries.iter().map(|it| it.id.clone()).filter(|it| latest.contains_key(it.as_str()));
        (set.ordered, there.collect::<Vec<_>>())
    };
    let choice =
        |set: &QuerySet| (set.chosen, set.default.clone().filter(|it| latest.contains_key(it.as_str())));
    let (_, default) = choice(mine).max(choice(other));
    let (mine_first, other_first) = (order(mine), order(other));
    let (first, second) =
        if mine_first >= other_first { (mine_first.1, other_first.1) } else { (other_first.1, mine_first.1) };
    // Taken out, so that the second mention of one adds nothing.
    let queries: Vec<Saved> =
        first.iter().chain(&second).filter_map(|it| latest.remove(it.as_str())).take(MOST).cloned().collect();
    let default = default.filter(|id| queries.iter().any(|it| it.id == *id));
    QuerySet {
        queries,
        ordered: mine.ordered.max(other.ordered),
        default,
        chosen: mine.chosen.max(other.chosen),
        removed,
    }
}

/// The later version; of two of the same moment always the same one.
fn rank(saved: &Saved) -> (i64, &str, &str) {
    (saved.changed, &saved.name, &saved.query)
}

/// Each removal once, the oldest first.
fn all_removed(mine: &QuerySet, other: &QuerySet) -> Vec<Removed> {
    let mut latest: BTreeMap<&str, i64> = BTreeMap::new();
    for Removed { id, at } in mine.removed.iter().chain(&other.removed) {
        let known = latest.entry(id).or_insert(*at);
        *known = (*known).max(*at);
    }
    let mut res: Vec<(i64, &str)> = latest.into_iter().map(|(id, at)| (at, id)).collect();
    order::sort_by(&mut res, Ord::cmp);
    let too_many = res.len().saturating_sub(MOST_REMOVED);
    res.into_iter().skip(too_many).map(|(at, id)| Removed { id: id.to_owned(), at }).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use proptest::prelude::*;

    use super::*;
    use crate::features::saved_queries::testing::{names, saved, set};

    #[test]
    fn what_both_tabs_added_is_there() {
        let start = set(&[("a", "x")]);
        let (mut mine, mut other) = (start.clone(), start);
        mine.add(saved("b", "y", 5)).unwrap();
        other.add(saved("c", "z", 6)).unwrap();
        let res = merge(&mine, &other);
        assert_eq!(names(&res), ["a", "c", "b"]);
    }

    #[test]
    fn the_later_change_of_one_query_holds() {
        let start = set(&[("a", "x"), ("b", "y")]);
        let (mut mine, mut other) = (start.clone(), start);
        mine.change("a", Some("mine"), None, 5);
        other.change("a", None, Some("other"), 6);
        mine.choose(Some("b"), 7);
        let res = merge(&mine, &other);
        assert_eq!(res.by_id("a").map(|it| (it.name.as_str(), it.query.as_str())), Some(("a", "other")));
        assert_eq!(res.default.as_deref(), Some("b"));
    }

    #[test]
    fn a_removal_holds_unless_the_query_was_changed_later() {
        let start = set(&[("a", "x"), ("b", "y")]);
        let (mut mine, mut other) = (start.clone(), start);
        mine.remove("a", 5).unwrap();
        mine.remove("b", 5).unwrap();
        other.change("b", None, Some("later"), 6);
        other.choose(Some("a"), 4);
        let res = merge(&mine, &other);
        assert_eq!((names(&res), res.default.as_deref()), (vec!["b"], None));
    }

    #[test]
    fn of_two_choices_of_one_moment_the_one_that_is_gone_counts_for_nothing() {
        let start = set(&[("a", "x"), ("b", "y")]);
        let (mut mine, mut other) = (start.clone(), start);
        mine.remove("b", 2).unwrap();
        mine.choose(Some("a"), 5);
        other.choose(Some("b"), 5);
        let res = merge(&mine, &other);
        assert_eq!(res.default.as_deref(), Some("a"));
        assert_eq!(merge(&res, &mine), res);
    }

    #[test]
    fn the_later_order_holds() {
        let start = set(&[("a", "x"), ("b", "y"), ("c", "z")]);
        let (mut mine, other) = (start.clone(), start);
        mine.step("c", true, 9).unwrap();
        assert_eq!(names(&merge(&mine, &other)), ["a", "c", "b"]);
        assert_eq!(names(&merge(&other, &mine)), ["a", "c", "b"]);
    }

    /// What a tab does, as numbers: which thing, to which query, at which moment.
    fn apply(set: &mut QuerySet, steps: &[(u8, u8, i64)]) {
        for (what, which, now) in steps {
            let id = ["a", "b", "c", "d"].get(usize::from(*which % 4)).unwrap();
            match what % 5 {
                0 if set.by_id(id).is_none() => set.add(saved(id, "new", *now)).unwrap(),
                1 => set.change(id, None, Some(&format!("text {now}")), *now),
                2 => drop(set.remove(id, *now)),
                3 => drop(set.step(id, *which > 3, *now)),
                _ => set.choose(Some(id), *now),
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_order_of_merging_does_not_matter(
            mine in prop::collection::vec((0_u8..5, 0_u8..8, 2_i64..40), 0..12),
            other in prop::collection::vec((0_u8..5, 0_u8..8, 2_i64..40), 0..12),
        ) {
            let start = set(&[("a", "x"), ("b", "y")]);
            let (mut one, mut two) = (start.clone(), start);
            apply(&mut one, &mine);
            apply(&mut two, &other);
            let res = merge(&one, &two);
            prop_assert_eq!(&res, &merge(&two, &one));
            prop_assert_eq!(&merge(&res, &one), &res);
            prop_assert_eq!(&merge(&res, &two), &res);
            // Nothing is lost but what one of them removed.
            for saved in one.queries.iter().chain(&two.queries) {
                let removed = one.removed.iter().chain(&two.removed).any(|it| it.id == saved.id);
                prop_assert!(removed || res.by_id(&saved.id).is_some());
            }
        }
    }
}
