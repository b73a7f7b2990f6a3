//! What the parts of bulk work share.

use leptos::prelude::*;

use crate::systems::SearchRequest;

/// What can be done with the keys that are picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkAction {
    /// Switch them on.
    Enable,
    /// Switch them off.
    Disable,
    /// Delete them, or take them back.
    Remove,
    /// Change fields of theirs.
    Change,
    /// Make another like each of them.
    Duplicate,
}

/// Provided as context by the shell; the list tells it what it shows.
#[derive(Clone, Copy)]
pub struct Bulk {
    /// Picked keys that the list does not show.
    pub out_of_view: RwSignal<usize>,
    /// What the list asks for.
    pub request: RwSignal<Option<SearchRequest>>,
    /// Counts changes of the jobs; whoever shows them reads it.
    pub version: RwSignal<u64>,
}

impl Bulk {
    /// With nothing picked. Its signals belong to the current owner.
    #[expect(clippy::new_without_default, reason = "it makes signals, which belong to the current owner")]
    #[must_use]
    pub fn new() -> Self {
        Self { out_of_view: RwSignal::new(0), request: RwSignal::new(None), version: RwSignal::new(0) }
    }
}
