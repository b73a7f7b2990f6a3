//! Keys as a file: which of them, which columns, which kind; said with their number before anything is written.

mod columns;
mod gather;
#[expect(unreachable_pub, reason = "the component macro makes its function public")]
mod view;

pub use self::view::ExportDialog;

use crate::domain::FieldId;
use crate::systems::SearchRequest;

/// What the dialog starts with.
#[derive(Clone)]
pub struct Export {
    /// The list it was opened from: what matches there, and its page. `None` where there is the selection alone.
    pub request: Option<SearchRequest>,
    /// Which keys are chosen at first.
    pub scope: Scope,
    /// Columns that are shown, in their order; empty for those that the manifest names.
    pub columns: Vec<FieldId>,
}

/// Which keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All that match the query of the list.
    All,
    /// Those that are selected, on whichever page.
    Selected,
    /// Those on the page.
    Page,
}

impl Export {
    /// The selection, whatever the list shows.
    #[must_use]
    pub fn selection() -> Self {
        Self { request: None, scope: Scope::Selected, columns: Vec::new() }
    }

    /// A list: all that matches, unless another choice is made.
    #[must_use]
    pub fn list(request: SearchRequest) -> Self {
        Self { request: Some(request), scope: Scope::All, columns: Vec::new() }
    }
}

impl Scope {
    const ALL: [Self; 3] = [Self::All, Self::Selected, Self::Page];

    fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Selected => "selected",
            Self::Page => "page",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}
