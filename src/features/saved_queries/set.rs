//! The saved queries of one key system, as data, and what can be done to them.

use crate::page::is_redacted;

/// Queries a set holds at most.
pub(super) const MOST: usize = 200;

/// Removals that are remembered, so that another tab does not bring them back.
pub(super) const MOST_REMOVED: usize = 200;

/// A query that was given a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Saved {
    /// Which one it is, whatever it is called. Unique in its set.
    pub(super) id: String,
    pub(super) name: String,
    /// Never holds a key's value.
    pub(super) query: String,
    /// Milliseconds since 1970: of two versions of one query the later one holds.
    pub(super) changed: i64,
}

/// That a query was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Removed {
    pub(super) id: String,
    /// Milliseconds since 1970.
    pub(super) at: i64,
}

/// The saved queries of one system, in the reader's order. A query of one system means nothing to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct QuerySet {
    pub(super) queries: Vec<Saved>,
    /// When their order was last changed.
    pub(super) ordered: i64,
    /// The query that the list opens with, by its id.
    pub(super) default: Option<String>,
    /// When that was last chosen.
    pub(super) chosen: i64,
    pub(super) removed: Vec<Removed>,
}

/// Why a query cannot be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Full;

/// What a removal can be undone with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Undo {
    pub(super) saved: Saved,
    place: usize,
    was_default: bool,
}

impl QuerySet {
    pub(super) fn by_id(&self, id: &str) -> Option<&Saved> {
        self.queries.iter().find(|it| it.id == id)
    }

    /// The query of that name, in either case.
    pub(super) fn by_name(&self, name: &str) -> Option<&Saved> {
        let wanted = name.trim().to_lowercase();
        self.queries.iter().find(|it| it.name.to_lowercase() == wanted)
    }

    /// The first query with that text.
    pub(super) fn by_query(&self, query: &str) -> Option<&Saved> {
        self.queries.iter().find(|it| it.query.trim() == query.trim())
    }

    /// The query that the list opens with. One that finds nothing, because a key's value was taken out of it, is none.
    pub(super) fn opening(&self) -> Option<&Saved> {
        let id = self.default.as_deref()?;
        self.by_id(id).filter(|it| !is_redacted(&it.query))
    }

    pub(super) fn is_blank(&self) -> bool {
        self.queries.is_empty() && self.removed.is_empty()
    }

    /// Puts a query behind the others.
    pub(super) fn add(&mut self, saved: Saved) -> Result<(), Full> {
        if self.queries.len() >= MOST {
            return Err(Full);
        }
        self.ordered = self.ordered.max(saved.changed);
        self.queries.push(saved);
        Ok(())
    }

    /// Gives a query another name or text; `None` leaves it as it is.
    pub(super) fn change(&mut self, id: &str, name: Option<&str>, query: Option<&str>, now: i64) {
        let Some(saved) = self.queries.iter_mut().find(|it| it.id == id) else { return };
        if let Some(name) = name {
            saved.name = name.to_owned();
        }
        if let Some(query) = query {
            saved.query = query.to_owned();
        }
        saved.changed = now.max(saved.changed + 1);
    }

    /// Moves a query one place up or down; its new place, from 0, if there was room.
    pub(super) fn step(&mut self, id: &str, up: bool, now: i64) -> Option<usize> {
        let from = self.queries.iter().position(|it| it.id == id)?;
        let to = if up { from.checked_sub(1)? } else { from + 1 };
        if to >= self.queries.len() {
            return None;
        }
        self.queries.swap(from, to);
        self.ordered = now.max(self.ordered + 1);
        Some(to)
    }

    /// Makes a query the one that the list opens with, or none.
    pub(super) fn choose(&mut self, id: Option<&str>, now: i64) {
        self.default = id.filter(|it| self.by_id(it).is_some()).map(str::to_owned);
        self.chosen = now.max(self.chosen + 1);
    }

    pub(super) fn remove(&mut self, id: &str, now: i64) -> Option<Undo> {
        let place = self.queries.iter().position(|it| it.id == id)?;
        let saved = self.queries.remove(place);
        let was_default = self.default.as_deref() == Some(id);
        if was_default {
            self.choose(None, now);
        }
        self.removed.push(Removed { id: saved.id.clone(), at: now.max(saved.changed) });
        if self.removed.len() > MOST_REMOVED {
            self.removed.remove(0);
        }
        Some(Undo { saved, place, was_default })
    }

    /// Puts a query back where it was.
    pub(super) fn restore(&mut self, undo: Undo, now: i64) -> Result<(), Full> {
        let Undo { mut saved, place, was_default } = undo;
        if self.queries.len() >= MOST {
            return Err(Full);
        }
        if self.by_id(&saved.id).is_some() {
            return Ok(());
        }
        let removed = self.removed.iter().filter(|it| it.id == saved.id).map(|it| it.at).max();
        // Later than its removal, in every tab.
        saved.changed = now.max(removed.unwrap_or(saved.changed) + 1);
        let id = saved.id.clone();
        self.queries.insert(place.min(self.queries.len()), saved);
        self.ordered = now.max(self.ordered + 1);
        if was_default && self.default.is_none() {
            self.choose(Some(&id), now);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::features::saved_queries::testing::{names, saved, set};

    #[test]
    fn queries_step_up_and_down_and_stop_at_the_ends() {
        let mut three = set(&[("a", "x"), ("b", "y"), ("c", "z")]);
        assert_eq!(three.step("c", true, 10), Some(1));
        assert_eq!(names(&three), ["a", "c", "b"]);
        assert_eq!((three.step("a", true, 11), three.step("b", false, 11)), (None, None));
        assert_eq!(three.step("a", false, 12), Some(1));
        assert_eq!((names(&three), three.ordered), (vec!["c", "a", "b"], 12));
        assert_eq!(three.step("gone", false, 13), None);
    }

    #[test]
    fn a_removal_is_undone_at_its_place_and_with_its_rank() {
        let mut three = set(&[("a", "x"), ("b", "y"), ("c", "z")]);
        three.choose(Some("b"), 5);
        let undo = three.remove("b", 6).unwrap();
        assert_eq!((names(&three), three.default.as_deref()), (vec!["a", "c"], None));
        three.restore(undo.clone(), 6).unwrap();
        assert_eq!((names(&three), three.default.as_deref()), (vec!["a", "b", "c"], Some("b")));
        assert!(three.by_id("b").unwrap().changed > 6, "later than its removal");
        three.restore(undo, 7).unwrap();
        assert_eq!(three.queries.len(), 3, "once is enough");
    }

    #[test]
    fn a_name_is_found_in_either_case_and_a_query_without_its_margins() {
        let two = set(&[("Web servers", "title: web"), ("b", "y")]);
        assert!(two.by_name(" web SERVERS ").is_some() && two.by_name("web").is_none());
        assert_eq!(two.by_query("title: web ").map(|it| it.name.as_str()), Some("Web servers"));
    }

    #[test]
    fn a_query_that_finds_nothing_does_not_open_the_list() {
        let mut one = set(&[("a", "x")]);
        one.choose(Some("a"), 1);
        assert!(one.opening().is_some());
        one.change("a", None, Some(&["activationKey: ", crate::page::REMOVED].concat()), 2);
        assert!(one.opening().is_none());
        one.choose(Some("gone"), 3);
        assert_eq!(one.default, None);
    }

    #[test]
    fn a_full_set_takes_no_more() {
        let mut full = QuerySet::default();
        for number in 0..MOST {
            full.add(saved(&number.to_string(), "x", 1)).unwrap();
        }
        assert_eq!(full.add(saved("one more", "x", 1)), Err(Full));
        let undo = full.remove("7", 2).unwrap();
        full.add(saved("instead", "x", 3)).unwrap();
        assert_eq!(full.restore(undo, 4), Err(Full));
    }
}
