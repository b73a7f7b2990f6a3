//! Drafts compared, and drafts moved onto a newer reading of their key.

use crate::domain::{FieldId, Key};
use crate::systems::{Draft, Input, Manifest};

/// Whether two drafts say the same in one field.
#[must_use]
pub fn same_part(a: &Draft, b: &Draft, field: FieldId) -> bool {
    a.get(field) == b.get(field)
}

/// Codes typed as free text, parted by commas, semicolons or blanks.
#[must_use]
pub fn parse_codes(text: &str) -> Vec<String> {
    let parts = text.split(|it: char| it == ',' || it == ';' || it.is_whitespace());
    parts.filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

/// Moves the edits made in `mine`, which started from `old`, onto the newer reading `now`.
///
/// What was not edited takes the newer value; what was edited stays. In lists each addition and each removal
/// is an edit of its own.
#[must_use]
pub fn rebase(manifest: &Manifest, mine: &Draft, old: &Key, now: &Key) -> Draft {
    let start = |key: &Key| Draft::of(manifest, key).tidied(manifest);
    let (old, now, mine) = (start(old), start(now), mine.tidied(manifest));
    let mut res = now.clone();
    for spec in manifest.form(true) {
        let field = spec.id;
        let is_list = [&mine, &old, &now].iter().any(|it| matches!(it.get(field), Some(Input::List(_))));
        if is_list {
            res.set(field, Input::List(merged(mine.list(field), old.list(field), now.list(field))));
        } else if !same_part(&mine, &old, field) {
            // An empty text is the same as nothing.
            res.set(field, mine.get(field).cloned().unwrap_or(Input::Text(String::new())));
        }
    }
    res
}

fn merged(mine: &[String], old: &[String], now: &[String]) -> Vec<String> {
    let removed = |it: &&String| old.contains(it) && !mine.contains(it);
    let added = mine.iter().filter(|it| !old.contains(it) && !now.contains(it));
    now.iter().filter(|it| !removed(it)).chain(added).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{CODES, LIST, MANIFEST, SWITCH, key};
    use super::*;
    use crate::domain::{Limit, Ref, Value};

    fn codes(text: &str) -> Vec<String> {
        parse_codes(text)
    }

    #[test]
    fn an_untouched_draft_is_not_dirty_whatever_the_order() {
        let mut twin = key();
        twin.fields.set(CODES, Value::Codes(codes("y X")));
        twin.fields.set(FieldId::TITLE, Value::Text("Payroll servers ".to_owned()));
        let tidied = |key: &Key| Draft::of(&MANIFEST, key).tidied(&MANIFEST);
        assert_eq!(tidied(&key()), tidied(&twin));
    }

    #[test]
    fn codes_are_parted_by_commas_semicolons_and_blanks() {
        assert_eq!(codes("gav, PM;swca VM\nPA"), ["gav", "PM", "swca", "VM", "PA"]);
        assert!(codes(" ,; ").is_empty());
    }

    #[test]
    fn my_edits_stay_and_theirs_come_in() {
        let old = key();
        let mut now = key();
        now.fields.set(FieldId::TITLE, Value::Text("Payroll EU".to_owned()));
        now.fields.set(FieldId::LIMIT, Value::Limit(Limit::Of(70)));
        now.fields.set(LIST, Value::Refs(vec![Ref::of("2"), Ref::of("3")]));
        now.fields.set(CODES, Value::Codes(codes("X Z")));
        let mine = Draft::of(&MANIFEST, &old)
            .with_text(FieldId::LIMIT, "500")
            .with(LIST, Input::List(codes("1 2 9")))
            .with(CODES, Input::List(codes("Y Q")))
            .with(SWITCH, Input::Flag(true));
        let merged = rebase(&MANIFEST, &mine, &old, &now);
        assert_eq!(merged.text(FieldId::TITLE), "Payroll EU");
        assert_eq!(merged.text(FieldId::LIMIT), "500");
        assert_eq!(merged.list(LIST), codes("2 3 9"));
        assert_eq!(merged.tidied(&MANIFEST).list(CODES), codes("Z Q"));
        assert!(merged.flag(SWITCH));
    }

    #[test]
    fn what_i_cleared_stays_cleared() {
        let old = key();
        let mine = Draft::of(&MANIFEST, &old).with_text(FieldId::LIMIT, "");
        let mut now = key();
        now.fields.set(FieldId::LIMIT, Value::Limit(Limit::Of(70)));
        assert_eq!(rebase(&MANIFEST, &mine, &old, &now).text(FieldId::LIMIT), "");
    }

    #[test]
    fn each_field_is_compared_alone() {
        let draft = Draft::of(&MANIFEST, &key());
        let other = draft.clone().with_text(FieldId::LIMIT, "5");
        assert!(!same_part(&draft, &other, FieldId::LIMIT));
        for field in [FieldId::TITLE, CODES, LIST, SWITCH] {
            assert!(same_part(&draft, &other, field), "{field:?}");
        }
    }
}
