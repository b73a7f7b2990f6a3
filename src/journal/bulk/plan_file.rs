//! A plan as a document: the same text in the journal and in a file that a colleague reviews and applies. It may have
//! been changed by hand on the way, so that nothing in it is believed.

use serde_json::Value as Json;

use super::value_text::{self, change, fields, object, read_change, read_fields, text};
use super::{Item, Kind, Plan, Wanted};
use crate::domain::{Ended, FieldId, Fields, Key, KeyId, Limit, Timestamp, Value};
use crate::systems::{Change, Delta, FieldKind, FieldSpec, Manifest, System, Use};

/// The newest version this program reads, and the one it writes.
const VERSION: u64 = 1;

/// The longest document, in bytes.
const LONGEST: usize = 64 * 1024 * 1024;

/// The largest number of changes in one plan.
pub const MOST_ITEMS: usize = 100_000;

/// Why a document is no plan that can be carried out here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanProblem {
    /// It is longer than any plan.
    TooLong,
    /// It is not JSON, from here on.
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// It is JSON, and no plan.
    NotAPlan,
    /// A later version of this program wrote it.
    Version(u64),
    /// It is for another key system.
    OtherSystem(String),
    /// It has more changes than a plan may have.
    TooMany(usize),
    /// This change, counted from 1, cannot be read: its part of that name.
    Item {
        /// From 1.
        number: usize,
        /// What is wrong with it.
        part: ItemPart,
    },
}

/// The part of a change that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemPart {
    /// Its title.
    Title,
    /// What shall become of it is not among the things that can be done.
    Action,
    /// The key as it was.
    Before,
    /// A field that cannot be set, or a value that does not belong there; by the field's name in the document.
    Field(String),
}

/// The plan as a document.
#[must_use]
pub fn plan_json(plan: &Plan) -> String {
    let Some(manifest) = System::parse(plan.system).map(System::manifest) else { return String::new() };
    let items = plan.items.iter().map(|it| item(manifest, it)).collect::<Vec<_>>();
    let pairs = vec![
        ("latchkey", "plan".into()),
        ("version", VERSION.into()),
        ("id", plan.id.clone().into()),
        ("connection", plan.connection.clone().into()),
        ("system", plan.system.into()),
        ("kind", plan.kind.word().into()),
        ("made", plan.made.to_string().into()),
        ("by", plan.by.clone().into()),
        ("undoes", plan.undoes.clone().into()),
        ("items", items.into()),
    ];
    object(pairs).to_string()
}

fn item(manifest: &Manifest, item: &Item) -> Json {
    let mut pairs = vec![("title", item.title.clone().into())];
    match &item.wanted {
        Wanted::Enabled(true) => pairs.push(("do", "enable".into())),
        Wanted::Enabled(false) => pairs.push(("do", "disable".into())),
        Wanted::Removed => pairs.push(("do", "remove".into())),
        Wanted::Changed(it) => pairs.extend([("do", "change".into()), ("change", change(it))]),
        Wanted::Created(it) => pairs.extend([("do", "create".into()), ("fields", fields(manifest, it))]),
    }
    if let Some(before) = &item.before {
        pairs.push(("before", key(manifest, before)));
    }
    object(pairs)
}

fn key(manifest: &Manifest, key: &Key) -> Json {
    let ended = key.ended.map(|it| match it {
        Ended::Revoked => "revoked",
        Ended::Archived => "archived",
        Ended::Expired => "expired",
        Ended::Inactive => "inactive",
    });
    object(vec![
        ("id", key.id.0.clone().into()),
        ("disabled", key.disabled.into()),
        ("ended", ended.into()),
        ("fields", fields(manifest, &key.fields)),
    ])
}

/// Reads a plan from a document.
///
/// # Errors
/// The first thing in it that cannot be taken.
pub fn read_plan(document: &str, manifest: &Manifest) -> Result<Plan, PlanProblem> {
    if document.len() > LONGEST {
        return Err(PlanProblem::TooLong);
    }
    let json: Json = serde_json::from_str(document)
        .map_err(|err| PlanProblem::NotJson { line: err.line(), column: err.column() })?;
    if json.get("latchkey").and_then(Json::as_str) != Some("plan") {
        return Err(PlanProblem::NotAPlan);
    }
    let version = json.get("version").and_then(Json::as_u64).ok_or(PlanProblem::NotAPlan)?;
    if version != VERSION {
        return Err(PlanProblem::Version(version));
    }
    let part = |name: &str| json.get(name).and_then(text).ok_or(PlanProblem::NotAPlan);
    let system = part("system")?;
    if system != manifest.id {
        return Err(PlanProblem::OtherSystem(system));
    }
    let items = json.get("items").and_then(Json::as_array).ok_or(PlanProblem::NotAPlan)?;
    if items.len() > MOST_ITEMS {
        return Err(PlanProblem::TooMany(items.len()));
    }
    let numbered = items.iter().zip(1..);
    let read = |(it, number)| read_item(it, manifest).map_err(|part| PlanProblem::Item { number, part });
    let id = part("id")?;
    let is_id = id.len() == 32 && id.bytes().all(|it| it.is_ascii_hexdigit());
    let plain = |it: String| it.chars().filter(|it| !it.is_control()).collect();
    Ok(Plan {
        id: if is_id { id } else { return Err(PlanProblem::NotAPlan) },
        connection: plain(part("connection")?),
        system: manifest.id,
        kind: Kind::parse(&part("kind")?).ok_or(PlanProblem::NotAPlan)?,
        made: Timestamp::parse(&part("made")?).ok_or(PlanProblem::NotAPlan)?,
        by: plain(part("by")?),
        undoes: json.get("undoes").and_then(text),
        items: numbered.map(read).collect::<Result<_, _>>()?,
    })
}

fn read_item(json: &Json, manifest: &Manifest) -> Result<Item, ItemPart> {
    let title = json.get("title").and_then(text).ok_or(ItemPart::Title)?;
    let wanted = match json.get("do").and_then(Json::as_str) {
        Some("enable") => Wanted::Enabled(true),
        Some("disable") => Wanted::Enabled(false),
        Some("remove") => Wanted::Removed,
        Some("change") => {
            let json = json.get("change").ok_or(ItemPart::Action)?;
            check_names(manifest, json, |it| it.edit)?;
            let change = read_change(manifest, json).ok_or_else(|| ItemPart::Field("change".to_owned()))?;
            check_change(manifest, &change)?;
            Wanted::Changed(change)
        }
        Some("create") => {
            let json = json.get("fields").ok_or(ItemPart::Action)?;
            check_names(manifest, json, |it| it.create)?;
            let fields = read_fields(manifest, json).ok_or_else(|| ItemPart::Field("fields".to_owned()))?;
            check_fields(manifest, &fields)?;
            Wanted::Created(fields)
        }
        _ => return Err(ItemPart::Action),
    };
    let before = match json.get("before") {
        None | Some(Json::Null) => None,
        Some(json) => Some(read_key(json, manifest).ok_or(ItemPart::Before)?),
    };
    if before.is_some() == matches!(wanted, Wanted::Created(_)) {
        return Err(ItemPart::Before);
    }
    Ok(Item { before, title, wanted })
}

fn read_key(json: &Json, manifest: &Manifest) -> Option<Key> {
    let id = json.get("id").and_then(text).filter(|it| !it.is_empty() && it.len() <= 256)?;
    let ended = match json.get("ended") {
        None | Some(Json::Null) => None,
        Some(word) => Some(match word.as_str()? {
            "revoked" => Ended::Revoked,
            "archived" => Ended::Archived,
            "expired" => Ended::Expired,
            "inactive" => Ended::Inactive,
            _ => return None,
        }),
    };
    let fields = read_fields(manifest, json.get("fields")?)?;
    let disabled = json.get("disabled")?.as_bool()?;
    Some(Key { id: KeyId(id), value: None, disabled, ended, fields })
}

/// Every name is of a field that can be given here.
fn check_names(manifest: &Manifest, json: &Json, usage: fn(&FieldSpec) -> Use) -> Result<(), ItemPart> {
    let names = json.as_object().into_iter().flatten().map(|(name, _)| name);
    for name in names {
        let spec = manifest.fields.iter().find(|it| it.id.0 == name);
        if spec.is_none_or(|it| usage(it) == Use::No) {
            return Err(ItemPart::Field(name.clone()));
        }
    }
    Ok(())
}

fn check_change(manifest: &Manifest, change: &Change) -> Result<(), ItemPart> {
    for (field, delta) in &change.0 {
        let fits = manifest.field(*field).is_some_and(|spec| match delta {
            Delta::Set(value) => fits(spec, value),
            Delta::List { .. } => matches!(spec.kind, FieldKind::Codes(_) | FieldKind::Refs),
        });
        if !fits {
            return Err(ItemPart::Field(field.0.to_owned()));
        }
    }
    Ok(())
}

fn check_fields(manifest: &Manifest, fields: &Fields) -> Result<(), ItemPart> {
    let fits = |(field, value): (FieldId, &Value)| manifest.field(field).is_some_and(|it| fits(it, value));
    match fields.iter().find(|it| !fits(*it)) {
        Some((field, _)) => Err(ItemPart::Field(field.0.to_owned())),
        None => Ok(()),
    }
}

/// Whether a value is one that the form of this field makes.
fn fits(spec: &FieldSpec, value: &Value) -> bool {
    match (spec.kind, value) {
        (_, Value::Nothing) => true,
        (FieldKind::Secret, Value::Flag(true)) => true,
        (FieldKind::Text { max }, Value::Text(it)) => max.is_none_or(|max| it.chars().count() <= max),
        (FieldKind::Choice(_) | FieldKind::Duration { .. } | FieldKind::Pick(_), Value::Text(_)) => true,
        (FieldKind::Number { min, max }, Value::Number(it)) => (min..=max).contains(it),
        (FieldKind::Hours { .. }, Value::Number(it)) => *it > 0,
        (FieldKind::Limit { .. }, Value::Limit(Limit::Unlimited)) => true,
        (FieldKind::Limit { min, max, .. }, Value::Limit(Limit::Of(it))) => (min..=max).contains(it),
        (FieldKind::Flag | FieldKind::Push, Value::Flag(_)) => true,
        (FieldKind::Day { .. }, Value::Day(_)) => true,
        (FieldKind::Moment { .. }, Value::Moment(_)) => true,
        (FieldKind::Codes(_), Value::Codes(_)) => true,
        (FieldKind::Refs, Value::Refs(_)) => true,
        (FieldKind::Pick(_), Value::Ref(_)) => true,
        _ => false,
    }
}

/// Whether a new key was to have a value that was not kept: it can be looked up, and not made.
pub(super) fn is_withheld(manifest: &Manifest, item: &Item) -> bool {
    match &item.wanted {
        Wanted::Created(fields) => value_text::is_withheld(manifest, fields),
        _ => false,
    }
}
