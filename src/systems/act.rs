//! What systems can do beyond the calls that all have, as plain data.

use super::Change;
use crate::domain::{Fields, KeyId, Secret, Timestamp};

/// What is offered for a field that is picked. Each system answers those its manifest names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Picker(pub &'static str);

/// One thing offered by a picker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// What is sent.
    pub id: String,
    /// What is read.
    pub name: String,
    /// A second line: an address, a price, a state.
    pub note: String,
    /// What other fields take when it is chosen and they are left blank; shown there as placeholders.
    pub defaults: Fields,
}

/// Something a key has enrolled: an agent, a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// What names it in calls.
    pub id: String,
    /// Its name; may be blank.
    pub name: String,
    /// Where it is: an address, a host.
    pub place: String,
    /// What names it on the machine, where that is another thing.
    pub device: String,
    /// When it was enrolled.
    pub since: Option<Timestamp>,
    /// When it was last heard of.
    pub seen: Option<Timestamp>,
}

/// A write beyond the usual ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Gives something that a key has enrolled another name.
    RenameMember {
        /// The key.
        key: KeyId,
        /// [`Member::id`].
        member: String,
        /// The new name.
        name: String,
    },
    /// Takes something off a key.
    RemoveMember {
        /// The key.
        key: KeyId,
        /// [`Member::id`].
        member: String,
    },
    /// Gives everything that a key has enrolled to another key.
    MoveMembers {
        /// The key it is on.
        from: KeyId,
        /// The key it goes to.
        to: KeyId,
        /// That key's value, which the calls need.
        to_value: SecretText,
    },
    /// Makes something that keys point at.
    AddOffer {
        /// For which picker.
        picker: Picker,
        /// What it shall be, by the picker's own field names.
        fields: Fields,
    },
    /// Changes settings of the whole account.
    SetSettings(Change),
}

/// A secret inside data that is compared: by what it holds, and never printed.
#[derive(Clone)]
pub struct SecretText(pub Secret);

impl PartialEq for SecretText {
    fn eq(&self, other: &Self) -> bool {
        self.0.is(other.0.expose())
    }
}

impl Eq for SecretText {}

impl std::fmt::Debug for SecretText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretText(…)")
    }
}

/// What deleting a key will do, which with one system depends on who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// It is gone.
    Delete,
    /// It stays and no longer works.
    Revoke,
}

/// Who the signed-in reader is, as far as the system tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// The system's id of the reader.
    pub id: String,
    /// A name for people.
    pub name: String,
    /// May see and change what belongs to others.
    pub admin: bool,
}
