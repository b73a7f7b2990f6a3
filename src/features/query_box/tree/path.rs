//! Where an item stands in the builder: the places of it and of the groups around it, from the outside in.
//!
//! The rows are found by their places, not by their bytes, so that a row stays the same one while its text, or
//! a text in front of it, changes.

use std::ops::Range;

use qql::{ItemId, Outline};

/// The index among the children of each group on the way; empty for the whole query.
pub(super) type Path = Vec<usize>;

/// The item at a place.
pub(super) fn find(outline: &Outline, path: &[usize]) -> Option<ItemId> {
    let child = |id: ItemId, at: &usize| outline.item(id)?.children.get(*at).copied();
    path.iter().try_fold(outline.root(), child)
}

/// The place of an item.
pub(super) fn path_of(outline: &Outline, id: ItemId) -> Path {
    let mut res = Vec::new();
    let mut id = id;
    while let Some((parent, at)) = place_of(outline, id) {
        res.push(at);
        id = parent;
    }
    res.reverse();
    res
}

/// The group that an item stands in, and its index there; `None` for the whole query.
pub(super) fn place_of(outline: &Outline, id: ItemId) -> Option<(ItemId, usize)> {
    let parent = outline.item(id)?.parent?;
    let at = outline.item(parent)?.children.iter().position(|it| *it == id)?;
    Some((parent, at))
}

/// The bytes of the item at a place.
pub(super) fn range_at(outline: &Outline, path: &[usize]) -> Range<usize> {
    find(outline, path).and_then(|it| outline.item(it)).map_or(0..0, |it| it.range.clone())
}

/// How a place is called: `2`, `2.1`; counted from one.
pub(super) fn number(path: &[usize]) -> String {
    let parts: Vec<String> = path.iter().map(|it| (it + 1).to_string()).collect();
    parts.join(".")
}

/// Reads what [`number`] wrote.
pub(super) fn read_number(text: &str) -> Option<Path> {
    if text.is_empty() {
        return Some(Path::new());
    }
    text.split('.').map(|it| it.parse::<usize>().ok()?.checked_sub(1)).collect()
}

/// Where a dragged item is let go, relative to a line of the builder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
    /// In front of the first item of a group.
    First,
    /// Behind the last item of a group.
    End,
}

/// The group and the index that a drop means for the item at `from`, as [`Outline::move_to`] takes them.
pub(super) fn drop_place(
    outline: &Outline,
    from: &[usize],
    path: &[usize],
    side: Side,
) -> Option<(ItemId, usize)> {
    let moved = find(outline, from)?;
    let target = find(outline, path)?;
    let (group, at) = match side {
        Side::First => (target, 0),
        Side::End => (target, outline.item(target)?.children.len()),
        Side::Before => place_of(outline, target)?,
        Side::After => place_of(outline, target).map(|(group, at)| (group, at + 1))?,
    };
    let is_behind = place_of(outline, moved).is_some_and(|(parent, own)| parent == group && own < at);
    Some((group, at - usize::from(is_behind)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a: 1 AND (b: 2 OR (c: 3 AND d: 4)) AND e: 5";

    /// The text after a drop, or nothing where it cannot go.
    fn dropped(from: &[usize], to: &[usize], side: Side) -> Option<String> {
        let parse = qql::parse(TEXT);
        let outline = qql::outline(&parse);
        let (group, at) = drop_place(&outline, from, to, side)?;
        let edit = outline.move_to(&parse, find(&outline, from)?, group, at)?;
        Some(edit.apply(TEXT))
    }

    #[test]
    fn a_place_is_found_and_named_and_read_back() {
        let outline = qql::outline(&qql::parse(TEXT));
        for (id, item) in outline.items() {
            let path = path_of(&outline, id);
            assert_eq!(find(&outline, &path), Some(id));
            assert_eq!(range_at(&outline, &path), item.range);
            assert_eq!(read_number(&number(&path)), Some(path));
        }
        assert_eq!(number(&[1, 1, 0]), "2.2.1");
        assert_eq!(find(&outline, &[1, 7]), None);
        assert_eq!(read_number("2.0"), None);
    }

    #[test]
    fn a_drop_is_in_front_of_a_line_behind_it_or_inside_a_group() {
        let first = [0];
        for (to, side, after) in [
            (&[1_usize] as &[usize], Side::First, "(a: 1 OR b: 2 OR (c: 3 AND d: 4)) AND e: 5"),
            (&[1, 0], Side::After, "(b: 2 OR a: 1 OR (c: 3 AND d: 4)) AND e: 5"),
            (&[1, 1, 1], Side::Before, "(b: 2 OR (c: 3 AND a: 1 AND d: 4)) AND e: 5"),
            (&[1, 1], Side::End, "(b: 2 OR (c: 3 AND d: 4 AND a: 1)) AND e: 5"),
            (&[2], Side::Before, "(b: 2 OR (c: 3 AND d: 4)) AND a: 1 AND e: 5"),
            (&[], Side::End, "(b: 2 OR (c: 3 AND d: 4)) AND e: 5 AND a: 1"),
        ] {
            assert_eq!(dropped(&first, to, side).as_deref(), Some(after), "{to:?} {side:?}");
        }
    }

    #[test]
    fn a_group_goes_nowhere_into_itself() {
        assert_eq!(dropped(&[1], &[1, 0], Side::Before), None);
        assert_eq!(dropped(&[1], &[1, 1], Side::End), None);
        assert_eq!(
            dropped(&[1], &[0], Side::Before).as_deref(),
            Some("(b: 2 OR (c: 3 AND d: 4)) AND a: 1 AND e: 5")
        );
    }
}
