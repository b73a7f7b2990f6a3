//! Sums in words.

use crate::domain::{FieldId, Key, Timestamp};
use crate::features::key_text::counted_text;
use crate::i18n::t;
use crate::systems::{Manifest, Totals};

/// The sums of a few keys.
pub(super) fn totals_of<'a>(keys: &mut dyn Iterator<Item = &'a Key>, now: Timestamp) -> Totals {
    let mut res = Totals::default();
    keys.for_each(|it| res.add(it, now));
    res
}

/// Whether the keys of a system have anything to sum up.
pub(super) fn has_totals(manifest: &Manifest) -> bool {
    manifest.field(FieldId::USED).is_some()
}

/// The sums in words: "745 keys", "12,345 agents used", "1,200 places free", "12 without a limit".
pub(super) fn parts(manifest: &Manifest, totals: &Totals) -> Vec<String> {
    let count = |it: usize| u64::try_from(it).unwrap_or(u64::MAX);
    let mut res = vec![t::list_result(count(totals.keys))];
    let Some(spec) = manifest.field(FieldId::USED) else { return res };
    if totals.used_untold < totals.keys || totals.keys == 0 {
        res.push(t::totals_used(&counted_text(spec, totals.used)));
    }
    if totals.used_untold > 0 {
        res.push(t::totals_used_untold(count(totals.used_untold)));
    }
    if manifest.field(FieldId::LIMIT).is_none() {
        return res;
    }
    let limited = totals.keys.saturating_sub(totals.unlimited + totals.free_untold);
    if limited > 0 {
        res.push(t::totals_free(totals.free));
    }
    if totals.unlimited > 0 {
        res.push(t::totals_unlimited(count(totals.unlimited)));
    }
    if totals.free_untold > 0 {
        res.push(t::totals_free_untold(count(totals.free_untold)));
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Limit, Value};
    use crate::systems::{qlik, qualys_gateway};

    fn key(used: Option<i64>, limit: Option<Limit>) -> Key {
        let mut res = Key::new("1");
        if let Some(used) = used {
            res.fields.set(FieldId::USED, Value::Number(used));
        }
        if let Some(limit) = limit {
            res.fields.set(FieldId::LIMIT, Value::Limit(limit));
        }
        res
    }

    #[test]
    fn what_has_no_limit_or_is_not_told_is_said_and_never_counted() {
        let limited = key(Some(40), Some(Limit::Of(1_000)));
        let over = key(Some(7), Some(Limit::Of(5)));
        let unlimited = key(Some(3), Some(Limit::Unlimited));
        let untold = key(None, Some(Limit::Of(10)));
        let totals = totals_of(&mut [&limited, &over, &unlimited, &untold].into_iter(), Timestamp(0));
        assert_eq!(
            parts(&qualys_gateway::MANIFEST, &totals),
            [
                "4 keys",
                "50 agents used",
                "1 does not tell its use",
                "960 places free",
                "1 without a limit",
                "1 does not tell its places",
            ]
        );
        let none = totals_of(&mut [&unlimited].into_iter(), Timestamp(0));
        assert_eq!(parts(&qualys_gateway::MANIFEST, &none), ["1 key", "3 agents used", "1 without a limit"]);
        assert!(!has_totals(&qlik::MANIFEST));
    }
}
