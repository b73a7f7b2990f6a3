//! Locks between tabs of one origin (Web Locks).

use futures_channel::oneshot;
use futures_util::future::{self, Either};
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Runs `fut` while holding the lock `name`; other tabs and other calls with that name wait.
///
/// Where the browser has no locks or refuses them (a sandboxed frame), `fut` runs directly: the lock
/// makes races rarer, reading before writing makes them harmless. Dropping the returned future gives
/// the lock back, in the queue as well as while it is held.
pub async fn with_lock<T>(name: &str, fut: impl Future<Output = T>) -> T {
    let _held = acquire(name).await;
    fut.await
}

/// The lock: gives it back on drop by settling the promise the browser waits for.
struct Held(Function);

impl Drop for Held {
    fn drop(&mut self) {
        // A promise's own resolve function does not throw.
        self.0.call0(&JsValue::UNDEFINED).unwrap_or_default();
    }
}

async fn acquire(name: &str) -> Option<Held> {
    let (granted, grant) = oneshot::channel();
    let request = request(name, granted)?;
    // The request's promise settles when the lock is given back, or at once when it is refused.
    match future::select(grant, JsFuture::from(request)).await {
        Either::Left((held, _)) => held.ok(),
        Either::Right(_) => None,
    }
}

fn request(name: &str, granted: oneshot::Sender<Held>) -> Option<Promise> {
    let navigator = super::window()?.navigator();
    // Looked up by name: the bindings for locks are still behind an unstable flag.
    let locks = Reflect::get(&navigator, &JsValue::from_str("locks")).ok()?;
    let request: Function = Reflect::get(&locks, &JsValue::from_str("request")).ok()?.dyn_into().ok()?;
    let mut granted = Some(granted);
    let on_grant = Closure::once_into_js(move || -> JsValue {
        let held = Promise::new(&mut |resolve, _| {
            // When nobody waits any more, the value comes back, is dropped, and so gives the lock back.
            drop(granted.take().map(|it| it.send(Held(resolve))));
        });
        held.into()
    });
    request.call2(&locks, &JsValue::from_str(name), &on_grant).ok()?.dyn_into().ok()
}
