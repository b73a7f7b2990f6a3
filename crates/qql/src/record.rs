//! What an evaluator reads: records, values and the time.

/// A record as the evaluator sees it.
pub trait Record {
    /// Calls `visit` with each value of the field ([`FieldSpec::id`](crate::FieldSpec::id)); not at all when it has none.
    fn values(&self, field: u16, visit: &mut dyn FnMut(ValueRef<'_>));

    /// Calls `visit` with each part of a field of type [`FieldType::Object`](crate::FieldType::Object).
    /// A record without such fields has no parts.
    fn parts(&self, field: u16, visit: &mut dyn FnMut(&dyn Record)) {
        let (_, _) = (field, visit);
    }
}

/// The values of a field: calls what it is given with each of them; not at all when there is none.
pub type Values<'a> = &'a dyn Fn(&mut dyn FnMut(ValueRef<'_>));

/// Very many records that are held field by field, so that what many of them have in common is judged once. They have
/// no parts.
pub trait Records {
    /// How many there are.
    fn count(&self) -> usize;

    /// Asks `holds` about the values of a field, and puts its answer into `found` at the place of each record that has
    /// them. `found` is as long as there are records, and false everywhere.
    fn find(&self, field: u16, holds: &dyn Fn(Values<'_>) -> bool, found: &mut [bool]);
}

/// A value of a record.
///
/// A text in a field of another type is read as what the type says; one that cannot be read equals nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ValueRef<'a> {
    /// A text.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A truth value.
    Boolean(bool),
    /// A moment: milliseconds since 1970-01-01T00:00:00Z.
    Moment(i64),
    /// A day of the calendar without a time and a zone: days since 1970-01-01.
    Day(i32),
}

/// What "now" and "a day" mean in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub now_ms: i64,
    /// How far ahead of UTC the days of the query are. 0 for UTC, which is what the documents say.
    pub offset_minutes: i32,
}
