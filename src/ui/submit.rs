//! Sending: one change at a time, and its outcome.

use std::future::Future;
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;

use crate::platform::task;

/// A change that can be sent; made by [`submit`].
pub struct Submit<I: 'static, T: Send + Sync + 'static, E: Send + Sync + 'static> {
    /// It is on its way.
    pub pending: Signal<bool>,
    outcome: RwSignal<Option<Arc<Result<T, E>>>>,
    send: UnsyncCallback<I, bool>,
}

impl<I: 'static, T: Send + Sync + 'static, E: Send + Sync + 'static> Clone for Submit<I, T, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I: 'static, T: Send + Sync + 'static, E: Send + Sync + 'static> Copy for Submit<I, T, E> {}

impl<I: 'static, T: Send + Sync + 'static, E: Send + Sync + 'static> Submit<I, T, E> {
    /// Sends. Answers whether it did: while another is on its way, nothing happens and the answer is no.
    pub fn run(self, input: I) -> bool {
        self.send.try_run(input).unwrap_or(false)
    }

    /// How the last one ended; `None` before the first end and after [`Submit::clear`]. Tracks.
    pub fn outcome(self) -> Option<Arc<Result<T, E>>> {
        self.outcome.get()
    }

    /// Why the last one failed, in the words that `say` finds, for an `error` prop.
    pub fn error(self, say: impl Fn(&E) -> String + Send + Sync + 'static) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.outcome.with(|it| it.as_deref().and_then(|it| it.as_ref().err()).map(&say))
        })
    }

    /// Forgets the last outcome, when a form opens anew.
    pub fn clear(self) {
        self.outcome.try_set(None);
    }
}

/// Prepares a change. `send` does it, `done` is told the outcome once.
///
/// The future is not dropped when the component leaves the page: a write that is under way is
/// finished and its outcome is known to whoever keeps it (the journal). `done` is then not called.
pub fn submit<I, T, E, Sent>(
    send: impl Fn(I) -> Sent + 'static,
    done: impl Fn(&Result<T, E>) + 'static,
) -> Submit<I, T, E>
where
    I: 'static,
    T: Send + Sync + 'static,
    E: Send + Sync + 'static,
    Sent: Future<Output = Result<T, E>> + 'static,
{
    let pending = RwSignal::new(false);
    let outcome = RwSignal::new(None);
    let done: UnsyncCallback<Arc<Result<T, E>>> = UnsyncCallback::new(move |it: Arc<Result<T, E>>| done(&it));
    let start = move |input: I| -> LocalBoxFuture<'static, Result<T, E>> { send(input).boxed_local() };
    let send = UnsyncCallback::new(move |input: I| {
        if pending.get_untracked() {
            return false;
        }
        pending.set(true);
        outcome.set(None);
        let sent = start(input);
        task::spawn_detached(async move {
            let res = Arc::new(sent.await);
            pending.try_set(false);
            outcome.try_set(Some(res.clone()));
            done.try_run(res);
        });
        true
    });
    Submit { pending: pending.into(), outcome, send }
}
