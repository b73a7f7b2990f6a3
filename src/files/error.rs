//! What can be wrong with a file, as data; the words for it are those of whoever shows it.

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// What is wrong.
    pub problem: ReadProblem,
    /// The line it is at, from 1; in a spreadsheet the row. 0 where it is about the whole file.
    pub line: usize,
    /// The character of that line, from 1; in a spreadsheet the column. 0 where it is about the whole line.
    pub column: usize,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadProblem {
    /// Neither CSV nor JSON nor XLSX.
    UnknownKind,
    /// A spreadsheet of another kind: `.xls`, `.ods`, or one with a password.
    OtherSpreadsheet,
    /// More bytes than are read.
    TooLarge,
    /// More rows than are read.
    TooManyRows,
    /// More columns than are read.
    TooManyColumns,
    /// A cell with more characters than are read.
    LongCell,
    /// Bytes that are no text in UTF-8 or UTF-16.
    NotText,
    /// No row of headings.
    NoHead,
    /// The same heading twice.
    DoubleHead(String),
    /// More cells than headings.
    ExtraCell,
    /// A quote that is not closed.
    OpenQuote,
    /// Text right after a closing quote.
    AfterQuote,
    /// Not JSON.
    NotJson,
    /// JSON, and no list of records.
    NotRecords,
    /// A record within a field of a record.
    Nested(String),
    /// Broken, or made to look larger than it is.
    Damaged,
    /// Reading spreadsheets needs a part of the program that did not come.
    NotLoaded,
}

impl ReadError {
    /// About the whole file.
    #[must_use]
    pub fn whole(problem: ReadProblem) -> Self {
        Self { problem, line: 0, column: 0 }
    }

    /// At a place.
    #[must_use]
    pub fn at(problem: ReadProblem, line: usize, column: usize) -> Self {
        Self { problem, line, column }
    }
}

/// Why a file could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// More rows than a file may have.
    TooManyRows,
    /// A text is longer than a spreadsheet's cell: row from 1, column from 1.
    LongCell(usize, usize),
    /// Writing spreadsheets needs a part of the program that did not come.
    NotLoaded,
    /// That part broke off, most likely for want of memory.
    Broken,
}
