//! What every feature of a signed-in console shares.

use leptos::prelude::*;

use crate::domain::{Key, KeyDraft, KeyId};
use crate::journal::Journal;
use crate::session::Connection;
use crate::systems::Client;

/// The dialog on top of the list, if any. One at a time.
#[derive(Clone)]
pub enum Overlay {
    /// Making a key, starting from a draft (blank, or like another key).
    Create(KeyDraft),
    /// One key with everything about it, and its edit form.
    Key(KeyId),
    /// Switching a key on or off: the key as the reader saw it, and the wanted state.
    SetEnabled(Box<Key>, bool),
    /// Deleting a key, as the reader saw it.
    Delete(Box<Key>),
}

/// A signed-in connection: its calls, its journal, and what is open. Provided as context.
#[derive(Clone)]
pub struct Workspace {
    /// The connection.
    pub connection: Connection,
    /// Reads.
    pub client: Client,
    /// Writes.
    pub journal: Journal,
    /// The dialog that is open.
    pub overlay: RwSignal<Option<Overlay>>,
    /// Counts changes made here; whoever shows keys reads it and asks again.
    pub changes: RwSignal<u64>,
}

impl Workspace {
    /// The workspace around the caller.
    #[must_use]
    pub fn use_context() -> Option<Self> {
        use_context()
    }

    /// Opens a dialog over the list.
    pub fn open(&self, overlay: Overlay) {
        self.overlay.set(Some(overlay));
    }

    /// Closes the dialog.
    pub fn close(&self) {
        self.overlay.set(None);
    }

    /// Says that keys changed, so that lists ask again.
    pub fn note_change(&self) {
        self.changes.update(|it| *it += 1);
    }
}
