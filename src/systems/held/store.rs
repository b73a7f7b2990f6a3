//! Keys in a table, and back.

use table::{Cell, Column, Dict, Table, Value as Held};

use crate::domain::{Date, Ended, FieldId, Key, KeyId, Limit, Ref, Secret, State, Timestamp, Value};

/// The column of keys' values.
const VALUES: usize = 0;

/// A shorter value stands in any text by chance.
const SHORTEST: usize = 4;

/// Very many keys, each once. No `Debug`: it holds their values.
pub(super) struct Store {
    pub(super) table: Table,
    /// What the columns behind the first one hold.
    fields: Vec<FieldId>,
    /// Which fields were told in which order, as numbers of columns; most keys of a service tell the same.
    shapes: Dict,
    shape: Vec<u32>,
    /// What the system itself says of each key.
    said: Vec<Said>,
    /// Lengths of keys' values, in bytes, smallest first.
    lengths: Vec<usize>,
    cell: Cell,
}

/// What a system itself says of a key.
#[derive(Clone, Copy)]
pub(super) struct Said {
    pub(super) disabled: bool,
    pub(super) ended: Option<Ended>,
}

/// A key's state with all that speaks for it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) state: State,
    pub(super) disabled: bool,
    pub(super) over: bool,
    pub(super) full: bool,
}

impl Store {
    pub(super) fn new() -> Self {
        let mut table = Table::default();
        table.add_column();
        let (fields, shapes, shape) = (Vec::new(), Dict::default(), Vec::new());
        Self { table, fields, shapes, shape, said: Vec::new(), lengths: Vec::new(), cell: Cell::default() }
    }

    pub(super) fn len(&self) -> usize {
        self.said.len()
    }

    /// Adds a key. Whether it was not there.
    pub(super) fn push(&mut self, key: &Key) -> bool {
        let Some(place) = self.table.push(&key.id.0) else { return false };
        self.said.push(Said { disabled: key.disabled, ended: key.ended });
        if let Some(value) = &key.value {
            self.cell.exact(value.expose());
            self.table.put(place, VALUES, &self.cell);
            self.note_length(value.expose().len());
        }
        let mut shape = Vec::new();
        for (field, value) in key.fields.iter() {
            let column = self.column_of(field).unwrap_or_else(|| {
                self.fields.push(field);
                self.table.add_column()
            });
            write(&mut self.cell, value);
            self.table.put(place, column, &self.cell);
            shape.extend(u8::try_from(column));
        }
        self.shape.push(self.shapes.insert(&shape).map_or(0, |(shape, _)| shape));
        true
    }

    fn note_length(&mut self, len: usize) {
        if len >= SHORTEST
            && let Err(at) = self.lengths.binary_search(&len)
        {
            self.lengths.insert(at, len);
        }
    }

    /// The key at a place.
    pub(super) fn key(&self, place: u32) -> Option<Key> {
        let at = usize::try_from(place).ok()?;
        let said = self.said.get(at)?;
        let value = |column: u8| {
            let column = usize::from(column);
            Some((*self.fields.get(column.checked_sub(1)?)?, read(self.column_at(column)?.get(place)?)))
        };
        let shape = self.shapes.get(*self.shape.get(at)?);
        Some(Key {
            id: self.id(place)?,
            value: self.secret(place).map(|it| Secret::new(it.to_owned())),
            disabled: said.disabled,
            ended: said.ended,
            fields: shape.iter().filter_map(|it| value(*it)).collect(),
        })
    }

    pub(super) fn id(&self, place: u32) -> Option<KeyId> {
        (place < self.table.len()).then(|| KeyId(self.table.id(place).to_owned()))
    }

    pub(super) fn place(&self, id: &KeyId) -> Option<u32> {
        self.table.place(&id.0)
    }

    /// What the system says of each key, by place.
    pub(super) fn said(&self) -> &[Said] {
        &self.said
    }

    /// The number of the column of a field, if any key tells it.
    pub(super) fn column_of(&self, field: FieldId) -> Option<usize> {
        match field {
            FieldId::VALUE => Some(VALUES),
            _ => self.fields.iter().position(|it| *it == field).map(|it| it + 1),
        }
    }

    /// The column of a field, if any key tells it.
    pub(super) fn column(&self, field: FieldId) -> Option<&Column> {
        self.column_at(self.column_of(field)?)
    }

    fn column_at(&self, number: usize) -> Option<&Column> {
        self.table.columns().get(number)
    }

    /// Whether any key tells a field, even if only that there is nothing.
    pub(super) fn tells(&self, field: FieldId) -> bool {
        self.fields.contains(&field)
    }

    fn secret(&self, place: u32) -> Option<&str> {
        match self.column_at(VALUES)?.get(place)? {
            Held::Exact(value) => Some(value),
            _ => None,
        }
    }

    /// Whether a text holds the value of a key.
    pub(super) fn holds_value_in(&self, text: &str) -> bool {
        let Some(values) = self.column_at(VALUES) else { return false };
        let mut cell = Cell::default();
        let mut is_value = |part: &str| {
            cell.exact(part);
            values.find(&cell).is_some()
        };
        let lengths = self.lengths.iter().take_while(|it| **it <= text.len());
        lengths
            .into_iter()
            .any(|len| (0..=text.len() - len).any(|at| text.get(at..at + len).is_some_and(&mut is_value)))
    }

    /// Something about each row that follows from what one field holds: worked out once a value and not once a row.
    pub(super) fn each<T: Copy>(&self, field: FieldId, mut of: impl FnMut(Option<Held<'_>>) -> T) -> Vec<T> {
        let Some(column) = self.column(field) else { return vec![of(None); self.len()] };
        let by_code: Vec<T> = (0..column.count()).map(|it| of(column.value(it))).collect();
        let of = |code: u32| usize::try_from(code).ok().and_then(|it| by_code.get(it)).copied();
        let codes = column.codes().iter().copied().chain(std::iter::repeat(0));
        codes.take(self.len()).filter_map(of).collect()
    }

    /// What is used of each.
    pub(super) fn used(&self) -> Vec<Option<u64>> {
        self.each(FieldId::USED, |it| match it {
            Some(Held::Number(it)) => u64::try_from(it).ok(),
            _ => None,
        })
    }

    /// The limit of each.
    pub(super) fn limits(&self) -> Vec<Option<Limit>> {
        self.each(FieldId::LIMIT, |it| match it {
            Some(Held::Limit(it)) => Some(Limit::Of(it)),
            Some(Held::Unlimited) => Some(Limit::Unlimited),
            _ => None,
        })
    }

    /// The first moment at which each no longer counts.
    pub(super) fn ends(&self) -> Vec<Option<i64>> {
        self.each(FieldId::EXPIRES, |it| end(it.as_ref()))
    }

    /// The standing of each.
    pub(super) fn marks(&self, now: Timestamp) -> Vec<Mark> {
        let over = self.each(FieldId::EXPIRES, |it| end(it.as_ref()).is_some_and(|it| it <= now.0));
        let full = self.used().into_iter().zip(self.limits());
        let full = full.map(|(used, limit)| matches!(limit, Some(Limit::Of(it)) if used.unwrap_or(0) >= it));
        let mark = |(said, (over, full)): (&Said, (bool, bool))| {
            let over = over || said.ended == Some(Ended::Expired);
            let state = State::of(said.ended, said.disabled, over, full);
            Mark { state, disabled: said.disabled, over, full }
        };
        self.said.iter().zip(over.into_iter().zip(full)).map(mark).collect()
    }
}

fn end(value: Option<&Held<'_>>) -> Option<i64> {
    match value? {
        Held::Day(day) => Some(Date::from_day_number(*day)?.start().plus_secs(86_400).0),
        Held::Moment(ms) => Some(*ms),
        _ => None,
    }
}

fn write(cell: &mut Cell, value: &Value) {
    fn pair(it: &Ref) -> (&str, Option<&str>) {
        (&it.id, it.name.as_deref())
    }
    match value {
        Value::Nothing => cell.nothing(),
        Value::Text(it) => cell.text(it),
        Value::Number(it) => cell.number(*it),
        Value::Limit(Limit::Unlimited) => cell.limit(None),
        Value::Limit(Limit::Of(it)) => cell.limit(Some(*it)),
        Value::Flag(it) => cell.flag(*it),
        Value::Day(it) => cell.day(it.day_number()),
        Value::Moment(it) => cell.moment(it.0),
        Value::Codes(it) => cell.codes(it.iter().map(String::as_str)),
        Value::Ref(it) => cell.reference(&it.id, it.name.as_deref()),
        Value::Refs(it) => cell.references(it.iter().map(pair)),
    }
}

/// What was written.
pub(super) fn read(value: Held<'_>) -> Value {
    let reference =
        |(id, name): (&str, Option<&str>)| Ref { id: id.to_owned(), name: name.map(str::to_owned) };
    match value {
        Held::Nothing => Value::Nothing,
        Held::Text(it) | Held::Exact(it) => Value::Text(it.to_owned()),
        Held::Number(it) => Value::Number(it),
        Held::Unlimited => Value::Limit(Limit::Unlimited),
        Held::Limit(it) => Value::Limit(Limit::Of(it)),
        Held::Flag(it) => Value::Flag(it),
        Held::Day(it) => Date::from_day_number(it).map_or(Value::Nothing, Value::Day),
        Held::Moment(it) => Value::Moment(Timestamp(it)),
        Held::Codes(it) => Value::Codes(it.map(str::to_owned).collect()),
        Held::Ref(id, name) => Value::Ref(reference((id, name))),
        Held::Refs(it) => Value::Refs(it.map(reference).collect()),
    }
}
