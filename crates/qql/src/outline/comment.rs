//! What a comment mutes.

use super::walk::Text;
use super::{Hidden, Join};
use crate::node::{Node, Parse};
use core::ops::Range;

/// A comment taken apart. All ranges are those of the whole text.
pub(super) struct Comment {
    /// With its marks.
    pub(super) range: Range<usize>,
    pub(super) hidden: Hidden,
    pub(super) lead: Option<Join>,
    pub(super) trail: Option<Join>,
    /// What stands between the keywords.
    pub(super) term: Range<usize>,
    /// The same, read. `None` when it is no query.
    pub(super) parse: Option<Parse>,
}

/// Takes the comment at `range` of `text` apart.
pub(super) fn read(text: &Text<'_>, range: Range<usize>) -> Comment {
    let inner = range.start + 2..range.end - 2;
    let offset = text.range(inner.clone()).start;
    let at = |range: Range<usize>| offset + range.start..offset + range.end;
    let range = text.range(range);
    if !text.reads_comments() {
        let term = offset..range.end - 2;
        let hidden = Hidden { lead: None, trail: None };
        return Comment { range, hidden, lead: None, trail: None, term, parse: None };
    }
    let content = crate::parse(text.parse.source().get(inner.clone()).unwrap_or(""));
    let solid = || content.leaves().filter(|leaf| !leaf.kind().is_trivia());
    let (first, last) = (solid().next(), solid().last());
    let lead = first.and_then(join);
    let trail = last.filter(|last| first.is_some_and(|first| first.range() != last.range())).and_then(join);
    let start = lead.map_or(0, |(_, node)| node.range().end);
    let end = trail.map_or(inner.end - inner.start, |(_, node)| node.range().start);
    let core = content.source().get(start..end).unwrap_or("");
    let from = start + (core.len() - core.trim_start().len());
    let core = core.trim();
    let term = from..from + core.len();
    let parse = if lead.is_none() && trail.is_none() && term == (0..content.source().len()) {
        content.clone()
    } else {
        crate::parse(core)
    };
    let is_query = parse.errors().is_empty() && parse.query().is_some();
    Comment {
        range,
        hidden: Hidden {
            lead: lead.map(|(_, node)| at(node.range())),
            trail: trail.map(|(_, node)| at(node.range())),
        },
        lead: lead.map(|(join, _)| join),
        trail: trail.map(|(join, _)| join),
        term: at(term),
        parse: is_query.then_some(parse),
    }
}

/// `AND` or `OR` by itself.
fn join(node: Node<'_>) -> Option<(Join, Node<'_>)> {
    Join::from_kind(node.kind()).map(|join| (join, node))
}
