//! The six server orders (reference `qualys.md`, 1.2), and the same orders in the browser for rows that had
//! to be gathered.

use std::cmp::Ordering;

use crate::domain::{Key, Limit};
use crate::systems::Order;

impl Order {
    /// The API's word.
    pub(super) fn wire(self) -> &'static str {
        match self {
            Self::Title => "TITLE",
            Self::Value => "ACTIVATION_KEY",
            Self::Used => "AGENTS",
            Self::Created => "CREATED_ON",
            Self::State => "STATUS",
            Self::Expires => "EXPIRES",
        }
    }
}

/// The API's words for a direction; the second is spelled so in the documents.
pub(super) fn direction(descending: bool) -> &'static str {
    if descending { "DSC" } else { "ASC" }
}

/// Puts gathered rows into an order. Keys without an expiry come last, and ties keep the order of ids, so
/// that a page holds the same rows each time.
pub(super) fn sort(keys: &mut [Key], order: Order, descending: bool) {
    keys.sort_by(|a, b| {
        let ord = compare(a, b, order);
        let ord = if descending { ord.reverse() } else { ord };
        ord.then_with(|| (a.id.0.len(), &a.id.0).cmp(&(b.id.0.len(), &b.id.0)))
    });
}

fn compare(a: &Key, b: &Key, order: Order) -> Ordering {
    match order {
        Order::Title => by_title(&a.title, &b.title),
        Order::Value => a.value.expose().cmp(b.value.expose()),
        Order::Used => (a.used, limit(a)).cmp(&(b.used, limit(b))),
        Order::Created => a.created.cmp(&b.created),
        Order::State => a.disabled.cmp(&b.disabled),
        Order::Expires => (a.expires.is_none(), a.expires).cmp(&(b.expires.is_none(), b.expires)),
    }
}

/// The order the search sample shows (`…title_1` before `…title3`): without case, and space before marks before
/// digits before letters.
fn by_title(a: &str, b: &str) -> Ordering {
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
    match key.limit {
        Limit::Unlimited => u64::MAX,
        Limit::Of(limit) => limit,
    }
}

#[cfg(test)]
mod tests {
    use super::by_title;

    #[test]
    fn titles_sort_as_the_sample_shows() {
        let mut titles =
            ["activation_key_title3", "Activation_key_title_1", "activation key", "", "activationkey"];
        titles.sort_by(|a, b| by_title(a, b));
        let sorted =
            ["", "activation key", "Activation_key_title_1", "activation_key_title3", "activationkey"];
        assert_eq!(titles, sorted);
    }
}
