//! What the browser keeps for the page: text by name.
//!
//! * [`SessionStorage`] is gone with the tab and not shared between tabs: the token, and choices of the reader.
//! * [`SharedStorage`] outlives the tab and is shared by all tabs: the queries that the reader saved, how the reader
//!   arranged the lists, and nothing else. Nothing secret goes there: whoever uses this browser next can read it.
//!
//! A browser may refuse either (blocked cookies, a sandboxed frame, a full quota); then values live in
//! memory until the page goes, and the caller is told.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::refusals::{self, Refusal};

/// Where a value ended up.
#[must_use = "a value in memory alone is gone after a reload"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persisted {
    /// In the browser's storage: survives a reload.
    Stored,
    /// In memory alone: storage is refused here.
    MemoryOnly,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Area {
    Session,
    Local,
}

thread_local! {
    static MEMORY: RefCell<BTreeMap<(Area, String), String>> = const { RefCell::new(BTreeMap::new()) };
}

impl Area {
    fn get(self, key: &str) -> Option<String> {
        // Memory first: it is only filled when storage refused, and is then the newer one.
        let in_memory = MEMORY.with_borrow(|it| it.get(&(self, key.to_owned())).cloned());
        in_memory.or_else(|| self.browser()?.get_item(key).ok().flatten())
    }

    fn put(self, key: &str, value: &str) -> Persisted {
        let name = (self, key.to_owned());
        if self.browser().is_some_and(|it| it.set_item(key, value).is_ok()) {
            MEMORY.with_borrow_mut(|it| it.remove(&name));
            return Persisted::Stored;
        }
        MEMORY.with_borrow_mut(|it| it.insert(name, value.to_owned()));
        if self.browser().is_none() {
            refusals::note(Refusal::Storage);
        }
        Persisted::MemoryOnly
    }

    fn remove(self, key: &str) {
        MEMORY.with_borrow_mut(|it| it.remove(&(self, key.to_owned())));
        if let Some(storage) = self.browser() {
            // Refused storage holds nothing to remove.
            storage.remove_item(key).unwrap_or_default();
        }
    }

    fn browser(self) -> Option<web_sys::Storage> {
        let window = super::window()?;
        match self {
            Self::Session => window.session_storage().ok().flatten(),
            Self::Local => local(&window),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reaches it, for what may outlive the session"
)]
fn local(window: &web_sys::Window) -> Option<web_sys::Storage> {
    window.local_storage().ok().flatten()
}

/// Text by name, in session storage or, where that throws, in memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct SessionStorage;

impl SessionStorage {
    /// The value under `key`.
    #[must_use]
    pub fn get(self, key: &str) -> Option<String> {
        Area::Session.get(key)
    }

    /// Keeps `value` under `key`.
    pub fn put(self, key: &str, value: &str) -> Persisted {
        Area::Session.put(key, value)
    }

    /// Forgets `key`, in both places.
    pub fn remove(self, key: &str) {
        Area::Session.remove(key);
    }
}

/// Text by name, in local storage or, where that throws, in memory.
///
/// Every tab of this origin reads and writes it, and so does whoever else uses this browser: what comes back is not
/// to be believed, and no secret goes in. The window hears a `storage` event when another tab has written.
#[derive(Clone, Copy, Debug, Default)]
pub struct SharedStorage;

impl SharedStorage {
    /// The value under `key`.
    #[must_use]
    pub fn get(self, key: &str) -> Option<String> {
        Area::Local.get(key)
    }

    /// Keeps `value` under `key`.
    pub fn put(self, key: &str, value: &str) -> Persisted {
        Area::Local.put(key, value)
    }

    /// Forgets `key`, in both places.
    pub fn remove(self, key: &str) {
        Area::Local.remove(key);
    }

    /// Whether the browser keeps nothing for this page at all. One that does may still refuse a value.
    #[must_use]
    pub fn is_refused(self) -> bool {
        Area::Local.browser().is_none()
    }
}

/// Whether the browser keeps a text for this tab, and one for later visits: each is tried with one that is forgotten at
/// once.
#[must_use]
pub fn keeps() -> (bool, bool) {
    const TRIED: &str = "latchkey.self-check";
    let tried = |area: Area| {
        let is_kept = area.put(TRIED, "1") == Persisted::Stored;
        area.remove(TRIED);
        is_kept
    };
    (tried(Area::Session), tried(Area::Local))
}

/// Choices of the reader, such as theme and page size: small texts by name under one storage key.
pub mod preferences {
    use super::{Persisted, SessionStorage};
    use std::collections::BTreeMap;

    const KEY: &str = "latchkey.preferences";

    /// The choice called `name`, if one was made in this tab.
    #[must_use]
    pub fn get(name: &str) -> Option<String> {
        all().remove(name)
    }

    /// Remembers a choice.
    pub fn put(name: &str, value: &str) -> Persisted {
        let mut choices = all();
        choices.insert(name.to_owned(), value.to_owned());
        // A map of texts always has a JSON form.
        SessionStorage.put(KEY, &serde_json::to_string(&choices).unwrap_or_default())
    }

    /// Forgets every choice.
    pub fn forget() {
        SessionStorage.remove(KEY);
    }

    /// Anything unreadable counts as no choice: losing a theme is no reason to stop.
    fn all() -> BTreeMap<String, String> {
        SessionStorage.get(KEY).and_then(|it| serde_json::from_str(&it).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_browser_values_live_in_memory_and_say_so() {
        assert_eq!(SessionStorage.put("test.a", "1"), Persisted::MemoryOnly);
        assert_eq!(SessionStorage.get("test.a").as_deref(), Some("1"));
        SessionStorage.remove("test.a");
        assert_eq!(SessionStorage.get("test.a"), None);
    }

    #[test]
    fn the_two_areas_know_nothing_of_each_other() {
        assert!(SharedStorage.is_refused());
        assert_eq!(SharedStorage.put("test.a", "local"), Persisted::MemoryOnly);
        assert_eq!(SessionStorage.get("test.a"), None);
        assert_eq!(SessionStorage.put("test.a", "session"), Persisted::MemoryOnly);
        SharedStorage.remove("test.a");
        assert_eq!(
            (SharedStorage.get("test.a"), SessionStorage.get("test.a").as_deref()),
            (None, Some("session"))
        );
        SessionStorage.remove("test.a");
    }

    #[test]
    fn preferences_keep_each_other_and_survive_damage() {
        assert_eq!(preferences::put("theme", "dark"), Persisted::MemoryOnly);
        assert_eq!(preferences::put("size", "50"), Persisted::MemoryOnly);
        assert_eq!(preferences::get("theme").as_deref(), Some("dark"));
        assert_eq!(SessionStorage.put("latchkey.preferences", "{broken"), Persisted::MemoryOnly);
        assert_eq!(preferences::get("theme"), None);
        assert_eq!(preferences::put("theme", "light"), Persisted::MemoryOnly);
        assert_eq!(preferences::get("theme").as_deref(), Some("light"));
        preferences::forget();
        assert_eq!(preferences::get("theme"), None);
    }
}
