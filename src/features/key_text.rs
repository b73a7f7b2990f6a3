//! A key in words: shared by the list, the dialogs and the results of changes.
//!
//! Plain functions from domain types to catalogue texts. A screen that shows a key says the same word for
//! the same thing everywhere.

use crate::domain::{Date, Field, Key, KeyKind, Limit, Standing, State, Timestamp};
use crate::i18n::t;
use crate::platform::{clock, intl};
use crate::systems::qualys_gateway::licences;
use crate::ui::{Icon, Tone};

/// Today in UTC, the zone in which the APIs mean their days.
#[must_use]
pub fn today() -> Date {
    let epoch = Date { year: 1970, month: 1, day: 1 };
    clock::now().date().unwrap_or(epoch)
}

/// The one word for a key's state.
#[must_use]
pub fn state_word(standing: &Standing) -> &'static str {
    match standing.state {
        State::Active => t::key_state_active(),
        State::Disabled => t::key_state_disabled(),
        State::Expired => t::key_state_expired(),
        State::Full => t::key_state_full(),
    }
}

/// Why the key is in that state, and what will end or has ended it: one sentence a reason.
#[must_use]
pub fn state_reason(standing: &Standing) -> String {
    let mut reasons = Vec::new();
    if standing.disabled {
        reasons.push(t::key_reason_disabled().to_owned());
    }
    if let Some(days) = standing.days_left {
        if standing.expired() {
            reasons.push(t::key_reason_expired(&intl::relative_days(days)));
        } else if standing.expires_soon() {
            reasons.push(t::key_reason_expires_soon(&intl::relative_days(days)));
        }
    }
    if standing.full {
        reasons.push(t::key_reason_full().to_owned());
    } else if standing.nearly_full {
        reasons.push(t::key_reason_nearly_full().to_owned());
    }
    if reasons.is_empty() {
        reasons.push(t::key_reason_active().to_owned());
    }
    reasons.join(" ")
}

/// What to do about the state; empty where nothing has to be done.
#[must_use]
pub fn state_next_step(standing: &Standing) -> &'static str {
    match standing.state {
        State::Disabled => t::key_next_disabled(),
        State::Expired => t::key_next_expired(),
        State::Full => t::key_next_full(),
        State::Active if standing.expires_soon() => t::key_next_expired(),
        State::Active if standing.nearly_full => t::key_next_full(),
        State::Active => "",
    }
}

/// The tone of the state: a key that works is good, one that is about to stop needs attention.
#[must_use]
pub fn state_tone(standing: &Standing) -> Tone {
    match standing.state {
        State::Active if standing.expires_soon() || standing.nearly_full => Tone::Warning,
        State::Active => Tone::Success,
        State::Disabled => Tone::Neutral,
        State::Expired => Tone::Danger,
        State::Full => Tone::Warning,
    }
}

/// The icon of the state, so that colour is never alone.
#[must_use]
pub fn state_icon(standing: &Standing) -> Icon {
    match standing.state {
        State::Active => Icon::Success,
        State::Disabled => Icon::Ban,
        State::Expired => Icon::Clock,
        State::Full => Icon::Full,
    }
}

/// Which limits a key has. A spelling the console does not know is shown as it came.
#[must_use]
pub fn kind_word(kind: &KeyKind) -> String {
    match kind {
        KeyKind::Unlimited => t::key_kind_unlimited().to_owned(),
        KeyKind::Count => t::key_kind_count().to_owned(),
        KeyKind::Time => t::key_kind_time().to_owned(),
        KeyKind::CountTime => t::key_kind_count_time().to_owned(),
        KeyKind::Other(text) => text.clone(),
    }
}

/// The title, or "(no title)": the APIs allow blank ones.
#[must_use]
pub fn title_or_placeholder(key: &Key) -> String {
    let title = key.title.trim();
    if title.is_empty() { t::key_no_title_id(&key.id.0) } else { title.to_owned() }
}

/// Use against the limit: `12 of 50`, or `12, unlimited`.
#[must_use]
pub fn usage_text(used: u64, limit: Limit) -> String {
    let used = intl::number(used);
    match limit {
        Limit::Unlimited => t::key_usage_unlimited(&used),
        Limit::Of(limit) => t::key_usage(&used, &intl::number(limit)),
    }
}

/// A limit alone: `1,000 agents`, or "Unlimited".
#[must_use]
pub fn limit_text(limit: Limit) -> String {
    match limit {
        Limit::Unlimited => t::key_unlimited().to_owned(),
        Limit::Of(limit) => t::key_agents(limit),
    }
}

/// The last day as (absolute, relative): (`Sep 8, 2025`, `2 months ago`); ("Never", "") without one.
#[must_use]
pub fn expires_text(expires: Option<Date>, today: Date) -> (String, String) {
    match expires {
        None => (t::key_never().to_owned(), String::new()),
        Some(date) => (intl::date(date), intl::relative_days(date.days_since(today))),
    }
}

/// A moment as (absolute with zone, relative); ("Unknown", "") where the API did not tell.
#[must_use]
pub fn moment_text(at: Option<Timestamp>, today: Date) -> (String, String) {
    let Some(at) = at else { return (t::key_unknown().to_owned(), String::new()) };
    let relative = at.date().map(|it| intl::relative_days(it.days_since(today)));
    (intl::date_time(at), relative.unwrap_or_default())
}

/// Who made the key: the name, the account, or both; "Unknown" where the API told neither.
#[must_use]
pub fn creator_text(key: &Key) -> String {
    match (key.creator_name.trim(), key.creator_login.trim()) {
        ("", "") => t::key_unknown().to_owned(),
        ("", login) => login.to_owned(),
        (name, "") => name.to_owned(),
        (name, login) => t::key_creator(name, login),
    }
}

/// A licence as `Patch Management (PM)`; a code the documents do not name stands alone.
#[must_use]
pub fn licence_text(code: &str) -> String {
    licences::name(code).map_or_else(|| code.to_owned(), |name| t::key_licence(name, code))
}

/// All licences of a key on one line, in their own order; "None" for none.
#[must_use]
pub fn licences_text(codes: &[String]) -> String {
    if codes.is_empty() {
        return t::key_none().to_owned();
    }
    codes.iter().map(|it| licence_text(it)).collect::<Vec<_>>().join(", ")
}

/// The tags of a key on one line; "None" for none, "Not told here" where the API left them out.
#[must_use]
pub fn tags_text(key: &Key) -> String {
    match key.tags.as_deref() {
        None => t::key_not_told().to_owned(),
        Some([]) => t::key_none().to_owned(),
        Some(tags) => {
            let text = |id: u64, name: Option<&str>| match name {
                Some(name) => t::key_tag(name, &id.to_string()),
                None => id.to_string(),
            };
            tags.iter().map(|it| text(it.id, it.name.as_deref())).collect::<Vec<_>>().join(", ")
        }
    }
}

/// The network of a key; 0 is the default network (reference `qualys.md`, 1.1).
#[must_use]
pub fn network_text(network: Option<i64>) -> String {
    match network {
        None => t::key_not_told().to_owned(),
        Some(0) => t::key_network_default().to_owned(),
        Some(number) => number.to_string(),
    }
}

/// What a field is called, in forms and in comparisons.
#[must_use]
pub fn field_label(field: Field) -> &'static str {
    match field {
        Field::Title => t::key_field_title(),
        Field::Network => t::key_field_network(),
        Field::Expires => t::key_field_expires(),
        Field::Limit => t::key_field_limit(),
        Field::Licences => t::key_field_licences(),
        Field::Tags => t::key_field_tags(),
        Field::Disabled => t::key_field_state(),
        Field::Used => t::key_field_used(),
        Field::ApplyToExisting => t::key_field_apply(),
    }
}

/// The value of one field of a key, for comparisons.
#[must_use]
pub fn field_text(key: &Key, field: Field) -> String {
    match field {
        Field::Title => title_or_placeholder(key),
        Field::Network => network_text(key.network),
        Field::Expires => key.expires.map_or_else(|| t::key_never().to_owned(), intl::date),
        Field::Limit => limit_text(key.limit),
        Field::Licences => licences_text(&key.licences),
        Field::Tags => tags_text(key),
        Field::Disabled if key.disabled => t::key_state_disabled().to_owned(),
        Field::Disabled => t::key_state_enabled().to_owned(),
        Field::Used => intl::number(key.used),
        Field::ApplyToExisting => match key.apply_to_existing {
            None => t::key_not_told().to_owned(),
            Some(true) => t::key_yes().to_owned(),
            Some(false) => t::key_no().to_owned(),
        },
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::{KeyId, Secret, Tag};

    const TODAY: Date = Date { year: 2026, month: 11, day: 21 };

    /// A key with everything told.
    pub(crate) fn key() -> Key {
        Key {
            id: KeyId("7".to_owned()),
            title: "Payroll servers".to_owned(),
            value: Secret::new("12ba12bc-effd-12e3-1234-12345ac12345".to_owned()),
            used: 40,
            limit: Limit::Of(1_000),
            kind: KeyKind::CountTime,
            created: Timestamp::parse("2025-09-08T18:40:11"),
            creator_name: "Ada Byron".to_owned(),
            creator_login: "acme_ab1".to_owned(),
            expires: Date::parse("2026-12-01"),
            disabled: false,
            licences: vec!["PA".to_owned(), "GAV".to_owned()],
            network: Some(0),
            tags: Some(vec![Tag { id: 1, name: None }, Tag { id: 2, name: Some("Berlin".to_owned()) }]),
            apply_to_existing: Some(false),
        }
    }

    fn standing(change: impl FnOnce(&mut Key)) -> Standing {
        let mut key = key();
        change(&mut key);
        Standing::of(&key, TODAY)
    }

    #[test]
    fn every_reason_is_said_and_the_strongest_is_the_word() {
        let worst = standing(|it| {
            it.disabled = true;
            it.expires = Date::parse("2026-11-01");
            it.used = 1_000;
        });
        assert_eq!(state_word(&worst), t::key_state_disabled());
        let reason = state_reason(&worst);
        assert!(reason.contains(t::key_reason_disabled()), "{reason}");
        assert!(reason.contains(t::key_reason_full()), "{reason}");
        assert!(reason.contains(&t::key_reason_expired("20 days ago")), "{reason}");
    }

    #[test]
    fn a_key_about_to_end_is_active_but_warns() {
        let soon = standing(|_| {});
        assert_eq!((state_word(&soon), state_tone(&soon)), (t::key_state_active(), Tone::Warning));
        assert!(!state_next_step(&soon).is_empty());
        let fine = standing(|it| it.expires = None);
        assert_eq!((state_tone(&fine), state_next_step(&fine)), (Tone::Success, ""));
        assert_eq!(state_reason(&fine), t::key_reason_active());
    }

    #[test]
    fn what_is_not_there_is_said() {
        let mut key = key();
        key.title = "  ".to_owned();
        key.creator_name = String::new();
        key.creator_login = String::new();
        key.licences = Vec::new();
        key.tags = None;
        key.expires = None;
        assert_eq!(title_or_placeholder(&key), t::key_no_title_id(&key.id.0));
        assert_eq!(creator_text(&key), t::key_unknown());
        assert_eq!(licences_text(&key.licences), t::key_none());
        assert_eq!(tags_text(&key), t::key_not_told());
        assert_eq!(expires_text(key.expires, TODAY), (t::key_never().to_owned(), String::new()));
        assert_eq!(usage_text(40, Limit::Unlimited), t::key_usage_unlimited("40"));
    }

    #[test]
    fn unknown_codes_stand_alone_and_known_ones_have_names() {
        let text = licences_text(&key().licences);
        assert!(text.ends_with("GAV") && text.contains("(PA)"), "{text}");
        assert_eq!(tags_text(&key()), "1, Berlin (2)");
        assert_eq!(usage_text(40, Limit::Of(1_000)), "40 of 1,000");
    }
}
