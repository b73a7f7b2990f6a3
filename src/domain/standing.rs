//! Whether a key works, derived: the API has one flag (`isDisabled`) and no "expired" or "full"
//! (reference `qualys.md`, section 10, "Expiry state").

use super::date::Date;
use super::key::{Key, Limit};

/// From so many days before its last day a key counts as "expires soon".
pub const SOON_DAYS: i64 = 30;

/// From this share of its limit a key counts as "nearly full".
pub const NEARLY_FULL_PERCENT: u64 = 90;

/// The one word for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It enrols machines.
    Active,
    /// An administrator switched it off.
    Disabled,
    /// Its last day has passed, in UTC.
    Expired,
    /// It has enrolled as many machines as it may.
    Full,
}

/// A key's state with everything that speaks for or against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The word shown: the strongest reason. Disabled outranks expired, which outranks full.
    pub state: State,
    /// Switched off, whatever else.
    pub disabled: bool,
    /// Days until the last day; negative once it has passed; `None` without an expiry.
    pub days_left: Option<i64>,
    /// As many machines as it may.
    pub full: bool,
    /// At or over [`NEARLY_FULL_PERCENT`] of its limit, but not full.
    pub nearly_full: bool,
}

impl Standing {
    /// Judges a key on the day `today` (UTC). The last day itself still counts as valid.
    #[must_use]
    pub fn of(key: &Key, today: Date) -> Self {
        let days_left = key.expires.map(|it| it.days_since(today));
        let expired = days_left.is_some_and(|it| it < 0);
        let (full, nearly_full) = match key.limit {
            Limit::Unlimited => (false, false),
            Limit::Of(limit) => {
                let full = key.used >= limit;
                let nearly = key.used.saturating_mul(100) >= limit.saturating_mul(NEARLY_FULL_PERCENT);
                (full, nearly && !full)
            }
        };
        let state = match (key.disabled, expired, full) {
            (true, _, _) => State::Disabled,
            (_, true, _) => State::Expired,
            (_, _, true) => State::Full,
            _ => State::Active,
        };
        Self { state, disabled: key.disabled, days_left, full, nearly_full }
    }

    /// Whether its last day has passed.
    #[must_use]
    pub fn expired(&self) -> bool {
        self.days_left.is_some_and(|it| it < 0)
    }

    /// Whether it is within [`SOON_DAYS`] of its last day.
    #[must_use]
    pub fn expires_soon(&self) -> bool {
        self.days_left.is_some_and(|it| (0..=SOON_DAYS).contains(&it))
    }
}

#[cfg(test)]
mod tests {
    use super::super::key::{KeyId, KeyKind};
    use super::super::secret::Secret;
    use super::*;

    fn standing(disabled: bool, used: u64, limit: Limit, expires: Option<&str>) -> Standing {
        let key = Key {
            id: KeyId("1".to_owned()),
            title: String::new(),
            value: Secret::new(String::new()),
            used,
            limit,
            kind: KeyKind::Unlimited,
            created: None,
            creator_name: String::new(),
            creator_login: String::new(),
            expires: expires.and_then(Date::parse),
            disabled,
            licences: Vec::new(),
            network: None,
            tags: None,
            apply_to_existing: None,
        };
        Standing::of(&key, Date { year: 2026, month: 11, day: 21 })
    }

    #[test]
    fn the_last_day_still_counts() {
        assert_eq!(standing(false, 0, Limit::Unlimited, Some("2026-11-21")).state, State::Active);
        assert_eq!(standing(false, 0, Limit::Unlimited, Some("2026-11-20")).state, State::Expired);
    }

    #[test]
    fn the_strongest_reason_is_the_word_and_the_others_stay_known() {
        let all = standing(true, 5, Limit::Of(5), Some("2020-01-01"));
        assert_eq!(all.state, State::Disabled);
        assert!(all.expired() && all.full && all.disabled);
        assert_eq!(standing(false, 5, Limit::Of(5), Some("2020-01-01")).state, State::Expired);
        assert_eq!(standing(false, 6, Limit::Of(5), None).state, State::Full);
    }

    #[test]
    fn nearly_full_starts_at_ninety_percent_and_ends_when_full() {
        assert!(!standing(false, 89, Limit::Of(100), None).nearly_full);
        assert!(standing(false, 90, Limit::Of(100), None).nearly_full);
        assert!(!standing(false, 100, Limit::Of(100), None).nearly_full);
        assert!(!standing(false, u64::MAX, Limit::Unlimited, None).full);
    }

    #[test]
    fn soon_is_thirty_days_and_today() {
        for (date, soon) in
            [("2026-11-20", false), ("2026-11-21", true), ("2026-12-21", true), ("2026-12-22", false)]
        {
            assert_eq!(standing(false, 0, Limit::Unlimited, Some(date)).expires_soon(), soon, "{date}");
        }
    }
}
