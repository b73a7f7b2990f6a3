//! The kinds of tokens and nodes in the tree.

/// What a token (a leaf) or a node of the tree is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    // Leaves.
    /// White space of any length.
    Space,
    /// Characters that have no place in a query, for example control characters. Always comes with an error.
    Unknown,
    /// `/* … */`, marks included: a part that is muted. An extension of this crate, which no server knows.
    Comment,
    /// A run of plain characters: a field name, a number, a word of a value.
    Word,
    /// `AND` in either case. `&&` has this kind too, but comes with an error.
    And,
    /// `OR` in either case. `||` has this kind too, but comes with an error.
    Or,
    /// `NOT` in either case.
    Not,
    /// `:`
    Colon,
    /// `=`
    Eq,
    /// `!=`, which the language does not have. Always comes with an error outside of values.
    NotEq,
    /// `>`
    Gt,
    /// `<`
    Lt,
    /// `>=`
    Ge,
    /// `<=`
    Le,
    /// `(`
    LeftParen,
    /// `)`
    RightParen,
    /// `[`
    LeftBracket,
    /// `]`
    RightBracket,
    /// `,`
    Comma,
    /// `..` between the ends of a range.
    Dots,
    /// A value in double or single quotes, quotes included.
    Quoted,
    /// A value in backticks, backticks included.
    Exact,

    // Nodes.
    /// The root. It spans the whole text.
    Query,
    /// Terms joined by `OR`.
    OrExpr,
    /// Terms joined by `AND`.
    AndExpr,
    /// `NOT` and its term.
    NotExpr,
    /// `( … )` around a term.
    Group,
    /// `field op value`
    Clause,
    /// `field: ( … )`
    Nested,
    /// The name in front of an operator.
    Field,
    /// An unquoted value: one or more words with the white space between them.
    Words,
    /// `[a, b]`
    List,
    /// `[a .. b]` or `(a .. b)`
    Range,
    /// Tokens that could not be placed. Always comes with an error.
    Stray,
}

impl Kind {
    /// White space, and what is skipped like white space.
    pub fn is_trivia(self) -> bool {
        matches!(self, Self::Space | Self::Unknown | Self::Comment)
    }

    /// An operator between a field and a value, the wrong one (`!=`) included.
    pub fn is_comparison(self) -> bool {
        matches!(self, Self::Colon | Self::Eq | Self::NotEq | Self::Gt | Self::Lt | Self::Ge | Self::Le)
    }

    /// `AND`, `OR` or `NOT`.
    pub fn is_keyword(self) -> bool {
        matches!(self, Self::And | Self::Or | Self::Not)
    }

    /// Whether `/*` right behind it begins a comment. Behind anything else it is part of a word, as in `http://x/*`.
    pub(crate) fn ends_before_comment(self) -> bool {
        let is_bracket =
            matches!(self, Self::LeftParen | Self::RightParen | Self::LeftBracket | Self::RightBracket);
        is_bracket || self.is_quoted() || matches!(self, Self::Space | Self::Comma | Self::Comment)
    }

    /// A value between quotes or backticks.
    pub fn is_quoted(self) -> bool {
        matches!(self, Self::Quoted | Self::Exact)
    }
}
