//! At most one value of the list is on the screen, and never for long.

use leptos::prelude::*;

use crate::domain::KeyId;
use crate::platform::{clock, task};

/// How long a revealed value stays on the screen, in milliseconds.
const REVEAL_MS: u32 = 30_000;

/// The one key whose value is shown, if any.
#[derive(Clone, Copy)]
pub(super) struct Revealed {
    id: RwSignal<Option<KeyId>>,
    /// Counts reveals, so that the clock of an earlier one does not hide a later one.
    count: StoredValue<u64>,
}

impl Revealed {
    pub(super) fn new() -> Self {
        Self { id: RwSignal::new(None), count: StoredValue::new(0) }
    }

    /// Whether the value of this key is shown; tracks.
    pub(super) fn shows(self, id: &KeyId) -> bool {
        self.id.with(|it| it.as_ref() == Some(id))
    }

    /// Hides whatever is shown: on another page, and when the window is left.
    pub(super) fn hide(self) {
        self.count.try_update_value(|it| *it += 1);
        self.id.try_set(None);
    }

    pub(super) fn toggle(self, id: &KeyId) {
        let shown = self.id.with_untracked(|it| it.as_ref() == Some(id));
        self.hide();
        if shown {
            return;
        }
        self.id.set(Some(id.clone()));
        let count = self.count.get_value();
        task::spawn(async move {
            clock::sleep(REVEAL_MS).await;
            if self.count.try_get_value() == Some(count) {
                self.hide();
            }
        });
    }
}
