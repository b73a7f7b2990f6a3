//! How far a search has come that loads all rows.

use leptos::prelude::*;

use crate::platform::{clock, task};
use crate::systems::Client;

/// Milliseconds between looks at how many rows were loaded.
const PROGRESS_MS: u32 = 200;

/// Rows loaded so far, while a search that loads them all is under way.
#[must_use]
pub fn progress(client: Client, loading: Signal<bool>) -> Signal<Option<u64>> {
    let so_far = RwSignal::new(None);
    // A signal cannot hold a client, whose parts belong to this thread.
    let client = StoredValue::new_local(client);
    Effect::new(move |_| {
        if !loading.get() {
            so_far.set(None);
            return;
        }
        task::spawn(async move {
            while loading.try_get_untracked() == Some(true) {
                clock::sleep(PROGRESS_MS).await;
                let now = client.try_with_value(Client::loaded_so_far).flatten();
                if loading.try_get_untracked() == Some(true) {
                    so_far.try_set(now);
                }
            }
        });
    });
    so_far.into()
}
