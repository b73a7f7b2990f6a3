//! The message catalogue: every text on the screen, as typed functions in [`t`].
//!
//! `en.txt` is the source; `build.rs` makes the functions. A placeholder is a parameter, so a
//! message cannot be shown half filled.

use crate::platform::intl::{Plural, number, plural};

/// One function a message, generated from `src/i18n/en.txt`.
#[expect(clippy::pedantic, reason = "generated, so not shaped by hand")]
pub mod t {
    use super::{Plural, join, number, plural};

    include!(concat!(env!("OUT_DIR"), "/messages.rs"));
}

/// Joins the parts of a message; one helper for all, which keeps each message small.
fn join(parts: &[&str]) -> String {
    parts.concat()
}

/// A word of the catalogue at the start of a sentence: "Activation key".
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A label inside a sentence: "licences". A label that starts with capitals, as "SCIM subject", stays.
#[must_use]
pub fn small(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{capital, small};

    #[test]
    fn words_fit_their_place_in_a_sentence() {
        assert_eq!(capital("activation key"), "Activation key");
        assert_eq!(capital(""), "");
        assert_eq!(
            (small("Licences"), small("SCIM subject"), small("X")),
            ("licences".to_owned(), "SCIM subject".to_owned(), "X".to_owned())
        );
    }
}
