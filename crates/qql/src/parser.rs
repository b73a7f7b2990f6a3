//! Builds the tree: terms here, values in `value`, what is done about errors in `recover`.
//!
//! One idea runs through the recovery: after an error the parser goes on *as if its fix had been applied*.
//! So the other errors stay the same when one is repaired, and repairing all of them comes to an end.

mod events;
mod recover;
mod value;

use self::events::{Event, Mark};
use crate::error::{ErrorKind, Errors, Expected};
use crate::kind::Kind;
use crate::lexer::{self, Token};
use crate::node::Parse;
use alloc::vec::Vec;

/// How many levels of parentheses and `NOT`s a query may have. A deeper one gets an error, not a deeper tree.
/// Far more than a person can read, and far less than the 1 MiB stack of a browser program can hold.
pub const MAX_DEPTH: usize = 128;

/// Parses `text`. Never fails and never panics; the work is linear in the length of the text.
///
/// ```
/// let parse = qql::parse("activationKey.isDisabled: false AND activationKey.countPurchased > 10");
/// assert!(parse.errors().is_empty());
/// assert_eq!(parse.text(), "activationKey.isDisabled: false AND activationKey.countPurchased > 10");
/// ```
pub fn parse(text: &str) -> Parse {
    let mut errors = Errors::new();
    let tokens = lexer::lex(text, &mut errors);
    let solid = solid(&tokens.list);
    let mut parser = Parser {
        text,
        tokens: solid,
        pos: 0,
        open: 0,
        depth: 0,
        open_end: tokens.open_end,
        steps: 0,
        events: Vec::new(),
        errors,
    };
    parser.or_expr();
    let steps = tokens.steps + tokens.list.len() + parser.steps + parser.events.len();
    let entries = events::build(text.len(), &tokens.list, &parser.events);
    Parse::new(text, entries, parser.errors.finish(&tokens.list), steps)
}

/// The tokens that are not trivia.
fn solid(tokens: &[Token]) -> Vec<Token> {
    let mut solid = Vec::with_capacity(tokens.len());
    let mut is_behind_comment = false;
    for token in tokens {
        if !token.kind.is_trivia() {
            solid.push(Token { is_behind_comment, ..*token });
        }
        is_behind_comment = token.kind == Kind::Comment || (is_behind_comment && token.kind.is_trivia());
    }
    solid
}

struct Parser<'a> {
    text: &'a str,
    /// The tokens without white space.
    tokens: Vec<Token>,
    /// Index of the next token.
    pos: usize,
    /// How many groups wait for their `)`.
    open: usize,
    /// How many groups and `NOT`s are around the next token. Invariant: at most `MAX_DEPTH`.
    depth: usize,
    /// Text appended to the query would fall into a quoted value or a skipped part, so that no missing bracket can
    /// be put there.
    open_end: bool,
    /// Tokens looked at.
    steps: usize,
    events: Vec<Event>,
    errors: Errors,
}

/// Terms. The functions that return `bool` say whether there was a term; where there was none, the next token is the
/// end or the `)` of a group.
impl Parser<'_> {
    fn or_expr(&mut self) -> bool {
        let mark = self.mark();
        if !self.and_expr() {
            return false;
        }
        let mut is_joined = false;
        while self.at(Kind::Or) {
            is_joined = true;
            let op = self.pos;
            self.check_keyword();
            self.bump();
            if !self.and_expr() {
                self.dangling_before_end(op);
            }
        }
        if is_joined {
            self.wrap(mark, Kind::OrExpr);
        }
        true
    }

    fn and_expr(&mut self) -> bool {
        self.skip_strays();
        let mark = self.mark();
        if !self.not_expr() {
            return false;
        }
        let mut is_joined = false;
        loop {
            match self.kind() {
                None | Some(Kind::Or) => break,
                Some(Kind::RightParen) if self.open > 0 => break,
                Some(Kind::RightParen) => self.unopened_paren(),
                Some(Kind::And) => {
                    is_joined = true;
                    let op = self.pos;
                    self.check_keyword();
                    self.bump();
                    if !self.not_expr() {
                        self.dangling_before_end(op);
                    }
                }
                Some(Kind::Not | Kind::LeftParen) => is_joined |= self.unjoined_term(),
                Some(Kind::Word) if self.is_clause_start(self.pos) => is_joined |= self.unjoined_term(),
                Some(_) => self.stray_text(),
            }
        }
        if is_joined {
            self.wrap(mark, Kind::AndExpr);
        }
        true
    }

    /// A term that follows another one with no keyword between them. Read as if there were an `AND`.
    fn unjoined_term(&mut self) -> bool {
        let first = self.pos;
        let found = self.not_expr();
        if found {
            self.missing_join(first);
        }
        found
    }

    fn not_expr(&mut self) -> bool {
        self.skip_strays();
        if !self.at(Kind::Not) {
            return self.operand();
        }
        if self.depth >= MAX_DEPTH {
            self.too_deep();
            return true;
        }
        let mark = self.mark();
        let op = self.pos;
        self.bump();
        self.depth += 1;
        let found = self.not_expr();
        self.depth -= 1;
        self.wrap(mark, Kind::NotExpr);
        if !found {
            self.dangling_before_end(op);
        }
        found
    }

    fn operand(&mut self) -> bool {
        let Some(kind) = self.kind() else { return false };
        let next = self.kind_at(self.pos + 1);
        match kind {
            Kind::RightParen => return false,
            Kind::LeftParen => self.group(),
            _ if kind.is_comparison() => self.clause_without_field(),
            Kind::Word | Kind::Quoted | Kind::Exact if next.is_some_and(Kind::is_comparison) => self.clause(),
            Kind::Word if self.is_name_at(self.pos) => self.clause_without_op(),
            _ => self.value_without_field(),
        }
        true
    }

    /// `( … )`. Always reads the opening parenthesis.
    fn group(&mut self) {
        if self.depth >= MAX_DEPTH {
            return self.too_deep();
        }
        let mark = self.mark();
        let open = self.pos;
        self.bump();
        self.depth += 1;
        self.open += 1;
        let found = self.or_expr();
        self.open -= 1;
        self.depth -= 1;
        if !found {
            self.error(open, ErrorKind::EmptyGroup, Expected::Clause, None);
        }
        if self.at(Kind::RightParen) {
            self.bump();
        } else {
            self.unclosed(open);
        }
        self.wrap(mark, Kind::Group);
    }

    /// A field, an operator and a value. The next token is the field.
    fn clause(&mut self) {
        let mark = self.mark();
        let field = self.pos;
        self.field();
        let op = self.comparison(field);
        self.value_of_clause(mark, op);
    }

    /// An operator with no field in front of it, and its value.
    fn clause_without_field(&mut self) {
        self.error(self.pos, ErrorKind::MissingField, Expected::Field, None);
        let mark = self.mark();
        let op = self.comparison(self.pos);
        self.value_of_clause(mark, op);
    }

    fn value_of_clause(&mut self, mark: Mark, op: usize) {
        if self.at(Kind::LeftParen) && !self.is_open_range(self.pos) {
            self.group();
            return self.wrap(mark, Kind::Nested);
        }
        self.value(op);
        self.wrap(mark, Kind::Clause);
    }

    fn field(&mut self) {
        let mark = self.mark();
        self.check_field();
        self.bump();
        self.wrap(mark, Kind::Field);
    }

    /// The operator, and all operators behind it, of which each is one too many. Gives the place of the last one.
    fn comparison(&mut self, field: usize) -> usize {
        let first = self.pos;
        self.bump();
        while self.kind().is_some_and(Kind::is_comparison) {
            self.bump();
        }
        self.check_comparison(field, first);
        self.pos - 1
    }
}

/// Looking at tokens.
impl Parser<'_> {
    fn token(&self, index: usize) -> Option<Token> {
        self.tokens.get(index).copied()
    }

    fn kind_at(&mut self, index: usize) -> Option<Kind> {
        self.steps += 1;
        self.tokens.get(index).map(|token| token.kind)
    }

    fn kind(&mut self) -> Option<Kind> {
        self.kind_at(self.pos)
    }

    fn at(&mut self, kind: Kind) -> bool {
        self.kind() == Some(kind)
    }

    fn text_at(&self, index: usize) -> &str {
        self.token(index).and_then(|token| self.text.get(token.range())).unwrap_or("")
    }

    /// Byte position of the token at `index`, or the end of the text.
    fn start_of(&self, index: usize) -> usize {
        self.token(index).map_or(self.text.len(), |token| token.start)
    }

    /// Byte position behind the token in front of the one at `index`, or 0.
    fn end_before(&self, index: usize) -> usize {
        index.checked_sub(1).and_then(|index| self.token(index)).map_or(0, |token| token.end)
    }

    /// A comment stands in front of the token at `index`, which ends unquoted words.
    fn is_behind_comment(&self, index: usize) -> bool {
        self.token(index).is_some_and(|token| token.is_behind_comment)
    }

    /// No white space between the token at `index` and the one in front of it.
    fn is_glued(&self, index: usize) -> bool {
        index > 0 && self.end_before(index) == self.start_of(index)
    }

    fn is_name_at(&self, index: usize) -> bool {
        crate::quote::is_field_name(self.text_at(index))
    }

    /// A field name and an operator: the start of a clause, even in the middle of unquoted words.
    fn is_clause_start(&mut self, index: usize) -> bool {
        self.kind_at(index) == Some(Kind::Word)
            && self.kind_at(index + 1).is_some_and(Kind::is_comparison)
            && self.is_name_at(index)
    }
}
