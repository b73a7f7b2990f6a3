use std::cmp::Ordering;

use crate::column::Column;
use crate::dict::Dict;
use crate::radix;
use crate::ranks::{Compared, Ranks};
use crate::value::Cell;

/// Values without a rank that are ranked ahead: a share of those that have one, and so many at least.
const SHARE: u32 = 16;
const LEAST: u32 = 1_000;

/// Values that are ranked at once.
const STEP: u32 = 8_000;

/// Rows with ids, column by column.
#[derive(Default)]
pub struct Table {
    /// The number of an id is the place of its row.
    ids: Dict,
    by_id: Ranks,
    columns: Vec<Column>,
}

impl Table {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.ids.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Adds a row and gives its place; `None` when there is one with this id.
    pub fn push(&mut self, id: &str) -> Option<u32> {
        self.ids.insert(id.as_bytes()).filter(|(_, is_new)| *is_new).map(|(place, _)| place)
    }

    /// The id of a row; empty for one that there is not.
    #[must_use]
    pub fn id(&self, place: u32) -> &str {
        std::str::from_utf8(self.ids.get(place)).unwrap_or_default()
    }

    /// The place of the row with an id.
    #[must_use]
    pub fn place(&self, id: &str) -> Option<u32> {
        self.ids.find(id.as_bytes())
    }

    /// The columns.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// One of them, to rank its values.
    pub fn column_mut(&mut self, number: usize) -> Option<&mut Column> {
        self.columns.get_mut(number)
    }

    /// Adds a column and gives its number.
    pub fn add_column(&mut self) -> usize {
        self.columns.push(Column::default());
        self.columns.len() - 1
    }

    /// Puts a value into a column of a row that is there.
    pub fn put(&mut self, place: u32, column: usize, cell: &Cell) {
        let is_there = place < self.len();
        if let Some(column) = self.columns.get_mut(column).filter(|_| is_there) {
            column.put(place, cell);
        }
    }

    /// All places in the order of ids: the shorter before the longer, as numbers stand, and then by their bytes.
    pub fn by_id(&mut self) -> &[u32] {
        self.rank_ids();
        self.by_id.sorted()
    }

    fn rank_ids(&mut self) {
        self.by_id.extend(&Ids(&self.ids), u32::MAX);
    }

    /// Ranks some of the ids, or of the values of one column, that have no rank yet, so that the next order of them is
    /// ready sooner: a few milliseconds of work, to be done between two frames. While rows come, those whose order was
    /// asked for; with `all`, all of them to the last. Whether there was something to do.
    pub fn prepare(&mut self, all: bool) -> bool {
        // Putting values between others costs a little for each of those too, so it waits until a share is new.
        let is_due = |(new, known): (u32, u32)| new > 0 && (all || new >= (known / SHARE).max(LEAST));
        if is_due((self.len().saturating_sub(self.by_id.known()), self.by_id.known())) {
            self.by_id.extend(&Ids(&self.ids), STEP);
            return true;
        }
        let mut columns = self.columns.iter_mut();
        match columns.find(|it| is_due(it.unranked()) && (all || it.is_wanted())) {
            Some(column) => {
                column.rank(STEP);
                true
            }
            None => false,
        }
    }

    /// All places in the order of keys, which are looked up by place: by those of the last list first, then by those
    /// before it, and in the end by id.
    pub fn order(&mut self, keys: &[Vec<u64>]) -> Vec<u32> {
        let mut res = self.by_id().to_vec();
        keys.iter().for_each(|it| radix::sort(&mut res, it));
        res
    }

    /// Bytes taken, about.
    #[must_use]
    pub fn size(&self) -> usize {
        let columns: usize = self.columns.iter().map(Column::size).sum();
        columns + self.ids.size() + self.by_id.size()
    }
}

/// Ids in their order.
struct Ids<'a>(&'a Dict);

impl Compared for Ids<'_> {
    fn count(&self) -> u32 {
        self.0.len()
    }

    /// The length, and as much of the beginning as there is room for.
    fn prefix(&self, number: u32) -> u64 {
        let id = self.0.get(number);
        let mut bytes = [0; 8];
        let [head, tail @ ..] = &mut bytes;
        *head = u8::try_from(id.len()).unwrap_or(u8::MAX);
        // Of very long ones the whole length counts before the first byte.
        let id = if *head == u8::MAX { &[] } else { id };
        tail.iter_mut().zip(id).for_each(|(to, from)| *to = *from);
        u64::from_be_bytes(bytes)
    }

    fn compare(&self, a: u32, b: u32) -> Ordering {
        let (a, b) = (self.0.get(a), self.0.get(b));
        (a.len(), a).cmp(&(b.len(), b))
    }
}
