//! What speaks against a target, or changes for what is moved there. Nothing of it forbids the move.

use crate::domain::{Key, Limit, Standing, Timestamp};
use crate::features::key_text;
use crate::i18n::{small, t};
use crate::platform::intl;
use crate::systems::{FieldKind, FieldSpec, Manifest, comparable};

/// One sentence each, for moving `count` things from one key to another.
#[must_use]
pub fn warnings(manifest: &Manifest, from: &Key, to: &Key, count: u64, now: Timestamp) -> Vec<String> {
    let standing = Standing::of(to, now);
    let mut res = Vec::new();
    if to.disabled {
        res.push(t::move_to_disabled().to_owned());
    }
    if standing.expired() {
        res.push(t::move_to_expired().to_owned());
    } else if to.ended.is_some() {
        res.push(t::move_to_ended(key_text::state_word(&standing)));
    }
    if let (Some(used), Some(Limit::Of(limit))) = (to.used(), to.limit())
        && used.saturating_add(count) > limit
    {
        let after = used.saturating_add(count);
        res.push(t::move_over_limit(&intl::number(after), &intl::number(limit)));
    }
    res.extend(manifest.fields.iter().filter_map(|it| difference(it, from, to)));
    res
}

/// What they get in the place of what they have, where a list of the two keys differs.
fn difference(spec: &FieldSpec, from: &Key, to: &Key) -> Option<String> {
    if !matches!(spec.kind, FieldKind::Codes(_) | FieldKind::Refs) {
        return None;
    }
    let (old, new) = (from.fields.get(spec.id)?, to.fields.get(spec.id)?);
    let differs = comparable(spec, old) != comparable(spec, new);
    let text = |value| key_text::value_text(spec, value);
    differs.then(|| t::move_they_get(&small((spec.label)()), &text(new), &text(old)))
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test without its precondition must fail")]
mod tests {
    use super::*;
    use crate::domain::{Date, FieldId, Value};
    use crate::features::key_text::tests::key;
    use crate::systems::qualys_gateway::MANIFEST;
    use crate::systems::qualys_gateway::fields::{LICENCES, TAGS};

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-21T12:00:00Z").expect("a moment")
    }

    fn told(change: impl FnOnce(&mut Key), count: u64) -> Vec<String> {
        let mut to = key();
        change(&mut to);
        warnings(&MANIFEST, &key(), &to, count, now())
    }

    #[test]
    fn a_like_target_with_room_is_not_warned_about() {
        assert!(told(|_| {}, 960).is_empty());
    }

    #[test]
    fn a_target_that_does_not_work_or_has_no_room_is_told() {
        assert_eq!(told(|it| it.disabled = true, 1), [t::move_to_disabled()]);
        let past = Date::parse("2026-11-01").map_or(Value::Nothing, Value::Day);
        assert_eq!(told(|it| it.fields.set(FieldId::EXPIRES, past), 1), [t::move_to_expired()]);
        assert_eq!(told(|_| {}, 961), [t::move_over_limit("1,001", "1,000")]);
        assert!(told(|it| it.fields.set(FieldId::LIMIT, Value::Limit(Limit::Unlimited)), 961).is_empty());
    }

    #[test]
    fn other_lists_are_told_with_what_they_replace() {
        let texts = told(
            |it| {
                it.fields.set(LICENCES, Value::Codes(vec!["GAV".to_owned()]));
                it.fields.remove(TAGS);
            },
            1,
        );
        assert_eq!(texts.len(), 1, "what the target does not tell cannot be compared: {texts:?}");
        assert!(
            texts.iter().all(|it| it.contains("licences") && it.contains("GAV") && it.contains("(PA)")),
            "{texts:?}"
        );
    }
}
