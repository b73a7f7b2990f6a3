//! A table as bytes, on its way between the console and the module that reads and writes spreadsheets.
//!
//! Both sides are of one build, so there is no version in it. The reader trusts nothing all the same: whatever the
//! bytes are, it gives values or stops, and never takes more memory than they have.
//!
//! The name of the table, the number of its columns, their headings; then, until the bytes end, the number of cells of
//! a row and these cells. Numbers are little-endian; a text has the number of its bytes before it.

/// What stands in a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Empty,
    /// Text.
    Text(&'a str),
    /// A number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// A day: days since 1970-01-01.
    Day(i64),
    /// A moment: milliseconds since 1970-01-01T00:00:00Z.
    Moment(i64),
}

/// Writes a table.
pub struct Writer(Vec<u8>);

impl Writer {
    /// Writes the name and the headings.
    #[must_use]
    pub fn new(name: &str, head: &[String]) -> Self {
        let mut res = Self(Vec::new());
        res.text(name);
        res.count(head.len());
        for it in head {
            res.text(it);
        }
        res
    }

    /// Starts a row of so many cells.
    pub fn row(&mut self, cells: usize) {
        self.count(cells);
    }

    /// Writes a cell.
    pub fn value(&mut self, value: Value<'_>) {
        match value {
            Value::Empty => self.0.push(0),
            Value::Text(it) => {
                self.0.push(1);
                self.text(it);
            }
            Value::Number(it) => self.tagged(2, it.to_le_bytes()),
            Value::Flag(it) => self.0.push(if it { 4 } else { 3 }),
            Value::Day(it) => self.tagged(5, it.to_le_bytes()),
            Value::Moment(it) => self.tagged(6, it.to_le_bytes()),
        }
    }

    /// The bytes.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    fn tagged(&mut self, tag: u8, bytes: [u8; 8]) {
        self.0.push(tag);
        self.0.extend(bytes);
    }

    fn text(&mut self, it: &str) {
        self.count(it.len());
        self.0.extend(it.as_bytes());
    }

    /// No table in a browser has 2^32 of anything.
    fn count(&mut self, it: usize) {
        self.0.extend(u32::try_from(it).unwrap_or(u32::MAX).to_le_bytes());
    }
}

/// Reads a table. Every step is `None` where the bytes are no table.
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// A reader of bytes.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether all was read.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads a name or a heading.
    pub fn text(&mut self) -> Option<&'a str> {
        let len = self.count()?;
        let (text, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }

    /// Reads a number of columns or cells. Each has at least a byte, so more than there are bytes are none.
    pub fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(u32::from_le_bytes(self.bytes()?)).ok()?;
        (count <= self.0.len()).then_some(count)
    }

    /// Reads a cell.
    pub fn value(&mut self) -> Option<Value<'a>> {
        let [tag] = self.bytes()?;
        Some(match tag {
            0 => Value::Empty,
            1 => Value::Text(self.text()?),
            2 => Value::Number(f64::from_le_bytes(self.bytes()?)),
            3 => Value::Flag(false),
            4 => Value::Flag(true),
            5 => Value::Day(i64::from_le_bytes(self.bytes()?)),
            6 => Value::Moment(i64::from_le_bytes(self.bytes()?)),
            _ => return None,
        })
    }

    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_comes_out_as_it_went_in() {
        let values = [
            Value::Empty,
            Value::Text("Büro"),
            Value::Number(-1.5),
            Value::Flag(true),
            Value::Flag(false),
            Value::Day(-1),
            Value::Moment(1_700_000_000_123),
        ];
        let mut writer = Writer::new("keys", &["a".to_owned(), String::new()]);
        writer.row(values.len());
        values.iter().for_each(|it| writer.value(*it));
        let bytes = writer.finish();

        let mut reader = Reader::new(&bytes);
        assert_eq!((reader.text(), reader.count()), (Some("keys"), Some(2)));
        assert_eq!((reader.text(), reader.text(), reader.count()), (Some("a"), Some(""), Some(values.len())));
        for it in values {
            assert_eq!(reader.value(), Some(it));
        }
        assert!(reader.is_done() && reader.value().is_none());
    }

    #[test]
    fn no_bytes_ask_for_more_memory_than_they_have() {
        assert_eq!(Reader::new(&[255, 255, 255, 255, 0]).count(), None);
        assert_eq!(Reader::new(&[1, 9, 0, 0, 0, b'a']).value(), None);
        assert_eq!(Reader::new(&[1, 1, 0, 0, 0, 0xFF]).value(), None);
        assert_eq!(Reader::new(&[7]).value(), None);
        assert_eq!(Reader::new(&[1, 2, 3]).count(), None);
    }
}
