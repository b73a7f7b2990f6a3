use std::cell::OnceCell;
use std::rc::Rc;

use super::groups::{self, Group, GroupBy, GroupValue, Totals};
use super::load::Load;
use super::store::Store;
use crate::domain::{Coverage, Key, KeyId, Timestamp};

/// What a question found among the rows that are here, in its order: a view that copies no row. It stays as it was
/// made while further rows come, and after the rows were forgotten. Cheap to clone.
#[derive(Clone)]
pub struct Rows {
    load: Rc<Load>,
    places: Rc<[u32]>,
    coverage: Coverage,
    /// Where each row stands, and one; 0 for one that was not found. Worked out when it is first asked for.
    standing: Rc<OnceCell<Vec<u32>>>,
}

impl Rows {
    pub(super) fn new(load: Rc<Load>, places: Rc<[u32]>, coverage: Coverage) -> Self {
        Self { load, places, coverage, standing: Rc::default() }
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
        self.load.with(|it| it.key(*self.places.get(at)?))
    }

    /// The id of the key at a place.
    #[must_use]
    pub fn id(&self, at: usize) -> Option<KeyId> {
        self.load.with(|it| it.id(*self.places.get(at)?))
    }

    /// Where a key stands in the order.
    #[must_use]
    pub fn place_of(&self, id: &KeyId) -> Option<usize> {
        let row = usize::try_from(self.load.with(|it| it.place(id))?).ok()?;
        let standing = self.standing.get_or_init(|| {
            let mut res = vec![0; self.load.with(Store::len)];
            for (at, row) in (1..).zip(&*self.places) {
                if let Some(slot) = usize::try_from(*row).ok().and_then(|it| res.get_mut(it)) {
                    *slot = at;
                }
            }
            res
        });
        usize::try_from(standing.get(row)?.checked_sub(1)?).ok()
    }

    /// Keys from a place on, at most `count`.
    pub fn window(&self, from: usize, count: usize) -> impl Iterator<Item = Key> {
        self.places.iter().skip(from).take(count).filter_map(|it| self.load.with(|load| load.key(*it)))
    }
    /// The rows by what they have in common: groups in the order of their values, what has no value last. Rows keep
    /// their order within a group.
    #[must_use]
    pub fn groups(&self, by: GroupBy, now: Timestamp) -> Vec<Group> {
        let groups = self.load.with(|it| groups::groups(it, &self.places, by, now)).into_iter();
        let group = |(value, places): (GroupValue, Vec<u32>)| {
            let rows = Self::new(Rc::clone(&self.load), places.into(), self.coverage);
            Group { value, count: rows.len(), rows }
        };
        groups.map(group).collect()
    }

    /// The sums over these rows.
    #[must_use]
    pub fn totals(&self, now: Timestamp) -> Totals {
        self.load.with(|it| groups::totals(it, &self.places, now))
    }
}
