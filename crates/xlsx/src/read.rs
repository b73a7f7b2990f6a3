//! The table of a spreadsheet: of its first visible sheet, with headings in the first row.
//!
//! Formulas are not run: a cell has the value that was stored beside its formula.

use std::io::{Cursor, Read as _, copy, sink};

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};
use sheet::{Value, Writer};
use zip::ZipArchive;

use crate::write::{DAY_MS, EPOCH, FIRST_RIGHT};
use crate::{Problem, Refusal};

/// Bytes that are unpacked at most, over all parts.
const MOST_BYTES: u64 = 512 * 1024 * 1024;
/// Parts of a file.
const MOST_PARTS: usize = 2_000;
/// As `src/files/mod.rs` has them.
const MOST_ROWS: u32 = 200_000;
const MOST_COLUMNS: usize = 256;
const MOST_CHARS: usize = 32_767;

/// The table in a spreadsheet, for [`sheet::Reader`].
pub(crate) fn table(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    measure(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|err| problem(&err))?;
    // The number of days between the two calendars that spreadsheets have.
    let shift = if book.has_1904_epoch() { 1_462.0 } else { 0.0 };
    let is_shown =
        |it: &&calamine::Sheet| it.typ == SheetType::WorkSheet && it.visible == SheetVisible::Visible;
    let name = book.sheets_metadata().iter().find(is_shown).map(|it| it.name.clone());
    let name = name.ok_or(Problem::NoHead)?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(|err| problem(&err))?;

    let mut rows = Rows { name: &name, head: Vec::new(), row: Vec::new(), at: 0, out: None };
    while let Some(cell) = cells.next_cell().map_err(|err| problem(&err))? {
        let (row, column) = cell.get_position();
        let text;
        let value = match cell.get_value() {
            DataRef::Empty => continue,
            DataRef::Int(it) => Value::Number(*it as f64),
            DataRef::Float(it) => Value::Number(*it),
            DataRef::Bool(it) => Value::Flag(*it),
            DataRef::DateTime(it) if it.is_duration() => Value::Number(it.as_f64()),
            DataRef::DateTime(it) => moment(it.as_f64() + shift),
            DataRef::String(it) | DataRef::DateTimeIso(it) | DataRef::DurationIso(it) => Value::Text(it),
            DataRef::SharedString(it) => Value::Text(it),
            DataRef::Error(it) => {
                text = it.to_string();
                Value::Text(&text)
            }
        };
        rows.put(row, column, value)?;
    }
    rows.finish()
}

/// Looks at what the parts unpack to, without keeping it: what they say of themselves may be a lie.
fn measure(bytes: &[u8]) -> Result<(), Refusal> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Problem::Damaged)?;
    if zip.len() > MOST_PARTS {
        return Err(Problem::TooLarge.into());
    }
    let mut left = MOST_BYTES;
    for at in 0..zip.len() {
        let part = zip.by_index(at).map_err(|_| Problem::Damaged)?;
        if part.size() > left {
            return Err(Problem::TooLarge.into());
        }
        let size = copy(&mut part.take(left + 1), &mut sink()).map_err(|_| Problem::Damaged)?;
        left = left.checked_sub(size).ok_or(Problem::TooLarge)?;
    }
    Ok(())
}

fn problem(err: &XlsxError) -> Refusal {
    match err {
        XlsxError::Password => Problem::Other.into(),
        _ => Problem::Damaged.into(),
    }
}

/// A day of the spreadsheet's calendar, or a moment of it; a number where it is before the calendar is right.
fn moment(serial: f64) -> Value<'static> {
    if !(FIRST_RIGHT as f64..2_958_466.0).contains(&serial) {
        return Value::Number(serial);
    }
    #[expect(clippy::cast_possible_truncation, reason = "days up to the year 9999 in milliseconds")]
    let ms = ((serial - EPOCH as f64) * DAY_MS as f64).round() as i64;
    match ms.rem_euclid(DAY_MS) {
        0 => Value::Day(ms.div_euclid(DAY_MS)),
        _ => Value::Moment(ms),
    }
}

/// A cell that is kept until its row is complete.
enum Kept {
    Value(Value<'static>),
    Text(String),
}

/// Rows as they come: cells from left to right, rows from top to bottom, gaps in both.
struct Rows<'a> {
    name: &'a str,
    head: Vec<String>,
    /// The row that is being read, and which it is.
    row: Vec<Kept>,
    at: u32,
    /// The table, as soon as the head is there.
    out: Option<Writer>,
}

impl Rows<'_> {
    fn put(&mut self, row: u32, column: u32, value: Value<'_>) -> Result<(), Refusal> {
        let place =
            |problem| Refusal { problem, row: row.saturating_add(1), column: column.saturating_add(1) };
        let width = usize::try_from(column).unwrap_or(usize::MAX);
        if row > MOST_ROWS {
            return Err(place(Problem::TooManyRows));
        }
        if width >= MOST_COLUMNS {
            return Err(place(Problem::TooManyColumns));
        }
        if row < self.at || (row == self.at && width < self.row.len()) {
            return Err(place(Problem::Damaged));
        }
        while self.at < row {
            self.end_row()?;
        }
        if self.at > 0 && width >= self.head.len() {
            return Err(place(Problem::ExtraCell));
        }
        let kept = match value {
            Value::Text(text) if text.encode_utf16().count() > MOST_CHARS => {
                return Err(place(Problem::LongCell));
            }
            Value::Text(text) => Kept::Text(text.to_owned()),
            Value::Empty => Kept::Value(Value::Empty),
            Value::Number(it) => Kept::Value(Value::Number(it)),
            Value::Flag(it) => Kept::Value(Value::Flag(it)),
            Value::Day(it) => Kept::Value(Value::Day(it)),
            Value::Moment(it) => Kept::Value(Value::Moment(it)),
        };
        self.row.resize_with(width, || Kept::Value(Value::Empty));
        self.row.push(kept);
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), Refusal> {
        let row = std::mem::take(&mut self.row);
        if self.at == 0 {
            let heading = |it: &Kept| match it {
                Kept::Text(text) => text.clone(),
                Kept::Value(Value::Number(it)) => it.to_string(),
                Kept::Value(Value::Flag(it)) => it.to_string(),
                Kept::Value(_) => String::new(),
            };
            self.head = row.iter().map(heading).collect();
            if self.head.iter().all(|it| it.trim().is_empty()) {
                return Err(Refusal { problem: Problem::NoHead, row: 1, column: 1 });
            }
            self.out = Some(Writer::new(self.name, &self.head));
        } else if let Some(out) = &mut self.out {
            out.row(row.len());
            for cell in &row {
                out.value(match cell {
                    Kept::Value(value) => *value,
                    Kept::Text(text) => Value::Text(text),
                });
            }
        }
        self.at += 1;
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<u8>, Refusal> {
        if self.at == 0 || !self.row.is_empty() {
            self.end_row()?;
        }
        self.out.map(Writer::finish).ok_or_else(|| Problem::NoHead.into())
    }
}
