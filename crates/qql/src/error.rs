//! What can be wrong with a query, where, and how to repair it.

use crate::kind::Kind;
use crate::lexer::Token;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// At most this many errors are kept for one text. A text with more of them is not a query, and a reader has had enough.
pub const MAX_ERRORS: usize = 1000;

/// One thing that is wrong with a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The bytes to mark. Never empty, always on character boundaries.
    pub range: Range<usize>,
    /// What is wrong.
    pub kind: ErrorKind,
    /// What would have been right at this place.
    pub expected: Expected,
    /// One change that removes this error, where one can be proposed without guessing what was meant.
    pub fix: Option<Fix>,
}

/// A change of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The bytes to replace. Empty for an insertion.
    pub range: Range<usize>,
    /// The text to put there. Empty for a removal.
    pub replacement: String,
}

impl Fix {
    /// The text with this change made. `text` must be the text that was parsed; any other text that the range does
    /// not fit comes back unchanged.
    pub fn apply(&self, text: &str) -> String {
        let (Some(before), Some(after)) = (text.get(..self.range.start), text.get(self.range.end..)) else {
            return String::from(text);
        };
        [before, &self.replacement, after].concat()
    }
}

/// The kinds of syntax errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// A quote or backtick without its partner. Marks the opening one.
    UnclosedQuote,
    /// A typographic quote in place of a straight one. Marks the value, or the quote when it stands alone.
    CurlyQuote,
    /// A `(` without its partner. Marks the opening one.
    UnclosedParen,
    /// A `[` without its partner. Marks the opening one.
    UnclosedBracket,
    /// A `)` without its partner.
    UnopenedParen,
    /// A list or range closed with the wrong bracket. Marks the closing one.
    MismatchedBracket,
    /// A range without its brackets. Marks all of it.
    MissingBrackets,
    /// A field and an operator, but no value. Marks the operator, or the comma or `..` inside brackets.
    MissingValue,
    /// A value, but no field in front of it.
    MissingField,
    /// A field, but no operator behind it.
    MissingComparison,
    /// A name that is not a dotted identifier in the place of a field.
    InvalidField,
    /// An operator of another language, or two operators in a row.
    WrongOperator,
    /// Two terms with nothing between them. Marks the first token of the second one.
    MissingJoin,
    /// `AND`, `OR` or `NOT` with nothing on one of its sides.
    DanglingOperator,
    /// `()`
    EmptyGroup,
    /// A character that has no place in a query.
    UnexpectedCharacter,
    /// Text in a place where nothing of its kind can stand.
    UnexpectedText,
    /// More levels than [`MAX_DEPTH`](crate::MAX_DEPTH). Marks the first token that is too deep.
    TooDeep,
}

impl ErrorKind {
    /// One plain English sentence for developers and logs. It never quotes the query, which may hold a secret.
    pub fn message(self) -> &'static str {
        match self {
            Self::UnclosedQuote => "This quote is never closed.",
            Self::CurlyQuote => "Typographic quotes are not understood; use straight ones.",
            Self::UnclosedParen => "This parenthesis is never closed.",
            Self::UnclosedBracket => "This bracket is never closed.",
            Self::UnopenedParen => "This parenthesis closes nothing.",
            Self::MismatchedBracket => "This bracket does not match the one that opens the list or range.",
            Self::MissingBrackets => "A range stands between brackets.",
            Self::MissingValue => "A value is missing here.",
            Self::MissingField => "A field name is missing in front of this.",
            Self::MissingComparison => "This field has no colon or comparison behind it.",
            Self::InvalidField => "This is not a field name.",
            Self::WrongOperator => "This operator does not exist in the query language.",
            Self::MissingJoin => "AND or OR is missing in front of this.",
            Self::DanglingOperator => "This operator has nothing to work on.",
            Self::EmptyGroup => "There is nothing between these parentheses.",
            Self::UnexpectedCharacter => "This character has no place in a query.",
            Self::UnexpectedText => "This text cannot stand here.",
            Self::TooDeep => "The query has too many levels.",
        }
    }

    /// A stable name in kebab case, for logs, tests and message catalogues.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnclosedQuote => "unclosed-quote",
            Self::CurlyQuote => "curly-quote",
            Self::UnclosedParen => "unclosed-paren",
            Self::UnclosedBracket => "unclosed-bracket",
            Self::UnopenedParen => "unopened-paren",
            Self::MismatchedBracket => "mismatched-bracket",
            Self::MissingBrackets => "missing-brackets",
            Self::MissingValue => "missing-value",
            Self::MissingField => "missing-field",
            Self::MissingComparison => "missing-comparison",
            Self::InvalidField => "invalid-field",
            Self::WrongOperator => "wrong-operator",
            Self::MissingJoin => "missing-join",
            Self::DanglingOperator => "dangling-operator",
            Self::EmptyGroup => "empty-group",
            Self::UnexpectedCharacter => "unexpected-character",
            Self::UnexpectedText => "unexpected-text",
            Self::TooDeep => "too-deep",
        }
    }
}

/// What would have been right at the place of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Expected {
    /// The quote that closes a value.
    ClosingQuote,
    /// A straight quote.
    StraightQuote,
    /// `)`
    ClosingParen,
    /// `]`
    ClosingBracket,
    /// `[` and `]` around a range.
    Brackets,
    /// A value, a list or a range.
    Value,
    /// The name of a field.
    Field,
    /// `:`, `=`, `>`, `<`, `>=` or `<=`
    Comparison,
    /// `AND` or `OR`
    Join,
    /// A clause, a group or `NOT`.
    Clause,
    /// `,` or the closing bracket.
    Separator,
    /// Nothing: what stands there has to go.
    Nothing,
    /// Fewer levels.
    LessDepth,
}

impl Expected {
    /// A stable name in kebab case, for logs, tests and message catalogues.
    pub fn code(self) -> &'static str {
        match self {
            Self::ClosingQuote => "closing-quote",
            Self::StraightQuote => "straight-quote",
            Self::ClosingParen => "closing-paren",
            Self::ClosingBracket => "closing-bracket",
            Self::Brackets => "brackets",
            Self::Value => "value",
            Self::Field => "field",
            Self::Comparison => "comparison",
            Self::Join => "join",
            Self::Clause => "clause",
            Self::Separator => "separator",
            Self::Nothing => "nothing",
            Self::LessDepth => "less-depth",
        }
    }
}

/// The errors of one text, in the making.
pub(crate) struct Errors {
    list: Vec<SyntaxError>,
}

impl Errors {
    pub(crate) fn new() -> Self {
        Self { list: Vec::new() }
    }

    pub(crate) fn push(
        &mut self,
        range: Range<usize>,
        kind: ErrorKind,
        expected: Expected,
        fix: Option<Fix>,
    ) {
        if self.list.len() >= MAX_ERRORS {
            return;
        }
        // Most errors come in order. A sort at the end would cost a browser program several kilobytes.
        let place = self.list.partition_point(|error| error.range.start <= range.start);
        self.list.insert(place, SyntaxError { range, kind, expected, fix });
    }

    /// The errors in the order of the text. A fix that would take a comment away with it is not proposed: what is
    /// muted is meant to be kept.
    pub(crate) fn finish(mut self, tokens: &[Token]) -> Vec<SyntaxError> {
        let comments: Vec<Token> =
            tokens.iter().copied().filter(|token| token.kind == Kind::Comment).collect();
        if !comments.is_empty() {
            for error in &mut self.list {
                error.fix.take_if(|fix| {
                    let first = comments.partition_point(|comment| comment.end <= fix.range.start);
                    comments.get(first).is_some_and(|comment| comment.start < fix.range.end)
                });
            }
        }
        self.list
    }
}

/// A fix that inserts `text` at `at`.
pub(crate) fn insertion(at: usize, text: &str) -> Option<Fix> {
    Some(Fix { range: at..at, replacement: String::from(text) })
}

/// A fix that puts `text` in the place of `range`.
pub(crate) fn replacement(range: Range<usize>, text: &str) -> Option<Fix> {
    Some(Fix { range, replacement: String::from(text) })
}

/// A fix that takes `range` out of `source`. Exactly one blank stays where there would be two, or none between
/// neighbours that would grow together.
pub(crate) fn removal(source: &str, range: Range<usize>) -> Option<Fix> {
    let before = source.get(..range.start).and_then(|text| text.chars().next_back());
    let after = source.get(range.end..).and_then(|text| text.chars().next());
    match (before, after) {
        (Some(before), Some(after)) if before.is_whitespace() && after.is_whitespace() => {
            replacement(range.start..range.end + after.len_utf8(), "")
        }
        (Some(before), Some(after)) if !before.is_whitespace() && !after.is_whitespace() => {
            replacement(range, " ")
        }
        _ => replacement(range, ""),
    }
}
