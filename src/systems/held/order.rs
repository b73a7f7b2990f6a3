//! Orders of keys that are held. What has no value comes last in both directions, and ties keep the order of ids, so
//! that a page holds the same rows each time.

use table::Value as Held;

use super::store::Store;
use crate::domain::{FieldId, Key, Limit, State, Timestamp};
use crate::systems::Order;
use crate::systems::record::FREE;

/// Behind every value.
const MISSING: u64 = 1 << 40;

/// Keys in an order.
pub(crate) fn sort(keys: &[Key], order: Order, descending: bool, now: Timestamp) -> Vec<Key> {
    let mut store = Store::new();
    for key in keys {
        store.push(key);
    }
    let places = places(&mut store, order, descending, now);
    places.into_iter().filter_map(|it| store.key(it)).collect()
}

/// The places of all keys in an order.
pub(super) fn places(store: &mut Store, order: Order, descending: bool, now: Timestamp) -> Vec<u32> {
    let (mut keys, is_missing) = keys(store, order.0, now);
    if descending {
        keys.iter_mut().flatten().for_each(|it| *it = !*it);
    }
    if let Some(is_missing) = is_missing {
        keys.push(is_missing.into_iter().map(|it| if it { MISSING } else { 0 }).collect());
    }
    store.table.order(&keys)
}

/// What each key is sorted by, what counts less first; and which have nothing to be sorted by.
fn keys(store: &mut Store, field: FieldId, now: Timestamp) -> (Vec<Vec<u64>>, Option<Vec<bool>>) {
    let is_told = |it: Option<&Held<'_>>| !matches!(it, None | Some(Held::Nothing));
    match field {
        FieldId::STATE => {
            let marks = store.marks(now);
            (vec![marks.iter().map(|it| u64::from(rank_state(it.state))).collect()], None)
        }
        // Keys of the same use stand by their limit.
        FieldId::USED => {
            let missing = store.each(field, |it| !is_told(it.as_ref()));
            let used = store.used().into_iter().map(|it| it.unwrap_or(0)).collect();
            (vec![limits(store), used], Some(missing))
        }
        FieldId::LIMIT => (vec![limits(store)], None),
        FREE => {
            let rows = store.used().into_iter().zip(store.limits());
            let free = rows.map(|(used, limit)| limit.and_then(|it| it.free(used.unwrap_or(0))));
            (vec![free.map(|it| it.unwrap_or(u64::MAX)).collect()], None)
        }
        FieldId::EXPIRES => {
            let ends = store.ends();
            let missing = ends.iter().map(Option::is_none).collect();
            // Moved so that the earliest moment is 0.
            let end = |it: Option<i64>| it.map_or(0, |it| it.cast_unsigned() ^ 1 << 63);
            (vec![ends.into_iter().map(end).collect()], Some(missing))
        }
        _ => {
            let missing = match field {
                FieldId::VALUE | FieldId::TITLE => None,
                FieldId::CREATED => Some(store.each(field, |it| !matches!(it, Some(Held::Moment(_))))),
                _ => Some(store.each(field, |it| !is_told(it.as_ref()))),
            };
            (vec![ranks(store, field)], missing)
        }
    }
}

fn limits(store: &Store) -> Vec<u64> {
    let number = |it: Option<Limit>| match it {
        None | Some(Limit::Unlimited) => u64::MAX,
        Some(Limit::Of(limit)) => limit,
    };
    store.limits().into_iter().map(number).collect()
}

/// The rank of what each key holds in a field.
fn ranks(store: &mut Store, field: FieldId) -> Vec<u64> {
    let rows = store.len();
    let column = store.column_of(field).and_then(|it| store.table.column_mut(it));
    let Some(column) = column else { return vec![0; rows] };
    let ranks: Vec<u64> = column.ranks().into_iter().map(u64::from).collect();
    column.keys(rows, &ranks)
}

/// What works first.
pub(super) fn rank_state(state: State) -> u8 {
    match state {
        State::Active => 0,
        State::Full => 1,
        State::Expired => 2,
        State::Inactive => 3,
        State::Disabled => 4,
        State::Revoked => 5,
        State::Archived => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Date, Value};

    #[test]
    fn what_has_no_end_comes_last_both_ways() {
        let key = |id: &str, day: Option<&str>| {
            let mut key = Key::new(id);
            if let Some(day) = day.and_then(Date::parse) {
                key.fields.set(FieldId::EXPIRES, Value::Day(day));
            }
            key
        };
        let keys = [key("1", None), key("2", Some("2027-01-01")), key("3", Some("2026-01-01"))];
        for (descending, want) in [(false, ["3", "2", "1"]), (true, ["2", "3", "1"])] {
            let keys = sort(&keys, Order(FieldId::EXPIRES), descending, Timestamp(0));
            assert_eq!(keys.iter().map(|it| it.id.0.as_str()).collect::<Vec<_>>(), want);
        }
    }
}
