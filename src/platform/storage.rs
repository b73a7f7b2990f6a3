//! Session storage: gone with the tab, not shared between tabs. Local storage is not used at all.
//!
//! A browser may refuse it (blocked cookies, a sandboxed frame, a full quota); then values live in
//! memory until the page goes, and the caller is told.

use std::cell::RefCell;
use std::collections::BTreeMap;

/// Where a value ended up.
#[must_use = "a value in memory alone is gone after a reload"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persisted {
    /// In session storage: survives a reload.
    Stored,
    /// In memory alone: storage is refused here.
    MemoryOnly,
}

thread_local! {
    static MEMORY: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
}

/// Text by name, in session storage or, where that throws, in memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct SessionStorage;

impl SessionStorage {
    /// The value under `key`.
    #[must_use]
    pub fn get(self, key: &str) -> Option<String> {
        // Memory first: it is only filled when storage refused, and is then the newer one.
        let in_memory = MEMORY.with_borrow(|it| it.get(key).cloned());
        in_memory.or_else(|| browser()?.get_item(key).ok().flatten())
    }

    /// Keeps `value` under `key`.
    pub fn put(self, key: &str, value: &str) -> Persisted {
        if browser().is_some_and(|it| it.set_item(key, value).is_ok()) {
            MEMORY.with_borrow_mut(|it| it.remove(key));
            return Persisted::Stored;
        }
        MEMORY.with_borrow_mut(|it| it.insert(key.to_owned(), value.to_owned()));
        Persisted::MemoryOnly
    }

    /// Forgets `key`, in both places.
    pub fn remove(self, key: &str) {
        MEMORY.with_borrow_mut(|it| it.remove(key));
        if let Some(storage) = browser() {
            // Refused storage holds nothing to remove.
            storage.remove_item(key).unwrap_or_default();
        }
    }
}

fn browser() -> Option<web_sys::Storage> {
    super::window()?.session_storage().ok().flatten()
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
