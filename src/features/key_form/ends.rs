//! When a key ends, said for what was typed.

use super::controls::as_typed;
use crate::domain::{Date, Expiry, Timestamp, Value};
use crate::features::key_text;
use crate::i18n::t;
use crate::systems::{Duration, FieldKind, FieldSpec, draft};

/// The end that a field means: whether it is worth a warning, and the words. Nothing for what cannot be read: the
/// field says so itself.
///
/// `default` is what a blank stands for, where something that was picked says so.
pub(super) fn end_said(spec: &FieldSpec, typed: &str, default: Option<&Value>) -> Option<(bool, String)> {
    said_at(spec, typed, default, key_text::now())
}

fn said_at(spec: &FieldSpec, typed: &str, default: Option<&Value>, now: Timestamp) -> Option<(bool, String)> {
    if typed.is_empty() {
        let text = default.map(as_typed).filter(|it| !it.is_empty());
        return match text {
            Some(text) => said_at(spec, &text, None, now).map(|(_, it)| (false, t::form_end_by_default(&it))),
            None if spec.blank_is_default => Some((false, t::form_end_service_decides().to_owned())),
            None => Some((false, t::form_expires_never().to_owned())),
        };
    }
    let end = match spec.kind {
        FieldKind::Day { .. } => {
            // What is no day never ends, as far as the form can tell; its error says the rest.
            let Some(day) = Date::parse(typed) else {
                return Some((false, t::form_expires_never().to_owned()));
            };
            let (absolute, relative) = key_text::expires_text(Some(Expiry::Day(day)), now);
            let past = now.date().is_some_and(|today| day < today);
            return Some((past, t::form_expires_on(&absolute, &relative)));
        }
        FieldKind::Moment { .. } => draft::read_moment(typed)?,
        FieldKind::Hours { .. } => now.plus_secs(typed.parse::<i64>().ok()?.checked_mul(3_600)?),
        FieldKind::Duration { .. } => Duration::parse(typed)?.after(now)?,
        _ => return None,
    };
    // Beyond the calendar there is nothing to say.
    end.date()?;
    let (absolute, relative) = key_text::expires_text(Some(Expiry::At(end)), now);
    Some((end <= now, t::form_ends_at(&absolute, &relative)))
}

/// What a button says that sets an end so many days from today, and its full name.
pub(super) fn days_button(days: i64) -> (String, String) {
    let days = days.to_string();
    (t::form_expiry_preset(&days), t::form_expiry_preset_name(&days))
}

/// The same for hours from now; whole days are said as days.
pub(super) fn hours_words(hours: i64) -> (String, String) {
    let count = hours.unsigned_abs();
    let words =
        if count >= 24 && count.is_multiple_of(24) { t::form_days(count / 24) } else { t::form_hours(count) };
    let name = t::form_preset_name(&words);
    (words, name)
}

/// The same for an ISO 8601 duration. One of several parts is shown as it is written.
pub(super) fn iso_words(duration: &str) -> (String, String) {
    let words = single_part(duration).unwrap_or_else(|| duration.to_owned());
    let name = t::form_preset_name(&words);
    (words, name)
}

fn single_part(duration: &str) -> Option<String> {
    let rest = duration.strip_prefix('P')?;
    let (is_time, rest) = match rest.strip_prefix('T') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let count = |unit: char| rest.strip_suffix(unit)?.parse::<u64>().ok();
    if is_time {
        return count('H').map(t::form_hours);
    }
    count('D')
        .map(t::form_days)
        .or_else(|| count('W').map(t::form_weeks))
        .or_else(|| count('M').map(t::form_months))
        .or_else(|| count('Y').map(t::form_years))
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;
    use crate::domain::FieldId;
    use crate::systems::Use;

    fn at_noon() -> Timestamp {
        Timestamp::parse("2026-11-21T12:00:00Z").unwrap_or(Timestamp(0))
    }

    fn said(kind: FieldKind, typed: &str) -> Option<(bool, String)> {
        let spec =
            FieldSpec::shown(FieldId::EXPIRES, t::key_field_expires, kind).form(Use::Optional, Use::Optional);
        said_at(&spec, typed, None, at_noon())
    }

    #[test]
    fn a_time_to_live_is_said_as_the_moment_it_ends() {
        let hours = FieldKind::Hours { presets: &[] };
        let (warns, text) = said(hours, "48").expect("an end");
        assert!(!warns && text.contains("2026-11-23 12:00 UTC"), "{text}");
        let duration = FieldKind::Duration { presets: &[] };
        let (_, text) = said(duration, "P1M").expect("an end");
        assert!(text.contains("2026-12-21 12:00 UTC"), "{text}");
        let moment = FieldKind::Moment { future: true, presets: &[] };
        let (warns, text) = said(moment, "2026-11-20T08:30").expect("an end");
        assert!(warns && text.contains("2026-11-20 08:30 UTC"), "{text}");
    }

    #[test]
    fn what_cannot_be_read_is_not_guessed() {
        assert_eq!(said(FieldKind::Hours { presets: &[] }, "two"), None);
        assert_eq!(said(FieldKind::Hours { presets: &[] }, "9223372036854775807"), None);
        assert_eq!(said(FieldKind::Hours { presets: &[] }, "876000000000"), None);
        assert_eq!(said(FieldKind::Duration { presets: &[] }, "7 days"), None);
        assert_eq!(said(FieldKind::Moment { future: true, presets: &[] }, "soon"), None);
    }

    #[test]
    fn a_blank_is_never_or_the_default_or_the_services() {
        let kind = FieldKind::Hours { presets: &[] };
        assert_eq!(said(kind, ""), Some((false, t::form_expires_never().to_owned())));
        let spec = FieldSpec::shown(FieldId::EXPIRES, t::key_field_expires, kind).defaulted();
        let service = Some((false, t::form_end_service_decides().to_owned()));
        assert_eq!(said_at(&spec, "", None, at_noon()), service);
        let (_, text) = said_at(&spec, "", Some(&Value::Number(24)), at_noon()).expect("the default's end");
        assert!(text.contains("2026-11-22 12:00 UTC"), "{text}");
    }

    #[test]
    fn quick_choices_have_words() {
        assert_eq!(hours_words(720).0, t::form_days(30));
        assert_eq!(hours_words(36).0, t::form_hours(36));
        assert_eq!(iso_words("PT24H").0, t::form_hours(24));
        assert_eq!(iso_words("P1Y").0, t::form_years(1));
        assert_eq!(iso_words("P1DT12H").0, "P1DT12H");
    }
}
