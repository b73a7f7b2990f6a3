//! A moment as text: seconds since 1970 are what is kept, days are what people read.

use std::time::{SystemTime, UNIX_EPOCH};

/// How long a day is, in seconds.
pub(super) const DAY: u64 = 86_400;

/// Now, in seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs())
}

/// A moment in the form of RFC 3339, in UTC.
pub(super) fn text(moment: u64) -> String {
    let (day, rest) = (moment / DAY, moment % DAY);
    let (year, month, day) = civil(day);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", rest / 3_600, rest / 60 % 60, rest % 60)
}

/// The moment of a text that [`text`] wrote; `None` for another.
pub(super) fn read(written: &str) -> Option<u64> {
    let number = |from: usize, to: usize| written.get(from..to)?.parse::<u64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let seconds = number(11, 13)? * 3_600 + number(14, 16)? * 60 + number(17, 19)?;
    // The days of a year are found by trying: there are few, and this is read once a release.
    let first = year.checked_sub(1970)? * 365;
    let day = (first..first.checked_add(800)?).find(|it| civil(*it) == (year, month, day))?;
    let res = day * DAY + seconds;
    (text(res) == written).then_some(res)
}

/// Year, month and day of a day since 1970-01-01 (Howard Hinnant's `civil_from_days`, for days after that one).
fn civil(day: u64) -> (u64, u64, u64) {
    let shifted = day + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_and_read() {
        let check = |moment: u64, written: &str| {
            assert_eq!(text(moment), written);
            assert_eq!(read(written), Some(moment));
        };
        check(0, "1970-01-01T00:00:00Z");
        check(951_782_400, "2000-02-29T00:00:00Z");
        check(1_795_278_184, "2026-11-21T16:23:04Z");
        check(4_102_444_799, "2099-12-31T23:59:59Z");
        for wrong in
            ["", "2026-02-30T00:00:00Z", "2026-11-21", "2026-11-21T16:23:04+01:00", "1969-12-31T23:59:59Z"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
