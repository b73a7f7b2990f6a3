//! The query with its clauses and groups, as the chips and the builder show it.

use std::ops::Range;
use std::sync::Arc;

use qql::{Item, ItemId, Outline};

use super::model::Known;

/// Bytes of a text that is shown as clauses; a longer one is text alone.
const MOST: usize = 20_000;

/// A text with its clauses and groups.
#[derive(Clone)]
pub(super) struct Drawn {
    pub(super) known: Known,
    pub(super) outline: Arc<Outline>,
}

/// The same text is drawn the same.
impl PartialEq for Drawn {
    fn eq(&self, other: &Self) -> bool {
        self.known == other.known
    }
}

impl Drawn {
    /// `None` for a text that is too long to be shown as clauses.
    pub(super) fn of(known: &Known) -> Option<Self> {
        let outline = (known.text.len() <= MOST).then(|| qql::outline(&known.parse))?;
        Some(Self { known: known.clone(), outline: Arc::new(outline) })
    }

    /// The text of a part.
    pub(super) fn text(&self, range: &Range<usize>) -> &str {
        self.known.text.get(range.clone()).unwrap_or_default()
    }

    /// The item, with its number.
    pub(super) fn item(&self, id: ItemId) -> Option<&Item> {
        self.outline.item(id)
    }
}
