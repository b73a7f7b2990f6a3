//! Orders of keys as they are described, worked out without a table: what the table is compared with.

use std::cmp::Ordering;

use crate::domain::{FieldId, Key, Limit, Ref, Standing, State, Timestamp, Value};
use crate::systems::Order;
use crate::systems::record::FREE;

/// The places of keys in an order. What has no value comes last in both directions, and ties keep the order of ids,
/// so that a page holds the same rows each time.
pub(super) fn sorted(keys: &[Key], order: Order, descending: bool, now: Timestamp) -> Vec<usize> {
    // What a key is sorted by is worked out once a key and not once a comparison.
    let mut sorted: Vec<(SortKey<'_>, usize)> =
        keys.iter().enumerate().map(|(idx, key)| (SortKey::of(key, order.0, now), idx)).collect();
    sorted.sort_unstable_by(|(a, _), (b, _)| a.compare(b, descending));
    sorted.into_iter().map(|(_, idx)| idx).collect()
}

struct SortKey<'a> {
    is_missing: bool,
    value: SortValue,
    id: &'a str,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum SortValue {
    Nothing,
    Number(i128),
    /// Compared byte by byte.
    Bytes(Vec<u8>),
}

impl<'a> SortKey<'a> {
    fn of(key: &'a Key, field: FieldId, now: Timestamp) -> Self {
        Self { is_missing: is_missing(key, field), value: sort_value(key, field, now), id: &key.id.0 }
    }

    fn compare(&self, other: &Self, descending: bool) -> Ordering {
        let value = self.value.cmp(&other.value);
        let value = if descending { value.reverse() } else { value };
        let ids = || (self.id.len(), self.id).cmp(&(other.id.len(), other.id));
        self.is_missing.cmp(&other.is_missing).then(value).then_with(ids)
    }
}

fn sort_value(key: &Key, field: FieldId, now: Timestamp) -> SortValue {
    match field {
        FieldId::VALUE => match &key.value {
            Some(value) => SortValue::Bytes(value.expose().as_bytes().to_vec()),
            None => SortValue::Nothing,
        },
        FieldId::STATE => SortValue::Number(rank_state(Standing::of(key, now).state)),
        // Keys of the same use stand by their limit.
        FieldId::USED => {
            SortValue::Number(i128::from(key.used().unwrap_or(0)) << 64 | i128::from(limit(key)))
        }
        FieldId::LIMIT => SortValue::Number(limit(key).into()),
        FieldId::EXPIRES => {
            key.expires().map_or(SortValue::Nothing, |it| SortValue::Number(it.end().0.into()))
        }
        FREE => SortValue::Number(free(key).into()),
        _ => key.fields.get(field).map_or(SortValue::Nothing, of_value),
    }
}

fn is_missing(key: &Key, field: FieldId) -> bool {
    match field {
        FieldId::EXPIRES => key.expires().is_none(),
        FieldId::CREATED => key.created().is_none(),
        FieldId::STATE | FieldId::VALUE | FieldId::LIMIT | FieldId::TITLE | FREE => false,
        _ => matches!(key.fields.get(field), None | Some(Value::Nothing)),
    }
}

fn of_value(value: &Value) -> SortValue {
    match value {
        Value::Nothing | Value::Limit(_) => SortValue::Nothing,
        Value::Text(it) => SortValue::Bytes(by_title(it)),
        Value::Number(it) => SortValue::Number((*it).into()),
        Value::Flag(it) => SortValue::Number((*it).into()),
        Value::Day(it) => SortValue::Number(it.day_number().into()),
        Value::Moment(it) => SortValue::Number(it.0.into()),
        Value::Codes(it) => SortValue::Bytes(ended(it.iter().map(String::as_str))),
        Value::Ref(it) => SortValue::Bytes(by_title(shown(it))),
        Value::Refs(it) => SortValue::Bytes(ended(it.iter().map(shown))),
    }
}

/// Texts one after the other, each with an end that comes before all that could stand there.
fn ended<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<u8> {
    let mut res = Vec::new();
    for text in texts {
        res.extend_from_slice(text.as_bytes());
        res.push(0);
    }
    res
}

fn shown(it: &Ref) -> &str {
    it.name.as_deref().unwrap_or(&it.id)
}

/// What works first.
fn rank_state(state: State) -> i128 {
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

/// What a text is sorted by: the order the Qualys search sample shows (`…title_1` before `…title3`), without case, and
/// space before marks before digits before letters.
fn by_title(text: &str) -> Vec<u8> {
    let mut res = Vec::with_capacity(text.len() * 2);
    for it in text.chars().flat_map(char::to_lowercase) {
        res.push(rank(it));
        // UTF-8 keeps the order of the characters.
        res.extend_from_slice(it.encode_utf8(&mut [0; 4]).as_bytes());
    }
    res
}

fn rank(it: char) -> u8 {
    match it {
        _ if it.is_whitespace() => 0,
        _ if it.is_numeric() => 2,
        _ if it.is_alphabetic() => 3,
        _ => 1,
    }
}

fn limit(key: &Key) -> u64 {
    match key.limit() {
        None | Some(Limit::Unlimited) => u64::MAX,
        Some(Limit::Of(limit)) => limit,
    }
}

fn free(key: &Key) -> u64 {
    key.limit().and_then(|it| it.free(key.used().unwrap_or(0))).unwrap_or(u64::MAX)
}
