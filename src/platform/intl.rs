//! Numbers, days and moments in the reader's form, through the browser's `Intl`.
//!
//! The locale is the browser's when it speaks the catalogue's language, else the catalogue's
//! language alone, so that a British reader gets British days and a German one no mixture. A portal
//! around the page may choose another one.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Date as JsDate, Function, Intl, Object, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::domain::{Date, Timestamp};

/// The language of the message catalogue.
const LANGUAGE: &str = "en";

/// The plural categories the catalogue's language has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plural {
    /// "1 key".
    One,
    /// "0 keys", "2 keys".
    Other,
}

/// The plural category of a count. For whole numbers English has this one rule (CLDR, cardinal, `en`).
#[must_use]
pub fn plural(n: u64) -> Plural {
    if n == 1 { Plural::One } else { Plural::Other }
}

/// A whole number with the locale's grouping: `1,000,000`.
#[must_use]
pub fn number(n: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    let value = n as f64;
    let formatted = with_formats(|it| call(&it.number, &JsValue::from_f64(value)));
    formatted.unwrap_or_else(|| grouped(n))
}

/// A day of the UTC calendar: `Sep 8, 2025`.
#[must_use]
pub fn date(date: Date) -> String {
    let formatted = with_formats(|it| call(&it.date, &js_date(date.start())));
    formatted.unwrap_or_else(|| date.to_string())
}

/// A moment in UTC to the minute, with its zone said: `Sep 8, 2025, 18:40 UTC`.
#[must_use]
pub fn date_time(at: Timestamp) -> String {
    with_formats(|it| call(&it.date_time, &js_date(at))).unwrap_or_else(|| plain_date_time(at))
}

/// A month of the UTC calendar, by one of its days: `December 2026`.
#[must_use]
pub fn month(day: Date) -> String {
    let plain = || [&day.year.to_string(), "-", &two_digits(i64::from(day.month))].concat();
    with_formats(|it| call(&it.month, &js_date(day.start()))).unwrap_or_else(plain)
}

/// The time of day of a moment in UTC to the minute, with its zone said: `18:40 UTC`.
#[must_use]
pub fn time(at: Timestamp) -> String {
    with_formats(|it| call(&it.time, &js_date(at))).unwrap_or_else(|| plain_time(at))
}

/// How far away a day is: `in 3 days`, `yesterday`, `in 5 months`. Negative means past.
#[must_use]
pub fn relative_days(days: i64) -> String {
    let (value, unit) = coarse(days);
    let formatted = with_formats(|it| {
        #[expect(clippy::cast_precision_loss, reason = "days of a calendar of 9999 years")]
        let text: String = it.relative.format(value as f64, unit).into();
        Some(text)
    });
    formatted.unwrap_or_else(|| plain_relative(value, unit))
}

/// How far away a moment is: by the minute within two hours, by the hour within two days, else by the day.
#[must_use]
pub fn relative_secs(secs: i64) -> String {
    let (value, unit) = match secs.unsigned_abs() {
        0..7_200 => (secs / 60, "minute"),
        7_200..172_800 => (secs / 3_600, "hour"),
        _ => return relative_days(secs.div_euclid(86_400)),
    };
    let formatted = with_formats(|it| {
        #[expect(clippy::cast_precision_loss, reason = "hours of two days")]
        let text: String = it.relative.format(value as f64, unit).into();
        Some(text)
    });
    formatted.unwrap_or_else(|| plain_relative(value, unit))
}

/// Days up to two months, months up to two years, then years: as exact as anyone reads it.
fn coarse(days: i64) -> (i64, &'static str) {
    match days.unsigned_abs() {
        0..=60 => (days, "day"),
        61..=730 => (days * 10 / 304, "month"),
        _ => (days * 100 / 36_525, "year"),
    }
}

/// Made once: constructing an `Intl` format takes longer than a hundred uses of it.
struct Formats {
    number: Function,
    date: Function,
    date_time: Function,
    time: Function,
    month: Function,
    relative: Intl::RelativeTimeFormat,
}

impl Formats {
    fn new() -> Self {
        let locales = Array::of1(&JsValue::from_str(&locale()));
        let number = Intl::NumberFormat::new(&locales, &Object::new()).format();
        let day = [("year", "numeric"), ("month", "short"), ("day", "numeric"), ("timeZone", "UTC")];
        let time =
            [("hour", "2-digit"), ("minute", "2-digit"), ("hourCycle", "h23"), ("timeZoneName", "short")];
        let date = Intl::DateTimeFormat::new(&locales, &options(&day)).format();
        let date_time = Intl::DateTimeFormat::new(&locales, &options(&[day, time].concat())).format();
        let zone = ("timeZone", "UTC");
        let time = [&time[..], &[zone]].concat();
        let time = Intl::DateTimeFormat::new(&locales, &options(&time)).format();
        let month = [("year", "numeric"), ("month", "long"), zone];
        let month = Intl::DateTimeFormat::new(&locales, &options(&month)).format();
        let relative = Intl::RelativeTimeFormat::new(&locales, &options(&[("numeric", "auto")]));
        Self { number, date, date_time, time, month, relative }
    }
}

thread_local! {
    /// The locale that was chosen.
    static CHOSEN: RefCell<Option<String>> = const { RefCell::new(None) };
    static FORMATS: RefCell<Option<Rc<Formats>>> = const { RefCell::new(None) };
}

/// Chooses the locale of numbers, days and moments. What is drawn already stays as it is. Whether the browser knows
/// that this is a locale; else nothing changes.
pub fn choose_locale(tag: &str) -> bool {
    let wanted = Array::of1(&JsValue::from_str(tag));
    // Made up of letters as it is, the browser may still say that there is no such tag, by throwing.
    let known = Reflect::get(&js_sys::global(), &"Intl".into())
        .and_then(|it| Reflect::get(&it, &"getCanonicalLocales".into()))
        .ok()
        .and_then(|it| it.dyn_into::<Function>().ok())
        .is_some_and(|it| it.call1(&JsValue::UNDEFINED, &wanted).is_ok());
    if known {
        CHOSEN.set(Some(tag.to_owned()));
        FORMATS.set(None);
    }
    known
}

fn with_formats<T>(f: impl FnOnce(&Formats) -> Option<T>) -> Option<T> {
    if !cfg!(target_arch = "wasm32") {
        return None;
    }
    let formats = FORMATS.with_borrow_mut(|it| it.get_or_insert_with(|| Rc::new(Formats::new())).clone());
    f(&formats)
}

fn locale() -> String {
    if let Some(chosen) = CHOSEN.with_borrow(Clone::clone) {
        return chosen;
    }
    let browser = super::window().and_then(|it| it.navigator().language());
    browser.filter(|it| it.split('-').next() == Some(LANGUAGE)).unwrap_or_else(|| LANGUAGE.to_owned())
}

fn options(pairs: &[(&str, &str)]) -> Object {
    let res = Object::new();
    for (name, value) in pairs {
        // Setting a field of a fresh plain object cannot fail.
        Reflect::set(&res, &JsValue::from_str(name), &JsValue::from_str(value)).unwrap_or_default();
    }
    res
}

fn js_date(at: Timestamp) -> JsValue {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of any sane date fit 53 bits")]
    let ms = at.0 as f64;
    JsDate::new(&JsValue::from_f64(ms)).into()
}

fn call(format: &Function, value: &JsValue) -> Option<String> {
    format.call1(&JsValue::UNDEFINED, value).ok()?.as_string()
}

fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut res = String::new();
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            res.push(',');
        }
        res.push(digit);
    }
    res
}

fn plain_date_time(at: Timestamp) -> String {
    let date = at.date().map(|it| it.to_string()).unwrap_or_default();
    [&date, " ", &plain_time(at)].concat()
}

fn plain_time(at: Timestamp) -> String {
    let minutes = at.0.div_euclid(60_000).rem_euclid(24 * 60);
    [&two_digits(minutes / 60), ":", &two_digits(minutes % 60), " UTC"].concat()
}

fn two_digits(n: i64) -> String {
    format!("{n:02}")
}

fn plain_relative(value: i64, unit: &str) -> String {
    let plural = if value.unsigned_abs() == 1 { "" } else { "s" };
    match value {
        0 => "today".to_owned(),
        1.. => format!("in {value} {unit}{plural}"),
        _ => format!("{} {unit}{plural} ago", value.unsigned_abs()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular_and_nothing_else() {
        let categories = [0, 1, 2, 11, 21, 101].map(plural);
        let others = categories.iter().filter(|it| **it == Plural::Other).count();
        assert_eq!((categories.get(1), others), (Some(&Plural::One), 5));
    }

    #[test]
    fn numbers_are_grouped_by_three() {
        let check = |n: u64, text: &str| assert_eq!(number(n), text);
        check(0, "0");
        check(745, "745");
        check(1_000, "1,000");
        check(1_000_000, "1,000,000");
    }

    #[test]
    fn distances_get_coarser_as_they_grow() {
        let check = |days: i64, text: &str| assert_eq!(relative_days(days), text, "{days}");
        check(0, "today");
        check(1, "in 1 day");
        check(-3, "3 days ago");
        check(60, "in 60 days");
        check(61, "in 2 months");
        check(-400, "13 months ago");
        check(731, "in 2 years");
        check(-3_653, "10 years ago");
    }

    #[test]
    fn moments_say_their_zone() {
        assert_eq!(date_time(Timestamp(1_757_356_811_000)), "2025-09-08 18:40 UTC");
        assert_eq!(date_time(Timestamp(-60_000)), "1969-12-31 23:59 UTC");
    }
}
