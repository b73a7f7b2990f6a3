//! A key as queries see it.

use qql::{Record, ValueRef};

use super::Manifest;
use super::manifest::FieldKind;
use crate::domain::{FieldId, Key, Limit, Standing, State, Timestamp, Value};

/// Whether a key was switched off, as a field of its own: one API searches it.
pub const DISABLED: FieldId = FieldId("disabled");
/// Places left; worked out.
pub const FREE: FieldId = FieldId("free");

/// A key with what is needed to judge it. The number of a field is its place in the manifest.
pub struct KeyRecord<'a> {
    /// What the fields are.
    pub manifest: &'static Manifest,
    /// The key.
    pub key: &'a Key,
    /// Now.
    pub now: Timestamp,
}

impl Record for KeyRecord<'_> {
    fn values(&self, field: u16, visit: &mut dyn FnMut(ValueRef<'_>)) {
        let Some(spec) = self.manifest.fields.get(usize::from(field)) else { return };
        field_values(self.key, spec.id, spec.kind, self.now, spec.none_is_zero, visit);
    }
}

/// The values of one field. `zero_for_none`: the service itself keeps "no limit" as 0, so that is what it finds.
pub fn field_values(
    key: &Key,
    field: FieldId,
    kind: FieldKind,
    now: Timestamp,
    zero_for_none: bool,
    visit: &mut dyn FnMut(ValueRef<'_>),
) {
    match kind {
        FieldKind::State => return states(key, now).iter().for_each(|it| visit(ValueRef::Text(it))),
        FieldKind::Secret => {
            if let Some(value) = &key.value {
                visit(ValueRef::Text(value.expose()));
            }
            return;
        }
        _ => {}
    }
    match field {
        FieldId::ID => visit(ValueRef::Text(&key.id.0)),
        DISABLED => visit(ValueRef::Boolean(key.disabled)),
        FREE => {
            if let Some(free) = key.limit().and_then(|it| it.free(key.used().unwrap_or(0))) {
                visit(ValueRef::Integer(free.try_into().unwrap_or(i64::MAX)));
            }
        }
        _ => {
            if let Some(value) = key.fields.get(field) {
                value_refs(value, zero_for_none, visit);
            }
        }
    }
}

fn value_refs(value: &Value, zero_for_none: bool, visit: &mut dyn FnMut(ValueRef<'_>)) {
    match value {
        Value::Nothing => {}
        Value::Text(it) => visit(ValueRef::Text(it)),
        Value::Number(it) => visit(ValueRef::Integer(*it)),
        Value::Limit(Limit::Of(it)) => visit(ValueRef::Integer((*it).try_into().unwrap_or(i64::MAX))),
        Value::Limit(Limit::Unlimited) if zero_for_none => visit(ValueRef::Integer(0)),
        Value::Limit(Limit::Unlimited) => {}
        Value::Flag(it) => visit(ValueRef::Boolean(*it)),
        Value::Day(it) => {
            if let Ok(day) = i32::try_from(it.day_number()) {
                visit(ValueRef::Day(day));
            }
        }
        Value::Moment(it) => visit(ValueRef::Moment(it.0)),
        Value::Codes(it) => it.iter().for_each(|it| visit(ValueRef::Text(it))),
        Value::Ref(it) => ref_values(it, visit),
        Value::Refs(it) => it.iter().for_each(|it| ref_values(it, visit)),
    }
}

fn ref_values(it: &crate::domain::Ref, visit: &mut dyn FnMut(ValueRef<'_>)) {
    visit(ValueRef::Text(&it.id));
    if let Some(name) = &it.name {
        visit(ValueRef::Text(name));
    }
}

/// Every word that holds for a key: a disabled key whose time is over is both.
fn states(key: &Key, now: Timestamp) -> Vec<&'static str> {
    let standing = Standing::of(key, now);
    let mut res = vec![state_name(standing.state)];
    let mut also = |holds: bool, state| {
        let name = state_name(state);
        if holds && !res.contains(&name) {
            res.push(name);
        }
    };
    also(standing.disabled, State::Disabled);
    also(standing.expired(), State::Expired);
    also(standing.full, State::Full);
    res
}

/// The name of a state in queries and on the screen's attributes.
#[must_use]
pub fn state_name(state: State) -> &'static str {
    match state {
        State::Active => "active",
        State::Disabled => "disabled",
        State::Expired => "expired",
        State::Full => "full",
        State::Revoked => "revoked",
        State::Archived => "archived",
        State::Inactive => "inactive",
    }
}
