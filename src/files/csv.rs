//! CSV: lines of cells (RFC 4180). By hand: the format is small, and the common crate would add as much again as all
//! kinds of files together.
//!
//! Written with commas, as UTF-8 with the mark that makes spreadsheets read it so, and with line ends of two
//! characters. Read with commas, semicolons or tabs, whichever the head has, and with any line end.

use super::guard::{is_formula, unguarded};
use super::text::place_after;
use super::{Cell, MOST_CHARS, MOST_COLUMNS, MOST_ROWS, ReadError, ReadProblem, Sheet};

/// What may divide cells; the first of those that are equally frequent.
const DIVIDERS: [char; 3] = [',', ';', '\t'];

/// A table as a file.
#[must_use]
pub fn write(sheet: &Sheet) -> Vec<u8> {
    let mut writer = Writer::new(&sheet.head);
    sheet.rows.iter().for_each(|it| writer.row(it));
    writer.finish()
}

/// The table in a text.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn read(text: &str) -> Result<Sheet, ReadError> {
    let mut reader = Reader::new(text)?;
    while reader.read_rows(usize::MAX)? {}
    Ok(reader.finish())
}

/// Writes row after row.
pub struct Writer {
    out: String,
    width: usize,
}

impl Writer {
    /// Writes the head.
    #[must_use]
    pub fn new(head: &[String]) -> Self {
        let mut res = Self { out: "\u{feff}".to_owned(), width: head.len() };
        for (at, name) in head.iter().enumerate() {
            res.cell(at, name, true);
        }
        res.out.push_str("\r\n");
        res
    }

    /// Writes a row, with as many cells as the head has.
    pub fn row(&mut self, cells: &[Cell]) {
        for at in 0..self.width {
            let cell = cells.get(at).unwrap_or(&Cell::Empty);
            self.cell(at, &cell.text(), matches!(cell, Cell::Text(_) | Cell::List(_)));
        }
        self.out.push_str("\r\n");
    }

    /// The file.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.out.into_bytes()
    }

    fn cell(&mut self, at: usize, text: &str, is_text: bool) {
        if at > 0 {
            self.out.push(',');
        }
        let mark = if is_text && is_formula(text) { "'" } else { "" };
        // A blank cell in quotes, where a line of it alone would be no line.
        let quote = text.contains([',', ';', '\t', '"', '\r', '\n'])
            || text.starts_with(char::is_whitespace)
            || text.ends_with(char::is_whitespace)
            || (text.is_empty() && self.width == 1)
            || (at == 0 && text.starts_with("sep="));
        if !quote {
            self.out.push_str(mark);
            return self.out.push_str(text);
        }
        self.out.push('"');
        self.out.push_str(mark);
        for (nth, part) in text.split('"').enumerate() {
            if nth > 0 {
                self.out.push_str("\"\"");
            }
            self.out.push_str(part);
        }
        self.out.push('"');
    }
}

/// Reads row after row, so that a page can do other things in between.
pub struct Reader<'a> {
    text: &'a str,
    /// What was not read yet.
    rest: &'a str,
    divider: char,
    sheet: Sheet,
}

/// What ended a cell.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Divider,
    Line,
    File,
}

impl<'a> Reader<'a> {
    /// Reads the head.
    ///
    /// # Errors
    /// If there is none, or one that has a heading twice.
    pub fn new(text: &'a str) -> Result<Self, ReadError> {
        let (divider, start) = divider(text);
        let mut res = Self { text, rest: start, divider, sheet: Sheet::default() };
        let mut head: Vec<String> =
            res.line()?.unwrap_or_default().into_iter().map(|it| it.text().trim().to_owned()).collect();
        // Spreadsheets write dividers for columns that were used once.
        while head.last().is_some_and(String::is_empty) {
            head.pop();
        }
        if head.is_empty() {
            return Err(ReadError::at(ReadProblem::NoHead, 1, 1));
        }
        for (at, name) in head.iter().enumerate() {
            if !name.is_empty() && head.iter().take(at).any(|it| it == name) {
                return Err(ReadError::at(ReadProblem::DoubleHead(name.clone()), 1, 0));
            }
        }
        res.sheet.head = head;
        Ok(res)
    }

    /// Reads so many rows. Whether there may be more.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn read_rows(&mut self, count: usize) -> Result<bool, ReadError> {
        for _ in 0..count {
            let before = self.rest.trim_start_matches(['\r', '\n']);
            let Some(mut row) = self.line()? else { return Ok(false) };
            if self.sheet.rows.len() >= MOST_ROWS {
                return Err(self.error(ReadProblem::TooManyRows, before));
            }
            while row.len() > self.sheet.head.len() && row.last().is_some_and(Cell::is_empty) {
                row.pop();
            }
            if row.len() > self.sheet.head.len() {
                let (line, _) = place_after(self.behind(before));
                return Err(ReadError::at(ReadProblem::ExtraCell, line, 0));
            }
            self.sheet.rows.push(row);
        }
        Ok(true)
    }

    /// The table.
    #[must_use]
    pub fn finish(self) -> Sheet {
        self.sheet
    }

    /// The cells of the next line that is not blank; `None` behind the last.
    fn line(&mut self) -> Result<Option<Vec<Cell>>, ReadError> {
        self.rest = self.rest.trim_start_matches(['\r', '\n']);
        if self.rest.is_empty() {
            return Ok(None);
        }
        let mut res = Vec::new();
        loop {
            let before = self.rest;
            let (text, end) = self.cell()?;
            if text.chars().count() > MOST_CHARS {
                return Err(self.error(ReadProblem::LongCell, before));
            }
            if res.len() >= MOST_COLUMNS {
                return Err(self.error(ReadProblem::TooManyColumns, before));
            }
            res.push(match unguarded(&text) {
                "" => Cell::Empty,
                text => Cell::Text(text.to_owned()),
            });
            if end != End::Divider {
                return Ok(Some(res));
            }
        }
    }

    /// The next cell and what ended it, which is read too.
    fn cell(&mut self) -> Result<(String, End), ReadError> {
        let open = self.rest;
        let Some(quoted) = open.strip_prefix('"') else {
            let end = open.find([self.divider, '\r', '\n']).unwrap_or(open.len());
            let (text, rest) = open.split_at_checked(end).unwrap_or((open, ""));
            self.rest = rest;
            return Ok((text.to_owned(), self.end().unwrap_or(End::File)));
        };
        let mut res = String::new();
        let mut rest = quoted;
        loop {
            let Some((part, after)) = rest.split_once('"') else {
                return Err(self.error(ReadProblem::OpenQuote, open));
            };
            res.push_str(part);
            match after.strip_prefix('"') {
                Some(after) => {
                    res.push('"');
                    rest = after;
                }
                None => {
                    self.rest = after;
                    let Some(end) = self.end() else {
                        return Err(self.error(ReadProblem::AfterQuote, after));
                    };
                    return Ok((res, end));
                }
            }
        }
    }

    /// Reads what ends a cell; `None` where something else stands.
    fn end(&mut self) -> Option<End> {
        if self.rest.is_empty() {
            return Some(End::File);
        }
        if let Some(rest) = self.rest.strip_prefix(self.divider) {
            self.rest = rest;
            return Some(End::Divider);
        }
        let rest = self.rest.strip_prefix("\r\n").or_else(|| self.rest.strip_prefix(['\r', '\n']))?;
        self.rest = rest;
        Some(End::Line)
    }

    fn error(&self, problem: ReadProblem, at: &str) -> ReadError {
        let (line, column) = place_after(self.behind(at));
        ReadError::at(problem, line, column)
    }

    /// What stands before a rest of the text.
    fn behind(&self, rest: &str) -> &'a str {
        self.text.get(..self.text.len() - rest.len()).unwrap_or_default()
    }
}

/// What divides cells, and where the head starts. A spreadsheet may say it in a line before the head: `sep=;`.
fn divider(text: &str) -> (char, &str) {
    let start = text.trim_start_matches(['\r', '\n']);
    if let Some(said) = start.strip_prefix("sep=")
        && let Some(divider) = said.chars().next().filter(|it| DIVIDERS.contains(it))
        && let Some(rest) = said.get(1..)
        && rest.starts_with(['\r', '\n'])
    {
        return (divider, rest);
    }
    let mut counts = [0_usize; DIVIDERS.len()];
    let mut is_quoted = false;
    for it in start.chars() {
        match it {
            '"' => is_quoted = !is_quoted,
            '\r' | '\n' if !is_quoted => break,
            _ if is_quoted => {}
            _ => {
                for (count, _) in counts.iter_mut().zip(DIVIDERS).filter(|(_, divider)| *divider == it) {
                    *count += 1;
                }
            }
        }
    }
    let most = counts.iter().max().copied().unwrap_or_default();
    let best = counts.iter().zip(DIVIDERS).find(|(count, _)| **count == most);
    (best.map_or(',', |(_, divider)| divider), start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&[&str]]) {
        let sheet = read(text).map(|it| {
            let rows = it.rows.iter().map(|row| row.iter().map(|it| it.text().into_owned()).collect());
            std::iter::once(it.head.clone()).chain(rows).collect::<Vec<Vec<String>>>()
        });
        let expected: Vec<Vec<String>> =
            expected.iter().map(|row| row.iter().map(|it| (*it).to_owned()).collect()).collect();
        assert_eq!(sheet, Ok(expected), "{text:?}");
    }

    #[track_caller]
    fn refused(text: &str, problem: ReadProblem, line: usize, column: usize) {
        assert_eq!(read(text), Err(ReadError { problem, line, column }), "{text:?}");
    }

    #[test]
    fn files_of_every_program_are_read() {
        check("a,b\r\n1,2\r\n", &[&["a", "b"], &["1", "2"]]);
        check("a;b\n1,5;2\n\n", &[&["a", "b"], &["1,5", "2"]]);
        check("a\tb\r1\t2", &[&["a", "b"], &["1", "2"]]);
        check("sep=;\r\na;b,c\r\n1;2\r\n", &[&["a", "b,c"], &["1", "2"]]);
        check("\"a,x\";b\n1;2", &[&["a,x", "b"], &["1", "2"]]);
        check("a,b,,\n1,2,,\n1\n", &[&["a", "b"], &["1", "2"], &["1"]]);
        check("a\n\"x\r\n\"\"y\"\"\"\n", &[&["a"], &["x\r\n\"y\""]]);
        check("a,b\n\"\",\n", &[&["a", "b"], &["", ""]]);
        check("a\n'=1\n''=1\n'x\n", &[&["a"], &["=1"], &["'=1"], &["'x"]]);
        check(" a , b\n", &[&["a", "b"]]);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        refused("", ReadProblem::NoHead, 1, 1);
        refused("\n,,\n", ReadProblem::NoHead, 1, 1);
        refused("a,b\n1,\"x\n\n", ReadProblem::OpenQuote, 2, 3);
        refused("a,b\r\n\r\nü,\"x\"y\r\n", ReadProblem::AfterQuote, 3, 6);
        refused("a,b\n\"1\n2\",3,4\n", ReadProblem::ExtraCell, 2, 0);
        refused("a,b,a\n", ReadProblem::DoubleHead("a".to_owned()), 1, 0);
        refused(&["a\n", &"x".repeat(MOST_CHARS + 1)].concat(), ReadProblem::LongCell, 2, 1);
        refused(&["a", &",a".repeat(MOST_COLUMNS)].concat(), ReadProblem::TooManyColumns, 1, 513);
    }

    #[test]
    fn formulas_are_written_as_texts_and_numbers_as_numbers() {
        let sheet = Sheet {
            head: vec!["=a".to_owned(), "b".to_owned()],
            rows: vec![vec![Cell::Text("=HYPERLINK(\"x\")".to_owned()), Cell::Number(-5.0)]],
            ..Sheet::default()
        };
        let text = String::from_utf8(write(&sheet)).unwrap_or_default();
        assert_eq!(text, "\u{feff}'=a,b\r\n\"'=HYPERLINK(\"\"x\"\")\",-5\r\n");
    }

    #[test]
    fn a_line_end_behind_the_last_row_is_no_row() {
        for text in ["a\n1", "a\n1\n", "a\r\n1\r\n\r\n"] {
            assert_eq!(read(text).map(|it| it.rows.len()), Ok(1), "{text:?}");
        }
    }
}
