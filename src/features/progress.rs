//! How far a search has come that loads all rows, and its rows as they come.

use std::convert::Infallible;
use std::pin::pin;

use futures_util::FutureExt as _;
use futures_util::future::{Either, LocalBoxFuture, select};
use leptos::prelude::*;

use crate::domain::{Coverage, Key, PageOf};
use crate::http::{ApiError, Cancel};
use crate::platform::{clock, task};
use crate::systems::{Client, Rows, SearchRequest};
use crate::ui::effect;

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
    effect(move |_| {
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

/// What is there of an answer.
enum Part {
    /// The page that was asked for.
    Page(PageOf<Key>),
    /// All rows.
    Rows(Rows),
}

impl Part {
    /// Whether it fills a page.
    fn is_full(&self, request: &SearchRequest) -> bool {
        let (count, size) = match self {
            Self::Page(page) => (page.items.len(), page.size),
            Self::Rows(rows) => (rows.len(), request.size),
        };
        u64::try_from(count).is_ok_and(|it| it >= size)
    }
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
    let look = || client.partial(request).map(Part::Page);
    let show = |part| {
        if let Part::Page(page) = part {
            show(page);
        }
    };
    let search = client.search(request, cancel).boxed_local();
    as_it_comes(search, &Watched { client, request, cancel, early, look: &look, show: &show }).await
}

/// Asks for all rows of a question, whatever its page, and shows what is there as it comes.
///
/// # Errors
/// What the server or the way to it answered.
pub async fn load_as_it_comes(
    client: &Client,
    request: &SearchRequest,
    cancel: &Cancel,
    early: Early,
    show: &dyn Fn(Rows),
) -> Result<Rows, ApiError> {
    let look = || client.rows(request).map(Part::Rows);
    let show = |part| {
        if let Part::Rows(rows) = part {
            show(rows);
        }
    };
    let load = async {
        loop {
            // All are there already, or have come.
            let rows = client.rows(request);
            if let Some(rows) = rows.filter(|it| matches!(it.coverage(), Coverage::Held { .. })) {
                return Ok(rows);
            }
            // What a change made obsolete while it came is asked for again.
            client.load(request, cancel).await?;
        }
    };
    as_it_comes(load.boxed_local(), &Watched { client, request, cancel, early, look: &look, show: &show })
        .await
}

/// A question that is under way, and who looks what has come of it.
struct Watched<'a> {
    client: &'a Client,
    request: &'a SearchRequest,
    cancel: &'a Cancel,
    early: Early,
    look: &'a dyn Fn() -> Option<Part>,
    show: &'a dyn Fn(Part),
}

async fn as_it_comes<T>(
    asked: LocalBoxFuture<'_, Result<T, ApiError>>,
    it: &Watched<'_>,
) -> Result<T, ApiError> {
    let res = match it.early {
        Early::No => asked.await,
        Early::AtOnce | Early::Filled => match select(asked, pin!(watch(it))).await {
            Either::Left((res, _)) => res,
            Either::Right((never, _)) => match never {},
        },
    };
    // The rows of an obsolete question are nobody's.
    let broke_off = res.is_err() && it.early != Early::No && !it.cancel.is_cancelled();
    if let Some(part) = broke_off.then(|| (it.look)()).flatten() {
        (it.show)(part);
    }
    res
}

async fn watch(it: &Watched<'_>) -> Infallible {
    let Watched { client, request, early, .. } = it;
    let asked_at = clock::monotonic_ms();
    let mut shown = None;
    loop {
        // What was there before counts too: an earlier question for the same rows may have become obsolete.
        while client.loaded_so_far().is_none() || client.loaded_so_far() == shown {
            client.progressed().await;
        }
        let began = clock::monotonic_ms();
        if let Some(part) = (it.look)() {
            let is_due = *early == Early::AtOnce || began - asked_at >= PATIENCE_MS;
            if part.is_full(request) || is_due || shown.is_some() {
                shown = client.loaded_so_far();
                (it.show)(part);
            }
        }
        let took = (clock::monotonic_ms() - began) * SHARE;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few milliseconds")]
        let pause = took as u32;
        clock::sleep(pause.max(PAUSE_MS)).await;
    }
}
