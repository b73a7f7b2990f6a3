//! Cuts the text into tokens.
//!
//! The tokens tile the text. Two things are left to the parser, because they depend on the place: whether a word is a
//! field or part of a value, and whether `,` `:` `..` and the keywords are text (inside a value or a list) or not.
//!
//! `/* … */` is a comment only where a token may begin and only when it is closed; comments stand inside each other.

use crate::error::{ErrorKind, Errors, Expected, insertion, removal, replacement};
use crate::kind::Kind;
use alloc::vec::Vec;
use core::ops::Range;

/// One token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// Byte position of the first character.
    pub(crate) start: usize,
    /// Byte position behind the last character.
    pub(crate) end: usize,
    /// A comment stands between it and the token in front of it that is not trivia. Set by the parser.
    pub(crate) is_behind_comment: bool,
}

impl Token {
    pub(crate) fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// What the lexer hands to the parser.
pub(crate) struct Tokens {
    pub(crate) list: Vec<Token>,
    /// The last token is a quote that runs to the end of the text. Whatever is appended falls into the value.
    pub(crate) open_end: bool,
    /// Characters looked at.
    pub(crate) steps: usize,
}

/// Cuts `text` into tokens. Errors go to `errors`.
pub(crate) fn lex(text: &str, errors: &mut Errors) -> Tokens {
    let mut lexer = Lexer { text, pos: 0, steps: 0, open_end: false, marks: None, errors };
    let mut list: Vec<Token> = Vec::new();
    while let Some(first) = lexer.peek() {
        let start = lexer.pos;
        let can_comment = list.last().is_none_or(|last| last.kind.ends_before_comment());
        let kind = if can_comment && lexer.comment() { Kind::Comment } else { lexer.token(first) };
        let end = lexer.pos;
        list.push(Token { kind, start, end, is_behind_comment: false });
    }
    Tokens { list, open_end: lexer.open_end, steps: lexer.steps }
}

struct Lexer<'a, 'e> {
    text: &'a str,
    /// Byte position of the next character. Always on a character boundary.
    pos: usize,
    steps: usize,
    open_end: bool,
    /// Every `/*` from the first one that was asked for, and where its `*/` ends. Looked for once, so that many marks
    /// that nothing closes cost no more than one.
    marks: Option<Vec<(usize, Option<usize>)>>,
    errors: &'e mut Errors,
}

impl Lexer<'_, '_> {
    fn rest(&self) -> &str {
        self.text.get(self.pos..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self, c: char) {
        self.pos += c.len_utf8();
        self.steps += 1;
    }

    fn eat_while(&mut self, test: impl Fn(char) -> bool) {
        while let Some(c) = self.peek().filter(|c| test(*c)) {
            self.bump(c);
        }
    }

    /// Reads one token, of which `first` is the first character, and moves behind it.
    fn token(&mut self, first: char) -> Kind {
        let rest = self.rest();
        let (kind, len) = match first {
            '"' | '\'' | '`' => return self.quoted(first),
            '(' => (Kind::LeftParen, 1),
            ')' => (Kind::RightParen, 1),
            '[' => (Kind::LeftBracket, 1),
            ']' => (Kind::RightBracket, 1),
            ',' => (Kind::Comma, 1),
            ':' => (Kind::Colon, 1),
            '=' => (Kind::Eq, 1),
            '>' if rest.starts_with(">=") => (Kind::Ge, 2),
            '>' => (Kind::Gt, 1),
            '<' if rest.starts_with("<=") => (Kind::Le, 2),
            '<' => (Kind::Lt, 1),
            '!' if rest.starts_with("!=") => (Kind::NotEq, 2),
            '.' if rest.starts_with("..") => (Kind::Dots, 2),
            c if c.is_whitespace() => {
                self.eat_while(char::is_whitespace);
                return Kind::Space;
            }
            c if is_curly_double(c) || is_curly_single(c) => return self.curly(c),
            c if is_unknown(c) => return self.unknown(),
            _ => return self.word(),
        };
        self.pos += len;
        self.steps += len;
        kind
    }

    /// Moves behind the comment that begins here. False where none does.
    fn comment(&mut self) -> bool {
        if !self.rest().starts_with("/*") {
            return false;
        }
        if self.marks.is_none() {
            self.steps += self.rest().len();
            self.marks = Some(marks(self.text, self.pos));
        }
        let marks = self.marks.as_deref().unwrap_or(&[]);
        let found = marks.binary_search_by_key(&self.pos, |(open, _)| *open);
        let Some(end) = found.ok().and_then(|index| marks.get(index)?.1) else { return false };
        self.pos = end;
        true
    }

    fn word(&mut self) -> Kind {
        let start = self.pos;
        while let Some(c) = self.peek() {
            let ends = match c {
                '(' | ')' | '[' | ']' | ',' | ':' | '=' | '<' | '>' | '"' | '`' => true,
                '!' => self.rest().starts_with("!="),
                '.' => self.rest().starts_with(".."),
                // A quote inside a word is a letter of it: O'Brien.
                _ => c.is_whitespace() || is_unknown(c),
            };
            if ends {
                break;
            }
            self.bump(c);
        }
        let word = self.text.get(start..self.pos).unwrap_or("");
        keyword(word).unwrap_or(Kind::Word)
    }

    fn quoted(&mut self, quote: char) -> Kind {
        let start = self.pos;
        self.bump(quote);
        self.eat_while(|c| c != quote);
        if self.peek().is_some() {
            self.bump(quote);
        } else {
            self.open_end = true;
            let mut buffer = [0; 4];
            let fix = insertion(self.pos, quote.encode_utf8(&mut buffer));
            self.errors.push(start..start + 1, ErrorKind::UnclosedQuote, Expected::ClosingQuote, fix);
        }
        if quote == '`' { Kind::Exact } else { Kind::Quoted }
    }

    /// A value in typographic quotes, which a word processor makes of straight ones. Read as what was meant.
    fn curly(&mut self, open: char) -> Kind {
        let start = self.pos;
        let is_double = is_curly_double(open);
        let closes = if is_double { is_curly_double } else { is_curly_single };
        self.bump(open);
        let inner = self.pos;
        self.eat_while(|c| !closes(c));
        if let Some(close) = self.peek() {
            let value = self.text.get(inner..self.pos).unwrap_or("");
            let quote = ["\"", "'", "`"].into_iter().find(|quote| !value.contains(quote));
            let straight = quote.map(|quote| [quote, value, quote].concat());
            self.bump(close);
            let range = start..self.pos;
            let fix = straight.and_then(|text| replacement(range.clone(), &text));
            self.errors.push(range, ErrorKind::CurlyQuote, Expected::StraightQuote, fix);
            return Kind::Quoted;
        }
        // Any quote of its kind would have closed it, so that this way back to the start is taken once at most for
        // double and once for single quotes.
        self.pos = inner;
        let fix = removal(self.text, start..inner);
        self.errors.push(start..inner, ErrorKind::CurlyQuote, Expected::StraightQuote, fix);
        Kind::Unknown
    }

    fn unknown(&mut self) -> Kind {
        let start = self.pos;
        self.eat_while(is_unknown);
        let range = start..self.pos;
        let fix = removal(self.text, range.clone());
        self.errors.push(range, ErrorKind::UnexpectedCharacter, Expected::Nothing, fix);
        Kind::Unknown
    }
}

/// Every `/*` of `text` from `start` on, and the end of the `*/` that closes it.
fn marks(text: &str, start: usize) -> Vec<(usize, Option<usize>)> {
    let bytes = text.as_bytes();
    let (mut marks, mut open) = (Vec::new(), Vec::new());
    let mut pos = start;
    while let Some(pair) = bytes.get(pos..pos + 2) {
        match pair {
            b"/*" => {
                open.push(marks.len());
                marks.push((pos, None));
            }
            b"*/" => {
                if let Some((_, end)) = open.pop().and_then(|index| marks.get_mut(index)) {
                    *end = Some(pos + 2);
                }
            }
            _ => {
                pos += 1;
                continue;
            }
        }
        pos += 2;
    }
    marks
}

/// The keyword that `word` is, in either case.
pub(crate) fn keyword(word: &str) -> Option<Kind> {
    if word.eq_ignore_ascii_case("and") || word == "&&" {
        return Some(Kind::And);
    }
    if word.eq_ignore_ascii_case("or") || word == "||" {
        return Some(Kind::Or);
    }
    word.eq_ignore_ascii_case("not").then_some(Kind::Not)
}

/// The word in `quoted` without its quotes, closed or not.
pub(crate) fn unquote(quoted: &str) -> &str {
    let mut chars = quoted.chars();
    let Some(open) = chars.next() else { return "" };
    let rest = chars.as_str();
    let closes = |c: char| match open {
        _ if is_curly_double(open) => is_curly_double(c),
        _ if is_curly_single(open) => is_curly_single(c),
        _ => c == open,
    };
    rest.strip_suffix(closes).unwrap_or(rest)
}

/// Whether `c`, which is not an ASCII character, is part of a word wherever it stands.
pub(crate) fn is_letter(c: char) -> bool {
    !c.is_whitespace() && !is_unknown(c) && !is_curly_double(c) && !is_curly_single(c)
}

fn is_curly_double(c: char) -> bool {
    matches!(c, '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}')
}

fn is_curly_single(c: char) -> bool {
    matches!(c, '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}')
}

/// Control characters, marks of a byte order and of a writing direction, and blanks without a width: characters that
/// a reader cannot see and that are pasted by accident. Joiners (U+200C, U+200D) are letters of some scripts.
fn is_unknown(c: char) -> bool {
    match c {
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}' => true,
        '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        _ => c.is_control() && !c.is_whitespace(),
    }
}
