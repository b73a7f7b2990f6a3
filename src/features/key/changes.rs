//! A planned change, in words.

use crate::domain::{Change, Key};
use crate::features::key_text;
use crate::i18n::t;
use crate::platform::intl;

/// What will be sent, one line a difference. Empty when there is nothing to send.
#[must_use]
pub fn change_lines(key: &Key, change: &Change) -> Vec<String> {
    let mut res = Vec::new();
    let mut set = |label: &str, from: &str, to: &str| res.push(t::change_set(label, from, to));
    if let Some(title) = &change.title {
        let to = if title.is_empty() { t::key_no_title() } else { title };
        set(t::key_field_title(), &key_text::title_or_placeholder(key), to);
    }
    if let Some(network) = change.network {
        let to = key_text::network_text(Some(network));
        set(t::key_field_network(), &key_text::network_text(key.network), &to);
    }
    if let Some(expires) = change.expires {
        let day = |it: Option<_>| it.map_or_else(|| t::key_never().to_owned(), intl::date);
        set(t::key_field_expires(), &day(key.expires), &day(expires));
    }
    if let Some(limit) = change.limit {
        set(t::key_field_limit(), &key_text::limit_text(key.limit), &key_text::limit_text(limit));
    }
    let mut list = |say: fn(&str) -> String, items: Vec<String>| {
        if !items.is_empty() {
            res.push(say(&items.join(", ")));
        }
    };
    let names = |codes: &[String]| codes.iter().map(|it| key_text::licence_text(it)).collect();
    let numbers = |ids: &[u64]| ids.iter().map(u64::to_string).collect();
    list(t::change_add_licences, names(&change.add_licences));
    list(t::change_remove_licences, names(&change.remove_licences));
    list(t::change_add_tags, numbers(&change.add_tags));
    list(t::change_remove_tags, numbers(&change.remove_tags));
    if change.apply_to_existing == Some(true) {
        res.push(t::change_apply(key.used));
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Date, Limit};
    use crate::features::key_text::tests::key;

    #[test]
    fn nothing_planned_is_nothing_said() {
        assert!(change_lines(&key(), &Change::default()).is_empty());
    }

    #[test]
    fn every_difference_is_one_line() {
        let change = Change {
            title: Some(String::new()),
            network: Some(5),
            expires: Some(None),
            limit: Some(Limit::Unlimited),
            add_licences: vec!["PM".to_owned(), "XYZ".to_owned()],
            remove_licences: vec!["GAV".to_owned()],
            add_tags: vec![3],
            remove_tags: vec![1, 2],
            apply_to_existing: Some(true),
        };
        let lines = change_lines(&key(), &change);
        assert_eq!(lines.len(), 9, "{lines:?}");
        let has = |part: &str| assert!(lines.iter().any(|it| it.contains(part)), "{part}: {lines:?}");
        has(t::key_no_title());
        has(t::key_never());
        has(t::key_unlimited());
        has("(PM), XYZ");
        has("1, 2");
        has("40");
    }

    #[test]
    fn a_new_day_shows_both_days() {
        let change = Change { expires: Some(Date::parse("2027-02-03")), ..Change::default() };
        let lines = change_lines(&key(), &change);
        assert_eq!(lines, [t::change_set(t::key_field_expires(), "2026-12-01", "2027-02-03")]);
    }
}
