//! A plan that comes from a file, held against the keys as they are now.

use std::collections::BTreeMap;

use super::super::bulk::{Item, Plan, Wanted};
use super::{ImportPlan, Line, Refusal, Row, Verdict, Why};
use crate::domain::{FieldId, Fields, Key, Standing, State, Timestamp, order};
use crate::systems::{
    Delta, Draft, FieldError, FieldKind, FieldSpec, Manifest, comparable, differences, identifying_text,
    read_draft, told_apart_by,
};

/// So far ahead may a plan be dated, in seconds; further on, its date is made up.
const AHEAD_SECS: i64 = 24 * 60 * 60;

/// So far may the clocks of a browser and a service be apart, in seconds.
const SKEW_SECS: i64 = 600;

/// What a plan would do today: keys that moved since it was made are refused, and so are keys that are there already.
///
/// A row here is an item of the plan; lines count from 1.
#[must_use]
pub fn review(manifest: &Manifest, plan: &Plan, keys: &[Key], now: Timestamp) -> ImportPlan {
    // A key that is older than the plan is not of it, however alike: two licences of one customer may be.
    let since = plan.made.plus_secs(-SKEW_SECS);
    let younger = keys.iter().filter(|it| it.created().is_none_or(|it| it >= since)).collect();
    let mut younger = Younger { keys: younger, known: BTreeMap::new() };
    let ids = order::map(keys.iter().map(|it| (it.id.0.as_str(), it)));
    let row = |(at, item): (usize, &Item)| {
        let today = item.before.as_ref().and_then(|it| ids.get(it.id.0.as_str()).copied());
        let verdict = verdict(manifest, item, today, &mut younger, now).unwrap_or_else(Verdict::Refused);
        // A file may call a key as it likes: what is confirmed is the key that is there.
        let title = today.map_or(item.title.as_str(), Key::title).to_owned();
        Row { line: Line(at + 1), title, verdict, ignored: Vec::new() }
    };
    ImportPlan { rows: plan.items.iter().enumerate().map(row).collect(), blank: 0 }
}

/// Whether a plan says that it was made later than any clock can be ahead.
#[must_use]
pub fn is_dated_ahead(plan: &Plan, now: Timestamp) -> bool {
    plan.made > now.plus_secs(AHEAD_SECS)
}

/// The keys that may be of the plan. Each is compared by its texts, so that many keys and many rows take no time.
struct Younger<'a> {
    keys: Vec<&'a Key>,
    /// By the fields that are compared, the first key of each of their texts.
    known: BTreeMap<Vec<FieldId>, BTreeMap<Vec<String>, &'a Key>>,
}

impl<'a> Younger<'a> {
    /// The first key that can be the one that is asked for.
    fn find(&mut self, manifest: &Manifest, asked: &Fields) -> Option<&'a Key> {
        let specs: Vec<&FieldSpec> = told_apart_by(manifest, asked).collect();
        let known = self.known.entry(specs.iter().map(|it| it.id).collect()).or_insert_with(|| {
            let mut res = BTreeMap::new();
            for key in &self.keys {
                res.entry(identity(&specs, &key.fields)).or_insert(*key);
            }
            res
        });
        known.get(&identity(&specs, asked)).copied()
    }
}

fn identity(specs: &[&FieldSpec], fields: &Fields) -> Vec<String> {
    specs.iter().map(|it| identifying_text(it, fields)).collect()
}

fn verdict(
    manifest: &Manifest,
    item: &Item,
    today: Option<&Key>,
    younger: &mut Younger<'_>,
    now: Timestamp,
) -> Result<Verdict, Vec<Refusal>> {
    let Some(before) = &item.before else {
        let Wanted::Created(fields) = &item.wanted else { return Err(refused("", Why::Gone)) };
        return create(manifest, fields, younger, now);
    };
    let refused = |why| refused(&before.id.0, why);
    let Some(today) = today else {
        return match item.wanted {
            Wanted::Removed => Ok(Verdict::Same(before.id.clone())),
            _ => Err(refused(Why::Gone)),
        };
    };
    if is_so(manifest, item, today, now) {
        return Ok(Verdict::Same(before.id.clone()));
    }
    let mut moved = differences(manifest, before, today);
    moved.retain(|it| *it != FieldId::USED);
    moved.extend(untold(manifest, before, today));
    if !moved.is_empty() {
        return Err(refused(Why::Moved(moved)));
    }
    // Against what the plan was made on, since that is what the journal compares with.
    let mut key = Box::new(Key { value: None, ..before.clone() });
    match today.fields.get(FieldId::USED) {
        Some(used) => key.fields.set(FieldId::USED, used.clone()),
        None => drop(key.fields.remove(FieldId::USED)),
    }
    match &item.wanted {
        Wanted::Changed(change) => Ok(Verdict::Change(key, change.clone())),
        Wanted::Enabled(on) => Ok(Verdict::Switch(key, *on)),
        Wanted::Removed => Ok(Verdict::Remove(key)),
        Wanted::Created(_) => Err(refused(Why::Gone)),
    }
}

/// What a key tells today and the plan does not say of it: a plan that says little could mean any key.
fn untold<'a>(manifest: &'a Manifest, before: &'a Key, today: &'a Key) -> impl Iterator<Item = FieldId> + 'a {
    let is_setting = |it: &&FieldSpec| !matches!(it.kind, FieldKind::Secret | FieldKind::Push);
    let is_untold = |it: &FieldId| before.fields.get(*it).is_none() && today.fields.get(*it).is_some();
    manifest.fields.iter().filter(is_setting).map(|it| it.id).filter(is_untold)
}

fn refused(stands: &str, why: Why) -> Vec<Refusal> {
    vec![Refusal { column: None, field: None, stands: stands.to_owned(), why }]
}

/// A new key of a plan: made once, it must not be made again; and what was right when it was planned may have passed.
fn create(
    manifest: &Manifest,
    fields: &Fields,
    younger: &mut Younger<'_>,
    now: Timestamp,
) -> Result<Verdict, Vec<Refusal>> {
    if let Some(key) = younger.find(manifest, fields) {
        return Err(refused("", Why::AlreadyThere(key.id.clone())));
    }
    let like = Key { fields: fields.clone(), ..Key::new("") };
    let draft = Draft::like(manifest, &like).with_text(FieldId::TITLE, like.title());
    let at_field = |it: FieldError| {
        let value = manifest.field(it.field).zip(fields.get(it.field));
        let stands = value.map(|(spec, value)| comparable(spec, value)).unwrap_or_default();
        Refusal { column: None, field: Some(it.field), stands, why: Why::Field(it.problem) }
    };
    match read_draft(manifest, &draft, None, now) {
        Ok(_) => Ok(Verdict::Create(fields.clone())),
        Err(errors) => Err(errors.into_iter().map(at_field).collect()),
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
