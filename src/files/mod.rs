//! Tables as files: CSV, JSON and XLSX, written and read.
//!
//! What is written reads back as the very same texts, and no text of it runs as a formula where the file is opened
//! (`guard.rs`). What is read is untrusted: bounded ([`MOST_BYTES`], [`MOST_ROWS`] …), and refused with the place of
//! the first thing that is wrong.
//!
//! Architecture invariant: knows no key and no screen; text and bytes in, text and bytes out.

mod cell;
pub mod csv;
mod error;
pub mod guard;
pub mod json;
mod kind;
pub mod list;
mod text;
mod xlsx;

use crate::platform::clock;

pub use self::cell::{Cell, Sheet};
pub use self::error::{ReadError, ReadProblem, WriteError};
pub use self::kind::Kind;

/// Bytes of a file that are read at most.
pub const MOST_BYTES: usize = 64 * 1024 * 1024;

/// Rows of a table that are read and written at most, its head aside.
pub const MOST_ROWS: usize = 200_000;

/// Columns of a table that are read at most.
pub const MOST_COLUMNS: usize = 256;

/// Characters of a cell that are read at most, and written to a spreadsheet: as many as one takes.
pub const MOST_CHARS: usize = 32_767;

/// Rows that are read or written in one go; then the page may draw and answer.
const SLICE: usize = 2_000;

/// Reads a table from a file, whose kind its first bytes and its name tell.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub async fn read(name: &str, bytes: Vec<u8>) -> Result<Sheet, ReadError> {
    if bytes.len() > MOST_BYTES {
        return Err(ReadError::whole(ReadProblem::TooLarge));
    }
    let kind = Kind::of(name, &bytes)?;
    if kind == Kind::Xlsx {
        return xlsx::read(bytes).await;
    }
    let text = text::decode(&bytes)?;
    if kind == Kind::Json {
        return json::read(&text);
    }
    let mut reader = csv::Reader::new(&text)?;
    while reader.read_rows(SLICE)? {
        clock::sleep(0).await;
    }
    Ok(reader.finish())
}

/// Writes a table as a file of a kind.
///
/// # Errors
/// What the kind of file cannot hold, and whatever keeps the part of the program that writes spreadsheets away.
pub async fn write(kind: Kind, sheet: &Sheet) -> Result<Vec<u8>, WriteError> {
    let mut output = Output::new(kind, &sheet.name, &sheet.head);
    for rows in sheet.rows.chunks(SLICE) {
        rows.iter().try_for_each(|it| output.row(it))?;
        clock::sleep(0).await;
    }
    output.finish().await
}

/// A file that is written row after row, so that a long table need not stand in memory beside it.
pub struct Output {
    n_rows: usize,
    form: Form,
}

enum Form {
    Csv(csv::Writer),
    Json(json::Writer),
    Xlsx(xlsx::Writer),
}

impl Output {
    /// Starts a file of a kind, with its head.
    #[must_use]
    pub fn new(kind: Kind, name: &str, head: &[String]) -> Self {
        let form = match kind {
            Kind::Csv => Form::Csv(csv::Writer::new(head)),
            Kind::Json => Form::Json(json::Writer::new(head)),
            Kind::Xlsx => Form::Xlsx(xlsx::Writer::new(name, head)),
        };
        Self { n_rows: 0, form }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// If there are too many, or the kind of file cannot hold one of the cells.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), WriteError> {
        self.n_rows += 1;
        if self.n_rows > MOST_ROWS {
            return Err(WriteError::TooManyRows);
        }
        match &mut self.form {
            Form::Csv(writer) => writer.row(cells),
            Form::Json(writer) => writer.row(cells),
            Form::Xlsx(writer) => {
                writer.row(cells).map_err(|column| WriteError::LongCell(self.n_rows, column))?;
            }
        }
        Ok(())
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// If the part of the program that writes spreadsheets did not come, or broke off.
    pub async fn finish(self) -> Result<Vec<u8>, WriteError> {
        match self.form {
            Form::Csv(writer) => Ok(writer.finish()),
            Form::Json(writer) => Ok(writer.finish()),
            Form::Xlsx(writer) => writer.finish().await,
        }
    }
}

#[cfg(test)]
mod tests;
