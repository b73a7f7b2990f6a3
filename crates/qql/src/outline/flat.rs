//! What stands side by side, without the nodes of chains, and which keyword is between.

use super::comment::{self, Comment};
use super::{Join, walk::Text};
use crate::kind::Kind;
use crate::node::Node;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::Range;

/// A term of a level and the keyword behind it.
pub(super) struct Part<'a> {
    pub(super) what: What<'a>,
    /// The keyword right behind it that no comment holds.
    pub(super) keyword: Option<(Join, Range<usize>)>,
    /// What is between it and the next part. Keywords in comments count, so that a muted clause keeps its place.
    pub(super) joint: Join,
}

pub(super) enum What<'a> {
    Node(Node<'a>),
    Comment(Box<Comment>),
}

impl Part<'_> {
    pub(super) fn is_hidden(&self) -> bool {
        matches!(self.what, What::Comment(_))
    }

    fn lead(&self) -> Option<Join> {
        match &self.what {
            What::Comment(it) => it.lead,
            What::Node(_) => None,
        }
    }

    /// What its own text says about the keyword behind it, and that of `next` about the one in front.
    fn said(&self, next: &Self) -> Option<Join> {
        let trail = match &self.what {
            What::Comment(it) => it.trail,
            What::Node(_) => None,
        };
        let keyword = self.keyword.as_ref().map(|(join, _)| *join);
        // Two terms without a keyword are an error that the parser reads as `AND`.
        let unjoined = (!self.is_hidden() && !next.is_hidden()).then_some(Join::And);
        keyword.or(next.lead()).or(trail).or(unjoined)
    }
}

/// The parts between the parentheses of `node`, or of the root.
pub(super) fn parts<'a>(text: &Text<'a>, node: Node<'a>) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    collect(text, node, &mut parts);
    join(&mut parts);
    parts
}

fn collect<'a>(text: &Text<'a>, node: Node<'a>, parts: &mut Vec<Part<'a>>) {
    for child in node.children() {
        let what = match child.kind() {
            Kind::OrExpr | Kind::AndExpr => {
                collect(text, child, parts);
                continue;
            }
            Kind::And | Kind::Or => {
                let join = Join::from_kind(child.kind());
                if let (Some(last), Some(join)) = (parts.last_mut(), join) {
                    last.keyword = Some((join, text.range(child.range())));
                }
                continue;
            }
            Kind::Space | Kind::Unknown | Kind::LeftParen | Kind::RightParen => continue,
            Kind::Comment => What::Comment(Box::new(comment::read(text, child.range()))),
            _ => What::Node(child),
        };
        parts.push(Part { what, keyword: None, joint: Join::And });
    }
}

/// Finds out what is between the parts.
fn join(parts: &mut [Part<'_>]) {
    let said: Vec<Option<Join>> = parts
        .windows(2)
        .map(|pair| {
            let [part, next] = pair else { return None };
            part.said(next)
        })
        .collect();
    let is_any_or = said.contains(&Some(Join::Or)) && !said.contains(&Some(Join::And));
    let usual = if is_any_or { Join::Or } else { Join::And };
    for (part, said) in parts.iter_mut().zip(said) {
        part.joint = said.unwrap_or(usual);
    }
    // What runs decides: whatever is muted between two terms under `AND` cannot make alternatives of them.
    let mut rest = parts;
    while let Some(first) = rest.iter().position(|part| !part.is_hidden()) {
        let Some(next) = rest.get(first + 1..).and_then(|it| it.iter().position(|part| !part.is_hidden()))
        else {
            return;
        };
        let (run, behind) = rest.split_at_mut(first + 1 + next);
        let run = run.get_mut(first..).unwrap_or(&mut []);
        let is_or = run.iter().any(|part| matches!(part.keyword, Some((Join::Or, _))));
        if !is_or {
            run.iter_mut().for_each(|part| part.joint = Join::And);
        }
        rest = behind;
    }
}
