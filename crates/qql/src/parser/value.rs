//! Values: words, quoted ones, lists and ranges.

use super::Parser;
use crate::error::{ErrorKind, Expected, insertion, removal, replacement};
use crate::kind::Kind;

impl Parser<'_> {
    /// The value behind the operator at `op`.
    pub(super) fn value(&mut self, op: usize) {
        let is_there = match self.kind() {
            Some(Kind::Quoted | Kind::Exact | Kind::LeftBracket) => true,
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
        if let Some(Kind::LeftBracket | Kind::LeftParen) = self.kind() {
            return self.bracketed();
        }
        let mark = self.mark();
        let first = self.pos;
        self.single();
        if self.at(Kind::Dots) {
            self.range_without_brackets(first);
            self.wrap(mark, Kind::Range);
        }
    }

    /// A value of one piece, outside of brackets.
    fn single(&mut self) {
        match self.kind() {
            Some(Kind::Quoted | Kind::Exact) => self.bump(),
            _ => self.words(false),
        }
    }

    /// `1 .. 5`. Reads the dots and what follows; the lower end begins with the token at `first`.
    fn range_without_brackets(&mut self, first: usize) {
        self.bump();
        let has_high = match self.kind() {
            Some(Kind::Quoted | Kind::Exact) => true,
            Some(Kind::Word) => !self.is_clause_start(self.pos),
            _ => false,
        };
        if has_high {
            self.single();
        }
        let range = self.start_of(first)..self.end_before(self.pos);
        // Commas would make a list of it.
        let has_comma =
            self.tokens.get(first..self.pos).unwrap_or(&[]).iter().any(|token| token.kind == Kind::Comma);
        let text = self.text.get(range.clone()).unwrap_or("");
        let is_lost = self.open_end && self.pos >= self.tokens.len();
        let fix = if has_high && !has_comma && !is_lost {
            replacement(range.clone(), &["[", text, "]"].concat())
        } else {
            None
        };
        self.errors.push(range, ErrorKind::MissingBrackets, Expected::Brackets, fix);
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

    /// Unquoted words. The next token is a word. Inside brackets the keywords are words too, and `,` ends them.
    fn words(&mut self, is_inside: bool) {
        let mark = self.mark();
        self.bump_as(Kind::Word);
        while let Some(kind) = self.kind() {
            let goes_on = match kind {
                Kind::Word => is_inside || self.is_glued(self.pos) || !self.is_clause_start(self.pos),
                Kind::Comma => !is_inside,
                Kind::And | Kind::Or | Kind::Not => is_inside && !self.is_join_at(self.pos),
                // `10:30`, `abc==`: part of a word only when nothing stands between.
                _ => kind.is_comparison() && self.is_glued(self.pos),
            };
            if !goes_on || self.is_behind_comment(self.pos) {
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
        let has_first = self.item();
        let kind = if self.at(Kind::Dots) {
            self.range_behind_low(open, has_first);
            Kind::Range
        } else {
            self.list_behind_first(open, has_first);
            Kind::List
        };
        self.close(open, close);
        self.wrap(mark, kind);
    }

    fn range_behind_low(&mut self, open: usize, has_low: bool) {
        let is_square = self.kind_at(open) == Some(Kind::LeftBracket);
        let end = if is_square { Expected::ClosingBracket } else { Expected::ClosingParen };
        let dots = self.pos;
        self.bump();
        let has_high = self.item();
        if !has_low || !has_high {
            self.error(dots, ErrorKind::MissingValue, Expected::Value, None);
        }
        while let Some(Kind::Comma | Kind::Dots) = self.kind() {
            self.stray_run(self.pos, self.pos + 1, end, false);
            self.item();
        }
    }

    fn list_behind_first(&mut self, open: usize, has_first: bool) {
        let mut has_item = has_first;
        loop {
            let separator = self.pos;
            match self.kind() {
                Some(Kind::Comma) => self.bump(),
                Some(Kind::Dots) => self.stray_run(separator, separator + 1, Expected::Separator, false),
                _ => break,
            }
            let has_next = self.item();
            if self.kind_at(separator) == Some(Kind::Comma) && !(has_item && has_next) {
                // Without its comma, `[, .. 5]` would turn from a list into a range.
                let is_list = !self.at(Kind::Dots);
                let comma = self.token(separator).filter(|_| is_list);
                let fix = comma.and_then(|token| removal(self.text, token.range()));
                self.error(separator, ErrorKind::MissingValue, Expected::Value, fix);
            }
            has_item |= has_next;
        }
        if !has_item {
            self.error(open, ErrorKind::MissingValue, Expected::Value, None);
        }
    }

    /// Reads one value inside brackets and whatever stands behind it up to the next `,` or `..` or bracket.
    /// Gives false when nothing stands there at all.
    fn item(&mut self) -> bool {
        let first = self.pos;
        match self.kind() {
            Some(Kind::Quoted | Kind::Exact) => self.bump(),
            Some(Kind::Word | Kind::And | Kind::Or | Kind::Not) if !self.is_join_at(self.pos) => {
                self.words(true)
            }
            _ => {}
        }
        self.stray_in_brackets();
        self.pos > first
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
                Some(Kind::Word | Kind::Quoted | Kind::Exact) => {}
                // `10:30` is a value; `sub:1` begins a nested query.
                Some(kind)
                    if kind.is_comparison() && self.is_glued(index) && !self.is_clause_start(index - 1) => {}
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
