//! Keys that are held, as queries see them.

use qql::{Records, ValueRef, Values};
use table::Value as Held;

use super::store::{Mark, Store};
use crate::domain::{FieldId, State, Timestamp};
use crate::systems::manifest::{FieldKind, FieldSpec};
use crate::systems::record::{DISABLED, FREE, state_name};
use crate::systems::{Manifest, SeenCounter, SeenValues};

/// Keys with what is needed to judge them. The number of a field is its place in the manifest.
pub(super) struct HeldRecords<'a> {
    pub(super) manifest: &'static Manifest,
    pub(super) store: &'a Store,
    pub(super) now: Timestamp,
}

impl Records for HeldRecords<'_> {
    fn count(&self) -> usize {
        self.store.len()
    }

    fn find(&self, field: u16, holds: &dyn Fn(Values<'_>) -> bool, found: &mut [bool]) {
        let Some(spec) = self.manifest.fields.get(usize::from(field)) else { return };
        let set = |found: &mut [bool], all: &mut dyn Iterator<Item = bool>| {
            found.iter_mut().zip(all).for_each(|(slot, it)| *slot = it);
        };
        match (spec.kind, spec.id) {
            (FieldKind::State, _) => {
                let mut known: Vec<(Mark, bool)> = Vec::new();
                let mut judge = |mark: Mark| match known.iter().find(|(it, _)| *it == mark) {
                    Some((_, res)) => *res,
                    None => {
                        let res = holds(&|visit| states(mark).for_each(|it| visit(ValueRef::Text(it))));
                        known.push((mark, res));
                        res
                    }
                };
                set(found, &mut self.store.marks(self.now).into_iter().map(&mut judge));
            }
            (_, FieldId::ID) => {
                let places = 0..self.store.table.len();
                let of = |it| holds(&|visit| visit(ValueRef::Text(self.store.table.id(it))));
                set(found, &mut places.map(of));
            }
            (_, DISABLED) => {
                let [off, on] = [false, true].map(|it| holds(&|visit| visit(ValueRef::Boolean(it))));
                set(found, &mut self.store.said().iter().map(|it| if it.disabled { on } else { off }));
            }
            (_, FREE) => {
                let rows = self.store.used().into_iter().zip(self.store.limits());
                let free = rows.map(|(used, limit)| limit.and_then(|it| it.free(used.unwrap_or(0))));
                let of = |it: Option<u64>| {
                    holds(&|visit| {
                        if let Some(it) = it {
                            visit(ValueRef::Integer(it.try_into().unwrap_or(i64::MAX)));
                        }
                    })
                };
                set(found, &mut free.map(of));
            }
            _ => {
                let judge = |value: Option<Held<'_>>| {
                    holds(&|visit| {
                        if let Some(value) = value.clone() {
                            values(value, spec.none_is_zero, visit);
                        }
                    })
                };
                match self.store.column(field_of(spec)) {
                    Some(column) => {
                        let by_code: Vec<bool> =
                            (0..column.count()).map(|it| judge(column.value(it))).collect();
                        column.mark(&by_code, found);
                    }
                    None => found.fill(judge(None)),
                }
            }
        }
    }
}

/// The field under which the values of a key stand, whatever the manifest calls it.
fn field_of(spec: &FieldSpec) -> FieldId {
    if let FieldKind::Secret = spec.kind { FieldId::VALUE } else { spec.id }
}

/// Every word that holds for a key: a disabled key whose time is over is both.
fn states(mark: Mark) -> impl Iterator<Item = &'static str> {
    let also = [(mark.disabled, State::Disabled), (mark.over, State::Expired), (mark.full, State::Full)];
    let also = also.into_iter().filter(move |(holds, state)| *holds && *state != mark.state);
    std::iter::once(mark.state).chain(also.map(|(_, state)| state)).map(state_name)
}

/// The values of one field. `zero_for_none`: the service itself keeps "no limit" as 0, so that is what it finds.
fn values(value: Held<'_>, zero_for_none: bool, visit: &mut dyn FnMut(ValueRef<'_>)) {
    let mut thing = |id, name: Option<&str>| {
        visit(ValueRef::Text(id));
        name.into_iter().for_each(|it| visit(ValueRef::Text(it)));
    };
    match value {
        Held::Ref(id, name) => thing(id, name),
        Held::Refs(it) => it.for_each(|(id, name)| thing(id, name)),
        Held::Nothing => {}
        Held::Text(it) | Held::Exact(it) => visit(ValueRef::Text(it)),
        Held::Number(it) => visit(ValueRef::Integer(it)),
        Held::Limit(it) => visit(ValueRef::Integer(it.try_into().unwrap_or(i64::MAX))),
        Held::Unlimited if zero_for_none => visit(ValueRef::Integer(0)),
        Held::Unlimited => {}
        Held::Flag(it) => visit(ValueRef::Boolean(it)),
        Held::Day(it) => i32::try_from(it).into_iter().for_each(|it| visit(ValueRef::Day(it))),
        Held::Moment(it) => visit(ValueRef::Moment(it)),
        Held::Codes(it) => it.for_each(|it| visit(ValueRef::Text(it))),
    }
}

/// Of a field with more different values than this, the most frequent alone are looked at.
const LOOKED_AT: usize = 1_000;

/// Values of a field among the keys. None of a field that holds keys' values.
pub(super) fn seen_values(store: &Store, spec: &FieldSpec, now: Timestamp) -> SeenValues {
    let mut counter = SeenCounter::default();
    match (spec.kind, spec.id) {
        (FieldKind::Secret, _) => return counter.finish(),
        (FieldKind::State, _) => {
            for mark in store.marks(now) {
                counter.add(1, &mut |visit| states(mark).for_each(|it| visit(ValueRef::Text(it))));
            }
        }
        (_, FREE) => {
            let mut counts = std::collections::BTreeMap::<u64, u64>::new();
            let rows = store.used().into_iter().zip(store.limits());
            for free in rows.filter_map(|(used, limit)| limit?.free(used.unwrap_or(0))) {
                *counts.entry(free).or_default() += 1;
            }
            for (free, count) in counts {
                counter
                    .add(count, &mut |visit| visit(ValueRef::Integer(free.try_into().unwrap_or(i64::MAX))));
            }
        }
        (_, FieldId::ID) => {
            for place in (0..store.table.len()).take(LOOKED_AT) {
                counter.add(1, &mut |visit| visit(ValueRef::Text(store.table.id(place))));
            }
        }
        _ => {
            let Some(column) = store.column(spec.id) else { return of_all(counter, store) };
            let mut counts: Vec<(u32, u64)> = (0..column.count()).map(|it| (it, 0)).collect();
            for code in column.codes() {
                if let Some((_, count)) = usize::try_from(*code).ok().and_then(|it| counts.get_mut(it)) {
                    *count += 1;
                }
            }
            if counts.len() > LOOKED_AT {
                counts.select_nth_unstable_by_key(LOOKED_AT, |(_, count)| std::cmp::Reverse(*count));
            }
            for (code, count) in counts.into_iter().take(LOOKED_AT) {
                counter.add(count, &mut |visit| {
                    if let Some(value) = column.value(code) {
                        values(value, spec.none_is_zero, visit);
                    }
                });
            }
        }
    }
    of_all(counter, store)
}

/// What was counted, of all keys, whichever were looked at.
fn of_all(counter: SeenCounter, store: &Store) -> SeenValues {
    let mut res = counter.finish();
    res.keys = u64::try_from(store.len()).unwrap_or(u64::MAX);
    res
}
