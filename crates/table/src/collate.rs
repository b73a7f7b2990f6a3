//! The order of values: what is nothing, then numbers, then texts, then lists of texts.
//!
//! Titles stand as people expect them: without letter case, and white space before marks before digits before letters.
//! Everything else that is text stands in the order of its bytes.

use std::cmp::Ordering;

use crate::value::Value;

/// What a value is compared as.
enum Key<'a> {
    Nothing,
    Number(i64),
    Title(&'a str),
    Exact(&'a str),
    List(Value<'a>),
}

impl<'a> Key<'a> {
    fn of(value: Value<'a>) -> Self {
        match value {
            Value::Nothing | Value::Unlimited | Value::Limit(_) => Self::Nothing,
            Value::Number(it) | Value::Day(it) | Value::Moment(it) => Self::Number(it),
            Value::Flag(it) => Self::Number(it.into()),
            Value::Text(it) => Self::Title(it),
            Value::Ref(id, name) => Self::Title(name.unwrap_or(id)),
            Value::Exact(it) => Self::Exact(it),
            Value::Codes(_) | Value::Refs(_) => Self::List(value),
        }
    }

    fn class(&self) -> u8 {
        match self {
            Self::Nothing => 0,
            Self::Number(_) => 1,
            Self::Title(_) => 2,
            Self::Exact(_) => 3,
            Self::List(_) => 4,
        }
    }
}

/// Compares two values: what is nothing, then numbers, then texts, then lists of texts. Titles stand as people expect
/// them, without letter case; other texts byte by byte.
#[must_use]
pub fn compare(a: Value<'_>, b: Value<'_>) -> Ordering {
    let (a, b) = (Key::of(a), Key::of(b));
    match (&a, &b) {
        (Key::Number(a), Key::Number(b)) => a.cmp(b),
        (Key::Title(a), Key::Title(b)) => titles(a, b),
        (Key::Exact(a), Key::Exact(b)) => a.cmp(b),
        (Key::List(a), Key::List(b)) => lists(a, b),
        _ => a.class().cmp(&b.class()),
    }
}

/// The beginning of what a value is compared by: where it is less, the value is less.
pub(crate) fn prefix(value: Value<'_>) -> u64 {
    let key = Key::of(value);
    let rest = match &key {
        Key::Nothing => 0,
        // Moved so that the smallest number is 0; the last bits make room for the class.
        Key::Number(it) => it.cast_unsigned() ^ 1 << 63,
        Key::Title(it) => first(title_weights(it)),
        Key::Exact(it) => first(it.bytes()),
        Key::List(Value::Codes(it)) => it.clone().next().map_or(0, |it| first(it.bytes())),
        Key::List(Value::Refs(it)) => {
            it.clone().next().map_or(0, |(id, name)| first(name.unwrap_or(id).bytes()))
        }
        Key::List(_) => 0,
    };
    u64::from(key.class()) << 56 | rest >> 8
}

/// The first seven bytes, the first one highest.
fn first(bytes: impl Iterator<Item = u8>) -> u64 {
    let (mut res, mut shift) = (0, 56_u32);
    for byte in bytes.take(7) {
        res |= u64::from(byte) << shift;
        shift -= 8;
    }
    res
}

fn lists(a: &Value<'_>, b: &Value<'_>) -> Ordering {
    match (a, b) {
        (Value::Codes(a), Value::Codes(b)) => a.clone().cmp(b.clone()),
        (Value::Refs(a), Value::Refs(b)) => {
            a.clone().map(|(id, name)| name.unwrap_or(id)).cmp(b.clone().map(|(id, name)| name.unwrap_or(id)))
        }
        (Value::Codes(_), _) => Ordering::Less,
        _ => Ordering::Greater,
    }
}

/// The order of two titles.
fn titles(a: &str, b: &str) -> Ordering {
    let mut bytes = a.bytes().zip(b.bytes()).enumerate();
    let stop = bytes.find(|(_, (a, b))| !a.is_ascii() || !b.is_ascii() || weight(*a) != weight(*b));
    match stop {
        None => a.len().cmp(&b.len()),
        Some((_, (a, b))) if a.is_ascii() && b.is_ascii() => weight(a).cmp(&weight(b)),
        // All before it is one byte a letter, so that this is a border of letters in both.
        Some((at, _)) => {
            let rest = |it: &'_ str| it.get(at..).unwrap_or_default().to_owned();
            title_weights(&rest(a)).cmp(title_weights(&rest(b)))
        }
    }
}

/// What titles are compared by: a byte for each letter of ASCII; for others one that says that they come behind those
/// of their kind, and their own bytes, which keep their order.
fn title_weights(text: &str) -> impl Iterator<Item = u8> {
    text.chars().flat_map(char::to_lowercase).flat_map(|it| {
        let mut buffer = [0; 5];
        let len = match u8::try_from(it).ok().filter(u8::is_ascii) {
            Some(byte) => {
                buffer = [weight(byte), 0, 0, 0, 0];
                1
            }
            None => {
                let [head, tail @ ..] = &mut buffer;
                *head = LAST.get(usize::from(kind(it))).copied().unwrap_or_default();
                1 + it.encode_utf8(tail).len()
            }
        };
        buffer.into_iter().take(len)
    })
}

fn kind(it: char) -> u8 {
    match it {
        _ if it.is_whitespace() => 0,
        _ if it.is_numeric() => 2,
        _ if it.is_alphabetic() => 3,
        _ => 1,
    }
}

const fn ascii_kind(byte: u8) -> u8 {
    match byte {
        b'\t'..=b'\r' | b' ' => 0,
        b'0'..=b'9' => 2,
        b'a'..=b'z' | b'A'..=b'Z' => 3,
        _ => 1,
    }
}

fn weight(byte: u8) -> u8 {
    WEIGHTS.get(usize::from(byte)).copied().unwrap_or_default()
}

/// The weight of each letter of ASCII, from 1. Both cases of a letter have the same.
const WEIGHTS: [u8; 128] = weights().0;

/// The weight before letters of each kind that are not in ASCII.
const LAST: [u8; 4] = weights().1;

#[expect(clippy::indexing_slicing, reason = "worked out by the compiler, which would say so")]
const fn weights() -> ([u8; 128], [u8; 4]) {
    let (mut res, mut last) = ([0; 128], [0; 4]);
    let (mut next, mut kind) = (1, 0);
    while kind < 4 {
        let mut byte = 0_u8;
        while byte < 128 {
            if ascii_kind(byte) == kind && !byte.is_ascii_uppercase() {
                res[byte as usize] = next;
                res[byte.to_ascii_uppercase() as usize] = next;
                next += 1;
            }
            byte += 1;
        }
        last[kind as usize] = next;
        next += 1;
        kind += 1;
    }
    (res, last)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The order as it is described: letter by letter, each behind its kind.
    fn plain(text: &str) -> Vec<(u8, char)> {
        text.chars().flat_map(char::to_lowercase).map(|it| (kind(it), it)).collect()
    }

    fn title() -> impl Strategy<Value = String> {
        prop_oneof!["[a-cA-C _#0-2]{0,9}", "[a-bäßİK0٣–\u{a0}é ]{0,5}", any::<String>()]
    }

    proptest! {
        #[test]
        fn titles_stand_as_described(a in title(), b in title()) {
            let want = plain(&a).cmp(&plain(&b));
            prop_assert_eq!(compare(Value::Text(&a), Value::Text(&b)), want);
            prop_assert_eq!(compare(Value::Ref("", Some(&a)), Value::Ref(&b, None)), want);
        }

        #[test]
        fn a_prefix_never_contradicts(a in title(), b in title(), m in any::<i64>(), n in any::<i64>()) {
            let values = [
                Value::Nothing, Value::Text(&a), Value::Text(&b), Value::Exact(&a), Value::Exact(&b), Value::Number(m),
                Value::Day(n), Value::Moment(m), Value::Flag(true), Value::Unlimited, Value::Limit(7),
            ];
            for a in &values {
                for b in &values {
                    let by_prefix = prefix(a.clone()).cmp(&prefix(b.clone()));
                    prop_assert!(by_prefix == Ordering::Equal || by_prefix == compare(a.clone(), b.clone()));
                    prop_assert_eq!(compare(a.clone(), b.clone()), compare(b.clone(), a.clone()).reverse());
                }
            }
        }
    }

    #[test]
    fn titles_sort_as_the_sample_shows() {
        let mut titles =
            ["activation_key_title3", "Activation_key_title_1", "activation key", "", "activationkey"];
        titles.sort_by(|a, b| self::titles(a, b));
        let want = ["", "activation key", "Activation_key_title_1", "activation_key_title3", "activationkey"];
        assert_eq!(titles, want);
    }
}
