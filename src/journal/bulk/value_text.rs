//! Values, fields and changes as JSON that says what each is, so that reading gives exactly what was written.

use serde_json::{Map, Value as Json};

use crate::domain::{Date, FieldId, Fields, Limit, Ref, Timestamp, Value};
use crate::systems::{Change, Delta, FieldKind, Manifest};

/// The longest text of one value, in bytes.
const LONGEST: usize = 64 * 1024;

/// Stands for a value that was given by hand and is not kept.
const WITHHELD: &str = "withheld";

pub(super) fn object(pairs: Vec<(&str, Json)>) -> Json {
    let mut res = Map::new();
    res.extend(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Json::Object(res)
}

pub(super) fn value(it: &Value) -> Json {
    let (name, value): (&str, Json) = match it {
        Value::Nothing => return Json::Null,
        Value::Text(it) => ("text", it.clone().into()),
        Value::Number(it) => ("number", (*it).into()),
        Value::Limit(Limit::Unlimited) => ("limit", Json::Null),
        Value::Limit(Limit::Of(it)) => ("limit", (*it).into()),
        Value::Flag(it) => ("flag", (*it).into()),
        Value::Day(it) => ("day", it.to_string().into()),
        Value::Moment(it) => ("moment", it.to_string().into()),
        Value::Codes(it) => ("codes", it.clone().into()),
        Value::Ref(it) => ("ref", pointed(it)),
        Value::Refs(it) => ("refs", it.iter().map(pointed).collect::<Vec<_>>().into()),
    };
    object(vec![(name, value)])
}

fn pointed(it: &Ref) -> Json {
    let mut pairs = vec![("id", it.id.clone().into())];
    if let Some(name) = &it.name {
        pairs.push(("name", name.clone().into()));
    }
    object(pairs)
}

pub(super) fn read_value(json: &Json) -> Option<Value> {
    if json.is_null() {
        return Some(Value::Nothing);
    }
    let map = json.as_object().filter(|it| it.len() == 1)?;
    let (name, json) = map.iter().next()?;
    Some(match name.as_str() {
        "text" => Value::Text(text(json)?),
        "number" => Value::Number(json.as_i64()?),
        "limit" if json.is_null() => Value::Limit(Limit::Unlimited),
        "limit" => Value::Limit(Limit::Of(json.as_u64()?)),
        "flag" => Value::Flag(json.as_bool()?),
        "day" => Value::Day(Date::parse(json.as_str()?)?),
        "moment" => Value::Moment(Timestamp::parse(json.as_str()?)?),
        "codes" => Value::Codes(texts(json)?),
        "ref" => Value::Ref(read_pointed(json)?),
        "refs" => Value::Refs(json.as_array()?.iter().map(read_pointed).collect::<Option<_>>()?),
        _ => return None,
    })
}

fn read_pointed(json: &Json) -> Option<Ref> {
    let name = json.get("name");
    let name = if name.is_none_or(Json::is_null) { None } else { Some(text(name?)?) };
    Some(Ref { id: text(json.get("id")?)?, name })
}

pub(super) fn text(json: &Json) -> Option<String> {
    json.as_str().filter(|it| it.len() <= LONGEST).map(str::to_owned)
}

pub(super) fn texts(json: &Json) -> Option<Vec<String>> {
    json.as_array()?.iter().map(text).collect()
}

fn is_secret(manifest: &Manifest, field: FieldId) -> bool {
    field == FieldId::VALUE || manifest.field(field).is_some_and(|it| matches!(it.kind, FieldKind::Secret))
}

/// The fields without any value of a key: that one was given is said in its place.
pub(super) fn fields(manifest: &Manifest, fields: &Fields) -> Json {
    let mut res = Map::new();
    for (field, it) in fields.iter() {
        if !is_secret(manifest, field) {
            res.insert(field.0.to_owned(), value(it));
        } else if is_given(it) {
            res.insert(field.0.to_owned(), WITHHELD.into());
        }
    }
    Json::Object(res)
}

fn is_given(value: &Value) -> bool {
    matches!(value, Value::Text(text) if !text.is_empty()) || *value == Value::Flag(true)
}

/// Fields as they were written; `None` for one that the system has not got. A value that was not kept is read as a
/// flag, which no form makes of it.
pub(super) fn read_fields(manifest: &Manifest, json: &Json) -> Option<Fields> {
    let one = |(name, json): (&String, &Json)| {
        let field = manifest.fields.iter().find(|it| it.id.0 == name)?.id;
        if is_secret(manifest, field) {
            return (json.as_str() == Some(WITHHELD)).then_some((field, Value::Flag(true)));
        }
        Some((field, read_value(json)?))
    };
    json.as_object()?.iter().map(one).collect()
}

/// Whether a value was given by hand that was not kept.
pub(super) fn is_withheld(manifest: &Manifest, fields: &Fields) -> bool {
    fields.iter().any(|(field, it)| is_secret(manifest, field) && *it == Value::Flag(true))
}

pub(super) fn change(change: &Change) -> Json {
    let one = |(field, delta): &(FieldId, Delta)| {
        let delta = match delta {
            Delta::Set(it) => object(vec![("set", value(it))]),
            Delta::List { add, remove } => {
                object(vec![("add", add.clone().into()), ("remove", remove.clone().into())])
            }
        };
        (field.0, delta)
    };
    object(change.0.iter().map(one).collect())
}

pub(super) fn read_change(manifest: &Manifest, json: &Json) -> Option<Change> {
    let one = |(name, json): (&String, &Json)| {
        let field = manifest.fields.iter().find(|it| it.id.0 == name)?.id;
        let delta = match json.get("set") {
            Some(set) => Delta::Set(read_value(set)?),
            None => Delta::List { add: texts(json.get("add")?)?, remove: texts(json.get("remove")?)? },
        };
        Some((field, delta))
    };
    Some(Change(json.as_object()?.iter().map(one).collect::<Option<_>>()?))
}
