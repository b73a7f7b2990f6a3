//! The parser does not build the tree but writes down events, because whether `a` starts an `AND` is known only
//! behind it. Here the events become the flat tree.

use super::Parser;
use crate::kind::Kind;
use crate::lexer::Token;
use crate::node::Entry;
use alloc::vec::Vec;

pub(super) enum Event {
    /// A place where a node may begin. Nothing begins there when no `wrap` named a kind.
    Open(Option<Kind>),
    /// The next token that is not white space, with its kind at this place.
    Token(Kind),
    /// The end of the innermost open node.
    Close,
}

/// A place where a node may begin.
#[derive(Clone, Copy)]
pub(super) struct Mark(usize);

impl Parser<'_> {
    pub(super) fn mark(&mut self) -> Mark {
        self.events.push(Event::Open(None));
        Mark(self.events.len() - 1)
    }

    /// Makes a node of all that was read since `mark`.
    pub(super) fn wrap(&mut self, mark: Mark, kind: Kind) {
        if let Some(event) = self.events.get_mut(mark.0) {
            *event = Event::Open(Some(kind));
            self.events.push(Event::Close);
        }
    }

    pub(super) fn bump(&mut self) {
        if let Some(kind) = self.kind() {
            self.bump_as(kind);
        }
    }

    /// Reads the next token as `kind`: a comma, for one, is a word inside unquoted text.
    pub(super) fn bump_as(&mut self, kind: Kind) {
        if self.pos < self.tokens.len() {
            self.events.push(Event::Token(kind));
            self.pos += 1;
        }
    }
}

/// The flat tree. `tokens` are all tokens, white space included; `len` is the length of the text.
pub(super) fn build(len: usize, tokens: &[Token], events: &[Event]) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(events.len() + tokens.len() + 1);
    entries.push(Entry { kind: Kind::Query, start: 0, end: len, next: 0, is_leaf: false });
    let mut tokens = tokens.iter().copied().peekable();
    let mut open: Vec<usize> = Vec::new();
    let mut pos = 0;
    for event in events {
        // White space belongs to the node around the next node or token, so that nodes begin and end with text.
        let takes_space = matches!(event, Event::Open(Some(_)) | Event::Token(_));
        while takes_space && let Some(token) = tokens.next_if(|token| token.kind.is_trivia()) {
            pos = push_leaf(&mut entries, token, token.kind);
        }
        match *event {
            Event::Open(None) => {}
            Event::Open(Some(kind)) => {
                open.push(entries.len());
                entries.push(Entry { kind, start: pos, end: pos, next: 0, is_leaf: false });
            }
            Event::Token(kind) => {
                if let Some(token) = tokens.next() {
                    pos = push_leaf(&mut entries, token, kind);
                }
            }
            Event::Close => {
                let next = entries.len();
                if let Some(entry) = open.pop().and_then(|index| entries.get_mut(index)) {
                    entry.end = pos;
                    entry.next = next;
                }
            }
        }
    }
    for token in tokens {
        push_leaf(&mut entries, token, token.kind);
    }
    let next = entries.len();
    if let Some(root) = entries.first_mut() {
        root.next = next;
    }
    entries
}

fn push_leaf(entries: &mut Vec<Entry>, token: Token, kind: Kind) -> usize {
    let Token { start, end, .. } = token;
    entries.push(Entry { kind, start, end, next: entries.len() + 1, is_leaf: true });
    end
}
