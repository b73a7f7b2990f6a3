//! What the browser knows about the network.

use super::listen::{self, Listener};

/// Whether the browser believes it has a network. `false` is a good explanation of a failed call and
/// no reason not to try one: a loopback gateway answers without any network.
#[must_use]
pub fn is_online() -> bool {
    super::window().is_none_or(|it| it.navigator().on_line())
}

/// Calls `f` each time the network comes back, while the listener lives.
pub fn on_online(mut f: impl FnMut() + 'static) -> Listener {
    listen::window("online", move |_| f())
}
