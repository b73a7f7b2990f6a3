//! Drafts compared, and drafts moved onto a newer reading of their key.

use crate::domain::{Field, Key, KeyDraft};
use crate::systems::qualys_gateway::licences;

/// Whether two drafts say the same in one field.
#[must_use]
pub fn same_part(a: &KeyDraft, b: &KeyDraft, field: Field) -> bool {
    match field {
        Field::Title => a.title == b.title,
        Field::Network => a.network == b.network,
        Field::Expires => a.expires == b.expires,
        Field::Limit => a.limit == b.limit,
        Field::Licences => a.licences == b.licences,
        Field::Tags => a.tags == b.tags,
        Field::Disabled | Field::Used | Field::ApplyToExisting => true,
    }
}

/// The draft in the one form in which two drafts are compared: known licences in their own order and
/// spelling, blanks around values dropped.
#[must_use]
pub fn tidied(draft: &KeyDraft) -> KeyDraft {
    let (mut known, other) = split_licences(&draft.licences);
    known.extend(other);
    KeyDraft {
        title: draft.title.trim().to_owned(),
        network: draft.network.trim().to_owned(),
        expires: draft.expires.trim().to_owned(),
        limit: draft.limit.trim().to_owned(),
        licences: known,
        tags: draft.tags.clone(),
    }
}

/// Licence codes as those the form offers, in its order, and the rest as it came.
#[must_use]
pub fn split_licences(codes: &[String]) -> (Vec<String>, Vec<String>) {
    let has = |code: &str| codes.iter().any(|it| licences::canonical(it) == code);
    let known = licences::LICENCES.iter().filter(|it| has(it.code)).map(|it| it.code.to_owned());
    let is_other = |code: &&String| licences::name(code).is_none();
    let mut other: Vec<String> = Vec::new();
    for code in codes.iter().filter(is_other) {
        if !other.contains(code) {
            other.push(code.clone());
        }
    }
    (known.collect(), other)
}

/// Codes typed as free text, parted by commas, semicolons or blanks.
#[must_use]
pub fn parse_codes(text: &str) -> Vec<String> {
    let parts = text.split(|it: char| it == ',' || it == ';' || it.is_whitespace());
    parts.filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

/// Moves the edits made in `mine`, which started from `old`, onto the newer reading `now`.
///
/// What was not edited takes the newer value; what was edited stays. In the two lists each addition and
/// each removal is an edit of its own.
#[must_use]
pub fn rebase(mine: &KeyDraft, old: &Key, now: &Key) -> KeyDraft {
    let (old, now, mine) = (tidied(&KeyDraft::of(old)), tidied(&KeyDraft::of(now)), tidied(mine));
    let pick = |mine: &str, old: &str, now: &str| if mine == old { now.to_owned() } else { mine.to_owned() };
    KeyDraft {
        title: pick(&mine.title, &old.title, &now.title),
        network: pick(&mine.network, &old.network, &now.network),
        expires: pick(&mine.expires, &old.expires, &now.expires),
        limit: pick(&mine.limit, &old.limit, &now.limit),
        licences: merged(&mine.licences, &old.licences, &now.licences),
        tags: merged(&mine.tags, &old.tags, &now.tags),
    }
}

fn merged(mine: &[String], old: &[String], now: &[String]) -> Vec<String> {
    let removed = |it: &&String| old.contains(it) && !mine.contains(it);
    let added = mine.iter().filter(|it| !old.contains(it) && !now.contains(it));
    now.iter().filter(|it| !removed(it)).chain(added).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::key_text::tests::key;
    use super::*;
    use crate::domain::{Date, Tag};

    fn codes(text: &str) -> Vec<String> {
        parse_codes(text)
    }

    #[test]
    fn an_untouched_draft_is_not_dirty_whatever_the_order() {
        let mut twin = key();
        twin.licences.reverse();
        twin.title = "Payroll servers ".to_owned();
        assert_eq!(tidied(&KeyDraft::of(&key())), tidied(&KeyDraft::of(&twin)));
    }

    #[test]
    fn known_codes_take_the_offered_spelling_and_order() {
        let (known, other) = split_licences(&codes("gav, PM;swca VM\nPA GAV gav"));
        assert_eq!(known, codes("VM PC PM SwCA"));
        assert_eq!(other, codes("gav GAV"));
        assert!(parse_codes(" ,; ").is_empty());
    }

    #[test]
    fn my_edits_stay_and_theirs_come_in() {
        let old = key();
        let mut now = key();
        now.title = "Payroll EU".to_owned();
        now.expires = Date::parse("2027-01-01");
        now.licences = codes("PA GAV FIM");
        now.tags = Some(vec![Tag { id: 2, name: None }, Tag { id: 3, name: None }]);
        let mine = KeyDraft {
            expires: "2028-05-05".to_owned(),
            licences: codes("VM GAV"),
            tags: codes("1 2 9"),
            ..KeyDraft::of(&old)
        };
        let merged = rebase(&mine, &old, &now);
        assert_eq!(merged.title, "Payroll EU");
        assert_eq!(merged.expires, "2028-05-05");
        assert_eq!(tidied(&merged).licences, codes("VM FIM GAV"));
        assert_eq!(merged.tags, codes("2 3 9"));
    }

    #[test]
    fn each_field_is_compared_alone() {
        let draft = KeyDraft::of(&key());
        let other = KeyDraft { limit: "5".to_owned(), ..draft.clone() };
        assert!(!same_part(&draft, &other, Field::Limit));
        for field in [Field::Title, Field::Network, Field::Expires, Field::Licences, Field::Tags] {
            assert!(same_part(&draft, &other, field), "{field:?}");
        }
    }
}
