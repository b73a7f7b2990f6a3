use std::rc::Rc;

use super::load::Load;
use crate::domain::{Coverage, Key, KeyId};

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
}
