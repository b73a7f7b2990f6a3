//! The only place that starts futures.

use leptos::task::{spawn_local, spawn_local_scoped_with_cancellation};

/// Starts work that belongs to the current reactive owner and is dropped with it, so that it never
/// touches a signal that is gone.
pub fn spawn(fut: impl Future<Output = ()> + 'static) {
    spawn_local_scoped_with_cancellation(fut);
}

/// Starts work that must outlive the screen it was started from: the journal and the session.
#[expect(clippy::disallowed_methods, reason = "the one place that may outlive its owner")]
pub fn spawn_detached(fut: impl Future<Output = ()> + 'static) {
    spawn_local(fut);
}
