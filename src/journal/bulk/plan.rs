use crate::domain::{Fields, Key, KeyId, Timestamp};
use crate::platform::{clock, random};
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

impl Plan {
    /// A plan of now with a name of its own. Values of keys are taken out of it.
    #[must_use]
    pub fn new(connection: &str, system: &'static str, kind: Kind, by: &str, items: Vec<Item>) -> Self {
        let (id, made) = (random::id(), clock::now());
        let (connection, by) = (connection.to_owned(), by.to_owned());
        Self { id, connection, system, kind, made, by, undoes: None, items }.without_values()
    }

    pub(super) fn without_values(mut self) -> Self {
        for key in self.items.iter_mut().filter_map(|it| it.before.as_mut()) {
            key.value = None;
        }
        self
    }
}

impl Item {
    /// One change to one key, or one new key (`before` is `None`).
    #[must_use]
    pub fn new(before: Option<Key>, title: &str, wanted: Wanted) -> Self {
        Self { before, title: title.to_owned(), wanted }
    }

    /// The key it is about; `None` for a new one.
    #[must_use]
    pub fn key(&self) -> Option<&KeyId> {
        self.before.as_ref().map(|it| &it.id)
    }

    /// Whether it makes a key.
    #[must_use]
    pub fn is_new(&self) -> bool {
        matches!(self.wanted, Wanted::Created(_))
    }
}

impl Kind {
    /// Its word in files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Enable => "enable",
            Self::Disable => "disable",
            Self::Remove => "remove",
            Self::Change => "change",
            Self::Create => "create",
            Self::Import => "import",
            Self::Undo => "undo",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        use Kind::{Change, Create, Disable, Enable, Import, Remove, Undo};
        [Enable, Disable, Remove, Change, Create, Import, Undo].into_iter().find(|it| it.word() == word)
    }
}
