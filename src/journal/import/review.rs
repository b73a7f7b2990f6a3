//! A plan that comes from a file, held against the keys as they are now.

use std::collections::BTreeMap;

use super::super::bulk::{Item, Plan, Wanted};
use super::{ImportPlan, Line, Refusal, Row, Verdict, Why};
use crate::domain::{FieldId, Key, Standing, State, Timestamp};
use crate::systems::{Delta, Manifest, can_be, comparable, differences};

/// What a plan would do today: keys that moved since it was made are refused, and so are keys that are there already.
///
/// A row here is an item of the plan; lines count from 1.
#[must_use]
pub fn review(manifest: &Manifest, plan: &Plan, keys: &[Key], now: Timestamp) -> ImportPlan {
    let ids: BTreeMap<&str, &Key> = keys.iter().map(|it| (it.id.0.as_str(), it)).collect();
    let row = |(at, item): (usize, &Item)| {
        let today = item.before.as_ref().and_then(|it| ids.get(it.id.0.as_str()).copied());
        let verdict = verdict(manifest, item, today, keys, now).unwrap_or_else(|why| {
            let stands = item.before.as_ref().map(|it| it.id.0.clone()).unwrap_or_default();
            Verdict::Refused(vec![Refusal { column: None, field: None, stands, why }])
        });
        Row { line: Line(at + 1), title: item.title.clone(), verdict, ignored: Vec::new() }
    };
    ImportPlan { rows: plan.items.iter().enumerate().map(row).collect(), blank: 0 }
}

fn verdict(
    manifest: &Manifest,
    item: &Item,
    today: Option<&Key>,
    keys: &[Key],
    now: Timestamp,
) -> Result<Verdict, Why> {
    let Some(before) = &item.before else {
        let Wanted::Created(fields) = &item.wanted else { return Err(Why::Gone) };
        // What the plan's own key would look like: made once, it must not be made again.
        return match keys.iter().find(|it| !it.title().trim().is_empty() && can_be(manifest, fields, it)) {
            Some(key) => Err(Why::AlreadyThere(key.id.clone())),
            None => Ok(Verdict::Create(fields.clone())),
        };
    };
    let Some(today) = today else {
        return match item.wanted {
            Wanted::Removed => Ok(Verdict::Same(before.id.clone())),
            _ => Err(Why::Gone),
        };
    };
    if is_so(manifest, item, today, now) {
        return Ok(Verdict::Same(before.id.clone()));
    }
    let mut moved = differences(manifest, before, today);
    moved.retain(|it| *it != FieldId::USED);
    if !moved.is_empty() {
        return Err(Why::Moved(moved));
    }
    // Against what the plan was made on, since that is what the journal compares with.
    let key = Box::new(Key { value: None, ..before.clone() });
    match &item.wanted {
        Wanted::Changed(change) => Ok(Verdict::Change(key, change.clone())),
        Wanted::Enabled(on) => Ok(Verdict::Switch(key, *on)),
        Wanted::Removed => Ok(Verdict::Remove(key)),
        Wanted::Created(_) => Err(Why::Gone),
    }
}

/// Whether a key is already as an item wants it.
fn is_so(manifest: &Manifest, item: &Item, today: &Key, now: Timestamp) -> bool {
    match &item.wanted {
        Wanted::Enabled(on) => today.disabled != *on,
        Wanted::Removed => matches!(Standing::of(today, now).state, State::Revoked),
        Wanted::Created(_) => false,
        Wanted::Changed(change) => {
            !change.is_empty()
                && change.0.iter().all(|(field, delta)| {
                    let (Some(spec), Some(value)) = (manifest.field(*field), today.fields.get(*field)) else {
                        return false;
                    };
                    match delta {
                        Delta::Set(wanted) => comparable(spec, wanted) == comparable(spec, value),
                        Delta::List { add, remove } => {
                            let has = comparable(spec, value);
                            let has = |it: &String| has.split(", ").any(|have| have == it);
                            add.iter().all(has) && !remove.iter().any(has)
                        }
                    }
                })
        }
    }
}
