//! Durations as the create body and the tenant's maxima write them: `P7D`, `PT24H`, `P1Y6M` (reference, section 2).

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// Reads `P[nY][nM][nW][nD][T[nH][nM][nS]]` with at least one part and no sign; zero is no duration.
#[must_use]
pub(super) fn parse(text: &str) -> Option<Span> {
    let rest = text.strip_prefix('P')?;
    let (date, time) = match rest.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (rest, ""),
    };
    let mut res = Span::new();
    for (unit, number) in parts(date, "YMWD")? {
        res = match unit {
            'Y' => res.try_years(number),
            'M' => res.try_months(number),
            'W' => res.try_weeks(number),
            _ => res.try_days(number),
        }
        .ok()?;
    }
    for (unit, number) in parts(time, "HMS")? {
        res = match unit {
            'H' => res.try_hours(number),
            'M' => res.try_minutes(number),
            _ => res.try_seconds(number),
        }
        .ok()?;
    }
    (!res.is_zero()).then_some(res)
}

/// When a duration that starts at `start` is over, by the calendar in UTC; both in milliseconds since 1970.
/// `None` beyond the year 9999.
#[must_use]
pub(super) fn end(start: i64, span: Span) -> Option<i64> {
    let start = Timestamp::from_millisecond(start).ok()?.to_zoned(TimeZone::UTC);
    Some(start.checked_add(span).ok()?.timestamp().as_millisecond())
}

/// The numbers and their units, each unit at most once and in the order given.
fn parts(mut text: &str, units: &str) -> Option<Vec<(char, i64)>> {
    let (mut res, mut left) = (Vec::new(), units);
    while !text.is_empty() {
        let (digits, rest) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
        let unit = rest.chars().next()?;
        let (_, after) = left.split_once(unit)?;
        left = after;
        res.push((unit, digits.parse().ok()?));
        text = rest.strip_prefix(unit)?;
    }
    Some(res)
}

#[cfg(test)]
mod tests {
    use super::{end, parse};

    #[track_caller]
    fn check(start: &str, duration: &str, expected: &str) {
        let millis = |text: &str| text.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_millisecond).ok();
        let ended = parse(duration).and_then(|span| end(millis(start)?, span));
        assert_eq!(ended, millis(expected), "{duration}");
        assert!(ended.is_some(), "{duration}");
    }

    #[test]
    fn a_duration_follows_the_calendar() {
        check("2026-11-21T10:00:00Z", "P7D", "2026-11-28T10:00:00Z");
        check("2026-11-21T10:00:00Z", "PT24H", "2026-11-22T10:00:00Z");
        check("2026-11-21T10:00:00Z", "P1W2DT3H4M5S", "2026-11-30T13:04:05Z");
        check("2027-01-31T10:00:00.250Z", "P1M", "2027-02-28T10:00:00.250Z");
        check("2028-02-29T00:00:00Z", "P1Y", "2029-02-28T00:00:00Z");
        check("2028-02-28T00:00:00Z", "P2D", "2028-03-01T00:00:00Z");
        check("2026-11-21T10:00:00Z", "P0Y0M007D", "2026-11-28T10:00:00Z");
    }

    #[test]
    fn what_is_no_duration() {
        for text in [
            "",
            "P",
            "PT",
            "P1",
            "1D",
            "P-1D",
            "-P1D",
            "+P1D",
            "P1.5D",
            "P1,5D",
            "p1d",
            "P1d",
            "P1DT",
            "P1H",
            "PT1D",
            "P1D1D",
            "P1D1W",
            "P1M1Y",
            "PT1S1M",
            "P1D ",
            " P1D",
            "P0D",
            "PT0S",
            "P1DT1H1",
            "P１D",
            "P99999999999999999999D",
            "P20000Y",
            "3 days",
            "P1DT1HT1M",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
        // A duration all right, but its end has no date.
        assert_eq!(parse("P9000Y").and_then(|span| end(1_800_000_000_000, span)), None);
    }
}
