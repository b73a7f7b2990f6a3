//! What the parser does about errors: say what is wrong, propose a fix, go on as if it had been applied.

use super::Parser;
use crate::error::{ErrorKind, Expected, Fix, insertion, removal, replacement};
use crate::expr::Op;
use crate::kind::Kind;
use crate::lexer::unquote;
use alloc::string::String;
use core::ops::Range;

impl Parser<'_> {
    /// An error at the token at `index`.
    pub(super) fn error(&mut self, index: usize, kind: ErrorKind, expected: Expected, fix: Option<Fix>) {
        if let Some(token) = self.token(index) {
            self.errors.push(token.range(), kind, expected, fix);
        }
    }

    /// Reads what cannot begin a term, up to something that can, or the end, or the `)` of a group.
    pub(super) fn skip_strays(&mut self) {
        loop {
            match self.kind() {
                Some(Kind::And | Kind::Or) => self.dangling_before_term(),
                Some(Kind::RightParen) if self.open == 0 => self.unopened_paren(),
                Some(Kind::Comma | Kind::Dots | Kind::RightBracket) => self.stray_punctuation(),
                _ => return,
            }
        }
    }

    /// `AND` or `OR` with no term in front of it. Reads it.
    fn dangling_before_term(&mut self) {
        let start = self.start_of(self.pos);
        let end = match self.token(self.pos + 1) {
            Some(next) => next.start,
            None => self.end_before(self.pos + 1),
        };
        let fix = removal(self.text, start..end);
        self.error(self.pos, ErrorKind::DanglingOperator, Expected::Clause, fix);
        self.check_keyword();
        self.bump_stray(1);
    }

    /// The keyword at `op`, read already, has no term behind it.
    pub(super) fn dangling_before_end(&mut self, op: usize) {
        let fix = removal(self.text, self.end_before(op)..self.end_before(op + 1));
        self.error(op, ErrorKind::DanglingOperator, Expected::Clause, fix);
    }

    /// The term that begins with the token at `first` needs a keyword in front of it.
    pub(super) fn missing_join(&mut self, first: usize) {
        let join = if self.is_glued(first) { " AND " } else { "AND " };
        let fix = insertion(self.start_of(first), join);
        self.error(first, ErrorKind::MissingJoin, Expected::Join, fix);
    }

    /// Says so when the keyword that comes next is spelled as in another language.
    pub(super) fn check_keyword(&mut self) {
        let spelling = match self.text_at(self.pos) {
            "&&" => "AND",
            "||" => "OR",
            _ => return,
        };
        let fix = self.token(self.pos).and_then(|token| replacement(token.range(), spelling));
        self.error(self.pos, ErrorKind::WrongOperator, Expected::Join, fix);
    }

    /// A run of `)` that close nothing. Reads them.
    pub(super) fn unopened_paren(&mut self) {
        let first = self.pos;
        let mut end = first;
        while self.kind_at(end) == Some(Kind::RightParen) {
            end += 1;
        }
        self.remove_run(first, end, ErrorKind::UnopenedParen);
    }

    fn stray_punctuation(&mut self) {
        let first = self.pos;
        let mut end = first;
        while matches!(self.kind_at(end), Some(Kind::Comma | Kind::Dots | Kind::RightBracket)) {
            end += 1;
        }
        self.remove_run(first, end, ErrorKind::UnexpectedText);
    }

    fn remove_run(&mut self, first: usize, end: usize, kind: ErrorKind) {
        let range = self.start_of(first)..self.end_before(end);
        let fix = self.removal_of(&range);
        self.errors.push(range, kind, Expected::Nothing, fix);
        self.bump_stray(end - first);
    }

    /// Text behind a clause that belongs to nothing. Reads it up to something that can go on.
    /// Only punctuation is proposed for removal: words may be what the writer cares for.
    pub(super) fn stray_text(&mut self) {
        let first = self.pos;
        let mut end = first;
        let mut has_words = false;
        while let Some(kind) = self.kind_at(end) {
            let goes_on = kind.is_keyword() || matches!(kind, Kind::LeftParen | Kind::RightParen);
            if end > first && (goes_on || self.is_clause_start(end)) {
                break;
            }
            has_words |= kind == Kind::Word || kind.is_quoted();
            end += 1;
        }
        self.stray_run(first, end, Expected::Join, !has_words);
    }

    /// Marks the tokens from `first` up to `end` as out of place and reads them.
    pub(super) fn stray_run(&mut self, first: usize, end: usize, expected: Expected, can_remove: bool) {
        let range = self.start_of(first)..self.end_before(end);
        let fix = if can_remove { self.removal_of(&range) } else { None };
        self.errors.push(range, ErrorKind::UnexpectedText, expected, fix);
        self.bump_stray(end - first);
    }

    /// Taking it away, unless that would turn what stands behind it into a comment: `../*`.
    fn removal_of(&self, range: &Range<usize>) -> Option<Fix> {
        let opens_comment = self.text.get(range.end..).is_some_and(|it| it.starts_with("/*"));
        if opens_comment { None } else { removal(self.text, range.clone()) }
    }

    fn bump_stray(&mut self, n_tokens: usize) {
        let mark = self.mark();
        for _ in 0..n_tokens {
            self.bump();
        }
        self.wrap(mark, Kind::Stray);
    }

    /// The bracket at `open` is never closed; the next token, or the end, is where it should have been.
    pub(super) fn unclosed(&mut self, open: usize) {
        let is_square = self.kind_at(open) == Some(Kind::LeftBracket);
        let (kind, expected, close) = if is_square {
            (ErrorKind::UnclosedBracket, Expected::ClosingBracket, "]")
        } else {
            (ErrorKind::UnclosedParen, Expected::ClosingParen, ")")
        };
        let is_lost = self.open_end && self.pos >= self.tokens.len();
        let fix = if is_lost { None } else { insertion(self.end_before(self.pos), close) };
        self.error(open, kind, expected, fix);
    }

    /// Reads a part that is too deep without going deeper: up to the end of the group around it.
    pub(super) fn too_deep(&mut self) {
        self.error(self.pos, ErrorKind::TooDeep, Expected::LessDepth, None);
        let mark = self.mark();
        let mut inner = 0_usize;
        while let Some(kind) = self.kind() {
            match kind {
                Kind::LeftParen => inner += 1,
                Kind::RightParen if inner == 0 => break,
                Kind::RightParen => inner -= 1,
                _ => {}
            }
            self.bump();
        }
        // A parenthesis put at the end would close one of the skipped ones.
        self.open_end |= inner > 0;
        self.wrap(mark, Kind::Stray);
    }

    /// Says what is wrong with the next token as a field name, if anything.
    pub(super) fn check_field(&mut self) {
        if self.is_name_at(self.pos) && self.at(Kind::Word) {
            return;
        }
        let Some(token) = self.token(self.pos) else { return };
        let text = self.text_at(self.pos);
        let is_quoted = token.kind.is_quoted();
        let bare = if is_quoted { unquote(text) } else { text };
        // `-a: 1` and `!a: 1` are how other languages write NOT; dropping the sign would turn the meaning around.
        let negated = if is_quoted { None } else { bare.strip_prefix(['!', '-']) };
        // Only from the ends: what stands inside may be meant, and dropping it would make up another name.
        let is_outside = |c: char| !c.is_ascii_alphanumeric() && c != '_';
        let name = negated.unwrap_or(bare).trim_matches(is_outside);
        let fix = match negated {
            _ if !crate::quote::is_field_name(name) => None,
            Some(_) => replacement(token.range(), &["NOT ", name].concat()),
            None => replacement(token.range(), name),
        };
        self.error(self.pos, ErrorKind::InvalidField, Expected::Field, fix);
    }

    /// Says what is wrong with the operators from `first` up to the next token, if anything. There has to be one of
    /// them, and in front of a nested query it has to be a colon.
    pub(super) fn check_comparison(&mut self, field: usize, first: usize) {
        let is_nested = self.at(Kind::LeftParen) && !self.is_open_range(self.pos);
        let kinds = self.tokens.get(first..self.pos).unwrap_or(&[]).iter().map(|token| token.kind);
        let is_wrong = |kind| kind == Kind::NotEq || (is_nested && kind != Kind::Colon);
        if self.pos == first + 1 && !kinds.clone().any(is_wrong) {
            return;
        }
        let mut op = Kind::Colon;
        let mut is_negated = false;
        for kind in kinds {
            op = match (op, kind) {
                (Kind::Lt, Kind::Gt) | (_, Kind::NotEq) => {
                    is_negated = true;
                    Kind::Eq
                }
                (_, Kind::Colon) => op,
                (Kind::Eq, Kind::Gt) | (Kind::Gt, Kind::Eq) => Kind::Ge,
                (Kind::Eq, Kind::Lt) | (Kind::Lt, Kind::Eq) => Kind::Le,
                _ => kind,
            };
        }
        if is_nested {
            op = Kind::Colon;
        }
        let symbol = Op::from_kind(op).map_or("", Op::symbol);
        let range = self.start_of(first)..self.end_before(self.pos);
        let fix = match is_negated {
            false => replacement(range.clone(), symbol),
            true if field < first && self.is_name_at(field) => {
                let text: String = ["NOT ", self.text_at(field), " ", symbol].concat();
                replacement(self.start_of(field)..range.end, &text)
            }
            true => None,
        };
        self.errors.push(range, ErrorKind::WrongOperator, Expected::Comparison, fix);
    }
}
