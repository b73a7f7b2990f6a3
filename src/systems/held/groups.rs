//! Rows by what they have in common, and their sums.

use std::collections::BTreeMap;

use crate::domain::{FieldId, Key, Limit, Ref, Standing, State, Timestamp, Value};
use crate::systems::order::{by_title, rank_state};

/// What rows are put together by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupBy {
    /// What a field holds: the state, a code, a text, a person. A key with several codes is in several groups.
    Field(FieldId),
    /// The month in which a key ends, in UTC.
    ExpiryMonth,
}

/// What the rows of a group have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupValue {
    /// The one word for them.
    State(State),
    /// A text or a code, as it came. Never blank.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// What they point at.
    Ref(Ref),
    /// The month in which they end.
    Month {
        /// The year, 1 to 9999.
        year: u16,
        /// The month, 1 to 12.
        month: u8,
    },
    /// Nothing is told of them, or that there is nothing.
    Nothing,
}

/// Rows that have a value in common.
#[derive(Clone)]
pub struct Group {
    /// What they have in common.
    pub value: GroupValue,
    /// How many there are.
    pub count: usize,
    /// The rows, in the order of those they were taken from.
    pub rows: super::Rows,
}

/// Sums over rows. What has no limit or is not told is counted apart and is in no sum.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Rows.
    pub keys: usize,
    /// Machines, devices or uses of those that tell it.
    pub used: u64,
    /// Rows that do not tell their use.
    pub used_untold: usize,
    /// Places left of those that have a limit and tell their use.
    pub free: u64,
    /// Rows without a limit.
    pub unlimited: usize,
    /// Rows that do not tell whether they have a limit, or have one and do not tell their use.
    pub free_untold: usize,
    /// How many there are of each state that any row has, what works first.
    pub by_state: Vec<(State, usize)>,
}

impl GroupValue {
    /// The values of a key.
    fn of(key: &Key, by: GroupBy, now: Timestamp) -> Vec<Self> {
        let res = match by {
            GroupBy::ExpiryMonth => {
                key.expires().and_then(|it| it.day()).into_iter().map(Self::month).collect()
            }
            GroupBy::Field(FieldId::STATE) => vec![Self::State(Standing::of(key, now).state)],
            GroupBy::Field(field) => key.fields.get(field).map(Self::of_value).unwrap_or_default(),
        };
        if res.is_empty() { vec![Self::Nothing] } else { res }
    }

    fn month(day: crate::domain::Date) -> Self {
        Self::Month { year: day.year, month: day.month }
    }

    fn of_value(value: &Value) -> Vec<Self> {
        let text = |it: &String| (!it.trim().is_empty()).then(|| Self::Text(it.clone()));
        let reference =
            |it: &Ref| (!it.id.trim().is_empty() || it.name.is_some()).then(|| Self::Ref(it.clone()));
        let number = |it: u64| i64::try_from(it).unwrap_or(i64::MAX);
        match value {
            Value::Nothing | Value::Limit(Limit::Unlimited) => Vec::new(),
            Value::Text(it) => text(it).into_iter().collect(),
            Value::Number(it) => vec![Self::Number(*it)],
            Value::Limit(Limit::Of(it)) => vec![Self::Number(number(*it))],
            Value::Flag(it) => vec![Self::Flag(*it)],
            Value::Day(it) => vec![Self::month(*it)],
            Value::Moment(it) => it.date().map(Self::month).into_iter().collect(),
            Value::Codes(it) => it.iter().filter_map(text).collect(),
            Value::Ref(it) => reference(it).into_iter().collect(),
            Value::Refs(it) => it.iter().filter_map(reference).collect(),
        }
    }

    /// What groups are ordered by: as rows are, and what has no value last.
    fn rank(&self) -> (u8, i128, Vec<u8>, &str) {
        match self {
            Self::State(it) => (0, rank_state(*it), Vec::new(), ""),
            Self::Month { year, month } => (1, i128::from(*year) * 12 + i128::from(*month), Vec::new(), ""),
            Self::Number(it) => (2, i128::from(*it), Vec::new(), ""),
            Self::Flag(it) => (3, i128::from(*it), Vec::new(), ""),
            Self::Text(it) => (4, 0, by_title(it), it),
            Self::Ref(it) => (5, 0, by_title(it.name.as_deref().unwrap_or(&it.id)), &it.id),
            Self::Nothing => (6, 0, Vec::new(), ""),
        }
    }
}

/// Groups of rows: their values in order, each with the places of its rows.
pub(super) fn groups(
    keys: impl Iterator<Item = (usize, Key)>,
    by: GroupBy,
    now: Timestamp,
) -> Vec<(GroupValue, Vec<usize>)> {
    let mut found: BTreeMap<(u8, i128, Vec<u8>, String), (GroupValue, Vec<usize>)> = BTreeMap::new();
    for (place, key) in keys {
        for value in GroupValue::of(&key, by, now) {
            let (class, number, text, id) = value.rank();
            let rank = (class, number, text, id.to_owned());
            let rows = &mut found.entry(rank).or_insert_with(|| (value, Vec::new())).1;
            if rows.last() != Some(&place) {
                rows.push(place);
            }
        }
    }
    found.into_values().collect()
}

impl Totals {
    /// Adds a key to the sums.
    pub fn add(&mut self, key: &Key, now: Timestamp) {
        add(self, key, now);
    }
}

/// Adds a key to the sums.
pub(super) fn add(totals: &mut Totals, key: &Key, now: Timestamp) {
    let (used, limit) = (key.used(), key.limit());
    totals.keys += 1;
    totals.used = totals.used.saturating_add(used.unwrap_or(0));
    totals.used_untold += usize::from(used.is_none());
    match (limit, used) {
        (Some(Limit::Unlimited), _) => totals.unlimited += 1,
        (Some(limit), Some(used)) => totals.free = totals.free.saturating_add(limit.free(used).unwrap_or(0)),
        _ => totals.free_untold += 1,
    }
    let state = Standing::of(key, now).state;
    match totals.by_state.iter_mut().find(|(it, _)| *it == state) {
        Some((_, count)) => *count += 1,
        None => totals.by_state.push((state, 1)),
    }
    totals.by_state.sort_by_key(|(it, _)| rank_state(*it));
}
