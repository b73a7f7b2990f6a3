use crate::domain::{Fields, Key, Timestamp};
use crate::systems::Change;

/// What shall happen to many keys: what is confirmed, kept in the journal, and given to a colleague as a file.
///
/// It holds no key value: [`Item::before`] has none, and neither has a [`Wanted::Created`].
#[derive(Clone)]
pub struct Plan {
    /// Names the plan: 128 random bits in hexadecimal.
    pub id: String,
    /// The connection it is for, by its id in `config.json`.
    pub connection: String,
    /// The key system, by its id.
    pub system: &'static str,
    /// What it is, in one word.
    pub kind: Kind,
    /// When it was made.
    pub made: Timestamp,
    /// Who made it, as far as the session tells; blank otherwise.
    pub by: String,
    /// The plan that this one takes back.
    pub undoes: Option<String>,
    /// The changes, in the order in which they are begun.
    pub items: Vec<Item>,
}

/// What a plan is for, as its title says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Switching on.
    Enable,
    /// Switching off.
    Disable,
    /// Deleting, or taking back.
    Remove,
    /// Changing fields.
    Change,
    /// New keys.
    Create,
    /// What a file says: new keys and changes.
    Import,
    /// Taking another plan back.
    Undo,
}

/// One change to one key, or one new key.
#[derive(Clone)]
pub struct Item {
    /// The key as it was when the change was planned, without its value; `None` for a new key.
    pub before: Option<Key>,
    /// What it is called in lists: its title, or what the new key's shall be.
    pub title: String,
    /// What shall become of it.
    pub wanted: Wanted,
}

/// What shall become of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// It is on, or off.
    Enabled(bool),
    /// It is gone, or taken back, whichever the system does for this reader.
    Removed,
    /// These differences.
    Changed(Change),
    /// There is a new key with these fields.
    Created(Fields),
}
