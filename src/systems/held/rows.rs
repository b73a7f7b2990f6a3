use std::rc::Rc;

use super::groups::{self, Group, GroupBy, Totals};
use super::load::Load;
use crate::domain::{Coverage, Key, KeyId, Timestamp};

/// What a question found among the rows that are here, in its order: a view that copies no row. It stays as it was
/// made while further rows come, and after the rows were forgotten. Cheap to clone.
#[derive(Clone)]
pub struct Rows {
    load: Rc<Load>,
    places: Rc<[usize]>,
    coverage: Coverage,
}

impl Rows {
    pub(super) fn new(load: Rc<Load>, places: Rc<[usize]>, coverage: Coverage) -> Self {
        Self { load, places, coverage }
    }

    /// How many rows were found.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether none was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// How far they can be trusted to be all.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        self.coverage
    }

    /// The key at a place of the order, from 0.
    #[must_use]
    pub fn key(&self, at: usize) -> Option<Key> {
        self.load.key(*self.places.get(at)?)
    }

    /// The id of the key at a place.
    #[must_use]
    pub fn id(&self, at: usize) -> Option<KeyId> {
        self.load.id(*self.places.get(at)?)
    }

    /// Where a key stands in the order.
    #[must_use]
    pub fn place_of(&self, id: &KeyId) -> Option<usize> {
        let row = self.load.place(id)?;
        self.places.iter().position(|it| *it == row)
    }

    /// Keys from a place on, at most `count`.
    pub fn window(&self, from: usize, count: usize) -> impl Iterator<Item = Key> {
        self.places.iter().skip(from).take(count).filter_map(|it| self.load.key(*it))
    }
    /// The rows by what they have in common: groups in the order of their values, what has no value last. Rows keep
    /// their order within a group.
    #[must_use]
    pub fn groups(&self, by: GroupBy, now: Timestamp) -> Vec<Group> {
        let keys = self.places.iter().filter_map(|it| Some((*it, self.load.key(*it)?)));
        let groups = groups::groups(keys, by, now).into_iter();
        let group = |(value, places): (_, Vec<usize>)| {
            let rows = Self { places: places.into(), ..self.clone() };
            Group { value, count: rows.len(), rows }
        };
        groups.map(group).collect()
    }

    /// The sums over these rows.
    #[must_use]
    pub fn totals(&self, now: Timestamp) -> Totals {
        let mut res = Totals::default();
        for key in self.window(0, self.len()) {
            groups::add(&mut res, &key, now);
        }
        res
    }
}
