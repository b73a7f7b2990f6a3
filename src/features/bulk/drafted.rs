//! From picked keys and a wish to a plan: what will be asked of each key, and which keys a rule refuses before
//! anything is sent.

use std::collections::BTreeMap;

use super::edits::{Edits, edited};
use super::gather::Needs;
use super::titling::Titling;
use crate::domain::{Ended, FieldId, Fields, Key, Timestamp};
use crate::features::key_form::problem_text;
use crate::features::key_text;
use crate::i18n::t;
use crate::journal::bulk::{Item, Kind, Wanted};
use crate::systems::{
    Change, Draft, FieldError, FieldKind, Input, Manifest, Removal, plan_change, read_draft,
};

/// What an administrator wants of many keys.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// They are on, or off.
    Enabled(bool),
    /// They are gone, or taken back.
    Removed,
    /// Fields of theirs change.
    Changed {
        /// What becomes of the fields.
        edits: Edits,
        /// The number of the first key.
        first: u64,
    },
    /// There is another like each of them.
    Duplicated {
        /// How the new titles are made; `None` where the system's keys are given none.
        titling: Option<Titling>,
        /// The number of the first key.
        first: u64,
    },
}

impl Wish {
    /// What has to be known of each key before it is planned.
    #[must_use]
    pub fn needs(&self, manifest: &Manifest) -> Needs {
        match self {
            Self::Enabled(_) | Self::Removed => Needs::Seen,
            Self::Changed { edits, .. } => {
                let fields = edits.iter().map(|(field, _)| *field);
                let is_push =
                    |it: &FieldId| manifest.field(*it).is_some_and(|it| matches!(it.kind, FieldKind::Push));
                Needs::Fields(fields.filter(|it| !is_push(it)).collect())
            }
            Self::Duplicated { .. } => Needs::All,
        }
    }

    /// What a plan for it is for.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Enabled(true) => Kind::Enable,
            Self::Enabled(false) => Kind::Disable,
            Self::Removed => Kind::Remove,
            Self::Changed { .. } => Kind::Change,
            Self::Duplicated { .. } => Kind::Create,
        }
    }
}

/// A key that a rule refuses, or that is as wanted already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The key.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Why, in words.
    pub why: String,
}

/// A plan before it is confirmed.
#[derive(Clone)]
pub struct Drafted {
    /// What it is for.
    pub kind: Kind,
    /// What will be asked, in the order of the keys.
    pub items: Vec<Item>,
    /// Of them, keys that seem to be as wanted already: they are looked at, and nothing is sent for them.
    pub already: usize,
    /// Keys of which nothing differs: they are not in the plan.
    pub same: usize,
    /// Keys that a rule refuses: they are not in the plan.
    pub refused: Vec<LeftOut>,
    /// Titles that several keys would have, each with how many.
    pub twice: Vec<(String, usize)>,
}

/// Plans a wish for these keys.
#[must_use]
pub fn draft(
    manifest: &Manifest,
    removal: &dyn Fn(&Key) -> Removal,
    keys: &[Key],
    wish: &Wish,
    now: Timestamp,
) -> Drafted {
    let mut res = Drafted {
        kind: wish.kind(),
        items: Vec::with_capacity(keys.len()),
        already: 0,
        same: 0,
        refused: Vec::new(),
        twice: Vec::new(),
    };
    for (at, key) in (0..).zip(keys) {
        let wanted = match wish {
            Wish::Enabled(on) => switched(key, *on, &mut res.already),
            Wish::Removed => removed(key, removal(key)),
            Wish::Changed { edits, first } => {
                changed(manifest, key, edits, first.saturating_add(at), now).map(Wanted::Changed)
            }
            Wish::Duplicated { titling, first } => {
                let titling = titling.as_ref().map(|it| it.title(key, first.saturating_add(at)));
                duplicated(manifest, key, titling, now).map(Wanted::Created)
            }
        };
        match wanted {
            Ok(Wanted::Changed(change)) if change.is_empty() => res.same += 1,
            Ok(wanted) => res.items.push(item(key, wanted)),
            Err(why) => res.refused.push(left_out(key, why)),
        }
    }
    res.twice = twice(&res.items);
    res
}

fn switched(key: &Key, on: bool, already: &mut usize) -> Result<Wanted, String> {
    if matches!(key.ended, Some(Ended::Revoked | Ended::Archived)) {
        return Err(t::bulk_is_over().to_owned());
    }
    *already += usize::from(key.disabled != on);
    Ok(Wanted::Enabled(on))
}

fn removed(key: &Key, removal: Removal) -> Result<Wanted, String> {
    match (removal, key.ended) {
        (Removal::Revoke, Some(Ended::Revoked)) => Err(t::bulk_is_revoked().to_owned()),
        _ => Ok(Wanted::Removed),
    }
}

fn changed(
    manifest: &Manifest,
    key: &Key,
    edits: &Edits,
    count: u64,
    now: Timestamp,
) -> Result<Change, String> {
    let draft = edited(manifest, key, edits, count).map_err(|it| problems(manifest, &it))?;
    let wanted =
        read_draft(manifest, &draft, Some(key), now).map_err(|it| own_problems(manifest, edits, &it))?;
    let mut change = plan_change(manifest, key, &wanted);
    // A list answer may tell less than the form asks for: what was not chosen is not touched, whatever it says.
    change.0.retain(|(field, _)| edits.iter().any(|(it, _)| it == field));
    // A push of nothing has no effect worth a call.
    let is_push = |field: FieldId| manifest.field(field).is_some_and(|it| matches!(it.kind, FieldKind::Push));
    let pushes_alone = !change.0.is_empty() && change.0.iter().all(|(it, _)| is_push(*it));
    let asked_for_more = edits.iter().any(|(it, _)| !is_push(*it));
    if pushes_alone && asked_for_more {
        change.0.clear();
    }
    Ok(change)
}

/// Settings of a key for a new one: never its value or its counts.
fn duplicated(
    manifest: &Manifest,
    key: &Key,
    title: Option<String>,
    now: Timestamp,
) -> Result<Fields, String> {
    let mut draft = Draft::like(manifest, key);
    if let Some(title) = title {
        draft.set(FieldId::TITLE, Input::Text(title));
    }
    read_draft(manifest, &draft.tidied(manifest), None, now).map_err(|it| problems(manifest, &it))
}

/// What is wrong with the fields that were chosen; what was wrong before with others is named as well, since the
/// service would see it too.
fn own_problems(manifest: &Manifest, edits: &Edits, errors: &[FieldError]) -> String {
    let own: Vec<FieldError> =
        errors.iter().filter(|it| edits.iter().any(|(field, _)| *field == it.field)).cloned().collect();
    if own.is_empty() { problems(manifest, errors) } else { problems(manifest, &own) }
}

fn problems(manifest: &Manifest, errors: &[FieldError]) -> String {
    let line = |it: &FieldError| [manifest.label(it.field), ": ", &problem_text(manifest, it)].concat();
    errors.iter().map(line).collect::<Vec<_>>().join(" ")
}

fn left_out(key: &Key, why: String) -> LeftOut {
    LeftOut { id: key.id.0.clone(), title: key_text::title_or_placeholder(key), why }
}

fn item(key: &Key, wanted: Wanted) -> Item {
    let seen = Key { value: None, ..key.clone() };
    match wanted {
        Wanted::Created(fields) => {
            let title = fields.text(FieldId::TITLE).trim();
            let title = if title.is_empty() { key_text::title_or_placeholder(key) } else { title.to_owned() };
            Item { before: None, title, wanted: Wanted::Created(fields) }
        }
        wanted => Item { before: Some(seen), title: key_text::title_or_placeholder(key), wanted },
    }
}

/// The title that an item gives its key, if it gives one.
fn new_title(item: &Item) -> Option<&str> {
    let title = match &item.wanted {
        Wanted::Created(fields) => fields.text(FieldId::TITLE),
        Wanted::Changed(change) => match change.set(FieldId::TITLE)? {
            crate::domain::Value::Text(text) => text,
            _ => return None,
        },
        Wanted::Enabled(_) | Wanted::Removed => return None,
    };
    Some(title.trim()).filter(|it| !it.is_empty())
}

/// Titles that several keys of the plan would have, in their order, whatever their letters' case.
fn twice(items: &[Item]) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, (&str, usize)> = BTreeMap::new();
    for title in items.iter().filter_map(new_title) {
        counts.entry(title.to_lowercase()).or_insert((title, 0)).1 += 1;
    }
    counts.into_values().filter(|(_, n)| *n > 1).map(|(title, n)| (title.to_owned(), n)).collect()
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a test may stop at the first surprise")]
mod tests {
    use super::super::edits::Edit;
    use super::super::titling::Pattern;
    use super::*;
    use crate::domain::{Limit, Secret, Value};
    use crate::systems::qualys_gateway::MANIFEST;
    use crate::systems::qualys_gateway::fields::APPLY;
    use crate::systems::{Delta, qlik};

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-21T12:00:00Z").unwrap_or(Timestamp(0))
    }

    fn key(id: &str, title: &str) -> Key {
        let mut key = Key { id: crate::domain::KeyId(id.to_owned()), ..key_text::tests::key() };
        key.fields.set(FieldId::TITLE, Value::Text(title.to_owned()));
        key
    }

    fn planned(keys: &[Key], wish: &Wish) -> Drafted {
        draft(&MANIFEST, &|_| Removal::Delete, keys, wish, now())
    }

    #[test]
    fn keys_that_are_so_already_are_counted_and_looked_at_all_the_same() {
        let mut off = key("2", "b");
        off.disabled = true;
        let plan = planned(&[key("1", "a"), off], &Wish::Enabled(false));
        assert_eq!((plan.kind, plan.items.len(), plan.already), (Kind::Disable, 2, 1));
        assert!(plan.items.iter().all(|it| it.wanted == Wanted::Enabled(false)));
        assert!(plan.items.iter().all(|it| it.before.as_ref().is_some_and(|it| it.value.is_none())));
    }

    #[test]
    fn what_was_taken_back_is_neither_switched_nor_taken_back_again() {
        let over = Key { ended: Some(Ended::Revoked), ..key("1", "a") };
        let refused = |wish: &Wish, removal| {
            let plan = draft(&qlik::MANIFEST, &|_| removal, std::slice::from_ref(&over), wish, now());
            (plan.items.len(), plan.refused.len())
        };
        assert_eq!(refused(&Wish::Enabled(true), Removal::Revoke), (0, 1));
        assert_eq!(refused(&Wish::Removed, Removal::Revoke), (0, 1));
        assert_eq!(refused(&Wish::Removed, Removal::Delete), (1, 0));
    }

    #[test]
    fn each_key_is_checked_as_in_its_own_form() {
        let mut full = key("2", "b");
        full.fields.set(FieldId::USED, Value::Number(600));
        let mut unlimited = key("3", "c");
        unlimited.fields.set(FieldId::LIMIT, Value::Limit(Limit::Unlimited));
        let same = {
            let mut it = key("4", "d");
            it.fields.set(FieldId::LIMIT, Value::Limit(Limit::Of(500)));
            it
        };
        let edits = vec![(FieldId::LIMIT, Edit::Set(Input::Text("500".to_owned())))];
        let wish = Wish::Changed { edits, first: 1 };
        let plan = planned(&[key("1", "a"), full, unlimited, same], &wish);
        assert_eq!((plan.items.len(), plan.same, plan.refused.len()), (2, 1, 1));
        assert!(plan.refused[0].why.contains("600"), "{:?}", plan.refused);
        let Wanted::Changed(change) = &plan.items[0].wanted else { panic!("it is a change") };
        assert_eq!(change.0, [(FieldId::LIMIT, Delta::Set(Value::Limit(Limit::Of(500))))]);
    }

    #[test]
    fn a_push_goes_with_a_change_or_alone_and_not_with_none() {
        let push = (APPLY, Edit::Set(Input::Flag(true)));
        let limit = |text: &str| (FieldId::LIMIT, Edit::Set(Input::Text(text.to_owned())));
        let count = |edits: Edits| -> usize {
            let plan = planned(&[key("1", "a")], &Wish::Changed { edits, first: 1 });
            plan.items
                .iter()
                .map(|it| if let Wanted::Changed(it) = &it.wanted { it.0.len() } else { 0 })
                .sum()
        };
        assert_eq!(count(vec![push.clone()]), 1);
        assert_eq!(count(vec![push.clone(), limit("500")]), 2);
        assert_eq!(count(vec![push, limit("1000")]), 0);
    }

    #[test]
    fn titles_that_would_stand_twice_are_told() {
        let title = |text: &str| Pattern::parse(text).map(Titling::Pattern).ok();
        let renamed = |text: &str| {
            let edits = title(text).map(|it| (FieldId::TITLE, Edit::Title(it))).into_iter().collect();
            let wish = Wish::Changed { edits, first: 9 };
            planned(&[key("1", "a"), key("2", "A"), key("3", "c")], &wish)
        };
        assert_eq!(renamed("{title}!").twice, [("a!".to_owned(), 2)]);
        let plan = renamed("EU {nn}");
        assert!(plan.twice.is_empty());
        assert_eq!(plan.items.iter().filter_map(new_title).collect::<Vec<_>>(), ["EU 09", "EU 10", "EU 11"]);
    }

    #[test]
    fn a_duplicate_has_the_settings_and_never_the_value_or_the_counts() {
        let mut old = key("1", "a");
        old.value = Some(Secret::new("12ba12bc-effd-12e3-1234-12345ac12345".to_owned()));
        let mut over = key("2", "b");
        let day = crate::domain::Date::parse("2020-01-01").map_or(Value::Nothing, Value::Day);
        over.fields.set(FieldId::EXPIRES, day);
        let titling = Pattern::parse("{title} copy").map(Titling::Pattern).ok();
        let plan = planned(&[old, over], &Wish::Duplicated { titling, first: 1 });
        assert_eq!((plan.kind, plan.items.len(), plan.refused.len()), (Kind::Create, 1, 1));
        let Wanted::Created(fields) = &plan.items[0].wanted else { panic!("it is a new key") };
        assert_eq!(fields.text(FieldId::TITLE), "a copy");
        assert_eq!(fields.get(FieldId::LIMIT), Some(&Value::Limit(Limit::Of(1_000))));
        assert!(fields.get(FieldId::USED).is_none() && fields.get(FieldId::VALUE).is_none());
        assert!(plan.items[0].before.is_none());
    }
}
