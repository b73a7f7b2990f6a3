//! The query that is being written: its text, what is known of it, and the steps back.
//!
//! The text is the single truth. The field, the chips and the builder are views of it: each changes it through
//! [`Model::typed`] or [`Model::edit`], and is drawn anew from what is known of it.

use std::ops::Range;
use std::sync::Arc;

use leptos::prelude::*;

use crate::ui::memo;
use qql::{Parse, Split};

use super::drawn::Drawn;
use super::history::{Focus, History, Step};
use super::language::Language;
use super::problems::{Problem, problems};

/// Bytes above which a text is shown without clauses, and runs only when it is told to.
const LONG: usize = 20_000;

/// What is known of a text.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) text: Arc<str>,
    pub(super) parse: Arc<Parse>,
    /// With these it cannot run.
    pub(super) faults: Vec<Problem>,
    /// Worth knowing, though it can run.
    pub(super) notes: Vec<Problem>,
    /// Who answers which part; `None` while it cannot run, and for a very long text.
    pub(super) split: Option<Arc<Split>>,
}

/// The same text is known as the same.
impl PartialEq for Known {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Known {
    /// Looks at a text.
    pub(super) fn of(text: &str, language: &'static dyn Language) -> Self {
        let parse = qql::parse(text);
        let (faults, notes): (Vec<_>, Vec<_>) =
            problems(&parse, text, language).into_iter().partition(Problem::is_fatal);
        // Nobody reads where the clauses of a very long text run.
        let is_split = faults.is_empty() && text.len() <= LONG;
        let split = if is_split { language.split(&parse).map(Arc::new) } else { None };
        Self { text: Arc::from(text), parse: Arc::new(parse), faults, notes, split }
    }

    /// Whether it is too long to have been written by hand.
    pub(super) fn is_long(&self) -> bool {
        LONG < self.text.len()
    }

    /// Whether it can run before the person says so: nothing is wrong, all names in it are known, and it is short
    /// enough to have been written.
    pub(super) fn runs_alone(&self) -> bool {
        self.text.len() <= LONG && self.faults.is_empty() && !self.notes.iter().any(Problem::is_unverified)
    }
}

/// The letter that was typed at the caret; `None` for any other change.
fn typed_letter(before: &str, from: &Range<usize>, text: &str, to: &Range<usize>) -> Option<char> {
    let letter = text.get(from.start..to.start)?;
    let mut chars = letter.chars();
    let first = chars.next()?;
    let is_one = chars.next().is_none() && from.is_empty() && text.len() == before.len() + letter.len();
    (is_one && before.get(..from.start)? == text.get(..from.start)?).then_some(first)
}

/// The query that is being written. A handle: copies are the same query.
#[derive(Clone, Copy)]
pub(super) struct Model {
    pub(super) language: &'static dyn Language,
    pub(super) text: RwSignal<String>,
    known: Memo<Known>,
    drawn: Memo<Option<Drawn>>,
    history: RwSignal<History>,
    /// Where the focus goes next. The view whose kind it is takes it.
    wish: RwSignal<Option<Focus>>,
    /// Where the reader was last in the text.
    caret: RwSignal<Range<usize>>,
}

impl Model {
    pub(super) fn new(text: String, language: &'static dyn Language) -> Self {
        let text = RwSignal::new(text);
        let known = memo(move |_| text.with(|it| Known::of(it, language)));
        Self {
            language,
            text,
            known,
            drawn: memo(move |_| known.with(Drawn::of)),
            history: RwSignal::new(History::default()),
            wish: RwSignal::new(None),
            caret: RwSignal::new(0..0),
        }
    }

    /// The text; tracks.
    pub(super) fn text(self) -> String {
        self.text.get()
    }

    /// The text at this moment.
    pub(super) fn text_now(self) -> String {
        self.text.get_untracked()
    }

    /// What is known of the text.
    pub(super) fn known(self) -> Memo<Known> {
        self.known
    }

    /// The clauses and groups of the text; `None` for one that is too long.
    pub(super) fn drawn(self) -> Memo<Option<Drawn>> {
        self.drawn
    }

    /// The text of the field after a letter, a paste or a deletion, and the selection in bytes.
    pub(super) fn typed(self, text: String, caret: Range<usize>) {
        let before = self.text.get_untracked();
        if before == text {
            self.caret.set(caret);
            return;
        }
        let letter = typed_letter(&before, &self.caret.get_untracked(), &text, &caret);
        let (is_letter, ends_word) = (letter.is_some(), letter.is_none_or(char::is_whitespace));
        let step = Step { text: before, focus: Focus::Text(self.caret.get_untracked()) };
        self.history.update(|it| match is_letter {
            true => it.record_typing(step, ends_word),
            false => it.record(step),
        });
        self.caret.set(caret);
        self.text.set(text);
    }

    /// The selection of the field moved.
    pub(super) fn moved(self, caret: Range<usize>) {
        if self.caret() != caret {
            self.caret.set(caret);
        }
    }

    /// Where the reader is in the text, in bytes; tracks.
    pub(super) fn place(self) -> Range<usize> {
        self.caret.get()
    }

    /// Where the reader was last in the text, in bytes.
    pub(super) fn caret(self) -> Range<usize> {
        self.caret.get_untracked()
    }

    /// Another text in one step: from where the reader was to where they go.
    pub(super) fn edit(self, text: String, from: Focus, to: Focus) {
        let before = self.text.get_untracked();
        if before != text {
            self.history.update(|it| it.record(Step { text: before, focus: from }));
            self.text.set(text);
        }
        self.go(to);
    }

    /// Another text after a letter in a control of the builder, whose clause stood at `from`. The focus stays; all
    /// that is typed into one control is one step.
    pub(super) fn typed_in_control(self, text: String, from: Focus) {
        let before = self.text.get_untracked();
        if before != text {
            self.history.update(|it| it.record_typing(Step { text: before, focus: from }, false));
            self.text.set(text);
        }
    }

    /// What is typed from now on is another step.
    pub(super) fn settle(self) {
        self.history.update(History::settle);
    }

    /// Another text from outside, such as one of the browser's history; the focus stays where it is.
    pub(super) fn follow(self, text: String) {
        let before = self.text.get_untracked();
        if before != text {
            let step = Step { text: before, focus: Focus::Text(self.caret.get_untracked()) };
            self.history.update(|it| it.record(step));
            self.text.set(text);
        }
    }

    /// One step back. `at` is where the reader is now.
    pub(super) fn undo(self, at: Focus) {
        self.step(at, History::undo);
    }

    /// One step forth.
    pub(super) fn redo(self, at: Focus) {
        self.step(at, History::redo);
    }

    fn step(self, at: Focus, turn: fn(&mut History, Step) -> Option<Step>) {
        let now = Step { text: self.text.get_untracked(), focus: at };
        if let Some(Step { text, focus }) = self.history.try_update(|it| turn(it, now)).flatten() {
            self.text.set(text);
            self.go(focus);
        }
    }

    /// Whether there is a step back; tracks.
    pub(super) fn has_past(self) -> bool {
        self.history.with(History::has_past)
    }

    /// Whether there is a step forth; tracks.
    pub(super) fn has_future(self) -> bool {
        self.history.with(History::has_future)
    }

    /// Sends the focus somewhere.
    pub(super) fn go(self, to: Focus) {
        if let Focus::Text(at) = &to {
            self.moved(at.clone());
        }
        self.wish.set(Some(to));
    }

    /// Takes the wish for the focus if `is_mine` says that it is for this view; tracks.
    pub(super) fn take_wish(self, is_mine: fn(&Focus) -> bool) -> Option<Focus> {
        let wish = self.wish.get().filter(is_mine)?;
        self.wish.set(None);
        Some(wish)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_one_character_at_the_caret() {
        assert_eq!(typed_letter("ab", &(1..1), "aüb", &(3..3)), Some('ü'));
        assert_eq!(typed_letter("ab", &(2..2), "ab ", &(3..3)), Some(' '));
        // Pasted, deleted, replaced, typed elsewhere than at the last caret.
        assert_eq!(typed_letter("ab", &(2..2), "abcd", &(4..4)), None);
        assert_eq!(typed_letter("ab", &(2..2), "a", &(1..1)), None);
        assert_eq!(typed_letter("ab", &(0..1), "xb", &(1..1)), None);
        assert_eq!(typed_letter("ab", &(0..0), "abx", &(3..3)), None);
    }
}
