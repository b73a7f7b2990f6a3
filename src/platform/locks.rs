//! Locks between tabs of one origin (Web Locks).

use futures_channel::oneshot;
use futures_util::future::{self, Either};
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Runs `fut` while holding the lock `name`; other tabs and other calls with that name wait.
///
/// Where the browser has no locks or refuses them (a sandboxed frame), `fut` runs directly: the lock
/// makes races rarer, reading before writing makes them harmless. Dropping the returned future gives
/// the lock back, in the queue as well as while it is held.
pub async fn with_lock<T>(name: &str, fut: impl Future<Output = T>) -> T {
    let _held = hold(name, true).await;
    fut.await
}

/// What became of asking for a lock.
pub enum Grant {
    /// It is ours while this lives.
    Held(Held),
    /// Somebody else has it. Told only to those who do not wait.
    Elsewhere,
    /// The browser has no locks or refuses them.
    NoLocks,
}

/// The lock: gives it back on drop by settling the promise the browser waits for.
pub struct Held(Function);

impl Drop for Held {
    fn drop(&mut self) {
        // A promise's own resolve function does not throw.
        self.0.call0(&JsValue::UNDEFINED).unwrap_or_default();
    }
}

/// Asks for the lock `name`: with `wait` until it is free, or else only if it is free now.
///
/// Dropping the returned future leaves the queue.
pub async fn hold(name: &str, wait: bool) -> Grant {
    let (granted, grant) = oneshot::channel();
    let Some(request) = request(name, wait, granted) else { return Grant::NoLocks };
    // The request's promise settles when the lock is given back, or at once when it is refused or not free.
    match future::select(grant, JsFuture::from(request)).await {
        Either::Left((Ok(held), _)) => Grant::Held(held),
        Either::Right((Ok(_), _)) if !wait => Grant::Elsewhere,
        Either::Left((Err(_), request)) if !wait => match request.await {
            Ok(_) => Grant::Elsewhere,
            Err(_) => Grant::NoLocks,
        },
        _ => Grant::NoLocks,
    }
}

fn request(name: &str, wait: bool, granted: oneshot::Sender<Held>) -> Option<Promise> {
    let navigator = super::window()?.navigator();
    // Looked up by name: the bindings for locks are still behind an unstable flag.
    let locks = Reflect::get(&navigator, &JsValue::from_str("locks")).ok()?;
    let request: Function = Reflect::get(&locks, &JsValue::from_str("request")).ok()?.dyn_into().ok()?;
    let mut granted = Some(granted);
    let on_grant = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        // Without waiting, a lock that is not free comes as null.
        if lock.is_null() {
            drop(granted.take());
            return JsValue::UNDEFINED;
        }
        let held = Promise::new(&mut |resolve, _| {
            // When nobody waits any more, the value comes back, is dropped, and so gives the lock back.
            drop(granted.take().map(|it| it.send(Held(resolve))));
        });
        held.into()
    });
    let options = Object::new();
    let only_if_free = JsValue::from_bool(!wait);
    Reflect::set(&options, &JsValue::from_str("ifAvailable"), &only_if_free).ok()?;
    request.call3(&locks, &JsValue::from_str(name), &options, &on_grant).ok()?.dyn_into().ok()
}
