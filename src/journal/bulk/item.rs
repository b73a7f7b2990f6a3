use crate::domain::{FieldId, KeyId};
use crate::journal::Notice;
use crate::systems::Asked;

/// How far one item of a plan has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemState {
    /// Nothing was sent yet.
    Waiting,
    /// It may have been sent. After a crash nobody knows whether it arrived, so it is looked up first.
    Sent,
    /// It happened.
    Done {
        /// The key: of a new one, its id.
        key: Option<KeyId>,
        /// What was asked and what came of it, where they differ.
        asked: Vec<Asked>,
        /// What the reader should know.
        notices: Vec<Notice>,
    },
    /// It did not happen: the service refused it, or looking proved that it is not there.
    Failed(Failure),
    /// It was sent, and nobody could find out yet whether it happened. It is looked up again on resuming.
    Unknown(Failure),
    /// Nothing was sent, and nothing will be.
    Skipped(Skip),
}

/// Why an item failed, without anything of a key's value or a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// A word for the kind of failure, the same for all items that failed in the same way: what they are grouped by.
    pub code: String,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// The service's own words; may be blank.
    pub message: String,
}

/// Why nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Skip {
    /// The key is as wanted already.
    AlreadySo,
    /// The key is gone.
    Gone,
    /// The key is not what it was when the change was planned; in these fields.
    Moved(Vec<FieldId>),
    /// The reader stopped before its turn.
    Cancelled,
}
