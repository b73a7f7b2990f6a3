//! A key in words: shared by the list, the dialogs and the results of changes.
//!
//! Plain functions from domain types to catalogue texts, by what the manifest says a field holds. A screen that
//! shows a key says the same word for the same thing everywhere.

use crate::domain::{Date, Expiry, FieldId, Key, Limit, Ref, Standing, State, Timestamp, Value};
use crate::i18n::t;
use crate::platform::{clock, intl};
use crate::systems::manifest::{Choice, Codes, Manifest};
use crate::systems::{ActionKind, FieldKind, FieldSpec, Use};
use crate::ui::{Icon, Tone};

/// Now, as states and relative days are judged.
#[must_use]
pub fn now() -> Timestamp {
    clock::now()
}

/// Today in UTC, the zone in which the APIs mean their days.
#[must_use]
pub fn today() -> Date {
    let epoch = Date { year: 1970, month: 1, day: 1 };
    clock::now().date().unwrap_or(epoch)
}

/// The one word for a key's state.
#[must_use]
pub fn state_word(standing: &Standing) -> &'static str {
    state_name(standing.state)
}

/// The word for a state.
#[must_use]
pub fn state_name(state: State) -> &'static str {
    match state {
        State::Active => t::key_state_active(),
        State::Disabled => t::key_state_disabled(),
        State::Expired => t::key_state_expired(),
        State::Full => t::key_state_full(),
        State::Revoked => t::key_state_revoked(),
        State::Archived => t::key_state_archived(),
        State::Inactive => t::key_state_inactive(),
    }
}

/// Whether keys of this system enrol machines: where machines get install commands, they do.
fn enrols(manifest: &Manifest) -> bool {
    manifest.can(ActionKind::Install)
}

/// Why the key is in that state, and what will end or has ended it: one sentence a reason.
#[must_use]
pub fn state_reason(manifest: &Manifest, standing: &Standing) -> String {
    let mut reasons = Vec::new();
    match standing.state {
        State::Revoked => reasons.push(t::key_reason_revoked().to_owned()),
        State::Archived => reasons.push(t::key_reason_archived().to_owned()),
        State::Inactive => reasons.push(t::key_reason_inactive().to_owned()),
        _ => {}
    }
    if standing.disabled {
        reasons.push(t::key_reason_disabled().to_owned());
    }
    match standing.days_left {
        Some(days) if standing.expired() && days <= 0 => {
            reasons.push(t::key_reason_expired(&intl::relative_days(days)));
        }
        Some(days) if standing.expires_soon() => {
            reasons.push(t::key_reason_expires_soon(&intl::relative_days(days)));
        }
        // Without a day in the past it is the system's own word.
        _ if standing.expired() => reasons.push(t::key_reason_over().to_owned()),
        _ => {}
    }
    if standing.full {
        let text = if enrols(manifest) { t::key_reason_full() } else { t::key_reason_full_plain() };
        reasons.push(text.to_owned());
    } else if standing.nearly_full {
        reasons.push(t::key_reason_nearly_full().to_owned());
    }
    if reasons.is_empty() {
        let text = if enrols(manifest) { t::key_reason_active() } else { t::key_reason_works() };
        reasons.push(text.to_owned());
    }
    reasons.join(" ")
}

/// What to do about the state; empty where nothing has to be done, or nothing can be done here.
#[must_use]
pub fn state_next_step(manifest: &Manifest, standing: &Standing) -> &'static str {
    let can_edit = |field| manifest.field(field).is_some_and(|it| it.edit != Use::No);
    let renew = || match can_edit(FieldId::EXPIRES) {
        true => t::key_next_expired(),
        false => t::key_next_renew(),
    };
    let full = || match (can_edit(FieldId::LIMIT), enrols(manifest)) {
        (false, _) => "",
        (true, true) => t::key_next_full(),
        (true, false) => t::key_next_full_plain(),
    };
    match standing.state {
        State::Disabled if !manifest.can(ActionKind::Enable) => "",
        State::Disabled if enrols(manifest) => t::key_next_disabled(),
        State::Disabled => t::key_next_disabled_plain(),
        State::Expired => renew(),
        State::Full => full(),
        State::Revoked => t::key_next_revoked(),
        State::Active if standing.expires_soon() => renew(),
        State::Active if standing.nearly_full => full(),
        State::Active | State::Archived | State::Inactive => "",
    }
}

/// The tone of the state: a key that works is good, one that is about to stop needs attention.
#[must_use]
pub fn state_tone(standing: &Standing) -> Tone {
    match standing.state {
        State::Active if standing.expires_soon() || standing.nearly_full => Tone::Warning,
        State::Active => Tone::Success,
        State::Disabled | State::Archived | State::Inactive => Tone::Neutral,
        State::Expired | State::Revoked => Tone::Danger,
        State::Full => Tone::Warning,
    }
}

/// The icon of the state, so that colour is never alone.
#[must_use]
pub fn state_icon(standing: &Standing) -> Icon {
    match standing.state {
        State::Active => Icon::Success,
        State::Disabled | State::Revoked | State::Archived | State::Inactive => Icon::Ban,
        State::Expired => Icon::Clock,
        State::Full => Icon::Full,
    }
}

/// The title, or "(no title)" with the id: the APIs allow blank ones.
#[must_use]
pub fn title_or_placeholder(key: &Key) -> String {
    let title = key.title().trim();
    if title.is_empty() { t::key_no_title_id(&key.id.0) } else { title.to_owned() }
}

/// Use against the limit: `12 of 50`, or `12, unlimited`; the count alone where there is no such limit.
#[must_use]
pub fn usage_text(used: u64, limit: Option<Limit>) -> String {
    let used = intl::number(used);
    match limit {
        None => used,
        Some(Limit::Unlimited) => t::key_usage_unlimited(&used),
        Some(Limit::Of(limit)) => t::key_usage(&used, &intl::number(limit)),
    }
}

/// So many of what a field counts: `1,000 agents`; the number alone where the manifest has no words.
#[must_use]
pub fn counted_text(spec: &FieldSpec, count: u64) -> String {
    spec.counted.map_or_else(|| intl::number(count), |words| words(count))
}

/// How much of a key is used now, in a sentence, before it is switched off or removed.
#[must_use]
pub fn in_use_text(manifest: &Manifest, used: u64) -> String {
    let counted =
        manifest.field(FieldId::USED).map_or_else(|| intl::number(used), |it| counted_text(it, used));
    if used == 0 { t::key_not_in_use().to_owned() } else { t::key_in_use(&counted) }
}

/// Nearer than this an end is told in hours and minutes.
const HOURS_COUNT_SECS: u64 = 2 * 86_400;

/// The last day or moment as (absolute, relative): (`Sep 8, 2025`, `2 months ago`); ("Never", "") without one.
#[must_use]
pub fn expires_text(expires: Option<Expiry>, now: Timestamp) -> (String, String) {
    match expires {
        None => (t::key_never().to_owned(), String::new()),
        Some(Expiry::Day(day)) => {
            let relative = now.date().map(|today| intl::relative_days(day.days_since(today)));
            (intl::date(day), relative.unwrap_or_default())
        }
        Some(Expiry::At(moment)) => {
            let secs = moment.secs_since(now);
            // From two days on by the calendar, as everything that counts days does.
            let days = moment.date().zip(now.date()).map(|(it, today)| it.days_since(today));
            let relative = match days {
                Some(days) if secs.unsigned_abs() >= HOURS_COUNT_SECS => intl::relative_days(days),
                _ => intl::relative_secs(secs),
            };
            (intl::date_time(moment), relative)
        }
    }
}

/// The day of a moment, in UTC.
#[must_use]
pub fn day_text(at: Timestamp) -> String {
    at.date().map_or_else(|| intl::date_time(at), intl::date)
}

/// A moment as (absolute with zone, relative); ("Unknown", "") where the API did not tell.
#[must_use]
pub fn moment_text(at: Option<Timestamp>, now: Timestamp) -> (String, String) {
    let Some(at) = at else { return (t::key_unknown().to_owned(), String::new()) };
    let relative = at.date().zip(now.date()).map(|(it, today)| intl::relative_days(it.days_since(today)));
    (intl::date_time(at), relative.unwrap_or_default())
}

/// A code as `Patch Management (PM)`; one the documents do not name stands alone.
#[must_use]
pub fn code_text(codes: &Codes, code: &str) -> String {
    codes.name(code).map_or_else(|| code.to_owned(), |name| t::key_licence(name, code))
}

/// One of a closed set in words. A spelling the console does not know is shown as it came.
#[must_use]
pub fn choice_text(choices: &[Choice], code: &str) -> String {
    let known = choices.iter().find(|it| it.code == code);
    known.map_or_else(|| code.to_owned(), |it| (it.label)().to_owned())
}

/// Something pointed at: the name with the id, or the one there is; blank for neither.
#[must_use]
pub fn ref_text(it: &Ref) -> String {
    match (it.name.as_deref().map_or("", str::trim), it.id.trim()) {
        ("", id) => id.to_owned(),
        (name, "") => name.to_owned(),
        (name, id) => t::key_tag(name, id),
    }
}

/// What is said for a field in which nothing stands.
#[must_use]
pub fn blank_text(spec: &FieldSpec) -> &'static str {
    match spec.kind {
        _ if spec.id == FieldId::TITLE => t::key_no_title(),
        _ if spec.id == FieldId::EXPIRES => t::key_never(),
        FieldKind::Limit { .. } => t::key_unlimited(),
        FieldKind::Person | FieldKind::Moment { .. } => t::key_unknown(),
        _ => t::key_none(),
    }
}

/// What is said for a field that the service does not tell of a key.
#[must_use]
pub fn not_told_text(spec: &FieldSpec) -> &'static str {
    match spec.kind {
        FieldKind::Person | FieldKind::Moment { .. } => t::key_unknown(),
        _ => t::key_not_told(),
    }
}

/// The value of a field on one line, for details and comparisons.
#[must_use]
pub fn value_text(spec: &FieldSpec, value: &Value) -> String {
    let text = match value {
        Value::Nothing => String::new(),
        Value::Text(text) => match spec.kind {
            FieldKind::Choice(choices) => choice_text(choices, text),
            _ => text.trim().to_owned(),
        },
        Value::Number(number) => number_text(spec, *number),
        Value::Limit(Limit::Unlimited) => t::key_unlimited().to_owned(),
        Value::Limit(Limit::Of(limit)) => counted_text(spec, *limit),
        Value::Flag(true) => t::key_yes().to_owned(),
        Value::Flag(false) => t::key_no().to_owned(),
        Value::Day(day) => intl::date(*day),
        Value::Moment(moment) => intl::date_time(*moment),
        Value::Codes(codes) => {
            let text = |it: &String| match spec.kind {
                FieldKind::Codes(known) => code_text(known, it),
                _ => it.clone(),
            };
            codes.iter().map(text).collect::<Vec<_>>().join(", ")
        }
        Value::Ref(it) => ref_text(it),
        Value::Refs(refs) => refs.iter().map(ref_text).collect::<Vec<_>>().join(", "),
    };
    if text.is_empty() { blank_text(spec).to_owned() } else { text }
}

/// Counts are grouped; other numbers are names of things and are not.
fn number_text(spec: &FieldSpec, number: i64) -> String {
    let plain = number.to_string();
    if let Some(named) = spec.named.iter().find(|it| it.code == plain) {
        return (named.label)().to_owned();
    }
    match (spec.kind, u64::try_from(number)) {
        (FieldKind::Usage | FieldKind::Hours { .. }, Ok(count)) => counted_text(spec, count),
        _ => plain,
    }
}

/// The value of one field of a key on one line: also the state and the id, which are not among its fields.
#[must_use]
pub fn field_text(manifest: &Manifest, key: &Key, field: FieldId) -> String {
    let Some(spec) = manifest.field(field) else { return String::new() };
    match (spec.kind, key.fields.get(field)) {
        (FieldKind::State, _) if key.ended.is_some() => state_word(&Standing::of(key, now())).to_owned(),
        (FieldKind::State, _) if key.disabled => t::key_state_disabled().to_owned(),
        (FieldKind::State, _) => t::key_state_enabled().to_owned(),
        (FieldKind::Secret, _) => key.value.as_ref().map_or_else(String::new, |it| it.masked()),
        (FieldKind::Id, _) => key.id.0.clone(),
        _ if field == FieldId::TITLE => title_or_placeholder(key),
        (_, Some(value)) => value_text(spec, value),
        (_, None) => not_told_text(spec).to_owned(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::Secret;
    use crate::systems::qualys_gateway::MANIFEST;
    use crate::systems::qualys_gateway::fields::{APPLY, LICENCES, NETWORK, TAGS, TYPE};

    fn at_noon() -> Timestamp {
        Timestamp::parse("2026-11-21T12:00:00Z").unwrap_or(Timestamp(0))
    }

    /// A key with everything told.
    pub(crate) fn key() -> Key {
        let text = |it: &str| Value::Text(it.to_owned());
        let mut key = Key::new("7");
        key.value = Some(Secret::new("12ba12bc-effd-12e3-1234-12345ac12345".to_owned()));
        let tags = vec![Ref::of("1"), Ref { id: "2".to_owned(), name: Some("Berlin".to_owned()) }];
        let creator = Ref { id: "acme_ab1".to_owned(), name: Some("Ada Byron".to_owned()) };
        key.fields = [
            (FieldId::TITLE, text("Payroll servers")),
            (FieldId::USED, Value::Number(40)),
            (FieldId::LIMIT, Value::Limit(Limit::Of(1_000))),
            (TYPE, text("CountTime")),
            (FieldId::CREATED, Timestamp::parse("2025-09-08T18:40:11").map_or(Value::Nothing, Value::Moment)),
            (FieldId::CREATOR, Value::Ref(creator)),
            (FieldId::EXPIRES, Date::parse("2026-12-01").map_or(Value::Nothing, Value::Day)),
            (LICENCES, Value::Codes(vec!["PA".to_owned(), "GAV".to_owned()])),
            (NETWORK, Value::Number(0)),
            (TAGS, Value::Refs(tags)),
            (APPLY, Value::Flag(false)),
        ]
        .into_iter()
        .collect();
        key
    }

    fn standing(change: impl FnOnce(&mut Key)) -> Standing {
        let mut key = key();
        change(&mut key);
        Standing::of(&key, at_noon())
    }

    fn said(key: &Key, field: FieldId) -> String {
        field_text(&MANIFEST, key, field)
    }

    #[test]
    fn every_reason_is_said_and_the_strongest_is_the_word() {
        let worst = standing(|it| {
            it.disabled = true;
            it.fields.set(FieldId::EXPIRES, Date::parse("2026-11-01").map_or(Value::Nothing, Value::Day));
            it.fields.set(FieldId::USED, Value::Number(1_000));
        });
        assert_eq!(state_word(&worst), t::key_state_disabled());
        let reason = state_reason(&MANIFEST, &worst);
        assert!(reason.contains(t::key_reason_disabled()), "{reason}");
        assert!(reason.contains(t::key_reason_full()), "{reason}");
        assert!(reason.contains(&t::key_reason_expired("20 days ago")), "{reason}");
    }

    #[test]
    fn a_key_about_to_end_is_active_but_warns() {
        let soon = standing(|_| {});
        assert_eq!((state_word(&soon), state_tone(&soon)), (t::key_state_active(), Tone::Warning));
        assert_eq!(state_next_step(&MANIFEST, &soon), t::key_next_expired());
        let fine = standing(|it| it.fields.set(FieldId::EXPIRES, Value::Nothing));
        assert_eq!((state_tone(&fine), state_next_step(&MANIFEST, &fine)), (Tone::Success, ""));
        assert_eq!(state_reason(&MANIFEST, &fine), t::key_reason_active());
    }

    #[test]
    fn what_a_system_has_ended_is_said_before_all_else() {
        use crate::domain::Ended;
        for (ended, word) in [
            (Ended::Revoked, t::key_reason_revoked()),
            (Ended::Archived, t::key_reason_archived()),
            (Ended::Inactive, t::key_reason_inactive()),
        ] {
            let standing = standing(|it| it.ended = Some(ended));
            assert!(state_reason(&MANIFEST, &standing).starts_with(word), "{ended:?}");
        }
        let over = standing(|it| {
            it.ended = Some(Ended::Expired);
            it.fields.set(FieldId::EXPIRES, Value::Nothing);
        });
        assert_eq!(state_reason(&MANIFEST, &over), t::key_reason_over());
    }

    #[test]
    fn what_is_not_there_is_said() {
        let mut key = key();
        key.fields.set(FieldId::TITLE, Value::Text("  ".to_owned()));
        key.fields.set(LICENCES, Value::Codes(Vec::new()));
        key.fields.set(FieldId::EXPIRES, Value::Nothing);
        key.fields.remove(FieldId::CREATOR);
        key.fields.remove(TAGS);
        assert_eq!(said(&key, FieldId::TITLE), t::key_no_title_id("7"));
        assert_eq!(said(&key, FieldId::CREATOR), t::key_unknown());
        assert_eq!(said(&key, LICENCES), t::key_none());
        assert_eq!(said(&key, TAGS), t::key_not_told());
        assert_eq!(said(&key, FieldId::EXPIRES), t::key_never());
        assert_eq!(expires_text(key.expires(), at_noon()), (t::key_never().to_owned(), String::new()));
        assert_eq!(usage_text(40, Some(Limit::Unlimited)), t::key_usage_unlimited("40"));
        assert_eq!(usage_text(40, None), "40");
    }

    #[test]
    fn values_are_said_by_what_their_field_holds() {
        let key = key();
        let text = said(&key, LICENCES);
        assert!(text.ends_with("GAV") && text.contains("(PA)"), "{text}");
        assert_eq!(said(&key, TAGS), "1, Berlin (2)");
        assert_eq!(said(&key, FieldId::CREATOR), t::key_creator("Ada Byron", "acme_ab1"));
        assert_eq!(said(&key, FieldId::LIMIT), t::key_agents(1_000));
        assert_eq!(said(&key, TYPE), t::key_kind_count_time());
        assert_eq!(said(&key, NETWORK), t::key_network_default());
        assert_eq!(said(&key, APPLY), t::key_no());
        assert_eq!(said(&key, FieldId::STATE), t::key_state_enabled());
        assert_eq!(usage_text(40, Some(Limit::Of(1_000))), "40 of 1,000");
    }

    #[test]
    fn an_end_within_two_days_is_told_by_the_hour() {
        let end = Expiry::At(at_noon().plus_secs(5 * 3_600));
        assert_eq!(expires_text(Some(end), at_noon()).1, intl::relative_secs(5 * 3_600));
        let day = Date::parse("2026-11-22").map(Expiry::Day);
        assert_eq!(expires_text(day, at_noon()).1, intl::relative_days(1));
    }

    #[test]
    fn a_moment_days_away_is_counted_as_its_day_is() {
        let now = at_noon();
        for (moment, days) in [("2026-12-21T03:00:00Z", 30), ("2026-11-18T23:00:00Z", -3)] {
            let moment = Timestamp::parse(moment).unwrap_or(Timestamp(0));
            assert_eq!(expires_text(Some(Expiry::At(moment)), now).1, intl::relative_days(days));
        }
        let soon = Timestamp(now.0 + 3 * 3_600_000);
        assert_eq!(expires_text(Some(Expiry::At(soon)), now).1, intl::relative_secs(3 * 3_600));
    }
}
