//! Event listeners as guards: the listener is removed, with the flags it was added with, on drop.

use leptos::prelude::StoredValue;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventTarget};

/// A listener that lives as long as this value.
#[must_use = "dropping it removes the listener"]
pub struct Listener(Option<Attached>);

struct Attached {
    target: EventTarget,
    event: &'static str,
    callback: Closure<dyn FnMut(Event)>,
}

/// No listener here captures; one constant keeps adding and removing in step.
const CAPTURE: bool = false;

impl Listener {
    fn attach(target: Option<EventTarget>, event: &'static str, f: impl FnMut(Event) + 'static) -> Self {
        let Some(target) = target else { return Self(None) };
        let callback = Closure::<dyn FnMut(Event)>::new(f);
        let function = callback.as_ref().unchecked_ref();
        match target.add_event_listener_with_callback_and_bool(event, function, CAPTURE) {
            Ok(()) => Self(Some(Attached { target, event, callback })),
            Err(_) => Self(None),
        }
    }

    /// Keeps the listener until the current reactive owner is cleaned up.
    pub fn until_cleanup(self) {
        StoredValue::new_local(self);
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let Some(Attached { target, event, callback }) = self.0.take() else { return };
        let function = callback.as_ref().unchecked_ref();
        // Removing cannot fail for a target that took the listener.
        target.remove_event_listener_with_callback_and_bool(event, function, CAPTURE).unwrap_or_default();
    }
}

/// Listens on the window.
pub fn window(event: &'static str, f: impl FnMut(Event) + 'static) -> Listener {
    Listener::attach(super::window().map(Into::into), event, f)
}

/// Listens on something that only the platform knows.
pub(super) fn on(target: &EventTarget, event: &'static str, f: impl FnMut(Event) + 'static) -> Listener {
    Listener::attach(Some(target.clone()), event, f)
}

/// Listens on the document.
pub fn document(event: &'static str, f: impl FnMut(Event) + 'static) -> Listener {
    Listener::attach(super::window().and_then(|it| it.document()).map(Into::into), event, f)
}

/// Makes the browser ask before the page goes away, whenever `holds` says that something would be lost. Frames
/// without the right to ask leave silently; nothing can be done about that.
pub fn before_leaving(holds: impl Fn() -> bool + 'static) -> Listener {
    window("beforeunload", move |ev| {
        if holds() {
            ev.prevent_default();
        }
    })
}

/// Listens to a media query such as `(prefers-color-scheme: dark)`; `f` gets whether it matches now.
/// It is not called for the state at the start: see [`media_matches`].
pub fn media(query: &str, mut f: impl FnMut(bool) + 'static) -> Listener {
    let Some(list) = media_list(query) else { return Listener(None) };
    let target = list.clone().into();
    Listener::attach(Some(target), "change", move |_| f(list.matches()))
}

/// Whether a media query matches now.
#[must_use]
pub fn media_matches(query: &str) -> bool {
    media_list(query).is_some_and(|it| it.matches())
}

fn media_list(query: &str) -> Option<web_sys::MediaQueryList> {
    super::window()?.match_media(query).ok().flatten()
}
