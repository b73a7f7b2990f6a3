use crate::arena::Arena;

/// Distinct runs of bytes, each with a number from 0 in the order in which they came. No `Debug`: they may be secrets.
#[derive(Default)]
pub struct Dict {
    runs: Arena,
    /// Numbers and one, by hash; 0 is free. As many as a power of two.
    slots: Vec<u32>,
}

/// Slots at first.
const FIRST: usize = 64;

impl Dict {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.runs.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The run with a number; empty for one that there is not.
    #[must_use]
    pub fn get(&self, number: u32) -> &[u8] {
        self.runs.get(number)
    }

    /// The number of a run, if it is there.
    #[must_use]
    pub fn find(&self, bytes: &[u8]) -> Option<u32> {
        self.slots.get(self.slot(bytes)?)?.checked_sub(1)
    }

    /// The number of a run, which is added if it is not there, and whether it was added. `None` when there are too many.
    pub fn insert(&mut self, bytes: &[u8]) -> Option<(u32, bool)> {
        // At most half of the slots are taken, so that a search is short.
        if self.slots.len() < FIRST || usize::try_from(self.len()).ok()? * 2 >= self.slots.len() {
            self.grow();
        }
        let slot = self.slot(bytes)?;
        let place = self.slots.get_mut(slot)?;
        if let Some(number) = place.checked_sub(1) {
            return Some((number, false));
        }
        let number = self.runs.push(bytes)?;
        *place = number.checked_add(1)?;
        Some((number, true))
    }

    /// The slot of a run, or the free one where it belongs.
    fn slot(&self, bytes: &[u8]) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut slot = hash(bytes) & mask;
        loop {
            match self.slots.get(slot)?.checked_sub(1) {
                Some(number) if self.runs.get(number) != bytes => slot = (slot + 1) & mask,
                _ => return Some(slot),
            }
        }
    }

    fn grow(&mut self) {
        self.slots = vec![0; (self.slots.len() * 2).max(FIRST)];
        for number in 0..self.runs.len() {
            if let Some(place) = self.slot(self.runs.get(number)).and_then(|it| self.slots.get_mut(it)) {
                *place = number + 1;
            }
        }
    }

    /// Bytes taken, about.
    #[must_use]
    pub fn size(&self) -> usize {
        self.runs.size() + self.slots.capacity() * size_of::<u32>()
    }
}

/// FNV-1a by eight bytes at a time, with a last stir for the lower bits.
fn hash(bytes: &[u8]) -> usize {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let mut res: u64 = 0xcbf2_9ce4_8422_2325;
    let mut step = |part: u64| {
        res = (res ^ part).wrapping_mul(PRIME);
        res ^= res >> 29;
    };
    let (parts, rest) = bytes.as_chunks::<8>();
    parts.iter().for_each(|it| step(u64::from_le_bytes(*it)));
    rest.iter().for_each(|it| step(u64::from(*it)));
    step(u64::try_from(bytes.len()).unwrap_or_default());
    #[expect(clippy::cast_possible_truncation, reason = "the lower bits are as good as the upper")]
    let res = (res ^ res >> 32) as usize;
    res
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;

    #[test]
    fn a_run_has_one_number_whatever_its_length() {
        let mut dict = Dict::default();
        let runs: Vec<Vec<u8>> =
            (0..3_000_usize).map(|it| it.to_string().repeat(it % 40 + 1).into_bytes()).collect();
        let long = vec![7; 200_000];
        for (at, run) in runs.iter().enumerate() {
            assert_eq!(dict.insert(run), Some((u32::try_from(at).unwrap(), true)));
        }
        assert_eq!(dict.insert(&long), Some((3_000, true)));
        assert_eq!(dict.insert(b""), Some((3_001, true)));
        assert_eq!(dict.insert(b"after a long one"), Some((3_002, true)));
        for (at, run) in runs.iter().enumerate() {
            let at = u32::try_from(at).unwrap();
            assert_eq!(
                (dict.insert(run), dict.find(run), dict.get(at)),
                (Some((at, false)), Some(at), &run[..])
            );
        }
        assert_eq!((dict.get(3_000), dict.get(3_001), dict.len()), (&long[..], &b""[..], 3_003));
        assert_eq!((dict.find(b"another"), dict.get(9_999)), (None, &b""[..]));
        assert_eq!(Dict::default().find(b""), None);
    }
}
