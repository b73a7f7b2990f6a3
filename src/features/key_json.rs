//! A key as JSON, for people who go on with it elsewhere. Its value is never in it.

use serde_json::{Map, Value as Json};

use crate::domain::{FieldId, Fields, Key, Limit, Ref, Value};
use crate::systems::Manifest;

/// A key with its id, its system and every field that is told, by the manifest's names.
#[must_use]
pub fn key_json(manifest: &Manifest, key: &Key) -> String {
    let mut res = Map::new();
    res.insert("system".to_owned(), manifest.id.into());
    res.insert(FieldId::ID.0.to_owned(), key.id.0.clone().into());
    res.insert("disabled".to_owned(), key.disabled.into());
    add(&mut res, &key.fields);
    // Serialising a map of plain values cannot fail.
    serde_json::to_string_pretty(&Json::Object(res)).unwrap_or_default()
}

fn add(res: &mut Map<String, Json>, fields: &Fields) {
    for (field, value) in fields.iter() {
        if field != FieldId::VALUE {
            res.insert(field.0.to_owned(), json(value));
        }
    }
}

fn json(value: &Value) -> Json {
    match value {
        Value::Nothing | Value::Limit(Limit::Unlimited) => Json::Null,
        Value::Text(it) => it.clone().into(),
        Value::Number(it) => (*it).into(),
        Value::Limit(Limit::Of(it)) => (*it).into(),
        Value::Flag(it) => (*it).into(),
        Value::Day(it) => it.to_string().into(),
        Value::Moment(it) => it.to_string().into(),
        Value::Codes(it) => it.clone().into(),
        Value::Ref(it) => pointed(it),
        Value::Refs(it) => it.iter().map(pointed).collect::<Vec<_>>().into(),
    }
}

fn pointed(it: &Ref) -> Json {
    let mut res = Map::new();
    res.insert("id".to_owned(), it.id.clone().into());
    if let Some(name) = &it.name {
        res.insert("name".to_owned(), name.clone().into());
    }
    Json::Object(res)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::key_text::tests::key;
    use crate::systems::qualys_gateway::MANIFEST;

    #[test]
    fn a_key_is_written_without_its_value() {
        let key = key();
        let text = key_json(&MANIFEST, &key);
        let back: Json = serde_json::from_str(&text).unwrap_or_default();
        assert_eq!(back.pointer("/id"), Some(&"7".into()));
        assert_eq!(back.pointer("/title"), Some(&"Payroll servers".into()));
        assert_eq!(back.pointer("/limit"), Some(&1_000.into()));
        assert_eq!(back.pointer("/tags/1/name"), Some(&"Berlin".into()));
        let value = key.value.as_ref().map_or("", |it| it.expose());
        assert!(!value.is_empty() && !text.contains(value), "{text}");
    }
}
