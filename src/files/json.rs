//! JSON: a list of records, each with its fields by name. A field that tells nothing is left out.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::{Cell, MOST_CHARS, MOST_COLUMNS, MOST_ROWS, ReadError, ReadProblem, Sheet};

/// A table as a file.
#[must_use]
pub fn write(sheet: &Sheet) -> Vec<u8> {
    let mut writer = Writer::new(&sheet.head);
    sheet.rows.iter().for_each(|it| writer.row(it));
    writer.finish()
}

/// Writes record after record, each on a line.
pub struct Writer {
    out: String,
    head: Vec<String>,
    is_first: bool,
}

impl Writer {
    /// Starts the list.
    #[must_use]
    pub fn new(head: &[String]) -> Self {
        Self { out: "[".to_owned(), head: head.iter().map(|it| quoted(it)).collect(), is_first: true }
    }

    /// Writes a record.
    pub fn row(&mut self, cells: &[Cell]) {
        self.out.push_str(if self.is_first { "\n{" } else { ",\n{" });
        self.is_first = false;
        let mut divider = "";
        for (name, cell) in self.head.iter().zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            for part in [divider, name, ": "] {
                self.out.push_str(part);
            }
            match cell {
                Cell::Number(_) | Cell::Flag(_) => self.out.push_str(&cell.text()),
                Cell::List(items) => {
                    let items: Vec<String> = items.iter().map(|it| quoted(it)).collect();
                    for part in ["[", &items.join(", "), "]"] {
                        self.out.push_str(part);
                    }
                }
                _ => self.out.push_str(&quoted(&cell.text())),
            }
            divider = ", ";
        }
        self.out.push('}');
    }

    /// The file.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        self.out.push_str("\n]\n");
        self.out.into_bytes()
    }
}

/// The table in a text. Fields become columns in the order in which records first name them.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn read(text: &str) -> Result<Sheet, ReadError> {
    let mut table = Table::default();
    let mut reader = serde_json::Deserializer::from_str(text);
    let res = Records(&mut table).deserialize(&mut reader).and_then(|()| reader.end());
    match res {
        Ok(()) if table.sheet.head.is_empty() => Err(ReadError::whole(ReadProblem::NoHead)),
        Ok(()) => Ok(table.sheet),
        Err(err) => {
            let problem = table.problem.take().unwrap_or(match err.classify() {
                serde_json::error::Category::Data => ReadProblem::NotRecords,
                _ => ReadProblem::NotJson,
            });
            Err(ReadError::at(problem, err.line(), err.column()))
        }
    }
}

fn quoted(text: &str) -> String {
    // Writing a text to memory cannot fail.
    serde_json::to_string(text).unwrap_or_default()
}

/// The table as far as it was read.
#[derive(Default)]
struct Table {
    sheet: Sheet,
    places: BTreeMap<String, usize>,
    /// What stopped the reader, where it was us.
    problem: Option<ReadProblem>,
}

impl Table {
    fn stop<E: serde::de::Error>(&mut self, problem: ReadProblem) -> E {
        self.problem = Some(problem);
        E::custom("")
    }
}

struct Records<'a>(&'a mut Table);

impl<'de> DeserializeSeed<'de> for Records<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Records<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Record(self.0))?.is_some() {}
        Ok(())
    }
}

struct Record<'a>(&'a mut Table);

impl<'de> DeserializeSeed<'de> for Record<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Record<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let table = self.0;
        if table.sheet.rows.len() >= MOST_ROWS {
            return Err(table.stop(ReadProblem::TooManyRows));
        }
        let mut row: Vec<Cell> = Vec::new();
        let mut named: Vec<usize> = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            let place = match table.places.get(&name) {
                Some(place) => *place,
                None if table.sheet.head.len() >= MOST_COLUMNS => {
                    return Err(table.stop(ReadProblem::TooManyColumns));
                }
                None => {
                    let place = table.sheet.head.len();
                    table.places.insert(name.clone(), place);
                    table.sheet.head.push(name.clone());
                    place
                }
            };
            if named.contains(&place) {
                return Err(table.stop(ReadProblem::DoubleHead(name)));
            }
            named.push(place);
            let cell = match map.next_value::<Field>()? {
                Field::Cell(cell) => cell,
                Field::Nested => return Err(table.stop(ReadProblem::Nested(name))),
                Field::Long => return Err(table.stop(ReadProblem::LongCell)),
            };
            if row.len() <= place {
                row.resize(place + 1, Cell::Empty);
            }
            if let Some(slot) = row.get_mut(place) {
                *slot = cell;
            }
        }
        table.sheet.rows.push(row);
        Ok(())
    }
}

/// What a record has in a field.
enum Field {
    Cell(Cell),
    /// Another record, or a list of lists.
    Nested,
    /// More characters than are read.
    Long,
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = serde_json::Value::deserialize(deserializer)?;
        let is_long = |text: &str| text.chars().count() > MOST_CHARS;
        Ok(Self::Cell(match json {
            serde_json::Value::Null => Cell::Empty,
            serde_json::Value::Bool(it) => Cell::Flag(it),
            serde_json::Value::Number(it) => number(&it).ok_or_else(|| D::Error::custom("number"))?,
            serde_json::Value::String(it) if is_long(&it) => return Ok(Self::Long),
            serde_json::Value::String(it) => Cell::Text(it),
            serde_json::Value::Object(_) => return Ok(Self::Nested),
            serde_json::Value::Array(items) => {
                let mut res = Vec::with_capacity(items.len());
                for item in items {
                    match item {
                        serde_json::Value::String(it) if is_long(&it) => return Ok(Self::Long),
                        serde_json::Value::String(it) => res.push(it),
                        serde_json::Value::Number(it) => res.push(it.to_string()),
                        _ => return Ok(Self::Nested),
                    }
                }
                Cell::List(res)
            }
        }))
    }
}

/// A number; as text where a cell's number could not hold it exactly.
fn number(it: &serde_json::Number) -> Option<Cell> {
    const EXACT: u64 = 1 << 53;
    let is_exact = it.as_i64().map_or(it.as_u64().is_none(), |it| it.unsigned_abs() <= EXACT);
    if is_exact { it.as_f64().map(Cell::Number) } else { Some(Cell::Text(it.to_string())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Result<Vec<Vec<String>>, ReadError> {
        read(text).map(|it| {
            let rows = it.rows.iter().map(|row| row.iter().map(|it| it.text().into_owned()).collect());
            std::iter::once(it.head.clone()).chain(rows).collect()
        })
    }

    #[test]
    fn records_become_rows_in_the_order_of_their_names() {
        let read = texts(r#"[{"b": 1, "a": null}, {}, {"c": ["x", 7], "b": true, "a": 9007199254740993}]"#);
        let expected: Vec<Vec<&str>> =
            vec![vec!["b", "a", "c"], vec!["1", ""], vec![], vec!["true", "9007199254740993", "x; 7"]];
        assert_eq!(
            read,
            Ok(expected.into_iter().map(|row| row.into_iter().map(str::to_owned).collect()).collect())
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let check = |text: &str, problem, line| {
            let err = read(text).err();
            assert_eq!(err.map(|it| (it.problem, it.line)), Some((problem, line)), "{text}");
        };
        check("[{\"a\": 1},\n x]", ReadProblem::NotJson, 2);
        check("[{\"a\": 1}", ReadProblem::NotJson, 1);
        check("[{\"a\": 1}] 2", ReadProblem::NotJson, 1);
        check("{\"a\": 1}", ReadProblem::NotRecords, 1);
        check("[\n\n7]", ReadProblem::NotRecords, 3);
        check("[]", ReadProblem::NoHead, 0);
        check("[{\"a\": {\"b\": 1}}]", ReadProblem::Nested("a".to_owned()), 1);
        check("[{\"a\": 1, \"a\": 2}]", ReadProblem::DoubleHead("a".to_owned()), 1);
        check(&["[{\"a\":", &"[".repeat(5_000)].concat(), ReadProblem::NotJson, 1);
        let long = ["[{\"a\": \"", &"x".repeat(MOST_CHARS + 1), "\"}]"].concat();
        check(&long, ReadProblem::LongCell, 1);
    }

    #[test]
    fn records_are_written_without_what_they_do_not_tell() {
        let sheet = Sheet {
            name: String::new(),
            head: vec!["a\"".to_owned(), "b".to_owned()],
            rows: vec![
                vec![Cell::Empty, Cell::List(vec!["x".to_owned(), "y".to_owned()])],
                vec![Cell::Text("=1".to_owned()), Cell::Number(-1.5)],
            ],
        };
        let text = String::from_utf8(write(&sheet)).unwrap_or_default();
        assert_eq!(text, "[\n{\"b\": [\"x\", \"y\"]},\n{\"a\\\"\": \"=1\", \"b\": -1.5}\n]\n");
        assert_eq!(read(&text).map(|it| it.rows.len()), Ok(2));
    }
}
