//! When a reader is told of a new release. Pure.

/// What a tab knows of releases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The release that runs here.
    pub own: String,
    /// The one that the server has, as it said last.
    pub newest: Option<String>,
    /// The one about which the reader said "later", or to which this tab was loaded anew already.
    pub later: Option<String>,
    /// A file of the own release was asked for and is gone.
    pub is_missing: bool,
}

/// What the reader is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// Another release is there.
    New,
    /// The same, and a part of this one is gone.
    Missing,
}

impl Known {
    /// What to tell; nothing while this is the newest release, or while nobody knows. A reader who said "later" is told
    /// once more when something is gone, and never because time went by.
    #[must_use]
    pub fn offer(&self) -> Option<Offer> {
        let newest = self.newest.as_ref().filter(|it| **it != self.own)?;
        if self.is_missing {
            return Some(Offer::Missing);
        }
        (self.later.as_ref() != Some(newest)).then_some(Offer::New)
    }

    /// The reader said "later", or takes it up now: no other word about this release.
    #[must_use]
    pub fn put_off(&self) -> Self {
        Self { later: self.newest.clone(), is_missing: false, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(newest: Option<&str>, later: Option<&str>, is_missing: bool) -> Known {
        let owned = |it: Option<&str>| it.map(str::to_owned);
        Known { own: "r1".to_owned(), newest: owned(newest), later: owned(later), is_missing }
    }

    #[test]
    fn another_release_is_offered_once() {
        let check = |newest: Option<&str>, later: Option<&str>, missing: bool, want: Option<Offer>| {
            assert_eq!(known(newest, later, missing).offer(), want, "{newest:?} {later:?} {missing}");
        };
        check(None, None, false, None);
        check(Some("r1"), None, false, None);
        check(Some("r2"), None, false, Some(Offer::New));
        check(Some("r2"), Some("r2"), false, None);
        check(Some("r3"), Some("r2"), false, Some(Offer::New));
        // What is gone is told again; what cannot be downloaded while nothing is new is no release.
        check(Some("r2"), Some("r2"), true, Some(Offer::Missing));
        check(Some("r1"), None, true, None);
        check(None, None, true, None);
    }

    #[test]
    fn later_is_later_until_something_is_gone() {
        let later = known(Some("r2"), None, true).put_off();
        assert_eq!(later.offer(), None);
        let gone = Known { is_missing: true, ..later };
        assert_eq!(gone.offer(), Some(Offer::Missing));
        assert_eq!(gone.put_off().offer(), None);
    }
}
