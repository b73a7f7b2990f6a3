//! What a key's fields hold, whichever system the key came from.

use super::date::{Date, Timestamp};

/// Names a field of a key: in manifests, addresses and saved settings.
///
/// The names in this module mean the same in every system; each manifest adds its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId(pub &'static str);

impl FieldId {
    /// The administrator's name for a key.
    pub const TITLE: Self = Self("title");
    /// The key's value. It is not among [`Fields`]: it lives in a `Secret`.
    pub const VALUE: Self = Self("key");
    /// Whether the key works. It is derived, see `Standing`.
    pub const STATE: Self = Self("state");
    /// Machines, devices or uses so far.
    pub const USED: Self = Self("used");
    /// How many there may be.
    pub const LIMIT: Self = Self("limit");
    /// Its last day or moment.
    pub const EXPIRES: Self = Self("expires");
    /// When it was made.
    pub const CREATED: Self = Self("created");
    /// Who it belongs to.
    pub const OWNER: Self = Self("owner");
    /// Who made it.
    pub const CREATOR: Self = Self("creator");
    /// What names the key in calls.
    pub const ID: Self = Self("id");
}

/// How many machines a key may enrol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// No limit of its own.
    Unlimited,
    /// At most so many.
    Of(u64),
}

impl Limit {
    /// Places left, when the key has a limit.
    #[must_use]
    pub fn free(self, used: u64) -> Option<u64> {
        match self {
            Self::Unlimited => None,
            Self::Of(limit) => Some(limit.saturating_sub(used)),
        }
    }
}

/// Something that a key points at: a tag, a product, a person. The APIs send an id alone or with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ref {
    /// What the API calls it.
    pub id: String,
    /// Its name for people, where the API tells it.
    pub name: Option<String>,
}

impl Ref {
    /// An id without a name.
    #[must_use]
    pub fn of(id: impl Into<String>) -> Self {
        Self { id: id.into(), name: None }
    }
}

/// What stands in one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// The system says that there is nothing: no expiry, no network. A field that a system does not mention
    /// is not among [`Fields`] at all.
    Nothing,
    /// Text, or a code of a closed set.
    Text(String),
    /// A whole number.
    Number(i64),
    /// How many, or no limit.
    Limit(Limit),
    /// Yes or no.
    Flag(bool),
    /// A day in UTC.
    Day(Date),
    /// A moment.
    Moment(Timestamp),
    /// Codes of a list, as they came.
    Codes(Vec<String>),
    /// One thing pointed at.
    Ref(Ref),
    /// Several things pointed at.
    Refs(Vec<Ref>),
}

/// Fields with what stands in them, each at most once, in the order they were put in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(FieldId, Value)>);

impl Fields {
    /// No field.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// What stands in a field; `None` when it is not told here.
    #[must_use]
    pub fn get(&self, field: FieldId) -> Option<&Value> {
        self.0.iter().find(|(it, _)| *it == field).map(|(_, value)| value)
    }

    /// Puts a value into a field, in place of what was there.
    pub fn set(&mut self, field: FieldId, value: Value) {
        match self.0.iter_mut().find(|(it, _)| *it == field) {
            Some((_, slot)) => *slot = value,
            None => self.0.push((field, value)),
        }
    }

    /// The same with one more field.
    #[must_use]
    pub fn with(mut self, field: FieldId, value: Value) -> Self {
        self.set(field, value);
        self
    }

    /// Takes a field out: it is no longer told.
    pub fn remove(&mut self, field: FieldId) -> Option<Value> {
        let at = self.0.iter().position(|(it, _)| *it == field)?;
        Some(self.0.remove(at).1)
    }

    /// All fields that are told.
    pub fn iter(&self) -> impl Iterator<Item = (FieldId, &Value)> {
        self.0.iter().map(|(field, value)| (*field, value))
    }

    /// Whether none is told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A text; blank when there is none.
    #[must_use]
    pub fn text(&self, field: FieldId) -> &str {
        match self.get(field) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// A number, if one is told.
    #[must_use]
    pub fn number(&self, field: FieldId) -> Option<i64> {
        match self.get(field) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// A yes or no, if it is told.
    #[must_use]
    pub fn flag(&self, field: FieldId) -> Option<bool> {
        match self.get(field) {
            Some(Value::Flag(flag)) => Some(*flag),
            _ => None,
        }
    }

    /// A list of codes; empty when there is none.
    #[must_use]
    pub fn codes(&self, field: FieldId) -> &[String] {
        match self.get(field) {
            Some(Value::Codes(codes)) => codes,
            _ => &[],
        }
    }

    /// The things pointed at; empty when there are none.
    #[must_use]
    pub fn refs(&self, field: FieldId) -> &[Ref] {
        match self.get(field) {
            Some(Value::Refs(refs)) => refs,
            Some(Value::Ref(one)) => std::slice::from_ref(one),
            _ => &[],
        }
    }
}

impl FromIterator<(FieldId, Value)> for Fields {
    fn from_iter<T: IntoIterator<Item = (FieldId, Value)>>(iter: T) -> Self {
        let mut res = Self::new();
        for (field, value) in iter {
            res.set(field, value);
        }
        res
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_stands_once_and_keeps_its_place() {
        let mut fields = Fields::new()
            .with(FieldId::TITLE, Value::Text("a".to_owned()))
            .with(FieldId::USED, Value::Number(1))
            .with(FieldId::TITLE, Value::Text("b".to_owned()));
        assert_eq!(fields.text(FieldId::TITLE), "b");
        assert_eq!(fields.iter().map(|(it, _)| it.0).collect::<Vec<_>>(), ["title", "used"]);
        assert_eq!(fields.remove(FieldId::USED), Some(Value::Number(1)));
        assert_eq!(fields.number(FieldId::USED), None);
    }

    #[test]
    fn a_field_of_another_kind_reads_as_not_told() {
        let fields = Fields::new().with(FieldId::TITLE, Value::Number(1));
        assert_eq!(fields.text(FieldId::TITLE), "");
        assert!(fields.codes(FieldId::TITLE).is_empty() && fields.flag(FieldId::TITLE).is_none());
    }

    #[test]
    fn one_thing_pointed_at_reads_as_a_list_of_one() {
        let fields = Fields::new().with(FieldId::OWNER, Value::Ref(Ref::of("7")));
        assert_eq!(fields.refs(FieldId::OWNER), [Ref::of("7")]);
    }
}
