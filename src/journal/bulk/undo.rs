use crate::domain::{FieldId, Fields, Key, KeyId, Value};
use crate::systems::{ActionKind, Change, Delta, FieldKind, Manifest, Use};

use super::jobs::Whose;
use super::one::changed;
use super::{Item, ItemState, Job, Kind, Plan, Skip, Wanted};

/// How a job is taken back.
pub struct Undo {
    /// What restores the former values. It stops at keys that changed since, one by one.
    pub plan: Plan,
    /// What it cannot bring back: the title of the key, and why.
    pub cannot: Vec<(String, Loss)>,
    /// So many keys are left out, because another job took them back already or is about to.
    pub taken: usize,
}

/// What cannot be brought back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The key was deleted. A new one with its fields is planned; it has another id and another value, and nothing is
    /// enrolled with it.
    Remade,
    /// The key was deleted or taken back, and none like it can be made here.
    Gone,
    /// What was given to enrolled machines has been given.
    Pushed,
    /// What a field was before was not told.
    NotTold(FieldId),
    /// A new key was used meanwhile, or may have been: what enrolled with it stays enrolled, or is cut off.
    Used,
    /// Nobody knows whether it was done at all.
    Unknown,
}

/// What an item of an undo is known by: the key it changes, or the title of the one it makes again.
#[derive(PartialEq, Eq)]
enum Mark {
    Key(KeyId),
    Title(String),
}

impl Mark {
    fn of(item: &Item) -> Self {
        item.key().map_or_else(|| Self::Title(item.title.clone()), |it| Self::Key(it.clone()))
    }

    /// Of the item that would take this one back.
    fn of_reverse(item: &Item, state: &ItemState) -> Self {
        match (&item.wanted, state) {
            (Wanted::Created(_), ItemState::Done { key: Some(key), .. }) => Self::Key(key.clone()),
            (Wanted::Removed, _) => Self::Title(item.title.clone()),
            _ => Self::of(item),
        }
    }
}

/// What of a job the jobs that undo it took back, or are about to. What they left may be tried again, and what in turn was
/// taken back from them. `above` are the jobs whose undoing leads here: what is kept may be written by anybody, and lead
/// in a circle.
fn taken_back(job: &Job, all: &[Job], above: &[&str]) -> Vec<Mark> {
    let id = job.plan().id.clone();
    if above.contains(&id.as_str()) {
        return Vec::new();
    }
    let above = [above, &[id.as_str()]].concat();
    let mut res = Vec::new();
    for undo in all.iter().filter(|it| it.plan().undoes.as_deref() == Some(&id)) {
        let mut given_back = taken_back(undo, all, &above);
        let plan = undo.plan();
        undo.with_states(|states| {
            for (item, state) in plan.items.iter().zip(states) {
                let is_held = match state {
                    ItemState::Waiting | ItemState::Done { .. } | ItemState::Sent | ItemState::Unknown(_) => {
                        true
                    }
                    // It is tried again there: made from two places, there would be two keys.
                    ItemState::Failed(_) => item.is_new(),
                    ItemState::Skipped(why) => *why == Skip::AlreadySo,
                };
                if is_held && !take_out(&mut given_back, &Mark::of_reverse(item, state)) {
                    res.push(Mark::of(item));
                }
            }
        });
    }
    res
}

/// Takes one out, if it is there.
fn take_out(marks: &mut Vec<Mark>, mark: &Mark) -> bool {
    let at = marks.iter().position(|it| it == mark);
    at.map(|it| marks.swap_remove(it)).is_some()
}

/// The plan that takes `job` back, newest change first, without what other jobs of `all` took back already.
pub(super) fn plan(manifest: &Manifest, job: &Job, all: &[Job], whose: &Whose) -> Undo {
    let done = job.plan();
    let mut cannot = Vec::new();
    let mut items = Vec::new();
    let mut others = taken_back(job, all, &[]);
    let mut taken = 0;
    job.with_states(|states| {
        for (item, state) in done.items.iter().zip(states).rev() {
            let mut lose = |why: Loss| cannot.push((item.title.clone(), why));
            match state {
                ItemState::Done { .. } if take_out(&mut others, &Mark::of_reverse(item, state)) => taken += 1,
                ItemState::Done { .. } => items.extend(reversed(manifest, item, state, &mut lose)),
                ItemState::Unknown(_) | ItemState::Sent => lose(Loss::Unknown),
                ItemState::Waiting | ItemState::Failed(_) | ItemState::Skipped(_) => {}
            }
        }
    });
    let mut plan = Plan::new(&done.connection, done.system, Kind::Undo, &whose.user, items);
    plan.undoes = Some(done.id.clone());
    Undo { plan, cannot, taken }
}

fn reversed(manifest: &Manifest, item: &Item, state: &ItemState, lose: &mut dyn FnMut(Loss)) -> Option<Item> {
    let ItemState::Done { key, asked, .. } = state else { return None };
    let title = item.title.clone();
    // What the service made of it, where that is something else than was asked.
    let as_got = |mut fields: Fields| {
        for it in asked {
            fields.set(it.field, it.got.clone());
        }
        fields
    };
    match &item.wanted {
        Wanted::Enabled(on) => {
            let before = item.before.clone()?;
            Some(Item { before: Some(Key { disabled: !on, ..before }), title, wanted: Wanted::Enabled(!on) })
        }
        Wanted::Changed(change) => {
            let before = item.before.clone()?;
            let back = back(manifest, &before, change, asked, lose);
            let mut fields = before.fields.clone();
            for (field, value) in changed(manifest, &before.fields, change).iter() {
                fields.set(field, value.clone());
            }
            let now = Key { fields: as_got(fields), ..before };
            if back.is_empty() {
                return None;
            }
            Some(Item { before: Some(now), title, wanted: Wanted::Changed(back) })
        }
        Wanted::Created(new) => {
            lose(Loss::Used);
            let key = Key { fields: as_got(told(manifest, new)), ..Key::new(key.clone()?.0) };
            Some(Item { before: Some(key), title, wanted: Wanted::Removed })
        }
        Wanted::Removed => {
            let fields = item.before.as_ref().and_then(|it| remade(manifest, it));
            lose(if fields.is_some() { Loss::Remade } else { Loss::Gone });
            fields.map(|it| Item { before: None, title, wanted: Wanted::Created(it) })
        }
    }
}

/// The change that leads back to `before`.
fn back(
    manifest: &Manifest,
    before: &Key,
    change: &Change,
    asked: &[crate::systems::Asked],
    lose: &mut dyn FnMut(Loss),
) -> Change {
    let mut res = Change::default();
    for (field, delta) in &change.0 {
        if manifest.field(*field).is_some_and(|it| matches!(it.kind, FieldKind::Push)) {
            lose(Loss::Pushed);
            continue;
        }
        // Nothing came of it, so there is nothing to take back.
        let is_as_before =
            asked.iter().any(|it| it.field == *field && before.fields.get(*field) == Some(&it.got));
        if is_as_before {
            continue;
        }
        let delta = match delta {
            Delta::List { add, remove } => Delta::List { add: remove.clone(), remove: add.clone() },
            Delta::Set(_) => match before.fields.get(*field) {
                Some(value) => Delta::Set(value.clone()),
                None => {
                    lose(Loss::NotTold(*field));
                    continue;
                }
            },
        };
        res.0.push((*field, delta));
    }
    res
}

/// What was asked of a new key and can be compared with it: not its value, and no blank that the service fills.
fn told(manifest: &Manifest, new: &Fields) -> Fields {
    let is_told = |(field, value): &(FieldId, &Value)| {
        let spec = manifest.field(*field);
        spec.is_some_and(|it| !matches!(it.kind, FieldKind::Secret | FieldKind::Push))
            && **value != Value::Nothing
            && !matches!(value, Value::Text(text) if text.is_empty())
    };
    new.iter().filter(is_told).map(|(field, value)| (field, value.clone())).collect()
}

/// The fields of a key like one that was deleted, if one can be made.
fn remade(manifest: &Manifest, key: &Key) -> Option<Fields> {
    let can = manifest.can(ActionKind::Create) && !manifest.can(ActionKind::Revoke) && !key.fields.is_empty();
    if !can {
        return None;
    }
    let mut res = Fields::new();
    for spec in manifest.form(false) {
        match key.fields.get(spec.id) {
            Some(value) if !matches!(spec.kind, FieldKind::Secret | FieldKind::Push) => {
                res.set(spec.id, value.clone());
            }
            _ if spec.create == Use::Required => return None,
            _ => {}
        }
    }
    Some(res)
}
