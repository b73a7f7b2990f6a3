//! Which fields a query can name, and who answers for each. The caller gives it; this crate knows no field.

use alloc::vec::Vec;

/// The fields of one kind of record.
#[derive(Debug, Clone, Copy)]
pub struct Schema<'a> {
    /// The fields, in the order in which a list of choices shows them.
    pub fields: &'a [FieldSpec<'a>],
    /// What may stand in front of any name without a change of its meaning, for example `qualys.agent.`.
    pub prefixes: &'a [&'a str],
    /// Who answers for a name that is not in `fields`: [`Place::Nowhere`], or [`Place::Server`] to send such a clause
    /// as it is, which only a server with [`Logic::Full`](crate::Logic::Full) can be asked.
    pub unknown: Place,
}

/// One field. Build it with [`FieldSpec::new`] and change what differs.
#[derive(Debug, Clone, Copy)]
pub struct FieldSpec<'a> {
    /// The caller's own number of the field: what [`Record::values`](crate::Record::values) is asked by.
    pub id: u16,
    /// The name as it is proposed and completed.
    pub name: &'a str,
    /// Other names of it.
    pub aliases: &'a [&'a str],
    /// What its values are.
    pub kind: FieldType,
    /// What a query may ask of it. [`FieldType::ops`] is what its type can answer at most.
    pub ops: Ops,
    /// All values it can have, in their own spelling. Empty when anything is possible.
    pub values: &'a [&'a str],
    /// Who can answer for it.
    pub place: Place,
    /// What the server answers exactly as this crate would, for dates with a [`Clock`](crate::Clock) in UTC.
    /// Read only when `place` is [`Place::Server`].
    ///
    /// The numbers of a server with criteria need `MATCH` for equality, `LIST` for several values at once, and one of
    /// `GT` and `GE`, `LT` and `LE` for every kind of bound. Its texts and keywords need `MATCH` or `EXACT` for
    /// equality; a GUID needs `EXACT` for equality and `MATCH` for its beginning.
    /// Its dates and nested queries are left to the browser.
    pub server_ops: Ops,
    /// Every record has exactly one value. Then `NOT a > 5` is `a <= 5`, and `NOT a: true` is `a: false`.
    pub is_single: bool,
}

impl<'a> FieldSpec<'a> {
    /// A field that the browser searches, with all that its type can answer and no closed set of values.
    pub const fn new(id: u16, name: &'a str, kind: FieldType) -> Self {
        let (ops, place, server_ops) = (kind.ops(), Place::Browser, Ops::NONE);
        Self { id, name, aliases: &[], kind, ops, values: &[], place, server_ops, is_single: false }
    }

    /// The same field, which the server searches too, as far as `ops` goes.
    pub const fn on_server(mut self, ops: Ops) -> Self {
        self.place = Place::Server;
        self.server_ops = ops;
        self
    }

    /// The same field with a closed set of values.
    pub const fn one_of(mut self, values: &'a [&'a str]) -> Self {
        self.values = values;
        self
    }

    /// The same field, of which every record has exactly one value.
    pub const fn single(mut self) -> Self {
        self.is_single = true;
        self
    }
}

/// What the values of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldType {
    /// Prose, matched by words.
    Text,
    /// One word of a vocabulary, matched as a whole in either case.
    Keyword,
    /// An identifier, matched as a whole, letter case included.
    Id,
    /// A whole number that fits an `i64`.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// A day or a moment.
    Date,
    /// A GUID or another value with parts, matched as a whole or by its beginning, in either case. Mostly a secret.
    Guid,
    /// Parts with fields of their own, for nested queries. A part's field `name` is looked up as `field.name`.
    Object,
}

impl FieldType {
    /// What can be asked of it at most.
    pub const fn ops(self) -> Ops {
        match self {
            Self::Text | Self::Keyword | Self::Id | Self::Guid => Ops::TEXT,
            Self::Boolean => Ops::MATCH.and(Ops::LIST).and(Ops::NOT),
            Self::Integer | Self::Date => Ops::NUMBER,
            Self::Object => Ops::NOT,
        }
    }
}

/// Who can answer for a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// The server, as far as [`FieldSpec::server_ops`] goes, and the browser for the rest.
    Server,
    /// Only the browser, over the records it has.
    Browser,
    /// Nobody, for example because the records do not hold it yet.
    Nowhere,
}

/// A set of things that can be asked of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ops(u16);

impl Ops {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// `:` or `=` with one value, quoted or not.
    pub const MATCH: Self = Self(1);
    /// `:` or `=` with a value in backticks. Numbers, booleans and dates are a [`Ops::MATCH`] in any quotes.
    pub const EXACT: Self = Self(1 << 1);
    /// `:` or `=` with a list.
    pub const LIST: Self = Self(1 << 2);
    /// `:` or `=` with a range.
    pub const RANGE: Self = Self(1 << 3);
    /// `>`
    pub const GT: Self = Self(1 << 4);
    /// `<`
    pub const LT: Self = Self(1 << 5);
    /// `>=`
    pub const GE: Self = Self(1 << 6);
    /// `<=`
    pub const LE: Self = Self(1 << 7);
    /// `NOT` in front of any of them; a record without a value is then part of the answer.
    pub const NOT: Self = Self(1 << 8);
    /// Of a server that takes criteria: a part of the text in either case. It only narrows an answer down.
    pub const CONTAINS: Self = Self(1 << 9);

    /// All that numbers and dates can answer.
    pub const NUMBER: Self = Self(0b1_1111_1101);
    /// All that texts can answer.
    pub const TEXT: Self = Self(0b1_0000_0111);

    /// Both sets in one.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` is in the set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl<'a> Schema<'a> {
    /// The field of that name, with or without one of the prefixes. Letter case counts.
    pub fn field(&self, name: &str) -> Option<&'a FieldSpec<'a>> {
        let named =
            |name: &str| self.fields.iter().find(|field| field.name == name || field.aliases.contains(&name));
        named(name)
            .or_else(|| self.prefixes.iter().filter_map(|prefix| name.strip_prefix(prefix)).find_map(named))
    }

    /// The field with that number.
    pub fn by_id(&self, id: u16) -> Option<&'a FieldSpec<'a>> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// The field that `name` means inside a nested query over `outer`: `outer.name`, else `name` itself.
    pub(crate) fn inner_field(&self, outer: Option<&FieldSpec<'_>>, name: &str) -> Option<&'a FieldSpec<'a>> {
        let inner = outer.and_then(|outer| self.field(&[outer.name, ".", name].concat()));
        inner.or_else(|| self.field(name))
    }

    /// All names, without aliases.
    pub(crate) fn names(&self) -> Vec<&'a str> {
        self.fields.iter().map(|field| field.name).collect()
    }
}
