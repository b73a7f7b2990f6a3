//! Days and moments in UTC, with no library: the browser's own `Intl` prints them, so all that is
//! needed here is reading the APIs' spellings and counting days.

use std::fmt;

/// Milliseconds in a day.
const DAY_MS: i64 = 86_400_000;

/// A calendar day in UTC, as the APIs mean `YYYY-MM-DD` (reference `qualys.md`, 1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// The year, 1 to 9999.
    pub year: u16,
    /// The month, 1 to 12.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

impl Date {
    /// The day, if it exists in the calendar.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let valid = (1..=9999).contains(&year) && day >= 1 && day <= days_in_month(year, month)?;
        valid.then_some(Self { year, month, day })
    }

    /// Reads `YYYY-MM-DD` exactly.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let year = digits(parts.next()?, 4)?;
        let month = digits(parts.next()?, 2)?;
        let day = digits(parts.next()?, 2)?;
        if parts.next().is_some() {
            return None;
        }
        Self::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// Days since 1970-01-01; negative before it.
    #[must_use]
    pub fn day_number(self) -> i64 {
        // The year starts in March here, which puts the leap day last; then a 400-year cycle has
        // a fixed length.
        let month = i64::from(self.month);
        let year = i64::from(self.year) - i64::from(month <= 2);
        let cycle = year.div_euclid(400);
        let year_of_cycle = year.rem_euclid(400);
        let month_from_march = (month + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(self.day) - 1;
        let day_of_cycle = year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
        cycle * 146_097 + day_of_cycle - 719_468
    }

    /// The day with that [`Date::day_number`].
    #[must_use]
    pub fn from_day_number(number: i64) -> Option<Self> {
        let shifted = number + 719_468;
        let cycle = shifted.div_euclid(146_097);
        let day_of_cycle = shifted.rem_euclid(146_097);
        let year_of_cycle =
            (day_of_cycle - day_of_cycle / 1_460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
        let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = cycle * 400 + year_of_cycle + i64::from(month <= 2);
        Self::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// Days from `other` to this day; negative when this day is earlier.
    #[must_use]
    pub fn days_since(self, other: Self) -> i64 {
        self.day_number() - other.day_number()
    }

    /// The moment this day starts in UTC.
    #[must_use]
    pub fn start(self) -> Timestamp {
        Timestamp(self.day_number() * DAY_MS)
    }
}

impl fmt::Display for Date {
    /// `YYYY-MM-DD`, the wire form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Reads an ISO 8601 date-time with 0 to 9 (or more) fractional digits and an optional zone.
    ///
    /// The gateway API sends no zone; that is read as UTC (reference `qualys.md`, 1.1 and 10).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.split_once(['T', ' '])?;
        let date = Date::parse(date)?;
        let (clock, offset_min) = split_zone(time)?;
        let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
        let mut parts = clock.split(':');
        let hour = digits(parts.next()?, 2).filter(|it| *it < 24)?;
        let minute = digits(parts.next()?, 2).filter(|it| *it < 60)?;
        // 60 is a leap second; it lands on the next minute.
        let second = parts.next().map_or(Some(0), |it| digits(it, 2).filter(|it| *it <= 60))?;
        if parts.next().is_some() || !fraction.bytes().all(|it| it.is_ascii_digit()) {
            return None;
        }
        let padded: String = fraction.chars().chain("000".chars()).take(3).collect();
        let millis = digits(&padded, 3)?;
        let minutes = i64::from(hour) * 60 + i64::from(minute) - offset_min;
        Some(Self(date.start().0 + minutes * 60_000 + i64::from(second) * 1_000 + i64::from(millis)))
    }

    /// The day it falls on in UTC.
    #[must_use]
    pub fn date(self) -> Option<Date> {
        Date::from_day_number(self.0.div_euclid(DAY_MS))
    }

    /// This moment, so many seconds later.
    #[must_use]
    pub fn plus_secs(self, secs: i64) -> Self {
        Self(self.0.saturating_add(secs.saturating_mul(1_000)))
    }

    /// Whole seconds from `other` to this moment; negative when this one is earlier.
    #[must_use]
    pub fn secs_since(self, other: Self) -> i64 {
        (self.0 - other.0).div_euclid(1_000)
    }
}

impl fmt::Display for Timestamp {
    /// `2026-11-21T12:00:00.000Z`, the form most APIs write.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ms, day) = (self.0.rem_euclid(DAY_MS), self.date());
        let (secs, ms) = (ms / 1_000, ms % 1_000);
        match day {
            Some(day) => {
                write!(f, "{day}T{:02}:{:02}:{:02}.{ms:03}Z", secs / 3_600, secs / 60 % 60, secs % 60)
            }
            None => write!(f, "{} ms", self.0),
        }
    }
}

/// Splits `12:00:00+02:00` into the clock and its offset from UTC in minutes.
fn split_zone(time: &str) -> Option<(&str, i64)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return Some((clock, 0));
    }
    let Some(at) = time.find(['+', '-']) else { return Some((time, 0)) };
    let (clock, zone) = time.split_at_checked(at)?;
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let zone: String = zone.chars().skip(1).filter(|it| *it != ':').collect();
    let number = digits(&zone, 4)?;
    Some((clock, sign * i64::from(number / 100 * 60 + number % 100)))
}

fn digits(text: &str, len: usize) -> Option<u32> {
    let valid = text.len() == len && text.bytes().all(|it| it.is_ascii_digit());
    valid.then(|| text.parse().ok()).flatten()
}

fn days_in_month(year: u16, month: u8) -> Option<u8> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_of_the_calendar_are_read() {
        for text in [
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "26-01-01",
            "2026-1-01",
            "2026-01-01-",
            "",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        assert_eq!(Date::parse("2024-02-29").map(|it| it.to_string()), Some("2024-02-29".to_owned()));
    }

    #[test]
    fn day_numbers_go_there_and_back_over_four_centuries() {
        let mut number = Date::parse("1900-01-01").map(Date::day_number).unwrap_or_default();
        let end = Date::parse("2300-12-31").map(Date::day_number).unwrap_or_default();
        while number <= end {
            let date = Date::from_day_number(number).map(Date::day_number);
            assert_eq!(date, Some(number));
            number += 1;
        }
        assert_eq!(Date::parse("1970-01-01").map(Date::day_number), Some(0));
        assert_eq!(Date::parse("2026-11-21").map(Date::day_number), Some(20_778));
    }

    #[test]
    fn date_times_have_zero_to_nine_digits_and_any_zone() {
        let check = |text: &str, ms: i64| assert_eq!(Timestamp::parse(text), Some(Timestamp(ms)), "{text}");
        check("2025-09-08T18:40:11", 1_757_356_811_000);
        check("2025-09-08T19:43:45.378378608", 1_757_360_625_378);
        check("2021-05-13T15:19:31Z", 1_620_919_171_000);
        check("2021-05-13T17:19:31+02:00", 1_620_919_171_000);
        check("2021-05-13T10:19:31-0500", 1_620_919_171_000);
        check("2021-05-13T15:19", 1_620_919_140_000);
        for text in ["2025-09-08", "2025-09-08T", "2025-09-08T25:00:00", "2025-09-08T10:00:00.x", "x"] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_moment_before_1970_falls_on_the_right_day() {
        assert_eq!(Timestamp(-1).date().map(|it| it.to_string()), Some("1969-12-31".to_owned()));
    }
}
