use std::cmp::Ordering;

/// The order of things that have numbers from 0, and come to be more: the rank of each among all.
#[derive(Default)]
pub(crate) struct Ranks {
    sorted: Vec<u32>,
    /// By number. Equal things have the same; the smallest is 0.
    ranks: Vec<u32>,
}

/// How they are compared.
pub(crate) trait Compared {
    /// How many there are.
    fn count(&self) -> u32;
    /// A number that is less only where the thing is.
    fn prefix(&self, number: u32) -> u64;
    /// The order of two whose prefixes are equal.
    fn compare(&self, a: u32, b: u32) -> Ordering;
}

impl Ranks {
    /// How many have a rank.
    pub(crate) fn known(&self) -> u32 {
        u32::try_from(self.sorted.len()).unwrap_or(u32::MAX)
    }

    /// Numbers in order. Equal ones stand in no particular one.
    pub(crate) fn sorted(&self) -> &[u32] {
        &self.sorted
    }

    /// The ranks by number.
    pub(crate) fn ranks(&self) -> &[u32] {
        &self.ranks
    }

    /// Ranks what came since. Those that have a rank are not sorted again: the new ones are sorted, and put between them.
    pub(crate) fn extend(&mut self, things: &dyn Compared) {
        let known = self.known();
        if things.count() <= known {
            return;
        }
        let pair = |number: u32| (things.prefix(number), number);
        let compare = |a: (u64, u32), b: (u64, u32)| a.0.cmp(&b.0).then_with(|| things.compare(a.1, b.1));
        let mut new: Vec<(u64, u32)> = (known..things.count()).map(pair).collect();
        new.sort_unstable_by(|a, b| compare(*a, *b));

        let mut merged: Vec<(u64, u32)> = Vec::with_capacity(self.sorted.len() + new.len());
        let mut old = self.sorted.iter().map(|it| pair(*it)).peekable();
        for it in new {
            while let Some(before) = old.next_if(|old| compare(*old, it) != Ordering::Greater) {
                merged.push(before);
            }
            merged.push(it);
        }
        merged.extend(old);

        self.ranks.resize(merged.len(), 0);
        let (mut rank, mut before) = (0, None);
        for it in &merged {
            if before.is_some_and(|before| compare(before, *it) != Ordering::Equal) {
                rank += 1;
            }
            before = Some(*it);
            if let Some(slot) = usize::try_from(it.1).ok().and_then(|at| self.ranks.get_mut(at)) {
                *slot = rank;
            }
        }
        self.sorted.clear();
        self.sorted.extend(merged.iter().map(|it| it.1));
    }

    /// Bytes taken, about.
    pub(crate) fn size(&self) -> usize {
        (self.sorted.capacity() + self.ranks.capacity()) * size_of::<u32>()
    }
}
