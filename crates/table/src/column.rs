use std::cmp::Ordering;

use crate::collate;
use crate::dict::Dict;
use crate::ranks::{Compared, Ranks};
use crate::value::{Cell, Value};

/// One column: a code a row, and what the codes mean.
#[derive(Default)]
pub struct Column {
    /// 0 where nothing is told; else the number of the value, and one. Rows at the end that tell nothing are not there.
    codes: Vec<u32>,
    values: Dict,
    ranks: Ranks,
    /// Somebody asked for its order.
    is_wanted: bool,
}

impl Column {
    /// The code of each row, by its place; 0 where nothing is told. It may be shorter than there are rows: those
    /// behind it tell nothing.
    #[must_use]
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// The code of a row.
    #[must_use]
    pub fn code(&self, place: u32) -> u32 {
        usize::try_from(place).ok().and_then(|it| self.codes.get(it)).copied().unwrap_or(0)
    }

    /// How many codes there are, the one for nothing among them.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.values.len().saturating_add(1)
    }

    /// What a code means; nothing for 0.
    #[must_use]
    pub fn value(&self, code: u32) -> Option<Value<'_>> {
        let number = code.checked_sub(1).filter(|it| *it < self.values.len())?;
        Some(Value::read(self.values.get(number)))
    }

    /// A key for each of so many rows, by their codes.
    #[must_use]
    pub fn keys(&self, rows: usize, by_code: &[u64]) -> Vec<u64> {
        let mut res = vec![by_code.first().copied().unwrap_or(0); rows];
        for (slot, code) in res.iter_mut().zip(&self.codes) {
            *slot = usize::try_from(*code).ok().and_then(|it| by_code.get(it)).copied().unwrap_or(0);
        }
        res
    }

    /// Marks the rows whose codes are marked.
    pub fn mark(&self, by_code: &[bool], marks: &mut [bool]) {
        let is_marked = |code: u32| usize::try_from(code).ok().and_then(|it| by_code.get(it)) == Some(&true);
        let codes = self.codes.iter().copied().chain(std::iter::repeat(0));
        marks.iter_mut().zip(codes).for_each(|(mark, code)| *mark = is_marked(code));
    }

    /// What stands in a row.
    #[must_use]
    pub fn get(&self, place: u32) -> Option<Value<'_>> {
        self.value(self.code(place))
    }

    /// The code of a value, if a row has it.
    #[must_use]
    pub fn find(&self, cell: &Cell) -> Option<u32> {
        self.values.find(cell.bytes()).map(|it| it + 1)
    }

    /// Puts a value into a row. Rows before it that were not told of tell nothing.
    pub(crate) fn put(&mut self, place: u32, cell: &Cell) {
        let (Ok(at), Some((number, _))) = (usize::try_from(place), self.values.insert(cell.bytes())) else {
            return;
        };
        if self.codes.len() <= at {
            self.codes.resize(at + 1, 0);
        }
        if let Some(code) = self.codes.get_mut(at) {
            *code = number + 1;
        }
    }

    /// The rank of each code. Equal values have equal ranks, and what is told to be nothing has that of what is not
    /// told: 0.
    pub fn ranks(&mut self) -> Vec<u32> {
        self.is_wanted = true;
        self.rank(u32::MAX);
        let least = self.ranks.sorted().first().and_then(|it| self.value(it + 1));
        let is_nothing = least.is_some_and(|it| collate::compare(it, Value::Nothing) == Ordering::Equal);
        let first = u32::from(!is_nothing);
        std::iter::once(0).chain(self.ranks.ranks().iter().map(|it| it + first)).collect()
    }

    /// Ranks values that have no rank yet, `most` at once.
    pub(crate) fn rank(&mut self, most: u32) {
        self.ranks.extend(&Values(&self.values), most);
    }

    /// Whether its order was asked for.
    pub(crate) fn is_wanted(&self) -> bool {
        self.is_wanted
    }

    /// How many values have no rank yet, and how many have one.
    pub(crate) fn unranked(&self) -> (u32, u32) {
        (self.values.len().saturating_sub(self.ranks.known()), self.ranks.known())
    }

    /// Bytes taken, about.
    #[must_use]
    pub fn size(&self) -> usize {
        self.codes.capacity() * size_of::<u32>() + self.values.size() + self.ranks.size()
    }
}

/// Values in their order.
struct Values<'a>(&'a Dict);

impl Compared for Values<'_> {
    fn count(&self) -> u32 {
        self.0.len()
    }

    fn prefix(&self, number: u32) -> u64 {
        collate::prefix(Value::read(self.0.get(number)))
    }

    fn compare(&self, a: u32, b: u32) -> Ordering {
        collate::compare(Value::read(self.0.get(a)), Value::read(self.0.get(b)))
    }
}
