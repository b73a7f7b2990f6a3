//! What stands at each place of the list: rows alone, or rows under the headings of their groups.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::asking::Loaded;
use super::groups::{Place, Places, group_id, group_text, key_part, row_id};
use super::layout::ListLayout;
use crate::domain::{Key, KeyId, order};
use crate::features::key_text;
use crate::http::ApiError;
use crate::i18n::t;
use crate::systems::{GroupBy, Manifest, Rows};
use crate::ui::{Button, ButtonKind, Icon, Latest, effect, memo};

/// Headings and rows of a grouped list that are drawn all at once: no more than of the longest page.
const SHORT: usize = 200;

/// The list as it is drawn. Two that are equal have the same rows at the same places.
#[derive(Clone)]
pub(super) struct Listed {
    loaded: Arc<Loaded>,
    groups: Option<(Arc<SendWrapper<Groups>>, Arc<Places>)>,
}

/// Rows by what they have in common.
struct Groups(Vec<NamedGroup>);

struct NamedGroup {
    id: String,
    label: String,
    rows: Rows,
}

/// The heading of a group.
pub(super) struct Heading<'a> {
    /// What it is known by.
    pub(super) id: &'a str,
    /// What its rows have in common.
    pub(super) label: &'a str,
    /// How many these are.
    pub(super) count: u64,
    /// Whether they are shown.
    pub(super) open: bool,
}

impl PartialEq for Listed {
    fn eq(&self, other: &Self) -> bool {
        let same_groups = match (&self.groups, &other.groups) {
            (None, None) => true,
            (Some(a), Some(b)) => Arc::ptr_eq(&a.0, &b.0) && a.1 == b.1,
            _ => false,
        };
        same_groups && Arc::ptr_eq(&self.loaded, &other.loaded)
    }
}

impl Listed {
    /// A list without groups.
    #[cfg(test)]
    pub(super) fn plain(loaded: Arc<Loaded>) -> Self {
        Self { loaded, groups: None }
    }

    /// Places that can be drawn.
    pub(super) fn count(&self) -> usize {
        match &self.groups {
            Some((_, places)) => places.len(),
            None => self.loaded.count(),
        }
    }

    /// How many places stand on the pages before.
    pub(super) fn offset(&self) -> u64 {
        self.loaded.offset()
    }

    /// Places of the whole answer.
    pub(super) fn total(&self) -> u64 {
        match &self.groups {
            Some((_, places)) => u64::try_from(places.len()).unwrap_or(u64::MAX),
            None => self.loaded.page.total,
        }
    }

    /// Whether rows are missing.
    pub(super) fn is_partial(&self) -> bool {
        self.loaded.is_partial()
    }

    /// Whether those on the screen alone are to be drawn: all rows are here, and they are many. A few groups look better
    /// with headings and rows as high as they are.
    pub(super) fn is_long(&self) -> bool {
        self.loaded.rows.is_some() && (self.groups.is_none() || self.count() > SHORT)
    }

    /// The heading at a place.
    pub(super) fn heading(&self, at: usize) -> Option<Heading<'_>> {
        let (groups, places) = self.groups.as_ref()?;
        let Place::Heading(number) = places.at(at)? else { return None };
        let group = groups.0.get(number)?;
        let count = u64::try_from(group.rows.len()).unwrap_or(u64::MAX);
        let open = places.row(number, 0).is_some();
        Some(Heading { id: &group.id, label: &group.label, count, open })
    }

    /// The key at a place; `None` at a heading.
    pub(super) fn key(&self, at: usize) -> Option<Key> {
        let Some((groups, places)) = &self.groups else { return self.loaded.key(at) };
        let Place::Row(group, row) = places.at(at)? else { return None };
        groups.0.get(group)?.rows.key(row)
    }

    /// Its id.
    pub(super) fn id(&self, at: usize) -> Option<KeyId> {
        let Some((groups, places)) = &self.groups else { return self.loaded.id(at) };
        let Place::Row(group, row) = places.at(at)? else { return None };
        groups.0.get(group)?.rows.id(row)
    }

    /// The place of a key, the first one where it stands in several groups.
    pub(super) fn place_of(&self, id: &KeyId) -> Option<usize> {
        let Some((groups, places)) = &self.groups else { return self.loaded.place_of(id) };
        let of_group = |(number, group): (usize, &NamedGroup)| places.row(number, group.rows.place_of(id)?);
        groups.0.iter().enumerate().find_map(of_group)
    }

    /// What the row of a key at a place is known by.
    pub(super) fn row_id(&self, at: usize, key: &KeyId) -> String {
        let group = self.groups.as_ref().and_then(|(groups, places)| match places.at(at)? {
            Place::Row(group, _) => groups.0.get(group),
            Place::Heading(_) => None,
        });
        group.map_or_else(|| key.0.clone(), |it| row_id(&it.id, key))
    }

    /// The place of a heading or a row that is known by this.
    pub(super) fn place_of_entry(&self, entry: &str) -> Option<usize> {
        let Some((groups, places)) = &self.groups else {
            return self.loaded.place_of(&KeyId(entry.to_owned()));
        };
        let number = |id: &str| groups.0.iter().position(|it| it.id == id);
        match key_part(entry) {
            (Some(group), key) => {
                let group = number(group)?;
                places.row(group, groups.0.get(group)?.rows.place_of(&key)?)
            }
            (None, _) => places.heading(number(entry)?),
        }
    }

    /// The ids of all groups.
    fn group_ids(&self) -> BTreeSet<String> {
        let groups = self.groups.iter().flat_map(|it| it.0.0.iter());
        order::set(groups.map(|it| it.id.clone()))
    }
}

/// The list of a screen, with the groups that are closed. A handle: copies are the same.
#[derive(Clone, Copy)]
pub(super) struct Listing {
    pub(super) now: Memo<Option<Listed>>,
    closed: RwSignal<BTreeSet<String>>,
}

/// Compared by where they are: working them out is what is to be spared.
#[derive(Clone)]
struct Same(Option<Arc<SendWrapper<Groups>>>);

impl PartialEq for Same {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        }
    }
}

impl Listing {
    pub(super) fn new(
        manifest: &'static Manifest,
        layout: ListLayout,
        keys: Latest<Loaded, ApiError>,
    ) -> Self {
        let manifest = StoredValue::new_local(manifest);
        let closed = RwSignal::new(BTreeSet::new());
        let answer = keys.signal();
        let by = memo(move |_| layout.with(|it| it.group));
        let groups = memo(move |_| {
            let by = by.get();
            let rows = answer.with(|it| it.value().and_then(|it| it.rows.clone()));
            let found = by.zip(rows).map(|(by, rows)| named(manifest.get_value(), &rows, by));
            Same(found.map(|it| Arc::new(SendWrapper::new(it))))
        });
        // Another grouping has other groups, all open.
        effect(move |_| {
            by.track();
            closed.set(BTreeSet::new());
        });
        let now = memo(move |_| {
            let loaded = answer.with(|it| it.value().cloned())?;
            let groups = groups.get().0.map(|groups| {
                let open = |it: &NamedGroup| closed.with(|closed| !closed.contains(&it.id));
                let places = Places::new(groups.0.iter().map(|it| (it.rows.len(), open(it))));
                (groups, Arc::new(places))
            });
            Some(Listed { loaded, groups })
        });
        Self { now, closed }
    }

    /// A part of the list; tracks.
    pub(super) fn with<T>(self, part: impl FnOnce(&Listed) -> Option<T>) -> Option<T> {
        self.now.with(|it| it.as_ref().and_then(part))
    }

    /// Opens or closes a group.
    pub(super) fn toggle(self, group: String) {
        self.closed.update(|it| {
            if !it.remove(&group) {
                it.insert(group);
            }
        });
    }

    /// Whether there are groups; tracks.
    fn is_grouped(self) -> bool {
        self.now.with(|it| it.as_ref().is_some_and(|it| it.groups.is_some()))
    }

    /// Opens all groups.
    fn open_all(self) {
        self.closed.set(BTreeSet::new());
    }

    /// Closes all groups.
    fn close_all(self) {
        let all = self.now.with_untracked(|it| it.as_ref().map(Listed::group_ids));
        self.closed.set(all.unwrap_or_default());
    }
}

/// Opens and closes all groups, where there are any.
pub(super) fn group_tools(listing: Listing) -> AnyView {
    let is_grouped = memo(move |_| listing.is_grouped());
    let tools = move || {
        is_grouped.get().then(|| {
            view! {
                <div class="row">
                    <Button kind=ButtonKind::Quiet icon=Icon::ChevronDown on_click=move || listing.open_all()>
                        {t::group_open_all()}
                    </Button>
                    <Button kind=ButtonKind::Quiet icon=Icon::ChevronEnd on_click=move || listing.close_all()>
                        {t::group_close_all()}
                    </Button>
                </div>
            }
        })
    };
    tools.into_any()
}

fn named(manifest: &'static Manifest, rows: &Rows, by: GroupBy) -> Groups {
    let groups = rows.groups(by, key_text::now()).into_iter();
    Groups(
        groups
            .map(|it| NamedGroup {
                id: group_id(&it.value),
                label: group_text(manifest, by, &it.value),
                rows: it.rows,
            })
            .collect(),
    )
}
