use super::date::{Date, Timestamp};
use super::secret::Secret;

/// Names one key within its connection. The Qualys APIs use integers; others use text, so it is kept
/// as the text that goes into a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub String);

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

/// Which limits a key has, in the API's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Neither a count nor a date.
    Unlimited,
    /// A count alone.
    Count,
    /// A date alone.
    Time,
    /// Both; the first to be reached ends it.
    CountTime,
    /// A spelling this console does not know, kept as it came.
    Other(String),
}

/// A tag, which the APIs send as an id alone or with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The tag's number.
    pub id: u64,
    /// Its name, where the API tells it.
    pub name: Option<String>,
}

/// A key as the console knows it, whichever system it came from.
///
/// `None` means "the API did not say here" (a search row lacks some fields), never "empty".
#[derive(Clone)]
pub struct Key {
    /// Names the key in calls.
    pub id: KeyId,
    /// The administrator's name for it; may be blank.
    pub title: String,
    /// The value that enrols machines.
    pub value: Secret,
    /// Machines enrolled with it.
    pub used: u64,
    /// How many it may enrol.
    pub limit: Limit,
    /// Which limits it has, as the API words it.
    pub kind: KeyKind,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// The person's name who made it; blank when unknown.
    pub creator_name: String,
    /// The account that made it; blank when unknown.
    pub creator_login: String,
    /// Its last day, in UTC.
    pub expires: Option<Date>,
    /// Whether an administrator switched it off.
    pub disabled: bool,
    /// Codes of the applications its machines get, sorted as they came.
    pub licences: Vec<String>,
    /// Network for its machines.
    pub network: Option<i64>,
    /// Tags its machines get.
    pub tags: Option<Vec<Tag>>,
    /// Whether its last change was pushed to machines enrolled before.
    pub apply_to_existing: Option<bool>,
}
