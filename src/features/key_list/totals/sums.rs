//! Sums in words.

use crate::domain::{FieldId, Key, Limit};
use crate::features::key_text::counted_text;
use crate::i18n::t;
use crate::systems::{Manifest, Totals};

/// The sums of a few keys, as [`crate::systems::Rows::totals`] adds up many.
pub(super) fn totals_of<'a>(keys: &mut dyn Iterator<Item = &'a Key>) -> Totals {
    let mut res = Totals::default();
    keys.for_each(|it| add(&mut res, it));
    res
}

fn add(totals: &mut Totals, key: &Key) {
    let (used, limit) = (key.used(), key.limit());
    totals.keys += 1;
    totals.used = totals.used.saturating_add(used.unwrap_or(0));
    totals.used_untold += usize::from(used.is_none());
    match (limit, used) {
        (Some(Limit::Unlimited), _) => totals.unlimited += 1,
        (Some(limit), Some(used)) => totals.free = totals.free.saturating_add(limit.free(used).unwrap_or(0)),
        _ => totals.free_untold += 1,
    }
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
    use crate::domain::Value;
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
        let totals = totals_of(&mut [&limited, &over, &unlimited, &untold].into_iter());
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
        let none = totals_of(&mut [&unlimited].into_iter());
        assert_eq!(parts(&qualys_gateway::MANIFEST, &none), ["1 key", "3 agents used", "1 without a limit"]);
        assert!(!has_totals(&qlik::MANIFEST));
    }
}
