//! The query with its clauses and groups, as the chips and the builder show it.

use std::ops::Range;
use std::sync::Arc;

use qql::{Item, ItemId, Outline};

use super::model::Known;

/// Bytes of a text that is shown as clauses; a longer one is text alone.
const MOST: usize = 20_000;

/// Clauses and groups that are shown; more of them are text alone, since each letter would draw them all.
const MOST_ITEMS: usize = 300;

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
        if outline.items().count() > MOST_ITEMS {
            return None;
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::systems::qualys_gateway::MANIFEST;

    #[test]
    fn what_would_fill_the_screen_is_text_alone() {
        let is_drawn = |text: &str| Drawn::of(&Known::of(text, &MANIFEST)).is_some();
        let many = |count: usize| vec!["used: 1"; count].join(" AND ");
        assert!(is_drawn(&many(200)));
        assert!(!is_drawn(&many(400)));
        // One clause with many values is one row.
        assert!(is_drawn(&["activationKey.id: [", &vec!["1234567"; 700].join(", "), "]"].concat()));
        assert!(!is_drawn(&["title: ", &"a".repeat(30_000)].concat()));
    }
}
