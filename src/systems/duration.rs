//! ISO 8601 durations, added to a moment along the calendar (reference `qlik.md`, 2, "Duration grammar").
//!
//! The library that reads them weighs 36 KiB and more in the browser, and the grammar is one line long
//! (`docs/decisions/0007-durations.md`).

use crate::domain::{Date, Timestamp};

/// A time to live: months and seconds apart, since a month has no fixed length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    months: u32,
    secs: u64,
}

impl Duration {
    /// Reads `P[nY][nM][nW][nD][T[nH][nM][nS]]`: at least one part, whole numbers, not nothing at all.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix('P')?;
        let (date, time) = match rest.split_once('T') {
            Some((_, "")) => return None,
            Some((date, time)) => (date, time),
            None => (rest, ""),
        };
        let mut res = Self { months: 0, secs: 0 };
        for (unit, number) in parts(date, "YMWD")? {
            let number = u64::from(number);
            match unit {
                'Y' => res.months = res.months.checked_add(u32::try_from(number.checked_mul(12)?).ok()?)?,
                'M' => res.months = res.months.checked_add(u32::try_from(number).ok()?)?,
                'W' => res.secs = res.secs.checked_add(number.checked_mul(7 * 86_400)?)?,
                _ => res.secs = res.secs.checked_add(number.checked_mul(86_400)?)?,
            }
        }
        for (unit, number) in parts(time, "HMS")? {
            let secs = match unit {
                'H' => 3_600,
                'M' => 60,
                _ => 1,
            };
            res.secs = res.secs.checked_add(u64::from(number).checked_mul(secs)?)?;
        }
        (res.months > 0 || res.secs > 0).then_some(res)
    }

    /// The moment so long after `start`, in UTC. A month from the 31st ends on the last day there is.
    #[must_use]
    pub fn after(self, start: Timestamp) -> Option<Timestamp> {
        let day = start.date()?;
        let in_day = start.0 - day.start().0;
        let months = i64::from(day.year) * 12 + i64::from(day.month) - 1 + i64::from(self.months);
        let year = u16::try_from(months.div_euclid(12)).ok()?;
        let month = u8::try_from(months.rem_euclid(12) + 1).ok()?;
        let moved = (28..=day.day).rev().find_map(|it| Date::new(year, month, it));
        let moved = moved.or_else(|| Date::new(year, month, day.day))?;
        let secs = i64::try_from(self.secs).ok()?.checked_mul(1_000)?;
        let res = Timestamp(moved.start().0.checked_add(in_day)?.checked_add(secs)?);
        // Beyond the year 9999 there is no date to show.
        res.date().map(|_| res)
    }

    /// Whether it lasts longer than another one that starts at the same moment.
    #[must_use]
    pub fn is_longer_than(self, other: Self, start: Timestamp) -> bool {
        match (self.after(start), other.after(start)) {
            (Some(a), Some(b)) => a > b,
            (None, Some(_)) => true,
            _ => false,
        }
    }
}

/// `7D12H` as its parts; each unit at most once and in the order of `units`.
fn parts(text: &str, units: &str) -> Option<Vec<(char, u32)>> {
    let mut res = Vec::new();
    let mut rest = text;
    let mut left = units;
    while !rest.is_empty() {
        let at = rest.find(|it: char| !it.is_ascii_digit())?;
        let (number, tail) = rest.split_at_checked(at)?;
        let unit = tail.chars().next()?;
        left = left.get(left.find(unit)? + 1..)?;
        res.push((unit, number.parse().ok()?));
        rest = tail.get(1..)?;
    }
    Some(res)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(start: &str, duration: &str, end: &str) {
        let start = Timestamp::parse(start).unwrap_or(Timestamp(0));
        let got = Duration::parse(duration).and_then(|it| it.after(start)).map(|it| it.to_string());
        assert_eq!(got.as_deref(), Some(end), "{start} + {duration}");
    }

    #[test]
    fn days_weeks_and_hours_have_their_length() {
        check("2026-11-21T12:00:00Z", "P7D", "2026-11-28T12:00:00.000Z");
        check("2026-11-21T12:00:00Z", "PT24H", "2026-11-22T12:00:00.000Z");
        check("2026-11-21T12:00:00Z", "P1W2DT3H4M5S", "2026-11-30T15:04:05.000Z");
        check("2026-11-21T12:00:00Z", "P365D", "2027-11-21T12:00:00.000Z");
    }

    #[test]
    fn months_and_years_follow_the_calendar() {
        check("2027-01-31T00:00:00Z", "P1M", "2027-02-28T00:00:00.000Z");
        check("2028-01-31T00:00:00Z", "P1M", "2028-02-29T00:00:00.000Z");
        check("2028-02-29T06:00:00Z", "P1Y", "2029-02-28T06:00:00.000Z");
        check("2026-11-21T00:00:00Z", "P1Y2M3D", "2028-01-24T00:00:00.000Z");
        check("2026-12-05T00:00:00Z", "P1M", "2027-01-05T00:00:00.000Z");
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "",
            "P",
            "PT",
            "P7",
            "7D",
            "P0D",
            "PT0S",
            "P-7D",
            "P1.5D",
            "P7DT",
            "P1D1W",
            "P1D1D",
            "PT1D",
            "p7d",
            "P7d",
            "P99999999999D",
            " P7D",
            "P1Y1Y",
            "+P7D",
            "P1,5D",
            "PT1M1H",
            "PT1S1M",
            "P1D1M",
            "P1M1Y",
            "P7D ",
            "P٧D",
            "P7é",
            "P1DT",
            "PTT1H",
            "P1HT1H",
            "P0Y0M0DT0H0M0S",
        ] {
            assert_eq!(Duration::parse(text), None, "{text}");
        }
    }

    #[test]
    fn each_unit_of_the_grammar_counts() {
        for (duration, end) in [
            ("P1Y", "2028-01-31T00:00:00.000Z"),
            ("P13M", "2028-02-29T00:00:00.000Z"),
            ("P1W", "2027-02-07T00:00:00.000Z"),
            ("P007D", "2027-02-07T00:00:00.000Z"),
            ("PT90M", "2027-01-31T01:30:00.000Z"),
            ("PT1S", "2027-01-31T00:00:01.000Z"),
            ("P0Y1D", "2027-02-01T00:00:00.000Z"),
            // Months first, then days: the last of February, and one day on.
            ("P1M1D", "2027-03-01T00:00:00.000Z"),
            ("P1Y1M1W1DT1H1M1S", "2028-03-08T01:01:01.000Z"),
        ] {
            check("2027-01-31T00:00:00Z", duration, end);
        }
    }

    #[test]
    fn a_year_is_longer_than_its_days_in_a_leap_year_alone() {
        let longer = |start: &str| {
            let (year, days) = (Duration::parse("P1Y"), Duration::parse("P365D"));
            let start = Timestamp::parse(start).unwrap_or(Timestamp(0));
            year.zip(days).map(|(year, days)| year.is_longer_than(days, start))
        };
        assert_eq!(longer("2027-06-01T00:00:00Z"), Some(true));
        assert_eq!(longer("2026-06-01T00:00:00Z"), Some(false));
    }

    #[test]
    fn what_leaves_the_calendar_has_no_end() {
        let start = Timestamp::parse("2026-11-21T12:00:00Z").unwrap_or(Timestamp(0));
        assert_eq!(Duration::parse("P9000Y").and_then(|it| it.after(start)), None);
        let (day, week) = (Duration::parse("P1D"), Duration::parse("P1W"));
        assert_eq!(week.zip(day).map(|(a, b)| a.is_longer_than(b, start)), Some(true));
    }
}
