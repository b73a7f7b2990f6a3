//! Where layouts are kept: the local storage of this browser, which all tabs share.

use std::cell::RefCell;

use super::document::{self, Lists};
use super::model::Layout;
use crate::platform::storage::{Persisted, SharedStorage};
use crate::systems::Manifest;

/// The one name under which the layouts of all connections lie.
const KEY: &str = "latchkey.layouts";

thread_local! {
    /// What this tab changed while the storage holds the text of another version, which is left alone.
    static MINE: RefCell<Lists> = RefCell::new(Lists::new());
}

/// What is kept; `None` where it is of another version.
fn stored() -> Option<Lists> {
    SharedStorage.get(KEY).map_or_else(|| Some(Lists::new()), |it| document::read(&it))
}

/// The layout of a connection.
pub(super) fn load(connection: &str, manifest: &'static Manifest) -> Layout {
    match stored() {
        Some(lists) => document::layout(&lists, connection, manifest),
        None => MINE.with_borrow(|it| document::layout(it, connection, manifest)),
    }
}

/// Changes the layout of a connection: on top of what another tab may have written since, so that what both did holds.
pub(super) fn change(
    connection: &str,
    manifest: &'static Manifest,
    change: &mut dyn FnMut(&mut Layout),
) -> Layout {
    let stored = stored();
    let is_ours = stored.is_some();
    let mut lists = stored.unwrap_or_else(|| MINE.with_borrow(Lists::clone));
    let mut layout = document::layout(&lists, connection, manifest);
    change(&mut layout);
    document::keep(&mut lists, connection, manifest, &layout);
    if !is_ours {
        MINE.with_borrow_mut(|it| *it = lists);
        return layout;
    }
    match document::write(&lists) {
        text if text.is_empty() => SharedStorage.remove(KEY),
        text => match SharedStorage.put(KEY, &text) {
            // In memory alone it lasts until the page goes, which is all that can be done for it.
            Persisted::Stored | Persisted::MemoryOnly => {}
        },
    }
    layout
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::FieldId;
    use crate::features::key_list::layout::model::Density;
    use crate::systems::qualys_gateway::MANIFEST;

    fn dense(layout: &mut Layout) {
        layout.density = Density::Compact;
    }

    #[test]
    fn two_tabs_that_change_different_things_both_hold() {
        change("eu", &MANIFEST, &mut dense);
        // Another tab had read before that and knows nothing of it: it, too, changes what is stored now.
        let layout = change("eu", &MANIFEST, &mut |it| it.show(FieldId::VALUE, false));
        assert_eq!(layout.density, Density::Compact);
        assert_eq!(load("eu", &MANIFEST), layout);
        assert_eq!(load("us", &MANIFEST), Layout::of(&MANIFEST));
        change("eu", &MANIFEST, &mut |it| *it = Layout::of(&MANIFEST));
        assert_eq!(SharedStorage.get(KEY), None, "a list as it came leaves nothing behind");
    }

    #[test]
    fn another_version_is_left_alone() {
        let text = r#"{"version":2,"lists":"something"}"#;
        assert_eq!(SharedStorage.put(KEY, text), Persisted::MemoryOnly);
        assert_eq!(change("eu", &MANIFEST, &mut dense).density, Density::Compact);
        assert_eq!(SharedStorage.get(KEY).as_deref(), Some(text));
        assert_eq!(load("eu", &MANIFEST).density, Density::Compact, "in this tab it is there");
    }

    #[test]
    fn nonsense_gives_way_to_what_is_arranged() {
        assert_eq!(SharedStorage.put(KEY, "{broken"), Persisted::MemoryOnly);
        assert_eq!(load("eu", &MANIFEST), Layout::of(&MANIFEST));
        change("eu", &MANIFEST, &mut dense);
        assert_eq!(load("eu", &MANIFEST).density, Density::Compact);
    }
}
