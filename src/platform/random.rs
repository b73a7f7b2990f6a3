//! Names that nothing else has.

use super::clock;

/// 128 random bits as 32 hexadecimal digits. For telling things apart, not for secrets.
#[must_use]
pub fn id() -> String {
    let words = if cfg!(target_arch = "wasm32") { [browser(), browser()] } else { native() };
    let mut res = String::with_capacity(32);
    for word in words {
        for shift in (0..16).rev() {
            let digit = u32::try_from((word >> (shift * 4)) & 0xf).unwrap_or(0);
            res.push(char::from_digit(digit, 16).unwrap_or('0'));
        }
    }
    res
}

fn browser() -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 2^32")]
    let half = || (clock::random() * 4_294_967_296.0) as u64;
    (half() << 32) | half()
}

/// The seeds of the standard library's maps differ from one to the next.
fn native() -> [u64; 2] {
    use std::hash::{BuildHasher as _, RandomState};
    [RandomState::new().hash_one(0), RandomState::new().hash_one(1)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_differ() {
        let (a, b) = (super::id(), super::id());
        assert!(a != b && a.len() == 32 && a.bytes().all(|it| it.is_ascii_hexdigit()));
    }
}
