//! Which part of a query a service answers, and the rest, which runs here over the rows that were loaded.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use qql::{Clock, Filter, Parse, Schema, Split, ValueRef};

use super::manifest::{FieldKind, FieldSpec, Manifest, Search};
use super::record::{KeyRecord, field_values, state_name};
use crate::domain::{FieldId, Key, State, Timestamp, order};

/// States that queries know, in the order in which they are offered.
pub const STATES: [State; 7] = [
    State::Active,
    State::Disabled,
    State::Expired,
    State::Full,
    State::Revoked,
    State::Archived,
    State::Inactive,
];

/// Values that are told at most.
const MOST_SEEN: usize = 200;

/// Values of a field among keys that were loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeenValues {
    /// Each with the number of keys that have it, the most frequent first; at most 200.
    pub values: Vec<(String, u64)>,
    /// Keys that were looked at.
    pub keys: u64,
}

/// Takes the values of a field, one after the other.
pub type Visit<'a> = &'a mut dyn FnMut(ValueRef<'_>);

/// Counts values of a field, key by key.
#[derive(Default)]
pub struct SeenCounter {
    counts: BTreeMap<String, u64>,
    keys: u64,
}

impl SeenCounter {
    /// Adds so many keys with the same values, which `values` visits. A value that a key has twice, as a name and as an
    /// id, counts once.
    pub fn add(&mut self, keys: u64, values: &mut dyn FnMut(Visit<'_>)) {
        let mut of_key: Vec<String> = Vec::new();
        values(&mut |value| {
            let text = match value {
                ValueRef::Text(text) => text.trim().to_owned(),
                ValueRef::Integer(number) => number.to_string(),
                // Nobody picks a date or a yes from what there is.
                _ => return,
            };
            if !text.is_empty() && !of_key.contains(&text) {
                of_key.push(text);
            }
        });
        self.keys += keys;
        for text in of_key {
            *self.counts.entry(text).or_default() += keys;
        }
    }

    /// What was counted; equal ones in the order of the alphabet.
    #[must_use]
    pub fn finish(self) -> SeenValues {
        let mut values: Vec<(String, u64)> = self.counts.into_iter().collect();
        order::sort_by_key(&mut values, |(_, count)| Reverse(*count));
        values.truncate(MOST_SEEN);
        SeenValues { values, keys: self.keys }
    }
}

/// What a query on a system's keys may name.
pub struct QuerySchema {
    manifest: &'static Manifest,
    /// Closed sets of values, one list a field of the manifest.
    values: Vec<Vec<&'static str>>,
}

impl QuerySchema {
    /// The fields of a manifest that can be searched.
    #[must_use]
    pub fn of(manifest: &'static Manifest) -> Self {
        let values = manifest.fields.iter().map(|it| closed_set(it.kind)).collect();
        Self { manifest, values }
    }

    /// The manifest whose fields they are.
    #[must_use]
    pub fn manifest(&self) -> &'static Manifest {
        self.manifest
    }

    /// Fields that can be searched, with their names in queries.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &'static FieldSpec)> {
        self.manifest.fields.iter().filter_map(|it| Some((token(it)?, it)))
    }

    /// Fields of keys that the running clauses of a query name. What is worked out from others is none of them.
    #[must_use]
    pub fn named(&self, query: &str) -> Vec<&'static FieldSpec> {
        let parse = qql::parse(query);
        let outline = qql::outline(&parse);
        let mut res: Vec<&'static FieldSpec> = Vec::new();
        for (_, item) in outline.items().filter(|(_, it)| !it.muted) {
            let qql::ItemKind::Clause(clause) = &item.kind else { continue };
            let place = self.with(|schema| schema.field(&clause.field.text).map(|it| usize::from(it.id)));
            let Some(spec) = place.and_then(|it| self.manifest.fields.get(it)) else { continue };
            let is_own = !matches!(spec.kind, FieldKind::State | FieldKind::Secret | FieldKind::Id)
                && ![super::record::FREE, super::record::DISABLED].contains(&spec.id);
            if is_own && !res.iter().any(|it| it.id == spec.id) {
                res.push(spec);
            }
        }
        res
    }

    /// Gives the schema to `f`, in the form in which the query language takes it.
    pub fn with<T>(&self, f: impl FnOnce(&Schema<'_>) -> T) -> T {
        let specs: Vec<qql::FieldSpec<'_>> =
            self.manifest.fields.iter().enumerate().filter_map(|(at, spec)| self.spec(at, spec)).collect();
        let schema =
            Schema { fields: &specs, prefixes: self.manifest.prefixes, unknown: self.manifest.unknown };
        f(&schema)
    }

    fn spec<'a>(&'a self, at: usize, spec: &'static FieldSpec) -> Option<qql::FieldSpec<'a>> {
        let id = u16::try_from(at).ok()?;
        let res = qql::FieldSpec::new(id, token(spec)?, field_type(spec));
        let res = match self.values.get(at) {
            Some(values) if !values.is_empty() => res.one_of(values),
            _ => res,
        };
        let res = if is_single(spec) { res.single() } else { res };
        Some(match spec.search {
            Search::Server { ops, .. } => res.on_server(ops),
            _ => res,
        })
    }

    /// Where each part of a query runs; `None` while it has syntax errors.
    #[must_use]
    pub fn split(&self, parse: &Parse) -> Option<Split> {
        self.with(|schema| qql::split(parse, schema, self.manifest.logic))
    }

    /// The filter for the part of a query that runs here.
    ///
    /// # Errors
    /// What is wrong with it, each problem at its bytes.
    pub fn filter(&self, text: &str, now: Timestamp) -> Result<Filter, Vec<qql::Problem>> {
        let Some(expr) = qql::parse(text).expr() else { return Err(Vec::new()) };
        self.with(|schema| Filter::new(&expr, schema, clock(now)))
    }

    /// What is wrong with a query beyond its syntax.
    #[must_use]
    pub fn problems(&self, parse: &Parse, now: Timestamp) -> Vec<qql::Problem> {
        match parse.expr() {
            Some(expr) => self.with(|schema| qql::check(&expr, schema, clock(now))),
            None => Vec::new(),
        }
    }

    /// Values of the field of that name among `keys`. None of a field that holds keys' values.
    #[must_use]
    pub fn seen_values(&self, name: &str, keys: &[Key], now: Timestamp) -> SeenValues {
        let mut counter = SeenCounter::default();
        let found = self.fields().find(|(token, _)| *token == name).map(|(_, spec)| spec);
        let Some(spec) = found.filter(|it| !matches!(it.kind, FieldKind::Secret)) else {
            return counter.finish();
        };
        for key in keys {
            counter.add(1, &mut |visit| {
                field_values(key, spec.id, spec.kind, now, spec.none_is_zero, visit);
            });
        }
        counter.finish()
    }

    /// Whether a key is part of the answer.
    #[must_use]
    pub fn matches(&self, filter: &Filter, key: &Key, now: Timestamp) -> bool {
        filter.matches(&KeyRecord { manifest: self.manifest, key, now })
    }
}

/// Days of queries are days in UTC, as the systems mean them.
fn clock(now: Timestamp) -> Clock {
    Clock { now_ms: now.0, offset_minutes: 0 }
}

/// A field's name in queries; none where it cannot be searched.
#[must_use]
pub fn token(spec: &FieldSpec) -> Option<&'static str> {
    match spec.search {
        Search::No => None,
        Search::Browser(name) | Search::Server { token: name, .. } => Some(name),
    }
}

/// What kind of values a field has in queries.
#[must_use]
pub fn field_type(spec: &FieldSpec) -> qql::FieldType {
    use qql::FieldType;
    if let Some(kind) = spec.asked_as {
        return kind;
    }
    match spec.kind {
        FieldKind::Secret => FieldType::Guid,
        FieldKind::State | FieldKind::Choice(_) | FieldKind::Codes(_) | FieldKind::Duration { .. } => {
            FieldType::Keyword
        }
        FieldKind::Number { .. } | FieldKind::Limit { .. } | FieldKind::Usage | FieldKind::Hours { .. } => {
            FieldType::Integer
        }
        FieldKind::Flag | FieldKind::Push => FieldType::Boolean,
        FieldKind::Day { .. } | FieldKind::Moment { .. } => FieldType::Date,
        FieldKind::Id => FieldType::Id,
        FieldKind::Text { .. } | FieldKind::Refs | FieldKind::Pick(_) | FieldKind::Person => FieldType::Text,
    }
}

/// Whether every key has exactly one value here, so that the opposite of a comparison is a comparison.
fn is_single(spec: &FieldSpec) -> bool {
    spec.id == super::record::DISABLED || spec.id == FieldId::ID || matches!(spec.kind, FieldKind::Usage)
}

fn closed_set(kind: FieldKind) -> Vec<&'static str> {
    match kind {
        FieldKind::State => STATES.iter().map(|it| state_name(*it)).collect(),
        FieldKind::Choice(choices) => choices.iter().map(|it| it.code).collect(),
        _ => Vec::new(),
    }
}
