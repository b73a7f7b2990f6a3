//! Values: words, quoted ones, lists and ranges.

use super::Parser;
use crate::error::{ErrorKind, Expected, insertion, removal, replacement};
use crate::kind::Kind;

impl Parser<'_> {
    /// The value behind the operator at `op`.
    pub(super) fn value(&mut self, op: usize) {
        let is_there = match self.kind() {
            Some(Kind::Quoted | Kind::Exact | Kind::LeftBracket | Kind::Dots) => true,
            // Only behind a field, else a group was read.
            Some(Kind::LeftParen) => true,
            Some(Kind::Word) => !self.is_clause_start(self.pos) || self.is_glued_pair(self.pos),
            _ => false,
        };
        if is_there {
            self.value_here();
        } else {
            self.error(op, ErrorKind::MissingValue, Expected::Value, None);
        }
    }

    /// Reads the value that begins with the next token.
    fn value_here(&mut self) {
        match self.kind() {
            Some(Kind::Quoted | Kind::Exact) => self.bump(),
            Some(Kind::LeftBracket | Kind::LeftParen) => self.bracketed(),
            _ => self.words(false),
        }
    }

    /// A name with nothing behind it that compares. Reads the name, and the value if there is one.
    pub(super) fn clause_without_op(&mut self) {
        let mark = self.mark();
        let name = self.pos;
        self.field();
        let has_value = match self.kind() {
            Some(Kind::Quoted | Kind::Exact | Kind::LeftBracket | Kind::LeftParen) => true,
            Some(Kind::Word) => !self.is_clause_start(self.pos),
            _ => false,
        };
        let fix = if has_value { insertion(self.end_before(self.pos), ":") } else { None };
        self.error(name, ErrorKind::MissingComparison, Expected::Comparison, fix);
        if !has_value {
            return self.wrap(mark, Kind::Clause);
        }
        if self.at(Kind::LeftParen) && !self.is_open_range(self.pos) {
            self.group();
            return self.wrap(mark, Kind::Nested);
        }
        self.value_here();
        self.wrap(mark, Kind::Clause);
    }

    /// A value where a field should be. Reads it.
    pub(super) fn value_without_field(&mut self) {
        let mark = self.mark();
        let start = self.start_of(self.pos);
        self.value_here();
        let range = start..self.end_before(self.pos);
        self.errors.push(range, ErrorKind::MissingField, Expected::Field, None);
        self.wrap(mark, Kind::Clause);
    }

    /// Unquoted words. The next token is a word, or `..` outside of brackets. Inside brackets the keywords are words
    /// too, and `,` and `..` end them.
    fn words(&mut self, is_inside: bool) {
        let mark = self.mark();
        self.bump_as(Kind::Word);
        while let Some(kind) = self.kind() {
            let goes_on = match kind {
                Kind::Word => is_inside || self.is_glued(self.pos) || !self.is_clause_start(self.pos),
                Kind::Comma | Kind::Dots => !is_inside,
                Kind::And | Kind::Or | Kind::Not => is_inside && !self.is_join_at(self.pos),
                // `10:30`, `abc==`: part of a word only when nothing stands between.
                _ => kind.is_comparison() && self.is_glued(self.pos),
            };
            if !goes_on {
                break;
            }
            self.bump_as(Kind::Word);
        }
        self.wrap(mark, Kind::Words);
    }

    /// `[a, b]`, `[a .. b]` or `(a .. b)`. Always reads the opening bracket.
    fn bracketed(&mut self) {
        let mark = self.mark();
        let open = self.pos;
        let close = if self.at(Kind::LeftBracket) { Kind::RightBracket } else { Kind::RightParen };
        self.bump();
        let mut kind = Kind::List;
        let mut has_item = self.item();
        if self.at(Kind::Dots) {
            kind = Kind::Range;
            let dots = self.pos;
            if !has_item {
                self.error(dots, ErrorKind::MissingValue, Expected::Value, None);
            }
            self.bump();
            if !self.item() {
                self.error(dots, ErrorKind::MissingValue, Expected::Value, None);
            }
        } else {
            while self.at(Kind::Comma) {
                let comma = self.pos;
                self.bump();
                let has_next = self.item();
                if !has_item || !has_next {
                    let fix = self.token(comma).and_then(|token| removal(self.text, token.range()));
                    self.error(comma, ErrorKind::MissingValue, Expected::Value, fix);
                }
                has_item |= has_next;
            }
            if !has_item {
                self.error(open, ErrorKind::MissingValue, Expected::Value, None);
            }
        }
        self.close(open, close);
        self.wrap(mark, kind);
    }

    /// Reads one value inside brackets and whatever stands behind it up to the next `,` or `..` or bracket.
    fn item(&mut self) -> bool {
        let found = match self.kind() {
            Some(Kind::Quoted | Kind::Exact) => {
                self.bump();
                true
            }
            Some(Kind::Word | Kind::And | Kind::Or | Kind::Not) if !self.is_join_at(self.pos) => {
                self.words(true);
                true
            }
            _ => false,
        };
        self.stray_in_brackets();
        found
    }

    fn stray_in_brackets(&mut self) {
        let first = self.pos;
        let mut end = first;
        let mut has_words = false;
        while let Some(kind) = self.kind_at(end) {
            let ends = matches!(kind, Kind::Comma | Kind::Dots | Kind::RightBracket | Kind::RightParen);
            if ends || self.is_join_at(end) {
                break;
            }
            has_words |= kind == Kind::Word || kind.is_keyword() || kind.is_quoted();
            end += 1;
        }
        if end > first {
            self.stray_run(first, end, Expected::Separator, !has_words);
        }
    }

    fn close(&mut self, open: usize, close: Kind) {
        match self.kind() {
            Some(kind) if kind == close => self.bump(),
            // A `)` may be the one that closes the group around a list.
            Some(Kind::RightBracket) => self.mismatched(")", Expected::ClosingParen),
            Some(Kind::RightParen) if self.open == 0 => self.mismatched("]", Expected::ClosingBracket),
            _ => self.unclosed(open),
        }
    }

    fn mismatched(&mut self, close: &str, expected: Expected) {
        let fix = self.token(self.pos).and_then(|token| replacement(token.range(), close));
        self.error(self.pos, ErrorKind::MismatchedBracket, expected, fix);
        self.bump();
    }

    /// Whether the `(` at `index` opens a range and not a group: `..` comes before anything that only a group has.
    pub(super) fn is_open_range(&mut self, index: usize) -> bool {
        let mut index = index + 1;
        loop {
            match self.kind_at(index) {
                Some(Kind::Dots) => return true,
                Some(Kind::Word | Kind::Quoted | Kind::Exact | Kind::Unknown) => {}
                Some(kind)
                    if kind.is_comparison() && self.is_glued(index) && self.is_glued_pair(index - 1) => {}
                _ => return false,
            }
            index += 1;
        }
    }

    /// The token at `index`, the operator behind it and what follows that stand together without white space, as in
    /// `http://x` or `10:30`.
    fn is_glued_pair(&mut self, index: usize) -> bool {
        let is_value = matches!(self.kind_at(index + 2), Some(Kind::Word));
        is_value && self.is_glued(index + 1) && self.is_glued(index + 2)
    }

    /// `AND` or `OR` and the start of a clause: the list or range was never closed.
    fn is_join_at(&mut self, index: usize) -> bool {
        matches!(self.kind_at(index), Some(Kind::And | Kind::Or)) && self.is_clause_start(index + 1)
    }
}
