use super::date::Timestamp;

/// One page of a longer list, as a system answered it.
#[derive(Clone)]
pub struct PageOf<T> {
    /// The rows of this page.
    pub items: Vec<T>,
    /// All rows there are, over all pages.
    pub total: u64,
    /// Which page this is, from 0.
    pub page: u64,
    /// Rows a page holds; the last may hold fewer.
    pub size: u64,
    /// Whether this answer can be trusted to be that page.
    pub coverage: Coverage,
}

/// How far the rows can be trusted to be the ones that were asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// The rows are the page that was asked for.
    Exact,
    /// The service cannot turn pages, so the console gathered rows in other ways; `gathered` of the
    /// total could be reached.
    Gathered {
        /// Distinct rows that could be reached.
        gathered: u64,
    },
    /// All rows the service has for its part of the question were loaded, and the rest of the question, the
    /// order and the page were worked out here.
    Held {
        /// When they were loaded.
        at: Timestamp,
        /// Rows loaded.
        loaded: u64,
        /// Whether these are all there are.
        complete: bool,
        /// Whether they are the whole account, and not what the service found for its part of a question.
        of_all: bool,
    },
    /// The same while rows are missing: they are on their way, or did not come.
    Partial {
        /// Rows loaded so far.
        loaded: u64,
        /// How many there are to load, where the service tells it.
        of: Option<u64>,
    },
}

impl<T> PageOf<T> {
    /// How many pages there are; at least one.
    #[must_use]
    pub fn pages(&self) -> u64 {
        match self.reachable().div_ceil(self.size.max(1)) {
            0 => 1,
            pages => pages,
        }
    }

    /// Rows that can be paged through: all of them, or those that could be gathered.
    #[must_use]
    pub fn reachable(&self) -> u64 {
        match self.coverage {
            Coverage::Exact | Coverage::Held { .. } | Coverage::Partial { .. } => self.total,
            Coverage::Gathered { gathered } => gathered.min(self.total),
        }
    }

    /// The numbers of the first and last row on this page, from 1; `None` when it is empty.
    #[must_use]
    pub fn range(&self) -> Option<(u64, u64)> {
        let count = u64::try_from(self.items.len()).unwrap_or(u64::MAX);
        let first = self.page.saturating_mul(self.size).saturating_add(1);
        (count > 0).then(|| (first, first + count - 1))
    }

    /// Whether rows exist that paging cannot reach.
    #[must_use]
    pub fn is_short(&self) -> bool {
        let is_cut =
            matches!(self.coverage, Coverage::Held { complete: false, .. } | Coverage::Partial { .. });
        is_cut || self.reachable() < self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(len: usize, total: u64, page: u64, size: u64) -> PageOf<u8> {
        PageOf { items: vec![0; len], total, page, size, coverage: Coverage::Exact }
    }

    #[test]
    fn the_range_counts_from_one() {
        assert_eq!(page(25, 745, 0, 25).range(), Some((1, 25)));
        assert_eq!(page(20, 745, 29, 25).range(), Some((726, 745)));
        assert_eq!(page(0, 0, 0, 25).range(), None);
    }

    #[test]
    fn there_is_always_one_page() {
        assert_eq!(page(0, 0, 0, 25).pages(), 1);
        assert_eq!(page(25, 745, 0, 25).pages(), 30);
        assert_eq!(page(1, 1, 0, 0).pages(), 1);
    }

    #[test]
    fn a_short_gathering_is_never_called_complete() {
        let short = PageOf { coverage: Coverage::Gathered { gathered: 600 }, ..page(25, 745, 0, 25) };
        assert!(short.is_short());
        assert_eq!(short.pages(), 24);
        let whole = PageOf { coverage: Coverage::Gathered { gathered: 745 }, ..page(25, 745, 0, 25) };
        assert!(!whole.is_short());
        let partial = PageOf { coverage: Coverage::Partial { loaded: 400, of: None }, ..page(25, 80, 0, 25) };
        assert!(partial.is_short());
    }
}
