//! Queries over the fields that the keys of all systems have. They run here: no two services search alike.

use leptos::prelude::WithUntracked as _;
use qql::{
    Clock, FieldSpec, FieldType, Filter, Logic, Parse, Place, Problem, Record, Schema, Split, ValueRef,
};

use super::part::Part;
use crate::domain::{FieldId, Key, Ref, Timestamp, Value};
use crate::features::key_text;
use crate::features::query_box::{Language, QueryField, state_choices};
use crate::features::saved_queries::ALL_CONNECTIONS;
use crate::i18n::t;
use crate::systems::manifest::Words;
use crate::systems::record::{field_values, state_name};
use crate::systems::{FieldKind, STATES, SeenCounter, SeenValues, System};
use crate::ui::Choice;

/// The fields by the numbers that queries know them by, which are their places here.
const FIELDS: [(&str, Words, FieldType); 8] = [
    ("title", t::key_field_title, FieldType::Text),
    ("state", t::key_field_state, FieldType::Keyword),
    ("expires", t::key_field_expires, FieldType::Date),
    ("used", t::all_field_used, FieldType::Integer),
    ("limit", t::key_field_limit, FieldType::Integer),
    ("owner", t::all_field_owner, FieldType::Text),
    ("system", t::all_field_system, FieldType::Keyword),
    ("connection", t::all_field_connection, FieldType::Text),
];

/// The language of the list of all connections.
pub(super) struct Common;

/// The one there is.
pub(super) static COMMON: Common = Common;

fn clock(now: Timestamp) -> Clock {
    Clock { now_ms: now.0, offset_minutes: 0 }
}

impl Common {
    fn with<T>(&self, f: impl FnOnce(&Schema<'_>) -> T) -> T {
        let states: Vec<&str> = STATES.iter().map(|it| state_name(*it)).collect();
        let systems: Vec<&str> = System::all().map(System::id).collect();
        let spec = |(at, (name, _, kind)): (usize, &(&'static str, _, FieldType))| {
            let spec = FieldSpec::new(u16::try_from(at).unwrap_or(u16::MAX), name, *kind);
            match *name {
                "state" => spec.one_of(&states),
                "system" => spec.one_of(&systems),
                _ => spec,
            }
        };
        let fields: Vec<FieldSpec<'_>> = FIELDS.iter().enumerate().map(spec).collect();
        f(&Schema { fields: &fields, prefixes: &[], unknown: Place::Nowhere })
    }

    /// The filter of a query; `None` for a blank one.
    ///
    /// # Errors
    /// The query does not parse or does not fit the fields.
    pub(super) fn filter(&self, text: &str, now: Timestamp) -> Result<Option<Filter>, ()> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let expr = qql::parse(text).expr().ok_or(())?;
        self.with(|schema| Filter::new(&expr, schema, clock(now))).map(Some).map_err(|_| ())
    }
}

impl Language for Common {
    fn saved_as(&'static self) -> &'static str {
        ALL_CONNECTIONS
    }

    fn fields(&'static self) -> Vec<QueryField> {
        let field = |(name, label, kind): &(&'static str, fn() -> &'static str, FieldType)| {
            let values = match *name {
                "state" => state_choices(),
                "system" => System::all().map(|it| Choice::new(it.id(), (it.manifest().name)())).collect(),
                _ => Vec::new(),
            };
            QueryField { name, label: label(), kind: *kind, values, on_service: false }
        };
        FIELDS.iter().map(field).collect()
    }

    fn problems(&'static self, parse: &Parse) -> Vec<Problem> {
        let Some(expr) = parse.expr() else { return Vec::new() };
        self.with(|schema| qql::check(&expr, schema, clock(key_text::now())))
    }

    fn split(&'static self, parse: &Parse) -> Option<Split> {
        self.with(|schema| qql::split(parse, schema, Logic::Nothing))
    }

    fn with_schema(&'static self, work: &mut dyn FnMut(&Schema<'_>)) {
        self.with(work);
    }

    fn all_here(&'static self) -> Option<&'static str> {
        Some(t::all_query_here())
    }
}

/// Whom a key belongs to; where a system keeps no owner, who made it.
pub(super) fn owner(key: &Key) -> Option<&Ref> {
    let person = |field| match key.fields.get(field) {
        Some(Value::Ref(it)) => Some(it),
        _ => None,
    };
    person(FieldId::OWNER).or_else(|| person(FieldId::CREATOR))
}

/// Values of a common field among the keys that are loaded.
pub(super) fn seen_values(parts: &[Part], name: &str) -> SeenValues {
    let mut counter = SeenCounter::default();
    let field = FIELDS.iter().position(|(it, ..)| *it == name).and_then(|it| u16::try_from(it).ok());
    let now = key_text::now();
    for part in parts {
        part.rows.signal().with_untracked(|answer| {
            for key in answer.value().iter().flat_map(|it| it.keys.iter()) {
                let connection = &part.connection;
                let record =
                    CommonRecord { key, system: connection.system, connection: &connection.name, now };
                counter.add(1, &mut |visit| field.into_iter().for_each(|it| record.values(it, visit)));
            }
        });
    }
    counter.finish()
}

/// A key with where it is.
pub(super) struct CommonRecord<'a> {
    pub(super) key: &'a Key,
    pub(super) system: System,
    pub(super) connection: &'a str,
    pub(super) now: Timestamp,
}

impl Record for CommonRecord<'_> {
    fn values(&self, field: u16, visit: &mut dyn FnMut(ValueRef<'_>)) {
        let Some((name, ..)) = FIELDS.get(usize::from(field)) else { return };
        let mut of_key = |id, kind| field_values(self.key, id, kind, self.now, false, visit);
        match *name {
            "title" => of_key(FieldId::TITLE, FieldKind::Text { max: None }),
            "state" => of_key(FieldId::STATE, FieldKind::State),
            "expires" => of_key(FieldId::EXPIRES, FieldKind::Moment { future: false, presets: &[] }),
            "used" => of_key(FieldId::USED, FieldKind::Usage),
            "limit" => of_key(FieldId::LIMIT, FieldKind::Usage),
            "owner" => {
                if let Some(owner) = owner(self.key) {
                    visit(ValueRef::Text(&owner.id));
                    owner.name.iter().for_each(|it| visit(ValueRef::Text(it)));
                }
            }
            "system" => visit(ValueRef::Text(self.system.id())),
            _ => visit(ValueRef::Text(self.connection)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::key_text::tests::key;

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-21T12:00:00Z").unwrap_or(Timestamp(0))
    }

    fn matches(text: &str, key: &Key) -> Option<bool> {
        let filter = COMMON.filter(text, now()).ok()??;
        let record = CommonRecord { key, system: System::QUALYS_GATEWAY, connection: "Europe 1", now: now() };
        Some(filter.matches(&record))
    }

    #[test]
    fn every_common_field_can_be_asked_for() {
        let key = key();
        for text in [
            "title: payroll",
            "state: active",
            "expires < now+30d AND expires: [2026-11-01 .. 2026-12-31]",
            "used > 39 AND limit <= 1000",
            "owner: ada",
            "owner: acme_ab1",
            "system: qualys-gateway",
            "connection: europe",
            "NOT (state: disabled OR used: 0)",
        ] {
            assert_eq!(matches(text, &key), Some(true), "{text}");
        }
        for text in
            ["title: berlin", "expires > now+30d", "system: solifyn OR connection: us", "limit > 1000"]
        {
            assert_eq!(matches(text, &key), Some(false), "{text}");
        }
    }

    #[test]
    fn a_key_without_a_value_is_not_found_by_it() {
        let mut key = key();
        key.fields.set(FieldId::EXPIRES, Value::Nothing);
        key.fields.remove(FieldId::USED);
        assert_eq!(matches("expires < now+9999d", &key), Some(false));
        assert_eq!(matches("used >= 0", &key), Some(false));
    }

    #[test]
    fn fields_of_one_system_alone_are_not_part_of_it() {
        assert!(COMMON.filter("licence: PC", now()).is_err());
        assert!(COMMON.filter("title: (", now()).is_err());
        assert!(COMMON.filter("  ", now()).is_ok_and(|it| it.is_none()));
        let fields = COMMON.fields();
        assert!(fields.iter().all(|it| !it.on_service));
        assert_eq!(fields.len(), FIELDS.len());
    }
}
