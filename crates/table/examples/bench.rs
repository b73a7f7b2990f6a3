//! Times with very many rows: `cargo run --release -p latchkey-table --example bench [ROWS]`.
#![expect(clippy::print_stdout, reason = "it prints its measurements")]

use std::time::Instant;

use table::{Cell, Table, Value};

const TEAMS: [&str; 8] =
    ["Platform", "Retail", "Payments", "Data Science", "Field Service", "HR", "Finance", "SecOps"];
const SITES: [&str; 8] = ["Hamburg", "Zürich", "Lyon", "Singapore", "Austin", "São Paulo", "Osaka", "Leeds"];
const CODES: [&[&str]; 4] = [&["VM"], &["VM", "PA"], &["PM", "VM", "FIM", "PA", "EDR"], &[]];

/// Titles, values that are all different, moments, codes of a few, and persons.
const COLUMNS: [&str; 5] = ["title", "value", "created", "licences", "creator"];

fn main() {
    let rows: u32 = std::env::args().nth(1).and_then(|it| it.parse().ok()).unwrap_or(100_000);
    let mut table = Table::default();
    for _ in COLUMNS {
        table.add_column();
    }
    timed("add all rows", || fill(&mut table, rows));
    println!("{:<40} {:>8.1} MiB", "memory", table.size() as f64 / 1024.0 / 1024.0);

    let (mut longest, mut steps) = (0.0_f64, 0);
    timed("rank everything ahead, in steps", || {
        loop {
            let began = Instant::now();
            if !table.prepare(true) {
                break;
            }
            longest = longest.max(began.elapsed().as_secs_f64() * 1_000.0);
            steps += 1;
        }
    });
    println!("{:<40} {longest:>8.1} ms of {steps}", "  the longest step");
    for (at, name) in COLUMNS.iter().enumerate() {
        for (way, descending) in [("up", false), ("down", true)] {
            timed(&format!("order by {name}, {way}"), || order(&mut table, at, descending));
        }
    }
    for word in ["ham", "hamburg", "zür"] {
        timed(&format!("titles that hold {word}"), || holding(&table, 0, word));
    }
}

fn timed<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let res = run();
    println!("{what:<40} {:>8.1} ms", began.elapsed().as_secs_f64() * 1_000.0);
    res
}

fn fill(table: &mut Table, rows: u32) {
    let mut random = 1_u64;
    let mut next = |below: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % below
    };
    fn pick<T: Copy + Default>(list: &[T], at: u64) -> T {
        usize::try_from(at).ok().and_then(|it| list.get(it)).copied().unwrap_or_default()
    }
    let mut cell = Cell::default();
    for at in 0..rows {
        let Some(place) = table.push(&(1_819_000 + u64::from(at) * 13).to_string()) else { continue };
        let title = format!("{} {} {} #{at}", pick(&TEAMS, next(8)), pick(&SITES, next(8)), 2020 + next(7));
        cell.text(&title);
        table.put(place, 0, &cell);
        cell.exact(&format!("{:016x}-{:016x}", next(u64::MAX), next(u64::MAX)));
        table.put(place, 1, &cell);
        cell.moment(1_795_000_000_000 - i64::try_from(next(200_000_000_000)).unwrap_or(0));
        table.put(place, 2, &cell);
        cell.codes(pick(&CODES, next(4)).iter().copied());
        table.put(place, 3, &cell);
        let person = next(40);
        cell.reference(&format!("demo_{person}"), Some(&format!("Person {person}")));
        table.put(place, 4, &cell);
    }
}

fn order(table: &mut Table, column: usize, descending: bool) -> Vec<u32> {
    let rows = usize::try_from(table.len()).unwrap_or(0);
    let Some(column) = table.column_mut(column) else { return Vec::new() };
    let ranks: Vec<u64> = column.ranks().into_iter().map(u64::from).collect();
    let keys = column.keys(rows, &ranks).into_iter().map(|it| if descending { !it } else { it }).collect();
    table.order(&[keys])
}

fn holding(table: &Table, column: usize, word: &str) -> usize {
    let Some(column) = table.columns().get(column) else { return 0 };
    let holds =
        |value: Option<Value<'_>>| matches!(value, Some(Value::Text(it)) if it.to_lowercase().contains(word));
    let by_code: Vec<bool> = (0..column.count()).map(|it| holds(column.value(it))).collect();
    let mut marks = vec![false; usize::try_from(table.len()).unwrap_or(0)];
    column.mark(&by_code, &mut marks);
    marks.iter().filter(|it| **it).count()
}
