//! Tables against lists of rows, whatever was worked out before and however the rows came.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use table::{Cell, Table, Value, compare};

/// A row: its id, and what its only column holds.
type Row = (String, Option<Held>);

#[derive(Debug, Clone, PartialEq)]
enum Held {
    Nothing,
    Text(String),
    Number(i64),
    Codes(Vec<String>),
    Ref(String, Option<String>),
}

impl Held {
    fn write(&self, cell: &mut Cell) {
        match self {
            Self::Nothing => cell.nothing(),
            Self::Text(it) => cell.text(it),
            Self::Number(it) => cell.number(*it),
            Self::Codes(it) => cell.codes(it.iter().map(String::as_str)),
            Self::Ref(id, name) => cell.reference(id, name.as_deref()),
        }
    }

    fn read(value: Value<'_>) -> Self {
        match value {
            Value::Text(it) => Self::Text(it.to_owned()),
            Value::Number(it) => Self::Number(it),
            Value::Codes(it) => Self::Codes(it.map(str::to_owned).collect()),
            Value::Ref(id, name) => Self::Ref(id.to_owned(), name.map(str::to_owned)),
            _ => Self::Nothing,
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-bA-B _1-2]{0,3}", 1 => "[aäÄİß本٣ ]{0,3}", 1 => "same beginning [a-c]{0,2}"]
}

fn held() -> impl Strategy<Value = Held> {
    prop_oneof![
        1 => Just(Held::Nothing),
        6 => text().prop_map(Held::Text),
        2 => (-3_i64..3).prop_map(Held::Number),
        2 => prop::collection::vec(text(), 0..3).prop_map(Held::Codes),
        2 => (text(), prop::option::of(text())).prop_map(|(id, name)| Held::Ref(id, name)),
    ]
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(("[0-9]{1,3}|[ab]{1,9}", prop::option::weighted(0.8, held())), 0..120)
}

/// What is done between two batches: nothing, a step ahead, or an order.
fn steps() -> impl Strategy<Value = Vec<(prop::sample::Index, u8)>> {
    prop::collection::vec((any::<prop::sample::Index>(), 0_u8..4), 0..6)
}

fn order(table: &mut Table, descending: bool) -> Vec<usize> {
    let rows = usize::try_from(table.len()).unwrap();
    let column = table.column_mut(0).unwrap();
    let ranks: Vec<u64> = column.ranks().into_iter().map(u64::from).collect();
    let keys = column.keys(rows, &ranks).into_iter().map(|it| if descending { !it } else { it }).collect();
    table.order(&[keys]).into_iter().map(|it| usize::try_from(it).unwrap()).collect()
}

proptest! {
    #[test]
    fn a_table_is_a_list_of_rows(rows in rows(), steps in steps()) {
        let mut table = Table::default();
        table.add_column();
        let mut list: Vec<Row> = Vec::new();
        let mut cell = Cell::default();
        let mut stops: BTreeMap<usize, u8> = BTreeMap::new();
        stops.extend(steps.iter().map(|(at, what)| (at.index(rows.len() + 1), *what)));
        for (at, (id, value)) in rows.iter().enumerate() {
            match stops.get(&at) {
                Some(1) => while table.prepare(true) {},
                Some(2) => drop(table.prepare(false)),
                Some(3) => drop(order(&mut table, false)),
                _ => {}
            }
            let place = table.push(id);
            let known = list.iter().position(|(it, _)| it == id);
            prop_assert_eq!(place.is_none(), known.is_some());
            if let Some(place) = place {
                if let Some(value) = value {
                    value.write(&mut cell);
                    table.put(place, 0, &cell);
                }
                list.push((id.clone(), value.clone()));
            }
        }

        for (at, (id, value)) in list.iter().enumerate() {
            let place = u32::try_from(at).unwrap();
            prop_assert_eq!((table.id(place), table.place(id)), (id.as_str(), Some(place)));
            prop_assert_eq!(table.columns()[0].get(place).map(Held::read), value.clone());
        }

        // What is not told is ordered as nothing.
        let mut cells = (Cell::default(), Cell::default());
        let mut by_value = |a: usize, b: usize| {
            list[a].1.as_ref().unwrap_or(&Held::Nothing).write(&mut cells.0);
            list[b].1.as_ref().unwrap_or(&Held::Nothing).write(&mut cells.1);
            compare(cells.0.value(), cells.1.value())
        };
        for descending in [false, true] {
            let mut want: Vec<usize> = (0..list.len()).collect();
            want.sort_by_key(|it| (list[*it].0.len(), list[*it].0.clone()));
            want.sort_by(|a, b| if descending { by_value(*b, *a) } else { by_value(*a, *b) });
            prop_assert_eq!(order(&mut table, descending), want);
        }
    }

    #[test]
    fn places_are_sorted_by_their_keys(keys in prop::collection::vec(
        prop_oneof![any::<u64>(), 0_u64..9, Just(u64::MAX)], 0..200,
    )) {
        let mut places: Vec<u32> = (0..u32::try_from(keys.len()).unwrap()).rev().collect();
        let mut want = places.clone();
        want.sort_by_key(|it| keys[usize::try_from(*it).unwrap()]);
        table::sort(&mut places, &keys);
        prop_assert_eq!(places, want, "those with equal keys stay as they stood");
    }
}

/// More values than are ranked at once.
#[test]
fn many_values_are_ranked_in_steps() {
    let mut table = Table::default();
    table.add_column();
    let mut cell = Cell::default();
    let n = 30_000_u32;
    for at in 0..n {
        let place = table.push(&at.to_string()).unwrap();
        // Each value stands twice, and they come in no order.
        cell.text(&format!("title {:06}", (at * 7_919) % (n / 2)));
        table.put(place, 0, &cell);
    }
    let mut steps = 0;
    while table.prepare(true) {
        steps += 1;
    }
    assert!(steps > 4, "in steps");
    let want: Vec<u32> = (0..n / 2)
        .flat_map(|value| {
            let mut with: Vec<u32> = (0..n).filter(|it| (it * 7_919) % (n / 2) == value).take(2).collect();
            with.sort_unstable();
            with
        })
        .take(200)
        .collect();
    let got: Vec<u32> =
        order(&mut table, false).into_iter().take(200).map(|it| u32::try_from(it).unwrap()).collect();
    assert_eq!(got, want);
}
