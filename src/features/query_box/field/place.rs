//! Places in a text: bytes here, UTF-16 units in the browser.

use std::ops::Range;

/// The byte at which the browser's unit stands; the next boundary before it, at most the end.
pub(super) fn byte_of(text: &str, unit: u32) -> usize {
    let mut units = 0_u32;
    for (at, c) in text.char_indices() {
        units = units.saturating_add(width(c));
        if units > unit {
            return at;
        }
    }
    text.len()
}

/// The browser's unit at a byte; that of the character around it.
pub(super) fn unit_of(text: &str, byte: usize) -> u32 {
    let before = text.char_indices().take_while(|(at, _)| *at < byte);
    before.map(|(_, c)| width(c)).fold(0, u32::saturating_add)
}

/// A selection of the browser as bytes.
pub(super) fn bytes(text: &str, units: (u32, u32)) -> Range<usize> {
    let start = byte_of(text, units.0);
    start..byte_of(text, units.1).max(start)
}

fn width(c: char) -> u32 {
    u32::try_from(c.len_utf16()).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_units_are_the_same_places() {
        let text = "a ü 🔑 b";
        for (byte, unit) in [(0, 0), (2, 2), (4, 3), (5, 4), (9, 6), (10, 7), (11, 8)] {
            assert_eq!(byte_of(text, unit), byte, "unit {unit}");
            assert_eq!(unit_of(text, byte), unit, "byte {byte}");
        }
    }

    #[test]
    fn what_is_beyond_the_text_or_inside_a_character_is_its_nearest_place() {
        assert_eq!(byte_of("🔑", 1), 0);
        assert_eq!(byte_of("ab", 99), 2);
        assert_eq!(unit_of("ab", 99), 2);
        assert_eq!(bytes("ab", (2, 1)), 2..2);
    }
}
