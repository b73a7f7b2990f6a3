//! What groups are called, and what their entries are known by.

use crate::domain::{Date, KeyId};
use crate::features::key_text;
use crate::i18n::t;
use crate::platform::intl;
use crate::systems::{FieldKind, GroupBy, GroupValue, Manifest};

/// Stands between the names of a group and of a row in it; taken out of the first.
const BETWEEN: char = '\u{1f}';

/// What the rows of a group have in common, in words.
pub(in super::super) fn group_text(manifest: &Manifest, by: GroupBy, value: &GroupValue) -> String {
    let spec = match by {
        GroupBy::Field(field) => manifest.field(field),
        GroupBy::ExpiryMonth => None,
    };
    match value {
        GroupValue::State(state) => key_text::state_name(*state).to_owned(),
        GroupValue::Text(text) => match spec.map(|it| it.kind) {
            Some(FieldKind::Choice(choices)) => key_text::choice_text(choices, text),
            Some(FieldKind::Codes(codes)) => key_text::code_text(codes, text),
            _ => text.trim().to_owned(),
        },
        GroupValue::Number(number) => number.to_string(),
        GroupValue::Flag(true) => t::key_yes().to_owned(),
        GroupValue::Flag(false) => t::key_no().to_owned(),
        GroupValue::Ref(it) => key_text::ref_text(it),
        GroupValue::Month { year, month } => {
            Date::new(*year, *month, 1).map_or_else(|| format!("{year}-{month}"), intl::month)
        }
        GroupValue::Nothing => t::group_nothing().to_owned(),
    }
}

/// What a group is known by, also after the rows were read again.
pub(in super::super) fn group_id(value: &GroupValue) -> String {
    let (kind, text) = match value {
        GroupValue::State(state) => ("s", key_text::state_name(*state).to_owned()),
        GroupValue::Text(text) => ("t", text.clone()),
        GroupValue::Number(number) => ("n", number.to_string()),
        GroupValue::Flag(flag) => ("f", flag.to_string()),
        GroupValue::Ref(it) if it.id.is_empty() => ("p", it.name.clone().unwrap_or_default()),
        GroupValue::Ref(it) => ("r", it.id.clone()),
        GroupValue::Month { year, month } => ("m", [&year.to_string(), "-", &month.to_string()].concat()),
        GroupValue::Nothing => ("", String::new()),
    };
    ["\u{1e}", kind, &text.replace(BETWEEN, " ")].concat()
}

/// What a row is known by: a key may stand in several groups.
pub(in super::super) fn row_id(group: &str, key: &KeyId) -> String {
    let mut res = String::with_capacity(group.len() + key.0.len() + 1);
    res.push_str(group);
    res.push(BETWEEN);
    res.push_str(&key.0);
    res
}

/// The key of what [`row_id`] made, and the group; for a row of a list that is not grouped, its key alone.
pub(in super::super) fn key_part(id: &str) -> (Option<&str>, KeyId) {
    match id.split_once(BETWEEN) {
        Some((group, key)) if group.starts_with('\u{1e}') => (Some(group), KeyId(key.to_owned())),
        _ => (None, KeyId(id.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FieldId, Ref, State};
    use crate::systems::qualys_gateway::MANIFEST;
    use crate::systems::qualys_gateway::fields::{LICENCES, TYPE};

    #[test]
    fn groups_are_called_as_their_cells_are() {
        let check = |by, value: GroupValue, want: &str| assert_eq!(group_text(&MANIFEST, by, &value), want);
        let field = GroupBy::Field;
        check(field(FieldId::STATE), GroupValue::State(State::Full), "Full");
        check(field(LICENCES), GroupValue::Text("PM".to_owned()), "Patch Management (PM)");
        check(field(LICENCES), GroupValue::Text("NEW".to_owned()), "NEW");
        check(field(TYPE), GroupValue::Text("Count".to_owned()), t::key_kind_count());
        check(GroupBy::ExpiryMonth, GroupValue::Month { year: 2026, month: 12 }, "2026-12");
        check(GroupBy::ExpiryMonth, GroupValue::Nothing, t::group_nothing());
        let ada = Ref { id: "acme_ab1".to_owned(), name: Some("Ada Byron".to_owned()) };
        check(field(FieldId::CREATOR), GroupValue::Ref(ada), "Ada Byron (acme_ab1)");
    }

    #[test]
    fn a_row_is_known_by_its_group_and_its_key_whatever_they_hold() {
        for text in ["PM", "a\u{1f}b", "\u{1e}", ""] {
            for key in ["7", "x\u{1f}y", ""] {
                let group = group_id(&GroupValue::Text(text.to_owned()));
                let id = row_id(&group, &KeyId(key.to_owned()));
                assert_eq!(key_part(&id), (Some(&*group), KeyId(key.to_owned())));
            }
        }
        assert_eq!(key_part("7"), (None, KeyId("7".to_owned())));
        assert_ne!(group_id(&GroupValue::Nothing), group_id(&GroupValue::Text(String::new())));
    }
}
