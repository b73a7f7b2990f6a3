//! Which keys of all connections are shown, in which order, and the row of one.

use std::cmp::Ordering;
use std::sync::Arc;

use leptos::prelude::*;

use super::address::Column;
use super::part::Rows;
use super::query::{COMMON, CommonRecord, owner};
use crate::domain::{Expiry, FieldId, Key, KeyId, Limit, Standing, State, Timestamp};
use crate::features::key_cells::{lines, looks_same, meter, muted, reference, state};
use crate::features::key_text;
use crate::i18n::t;
use crate::session::Connection;
use crate::systems::STATES;
use crate::systems::record::state_name;

/// The keys of one connection, as far as they are there.
pub(super) struct Loaded<'a> {
    pub(super) connection: &'a Connection,
    pub(super) rows: Option<Arc<Rows>>,
}

/// A key's place: which connection, and which of its rows.
pub(super) type Place = (usize, usize);

/// The places of all keys in an order. What compares equal keeps the order of the connections and of their own lists.
pub(super) fn sorted(parts: &[Loaded<'_>], column: Column, descending: bool, now: Timestamp) -> Vec<Place> {
    let mut res: Vec<(SortKey, Place)> = Vec::new();
    for (part_idx, part) in parts.iter().enumerate() {
        let keys = part.rows.iter().flat_map(|it| it.keys.iter()).enumerate();
        res.extend(
            keys.map(|(row_idx, key)| (SortKey::of(key, part.connection, column, now), (part_idx, row_idx))),
        );
    }
    res.sort_by(|(a, _), (b, _)| a.compare(b, descending));
    res.into_iter().map(|(_, place)| place).collect()
}

/// Those of the places whose keys fit. None when the query does not fit the fields: then it was not run.
pub(super) fn fitting(
    parts: &[Loaded<'_>],
    sorted: &[Place],
    query: &str,
    within: Option<u32>,
    now: Timestamp,
) -> Vec<Place> {
    let Ok(filter) = COMMON.filter(query, now) else { return Vec::new() };
    let fits = |place: &Place| {
        let Some(Loaded { connection, rows: Some(rows) }) = parts.get(place.0) else { return false };
        let Some(key) = rows.keys.get(place.1) else { return false };
        let record = CommonRecord { key, system: connection.system, connection: &connection.name, now };
        filter.as_ref().is_none_or(|it| it.matches(&record))
            && within.is_none_or(|days| ends_within(key, days, now))
    };
    sorted.iter().copied().filter(fits).collect()
}

/// Whether a key that has not ended will end within so many days.
fn ends_within(key: &Key, days: u32, now: Timestamp) -> bool {
    let standing = Standing::of(key, now);
    let is_over = standing.expired() || matches!(standing.state, State::Revoked | State::Archived);
    !is_over && standing.days_left.is_some_and(|it| it <= i64::from(days))
}

/// What a key is sorted by.
#[derive(PartialEq, Eq)]
struct SortKey {
    /// What has no value comes last in both directions.
    is_missing: bool,
    number: i128,
    text: String,
    /// Equal ones stand in the order of their titles.
    title: String,
}

impl SortKey {
    fn of(key: &Key, connection: &Connection, column: Column, now: Timestamp) -> Self {
        let title = key.title().trim().to_lowercase();
        let mut res = Self { is_missing: false, number: 0, text: String::new(), title };
        match column {
            Column::Title => res.is_missing = res.title.is_empty(),
            Column::System => (connection.system.manifest().name)().clone_into(&mut res.text),
            Column::Connection => res.text = connection.name.to_lowercase(),
            Column::State => {
                let state = Standing::of(key, now).state;
                let rank = STATES.iter().position(|it| *it == state).and_then(|it| i128::try_from(it).ok());
                res.number = rank.unwrap_or_default();
            }
            Column::Expires => {
                res.is_missing = key.expires().is_none();
                res.number = key.expires().map_or(0, |it| i128::from(it.end().0));
            }
            Column::Used => {
                res.is_missing = key.used().is_none();
                let limit = match key.limit() {
                    Some(Limit::Of(limit)) => limit,
                    None | Some(Limit::Unlimited) => u64::MAX,
                };
                res.number = i128::from(key.used().unwrap_or(0)) << 64 | i128::from(limit);
            }
            Column::Owner => {
                let owner = owner(key);
                res.is_missing = owner.is_none();
                res.text = owner.map_or_else(String::new, |it| key_text::ref_text(it).to_lowercase());
            }
        }
        res
    }

    fn compare(&self, other: &Self, descending: bool) -> Ordering {
        let value = (self.number, &self.text).cmp(&(other.number, &other.text));
        let value = value.then_with(|| self.title.cmp(&other.title));
        let value = if descending { value.reverse() } else { value };
        self.is_missing.cmp(&other.is_missing).then(value)
    }
}

/// A key with its connection: two that are equal have equal rows.
#[derive(Clone)]
pub(super) struct Shown {
    pub(super) connection: Connection,
    pub(super) key: Arc<Key>,
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        self.connection.id == other.connection.id && looks_same(&self.key, &other.key)
    }
}

/// The row of a key; its title opens it in its connection.
pub(super) fn row(shown: &Shown, on_open: UnsyncCallback<(String, KeyId)>) -> AnyView {
    let Shown { connection, key } = shown;
    let now = key_text::now();
    let standing = Standing::of(key, now);
    let title = key_text::title_or_placeholder(key);
    let name = t::all_open(&title, &connection.name);
    let (opened, id) = (connection.id.clone(), key.id.clone());
    let open = move |_| on_open.run((opened.clone(), id.clone()));
    let (system, place) = ((connection.system.manifest().name)(), connection.name.clone());
    view! {
        <tr role="row" data-state=state_name(standing.state)>
            <th role="rowheader" scope="row" data-label=t::list_column_title()>
                <button type="button" class="row-title" aria-label=name on:click=open>{title.clone()}</button>
            </th>
            <td role="cell" data-label=t::all_field_system()>{system}</td>
            <td role="cell" data-label=t::all_field_connection()>{place}</td>
            <td role="cell" data-label=t::list_column_state()>{state(&standing)}</td>
            <td role="cell" data-label=t::list_column_expires()>{expires(key, now)}</td>
            <td role="cell" data-label=t::list_column_used()>{usage(key, &title)}</td>
            <td role="cell" data-label=t::all_field_owner()>{owner_cell(key)}</td>
        </tr>
    }
    .into_any()
}

fn expires(key: &Key, now: Timestamp) -> AnyView {
    if key.fields.get(FieldId::EXPIRES).is_none() {
        return muted(t::key_not_told());
    }
    let (absolute, relative) = key_text::expires_text(key.expires(), now);
    // A moment is told to the minute in its own list; among days of other systems the day is enough.
    let absolute = match key.expires() {
        Some(Expiry::At(moment)) => key_text::day_text(moment),
        _ => absolute,
    };
    lines(absolute, relative, true)
}

/// A system that does not count has nothing to show here.
fn usage(key: &Key, title: &str) -> AnyView {
    key.used().map_or_else(|| muted(t::all_not_counted()), |used| meter(used, key.limit(), title))
}

fn owner_cell(key: &Key) -> AnyView {
    owner(key).map_or_else(|| muted(t::key_not_told()), reference)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Date, Ended, Value};
    use crate::features::all_keys::address::AllState;
    use crate::systems::System;

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-21T12:00:00Z").unwrap_or(Timestamp(0))
    }

    fn key(id: &str, expires: Option<&str>, used: Option<i64>) -> Key {
        let mut key = Key::new(id);
        key.fields.set(FieldId::TITLE, Value::Text(["Key ", id].concat()));
        key.fields.set(FieldId::EXPIRES, expires.and_then(Date::parse).map_or(Value::Nothing, Value::Day));
        if let Some(used) = used {
            key.fields.set(FieldId::USED, Value::Number(used));
        }
        key
    }

    fn connection(id: &str) -> Connection {
        let (id, name) = (id.to_owned(), ["Connection ", id].concat());
        Connection { id, name, system: System::QUALYS_GATEWAY, base_url: "/".to_owned() }
    }

    /// Ids of what is shown of two connections and a third that is not loaded.
    fn shown(change: impl FnOnce(&mut AllState)) -> String {
        let rows = |keys: Vec<Key>| {
            let keys = keys.into_iter().map(Arc::new).collect();
            Some(Arc::new(Rows { keys, at: now(), complete: true, partial: None }))
        };
        let a = vec![
            key("1", Some("2026-12-01"), Some(5)),
            key("2", None, Some(50)),
            key("3", Some("2026-11-01"), None),
        ];
        let b = vec![key("4", Some("2026-11-21"), Some(7)), key("5", Some("2027-06-01"), None)];
        let connections = [connection("a"), connection("b"), connection("c")];
        let [first, second, third] = &connections;
        let parts = [
            Loaded { connection: first, rows: rows(a.clone()) },
            Loaded { connection: second, rows: rows(b.clone()) },
            Loaded { connection: third, rows: None },
        ];
        let mut state = AllState::default();
        change(&mut state);
        let id = |(part, row): Place| [&a, &b].get(part).and_then(|it| it.get(row)).map(|it| it.id.0.clone());
        let sorted = sorted(&parts, state.column, state.descending, now());
        fitting(&parts, &sorted, &state.query, state.within, now()).into_iter().filter_map(id).collect()
    }

    #[test]
    fn what_ends_first_stands_first_and_what_never_ends_last() {
        assert_eq!(shown(|_| {}), "34152");
        assert_eq!(shown(|it| it.descending = true), "51432");
    }

    #[test]
    fn every_column_has_its_order() {
        let by = |column| shown(|it| it.column = column);
        assert_eq!(by(Column::Title), "12345");
        assert_eq!(by(Column::Connection), "12345");
        assert_eq!(by(Column::State), "12453");
        assert_eq!(by(Column::Used), "14235");
    }

    #[test]
    fn one_query_and_the_days_left_run_over_all_connections() {
        assert_eq!(shown(|it| it.query = "used > 4".to_owned()), "412");
        assert_eq!(shown(|it| it.query = "connection: b".to_owned()), "45");
        assert_eq!(shown(|it| it.within = Some(0)), "4");
        assert_eq!(shown(|it| it.within = Some(10)), "41");
        assert_eq!(shown(|it| it.query = "title: (".to_owned()), "");
    }

    #[test]
    fn what_has_ended_already_does_not_end_soon() {
        let mut key = key("1", Some("2026-12-01"), None);
        assert!(ends_within(&key, 10, now()));
        key.ended = Some(Ended::Revoked);
        assert!(!ends_within(&key, 10, now()));
    }
}
