//! The lossless tree and the result of parsing.

use crate::ast::Query;
use crate::error::SyntaxError;
use crate::expr::Expr;
use crate::kind::Kind;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// What [`parse`](crate::parse) gives: the tree and the errors.
#[derive(Debug, Clone)]
pub struct Parse {
    source: String,
    /// The tree in reading order: a node comes right before its first child.
    /// Invariant: never empty, the first entry is the root.
    entries: Vec<Entry>,
    errors: Vec<SyntaxError>,
    steps: usize,
}

/// The same text gives the same tree, so that comparing the texts is enough.
impl PartialEq for Parse {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Parse {}

/// One node or token in the flat tree.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Index of the first entry behind this one and all that is inside it.
    pub(crate) next: usize,
    pub(crate) is_leaf: bool,
}

impl Parse {
    pub(crate) fn new(source: &str, entries: Vec<Entry>, errors: Vec<SyntaxError>, steps: usize) -> Self {
        Self { source: String::from(source), entries, errors, steps }
    }

    /// The text, put together from the leaves of the tree. Byte-identical to what was parsed.
    pub fn text(&self) -> String {
        self.leaves().map(Node::text).collect()
    }

    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// What is wrong with the text, in the order of the text. At most [`MAX_ERRORS`](crate::MAX_ERRORS).
    pub fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }

    /// The typed view of the tree. `None` when the text is blank.
    pub fn query(&self) -> Option<Query<'_>> {
        Query::new(self.root())
    }

    /// The query as plain owned data. `None` when the text is blank or has an error.
    pub fn expr(&self) -> Option<Expr> {
        if !self.errors.is_empty() {
            return None;
        }
        self.query().and_then(|query| query.term()).and_then(Expr::new)
    }

    /// The root of the tree, which spans the whole text.
    pub fn root(&self) -> Node<'_> {
        Node { parse: self, index: 0 }
    }

    /// The tokens with white space, in the order of the text. They tile it.
    pub fn leaves(&self) -> impl Iterator<Item = Node<'_>> {
        let all = self.entries.iter().enumerate();
        all.filter(|(_, entry)| entry.is_leaf).map(|(index, _)| Node { parse: self, index })
    }

    /// How much work parsing was: characters and tokens looked at. At most a small multiple of the length of the
    /// text, which is what the tests prove with it.
    pub fn steps(&self) -> usize {
        self.steps
    }
}

/// A node or a token of the tree.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    parse: &'a Parse,
    index: usize,
}

impl<'a> Node<'a> {
    /// What it is.
    pub fn kind(self) -> Kind {
        self.entry().map_or(Kind::Unknown, |entry| entry.kind)
    }

    /// The bytes it spans.
    pub fn range(self) -> Range<usize> {
        self.entry().map_or(0..0, |entry| entry.start..entry.end)
    }

    /// The text it spans.
    pub fn text(self) -> &'a str {
        self.parse.source.get(self.range()).unwrap_or("")
    }

    /// True for a token, false for a node with children.
    pub fn is_leaf(self) -> bool {
        self.entry().is_some_and(|entry| entry.is_leaf)
    }

    /// What is directly inside it, white space included.
    pub fn children(self) -> Children<'a> {
        let end = self.entry().map_or(0, |entry| entry.next);
        Children { parse: self.parse, index: self.index + 1, end }
    }

    fn entry(self) -> Option<&'a Entry> {
        self.parse.entries.get(self.index)
    }
}

/// The children of a node.
#[derive(Debug, Clone)]
pub struct Children<'a> {
    parse: &'a Parse,
    index: usize,
    end: usize,
}

impl<'a> Iterator for Children<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        if self.index >= self.end {
            return None;
        }
        let child = Node { parse: self.parse, index: self.index };
        self.index = child.entry()?.next;
        Some(child)
    }
}
