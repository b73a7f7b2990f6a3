//! Differences: between a key and what it shall be, between two readings of it, and between asked and got.

use super::draft::moment_input;
use super::manifest::{FieldKind, FieldSpec, Manifest};
use crate::domain::{FieldId, Fields, Key, Limit, Value, order};

/// What will be sent to change a key: only differences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change(pub Vec<(FieldId, Delta)>);

/// What becomes of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delta {
    /// It takes this value; [`Value::Nothing`] and no limit take away what was there.
    Set(Value),
    /// Items of a list go in and out.
    List {
        /// To add.
        add: Vec<String>,
        /// To take away.
        remove: Vec<String>,
    },
}

impl Change {
    /// Whether there is anything to send.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What becomes of a field, if anything does.
    #[must_use]
    pub fn get(&self, field: FieldId) -> Option<&Delta> {
        self.0.iter().find(|(it, _)| *it == field).map(|(_, delta)| delta)
    }

    /// The new value of a field, if it gets one.
    #[must_use]
    pub fn set(&self, field: FieldId) -> Option<&Value> {
        match self.get(field) {
            Some(Delta::Set(value)) => Some(value),
            _ => None,
        }
    }

    /// Items that go into and out of a list.
    #[must_use]
    pub fn list(&self, field: FieldId) -> (&[String], &[String]) {
        match self.get(field) {
            Some(Delta::List { add, remove }) => (add, remove),
            _ => (&[], &[]),
        }
    }
}

/// The differences between `current` and `wanted`, which holds the fields of the edit form.
///
/// A renamed code is no difference, and neither is a field that the key did not tell and that was left blank.
#[must_use]
pub fn plan_change(manifest: &Manifest, current: &Key, wanted: &Fields) -> Change {
    let mut res = Change::default();
    for spec in manifest.form(true) {
        let Some(value) = wanted.get(spec.id) else { continue };
        if let Some(delta) = delta(spec, current.fields.get(spec.id), value) {
            res.0.push((spec.id, delta));
        }
    }
    res
}

fn delta(spec: &FieldSpec, before: Option<&Value>, wanted: &Value) -> Option<Delta> {
    match spec.kind {
        FieldKind::Push => (*wanted == Value::Flag(true)).then(|| Delta::Set(wanted.clone())),
        FieldKind::Codes(_) | FieldKind::Refs => {
            let (old, new) = (items(spec, before), items(spec, Some(wanted)));
            let missing = |from: &[(String, String)], other: &[(String, String)]| -> Vec<String> {
                let known = |it: &&(String, String)| !other.iter().any(|(canonical, _)| *canonical == it.0);
                from.iter().filter(known).map(|(_, item)| item.clone()).collect()
            };
            let (add, remove) = (missing(&new, &old), missing(&old, &new));
            (!add.is_empty() || !remove.is_empty()).then_some(Delta::List { add, remove })
        }
        _ => {
            let is_blank = |it: &Value| *it == Value::Nothing || *it == Value::Text(String::new());
            let same = match before {
                None => is_blank(wanted) || *wanted == Value::Flag(false),
                Some(before) => same_value(before, wanted) || (is_blank(before) && is_blank(wanted)),
            };
            (!same).then(|| Delta::Set(wanted.clone()))
        }
    }
}

/// Items of a list with their one spelling first.
fn items(spec: &FieldSpec, value: Option<&Value>) -> Vec<(String, String)> {
    match (value, spec.kind) {
        (Some(Value::Codes(it)), FieldKind::Codes(codes)) => {
            it.iter().map(|it| ((codes.canonical)(it).to_owned(), it.clone())).collect()
        }
        (Some(Value::Refs(it)), _) => it.iter().map(|it| (it.id.clone(), it.id.clone())).collect(),
        _ => Vec::new(),
    }
}

fn same_value(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Ref(a), Value::Ref(b)) => a.id == b.id,
        _ => a == b,
    }
}

/// The fields in which two readings of one key differ. What a reading does not tell is no difference.
#[must_use]
pub fn differences(manifest: &Manifest, before: &Key, after: &Key) -> Vec<FieldId> {
    let mut res = Vec::new();
    for spec in manifest.fields {
        let differs = match spec.kind {
            FieldKind::State => before.disabled != after.disabled || before.ended != after.ended,
            // Values of keys are never compared, and a push is no setting.
            FieldKind::Secret | FieldKind::Push => false,
            _ => match (before.fields.get(spec.id), after.fields.get(spec.id)) {
                (Some(a), Some(b)) => comparable(spec, a) != comparable(spec, b),
                _ => false,
            },
        };
        if differs {
            res.push(spec.id);
        }
    }
    res
}

/// A value as text that is equal for equal values: the order of a list and renamed codes make no difference.
#[must_use]
pub fn comparable(spec: &FieldSpec, value: &Value) -> String {
    match value {
        Value::Nothing | Value::Limit(Limit::Unlimited) => String::new(),
        Value::Text(it) => it.clone(),
        Value::Number(it) => it.to_string(),
        Value::Limit(Limit::Of(it)) => it.to_string(),
        Value::Flag(it) => it.to_string(),
        Value::Day(it) => it.to_string(),
        Value::Moment(it) => moment_input(*it),
        Value::Ref(it) => it.id.clone(),
        Value::Codes(_) | Value::Refs(_) => {
            let mut res: Vec<String> = items(spec, Some(value)).into_iter().map(|(it, _)| it).collect();
            // Numbers in their own order.
            order::sort_by(&mut res, |a, b| (a.parse::<u64>().ok(), a).cmp(&(b.parse::<u64>().ok(), b)));
            res.dedup();
            res.join(", ")
        }
    }
}

/// Something that was asked for and came out differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The field.
    pub field: FieldId,
    /// What was asked.
    pub asked: Value,
    /// What is there now.
    pub got: Value,
}

/// Where a key differs from what was asked for. What the system does not tell cannot be compared, and what was
/// left to the system was not asked for.
#[must_use]
pub fn compare(manifest: &Manifest, asked: &Fields, key: &Key) -> Vec<Asked> {
    compare_change(manifest, asked, &Change::default(), key)
}

/// The same after a change: a blank that was sent was asked for, whatever a blank means in a new key.
#[must_use]
pub fn compare_change(manifest: &Manifest, asked: &Fields, sent: &Change, key: &Key) -> Vec<Asked> {
    let mut res = Vec::new();
    for (field, asked) in asked.iter() {
        let (Some(spec), Some(got)) = (manifest.field(field), key.fields.get(field)) else { continue };
        let is_sent = sent.0.iter().any(|(it, _)| *it == field);
        let left_to_it = !is_sent && is_blank(asked) && spec.is_left_when_blank();
        if matches!(spec.kind, FieldKind::Push) || left_to_it {
            continue;
        }
        if comparable(spec, asked) != comparable(spec, got) {
            res.push(Asked { field, asked: asked.clone(), got: got.clone() });
        }
    }
    res
}

/// Whether a new key can be the one that was asked for, by the fields that identify one.
#[must_use]
pub fn can_be(manifest: &Manifest, asked: &Fields, key: &Key) -> bool {
    told_apart_by(manifest, asked).all(|it| identifying_text(it, asked) == identifying_text(it, &key.fields))
}

/// The fields that identify a new key, without those that were left to the system.
pub fn told_apart_by(manifest: &Manifest, asked: &Fields) -> impl Iterator<Item = &'static FieldSpec> {
    let is_left = |it: &FieldSpec| asked.get(it.id).is_none_or(is_blank) && it.is_left_when_blank();
    manifest.fields.iter().filter(move |it| it.identifies && !is_left(it))
}

/// A field as text that is equal where it tells no keys apart.
#[must_use]
pub fn identifying_text(spec: &FieldSpec, fields: &Fields) -> String {
    fields.get(spec.id).map(|it| comparable(spec, it).trim().to_owned()).unwrap_or_default()
}

fn is_blank(value: &Value) -> bool {
    matches!(value, Value::Nothing | Value::Limit(Limit::Unlimited)) || *value == Value::Text(String::new())
}

impl FieldSpec {
    /// Whether a blank means "as the system likes", and not "none".
    #[must_use]
    pub fn is_left_when_blank(&self) -> bool {
        !matches!(self.kind, FieldKind::Day { .. } | FieldKind::Text { .. } | FieldKind::Limit { .. })
            || self.blank_is_default
    }
}
