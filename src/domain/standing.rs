//! Whether a key works. Most of it is derived: no API says "full", and of the four only one says "expired"
//! (reference `qualys.md`, section 10, "Expiry state"; `solifyn.md`, 3 and 7; `qlik.md`, 2).

use super::date::Timestamp;
use super::key::{Ended, Key};
use super::value::Limit;

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
    /// The system took it back for good.
    Revoked,
    /// The system put it away.
    Archived,
    /// The system says that it is not in use.
    Inactive,
}

impl State {
    /// The word for a key: what the system says of its end, whether it is switched off, whether its time is over, and
    /// whether it has enrolled as many as it may.
    #[must_use]
    pub fn of(ended: Option<Ended>, disabled: bool, over: bool, full: bool) -> Self {
        match (ended, disabled, over, full) {
            (Some(Ended::Revoked), ..) => Self::Revoked,
            (Some(Ended::Archived), ..) => Self::Archived,
            (_, true, ..) => Self::Disabled,
            (Some(Ended::Inactive), ..) => Self::Inactive,
            (_, _, true, _) => Self::Expired,
            (_, _, _, true) => Self::Full,
            _ => Self::Active,
        }
    }
}

/// A key's state with everything that speaks for or against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The word shown: the strongest reason. What cannot be undone outranks disabled, which outranks expired,
    /// which outranks full.
    pub state: State,
    /// Switched off, whatever else.
    pub disabled: bool,
    /// Past its end, by its date or by the system's word.
    pub over: bool,
    /// Days until the last day; negative once it has passed; `None` without an expiry.
    pub days_left: Option<i64>,
    /// As many machines as it may.
    pub full: bool,
    /// At or over [`NEARLY_FULL_PERCENT`] of its limit, but not full.
    pub nearly_full: bool,
}

impl Standing {
    /// Judges a key at the moment `now`. A last day itself still counts as valid.
    #[must_use]
    pub fn of(key: &Key, now: Timestamp) -> Self {
        let expires = key.expires();
        let days_left = expires.and_then(|it| Some(it.day()?.days_since(now.date()?)));
        let over = key.ended == Some(Ended::Expired) || expires.is_some_and(|it| it.end() <= now);
        let used = key.used().unwrap_or(0);
        let (full, nearly_full) = match key.limit() {
            None | Some(Limit::Unlimited) => (false, false),
            Some(Limit::Of(limit)) => {
                let full = used >= limit;
                let nearly = used.saturating_mul(100) >= limit.saturating_mul(NEARLY_FULL_PERCENT);
                (full, nearly && !full)
            }
        };
        let state = State::of(key.ended, key.disabled, over, full);
        Self { state, disabled: key.disabled, over, days_left, full, nearly_full }
    }

    /// Whether its end has passed.
    #[must_use]
    pub fn expired(&self) -> bool {
        self.over
    }

    /// Whether it is within [`SOON_DAYS`] of its last day. What was taken back or put away has no end to come.
    #[must_use]
    pub fn expires_soon(&self) -> bool {
        let is_gone = matches!(self.state, State::Revoked | State::Archived);
        !self.over && !is_gone && self.days_left.is_some_and(|it| (0..=SOON_DAYS).contains(&it))
    }
}

#[cfg(test)]
mod tests {
    use super::super::date::Date;
    use super::super::value::{FieldId, Value};
    use super::*;

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-21T12:00:00Z").unwrap_or(Timestamp(0))
    }

    fn key(disabled: bool, used: i64, limit: Limit, expires: Option<Value>) -> Key {
        let mut key = Key { disabled, ..Key::new("1") };
        key.fields.set(FieldId::USED, Value::Number(used));
        key.fields.set(FieldId::LIMIT, Value::Limit(limit));
        key.fields.set(FieldId::EXPIRES, expires.unwrap_or(Value::Nothing));
        key
    }

    fn standing(disabled: bool, used: i64, limit: Limit, expires: Option<&str>) -> Standing {
        Standing::of(&key(disabled, used, limit, expires.and_then(Date::parse).map(Value::Day)), now())
    }

    #[test]
    fn the_last_day_still_counts() {
        assert_eq!(standing(false, 0, Limit::Unlimited, Some("2026-11-21")).state, State::Active);
        assert_eq!(standing(false, 0, Limit::Unlimited, Some("2026-11-20")).state, State::Expired);
    }

    #[test]
    fn a_moment_ends_at_the_moment() {
        for (moment, state) in
            [("2026-11-21T12:00:00Z", State::Expired), ("2026-11-21T12:00:00.001Z", State::Active)]
        {
            let value = Timestamp::parse(moment).map(Value::Moment);
            let standing = Standing::of(&key(false, 0, Limit::Unlimited, value), now());
            assert_eq!((standing.state, standing.days_left), (state, Some(0)), "{moment}");
            assert_eq!(standing.expires_soon(), state == State::Active, "{moment}");
        }
    }

    #[test]
    fn what_the_system_says_outranks_what_is_derived() {
        let said = |ended| {
            let key = Key { ended: Some(ended), ..key(true, 5, Limit::Of(5), None) };
            Standing::of(&key, now()).state
        };
        assert_eq!(said(Ended::Revoked), State::Revoked);
        assert_eq!(said(Ended::Archived), State::Archived);
        assert_eq!(said(Ended::Expired), State::Disabled);
        let expired = Key { ended: Some(Ended::Expired), ..Key::new("1") };
        assert!(Standing::of(&expired, now()).expired());
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
        assert!(!standing(false, i64::MAX, Limit::Unlimited, None).full);
        assert!(!Standing::of(&Key::new("1"), now()).full);
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
