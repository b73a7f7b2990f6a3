//! The activation keys of the gateway API as records: JSON objects as the search and the details give them.

use qql::{FieldSpec, FieldType, Ops, Place, Record, Schema, ValueRef};
use serde_json::Value;

/// Where the values of a field stand in a key object: `from` is its member.
struct Column {
    spec: FieldSpec<'static>,
    from: &'static str,
}

const fn column(from: &'static str, spec: FieldSpec<'static>) -> Column {
    Column { spec, from }
}

/// The four documented tokens first, then what only the browser can search.
const COLUMNS: [Column; 16] = [
    column(
        "isDisabled",
        FieldSpec::new(0, "activationKey.isDisabled", FieldType::Boolean)
            .on_server(Ops::MATCH.and(Ops::NOT))
            .single(),
    ),
    column(
        "countPurchased",
        FieldSpec::new(1, "activationKey.countPurchased", FieldType::Integer).on_server(Ops::NUMBER).single(),
    ),
    column("id", FieldSpec::new(2, "activationKey.id", FieldType::Integer).on_server(Ops::NUMBER).single()),
    column("activationKey", FieldSpec::new(3, "activationKey", FieldType::Guid).on_server(Ops::TEXT)),
    column("title", FieldSpec::new(4, "title", FieldType::Text)),
    column(
        "licenses",
        FieldSpec { aliases: &["license", "licence"], ..FieldSpec::new(5, "licenses", FieldType::Keyword) },
    ),
    column("keyType", FieldSpec { aliases: &["type"], ..FieldSpec::new(6, "keyType", FieldType::Text) }),
    column(
        "countUsed",
        FieldSpec { aliases: &["used"], ..FieldSpec::new(7, "countUsed", FieldType::Integer) },
    ),
    column(
        "datePurchased",
        FieldSpec { aliases: &["created"], ..FieldSpec::new(8, "datePurchased", FieldType::Date) },
    ),
    column(
        "expireDate",
        FieldSpec { aliases: &["expires"], ..FieldSpec::new(9, "expireDate", FieldType::Date) },
    ),
    column(
        "userName",
        FieldSpec { aliases: &["createdBy"], ..FieldSpec::new(10, "userName", FieldType::Text) },
    ),
    column(
        "networkId",
        FieldSpec { aliases: &["network"], ..FieldSpec::new(11, "networkId", FieldType::Integer) },
    ),
    column("applyToExistingAgents", FieldSpec::new(12, "applyToExistingAgents", FieldType::Boolean)),
    column("tags", FieldSpec::new(13, "tags", FieldType::Object)),
    column("id", FieldSpec::new(14, "tags.id", FieldType::Integer)),
    column("name", FieldSpec::new(15, "tags.name", FieldType::Text)),
];

/// Runs `work` with the schema of the keys.
pub(crate) fn with_schema<T>(work: impl FnOnce(&Schema<'_>) -> T) -> T {
    let fields = COLUMNS.map(|it| it.spec);
    work(&Schema { fields: &fields, prefixes: &["qualys.agent."], unknown: Place::Nowhere })
}

/// A key object, or a tag of one.
pub(crate) struct Key<'a>(pub(crate) &'a Value);

impl Key<'_> {
    /// The values of a field: those of a list one by one, nothing for null.
    fn each(&self, field: u16, visit: &mut dyn FnMut(&Value)) {
        let Some(column) = COLUMNS.iter().find(|it| it.spec.id == field) else { return };
        match self.0.get(column.from) {
            None | Some(Value::Null) => {}
            Some(Value::Array(items)) => items.iter().for_each(visit),
            Some(value) => visit(value),
        }
    }
}

impl Record for Key<'_> {
    fn values(&self, field: u16, visit: &mut dyn FnMut(ValueRef<'_>)) {
        // A tag may be its bare number.
        if let (14, Some(id)) = (field, self.0.as_i64()) {
            return visit(ValueRef::Integer(id));
        }
        self.each(field, &mut |value| match value {
            Value::String(text) => visit(ValueRef::Text(text)),
            Value::Bool(it) => visit(ValueRef::Boolean(*it)),
            Value::Number(number) => number.as_i64().into_iter().for_each(|it| visit(ValueRef::Integer(it))),
            Value::Null | Value::Array(_) | Value::Object(_) => {}
        });
    }

    fn parts(&self, field: u16, visit: &mut dyn FnMut(&dyn Record)) {
        self.each(field, &mut |value| visit(&Key(value)));
    }
}
