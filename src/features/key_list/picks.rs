//! Which rows are picked: over all pages, sorts and queries, until the reader drops them.

use leptos::prelude::*;

use super::groups::key_part;
use super::listed::{Listed, Listing};
use crate::domain::Selection;
use crate::features::workspace::Workspace;
use crate::ui::{GridSelect, Pick, Picked, memo};

/// The boxes before the rows.
pub(super) fn picks(workspace: &Workspace, listing: Listing) -> GridSelect {
    let selection = workspace.selection;
    let all = memo(move |_| {
        let listed = listing.now.get();
        selection.with(|it| listed.map_or(Picked::Nothing, |listed| picked_of(it, &listed)))
    });
    let on_pick = move |pick| {
        let Some(listed) = listing.now.get_untracked() else { return };
        selection.update(|it| apply(it, &listed, pick));
    };
    GridSelect {
        picked: UnsyncCallback::new(move |(id,): (String,)| selection.with(|it| it.has(&key_part(&id).1))),
        all: all.into(),
        on_pick: UnsyncCallback::new(move |(pick,)| on_pick(pick)),
    }
}

/// How many of the rows that are shown are picked.
fn picked_of(selection: &Selection, listed: &Listed) -> Picked {
    if selection.is_empty() {
        return Picked::Nothing;
    }
    let (mut some, mut all) = (false, true);
    for id in (0..listed.count()).filter_map(|it| listed.id(it)) {
        let is_picked = selection.has(&id);
        some |= is_picked;
        all &= is_picked;
        // No further row changes what is known now.
        if some && !all {
            return Picked::Some;
        }
    }
    if some && all { Picked::All } else { Picked::Nothing }
}

fn apply(selection: &mut Selection, listed: &Listed, pick: Pick) {
    match pick {
        Pick::Toggle(at) => {
            if let Some(key) = listed.key(at) {
                selection.toggle(&key);
            }
        }
        Pick::To(to) => {
            let anchor = selection.anchor().and_then(|id| Some((listed.place_of(id)?, id.clone())));
            // Without a row to go from, it is the one on its own.
            let Some((from, id)) = anchor.or_else(|| Some((to, listed.id(to)?))) else { return };
            let range = from.min(to)..=from.max(to);
            selection.extend(&id, range.filter_map(|it| listed.key(it)));
        }
        Pick::All => {
            let all = (0..listed.count()).filter_map(|it| listed.key(it));
            selection.add_all(all);
        }
        Pick::Nothing => {
            for id in (0..listed.count()).filter_map(|it| listed.id(it)) {
                selection.remove(&id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use crate::domain::{Coverage, Key, PageOf, Timestamp};
    use crate::features::key_list::asking::Loaded;
    use crate::systems::{Order, SearchRequest};

    fn page(ids: &[&str]) -> Listed {
        let items: Vec<Key> = ids.iter().map(|it| Key::new(*it)).collect();
        let page = PageOf { total: 9, items, page: 0, size: 25, coverage: Coverage::Exact };
        let (query, order) = (String::new(), Order::TITLE);
        let request = SearchRequest { query, order, descending: false, page: 0, size: 25 };
        Listed::plain(Arc::new(Loaded { page, rows: None, at: Timestamp(0), request }))
    }

    fn ids(selection: &Selection) -> Vec<&str> {
        selection.iter().map(|(id, _)| id.0.as_str()).collect()
    }

    #[test]
    fn picks_are_kept_over_pages_and_a_box_over_all_tells_how_many_are_here() {
        let (first, second) = (page(&["1", "2", "3"]), page(&["4", "5"]));
        let mut picked = Selection::default();
        assert_eq!(picked_of(&picked, &first), Picked::Nothing);
        apply(&mut picked, &first, Pick::Toggle(0));
        apply(&mut picked, &first, Pick::To(1));
        assert_eq!((ids(&picked), picked_of(&picked, &first)), (vec!["1", "2"], Picked::Some));
        apply(&mut picked, &second, Pick::All);
        assert_eq!(picked_of(&picked, &second), Picked::All);
        assert_eq!(ids(&picked), ["1", "2", "4", "5"]);
        apply(&mut picked, &second, Pick::Nothing);
        assert_eq!((ids(&picked), picked_of(&picked, &second)), (vec!["1", "2"], Picked::Nothing));
    }

    #[test]
    fn a_range_goes_from_the_row_that_was_picked_last_wherever_it_stands_now() {
        let mut picked = Selection::default();
        apply(&mut picked, &page(&["1", "2", "3", "4"]), Pick::Toggle(3));
        apply(&mut picked, &page(&["4", "3", "2", "1"]), Pick::To(2));
        assert_eq!(ids(&picked), ["2", "3", "4"]);
        // From a row that is not here no range can go.
        apply(&mut picked, &page(&["7", "8"]), Pick::To(1));
        assert_eq!(ids(&picked), ["2", "3", "4", "8"]);
    }
}
