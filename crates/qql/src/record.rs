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
