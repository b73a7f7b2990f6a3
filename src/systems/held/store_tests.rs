//! Keys in a table against keys in a list: whatever is asked, the answer is the same.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::select;

use super::groups::{self, GroupBy, GroupValue};
use super::records::{self, HeldRecords};
use super::store::Store;
use super::{model, order};
use crate::domain::{Date, Ended, FieldId, Key, Limit, Ref, Secret, Standing, Timestamp, Value};
use crate::systems::manifest::FieldKind;
use crate::systems::query::QuerySchema;
use crate::systems::record::FREE;
use crate::systems::{Manifest, Order, System};

const NOW: Timestamp = Timestamp(1_795_000_000_000);

/// Texts with much in common, and some that are hard to sort and to fold.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-bA-B]{1,3}[ _#-]?[0-2]{0,2}",
        1 => select(vec!["", " ", "Zürich 2", "zürich 1", "ÄÖ", "İstanbul", "Straße", "本社", "٣", "a\u{a0}b", "🔑 x"])
            .prop_map(str::to_owned),
    ]
}

fn day() -> impl Strategy<Value = Value> {
    // Around today, since that is where states change.
    let today = NOW.0.div_euclid(86_400_000);
    (-2_i64..3, any::<bool>(), 0_i64..2).prop_map(move |(days, is_day, ms)| {
        match Date::from_day_number(today + days) {
            Some(day) if is_day => Value::Day(day),
            _ => Value::Moment(Timestamp(NOW.0 + days * 86_400_000 + ms)),
        }
    })
}

fn reference() -> impl Strategy<Value = Ref> {
    (text(), prop::option::of(text())).prop_map(|(id, name)| Ref { id, name })
}

/// What may stand in a field of a kind.
fn value(kind: FieldKind) -> BoxedStrategy<Value> {
    let some = match kind {
        FieldKind::Number { .. } | FieldKind::Usage | FieldKind::Hours { .. } => {
            prop_oneof![(-2_i64..9).prop_map(Value::Number), Just(Value::Number(i64::MAX))].boxed()
        }
        FieldKind::Limit { .. } => prop_oneof![
            (0_u64..6).prop_map(|it| Value::Limit(Limit::Of(it))),
            Just(Value::Limit(Limit::Of(u64::MAX))),
            Just(Value::Limit(Limit::Unlimited)),
        ]
        .boxed(),
        FieldKind::Flag | FieldKind::Push => any::<bool>().prop_map(Value::Flag).boxed(),
        FieldKind::Day { .. } | FieldKind::Moment { .. } => day().boxed(),
        FieldKind::Choice(codes) => {
            let codes: Vec<&str> = codes.iter().map(|it| it.code).collect();
            select(codes).prop_map(|it| Value::Text(it.to_owned())).boxed()
        }
        FieldKind::Codes(_) => prop::collection::vec(text(), 0..4).prop_map(Value::Codes).boxed(),
        FieldKind::Refs => prop::collection::vec(reference(), 0..3).prop_map(Value::Refs).boxed(),
        FieldKind::Person | FieldKind::Pick(_) => reference().prop_map(Value::Ref).boxed(),
        _ => text().prop_map(Value::Text).boxed(),
    };
    prop_oneof![6 => some, 1 => Just(Value::Nothing)].boxed()
}

/// A key of a system: each field told or not, in any order.
fn key(manifest: &'static Manifest) -> impl Strategy<Value = Parts> {
    let is_own = |kind: FieldKind| !matches!(kind, FieldKind::State | FieldKind::Secret | FieldKind::Id);
    let fields = manifest.fields.iter().filter(move |it| is_own(it.kind) && it.id != FREE);
    let fields: Vec<_> =
        fields.map(|it| (Just(it.id), prop::option::weighted(0.8, value(it.kind)))).collect();
    let ended = select(vec![
        None,
        None,
        Some(Ended::Revoked),
        Some(Ended::Archived),
        Some(Ended::Expired),
        Some(Ended::Inactive),
    ]);
    let id = prop_oneof!["[0-9]{1,3}", "[a-c]{1,2}", "x{250,260}"];
    let secret = prop::option::of("[ab]{3,5}");
    (id, secret, any::<bool>(), ended, fields.prop_shuffle())
}

/// The parts of a key: the key itself cannot be printed.
type Parts = (String, Option<String>, bool, Option<Ended>, Vec<(FieldId, Option<Value>)>);

fn made((id, value, disabled, ended, fields): Parts) -> Key {
    let fields = fields.into_iter().filter_map(|(field, value)| Some((field, value?))).collect();
    Key { value: value.map(Secret::new), disabled, ended, fields, ..Key::new(id) }
}

/// Keys of a system, with invented values, so that they may be printed.
struct Sample {
    manifest: &'static Manifest,
    keys: Vec<Key>,
}

impl std::fmt::Debug for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entry(&self.manifest.id).entries(self.keys.iter().map(plain)).finish()
    }
}

fn sample() -> impl Strategy<Value = Sample> {
    let systems: Vec<System> = System::all().collect();
    let of = |it: System| {
        let manifest = it.manifest();
        let keys = prop::collection::vec(key(manifest), 0..60);
        keys.prop_map(move |keys| Sample { manifest, keys: distinct(keys.into_iter().map(made).collect()) })
    };
    select(systems).prop_flat_map(of)
}

/// Each id once, as the table has them.
fn distinct(keys: Vec<Key>) -> Vec<Key> {
    let mut ids = BTreeSet::new();
    keys.into_iter().filter(|it| ids.insert(it.id.clone())).collect()
}

fn store(keys: &[Key]) -> Store {
    let mut res = Store::new();
    for key in keys {
        assert!(res.push(key));
    }
    res
}

/// All of a key, as one can compare it.
fn plain(key: &Key) -> String {
    let value = key.value.as_ref().map(Secret::expose);
    format!("{:?} {value:?} {} {:?} {:?}", key.id, key.disabled, key.ended, key.fields)
}

fn orders(manifest: &Manifest) -> Vec<Order> {
    manifest.fields.iter().map(|it| Order(it.id)).chain([Order(FieldId("unknown"))]).collect()
}

/// Queries about one field, for its kind.
fn clauses(manifest: &'static Manifest) -> Vec<String> {
    let mut res = Vec::new();
    for (name, spec) in QuerySchema::of(manifest).fields() {
        let asked: &[&str] = match crate::systems::field_type(spec) {
            qql::FieldType::Integer => &["> 1", ": 3", "< 0", ": [1, 2]", ": (0 .. 4)", ": \"\""],
            qql::FieldType::Boolean => &[": true", ": false"],
            qql::FieldType::Date => &["< now", "> now-1d", ": today", ": in 2 days", ": \"\""],
            _ => &[": a", ": `a 1`", ": \"b 1\"", ": z", ": \"\"", ": ab1", ": [active, VM, a]", ": expired"],
        };
        res.extend(asked.iter().map(|it| format!("{name}{it}")));
    }
    res
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_goes_in_comes_out(Sample { keys, .. } in sample()) {
        let mut store = store(&keys);
        for (at, key) in keys.iter().enumerate() {
            let place = u32::try_from(at).unwrap();
            prop_assert_eq!(plain(&store.key(place).unwrap()), plain(key));
            prop_assert_eq!(store.place(&key.id), Some(place));
            prop_assert!(!store.push(key), "one that is there is not added again");
        }
        prop_assert!(store.key(u32::try_from(keys.len()).unwrap()).is_none());
    }

    #[test]
    fn orders_are_those_of_a_list(Sample { manifest, keys } in sample(), cut in any::<prop::sample::Index>()) {
        let cut = cut.index(keys.len() + 1);
        let mut store = store(&keys[..cut]);
        // The first orders are worked out before the other half comes, and used for it.
        for len in [cut, keys.len()] {
            for key in &keys[store.len()..len] {
                store.push(key);
            }
            for order in orders(manifest) {
                for descending in [false, true] {
                    let want = model::sorted(&keys[..len], order, descending, NOW);
                    let got = order::places(&mut store, order, descending, NOW);
                    let got: Vec<usize> = got.into_iter().map(|it| usize::try_from(it).unwrap()).collect();
                    prop_assert_eq!(got, want, "{:?} {}", order, descending);
                }
            }
        }
    }

    #[test]
    fn queries_find_what_they_find_in_a_list(Sample { manifest, keys } in sample(), join in "(AND|OR|AND NOT|OR NOT)") {
        let store = store(&keys);
        let schema = QuerySchema::of(manifest);
        let clauses = clauses(manifest);
        let pairs = clauses.iter().zip(clauses.iter().skip(1)).map(|(a, b)| format!("NOT ({a} {join} {b})"));
        for query in clauses.iter().cloned().chain(pairs) {
            let Ok(filter) = schema.filter(&query, NOW) else { continue };
            let want: Vec<bool> = keys.iter().map(|it| schema.matches(&filter, it, NOW)).collect();
            let got = filter.select(&HeldRecords { manifest, store: &store, now: NOW });
            prop_assert_eq!(got, want, "{}", query);
        }
    }

    #[test]
    fn values_are_counted_as_in_a_list(Sample { manifest, keys } in sample()) {
        let store = store(&keys);
        let schema = QuerySchema::of(manifest);
        for (name, spec) in schema.fields() {
            let mut want = schema.seen_values(name, &keys, NOW);
            // Of a secret nothing is told, not even how many keys there are.
            if matches!(spec.kind, FieldKind::Secret) {
                want.keys = 0;
            }
            prop_assert_eq!(records::seen_values(&store, spec, NOW), want, "{}", name);
        }
    }

    #[test]
    fn groups_and_sums_are_those_of_a_list(Sample { manifest, keys } in sample()) {
        let store = store(&keys);
        let places: Vec<u32> = (0..u32::try_from(keys.len()).unwrap()).rev().collect();
        let by = manifest.fields.iter().map(|it| GroupBy::Field(it.id)).chain([GroupBy::ExpiryMonth]);
        for by in by {
            let groups = groups::groups(&store, &places, by, NOW);
            for (at, key) in (0_u32..).zip(&keys) {
                let mine: Vec<&GroupValue> =
                    groups.iter().filter(|(_, rows)| rows.contains(&at)).map(|(value, _)| value).collect();
                let want = values_of(key, by);
                prop_assert!(mine.len() == want.len() && want.iter().all(|it| mine.contains(&it)), "{:?}", by);
            }
            for (_, rows) in &groups {
                prop_assert!(!rows.is_empty() && rows.is_sorted_by(|a, b| a > b), "in the order of the rows, each once");
            }
            let nothing = groups.iter().position(|(it, _)| *it == GroupValue::Nothing);
            prop_assert!(nothing.is_none_or(|it| it + 1 == groups.len()));
        }

        let totals = groups::totals(&store, &places, NOW);
        let sum = |of: &dyn Fn(&Key) -> Option<u64>| keys.iter().filter_map(of).fold(0, u64::saturating_add);
        prop_assert_eq!(totals.keys, keys.len());
        prop_assert_eq!(totals.used, sum(&Key::used));
        prop_assert_eq!(totals.used_untold, keys.iter().filter(|it| it.used().is_none()).count());
        prop_assert_eq!(totals.free, sum(&|it| it.limit()?.free(it.used()?)));
        let unlimited = keys.iter().filter(|it| it.limit() == Some(Limit::Unlimited)).count();
        prop_assert_eq!(totals.unlimited, unlimited);
        let counted = keys.iter().filter(|it| it.used().is_some() && matches!(it.limit(), Some(Limit::Of(_)))).count();
        prop_assert_eq!(totals.free_untold + unlimited + counted, keys.len());
        for (state, count) in &totals.by_state {
            prop_assert_eq!(keys.iter().filter(|it| Standing::of(it, NOW).state == *state).count(), *count);
        }
        prop_assert_eq!(totals.by_state.iter().map(|(_, it)| it).sum::<usize>(), keys.len());
    }

    #[test]
    fn values_of_keys_are_found_in_texts(Sample { keys, .. } in sample(), text in "[abcü]{0,9}") {
        let long = |it: &&str| it.len() >= 4;
        let want = keys.iter().filter_map(|it| it.value.as_ref().map(Secret::expose)).filter(long).any(|it| text.contains(it));
        prop_assert_eq!(store(&keys).holds_value_in(&text), want);
    }
}

/// The groups a key belongs to, one by one.
fn values_of(key: &Key, by: GroupBy) -> Vec<GroupValue> {
    let month = |day: Option<Date>| day.map(|it| GroupValue::Month { year: it.year, month: it.month });
    let text = |it: &String| (!it.trim().is_empty()).then(|| GroupValue::Text(it.clone()));
    let thing = |it: &Ref| {
        let name = it.name.clone().filter(|name| *name != it.id);
        (!it.id.trim().is_empty() || it.name.is_some()).then(|| GroupValue::Ref(Ref { name, ..it.clone() }))
    };
    let mut res: Vec<GroupValue> = match by {
        GroupBy::ExpiryMonth => month(key.expires().and_then(|it| it.day())).into_iter().collect(),
        GroupBy::Field(FieldId::STATE) => vec![GroupValue::State(Standing::of(key, NOW).state)],
        GroupBy::Field(field) => match key.fields.get(field) {
            None | Some(Value::Nothing | Value::Limit(Limit::Unlimited)) => Vec::new(),
            Some(Value::Text(it)) => text(it).into_iter().collect(),
            Some(Value::Number(it)) => vec![GroupValue::Number(*it)],
            Some(Value::Limit(Limit::Of(it))) => {
                vec![GroupValue::Number(i64::try_from(*it).unwrap_or(i64::MAX))]
            }
            Some(Value::Flag(it)) => vec![GroupValue::Flag(*it)],
            Some(Value::Day(it)) => month(Some(*it)).into_iter().collect(),
            Some(Value::Moment(it)) => month(it.date()).into_iter().collect(),
            Some(Value::Codes(it)) => it.iter().filter_map(text).collect(),
            Some(Value::Ref(it)) => thing(it).into_iter().collect(),
            Some(Value::Refs(it)) => it.iter().filter_map(thing).collect(),
        },
    };
    res.dedup_by(|a, b| a == b);
    let mut once: Vec<GroupValue> = Vec::new();
    for it in res {
        if !once.contains(&it) {
            once.push(it);
        }
    }
    if once.is_empty() { vec![GroupValue::Nothing] } else { once }
}

/// What a key is called in a group never comes from its value.
#[test]
fn no_group_is_named_by_a_value() {
    let key = Key { value: Some(Secret::new("12ba12bc-effd".to_owned())), ..Key::new("1") };
    let groups = groups::groups(&store(&[key]), &[0], GroupBy::Field(FieldId::VALUE), NOW);
    assert_eq!(groups, [(GroupValue::Nothing, vec![0])]);
}
