//! What a grid is told: its columns, its rows, and what is done with them.

use leptos::prelude::*;

/// The width of a column of short words, in pixels.
const ROOM: u32 = 136;

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridColumn {
    /// Its name in the program; no two columns share one.
    pub id: &'static str,
    /// What stands above it.
    pub label: String,
    /// Its width in pixels, where somebody chose one.
    pub width: Option<u32>,
    /// The width that its cells need at least, in pixels, where nobody chose one.
    pub room: u32,
    /// Rows can be ordered by it.
    pub sortable: bool,
    /// It holds numbers, which end where the column ends.
    pub number: bool,
    /// It holds buttons alone: its label is for screen readers.
    pub actions: bool,
}

impl GridColumn {
    /// A column of text, as wide as there is room.
    pub fn new(id: &'static str, label: impl Into<String>) -> Self {
        Self {
            id,
            label: label.into(),
            width: None,
            room: ROOM,
            sortable: false,
            number: false,
            actions: false,
        }
    }
}

/// What stands at a place of the list.
#[derive(Clone, Debug, PartialEq)]
pub enum GridEntry<T> {
    /// The head of a group of rows, over all columns.
    Heading {
        /// What it is known by, whatever its place; no entry shares it.
        id: String,
        /// What its rows have in common.
        label: String,
        /// How many rows it has.
        count: u64,
        /// Whether these are shown.
        open: bool,
    },
    /// A row.
    Row {
        /// What it is known by, whatever its place; no entry shares it.
        id: String,
        /// What it is called: "Berlin".
        name: String,
        /// A word for style sheets (`data-state`).
        state: &'static str,
        /// A word for style sheets about what became of it (`data-mark`).
        mark: Option<&'static str>,
        /// What is drawn.
        row: T,
    },
}

impl<T> GridEntry<T> {
    /// What it is known by.
    pub fn id(&self) -> &str {
        match self {
            Self::Heading { id, .. } | Self::Row { id, .. } => id,
        }
    }
}

/// Draws a cell of one row, by the id of its column.
pub type DrawCell = Box<dyn Fn(&'static str) -> AnyView>;

/// Where the rows come from. Places count from 0, over headings and rows alike.
pub struct GridSource<T: 'static> {
    /// Entries that can be drawn: those of the page, or all.
    pub count: Signal<usize>,
    /// How many entries of the whole answer stand before the first of these.
    pub offset: Signal<u64>,
    /// Entries of the whole answer, drawn or not.
    pub total: Signal<u64>,
    /// What stands at a place; tracks what that depends on.
    pub entry: UnsyncCallback<(usize,), Option<GridEntry<T>>>,
    /// The place of an entry that is known by this, if it is among those that can be drawn.
    pub place_of: UnsyncCallback<(String,), Option<usize>>,
    /// Begins to draw a row: what all its cells need is worked out once.
    pub row: UnsyncCallback<(T,), DrawCell>,
}

impl<T> Clone for GridSource<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for GridSource<T> {}

/// What is picked or dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// The row at a place, or no longer.
    Toggle(usize),
    /// All rows from the one that was picked last to the one at a place.
    To(usize),
    /// All rows that can be drawn.
    All,
    /// None of these.
    Nothing,
}

/// How many of the rows that can be drawn are picked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Picked {
    /// None.
    #[default]
    Nothing,
    /// Some.
    Some,
    /// All.
    All,
}

/// The column of boxes to tick.
#[derive(Clone, Copy)]
pub struct GridSelect {
    /// Whether an entry is picked, by what it is known by; tracks.
    pub picked: UnsyncCallback<(String,), bool>,
    /// How many are.
    pub all: Signal<Picked>,
    /// The reader picked something.
    pub on_pick: UnsyncCallback<(Pick,)>,
}

/// Where a list that is drawn in parts is scrolled to.
#[derive(Clone, Copy)]
pub struct GridScroll {
    /// The place that shall be the first on the screen; taken out once it is.
    pub to: RwSignal<Option<usize>>,
    /// The first place on the screen is another.
    pub on_first: UnsyncCallback<(usize,)>,
}

/// How much room a row has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Density {
    /// Two lines of text.
    #[default]
    Comfortable,
    /// One.
    Compact,
    /// Three.
    Roomy,
}

impl Density {
    /// The height of a row in `rem`, where all rows have one height. The style sheet has the same numbers.
    pub(super) fn row_rem(self) -> f64 {
        match self {
            Self::Comfortable => 3.25,
            Self::Compact => 2.25,
            Self::Roomy => 4.5,
        }
    }
}
