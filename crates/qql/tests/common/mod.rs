//! A schema like that of the activation keys, and records for it.

use qql::{FieldSpec, FieldType, Ops, Place, Record, Schema, ValueRef};

pub(crate) const DISABLED: u16 = 0;
pub(crate) const LIMIT: u16 = 1;
pub(crate) const ID: u16 = 2;
pub(crate) const KEY: u16 = 3;
pub(crate) const TITLE: u16 = 4;
pub(crate) const LICENCES: u16 = 5;
pub(crate) const EXPIRES: u16 = 6;
pub(crate) const CREATED: u16 = 7;
pub(crate) const OWNER: u16 = 8;
pub(crate) const TAGS: u16 = 9;
pub(crate) const TAG_NAME: u16 = 10;
pub(crate) const TAG_ID: u16 = 11;
pub(crate) const NETWORK: u16 = 12;

pub(crate) const LICENCE_VALUES: &[&str] = &["VM", "PA", "PM", "SCA"];

/// What the search endpoint of the gateway API answers for numbers.
const NUMBERS: Ops = Ops::NUMBER;

pub(crate) const FIELDS: [FieldSpec<'static>; 13] = [
    FieldSpec::new(DISABLED, "activationKey.isDisabled", FieldType::Boolean)
        .on_server(Ops::MATCH.and(Ops::NOT).and(Ops::LIST))
        .single(),
    FieldSpec::new(LIMIT, "activationKey.countPurchased", FieldType::Integer).on_server(NUMBERS),
    FieldSpec::new(ID, "activationKey.id", FieldType::Integer).on_server(NUMBERS).single(),
    FieldSpec::new(KEY, "activationKey", FieldType::Guid).on_server(Ops::TEXT),
    FieldSpec { aliases: &["name"], ..FieldSpec::new(TITLE, "title", FieldType::Text) },
    FieldSpec::new(LICENCES, "licenses", FieldType::Keyword).one_of(LICENCE_VALUES),
    FieldSpec::new(EXPIRES, "expires", FieldType::Date),
    FieldSpec::new(CREATED, "created", FieldType::Date),
    FieldSpec::new(OWNER, "owner", FieldType::Id),
    FieldSpec::new(TAGS, "tags", FieldType::Object),
    FieldSpec::new(TAG_NAME, "tags.name", FieldType::Text),
    FieldSpec::new(TAG_ID, "tags.id", FieldType::Integer),
    FieldSpec { place: Place::Nowhere, ..FieldSpec::new(NETWORK, "network", FieldType::Integer) },
];

pub(crate) fn schema<'a>(fields: &'a [FieldSpec<'a>]) -> Schema<'a> {
    Schema { fields, prefixes: &["qualys.agent."], unknown: Place::Nowhere }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Val {
    Text(String),
    Integer(i64),
    Boolean(bool),
    Moment(i64),
    Day(i32),
}

impl Val {
    pub(crate) fn of(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// Values by field, and parts with values of their own.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    pub(crate) values: Vec<(u16, Val)>,
    pub(crate) parts: Vec<(u16, Self)>,
}

impl Row {
    pub(crate) fn of(&self, field: u16) -> impl Iterator<Item = &Val> {
        self.values.iter().filter(move |(it, _)| *it == field).map(|(_, value)| value)
    }
}

impl Record for Row {
    fn values(&self, field: u16, visit: &mut dyn FnMut(ValueRef<'_>)) {
        for value in self.of(field) {
            visit(match value {
                Val::Text(text) => ValueRef::Text(text),
                Val::Integer(it) => ValueRef::Integer(*it),
                Val::Boolean(it) => ValueRef::Boolean(*it),
                Val::Moment(it) => ValueRef::Moment(*it),
                Val::Day(it) => ValueRef::Day(*it),
            });
        }
    }

    fn parts(&self, field: u16, visit: &mut dyn FnMut(&dyn Record)) {
        for (_, part) in self.parts.iter().filter(|(it, _)| *it == field) {
            visit(part);
        }
    }
}
