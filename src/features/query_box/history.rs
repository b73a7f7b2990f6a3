//! The steps back and forth of a query that is being written.

use std::collections::VecDeque;
use std::ops::Range;

/// Steps that are kept.
const MOST: usize = 100;

/// Where the reader was, so that a step back takes them there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Focus {
    /// In the text: the selection, in bytes.
    Text(Range<usize>),
    /// At a term of the builder: the bytes of the term.
    Item(Range<usize>),
    /// At a chip: the bytes of its term.
    Chip(Range<usize>),
}

/// A text, and where the reader was in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) text: String,
    pub(super) focus: Focus,
}

/// What was before, and what was taken back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct History {
    past: VecDeque<Step>,
    future: Vec<Step>,
    /// The newest step is one of typing, which the next letter belongs to.
    is_typing: bool,
}

impl History {
    /// Keeps what was before a change. What was taken back is gone with it.
    pub(super) fn record(&mut self, before: Step) {
        self.is_typing = false;
        self.keep(before);
    }

    /// The same for a letter that was typed: letters up to the end of a word are one step.
    pub(super) fn record_typing(&mut self, before: Step, ends_word: bool) {
        if !self.is_typing || !self.future.is_empty() {
            self.keep(before);
        }
        self.is_typing = !ends_word;
    }

    /// The next letter begins another step.
    pub(super) fn settle(&mut self) {
        self.is_typing = false;
    }

    fn keep(&mut self, before: Step) {
        self.future.clear();
        if self.past.len() >= MOST {
            self.past.pop_front();
        }
        self.past.push_back(before);
    }

    /// One step back from `now`.
    pub(super) fn undo(&mut self, now: Step) -> Option<Step> {
        let before = self.past.pop_back()?;
        self.future.push(now);
        self.is_typing = false;
        Some(before)
    }

    /// One step forth from `now`.
    pub(super) fn redo(&mut self, now: Step) -> Option<Step> {
        let after = self.future.pop()?;
        self.past.push_back(now);
        self.is_typing = false;
        Some(after)
    }

    /// Whether there is a step back.
    pub(super) fn has_past(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether there is a step forth.
    pub(super) fn has_future(&self) -> bool {
        !self.future.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(text: &str) -> Step {
        Step { text: text.to_owned(), focus: Focus::Text(text.len()..text.len()) }
    }

    fn texts(history: &mut History, now: &str) -> Vec<String> {
        let mut now = step(now);
        let mut res = Vec::new();
        while let Some(before) = history.undo(now.clone()) {
            res.push(before.text.clone());
            now = before;
        }
        res
    }

    #[test]
    fn a_hundred_steps_go_back_and_forth() {
        let mut history = History::default();
        for number in 0..150 {
            history.record(step(&number.to_string()));
        }
        let back = texts(&mut history, "150");
        assert_eq!((back.len(), back.last().map(String::as_str)), (100, Some("50")));
        let mut now = step("50");
        while let Some(after) = history.redo(now.clone()) {
            now = after;
        }
        assert_eq!(now.text, "150");
    }

    #[test]
    fn a_word_that_was_typed_is_one_step() {
        let mut history = History::default();
        for (before, ends) in [("", false), ("a", false), ("ab", true), ("ab ", false), ("ab c", false)] {
            history.record_typing(step(before), ends);
        }
        assert_eq!(texts(&mut history, "ab cd"), ["ab ", ""]);
    }

    #[test]
    fn what_was_taken_back_is_gone_after_a_change() {
        let mut history = History::default();
        history.record(step(""));
        assert_eq!(history.undo(step("a")).map(|it| it.text).as_deref(), Some(""));
        assert!(history.has_future());
        history.record(step(""));
        assert!(!history.has_future());
        assert!(history.has_past());
    }
}
