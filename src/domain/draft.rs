//! From what an administrator typed to what will be sent: checked drafts of new keys, and changes as
//! differences.

use super::date::Date;
use super::key::{Key, Limit};

/// Limits the API accepts (reference `qualys.md`, 1.3 and 1.4).
pub const LIMIT_RANGE: std::ops::RangeInclusive<u64> = 1..=1_000_000;

/// A part of a key that a form shows or a comparison names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The administrator's name for the key.
    Title,
    /// The network of its machines.
    Network,
    /// Its last day.
    Expires,
    /// How many machines it may enrol.
    Limit,
    /// Applications its machines get.
    Licences,
    /// Tags its machines get.
    Tags,
    /// Switched on or off.
    Disabled,
    /// Machines enrolled.
    Used,
    /// Whether changes are pushed to machines enrolled before.
    ApplyToExisting,
}

/// The text of a form, unchecked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyDraft {
    /// Title; may be blank.
    pub title: String,
    /// Network number, or blank.
    pub network: String,
    /// `YYYY-MM-DD`, or blank for none.
    pub expires: String,
    /// A number, or blank for none.
    pub limit: String,
    /// Chosen licence codes.
    pub licences: Vec<String>,
    /// Tag numbers as typed.
    pub tags: Vec<String>,
}

/// A checked draft: what the key shall be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewKey {
    /// Title; blank is allowed by the API.
    pub title: String,
    /// Network number; `None` leaves it to the system.
    pub network: Option<i64>,
    /// Last day in UTC.
    pub expires: Option<Date>,
    /// Machines it may enrol.
    pub limit: Option<u64>,
    /// Licence codes.
    pub licences: Vec<String>,
    /// Tag numbers.
    pub tags: Vec<u64>,
}

/// Why a field cannot be sent as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Not a day of the calendar.
    NotADate,
    /// A day before today in UTC.
    InThePast,
    /// Not a whole number.
    NotANumber,
    /// Outside [`LIMIT_RANGE`].
    OutOfRange,
    /// The limit must be above the machines already enrolled, so many.
    NotAboveUsed(u64),
}

/// A problem at its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field it belongs to.
    pub field: Field,
    /// What is wrong with it.
    pub problem: Problem,
}

impl KeyDraft {
    /// A draft that shows `key` as it is.
    #[must_use]
    pub fn of(key: &Key) -> Self {
        Self {
            title: key.title.clone(),
            network: key.network.map(|it| it.to_string()).unwrap_or_default(),
            expires: key.expires.map(|it| it.to_string()).unwrap_or_default(),
            limit: match key.limit {
                Limit::Unlimited => String::new(),
                Limit::Of(limit) => limit.to_string(),
            },
            licences: key.licences.clone(),
            tags: key.tags.iter().flatten().map(|it| it.id.to_string()).collect(),
        }
    }

    /// Settings of `key` for another key like it: never its value, its title or its counts.
    #[must_use]
    pub fn like(key: &Key) -> Self {
        Self { title: String::new(), ..Self::of(key) }
    }
}

/// Checks a draft. `current` is the key being edited, if any: what stays as it is may stay, even where
/// it could not be entered anew (an expiry in the past, a limit that is reached).
///
/// # Errors
///
/// All fields that cannot be sent, in the order of the form.
pub fn read_draft(draft: &KeyDraft, current: Option<&Key>, today: Date) -> Result<NewKey, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut note = |field, problem| errors.push(FieldError { field, problem });
    let mut res = NewKey { title: draft.title.trim().to_owned(), ..NewKey::default() };

    let network = draft.network.trim();
    if !network.is_empty() {
        match network.parse::<i64>() {
            Ok(number) if number >= 0 => res.network = Some(number),
            _ => note(Field::Network, Problem::NotANumber),
        }
    }

    let expires = draft.expires.trim();
    if !expires.is_empty() {
        match Date::parse(expires) {
            None => note(Field::Expires, Problem::NotADate),
            Some(date) if date < today && current.and_then(|it| it.expires) != Some(date) => {
                note(Field::Expires, Problem::InThePast);
            }
            Some(date) => res.expires = Some(date),
        }
    }

    let limit = draft.limit.trim();
    if !limit.is_empty() {
        let unchanged = |number| current.is_some_and(|it| it.limit == Limit::Of(number));
        let used = current.map_or(0, |it| it.used);
        match limit.parse::<u64>() {
            Err(_) if limit.bytes().all(|it| it.is_ascii_digit()) => note(Field::Limit, Problem::OutOfRange),
            Err(_) => note(Field::Limit, Problem::NotANumber),
            Ok(number) if unchanged(number) => res.limit = Some(number),
            Ok(number) if !LIMIT_RANGE.contains(&number) => note(Field::Limit, Problem::OutOfRange),
            Ok(number) if number <= used && used > 0 => note(Field::Limit, Problem::NotAboveUsed(used)),
            Ok(number) => res.limit = Some(number),
        }
    }

    for licence in &draft.licences {
        if !res.licences.contains(licence) {
            res.licences.push(licence.clone());
        }
    }

    for tag in &draft.tags {
        match tag.trim().parse::<u64>() {
            Ok(id) if res.tags.contains(&id) => {}
            Ok(id) => res.tags.push(id),
            Err(_) => note(Field::Tags, Problem::NotANumber),
        }
    }

    if errors.is_empty() { Ok(res) } else { Err(errors) }
}

/// What will be sent to change a key: only differences (reference `qualys.md`, 1.4, "a delta API").
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// A new title.
    pub title: Option<String>,
    /// A new network.
    pub network: Option<i64>,
    /// A new last day; `Some(None)` removes it.
    pub expires: Option<Option<Date>>,
    /// A new limit.
    pub limit: Option<Limit>,
    /// Licences to add.
    pub add_licences: Vec<String>,
    /// Licences to take away.
    pub remove_licences: Vec<String>,
    /// Tags to add.
    pub add_tags: Vec<u64>,
    /// Tags to take away.
    pub remove_tags: Vec<u64>,
    /// Push the key's settings to machines enrolled before; `None` says nothing about it.
    pub apply_to_existing: Option<bool>,
}

impl Change {
    /// Whether there is anything to send.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The differences between `current` and `wanted`.
///
/// `canonical` gives the one spelling of a licence code, so that a renamed code is no difference. A
/// blank network is no difference either: the API can set a network, not take it away.
#[must_use]
pub fn plan_change(
    current: &Key,
    wanted: &NewKey,
    apply_to_existing: bool,
    canonical: fn(&str) -> &str,
) -> Change {
    let has = |codes: &[String], code: &str| codes.iter().any(|it| canonical(it) == canonical(code));
    let missing = |from: &[String], other: &[String]| -> Vec<String> {
        from.iter().filter(|it| !has(other, it)).cloned().collect()
    };
    let tags: Vec<u64> = current.tags.iter().flatten().map(|it| it.id).collect();
    let limit = wanted.limit.map_or(Limit::Unlimited, Limit::Of);
    Change {
        title: (wanted.title != current.title).then(|| wanted.title.clone()),
        network: wanted.network.filter(|it| current.network != Some(*it)),
        expires: (wanted.expires != current.expires).then_some(wanted.expires),
        limit: (limit != current.limit).then_some(limit),
        add_licences: missing(&wanted.licences, &current.licences),
        remove_licences: missing(&current.licences, &wanted.licences),
        add_tags: wanted.tags.iter().copied().filter(|it| !tags.contains(it)).collect(),
        remove_tags: tags.iter().copied().filter(|it| !wanted.tags.contains(it)).collect(),
        apply_to_existing: apply_to_existing.then_some(true),
    }
}

/// The fields in which two readings of one key differ. What a reading does not tell is no difference.
#[must_use]
pub fn differences(before: &Key, after: &Key) -> Vec<Field> {
    let mut res = Vec::new();
    let mut note = |differs: bool, field| {
        if differs {
            res.push(field);
        }
    };
    let told = |a: bool, b: bool, differs: bool| a && b && differs;
    note(before.title != after.title, Field::Title);
    note(
        told(before.network.is_some(), after.network.is_some(), before.network != after.network),
        Field::Network,
    );
    note(before.expires != after.expires, Field::Expires);
    note(before.limit != after.limit, Field::Limit);
    let sorted = |codes: &[String]| {
        let mut res = codes.to_vec();
        res.sort();
        res
    };
    note(sorted(&before.licences) != sorted(&after.licences), Field::Licences);
    let ids = |key: &Key| {
        let mut res: Vec<u64> = key.tags.iter().flatten().map(|it| it.id).collect();
        res.sort_unstable();
        res
    };
    note(told(before.tags.is_some(), after.tags.is_some(), ids(before) != ids(after)), Field::Tags);
    note(before.disabled != after.disabled, Field::Disabled);
    note(before.used != after.used, Field::Used);
    res
}

#[cfg(test)]
mod tests {
    use super::super::key::{KeyId, KeyKind, Tag};
    use super::super::secret::Secret;
    use super::*;

    const TODAY: Date = Date { year: 2026, month: 11, day: 21 };

    fn key() -> Key {
        Key {
            id: KeyId("7".to_owned()),
            title: "Payroll servers".to_owned(),
            value: Secret::new("12ba12bc-effd-12e3-1234-12345ac12345".to_owned()),
            used: 40,
            limit: Limit::Of(100),
            kind: KeyKind::CountTime,
            created: None,
            creator_name: String::new(),
            creator_login: String::new(),
            expires: Date::parse("2026-01-31"),
            disabled: false,
            licences: vec!["PA".to_owned(), "VM".to_owned()],
            network: Some(0),
            tags: Some(vec![Tag { id: 1, name: None }, Tag { id: 2, name: None }]),
            apply_to_existing: Some(false),
        }
    }

    fn errors(draft: &KeyDraft, current: Option<&Key>) -> Vec<(Field, Problem)> {
        read_draft(draft, current, TODAY)
            .err()
            .unwrap_or_default()
            .iter()
            .map(|it| (it.field, it.problem))
            .collect()
    }

    #[test]
    fn nothing_is_mandatory() {
        assert_eq!(read_draft(&KeyDraft::default(), None, TODAY), Ok(NewKey::default()));
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let draft = KeyDraft {
            network: "n1".to_owned(),
            expires: "2026-11-20".to_owned(),
            limit: "0".to_owned(),
            tags: vec!["12".to_owned(), "x".to_owned()],
            ..KeyDraft::default()
        };
        assert_eq!(
            errors(&draft, None),
            [
                (Field::Network, Problem::NotANumber),
                (Field::Expires, Problem::InThePast),
                (Field::Limit, Problem::OutOfRange),
                (Field::Tags, Problem::NotANumber),
            ]
        );
    }

    #[test]
    fn limits_are_whole_numbers_within_the_range() {
        let check = |limit: &str, expected: &[(Field, Problem)]| {
            let draft = KeyDraft { limit: limit.to_owned(), ..KeyDraft::default() };
            assert_eq!(errors(&draft, None), expected, "{limit}");
        };
        check("1", &[]);
        check(" 1000000 ", &[]);
        check("1000001", &[(Field::Limit, Problem::OutOfRange)]);
        check("99999999999999999999999", &[(Field::Limit, Problem::OutOfRange)]);
        check("-1", &[(Field::Limit, Problem::NotANumber)]);
        check("1.5", &[(Field::Limit, Problem::NotANumber)]);
    }

    #[test]
    fn what_stays_as_it_is_may_stay() {
        let mut full = key();
        full.used = 100;
        assert!(read_draft(&KeyDraft::of(&full), Some(&full), TODAY).is_ok());
        let draft = KeyDraft { limit: "99".to_owned(), ..KeyDraft::of(&full) };
        assert_eq!(errors(&draft, Some(&full)), [(Field::Limit, Problem::NotAboveUsed(100))]);
        let draft = KeyDraft { expires: "2026-02-01".to_owned(), ..KeyDraft::of(&full) };
        assert_eq!(errors(&draft, Some(&full)), [(Field::Expires, Problem::InThePast)]);
    }

    #[test]
    fn an_untouched_form_plans_nothing() {
        let key = key();
        let wanted = read_draft(&KeyDraft::of(&key), Some(&key), TODAY).unwrap_or_default();
        assert!(plan_change(&key, &wanted, false, |it| it).is_empty());
    }

    #[test]
    fn only_differences_are_planned() {
        let key = key();
        let wanted = NewKey {
            title: "Payroll".to_owned(),
            network: None,
            expires: None,
            limit: None,
            licences: vec!["PC".to_owned(), "PM".to_owned()],
            tags: vec![2, 3],
        };
        fn fixed(code: &str) -> &str {
            if code == "PA" { "PC" } else { code }
        }
        let change = plan_change(&key, &wanted, true, fixed);
        assert_eq!(
            change,
            Change {
                title: Some("Payroll".to_owned()),
                network: None,
                expires: Some(None),
                limit: Some(Limit::Unlimited),
                add_licences: vec!["PM".to_owned()],
                remove_licences: vec!["VM".to_owned()],
                add_tags: vec![3],
                remove_tags: vec![1],
                apply_to_existing: Some(true),
            }
        );
    }

    #[test]
    fn a_reading_that_tells_less_is_no_difference() {
        let mut row = key();
        row.network = None;
        row.tags = None;
        assert!(differences(&key(), &row).is_empty());
        row.disabled = true;
        row.licences.reverse();
        row.used = 41;
        assert_eq!(differences(&key(), &row), [Field::Disabled, Field::Used]);
    }

    #[test]
    fn a_twin_carries_settings_alone() {
        let twin = KeyDraft::like(&key());
        assert!(twin.title.is_empty());
        assert_eq!(twin.limit, "100");
    }
}
