/// Bits that are looked at in one pass.
const BITS: u32 = 11;
const KINDS: usize = 1 << BITS;
const MASK: u64 = (1 << BITS) - 1;

/// Brings places into the order of their keys, which are looked up by place; those with equal keys stay as they stand.
/// A place without a key comes first.
pub fn sort(places: &mut Vec<u32>, keys: &[u64]) {
    let key = |place: u32| usize::try_from(place).ok().and_then(|it| keys.get(it)).copied().unwrap_or(0);
    // Bits in which keys differ at all: the others need no pass.
    let first = places.first().map_or(0, |it| key(*it));
    let differing = places.iter().fold(0, |bits, it| bits | key(*it) ^ first);
    let mut next = vec![0; places.len()];
    let mut shift = 0;
    while shift < u64::BITS {
        let digit = |place: u32| usize::try_from((key(place) >> shift) & MASK).unwrap_or_default();
        if (differing >> shift) & MASK != 0 {
            pass(places, &mut next, &digit);
            std::mem::swap(places, &mut next);
        }
        shift += BITS;
    }
}

/// Puts `from` into `to`, in the order of its digits.
fn pass(from: &[u32], to: &mut [u32], digit: &impl Fn(u32) -> usize) {
    let mut ends = [0_usize; KINDS];
    for place in from {
        if let Some(count) = ends.get_mut(digit(*place)) {
            *count += 1;
        }
    }
    let mut start = 0;
    for end in &mut ends {
        start += std::mem::replace(end, start);
    }
    for place in from {
        if let Some(end) = ends.get_mut(digit(*place)) {
            if let Some(slot) = to.get_mut(*end) {
                *slot = *place;
            }
            *end += 1;
        }
    }
}
