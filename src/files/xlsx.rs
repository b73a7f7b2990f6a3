//! XLSX, read and written by a second WebAssembly module (`crates/xlsx`), which is loaded when it is first needed and
//! gone with its memory when it is done.

use sheet::{Reader, Value};

use super::{Cell, MOST_CHARS, ReadError, ReadProblem, SLICE, Sheet, WriteError};
use crate::domain::{Date, Timestamp};
use crate::platform::clock;
use crate::platform::module::{self, Failure};

/// Writes the table for the module.
pub(super) struct Writer(sheet::Writer);

impl Writer {
    pub(super) fn new(name: &str, head: &[String]) -> Self {
        Self(sheet::Writer::new(name, head))
    }

    /// Adds a row; the number of the column, from 1, whose text no cell of a spreadsheet holds.
    pub(super) fn row(&mut self, cells: &[Cell]) -> Result<(), usize> {
        self.0.row(cells.len());
        for (at, cell) in cells.iter().enumerate() {
            self.put(cell).ok_or(at + 1)?;
        }
        Ok(())
    }

    pub(super) async fn finish(self) -> Result<Vec<u8>, WriteError> {
        module::run(module::Job::Write, self.0.finish()).await.map_err(|failure| match failure {
            Failure::NotLoaded => WriteError::NotLoaded,
            Failure::Refused { .. } | Failure::Broken => WriteError::Broken,
        })
    }

    fn put(&mut self, cell: &Cell) -> Option<()> {
        self.0.value(match cell {
            Cell::Empty => Value::Empty,
            Cell::Number(it) => Value::Number(*it),
            Cell::Flag(it) => Value::Flag(*it),
            Cell::Day(it) => Value::Day(it.day_number()),
            Cell::Moment(it) => Value::Moment(it.0),
            Cell::Text(_) | Cell::List(_) => {
                let text = cell.text();
                if text.encode_utf16().count() > MOST_CHARS {
                    return None;
                }
                self.0.value(Value::Text(&text));
                return Some(());
            }
        });
        Some(())
    }
}

pub(super) async fn read(bytes: Vec<u8>) -> Result<Sheet, ReadError> {
    let bytes = module::run(module::Job::Read, bytes).await.map_err(|failure| match failure {
        Failure::NotLoaded => ReadError::whole(ReadProblem::NotLoaded),
        Failure::Refused { code, row, column } => ReadError::at(problem(code), row, column),
        Failure::Broken => ReadError::whole(ReadProblem::Damaged),
    })?;
    let mut reader = Reader::new(&bytes);
    let mut res = head(&mut reader).ok_or_else(|| ReadError::whole(ReadProblem::Damaged))?;
    check(&res.head)?;
    while !reader.is_done() {
        if res.rows.len().is_multiple_of(SLICE) {
            clock::sleep(0).await;
        }
        let row = row(&mut reader).ok_or_else(|| ReadError::whole(ReadProblem::Damaged))?;
        res.rows.push(row);
    }
    Ok(res)
}

/// The reasons of the module (`crates/xlsx`, `Problem`).
fn problem(code: u32) -> ReadProblem {
    match code {
        2 => ReadProblem::OtherSpreadsheet,
        3 => ReadProblem::TooManyRows,
        4 => ReadProblem::TooManyColumns,
        5 => ReadProblem::LongCell,
        6 => ReadProblem::TooLarge,
        7 => ReadProblem::NoHead,
        8 => ReadProblem::ExtraCell,
        _ => ReadProblem::Damaged,
    }
}

fn check(head: &[String]) -> Result<(), ReadError> {
    for (at, name) in head.iter().enumerate() {
        if !name.is_empty() && head.iter().take(at).any(|it| it == name) {
            return Err(ReadError::at(ReadProblem::DoubleHead(name.clone()), 1, at + 1));
        }
    }
    Ok(())
}

fn head(reader: &mut Reader<'_>) -> Option<Sheet> {
    let name = reader.text()?.to_owned();
    let count = reader.count()?;
    let mut head = Vec::with_capacity(count);
    for _ in 0..count {
        head.push(reader.text()?.trim().to_owned());
    }
    Some(Sheet { name, head, rows: Vec::new() })
}

fn row(reader: &mut Reader<'_>) -> Option<Vec<Cell>> {
    let count = reader.count()?;
    let mut res = Vec::with_capacity(count);
    for _ in 0..count {
        res.push(match reader.value()? {
            Value::Empty => Cell::Empty,
            Value::Text(it) => Cell::Text(it.to_owned()),
            Value::Number(it) => Cell::Number(it),
            Value::Flag(it) => Cell::Flag(it),
            Value::Day(it) => Cell::Day(Date::from_day_number(it)?),
            Value::Moment(it) => Cell::Moment(Timestamp(it)),
        });
    }
    Some(res)
}
