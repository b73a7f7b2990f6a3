//! Watches the rows of a list, and keeps what changed between two readings.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::difference::{Difference, compare};
use super::reading::Reading;
use crate::domain::{FieldId, KeyId, order};
use crate::features::key_list::asking::Loaded;
use crate::http::ApiError;
use crate::platform::task;
use crate::systems::{Client, Manifest};
use crate::ui::{Answer, Latest, effect};

/// What changed since the rows were read before. A handle: copies are the same.
#[derive(Clone, Copy)]
pub(in super::super) struct News {
    /// `None` until there is something to say.
    pub(super) found: RwSignal<Option<Difference>>,
    pub(super) manifest: StoredValue<&'static Manifest, LocalStorage>,
    client: StoredValue<Client, LocalStorage>,
    last: StoredValue<Option<Reading>, LocalStorage>,
    /// What the reader changed before the last reading and before the one that comes: a reading that was on its way
    /// may have missed it.
    own: StoredValue<[BTreeSet<KeyId>; 2]>,
    /// The reader asked for fresh rows.
    asked: StoredValue<bool>,
    /// Counts readings: of two comparisons the later one counts.
    count: StoredValue<u64>,
}

/// What is to be marked on a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// It was not there. Whether it is a new key or came from elsewhere.
    New {
        /// The rows are all keys there are.
        is_all: bool,
    },
    /// It tells something else in these fields.
    Changed(Vec<FieldId>),
}

impl News {
    /// Follows the answers of a list.
    pub(in super::super) fn follow(client: &Client, keys: Latest<Loaded, ApiError>) -> Self {
        let res = Self {
            found: RwSignal::new(None),
            manifest: StoredValue::new_local(client.manifest()),
            client: StoredValue::new_local(client.clone()),
            last: StoredValue::new_local(None),
            own: StoredValue::new(Default::default()),
            asked: StoredValue::new(false),
            count: StoredValue::new(0),
        };
        effect(move |_| {
            let answer = keys.signal().get();
            let Answer::Ready(loaded) = answer else { return };
            let Some(client) = res.client.try_get_value() else { return };
            if let Some(reading) = Reading::of(&loaded, &|request| client.rows(request)) {
                res.read(reading);
            }
        });
        res
    }

    /// The reader asked for fresh rows: what they tell takes the place of what was told before.
    pub(in super::super) fn asked(self) {
        self.asked.set_value(true);
    }

    /// Takes the marks away.
    pub(super) fn dismiss(self) {
        self.found.set(None);
    }

    /// What is to be marked on the row of a key; tracks.
    pub(super) fn mark(self, id: &KeyId) -> Option<Mark> {
        self.found.with(|it| {
            let it = it.as_ref()?;
            if it.new.contains(id) {
                return Some(Mark::New { is_all: it.is_all });
            }
            it.changed.get(id).cloned().map(Mark::Changed)
        })
    }

    /// The mark on the row of a key as a word for style sheets; tracks.
    pub(in super::super) fn word(self, id: &KeyId) -> Option<&'static str> {
        self.mark(id).map(|it| match it {
            Mark::New { .. } => "new",
            Mark::Changed(_) => "changed",
        })
    }

    fn read(self, reading: Reading) {
        let before = self.last.try_update_value(|it| it.replace(reading.clone())).flatten();
        let Some(before) = before else { return };
        // Told apart from an answer that was cut out of the same rows once more.
        if reading.is_same(&before) {
            return;
        }
        let asked = self.asked.try_update_value(std::mem::take).unwrap_or_default();
        let mine = self.count.get_value().wrapping_add(1);
        self.count.set_value(mine);
        let written = self.client.with_value(Client::take_written);
        let own = self.own.try_update_value(|[older, newer]| {
            *older = std::mem::replace(newer, written);
            order::set(older.union(newer).cloned())
        });
        let Some(own) = own.filter(|_| reading.is_again(&before)) else { return };
        let manifest = self.manifest.get_value();
        task::spawn_detached(async move {
            let found = compare(manifest, &before, &reading, &own).await;
            if self.count.try_get_value() == Some(mine) {
                self.tell(found, asked);
            }
        });
    }

    fn tell(self, found: Difference, asked: bool) {
        self.found.try_update(|told| match told.take() {
            Some(before) if !asked => *told = Some(found.after(before)),
            before if !asked && found.is_empty() => *told = before,
            _ => *told = Some(found),
        });
    }
}
