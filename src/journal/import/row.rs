use super::super::bulk::{Item, Wanted};
use crate::domain::{FieldId, Fields, Key, KeyId};
use crate::systems::{Change, Problem};

/// What a file would do, row by row.
#[derive(Clone, Default)]
pub struct ImportPlan {
    /// The rows, in their order in the file.
    pub rows: Vec<Row>,
    /// Rows in which nothing stood; they are left out.
    pub blank: usize,
}

/// Where a row stands, as the reader counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line(pub usize);

/// One row and what it would do.
#[derive(Clone)]
pub struct Row {
    /// Its number in the file.
    pub line: Line,
    /// What its key is called: the title it has, or is to have. May be blank.
    pub title: String,
    /// What would become of it.
    pub verdict: Verdict,
    /// What stands in the row and has no effect.
    pub ignored: Vec<Ignored>,
}

/// What would become of a row.
#[derive(Clone)]
pub enum Verdict {
    /// A new key with these fields.
    Create(Fields),
    /// A key is changed: as it is now, without its value, and the differences.
    Change(Box<Key>, Change),
    /// A key is switched on or off.
    Switch(Box<Key>, bool),
    /// A key is removed.
    Remove(Box<Key>),
    /// The key is as the row says.
    Same(KeyId),
    /// It cannot be done as it stands.
    Refused(Vec<Refusal>),
}

/// The words for what becomes of a row, for counting and filtering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Cannot be done.
    Refused,
    /// A new key.
    Create,
    /// A changed key.
    Change,
    /// Switched on or off.
    Switch,
    /// Removed.
    Remove,
    /// Nothing to do.
    Same,
}

impl Count {
    /// All of them, what needs the reader first.
    pub const ALL: [Self; 6] =
        [Self::Refused, Self::Create, Self::Change, Self::Switch, Self::Remove, Self::Same];
}

impl Verdict {
    /// Its word.
    #[must_use]
    pub fn count(&self) -> Count {
        match self {
            Self::Create(_) => Count::Create,
            Self::Change(..) => Count::Change,
            Self::Switch(..) => Count::Switch,
            Self::Remove(_) => Count::Remove,
            Self::Same(_) => Count::Same,
            Self::Refused(_) => Count::Refused,
        }
    }

    /// The key it is about, if there is one already.
    #[must_use]
    pub fn key(&self) -> Option<&KeyId> {
        match self {
            Self::Change(key, _) | Self::Switch(key, _) | Self::Remove(key) => Some(&key.id),
            Self::Same(id) => Some(id),
            Self::Create(_) | Self::Refused(_) => None,
        }
    }
}

/// Why a row is refused, at its cell where it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The column, from 0; `None` for what no column of the file holds.
    pub column: Option<usize>,
    /// The field it is about, if it is about one.
    pub field: Option<FieldId>,
    /// What stands in the cell. Never a key's value.
    pub stands: String,
    /// What is wrong.
    pub why: Why,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// A rule of the form for one key is broken.
    Field(Problem),
    /// The text is longer than any field.
    TooLong,
    /// No key has this id.
    UnknownKey,
    /// Several keys have this title.
    Ambiguous(Vec<KeyId>),
    /// Keys are found by their title, and there is none.
    NoTitle,
    /// Other rows are about the same key.
    SameKey(Vec<Line>),
    /// Other rows give the same title.
    SameTitle(Vec<Line>),
    /// Other keys have this title.
    TitleUsed(Vec<KeyId>),
    /// Keys cannot be made here.
    CannotCreate,
    /// Keys cannot be changed here.
    CannotChange,
    /// What a new key is to be called in the field of its value: no plan keeps one.
    KeyValue,
    /// The key could not be read, so nothing can be said about it.
    Unread,
    /// The key changed since the plan was made, in these fields.
    Moved(Vec<FieldId>),
    /// The key is gone since the plan was made.
    Gone,
    /// A key like this one is there already: the plan may have been carried out.
    AlreadyThere(KeyId),
}

/// Something in a row that has no effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// The column, from 0.
    pub column: usize,
    /// Its field.
    pub field: FieldId,
    /// What stands there. Never a key's value.
    pub stands: String,
    /// Why it has no effect.
    pub why: LeftOut,
}

/// Why a cell has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// The field of a key that is there cannot be changed.
    Fixed,
    /// The field cannot be given to a new key.
    NotForNew,
    /// It makes no sense beside the other fields.
    DoesNotApply,
    /// A key's value is made by the service, and cannot be changed.
    KeyValue,
}

impl ImportPlan {
    /// How many rows there are of a kind.
    #[must_use]
    pub fn count(&self, kind: Count) -> usize {
        self.rows.iter().filter(|it| it.verdict.count() == kind).count()
    }

    /// How many keys would be made, changed, switched or removed.
    #[must_use]
    pub fn effects(&self) -> usize {
        self.rows.iter().filter(|it| !matches!(it.verdict.count(), Count::Same | Count::Refused)).count()
    }

    /// What the journal would do, in the order of the file.
    #[must_use]
    pub fn items(&self) -> Vec<Item> {
        self.rows.iter().filter_map(Row::item).collect()
    }
}

impl Row {
    fn item(&self) -> Option<Item> {
        let (before, wanted) = match &self.verdict {
            Verdict::Create(fields) => (None, Wanted::Created(fields.clone())),
            Verdict::Change(key, change) => (Some(Key::clone(key)), Wanted::Changed(change.clone())),
            Verdict::Switch(key, on) => (Some(Key::clone(key)), Wanted::Enabled(*on)),
            Verdict::Remove(key) => (Some(Key::clone(key)), Wanted::Removed),
            Verdict::Same(_) | Verdict::Refused(_) => return None,
        };
        Some(Item { before, title: self.title.clone(), wanted })
    }
}
