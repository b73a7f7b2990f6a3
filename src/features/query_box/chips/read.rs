//! The query as a line of chips, with what stands between them.

use std::ops::Range;

use qql::{Item, ItemId, ItemKind, Join, Run};

use super::place::reason;
use crate::features::query_box::drawn::Drawn;
use crate::features::query_box::problems::Problem;
use crate::i18n::t;

/// Levels that are gone into. The language allows no more.
const DEEPEST: usize = 2 * qql::MAX_DEPTH;

/// A piece of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Bit {
    /// A join, a parenthesis, a NOT: small, between the chips.
    Mark { text: String, muted: bool },
    /// A clause.
    Chip(Chip),
}

/// A clause of the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chip {
    pub(super) range: Range<usize>,
    pub(super) text: String,
    pub(super) place: Place,
    /// Why it runs where it does.
    pub(super) reason: String,
    /// No row of the builder holds it.
    pub(super) opaque: bool,
}

/// Who answers a clause, as its chip shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Service,
    Here,
    Both,
    Nowhere,
    Off,
    /// Not known while the query has errors.
    Unknown,
}

/// A chip with what stands in front of it; the last one may be without a chip.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Slot {
    /// Texts, and whether each is switched off.
    pub(super) marks: Vec<(String, bool)>,
    pub(super) chip: Option<Chip>,
}

/// The line in as many places as it has chips.
pub(super) fn slots(bits: &[Bit]) -> Vec<Slot> {
    let mut res = Vec::new();
    let mut open = Slot::default();
    for bit in bits {
        match bit {
            Bit::Mark { text, muted } => open.marks.push((text.clone(), *muted)),
            Bit::Chip(chip) => {
                open.chip = Some(chip.clone());
                res.push(std::mem::take(&mut open));
            }
        }
    }
    if !open.marks.is_empty() {
        res.push(open);
    }
    res
}

/// The line of a query.
pub(super) fn read(drawn: &Drawn) -> Vec<Bit> {
    let mut res = Vec::new();
    let around = Around { muted: false, place: None };
    group(drawn, drawn.outline.root(), around, DEEPEST, &mut res);
    res
}

/// What the groups around an item say of it.
#[derive(Clone)]
struct Around {
    muted: bool,
    /// A nested query runs in one place as a whole.
    place: Option<(Place, String)>,
}

fn group(drawn: &Drawn, id: ItemId, around: Around, levels: usize, res: &mut Vec<Bit>) {
    let Some(item) = drawn.item(id) else { return };
    let join = match &item.kind {
        ItemKind::Group { join, .. } | ItemKind::Nested { join, .. } => *join,
        _ => None,
    };
    for (at, child) in item.children.iter().enumerate() {
        let Some(child_item) = drawn.item(*child) else { continue };
        let muted = around.muted || child_item.muted;
        if at > 0 {
            let text = if join == Some(Join::Or) { t::query_or() } else { t::query_and() };
            res.push(Bit::Mark { text: text.to_owned(), muted });
        }
        one(drawn, *child, child_item, Around { muted, place: around.place.clone() }, levels, res);
    }
}

fn one(drawn: &Drawn, id: ItemId, item: &Item, around: Around, levels: usize, res: &mut Vec<Bit>) {
    let muted = around.muted;
    let mark = |text: &str| Bit::Mark { text: text.to_owned(), muted };
    let open = match &item.kind {
        ItemKind::Clause(_) => return res.push(Bit::Chip(chip(drawn, item, &around, false))),
        ItemKind::Opaque => return res.push(Bit::Chip(chip(drawn, item, &around, true))),
        ItemKind::Group { parens, .. } => if *parens { "(" } else { "" }.to_owned(),
        ItemKind::Nested { field, .. } => [&*field.text, ": ("].concat(),
    };
    if levels == 0 {
        return res.push(Bit::Chip(chip(drawn, item, &around, true)));
    }
    if item.negated {
        res.push(mark(t::query_not_mark()));
    }
    if !open.is_empty() {
        res.push(mark(&open));
    }
    let is_nested = matches!(item.kind, ItemKind::Nested { .. });
    let place = if is_nested { placed(drawn, item) } else { None };
    group(drawn, id, Around { muted, place: place.or(around.place) }, levels - 1, res);
    if !open.is_empty() {
        res.push(mark(")"));
    }
}

fn chip(drawn: &Drawn, item: &Item, around: &Around, opaque: bool) -> Chip {
    let text = drawn.text(&item.range);
    let fault = || {
        // A fault may begin right behind what it is about.
        let touches = |it: &&Problem| it.range.start <= item.range.end && item.range.start < it.range.end;
        let fault = drawn.known.faults.iter().find(touches)?;
        Some((Place::Nowhere, fault.sentence(&drawn.known.text)))
    };
    let unknown = || (Place::Unknown, t::query_clause_unknown().to_owned());
    let (place, reason) = match around.muted {
        true => (Place::Off, t::query_clause_off().to_owned()),
        false => around.place.clone().or_else(|| placed(drawn, item)).or_else(fault).unwrap_or_else(unknown),
    };
    let text = if around.muted { shown_muted(text) } else { text };
    Chip { range: item.range.clone(), text: text.trim().to_owned(), place, reason, opaque }
}

/// Where the item runs, while the query can.
fn placed(drawn: &Drawn, item: &Item) -> Option<(Place, String)> {
    let split = drawn.known.split.as_ref()?;
    let is_it = |range: &Range<usize>| item.range.start <= range.start && range.end <= item.range.end;
    let place = split.clauses.iter().find(|it| is_it(&it.range))?;
    let run = match place.run {
        Run::Server => Place::Service,
        Run::Browser => Place::Here,
        Run::Both => Place::Both,
        Run::Nowhere => Place::Nowhere,
    };
    Some((run, reason(place)))
}

/// The text of a clause that is switched off, without the signs that switch it off and the join among them.
fn shown_muted(text: &str) -> &str {
    let inner = text.strip_prefix("/*").and_then(|it| it.strip_suffix("*/")).unwrap_or(text).trim();
    let lower = |word: &str| inner.get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word));
    let upper = |word: &str| {
        let at = inner.len().checked_sub(word.len());
        at.and_then(|at| inner.get(at..)).is_some_and(|it| it.eq_ignore_ascii_case(word))
    };
    for (first, last) in [("AND ", " AND"), ("OR ", " OR")] {
        if lower(first) {
            return inner.get(first.len()..).unwrap_or(inner);
        }
        if upper(last) {
            return inner.get(..inner.len() - last.len()).unwrap_or(inner);
        }
    }
    inner
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::query_box::model::Known;
    use crate::systems::qualys_gateway::MANIFEST;

    /// The line as text: chips between brackets with the first letter of their place.
    fn line(text: &str) -> String {
        let drawn = Drawn::of(&Known::of(text, &MANIFEST));
        let bits = drawn.as_ref().map(read).unwrap_or_default();
        let bit = |it: &Bit| match it {
            Bit::Mark { text, muted } => [text.as_str(), if *muted { "~" } else { "" }].concat(),
            Bit::Chip(chip) => {
                let place = format!("{:?}", chip.place);
                let typed = if chip.opaque { "?" } else { "" };
                format!("[{}{typed}|{}]", &place[..1], chip.text)
            }
        };
        bits.iter().map(bit).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn clauses_stand_in_reading_order_between_joins_and_parentheses() {
        assert_eq!(line(""), "");
        assert_eq!(
            line("activationKey.isDisabled: true AND NOT (title: a OR title: 'b c')"),
            "[S|activationKey.isDisabled: true] and not ( [H|title: a] or [H|title: 'b c'] )"
        );
    }

    #[test]
    fn what_is_switched_off_says_so_and_shows_its_own_text() {
        let off = "title: a /* AND NOT title: b */";
        assert_eq!(line(off), "[H|title: a] and~ [O|NOT title: b]");
        assert_eq!(line("/* title: a */"), "[O|title: a]");
    }

    #[test]
    fn a_part_with_an_error_cannot_run_and_the_others_are_not_known_yet() {
        assert_eq!(line("title: a AND title: (b"), "[U|title: a] and [N?|title: (b]");
        let parse = Known::of("title: a AND title: (b", &MANIFEST);
        let drawn = Drawn::of(&parse).map(|it| read(&it)).unwrap_or_default();
        let reasons: Vec<String> = drawn
            .iter()
            .filter_map(|it| match it {
                Bit::Chip(chip) => Some(chip.reason.clone()),
                Bit::Mark { .. } => None,
            })
            .collect();
        assert_eq!(reasons.first().map(String::as_str), Some(t::query_clause_unknown()));
        assert!(reasons.last().is_some_and(|it| it != t::query_clause_unknown()), "{reasons:?}");
    }

    #[test]
    fn a_deep_query_is_drawn_whole() {
        let deep =
            ["(".repeat(qql::MAX_DEPTH - 1), "title: a".to_owned(), ")".repeat(qql::MAX_DEPTH - 1)].concat();
        assert_eq!(line(&deep).matches('(').count(), qql::MAX_DEPTH - 1);
        assert!(line(&deep).contains("[H|title: a]"));
    }

    #[test]
    fn a_text_that_is_too_long_has_no_chips() {
        assert!(Drawn::of(&Known::of(&"title: a AND ".repeat(2_000), &MANIFEST)).is_none());
    }
}
