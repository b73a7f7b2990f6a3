//! What the keys of a grid mean.

/// A step from cell to cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Up,
    Down,
    Back,
    On,
    RowStart,
    RowEnd,
    First,
    Last,
    PageUp,
    PageDown,
}

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// To another cell.
    Go(Step),
    /// To another row, and all rows up to it are picked.
    Extend(Step),
    /// This row is picked, or dropped.
    Pick,
    /// All rows from the last that was picked to this one.
    PickTo,
    /// All rows.
    PickAll,
    /// What the cell is for: opening the row, sorting.
    Enter,
    /// To what is inside the cell.
    Inside,
    /// Back to the cell.
    Outside,
}

/// A key with what is held beside it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pressed<'a> {
    pub(super) key: &'a str,
    pub(super) shift: bool,
    /// Ctrl, or Command.
    pub(super) ctrl: bool,
    pub(super) alt: bool,
    /// The page is written from right to left.
    pub(super) rtl: bool,
}

impl Pressed<'_> {
    /// What it asks for on a cell; `None` for a key that is not the grid's.
    pub(super) fn wish(self) -> Option<Wish> {
        if self.alt {
            return None;
        }
        let wish = match (self.key, self.ctrl) {
            ("a" | "A", true) if !self.shift => return Some(Wish::PickAll),
            ("Enter", false) => Wish::Enter,
            ("F2", false) => Wish::Inside,
            ("Escape", false) => Wish::Outside,
            (" ", false) if self.shift => return Some(Wish::PickTo),
            (" ", false) => Wish::Pick,
            _ => return self.step().map(|it| self.go(it)),
        };
        (!self.shift).then_some(wish)
    }

    fn go(self, step: Step) -> Wish {
        // Cells are not picked, rows are: sideways there is nothing to extend.
        let sideways = matches!(step, Step::Back | Step::On | Step::RowStart | Step::RowEnd);
        if self.shift && !sideways { Wish::Extend(step) } else { Wish::Go(step) }
    }

    fn step(self) -> Option<Step> {
        Some(match (self.key, self.ctrl) {
            ("ArrowUp", false) => Step::Up,
            ("ArrowDown", false) => Step::Down,
            ("ArrowLeft", false) if self.rtl => Step::On,
            ("ArrowRight", false) if self.rtl => Step::Back,
            ("ArrowLeft", false) => Step::Back,
            ("ArrowRight", false) => Step::On,
            ("Home", false) => Step::RowStart,
            ("End", false) => Step::RowEnd,
            ("Home", true) => Step::First,
            ("End", true) => Step::Last,
            ("PageUp", false) => Step::PageUp,
            ("PageDown", false) => Step::PageDown,
            _ => return None,
        })
    }
}

/// A cell: its row, where `None` is the head, and its column, from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) row: Option<usize>,
    pub(super) column: usize,
}

/// How far one can go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Rows of a screenful.
    pub(super) page: usize,
}

impl Cursor {
    /// The cell after a step. At an edge it stays.
    pub(super) fn after(self, step: Step, bounds: Bounds) -> Self {
        let Bounds { rows, columns, page } = bounds;
        let last = rows.checked_sub(1);
        let (row, column) = (self.row, self.column.min(columns.saturating_sub(1)));
        let down = |by: usize| match row {
            None => last.map(|_| by - 1),
            Some(it) => Some(it.saturating_add(by)),
        };
        let (row, column) = match step {
            Step::Up => (row.and_then(|it| it.checked_sub(1)), column),
            Step::Down => (down(1), column),
            // By screenfuls one does not get from the rows into the head.
            Step::PageUp => (row.map(|it| it.saturating_sub(page)), column),
            Step::PageDown => (down(page.max(1)), column),
            Step::Back => (row, column.saturating_sub(1)),
            Step::On => (row, column + 1),
            Step::RowStart => (row, 0),
            Step::RowEnd => (row, columns),
            Step::First => (last.map(|_| 0), 0),
            Step::Last => (last, columns),
        };
        Self { row, column }.within(bounds)
    }

    /// The nearest cell that there is.
    pub(super) fn within(self, bounds: Bounds) -> Self {
        let row = self.row.and_then(|it| Some(it.min(bounds.rows.checked_sub(1)?)));
        Self { row, column: self.column.min(bounds.columns.saturating_sub(1)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(keys: &str) -> Option<Wish> {
        let mut pressed = Pressed::default();
        for part in keys.split('+') {
            match part {
                "Shift" => pressed.shift = true,
                "Ctrl" => pressed.ctrl = true,
                "Alt" => pressed.alt = true,
                "Space" => pressed.key = " ",
                key => pressed.key = key,
            }
        }
        pressed.wish()
    }

    #[test]
    fn keys_are_those_of_the_grid_pattern() {
        assert_eq!(wish("ArrowDown"), Some(Wish::Go(Step::Down)));
        assert_eq!(wish("Shift+ArrowDown"), Some(Wish::Extend(Step::Down)));
        assert_eq!(wish("Shift+ArrowRight"), Some(Wish::Go(Step::On)));
        assert_eq!(wish("Ctrl+Home"), Some(Wish::Go(Step::First)));
        assert_eq!(wish("Space"), Some(Wish::Pick));
        assert_eq!(wish("Shift+Space"), Some(Wish::PickTo));
        assert_eq!(wish("Ctrl+a"), Some(Wish::PickAll));
        // Those of the browser and of the reader's tools are left alone.
        for other in ["a", "Ctrl+c", "Alt+ArrowLeft", "Ctrl+ArrowDown", "Tab", "Ctrl+Shift+a", "Shift+Enter"]
        {
            assert_eq!(wish(other), None, "{other}");
        }
        let rtl = Pressed { key: "ArrowLeft", rtl: true, ..Pressed::default() };
        assert_eq!(rtl.wish(), Some(Wish::Go(Step::On)));
    }

    #[test]
    fn steps_end_at_the_edges() {
        let bounds = Bounds { rows: 100, columns: 10, page: 20 };
        let check = |from: (Option<usize>, usize), step, to: (Option<usize>, usize)| {
            let after = Cursor { row: from.0, column: from.1 }.after(step, bounds);
            assert_eq!((after.row, after.column), to, "{step:?}");
        };
        check((None, 3), Step::Down, (Some(0), 3));
        check((Some(0), 3), Step::Up, (None, 3));
        check((None, 3), Step::Up, (None, 3));
        check((Some(99), 3), Step::Down, (Some(99), 3));
        check((Some(90), 3), Step::PageDown, (Some(99), 3));
        check((Some(10), 3), Step::PageUp, (Some(0), 3));
        check((None, 0), Step::PageDown, (Some(19), 0));
        check((Some(5), 0), Step::Back, (Some(5), 0));
        check((Some(5), 9), Step::On, (Some(5), 9));
        check((Some(5), 4), Step::RowEnd, (Some(5), 9));
        check((Some(5), 4), Step::First, (Some(0), 0));
        check((None, 4), Step::Last, (Some(99), 9));
    }

    #[test]
    fn without_rows_there_is_the_head_alone() {
        let bounds = Bounds { rows: 0, columns: 3, page: 5 };
        for step in [Step::Down, Step::PageDown, Step::Last, Step::First] {
            assert_eq!(Cursor::default().after(step, bounds).row, None, "{step:?}");
        }
        assert_eq!(Cursor { row: Some(7), column: 9 }.within(bounds), Cursor { row: None, column: 2 });
    }
}
