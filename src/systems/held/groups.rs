//! Rows by what they have in common, and their sums.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use table::Value as Held;

use super::order::rank_state;
use super::store::Store;
use crate::domain::{Date, FieldId, Limit, Ref, State, Timestamp, order};

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
    /// What a value stands for; nothing where it is blank.
    fn of(value: Option<Held<'_>>) -> Vec<Self> {
        let text = |it: &str| (!it.trim().is_empty()).then(|| Self::Text(it.to_owned()));
        let reference = |id: &str, name: Option<&str>| {
            let is_told = !id.trim().is_empty() || name.is_some();
            // A name that says no more than the id is none: the two read the same.
            let name = name.filter(|it| *it != id);
            is_told.then(|| Self::Ref(Ref { id: id.to_owned(), name: name.map(str::to_owned) }))
        };
        let month = |day: Option<Date>| day.map(|it| Self::Month { year: it.year, month: it.month });
        match value {
            None | Some(Held::Nothing | Held::Unlimited) => Vec::new(),
            Some(Held::Text(it) | Held::Exact(it)) => text(it).into_iter().collect(),
            Some(Held::Number(it)) => vec![Self::Number(it)],
            Some(Held::Limit(it)) => vec![Self::Number(i64::try_from(it).unwrap_or(i64::MAX))],
            Some(Held::Flag(it)) => vec![Self::Flag(it)],
            Some(Held::Day(it)) => month(Date::from_day_number(it)).into_iter().collect(),
            Some(Held::Moment(it)) => month(Timestamp(it).date()).into_iter().collect(),
            Some(Held::Codes(it)) => it.filter_map(text).collect(),
            Some(Held::Ref(id, name)) => reference(id, name).into_iter().collect(),
            Some(Held::Refs(it)) => it.filter_map(|(id, name)| reference(id, name)).collect(),
        }
    }

    /// What groups are ordered by before their texts: as rows are, and what has no value last.
    fn rank(&self) -> (u8, i64) {
        match self {
            Self::State(it) => (0, rank_state(*it).into()),
            Self::Month { year, month } => (1, i64::from(*year) * 12 + i64::from(*month)),
            Self::Number(it) => (2, *it),
            Self::Flag(it) => (3, i64::from(*it)),
            Self::Text(_) => (4, 0),
            Self::Ref(_) => (5, 0),
            Self::Nothing => (6, 0),
        }
    }

    /// What is read of it, and what tells it from another that reads the same.
    fn texts(&self) -> (&str, &str) {
        match self {
            Self::Text(it) => (it, ""),
            Self::Ref(it) => (it.name.as_deref().unwrap_or(&it.id), &it.id),
            _ => ("", ""),
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        let ((a, a_id), (b, b_id)) = (self.texts(), other.texts());
        let texts = || table::compare(Held::Text(a), Held::Text(b)).then(a.cmp(b)).then(a_id.cmp(b_id));
        self.rank().cmp(&other.rank()).then_with(texts)
    }
}

/// Groups of rows: their values in order, each with its rows, which stay in the order of `places`.
pub(super) fn groups(
    store: &Store,
    places: &[u32],
    by: GroupBy,
    now: Timestamp,
) -> Vec<(GroupValue, Vec<u32>)> {
    let mut groups = Groups::default();
    // Which groups a row is in follows from what it holds: worked out once a value.
    let mut sets: Vec<Vec<usize>> = Vec::new();
    let mut set = |values: Vec<GroupValue>| {
        let values = if values.is_empty() { vec![GroupValue::Nothing] } else { values };
        let mut set: Vec<usize> = values.into_iter().map(|it| groups.number(it)).collect();
        set.sort_unstable();
        set.dedup();
        sets.push(set);
        sets.len() - 1
    };
    let set_of: Vec<usize> = match by {
        GroupBy::Field(FieldId::STATE) => {
            let mut known: Vec<(State, usize)> = Vec::new();
            let mut of = |state| match known.iter().find(|(it, _)| *it == state) {
                Some((_, set)) => *set,
                None => {
                    known.push((state, set(vec![GroupValue::State(state)])));
                    known.last().map_or(0, |(_, set)| *set)
                }
            };
            store.marks(now).into_iter().map(|it| of(it.state)).collect()
        }
        GroupBy::ExpiryMonth => store.each(FieldId::EXPIRES, |it| match it {
            Some(Held::Day(_) | Held::Moment(_)) => set(GroupValue::of(it)),
            _ => set(Vec::new()),
        }),
        // Nobody reads a key's value as the name of a group.
        GroupBy::Field(FieldId::VALUE) => vec![set(Vec::new()); store.len()],
        GroupBy::Field(field) => store.each(field, |it| set(GroupValue::of(it))),
    };
    let mut res: Vec<(GroupValue, Vec<u32>)> = groups.values.into_iter().map(|it| (it, Vec::new())).collect();
    for place in places {
        let set = usize::try_from(*place).ok().and_then(|it| sets.get(*set_of.get(it)?));
        for number in set.into_iter().flatten() {
            if let Some((_, rows)) = res.get_mut(*number) {
                rows.push(*place);
            }
        }
    }
    res.retain(|(_, rows)| !rows.is_empty());
    order::sort_by(&mut res, |(a, _), (b, _)| a.compare(b));
    res
}

/// Values of groups, each once.
#[derive(Default)]
struct Groups {
    values: Vec<GroupValue>,
    numbers: BTreeMap<((u8, i64), String, String), usize>,
}

impl Groups {
    fn number(&mut self, value: GroupValue) -> usize {
        let (text, id) = value.texts();
        let key = (value.rank(), text.to_owned(), id.to_owned());
        let next = self.values.len();
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.values.push(value);
        }
        number
    }
}

/// The sums over rows.
pub(super) fn totals(store: &Store, places: &[u32], now: Timestamp) -> Totals {
    let (used, limits, marks) = (store.used(), store.limits(), store.marks(now));
    let mut res = Totals { keys: places.len(), ..Totals::default() };
    for at in places.iter().filter_map(|it| usize::try_from(*it).ok()) {
        let (used, limit) = (used.get(at).copied().flatten(), limits.get(at).copied().flatten());
        res.used = res.used.saturating_add(used.unwrap_or(0));
        res.used_untold += usize::from(used.is_none());
        match (limit, used) {
            (Some(Limit::Unlimited), _) => res.unlimited += 1,
            (Some(limit), Some(used)) => res.free = res.free.saturating_add(limit.free(used).unwrap_or(0)),
            _ => res.free_untold += 1,
        }
        let Some(mark) = marks.get(at) else { continue };
        match res.by_state.iter_mut().find(|(it, _)| *it == mark.state) {
            Some((_, count)) => *count += 1,
            None => res.by_state.push((mark.state, 1)),
        }
    }
    order::sort_by_key(&mut res.by_state, |(it, _)| rank_state(*it));
    res
}
