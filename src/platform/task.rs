//! The only place that starts futures.
//!
//! Each is boxed first: the code that runs a future is then in the program once and not once a future.

use futures_util::future::LocalBoxFuture;
use leptos::task::{spawn_local, spawn_local_scoped_with_cancellation};

/// Starts work that belongs to the current reactive owner and is dropped with it, so that it never
/// touches a signal that is gone.
pub fn spawn(fut: impl Future<Output = ()> + 'static) {
    let fut: LocalBoxFuture<'static, ()> = Box::pin(fut);
    spawn_local_scoped_with_cancellation(fut);
}

/// Starts work that must outlive the screen it was started from: the journal and the session.
#[expect(clippy::disallowed_methods, reason = "the one place that may outlive its owner")]
pub fn spawn_detached(fut: impl Future<Output = ()> + 'static) {
    let fut: LocalBoxFuture<'static, ()> = Box::pin(fut);
    spawn_local(fut);
}
