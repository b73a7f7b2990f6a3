//! The text of a query without its comments.

use crate::kind::Kind;
use crate::node::{Node, Parse};
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// The text of a query, and where its comments are.
pub(super) struct Source<'a> {
    text: &'a str,
    comments: Vec<Range<usize>>,
}

impl<'a> Source<'a> {
    pub(super) fn new(parse: &'a Parse) -> Self {
        let comments = parse.leaves().filter(|leaf| leaf.kind() == Kind::Comment).map(Node::range).collect();
        Self { text: parse.source(), comments }
    }

    /// All of it. Byte for byte where there are no comments, else without the white space around it too.
    pub(super) fn whole(&self) -> String {
        let mut text = String::new();
        self.push(&mut text, 0..self.text.len());
        if self.comments.is_empty() { text } else { String::from(text.trim()) }
    }

    /// Writes that part of it. A comment becomes a blank where its neighbours would grow together.
    pub(super) fn push(&self, text: &mut String, range: Range<usize>) {
        let mut pos = range.start;
        let first = self.comments.partition_point(|comment| comment.end <= range.start);
        for comment in self.comments.iter().skip(first).take_while(|comment| comment.start < range.end) {
            text.push_str(self.text.get(pos..comment.start).unwrap_or(""));
            if !text.ends_with(char::is_whitespace) {
                text.push(' ');
            }
            // Of the white space on both sides one is enough.
            let rest = self.text.get(comment.end..range.end).unwrap_or("");
            pos = range.end - rest.trim_start().len();
        }
        text.push_str(self.text.get(pos..range.end).unwrap_or(""));
    }
}
