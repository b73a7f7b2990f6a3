use super::date::{Date, Timestamp};
use super::secret::Secret;
use super::value::{FieldId, Fields, Limit, Value};

/// Names one key within its connection. The Qualys APIs use integers; others use text, so it is kept
/// as the text that goes into a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub String);

/// The end of a key, as far as a date tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// The last day that counts, in UTC.
    Day(Date),
    /// The moment from which it no longer counts.
    At(Timestamp),
}

impl Expiry {
    /// The day it falls on, in UTC.
    #[must_use]
    pub fn day(self) -> Option<Date> {
        match self {
            Self::Day(day) => Some(day),
            Self::At(moment) => moment.date(),
        }
    }

    /// The first moment at which the key no longer counts.
    #[must_use]
    pub fn end(self) -> Timestamp {
        match self {
            Self::Day(day) => day.start().plus_secs(86_400),
            Self::At(moment) => moment,
        }
    }
}

/// What the system itself says about a key that no date and no count can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Taken back for good.
    Revoked,
    /// Put away.
    Archived,
    /// Its time is over, says the system.
    Expired,
    /// Not in use, says the system (`INACTIVE` of the older Qualys API).
    Inactive,
}

/// A key as the console knows it, whichever system it came from.
#[derive(Clone)]
pub struct Key {
    /// Names the key in calls.
    pub id: KeyId,
    /// The value that enrols machines or unlocks a product; `None` where the system does not tell it (again).
    pub value: Option<Secret>,
    /// Whether an administrator switched it off.
    pub disabled: bool,
    /// Whether the system has ended it.
    pub ended: Option<Ended>,
    /// Everything else, as far as the system told it in this answer.
    pub fields: Fields,
}

impl Key {
    /// A key with nothing told yet.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: KeyId(id.into()), value: None, disabled: false, ended: None, fields: Fields::new() }
    }

    /// The administrator's name for it; may be blank.
    #[must_use]
    pub fn title(&self) -> &str {
        self.fields.text(FieldId::TITLE)
    }

    /// Machines enrolled with it, where the system counts them.
    #[must_use]
    pub fn used(&self) -> Option<u64> {
        self.fields.number(FieldId::USED).and_then(|it| u64::try_from(it).ok())
    }

    /// How many it may enrol, where the system has such a limit.
    #[must_use]
    pub fn limit(&self) -> Option<Limit> {
        match self.fields.get(FieldId::LIMIT) {
            Some(Value::Limit(limit)) => Some(*limit),
            _ => None,
        }
    }

    /// Its end, if it has one.
    #[must_use]
    pub fn expires(&self) -> Option<Expiry> {
        match self.fields.get(FieldId::EXPIRES) {
            Some(Value::Day(day)) => Some(Expiry::Day(*day)),
            Some(Value::Moment(moment)) => Some(Expiry::At(*moment)),
            _ => None,
        }
    }

    /// When it was made.
    #[must_use]
    pub fn created(&self) -> Option<Timestamp> {
        match self.fields.get(FieldId::CREATED) {
            Some(Value::Moment(moment)) => Some(*moment),
            _ => None,
        }
    }
}
