//! A planned change, in words.

use crate::domain::Key;
use crate::features::key_text;
use crate::i18n::{small, t};
use crate::systems::{Change, Delta, FieldKind, FieldSpec, Manifest};

/// What will be sent, one line a difference. Empty when there is nothing to send.
#[must_use]
pub fn change_lines(manifest: &Manifest, key: &Key, change: &Change) -> Vec<String> {
    let mut res = Vec::new();
    for (field, delta) in &change.0 {
        let Some(spec) = manifest.field(*field) else { continue };
        match delta {
            Delta::Set(_) if matches!(spec.kind, FieldKind::Push) => {
                res.push(t::change_apply(key.used().unwrap_or(0)));
            }
            Delta::Set(value) => {
                let from = key_text::field_text(manifest, key, *field);
                res.push(t::change_set((spec.label)(), &from, &key_text::value_text(spec, value)));
            }
            Delta::List { add, remove } => {
                let label = small((spec.label)());
                let mut list = |say: fn(&str, &str) -> String, items: &[String]| {
                    if !items.is_empty() {
                        res.push(say(&label, &item_names(spec, items).join(", ")));
                    }
                };
                list(t::change_add, add);
                list(t::change_remove, remove);
            }
        }
    }
    res
}

fn item_names(spec: &FieldSpec, items: &[String]) -> Vec<String> {
    let name = |it: &String| match spec.kind {
        FieldKind::Codes(codes) => key_text::code_text(codes, it),
        _ => it.clone(),
    };
    items.iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Date, FieldId, Limit, Value};
    use crate::features::key_text::tests::key;
    use crate::systems::qualys_gateway::MANIFEST;
    use crate::systems::qualys_gateway::fields::{APPLY, LICENCES, NETWORK, TAGS};

    fn strings(items: &[&str]) -> Vec<String> {
        items.iter().map(|it| (*it).to_owned()).collect()
    }

    #[test]
    fn nothing_planned_is_nothing_said() {
        assert!(change_lines(&MANIFEST, &key(), &Change::default()).is_empty());
    }

    #[test]
    fn every_difference_is_one_line() {
        let change = Change(vec![
            (FieldId::TITLE, Delta::Set(Value::Text(String::new()))),
            (FieldId::LIMIT, Delta::Set(Value::Limit(Limit::Unlimited))),
            (NETWORK, Delta::Set(Value::Number(5))),
            (FieldId::EXPIRES, Delta::Set(Value::Nothing)),
            (LICENCES, Delta::List { add: strings(&["PM", "XYZ"]), remove: strings(&["GAV"]) }),
            (TAGS, Delta::List { add: strings(&["3"]), remove: strings(&["1", "2"]) }),
            (APPLY, Delta::Set(Value::Flag(true))),
        ]);
        let lines = change_lines(&MANIFEST, &key(), &change);
        assert_eq!(lines.len(), 9, "{lines:?}");
        let has = |part: &str| assert!(lines.iter().any(|it| it.contains(part)), "{part}: {lines:?}");
        has(t::key_no_title());
        has(t::key_never());
        has(t::key_unlimited());
        has("(PM), XYZ");
        has("1, 2");
        has("40");
        assert!(lines.contains(&"Remove licences: GAV".to_owned()), "{lines:?}");
    }

    #[test]
    fn a_new_day_shows_both_days() {
        let day = Date::parse("2027-02-03").map_or(Value::Nothing, Value::Day);
        let change = Change(vec![(FieldId::EXPIRES, Delta::Set(day))]);
        let lines = change_lines(&MANIFEST, &key(), &change);
        assert_eq!(lines, [t::change_set(t::key_field_expires(), "2026-12-01", "2027-02-03")]);
    }
}
