//! What every feature of a signed-in console shares.

use std::rc::Rc;

use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::bulk::BulkAction;
use super::export::Export;
use super::kept::Kept;
use crate::domain::{Key, KeyId, Selection};
use crate::i18n::t;
use crate::journal::Journal;
use crate::platform::supervisor;
use crate::session::Connection;
use crate::systems::{ActionKind, Call, Client, Draft, Manifest};

/// The dialog on top of the list, if any. One at a time.
#[derive(Clone)]
pub enum Overlay {
    /// Making a key, starting from a draft (blank, or like another key).
    Create(Draft),
    /// One key with everything about it, and its edit form.
    Key(KeyId),
    /// Switching a key on or off: the key as the reader saw it, and the wanted state.
    SetEnabled(Box<Key>, bool),
    /// Deleting a key or taking it back, as the reader saw it.
    Delete(Box<Key>),
    /// What a key has enrolled.
    Members(Box<Key>),
    /// Giving everything that a key has enrolled to another key.
    MoveMembers(Box<Key>),
    /// Replacing a key by a new one.
    Regenerate(Box<Key>),
    /// Asking whether a key is valid.
    Verify,
    /// Settings of the whole account.
    Settings,
    /// Many keys from a file.
    Import,
    /// Keys as a file.
    Export(Export),
    /// Changing all keys that are picked.
    Bulk(BulkAction),
    /// The keys that are picked.
    Picked,
    /// What was changed on this connection; or one of these changes, by the id of its plan.
    Changes(Option<String>),
}

impl Overlay {
    /// What a report calls it: never anything of a key.
    fn name(&self) -> &'static str {
        match self {
            Self::Create(_) => "open create",
            Self::Key(_) => "open key",
            Self::SetEnabled(..) => "open switch",
            Self::Delete(_) => "open delete",
            Self::Members(_) => "open members",
            Self::MoveMembers(_) => "open move",
            Self::Regenerate(_) => "open regenerate",
            Self::Verify => "open verify",
            Self::Settings => "open settings",
            Self::Import => "open import",
            Self::Export(_) => "open export",
            Self::Bulk(_) => "open bulk",
            Self::Picked => "open picked",
            Self::Changes(_) => "open changes",
        }
    }
}

/// A signed-in connection: its calls, its journal, and what is open. Provided as context.
#[derive(Clone)]
pub struct Workspace {
    shared: SendWrapper<Rc<Shared>>,
    /// The dialog that is open.
    pub overlay: RwSignal<Option<Overlay>>,
    /// Counts changes made here; whoever shows keys reads it and asks again.
    pub changes: RwSignal<u64>,
    /// Keys of the list that are picked for what is done to many.
    pub selection: RwSignal<Selection>,
    /// The service said that this reader may change nothing.
    pub read_only: Signal<bool>,
    /// Who is signed in, for what is kept while a form is open; nothing is kept of one whom nobody can tell apart.
    pub(super) reader: StoredValue<Option<String>>,
    /// What was kept of a form that was open before a restart, until that form takes it.
    pub(super) kept: StoredValue<Option<Kept>>,
}

struct Shared {
    connection: Connection,
    client: Client,
    journal: Journal,
}

impl Workspace {
    /// A workspace for a connection. Its signals belong to the current owner.
    #[must_use]
    pub fn new(connection: Connection, client: Client, journal: Journal) -> Self {
        let shared = SendWrapper::new(Rc::new(Shared { connection, client, journal }));
        Self {
            shared,
            overlay: RwSignal::new(None),
            changes: RwSignal::new(0),
            selection: RwSignal::new(Selection::default()),
            read_only: Signal::stored(false),
            reader: StoredValue::default(),
            kept: StoredValue::default(),
        }
    }

    /// The same, whose reader may change nothing while `read_only` says so.
    #[must_use]
    pub fn read_only_while(self, read_only: Signal<bool>) -> Self {
        Self { read_only, ..self }
    }

    /// The connection.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.shared.connection
    }

    /// Reads.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.shared.client
    }

    /// What the connection's system can do; everything is drawn from it.
    #[must_use]
    pub fn manifest(&self) -> &'static Manifest {
        self.shared.client.manifest()
    }

    /// Whether an action is offered: the system has it, and this reader may do it. Tracks.
    #[must_use]
    pub fn may(&self, kind: ActionKind) -> bool {
        self.manifest().can(kind) && !(kind.changes() && self.read_only.get())
    }

    /// Writes.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.shared.journal
    }

    /// A call as a `curl` command with a placeholder for the token.
    #[must_use]
    pub fn curl(&self, call: &Call) -> String {
        // A comment runs in no shell.
        self.client().curl(call).unwrap_or_else(|| ["# ", t::curl_none()].concat())
    }

    /// Opens a dialog over the list.
    pub fn open(&self, overlay: Overlay) {
        supervisor::did(overlay.name());
        self.overlay.set(Some(overlay));
    }

    /// Closes the dialog.
    pub fn close(&self) {
        self.overlay.set(None);
    }

    /// What closes the dialog, for those who take a callback.
    #[must_use]
    pub fn on_close(&self) -> UnsyncCallback<()> {
        let workspace = self.clone();
        UnsyncCallback::from(move || workspace.close())
    }

    /// Says that keys changed, so that lists ask again.
    pub fn note_change(&self) {
        self.changes.update(|it| *it += 1);
    }
}
