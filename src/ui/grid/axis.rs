//! Where the rows of a long list stand, whatever of it is on the screen.

use std::ops::Range;

/// The tallest thing that every browser draws and scrolls (Firefox stops at about 17.8 million pixels). A list that is
/// taller has a scrollbar of this height, and each of its pixels stands for more than one.
const TALLEST: f64 = 12_000_000.0;

/// Rows that are drawn above and below those on the screen, so that a step of the wheel shows none that is blank.
const BEYOND: usize = 4;

/// A list of rows of one height.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Axis {
    /// How many.
    pub(super) count: usize,
    /// The height of each, in pixels.
    pub(super) row: f64,
    /// The height of what is on the screen.
    pub(super) view: f64,
}

impl Axis {
    fn whole(self) -> f64 {
        number(self.count) * self.row
    }

    /// The height of what is scrolled.
    pub(super) fn height(self) -> f64 {
        self.whole().min(TALLEST)
    }

    /// Pixels of the list that one of the scrollbar stands for.
    fn scale(self) -> f64 {
        match self.whole() > TALLEST {
            true => (self.whole() - self.view) / (TALLEST - self.view),
            false => 1.0,
        }
    }

    /// What is to be added to the place of each row while the list is scrolled so far; 0 for one that is not too tall.
    pub(super) fn shift(self, scroll: f64) -> f64 {
        scroll - scroll * self.scale()
    }

    /// Where a row stands in a list that is not too tall; see [`Axis::shift`].
    pub(super) fn top(self, at: usize) -> f64 {
        number(at) * self.row
    }

    /// Rows to draw while the list is scrolled so far.
    pub(super) fn window(self, scroll: f64) -> Range<usize> {
        if self.row <= 0.0 {
            return 0..0;
        }
        let first = whole(scroll.max(0.0) * self.scale() / self.row).min(self.count);
        let last = first.saturating_add(self.screenful() + 1).saturating_add(BEYOND);
        first.saturating_sub(BEYOND)..last.min(self.count)
    }

    /// The first row that is on the screen.
    pub(super) fn first(self, scroll: f64) -> usize {
        if self.row <= 0.0 { 0 } else { whole((scroll * self.scale() / self.row).round()) }
    }

    /// Rows that fit the screen; at least one.
    pub(super) fn screenful(self) -> usize {
        if self.row <= 0.0 { 1 } else { whole(self.view / self.row).max(1) }
    }

    /// How far to scroll so that all of a row is seen; `None` if it is.
    pub(super) fn reach(self, at: usize, scroll: f64) -> Option<f64> {
        let (top, now) = (self.top(at), scroll * self.scale());
        let to = if top < now {
            top
        } else if top + self.row > now + self.view {
            top + self.row - self.view
        } else {
            return None;
        };
        Some(to.max(0.0) / self.scale())
    }

    /// How far to scroll so that a row is the first on the screen.
    pub(super) fn scroll_for(self, at: usize) -> f64 {
        self.top(at) / self.scale()
    }
}

#[expect(clippy::cast_precision_loss, reason = "rows of a list, far below 2^53")]
fn number(it: usize) -> f64 {
    it as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of rows; a cast saturates"
)]
fn whole(it: f64) -> usize {
    it as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(count: usize) -> Axis {
        Axis { count, row: 50.0, view: 500.0 }
    }

    #[test]
    fn a_window_holds_what_is_seen_and_some_rows_beside() {
        assert_eq!(axis(745).window(0.0), 0..15);
        assert_eq!(axis(745).window(5_025.0), 96..115);
        assert_eq!(axis(745).window(36_750.0), 731..745);
        assert_eq!(axis(3).window(0.0), 0..3);
        assert_eq!(axis(0).window(0.0), 0..0);
        assert_eq!(Axis::default().window(10.0), 0..0, "nothing was measured yet");
    }

    #[test]
    fn a_list_that_is_too_tall_is_scrolled_to_its_last_row_all_the_same() {
        let tall = Axis { count: 200_000, row: 272.0, view: 500.0 };
        assert!(tall.height() <= TALLEST);
        let end = tall.height() - tall.view;
        assert_eq!(tall.window(end).end, 200_000);
        // The last row ends where what is on the screen ends.
        let bottom = tall.top(199_999) + tall.row + tall.shift(end);
        assert!((bottom - (end + tall.view)).abs() < 1.0, "{bottom}");
        assert_eq!(tall.first(0.0), 0);
        assert_eq!(tall.first(tall.scroll_for(123_456)), 123_456);
        assert_eq!(axis(200_000).shift(7_000_000.0), 0.0, "a list of usual rows is as it is");
    }

    #[test]
    fn a_row_is_reached_by_the_shortest_way() {
        assert_eq!(axis(745).reach(3, 0.0), None);
        assert_eq!(axis(745).reach(10, 0.0), Some(50.0));
        assert_eq!(axis(745).reach(2, 1_000.0), Some(100.0));
        let tall = Axis { count: 200_000, row: 272.0, view: 500.0 };
        let scroll = tall.reach(150_000, 0.0).unwrap_or_default();
        assert!(tall.window(scroll).contains(&150_000));
    }
}
