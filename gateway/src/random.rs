//! Random numbers that are the same for the same seed, and ids made of random bits.

/// `splitmix64`: the same numbers on every machine.
#[derive(Debug, Clone)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// 64 random bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut res = self.0;
        res = (res ^ (res >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        res = (res ^ (res >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        res ^ (res >> 31)
    }

    /// 128 random bits.
    pub(crate) fn wide(&mut self) -> u128 {
        u128::from(self.next()) << 64 | u128::from(self.next())
    }

    /// A number from 0 to `end - 1`; 0 when `end` is not positive.
    pub(crate) fn below(&mut self, end: i64) -> i64 {
        let number = self.next();
        let end = end.max(1).unsigned_abs();
        i64::try_from(number % end).unwrap_or_default()
    }

    /// One of the items; `None` when there are none.
    pub(crate) fn one_of<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let idx = self.below(i64::try_from(items.len()).unwrap_or_default());
        items.get(usize::try_from(idx).unwrap_or_default())
    }
}

/// Writes 128 random bits as a GUID (version 4, the usual variant).
#[must_use]
pub(crate) fn guid(bits: u128) -> String {
    let bits = bits & !(0xf << 76) & !(0b11 << 62) | (0x4 << 76) | (0b10 << 62);
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        bits >> 96,
        (bits >> 80) & 0xffff,
        (bits >> 64) & 0xffff,
        (bits >> 48) & 0xffff,
        bits & 0xffff_ffff_ffff
    )
}
