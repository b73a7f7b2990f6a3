//! The layout of the list on the screen, which all its parts share.

use leptos::prelude::*;

use super::model::Layout;
use super::store;
use crate::features::workspace::Workspace;
use crate::platform::listen;
use crate::systems::Manifest;

/// The layout of one connection's list. A handle: copies are the same.
#[derive(Clone, Copy)]
pub(in super::super) struct ListLayout {
    connection: StoredValue<String>,
    manifest: StoredValue<&'static Manifest, LocalStorage>,
    layout: RwSignal<Layout>,
}

impl ListLayout {
    /// Reads what is kept for the workspace's connection, and follows other tabs.
    pub(in super::super) fn new(workspace: &Workspace) -> Self {
        let (connection, manifest) = (workspace.connection().id.clone(), workspace.manifest());
        let layout = RwSignal::new(store::load(&connection, manifest));
        let res = Self {
            connection: StoredValue::new(connection),
            manifest: StoredValue::new_local(manifest),
            layout,
        };
        listen::window("storage", move |_| {
            let connection = res.connection.try_get_value();
            if let Some(now) = connection.map(|it| store::load(&it, manifest)) {
                res.set(now);
            }
        })
        .until_cleanup();
        res
    }

    /// A part of it; tracks.
    pub(in super::super) fn with<T>(self, part: impl FnOnce(&Layout) -> T) -> T {
        self.layout.with(part)
    }

    /// Rows a page, where the reader chose.
    pub(in super::super) fn size(self) -> Option<u64> {
        self.layout.with_untracked(|it| it.size)
    }

    /// Changes it and keeps it.
    pub(in super::super) fn change(self, mut change: impl FnMut(&mut Layout)) {
        let manifest = self.manifest.get_value();
        let now = self.connection.with_value(|it| store::change(it, manifest, &mut change));
        self.set(now);
    }

    /// As the system's manifest has it.
    pub(in super::super) fn reset(self) {
        let manifest = self.manifest.get_value();
        self.change(|it| *it = Layout::of(manifest));
    }

    /// Whether the reader arranged anything; tracks.
    pub(in super::super) fn is_arranged(self) -> bool {
        let manifest = self.manifest.get_value();
        self.layout.with(|it| *it != Layout::of(manifest))
    }

    fn set(self, now: Layout) {
        if self.layout.try_with_untracked(|it| *it != now) == Some(true) {
            self.layout.try_set(now);
        }
    }
}
