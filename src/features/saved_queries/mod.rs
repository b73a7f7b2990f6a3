//! Queries that are kept: saved under a name, sent on as a link or a file, and those that were run last.
//!
//! Pure first: `set` is what can be done to the queries of one system, `merge` brings two tabs together, `entry` says
//! what a name and a query must be, `document` and `file` are the two written forms. `store` keeps it all, and
//! `handle` is what the views share.
//!
//! Architecture invariant: nothing here holds a key's value. Whatever comes in goes through `page::redacted`.

mod document;
mod entry;
mod file;
mod handle;
mod merge;
mod recent;
mod set;
mod store;
#[cfg(test)]
mod testing;
#[expect(unreachable_pub, reason = "the component macro makes its functions public")]
mod view;

pub use self::handle::SavedQueries;
pub use self::recent::{forget_recent, recent, remember};
pub use self::view::{SavedButton, SavedDialog, SavedNotes};

use crate::page::says_what_is_shown;

/// The name under which the list of all connections keeps its queries; no system has this id.
pub const ALL_CONNECTIONS: &str = "all";

/// The query that a list opens with: the reader's default, unless the address says what to show.
#[must_use]
pub fn opening_query(system: &str, search: &str) -> Option<String> {
    if says_what_is_shown(search) {
        return None;
    }
    let kept = store::load().document;
    kept.sets.get(system)?.opening().map(|it| it.query.clone())
}
