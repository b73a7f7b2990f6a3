//! How far a search has come that loads all rows, and its rows as they come.

use std::convert::Infallible;
use std::pin::pin;

use futures_util::future::{Either, select};
use leptos::prelude::*;

use crate::domain::{Key, PageOf};
use crate::http::{ApiError, Cancel};
use crate::platform::{clock, task};
use crate::systems::{Client, SearchRequest};

/// Milliseconds between two looks at least, so that rows do not run over the screen.
const PAUSE_MS: u32 = 250;

/// So many times as long as a cut of a page out of the rows took, the next one waits: the browser stays free.
const SHARE: f64 = 10.0;

/// Milliseconds that other rows stay on the screen although some of the new ones are there.
const PATIENCE_MS: f64 = 1_000.0;

/// Rows loaded so far, while a search that loads them all is under way.
#[must_use]
pub fn progress(client: Client, loading: Signal<bool>) -> Signal<Option<u64>> {
    let so_far = RwSignal::new(None);
    // A signal cannot hold a client, whose parts belong to this thread.
    let client = StoredValue::new_local(client);
    Effect::new(move |_| {
        so_far.set(None);
        let Some(client) = client.try_get_value().filter(|_| loading.get()) else { return };
        // Ends with this run of the effect.
        task::spawn(async move {
            loop {
                client.progressed().await;
                so_far.try_set(client.loaded_so_far());
                clock::sleep(PAUSE_MS).await;
            }
        });
    });
    so_far.into()
}

/// When rows that are not all yet are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Early {
    /// As soon as there are any: nothing else is on the screen.
    AtOnce,
    /// Once they fill a page, or after a second: the rows of another question are on the screen.
    Filled,
    /// Not at all: all rows of the same question are on the screen.
    No,
}

/// Asks for a page of keys. Of a search that loads all rows, what is there of the page is shown as it comes, and what
/// came of one that broke off.
///
/// # Errors
/// What the server or the way to it answered.
pub async fn search_as_it_comes(
    client: &Client,
    request: &SearchRequest,
    cancel: &Cancel,
    early: Early,
    show: &dyn Fn(PageOf<Key>),
) -> Result<PageOf<Key>, ApiError> {
    let res = match early {
        Early::No => client.search(request, cancel).await,
        Early::AtOnce | Early::Filled => {
            let search = pin!(client.search(request, cancel));
            let rows = pin!(watch(client, request, early, show));
            match select(search, rows).await {
                Either::Left((res, _)) => res,
                Either::Right((never, _)) => match never {},
            }
        }
    };
    // The rows of an obsolete question are nobody's.
    let broke_off = res.is_err() && early != Early::No && !cancel.is_cancelled();
    if let Some(page) = client.partial(request).filter(|_| broke_off) {
        show(page);
    }
    res
}

async fn watch(
    client: &Client,
    request: &SearchRequest,
    early: Early,
    show: &dyn Fn(PageOf<Key>),
) -> Infallible {
    let asked_at = clock::monotonic_ms();
    let mut shown = None;
    loop {
        // What was there before counts too: an earlier question for the same rows may have become obsolete.
        while client.loaded_so_far().is_none() || client.loaded_so_far() == shown {
            client.progressed().await;
        }
        let began = clock::monotonic_ms();
        if let Some(page) = client.partial(request) {
            let is_full = u64::try_from(page.items.len()).is_ok_and(|it| it >= page.size);
            let is_due = early == Early::AtOnce || began - asked_at >= PATIENCE_MS;
            if is_full || is_due || shown.is_some() {
                shown = client.loaded_so_far();
                show(page);
            }
        }
        let took = (clock::monotonic_ms() - began) * SHARE;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few milliseconds")]
        let pause = took as u32;
        clock::sleep(pause.max(PAUSE_MS)).await;
    }
}
