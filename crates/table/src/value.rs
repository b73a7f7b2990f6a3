//! What stands in a cell, and its form in memory: a byte that says what it is, and the rest.

/// A value, as it is read.
#[derive(Clone)]
pub enum Value<'a> {
    /// It is told that there is nothing.
    Nothing,
    /// A text that is ordered as people order titles.
    Text(&'a str),
    /// A text that is ordered byte by byte.
    Exact(&'a str),
    /// A whole number.
    Number(i64),
    /// No limit.
    Unlimited,
    /// A limit.
    Limit(u64),
    /// Yes or no.
    Flag(bool),
    /// A day: days since 1970-01-01.
    Day(i64),
    /// A moment: milliseconds since 1970-01-01T00:00:00Z.
    Moment(i64),
    /// Several texts.
    Codes(Texts<'a>),
    /// A thing with an id and perhaps a name.
    Ref(&'a str, Option<&'a str>),
    /// Several of them.
    Refs(Pairs<'a>),
}

/// A value on its way into a table. Used again for the next one, it needs no memory of its own.
#[derive(Default)]
pub struct Cell(Vec<u8>);

const NOTHING: u8 = 0;
const TEXT: u8 = 1;
const EXACT: u8 = 2;
const NUMBER: u8 = 3;
const UNLIMITED: u8 = 4;
const LIMIT: u8 = 5;
const FLAG: u8 = 6;
const DAY: u8 = 7;
const MOMENT: u8 = 8;
const CODES: u8 = 9;
const REF: u8 = 10;
const REFS: u8 = 11;

impl Cell {
    /// Nothing.
    pub fn nothing(&mut self) {
        self.start(NOTHING);
    }

    /// A text that is ordered as a title.
    pub fn text(&mut self, text: &str) {
        self.start(TEXT);
        self.0.extend_from_slice(text.as_bytes());
    }

    /// A text that is ordered byte by byte.
    pub fn exact(&mut self, text: &str) {
        self.start(EXACT);
        self.0.extend_from_slice(text.as_bytes());
    }

    /// A whole number.
    pub fn number(&mut self, number: i64) {
        self.eight(NUMBER, number.to_le_bytes());
    }

    /// A limit, or none.
    pub fn limit(&mut self, limit: Option<u64>) {
        match limit {
            Some(limit) => self.eight(LIMIT, limit.to_le_bytes()),
            None => self.start(UNLIMITED),
        }
    }

    /// Yes or no.
    pub fn flag(&mut self, flag: bool) {
        self.start(FLAG);
        self.0.push(u8::from(flag));
    }

    /// A day.
    pub fn day(&mut self, number: i64) {
        self.eight(DAY, number.to_le_bytes());
    }

    /// A moment.
    pub fn moment(&mut self, ms: i64) {
        self.eight(MOMENT, ms.to_le_bytes());
    }

    /// Several texts.
    pub fn codes<'a>(&mut self, codes: impl Iterator<Item = &'a str>) {
        self.start(CODES);
        codes.for_each(|it| self.part(it));
    }

    /// A thing.
    pub fn reference(&mut self, id: &str, name: Option<&str>) {
        self.start(REF);
        self.pair(id, name);
    }

    /// Several things.
    pub fn references<'a>(&mut self, things: impl Iterator<Item = (&'a str, Option<&'a str>)>) {
        self.start(REFS);
        things.for_each(|(id, name)| self.pair(id, name));
    }

    /// The value that was put in last.
    #[must_use]
    pub fn value(&self) -> Value<'_> {
        Value::read(&self.0)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn start(&mut self, tag: u8) {
        self.0.clear();
        self.0.push(tag);
    }

    fn eight(&mut self, tag: u8, bytes: [u8; 8]) {
        self.start(tag);
        self.0.extend_from_slice(&bytes);
    }

    /// A text behind its length. What is longer than 4 GiB does not fit a page of any service.
    fn part(&mut self, text: &str) {
        let len = u32::try_from(text.len()).unwrap_or_default();
        self.0.extend_from_slice(&len.to_le_bytes());
        self.0.extend_from_slice(
            text.as_bytes().get(..usize::try_from(len).unwrap_or_default()).unwrap_or_default(),
        );
    }

    fn pair(&mut self, id: &str, name: Option<&str>) {
        self.part(id);
        self.0.push(u8::from(name.is_some()));
        if let Some(name) = name {
            self.part(name);
        }
    }
}

/// Texts one behind the other.
#[derive(Clone)]
pub struct Texts<'a>(&'a [u8]);

impl<'a> Iterator for Texts<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let (text, rest) = part(self.0)?;
        self.0 = rest;
        Some(text)
    }
}

/// Things one behind the other: the id, and the name if it has one.
#[derive(Clone)]
pub struct Pairs<'a>(&'a [u8]);

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a str, Option<&'a str>);

    fn next(&mut self) -> Option<Self::Item> {
        let (id, rest) = part(self.0)?;
        let (has_name, rest) = rest.split_first()?;
        let (name, rest) = match has_name {
            0 => (None, rest),
            _ => part(rest).map(|(name, rest)| (Some(name), rest))?,
        };
        self.0 = rest;
        Some((id, name))
    }
}

fn part(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (len, rest) = bytes.split_first_chunk::<4>()?;
    let (text, rest) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*len)).ok()?)?;
    Some((utf8(text), rest))
}

/// What was a text when it came in is one.
fn utf8(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

impl<'a> Value<'a> {
    /// The value that a [`Cell`] wrote.
    pub(crate) fn read(bytes: &'a [u8]) -> Self {
        let Some((tag, rest)) = bytes.split_first() else { return Self::Nothing };
        let eight = || rest.first_chunk::<8>().copied().unwrap_or_default();
        match *tag {
            TEXT => Self::Text(utf8(rest)),
            EXACT => Self::Exact(utf8(rest)),
            NUMBER => Self::Number(i64::from_le_bytes(eight())),
            UNLIMITED => Self::Unlimited,
            LIMIT => Self::Limit(u64::from_le_bytes(eight())),
            FLAG => Self::Flag(rest.first() == Some(&1)),
            DAY => Self::Day(i64::from_le_bytes(eight())),
            MOMENT => Self::Moment(i64::from_le_bytes(eight())),
            CODES => Self::Codes(Texts(rest)),
            REF => Pairs(rest).next().map_or(Self::Nothing, |(id, name)| Self::Ref(id, name)),
            REFS => Self::Refs(Pairs(rest)),
            _ => Self::Nothing,
        }
    }
}
