//! Where saved queries are kept: the local storage of this browser, which all tabs share.

use std::cell::RefCell;

use super::document::{self, Document, Odd};
use super::merge::merge;
use crate::platform::storage::{Persisted, SharedStorage};

/// The one name under which everything lies.
const KEY: &str = "latchkey.queries";

/// What is kept, and what is to be said about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) document: Document,
    pub(super) odd: Option<Odd>,
    /// The browser keeps nothing here: it lasts until the page goes.
    pub(super) in_memory: bool,
}

thread_local! {
    /// What this tab knows. Another tab that wrote at the very same moment may not have seen it.
    static MINE: RefCell<Document> = RefCell::new(Document::default());
}

/// What is kept now, by all tabs together.
pub(super) fn load() -> Kept {
    let text = SharedStorage.get(KEY);
    let in_memory = SharedStorage.is_refused();
    let (document, odd) = match text.as_deref().map(document::read) {
        // Nothing there: not yet, or the reader cleared what this browser keeps.
        None => (Document::default(), None),
        // Left alone; what is saved now stays in this tab.
        Some((_, Some(Odd::OtherVersion))) => (MINE.with_borrow(Document::clone), Some(Odd::OtherVersion)),
        Some((stored, odd)) => (MINE.with_borrow(|mine| together(mine, stored)), odd),
    };
    let res = Kept { document, odd, in_memory };
    MINE.with_borrow_mut(|it| it.clone_from(&res.document));
    res
}

/// Changes what is kept: on top of what another tab may have written since.
pub(super) fn change<T>(change: impl FnOnce(&mut Document) -> T) -> (T, Kept) {
    let mut kept = load();
    let res = change(&mut kept.document);
    MINE.with_borrow_mut(|it| it.clone_from(&kept.document));
    if kept.odd == Some(Odd::OtherVersion) {
        return (res, kept);
    }
    kept.odd = None;
    if kept.document.is_blank() {
        SharedStorage.remove(KEY);
    } else if SharedStorage.put(KEY, &document::write(&kept.document)) == Persisted::MemoryOnly {
        kept.in_memory = true;
    }
    (res, kept)
}

/// What is stored, and what this tab saved while another one wrote. Recent queries are as they are stored.
fn together(mine: &Document, mut stored: Document) -> Document {
    for (system, set) in &mine.sets {
        let other = stored.sets.entry(system.clone()).or_default();
        *other = merge(set, other);
    }
    stored
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::saved_queries::testing::{names, saved, set};

    fn add(name: &str, changed: i64) -> Kept {
        change(|it| it.sets.entry("test".to_owned()).or_default().add(saved(name, "title: web", changed))).1
    }

    fn kept_names() -> Vec<String> {
        let document = load().document;
        document
            .sets
            .get("test")
            .map(|it| names(it).into_iter().map(str::to_owned).collect())
            .unwrap_or_default()
    }

    /// What another tab writes.
    fn write(text: &str) {
        assert_eq!(SharedStorage.put(KEY, text), Persisted::MemoryOnly);
    }

    #[test]
    fn what_is_saved_is_there_and_memory_alone_is_told() {
        assert_eq!(load().document, Document::default());
        assert!(add("a", 1).in_memory);
        assert_eq!(kept_names(), ["a"]);
    }

    #[test]
    fn what_another_tab_wrote_over_this_one_comes_back() {
        add("a", 1);
        let mut other = load().document;
        add("b", 2);
        // It had read before "b" was there.
        other.sets.insert("test".to_owned(), {
            let mut set = set(&[("a", "title: web")]);
            assert!(set.add(saved("c", "title: web", 3)).is_ok());
            set
        });
        write(&document::write(&other));
        assert_eq!(kept_names(), ["a", "c", "b"]);
        add("d", 4);
        assert_eq!(kept_names(), ["a", "c", "b", "d"]);
    }

    #[test]
    fn what_the_reader_cleared_does_not_come_back() {
        add("a", 1);
        SharedStorage.remove(KEY);
        assert_eq!(kept_names(), Vec::<String>::new());
        add("b", 2);
        assert_eq!(kept_names(), ["b"]);
    }

    #[test]
    fn another_version_is_left_alone() {
        let text = r#"{"version":2,"queries":["something"]}"#;
        write(text);
        assert_eq!(load().odd, Some(Odd::OtherVersion));
        assert_eq!(add("a", 1).odd, Some(Odd::OtherVersion));
        assert_eq!(SharedStorage.get(KEY).as_deref(), Some(text));
        assert_eq!(kept_names(), ["a"], "in this tab it is there");
    }

    #[test]
    fn nonsense_is_told_and_gives_way_to_what_is_saved() {
        write("{broken");
        assert_eq!((load().odd, load().document), (Some(Odd::Unreadable), Document::default()));
        assert_eq!(add("a", 1).odd, None);
        assert_eq!(kept_names(), ["a"]);
    }

    #[test]
    fn the_last_one_leaves_nothing_behind() {
        change(|it| it.recent.insert("test".to_owned(), vec!["a: 1".to_owned()]));
        assert!(SharedStorage.get(KEY).is_some());
        change(|it| it.recent.clear());
        assert_eq!(SharedStorage.get(KEY), None);
    }
}
