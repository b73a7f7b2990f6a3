use std::sync::Arc;

/// A value that must not leak: a key's value, a token, a password.
///
/// It has no `Debug`, `Display`, `PartialEq` or serialisation on purpose, so that it cannot be
/// printed, logged, stored or compared by accident. [`Secret::expose`] is the one way to the text and
/// easy to search for.
#[derive(Clone)]
pub struct Secret(Arc<str>);

impl Secret {
    /// Wraps a value.
    #[must_use]
    pub fn new(value: String) -> Self {
        Self(value.into())
    }

    /// The value itself. Call it at the last moment and keep the result in no longer-lived place.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is any value at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Enough of the value to tell two keys apart, never enough to use one: at most the first and
    /// last four characters of a long value, nothing at all of a short one.
    #[must_use]
    pub fn masked(&self) -> String {
        const SHOWN: usize = 4;
        let len = self.0.chars().count();
        if len < SHOWN * 4 {
            return "••••••••".to_owned();
        }
        let head = self.0.chars().take(SHOWN);
        let tail = self.0.chars().skip(len - SHOWN);
        head.chain("••••••••".chars()).chain(tail).collect()
    }

    /// Whether this is the text `candidate`. Spelled out, so that a comparison is a decision.
    #[must_use]
    pub fn is(&self, candidate: &str) -> bool {
        &*self.0 == candidate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_shows_its_ends_alone() {
        let secret = Secret::new("12ba12bc-effd-12e3-1234-12345ac12345".to_owned());
        assert_eq!(secret.masked(), "12ba••••••••2345");
    }

    #[test]
    fn a_short_value_shows_nothing() {
        for value in ["", "a", "A184-99C2-8CBE"] {
            assert_eq!(Secret::new(value.to_owned()).masked(), "••••••••");
        }
    }

    #[test]
    fn masking_counts_characters_not_bytes() {
        assert_eq!(Secret::new("ä".repeat(20)).masked(), "ääää••••••••ääää");
    }
}
