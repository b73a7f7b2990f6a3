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

    /// Ranks what came since, `most` of it at once. Those that have a rank are not sorted again and hardly looked at: the
    /// new ones are sorted, and put between them.
    pub(crate) fn extend(&mut self, things: &dyn Compared, most: u32) {
        let known = self.known();
        let end = things.count().min(known.saturating_add(most));
        if end <= known {
            return;
        }
        let pair = |number: u32| (things.prefix(number), number);
        let compare = |a: (u64, u32), b: (u64, u32)| a.0.cmp(&b.0).then_with(|| things.compare(a.1, b.1));
        let mut new: Vec<(u64, u32)> = (known..end).map(pair).collect();
        new.sort_unstable_by(|a, b| compare(*a, *b));

        let mut merged = Vec::with_capacity(self.sorted.len() + new.len());
        // Whether each is equal to the one before it.
        let mut same = Vec::with_capacity(merged.capacity());
        let mut old = self.sorted.as_slice();
        let mut before: Option<(u64, u32)> = None;
        for it in new {
            let n = behind(old, |old| compare(pair(old), it) != Ordering::Greater);
            let (passed, rest) = old.split_at_checked(n).unwrap_or((old, &[]));
            old = rest;
            self.pass(passed, &mut merged, &mut same, before, &compare, &pair);
            let last = passed.last().map(|it| pair(*it)).or(before);
            same.push(last.is_some_and(|last| compare(last, it) == Ordering::Equal));
            merged.push(it.1);
            before = Some(it);
        }
        self.pass(old, &mut merged, &mut same, before, &compare, &pair);

        self.ranks.resize(merged.len(), 0);
        let mut rank = 0;
        for (at, (number, same)) in merged.iter().zip(same).enumerate() {
            rank += u32::from(at > 0 && !same);
            if let Some(slot) = usize::try_from(*number).ok().and_then(|it| self.ranks.get_mut(it)) {
                *slot = rank;
            }
        }
        self.sorted = merged;
    }

    /// Takes over some that have ranks, which tell whether they are equal. Only the first is compared, with the new one
    /// before it.
    fn pass(
        &self,
        passed: &[u32],
        merged: &mut Vec<u32>,
        same: &mut Vec<bool>,
        before: Option<(u64, u32)>,
        compare: &dyn Fn((u64, u32), (u64, u32)) -> Ordering,
        pair: &dyn Fn(u32) -> (u64, u32),
    ) {
        let rank = |it: u32| usize::try_from(it).ok().and_then(|it| self.ranks.get(it));
        let mut last = None;
        for it in passed {
            same.push(match last {
                Some(last) => rank(last) == rank(*it),
                None => before.is_some_and(|before| compare(before, pair(*it)) == Ordering::Equal),
            });
            last = Some(*it);
        }
        merged.extend_from_slice(passed);
    }

    /// Bytes taken, about.
    pub(crate) fn size(&self) -> usize {
        (self.sorted.capacity() + self.ranks.capacity()) * size_of::<u32>()
    }
}

/// How many at the beginning of a list fulfil a condition that those behind them do not: found in steps that double, as
/// most of the time it is few.
fn behind(list: &[u32], fits: impl Fn(u32) -> bool) -> usize {
    let (mut low, mut step) = (0, 1);
    while list.get(low + step - 1).is_some_and(|it| fits(*it)) {
        low += step;
        step *= 2;
    }
    let rest = list.get(low..(low + step).min(list.len())).unwrap_or_default();
    low + rest.partition_point(|it| fits(*it))
}
