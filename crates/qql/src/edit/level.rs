//! What stands side by side, written anew after a change: which keyword is seen, and which one stands in a comment.
//!
//! Between two terms that run there is one keyword that is seen. Every other keyword is in a comment beside its term.
//! Of keywords with muted terms between them, the seen one is the weakest, so that what runs groups as the outline
//! does. White space is never made up where there was some.

use super::change::trimmed;
use crate::error::Fix;
use crate::expr::Join;
use crate::outline::{Element, ItemId, Level, Outline};
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// A term of a level as it was.
pub(super) struct Old {
    pub(super) id: ItemId,
    term: Range<usize>,
    pub(super) is_hidden: bool,
    /// What is between it and the next one.
    pub(super) joint: Join,
    /// The keyword behind it that no comment holds.
    seen: Option<Range<usize>>,
    gap: Gap,
}

/// A term of a level as it shall be.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) term: Term,
    pub(super) is_hidden: bool,
    /// What is between it and the next one. Means nothing for the last one.
    pub(super) joint: Join,
    /// The old term behind which the gap stands that shall stand behind this one.
    pub(super) gap: Option<usize>,
}

#[derive(Clone)]
pub(super) enum Term {
    /// The one with that index.
    Old(usize),
    New(String),
}

/// What is between two terms.
#[derive(Clone, Default)]
struct Gap {
    range: Range<usize>,
    /// White space before and after the keyword.
    before: String,
    after: String,
    /// The comment marks as they are written, with their blanks. Empty where there are none.
    close: String,
    open: String,
    /// The keyword as it is written.
    keyword: Option<(Place, String)>,
}

/// Where a keyword stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the comment of the term in front of it.
    Trail,
    Seen,
    /// In the comment of the term behind it.
    Lead,
}

/// The terms of the level.
pub(super) fn old(outline: &Outline, source: &str, level: &Level) -> Vec<Old> {
    let mut res: Vec<Old> = Vec::new();
    for element in &level.elements {
        match element {
            Element::Term { id, is_hidden } => {
                let Some(detail) = outline.detail(*id) else { continue };
                let term = detail.term.clone();
                let gap = Gap::default();
                res.push(Old { id: *id, term, is_hidden: *is_hidden, joint: Join::And, gap, seen: None });
            }
            Element::Join { range, is_hidden: false, .. } => {
                if let Some(last) = res.last_mut() {
                    last.seen = Some(range.clone());
                }
            }
            Element::Join { .. } => {}
        }
    }
    let next: Vec<(ItemId, usize)> = res.iter().skip(1).map(|it| (it.id, it.term.start)).collect();
    for (index, it) in res.iter_mut().enumerate() {
        let next = next.get(index).copied();
        it.joint = next.map_or(Join::And, |(next, _)| outline.joint(level, it.id, next));
        let range = it.term.end..next.map_or(level.span.end, |(_, start)| start);
        it.gap = gap(outline, source, it, next.map(|(next, _)| next), range);
    }
    res
}

fn gap(outline: &Outline, source: &str, old: &Old, next: Option<ItemId>, range: Range<usize>) -> Gap {
    let own = |id: ItemId| outline.detail(id).and_then(|it| it.comment.as_ref());
    let (hidden, hidden_next) = (own(old.id), next.and_then(own));
    let seen = old.seen.clone().filter(|_| next.is_some());
    let trail = hidden.and_then(|it| it.trail.clone());
    let lead = hidden_next.and_then(|it| it.lead.clone());
    let text = |range: Range<usize>| source.get(range).unwrap_or("");
    let keyword = match (&seen, &lead, &trail) {
        // At the end of a level there is nothing to join.
        _ if next.is_none() => None,
        (Some(seen), _, _) => Some((Place::Seen, seen.clone())),
        (None, Some(lead), _) => Some((Place::Lead, lead.clone())),
        (None, None, Some(trail)) => Some((Place::Trail, trail.clone())),
        (None, None, None) => None,
    };
    // The keywords and the comment marks go, and the one blank that a mark brings.
    let close = hidden.and_then(|_| outline.item(old.id)).map(|item| {
        let mark = item.range.end.saturating_sub(2);
        let from = trail.as_ref().map_or(range.start, |trail| trail.end);
        mark - blank(text(from..mark).chars().next_back())..mark + 2
    });
    let open = hidden_next.and(next).and_then(|next| outline.item(next)).map(|item| {
        let mark = item.range.start + 2;
        let end = lead.as_ref().map_or(range.end, |lead| lead.start);
        item.range.start..mark + blank(text(mark..end).chars().next())
    });
    let at = keyword.as_ref().map_or(range.end, |(_, keyword)| keyword.start);
    let (mut before, mut after, mut pos) = (String::new(), String::new(), range.start);
    for cut in
        [trail, close.clone(), seen, open.clone(), lead, Some(range.end..range.end)].into_iter().flatten()
    {
        let side = if cut.start <= at { &mut before } else { &mut after };
        side.push_str(text(pos..cut.start));
        pos = cut.end;
    }
    let keyword = keyword.map(|(place, keyword)| (place, String::from(text(keyword))));
    let mark = |range: Option<Range<usize>>| String::from(range.map_or("", |range| text(range)));
    let (close, open) = (mark(close), mark(open));
    Gap { range, before, after, close, open, keyword }
}

/// How many bytes of a mark's blank there are.
fn blank(c: Option<char>) -> usize {
    usize::from(c == Some(' '))
}

impl Gap {
    fn place(&self) -> Option<Place> {
        self.keyword.as_ref().map(|(place, _)| *place)
    }

    /// How `join` is written in the manner of the keyword that was there.
    fn spelling(&self, join: Join) -> String {
        match &self.keyword {
            Some((_, old)) if crate::lexer::keyword(old).and_then(Join::from_kind) == Some(join) => {
                old.clone()
            }
            Some((_, old)) if old.chars().all(|c| c.is_ascii_lowercase()) => {
                join.keyword().to_ascii_lowercase()
            }
            _ => String::from(join.keyword()),
        }
    }
}

/// The parts as they are.
pub(super) fn parts(old: &[Old]) -> Vec<Part> {
    let part = |(index, it): (usize, &Old)| Part {
        term: Term::Old(index),
        is_hidden: it.is_hidden,
        joint: it.joint,
        gap: Some(index),
    };
    old.iter().enumerate().map(part).collect()
}

/// What changes when the level becomes these parts, and where the term of each is in the new text. Those that are old
/// stand in their old order.
pub(super) fn write(
    source: &str,
    span: &Range<usize>,
    old: &[Old],
    parts: &[Part],
) -> (Vec<Fix>, Vec<Range<usize>>) {
    let mut writer = Writer {
        source,
        old,
        fixes: Vec::new(),
        terms: Vec::new(),
        pos: span.start,
        text: String::new(),
        n_added: 0,
        n_removed: 0,
    };
    match (old.first(), parts.first()) {
        // White space in front of the first term ever stays.
        (None, _) => writer.pos = span.end,
        (Some(first), None) => {
            let tail = old.last().map(|last| [last.gap.before.as_str(), &last.gap.after].concat());
            let left = [writer.head(span.start, first), &tail.unwrap_or_default()].concat();
            writer.text.push_str(left.trim());
        }
        (Some(first), Some(part)) => {
            let head = writer.head(span.start, first);
            writer.text.push_str(head);
            if matches!(part.term, Term::Old(0)) && part.is_hidden && first.is_hidden {
                writer.text.push_str(source.get(span.start + head.len()..first.term.start).unwrap_or(""));
            } else if part.is_hidden {
                writer.text.push_str("/* ");
            }
        }
    }
    let places = places(old, parts);
    for (index, part) in parts.iter().enumerate() {
        writer.term(part);
        match parts.get(index + 1) {
            Some(next) => writer.gap(part, next, places.get(index).copied().flatten()),
            None => writer.tail(part),
        }
    }
    writer.flush(span.end);
    (writer.fixes, writer.terms)
}

struct Writer<'a> {
    source: &'a str,
    old: &'a [Old],
    fixes: Vec<Fix>,
    terms: Vec<Range<usize>>,
    /// Up to here the old text is written.
    pos: usize,
    /// What is put in the place of the old text from there on.
    text: String,
    n_added: usize,
    n_removed: usize,
}

impl<'a> Writer<'a> {
    /// The old text goes on at `end`.
    fn flush(&mut self, end: usize) {
        let text = core::mem::take(&mut self.text);
        self.n_added += text.len();
        self.n_removed += end - self.pos;
        self.fixes.extend(trimmed(self.source, Fix { range: self.pos..end, replacement: text }));
        self.pos = end;
    }

    /// What stands in front of the first term of all, without its comment mark.
    fn head(&self, start: usize, first: &Old) -> &'a str {
        let head = self.source.get(start..first.term.start).unwrap_or("");
        let mark = if first.is_hidden { head.find("/*") } else { None };
        head.get(..mark.unwrap_or(head.len())).unwrap_or("")
    }

    fn term(&mut self, part: &Part) {
        let start = self.pos + self.n_added + self.text.len();
        match &part.term {
            Term::Old(index) => {
                let Some(old) = self.old.get(*index) else { return };
                self.flush(old.term.start);
                let at = |pos: usize| (pos + self.n_added).saturating_sub(self.n_removed);
                self.terms.push(at(old.term.start)..at(old.term.end));
                self.n_added += old.term.end - old.term.start;
                self.n_removed += old.term.end - old.term.start;
                self.pos = old.term.end;
            }
            Term::New(text) => {
                let start = start.saturating_sub(self.n_removed);
                self.text.push_str(text);
                self.terms.push(start..start + text.len());
            }
        }
    }

    fn gap_of(&self, part: &Part) -> Option<&'a Gap> {
        part.gap.and_then(|index| self.old.get(index)).map(|old| &old.gap)
    }

    /// Whether both stood side by side like this.
    fn is_kept(&self, part: &Part, next: Option<&Part>) -> bool {
        let Term::Old(index) = part.term else { return false };
        let is_same = |part: &Part, index: usize| {
            matches!(part.term, Term::Old(it) if it == index)
                && self.old.get(index).is_some_and(|old| old.is_hidden == part.is_hidden)
        };
        let next_index = index + 1;
        part.gap == Some(index)
            && is_same(part, index)
            && match next {
                Some(next) => {
                    is_same(next, next_index)
                        && self.old.get(index).is_some_and(|old| old.joint == part.joint)
                }
                None => next_index == self.old.len(),
            }
    }

    fn gap(&mut self, part: &Part, next: &Part, place: Option<Place>) {
        let gap = self.gap_of(part);
        if let Some(gap) = gap.filter(|gap| gap.place() == place && self.is_kept(part, Some(next))) {
            return self.text.push_str(self.source.get(gap.range.clone()).unwrap_or(""));
        }
        let keyword = place
            .map(|_| gap.map_or_else(|| String::from(part.joint.keyword()), |gap| gap.spelling(part.joint)));
        let keyword = keyword.as_deref().unwrap_or("");
        let had_keyword = gap.is_some_and(|gap| gap.keyword.is_some());
        let (mut before, mut after) = gap.map_or(("", ""), |gap| (gap.before.as_str(), gap.after.as_str()));
        let is_closed = self.ends_closed(part);
        let has_open = next.is_hidden || self.begins_open(next);
        if before.is_empty() && (!is_closed || !had_keyword) {
            before = " ";
        }
        let needs_blank = match place {
            None | Some(Place::Trail) => false,
            Some(Place::Seen) => next.is_hidden || !has_open,
            Some(Place::Lead) => !self.begins_open(next),
        };
        if after.is_empty() && place.is_some() && (needs_blank || !had_keyword) {
            after = " ";
        }
        let mark = |mark: Option<&'a str>, usual| mark.filter(|mark| !mark.is_empty()).unwrap_or(usual);
        let close = mark(gap.map(|gap| gap.close.as_str()), " */");
        let open = mark(gap.map(|gap| gap.open.as_str()), "/* ");
        let close = if part.is_hidden { close } else { "" };
        let open = if next.is_hidden { open } else { "" };
        let pieces = match place {
            None => ["", close, before, after, open],
            Some(Place::Trail) => [before, keyword, close, after, open],
            Some(Place::Seen) => {
                self.text.push_str(close);
                [before, keyword, "", after, open]
            }
            Some(Place::Lead) => {
                self.text.push_str(close);
                [before, open, keyword, after, ""]
            }
        };
        pieces.into_iter().for_each(|piece| self.text.push_str(piece));
    }

    /// What stands behind the last part.
    fn tail(&mut self, part: &Part) {
        let gap = self.gap_of(part);
        match gap.filter(|_| self.is_kept(part, None)) {
            Some(gap) => self.text.push_str(self.source.get(gap.range.clone()).unwrap_or("")),
            None => {
                let close =
                    gap.map(|gap| gap.close.as_str()).filter(|mark| !mark.is_empty()).unwrap_or(" */");
                self.text.push_str(if part.is_hidden { close } else { "" });
                let (before, after) = gap.map_or(("", ""), |gap| (gap.before.as_str(), gap.after.as_str()));
                self.text.push_str(before);
                self.text.push_str(after);
            }
        }
    }

    fn text_of<'b>(&self, part: &'b Part) -> &'b str
    where
        'a: 'b,
    {
        match &part.term {
            Term::Old(index) => {
                self.old.get(*index).and_then(|old| self.source.get(old.term.clone())).unwrap_or("")
            }
            Term::New(text) => text,
        }
    }

    /// A comment or a keyword can stand right behind it.
    fn ends_closed(&self, part: &Part) -> bool {
        part.is_hidden || self.text_of(part).ends_with([')', ']', '"', '\'', '`'])
    }

    /// It can stand right behind a keyword.
    fn begins_open(&self, part: &Part) -> bool {
        self.text_of(part).starts_with('(')
    }
}

/// Where the keyword behind each part but the last one stands.
fn places(old: &[Old], parts: &[Part]) -> Vec<Option<Place>> {
    let n_gaps = parts.len().saturating_sub(1);
    let is_hidden = |index: usize| parts.get(index).is_some_and(|part| part.is_hidden);
    let joint = |index: usize| parts.get(index).map_or(Join::And, |part| part.joint);
    let gap = |index: usize| parts.get(index).and_then(|part| old.get(part.gap?)).map(|old| &old.gap);
    // Hidden, beside a term that is: where it was, else on the side that has one.
    let hidden = |index: usize, usual: Place| match gap(index).map(Gap::place) {
        Some(None) => None,
        Some(Some(Place::Trail)) if is_hidden(index) => Some(Place::Trail),
        Some(Some(Place::Lead)) if is_hidden(index + 1) => Some(Place::Lead),
        _ => Some(usual),
    };
    let seen: Vec<usize> = (0..parts.len()).filter(|index| !is_hidden(*index)).collect();
    let (first, last) = (seen.first().copied().unwrap_or(n_gaps), seen.last().copied().unwrap_or(n_gaps));
    let mut places = Vec::with_capacity(n_gaps);
    places.extend((0..first).map(|index| hidden(index, Place::Trail)));
    for pair in seen.windows(2) {
        let &[start, end] = pair else { continue };
        let weakest = if (start..end).any(|index| joint(index) == Join::Or) { Join::Or } else { Join::And };
        let can_be = |index: &usize| joint(*index) == weakest;
        let is_seen = |index: &usize| gap(*index).and_then(Gap::place) == Some(Place::Seen);
        let was_side_by_side = |index: usize| {
            let term = |index: usize| match parts.get(index).map(|part| &part.term) {
                Some(Term::Old(it)) => old.get(*it).filter(|old| !old.is_hidden).map(|_| *it),
                _ => None,
            };
            term(index).zip(term(index + 1)).is_some_and(|(one, other)| one + 1 == other)
        };
        // A keyword that was missing is an error of the text, and none of this change.
        if end == start + 1 && was_side_by_side(start) && gap(start).is_some_and(|gap| gap.keyword.is_none())
        {
            places.push(None);
            continue;
        }
        let kept = (start..end).filter(can_be).find(is_seen);
        let chosen = kept.or_else(|| (start..end).find(can_be)).unwrap_or(start);
        places.extend((start..end).map(|index| match index {
            _ if index < chosen => hidden(index, Place::Lead),
            _ if index == chosen => Some(Place::Seen),
            _ => hidden(index, Place::Trail),
        }));
    }
    places.extend((last..n_gaps).map(|index| hidden(index, Place::Lead)));
    places
}
