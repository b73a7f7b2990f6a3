//! Dates of queries and of records. Days are counted from 1970-01-01, moments in milliseconds from its start in UTC.

use crate::record::{Clock, ValueRef};
use alloc::string::String;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Reads a date of a record: `2025-09-08` is a [`ValueRef::Day`], `2025-09-08T18:40:11` a [`ValueRef::Moment`].
/// A blank may stand for the `T`; seconds, any number of decimals, `Z` and an offset may follow.
/// A moment without a zone is in UTC, which is what the documents say about dates.
///
/// ```
/// assert_eq!(qql::parse_date("1970-01-02"), Some(qql::ValueRef::Day(1)));
/// assert_eq!(qql::parse_date("1970-01-01T01:00:00.5+01:00"), Some(qql::ValueRef::Moment(500)));
/// ```
pub fn parse_date(text: &str) -> Option<ValueRef<'static>> {
    let written = Written::read(text.trim())?;
    match written.time {
        None => i32::try_from(written.day).ok().map(ValueRef::Day),
        Some(_) => Some(ValueRef::Moment(written.span(0).0)),
    }
}

/// The dates that fulfil a condition, as moments and as days. The ends do not belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) from_ms: i64,
    pub(crate) end_ms: i64,
    pub(crate) from_day: i64,
    pub(crate) end_day: i64,
}

impl Window {
    /// All that the written date means: a day, or a minute, second or millisecond of one.
    /// `now` and what is counted from it in hours or less is a moment; counted in days or more it is a day.
    pub(crate) fn read(text: &str, clock: Clock) -> Option<Self> {
        let text = text.trim();
        let (from_ms, end_ms, local_day) = match text.get(..3) {
            Some(head) if head.eq_ignore_ascii_case("now") => relative(text.get(3..)?, clock)?,
            _ => {
                let written = Written::read(text)?;
                let (from_ms, end_ms) = written.span(clock.offset_minutes);
                (from_ms, end_ms, written.time.is_none().then_some(written.day))
            }
        };
        let (from_day, last_day) = match local_day {
            Some(day) => (day, day),
            None => (from_ms.div_euclid(DAY), (end_ms - 1).div_euclid(DAY)),
        };
        Some(Self { from_ms, end_ms, from_day, end_day: last_day + 1 })
    }

    /// The times that words name, as in `in 30 days`; see [`Spoken`].
    pub(crate) fn spoken(text: &str, clock: Clock) -> Option<Self> {
        let spoken = Spoken::read(text)?;
        let offset = i64::from(clock.offset_minutes) * MINUTE;
        let today = clock.now_ms.checked_add(offset)?.div_euclid(DAY);
        let start = |day: i64| day.checked_mul(DAY)?.checked_sub(offset);
        let at = |n_days: i64| today.checked_add(n_days);
        let (from_day, last_day) = match spoken {
            Spoken::Next(span) => (today, at(span.n_days())?),
            Spoken::Last(span) => (at(-span.n_days())?, today),
            Spoken::Ago(span) => (at(-span.n_days())?, at(-span.n_days())?),
            Spoken::Today => (today, today),
            Spoken::Yesterday => (at(-1)?, at(-1)?),
            Spoken::Tomorrow => (at(1)?, at(1)?),
        };
        let end_day = last_day.checked_add(1)?;
        let is_from_now = matches!(spoken, Spoken::Next(_));
        let is_to_now = matches!(spoken, Spoken::Last(_));
        let from_ms = if is_from_now { clock.now_ms } else { start(from_day)? };
        let end_ms = if is_to_now { clock.now_ms.checked_add(1)? } else { start(end_day)? };
        Some(Self { from_ms, end_ms, from_day, end_day })
    }

    /// Everything behind this one.
    pub(crate) fn after(self) -> Self {
        Self { from_ms: self.end_ms, from_day: self.end_day, end_ms: i64::MAX, end_day: i64::MAX }
    }

    /// Everything before this one.
    pub(crate) fn before(self) -> Self {
        Self { end_ms: self.from_ms, end_day: self.from_day, from_ms: i64::MIN, from_day: i64::MIN }
    }

    /// This one and everything behind it.
    pub(crate) fn since(self) -> Self {
        Self { end_ms: i64::MAX, end_day: i64::MAX, ..self }
    }

    /// This one and everything before it.
    pub(crate) fn until(self) -> Self {
        Self { from_ms: i64::MIN, from_day: i64::MIN, ..self }
    }

    /// What is in both.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            from_ms: self.from_ms.max(other.from_ms),
            end_ms: self.end_ms.min(other.end_ms),
            from_day: self.from_day.max(other.from_day),
            end_day: self.end_day.min(other.end_day),
        }
    }

    /// Nothing is in it.
    pub(crate) fn is_empty(self) -> bool {
        self.end_ms <= self.from_ms && self.end_day <= self.from_day
    }

    pub(crate) fn has_moment(self, ms: i64) -> bool {
        self.from_ms <= ms && ms < self.end_ms
    }

    pub(crate) fn has_day(self, day: i32) -> bool {
        let day = i64::from(day);
        self.from_day <= day && day < self.end_day
    }
}

/// A length of time as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// How many of them.
    pub count: i64,
    /// Of what.
    pub unit: Unit,
}

/// What a [`Span`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Days.
    Day,
    /// Seven days.
    Week,
    /// In words 30 days, behind `now` a month of the calendar.
    Month,
    /// In words 365 days, behind `now` a year of the calendar.
    Year,
}

impl Span {
    fn read(count: &str, unit: &str) -> Option<Self> {
        let mut rest = count;
        let count = number(&mut rest, 1, 6).filter(|_| rest.is_empty())?;
        let unit = unit.to_ascii_lowercase();
        let unit = match unit.strip_suffix('s').unwrap_or(&unit) {
            "day" => Unit::Day,
            "week" => Unit::Week,
            "month" => Unit::Month,
            "year" => Unit::Year,
            _ => return None,
        };
        Some(Self { count, unit })
    }

    fn n_days(self) -> i64 {
        self.count
            * match self.unit {
                Unit::Day => 1,
                Unit::Week => 7,
                Unit::Month => 30,
                Unit::Year => 365,
            }
    }
}

/// A time in words, counted in days from now. An extension of this crate, which no server knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spoken {
    /// `in 30 days`, `next 30 days`: from now up to the end of that day.
    Next(Span),
    /// `last 30 days`: from the beginning of that day up to now.
    Last(Span),
    /// `30 days ago`: all of that day.
    Ago(Span),
    Today,
    Yesterday,
    Tomorrow,
}

impl Spoken {
    /// Reads the words in either case.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let (first, second, third) = (words.next()?, words.next(), words.next());
        if words.next().is_some() {
            return None;
        }
        let is = |word: &str, name: &str| word.eq_ignore_ascii_case(name);
        match (second, third) {
            (None, None) if is(first, "today") => Some(Self::Today),
            (None, None) if is(first, "yesterday") => Some(Self::Yesterday),
            (None, None) if is(first, "tomorrow") => Some(Self::Tomorrow),
            (Some(unit), Some(ago)) if is(ago, "ago") => Span::read(first, unit).map(Self::Ago),
            (Some(count), Some(unit)) if is(first, "in") || is(first, "next") => {
                Span::read(count, unit).map(Self::Next)
            }
            (Some(count), Some(unit)) if is(first, "last") => Span::read(count, unit).map(Self::Last),
            _ => None,
        }
    }
}

/// `now`, or one step from it in days or more: how far, and whether it is ahead. `None` for anything else.
pub(crate) fn step_from_now(text: &str) -> Option<(Option<Span>, bool)> {
    let text = text.trim();
    let head = text.get(..3).filter(|head| head.eq_ignore_ascii_case("now"))?;
    let step = text.get(head.len()..)?.trim();
    if step.is_empty() {
        return Some((None, true));
    }
    let is_ahead = step.starts_with('+');
    let mut rest = step.strip_prefix(['-', '+'])?.trim_start();
    let count = number(&mut rest, 1, 6)?;
    let unit = match rest.trim() {
        "d" => Unit::Day,
        "w" => Unit::Week,
        "M" => Unit::Month,
        "y" => Unit::Year,
        _ => return None,
    };
    Some((Some(Span { count, unit }), is_ahead))
}

/// `now` with `text` behind it, for example `-30d` or `+1M+12h`: first and end moment, and the day it is if it is one.
/// The units are those of the usual date arithmetic: `s`, `m` (minutes), `h`, `d`, `w`, `M` (months), `y`.
fn relative(text: &str, clock: Clock) -> Option<(i64, i64, Option<i64>)> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let mut rest = text.as_str();
    let offset = i64::from(clock.offset_minutes) * MINUTE;
    let mut local = clock.now_ms.checked_add(offset)?;
    let mut is_day = !rest.is_empty();
    while !rest.is_empty() {
        let sign = if rest.starts_with('-') { -1 } else { 1 };
        rest = rest.strip_prefix(['-', '+'])?;
        let count = number(&mut rest, 1, 6)? * sign;
        let unit = rest.chars().next()?;
        rest = rest.get(unit.len_utf8()..)?;
        let step = match unit {
            's' => 1000,
            'm' => MINUTE,
            'h' => HOUR,
            'd' => DAY,
            'w' => 7 * DAY,
            'M' | 'y' => {
                let months = if unit == 'y' { count * 12 } else { count };
                local = plus_months(local, months)?;
                continue;
            }
            _ => return None,
        };
        is_day &= step >= DAY;
        local = local.checked_add(count.checked_mul(step)?)?;
    }
    if !is_day {
        let moment = local.checked_sub(offset)?;
        return Some((moment, moment.checked_add(1)?, None));
    }
    let day = local.div_euclid(DAY);
    let from = day.checked_mul(DAY)?.checked_sub(offset)?;
    Some((from, from.checked_add(DAY)?, Some(day)))
}

/// The same time of day so many months later; the last day of the month where that one is shorter.
fn plus_months(local: i64, months: i64) -> Option<i64> {
    let (year, month, day) = civil(local.div_euclid(DAY));
    let month = year.checked_mul(12)?.checked_add(month - 1)?.checked_add(months)?;
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
    let day = days(year, month, day.min(month_length(year, month)));
    day.checked_mul(DAY)?.checked_add(local.rem_euclid(DAY))
}

/// A date as it is written.
struct Written {
    day: i64,
    /// Milliseconds since midnight, how many of them the smallest written unit has, and minutes ahead of UTC.
    time: Option<(i64, i64, Option<i64>)>,
}

impl Written {
    fn read(text: &str) -> Option<Self> {
        let mut rest = text;
        let year = number(&mut rest, 4, 4)?;
        rest = rest.strip_prefix('-')?;
        let month = number(&mut rest, 2, 2)?;
        rest = rest.strip_prefix('-')?;
        let day = number(&mut rest, 2, 2)?;
        if !(1..=12).contains(&month) || !(1..=month_length(year, month)).contains(&day) {
            return None;
        }
        let day = days(year, month, day);
        if rest.is_empty() {
            return Some(Self { day, time: None });
        }
        rest = rest.strip_prefix(['T', 't', ' '])?.trim_start();
        let hour = number(&mut rest, 2, 2)?;
        rest = rest.strip_prefix(':')?;
        let minute = number(&mut rest, 2, 2)?;
        let (mut second, mut milli, mut unit) = (0, 0, MINUTE);
        if let Some(behind) = rest.strip_prefix(':') {
            rest = behind;
            second = number(&mut rest, 2, 2)?;
            unit = 1000;
            if let Some(behind) = rest.strip_prefix('.') {
                rest = behind;
                milli = decimals(&mut rest)?;
                unit = 1;
            }
        }
        if 23 < hour || 59 < minute || 60 < second {
            return None;
        }
        let zone = zone(rest)?;
        Some(Self { day, time: Some((hour * HOUR + minute * MINUTE + second * 1000 + milli, unit, zone)) })
    }

    /// Its first moment and the first one behind it, where what has no zone is `offset` minutes ahead of UTC.
    fn span(&self, offset: i32) -> (i64, i64) {
        let midnight = self.day * DAY;
        let (from, length, zone) = match self.time {
            None => (midnight, DAY, None),
            Some((time, unit, zone)) => (midnight + time, unit, zone),
        };
        let from = from - zone.unwrap_or(i64::from(offset)) * MINUTE;
        (from, from + length)
    }
}

/// Reads `Z`, `+01:00`, `+0100`, `+01` or nothing, up to the end.
fn zone(text: &str) -> Option<Option<i64>> {
    let text = text.trim_start();
    if text.is_empty() {
        return Some(None);
    }
    if text.eq_ignore_ascii_case("z") {
        return Some(Some(0));
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let mut rest = text.strip_prefix(['-', '+'])?;
    let hours = number(&mut rest, 2, 2)?;
    rest = rest.strip_prefix(':').unwrap_or(rest);
    let minutes = if rest.is_empty() { 0 } else { number(&mut rest, 2, 2)? };
    (rest.is_empty() && hours < 24 && minutes < 60).then_some(Some(sign * (hours * 60 + minutes)))
}

/// Reads the decimals of a second as milliseconds; what is smaller is cut off.
fn decimals(text: &mut &str) -> Option<i64> {
    let (mut milli, mut weight, mut len) = (0, 100, 0);
    for digit in text.bytes().map_while(|byte| char::from(byte).to_digit(10)) {
        milli += i64::from(digit) * weight;
        weight /= 10;
        len += 1;
    }
    *text = text.get(len..)?;
    (0 < len).then_some(milli)
}

/// Reads from `least` to `most` digits.
fn number(text: &mut &str, least: usize, most: usize) -> Option<i64> {
    let len = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(len)?;
    *text = rest;
    if len < least { None } else { digits.parse().ok() }
}

fn month_length(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to that day. The year is counted from March, so that the leap day is its last one; 400 years
/// have 146,097 days.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let of_era = year.rem_euclid(400);
    year.div_euclid(400) * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719_468
}

/// Year, month and day of the month. The other way round of [`days`].
fn civil(day: i64) -> (i64, i64, i64) {
    let day = day.saturating_add(719_468);
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let (day_of_month, month) = (day_of_year - (153 * month + 2) / 5 + 1, (month + 2) % 12 + 1);
    (year + day.div_euclid(146_097) * 400 + i64::from(month <= 2), month, day_of_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_the_same_both_ways() {
        for day in -800_000..800_000 {
            let (year, month, of_month) = civil(day);
            assert_eq!(days(year, month, of_month), day);
            assert!((1..=12).contains(&month) && (1..=month_length(year, month)).contains(&of_month));
        }
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(20_773), (2026, 11, 16));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in
            ["", "2025", "2025-1-01", "2025-02-29", "2025-13-01", "2025-01-01T", "2025-01-01T24:00", "now"]
        {
            assert_eq!(parse_date(text), None, "{text}");
        }
        for text in ["nowadays", "now-", "now-d", "now-1", "now-1x", "now 1d", "now-1234567d", "é"] {
            let clock = Clock { now_ms: 0, offset_minutes: 0 };
            assert_eq!(Window::read(text, clock), None, "{text}");
        }
    }

    #[test]
    fn words_name_days_and_spans() {
        let span = |count, unit| Span { count, unit };
        assert_eq!(
            [Unit::Day, Unit::Week, Unit::Month, Unit::Year].map(|unit| span(2, unit).n_days()),
            [2, 14, 60, 730]
        );
        for (text, spoken) in [
            ("in 30 days", Spoken::Next(span(30, Unit::Day))),
            ("Next 1 week", Spoken::Next(span(1, Unit::Week))),
            ("in  2\tMONTHS", Spoken::Next(span(2, Unit::Month))),
            ("last 1 year", Spoken::Last(span(1, Unit::Year))),
            (" today ", Spoken::Today),
            ("Yesterday", Spoken::Yesterday),
            ("tomorrow", Spoken::Tomorrow),
            ("1 day ago", Spoken::Ago(span(1, Unit::Day))),
            ("3 weeks ago", Spoken::Ago(span(3, Unit::Week))),
        ] {
            assert_eq!(Spoken::read(text), Some(spoken), "{text}");
        }
        for text in [
            "",
            "in",
            "in 30",
            "in days",
            "in 30 days ago",
            "30 days",
            "last week",
            "in 1x days",
            "in -1 days",
        ] {
            assert_eq!(Spoken::read(text), None, "{text}");
        }
        for text in ["in 1234567 days", "in 3 hours", "in 3 dayss", "today now", "next tomorrow", "é 1 é"] {
            assert_eq!(Spoken::read(text), None, "{text}");
        }
    }

    #[test]
    fn spans_reach_from_now_to_the_end_of_the_day() {
        // 1970-01-11 at noon in UTC.
        let clock = Clock { now_ms: 10 * DAY + DAY / 2, offset_minutes: 0 };
        let window =
            |text| Window::spoken(text, clock).map(|it| (it.from_ms, it.end_ms, it.from_day, it.end_day));
        assert_eq!(window("in 2 days"), Some((clock.now_ms, 13 * DAY, 10, 13)));
        assert_eq!(window("last 2 days"), Some((8 * DAY, clock.now_ms + 1, 8, 11)));
        assert_eq!(window("2 days ago"), Some((8 * DAY, 9 * DAY, 8, 9)));
        assert_eq!(window("tomorrow"), Some((11 * DAY, 12 * DAY, 11, 12)));
        // Fourteen hours ahead of UTC it is the next day already.
        let ahead = Clock { offset_minutes: 14 * 60, ..clock };
        let today = Window::spoken("today", ahead).map(|it| (it.from_ms, it.from_day, it.end_day));
        assert_eq!(today, Some((11 * DAY - 14 * HOUR, 11, 12)));
    }

    #[test]
    fn every_spelling_of_a_moment_is_read() {
        let moment = Some(ValueRef::Moment(1_757_356_811_000));
        assert_eq!(parse_date("2025-09-08T18:40:11"), moment);
        assert_eq!(parse_date("2025-09-08 18:40:11Z"), moment);
        assert_eq!(parse_date("2025-09-08T20:40:11+02:00"), moment);
        assert_eq!(parse_date("2025-09-08T13:10:11.000000000-0530"), moment);
        assert_eq!(parse_date("2025-09-08T18:40:11.378378608"), Some(ValueRef::Moment(1_757_356_811_378)));
    }
}
