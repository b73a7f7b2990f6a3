//! Orders of keys, worked out here for rows that were loaded.

use std::cmp::Ordering;

use super::Order;
use super::record::FREE;
use crate::domain::{Expiry, FieldId, Key, Limit, Ref, Standing, State, Timestamp, Value};

/// Puts keys into an order. What has no value comes last in both directions, and ties keep the order of ids, so
/// that a page holds the same rows each time.
pub fn sort(keys: &mut [Key], order: Order, descending: bool, now: Timestamp) {
    keys.sort_by(|a, b| {
        compare(a, b, order.0, descending, now)
            .then_with(|| (a.id.0.len(), &a.id.0).cmp(&(b.id.0.len(), &b.id.0)))
    });
}

fn compare(a: &Key, b: &Key, field: FieldId, descending: bool, now: Timestamp) -> Ordering {
    let missing = is_missing(a, field).cmp(&is_missing(b, field));
    let ord = match field {
        FieldId::VALUE => {
            let value = |it: &Key| it.value.as_ref().map(|it| it.expose().to_owned());
            value(a).cmp(&value(b))
        }
        FieldId::STATE => rank_state(Standing::of(a, now).state).cmp(&rank_state(Standing::of(b, now).state)),
        FieldId::USED => (a.used(), limit(a)).cmp(&(b.used(), limit(b))),
        FieldId::LIMIT => limit(a).cmp(&limit(b)),
        FieldId::EXPIRES => a.expires().map(Expiry::end).cmp(&b.expires().map(Expiry::end)),
        FREE => free(a).cmp(&free(b)),
        _ => values(a.fields.get(field), b.fields.get(field)),
    };
    missing.then(if descending { ord.reverse() } else { ord })
}

fn is_missing(key: &Key, field: FieldId) -> bool {
    match field {
        FieldId::EXPIRES => key.expires().is_none(),
        FieldId::CREATED => key.created().is_none(),
        FieldId::STATE | FieldId::VALUE | FieldId::LIMIT | FieldId::TITLE | FREE => false,
        _ => matches!(key.fields.get(field), None | Some(Value::Nothing)),
    }
}

fn values(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    match (a, b) {
        (Some(Value::Text(a)), Some(Value::Text(b))) => by_title(a, b),
        (Some(Value::Number(a)), Some(Value::Number(b))) => a.cmp(b),
        (Some(Value::Flag(a)), Some(Value::Flag(b))) => a.cmp(b),
        (Some(Value::Day(a)), Some(Value::Day(b))) => a.cmp(b),
        (Some(Value::Moment(a)), Some(Value::Moment(b))) => a.cmp(b),
        (Some(Value::Codes(a)), Some(Value::Codes(b))) => a.cmp(b),
        (Some(Value::Ref(a)), Some(Value::Ref(b))) => by_title(shown(a), shown(b)),
        (Some(Value::Refs(a)), Some(Value::Refs(b))) => {
            a.iter().map(shown).collect::<Vec<_>>().cmp(&b.iter().map(shown).collect())
        }
        _ => Ordering::Equal,
    }
}

fn shown(it: &Ref) -> &str {
    it.name.as_deref().unwrap_or(&it.id)
}

/// What works first.
fn rank_state(state: State) -> u8 {
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

/// The order the Qualys search sample shows (`…title_1` before `…title3`): without case, and space before marks
/// before digits before letters.
pub fn by_title(a: &str, b: &str) -> Ordering {
    let ranked = |text: &str| -> Vec<(u8, char)> {
        text.chars().flat_map(char::to_lowercase).map(|it| (rank(it), it)).collect()
    };
    ranked(a).cmp(&ranked(b))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Date;

    #[test]
    fn titles_sort_as_the_sample_shows() {
        let mut titles =
            ["activation_key_title3", "Activation_key_title_1", "activation key", "", "activationkey"];
        titles.sort_by(|a, b| by_title(a, b));
        let sorted =
            ["", "activation key", "Activation_key_title_1", "activation_key_title3", "activationkey"];
        assert_eq!(titles, sorted);
    }

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
            let mut keys = keys.clone();
            sort(&mut keys, Order(FieldId::EXPIRES), descending, Timestamp(0));
            assert_eq!(keys.iter().map(|it| it.id.0.as_str()).collect::<Vec<_>>(), want);
        }
    }
}
