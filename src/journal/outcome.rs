use crate::domain::{FieldId, Key};
use crate::http::ApiError;
use crate::systems::Asked;

/// Where a running write stands, for the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reading the key before the change.
    Checking,
    /// The change is on its way.
    Sending,
    /// The server wants a new sign-in first; the change goes on after it.
    SignInNeeded,
    /// The answer was lost: looking whether the change happened.
    LookingUp,
    /// The server cannot be reached: the look goes on once it can.
    WaitingToLookUp,
    /// Reading the result.
    Reading,
}

/// What became of a write.
pub enum Outcome {
    /// It happened; the key as it is now, and where that differs from what was asked.
    Done {
        /// The key as read back; `None` when it is gone (deleted), or cannot be read although the write
        /// is certain. A new key has its value here even where the system tells it only once.
        key: Option<Box<Key>>,
        /// What was asked and what came of it, where they differ.
        asked: Vec<Asked>,
        /// Things the reader should know.
        notices: Vec<Notice>,
        /// The answer to a create as it came, with the key's value taken out; blank for others.
        raw: String,
    },
    /// It did not happen, and looking proved it: the answer was lost and the change is not there.
    NotDone(ApiError),
    /// The server refused it, so nothing changed.
    Refused(ApiError),
    /// Nothing was sent: the key is not what it was when the change was planned.
    Moved {
        /// The key as it is now.
        now: Box<Key>,
        /// The fields that differ from what the change was planned on.
        fields: Vec<FieldId>,
    },
    /// Nothing was sent: the key is gone.
    Gone,
    /// It could not be found out, and the reader gave up looking (signed out).
    Abandoned(ApiError),
}

/// What a reader should know about a write that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The answer was lost; looking showed that the change happened.
    LookedUp,
    /// The key was already in the wanted state, so nothing was sent.
    AlreadySo,
    /// Somebody else changed the key at the same time; it was put right again.
    Contended,
    /// Several new keys match; the newest is shown.
    SeveralMatch(usize),
    /// The change is certain, but the key cannot be read back at the moment.
    NotReadBack,
    /// The service said yes, and what was asked for does not show yet.
    NotYetSeen,
    /// The key exists, but the answer that held its value was lost, and the system tells it only once.
    SecretLost,
}
