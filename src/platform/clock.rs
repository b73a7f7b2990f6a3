//! Wall time, a steady clock, waiting, and chance.

use futures_channel::oneshot;
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::domain::Timestamp;

/// The longest delay a browser timer takes; above it a timer fires at once.
const TIMER_MAX_MS: i32 = i32::MAX;

/// The computer's wall clock. It may be wrong; compare tokens against server time (`Session`).
#[must_use]
pub fn now() -> Timestamp {
    if cfg!(target_arch = "wasm32") {
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, far below 2^53")]
        let ms = js_sys::Date::now() as i64;
        return Timestamp(ms);
    }
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Milliseconds on a clock that never jumps; only differences mean anything.
#[must_use]
pub fn monotonic_ms() -> f64 {
    if let Some(performance) = super::window().and_then(|it| it.performance()) {
        return performance.now();
    }
    #[expect(clippy::cast_precision_loss, reason = "milliseconds, far below 2^53")]
    let ms = now().0 as f64;
    ms
}

/// Waits. Natively it is ready at once: native code takes a `Timer` and tests bring their own.
pub async fn sleep(ms: u32) {
    let Some(window) = super::window() else { return };
    let (done, wait) = oneshot::channel();
    let callback = Closure::once(move || done.send(()).unwrap_or_default());
    let delay = i32::try_from(ms).unwrap_or(TIMER_MAX_MS);
    let function = callback.as_ref().unchecked_ref();
    let Ok(id) = window.set_timeout_with_callback_and_timeout_and_arguments_0(function, delay) else {
        return;
    };
    // Held across the wait: a timer whose future is dropped must not call a freed closure.
    let _pending = Pending { callback, cancel: move || window.clear_timeout_with_handle(id) };
    wait.await.unwrap_or_default();
}

/// Waits for the moment before the next repaint; at once where there is none (a hidden tab included).
pub async fn next_frame() {
    let Some(window) = super::window() else { return };
    if window.document().is_none_or(|it| it.hidden()) {
        return sleep(0).await;
    }
    let (done, wait) = oneshot::channel();
    let callback = Closure::once(move || done.send(()).unwrap_or_default());
    let Ok(id) = window.request_animation_frame(callback.as_ref().unchecked_ref()) else { return };
    let cancel = move || window.cancel_animation_frame(id).unwrap_or_default();
    let _pending = Pending { callback, cancel };
    wait.await.unwrap_or_default();
}

/// Lets the browser do what waits, such as a letter that was typed or a frame, and goes on right after it. Unlike a
/// timer it is not held up, in a hidden tab neither. Natively it is ready at once.
pub async fn yield_now() {
    if super::window().is_none() {
        return;
    }
    let Some((near, far)) = ports() else { return sleep(0).await };
    let (done, wait) = oneshot::channel();
    let callback = Closure::once(move || done.send(()).unwrap_or_default());
    let is_set = Reflect::set(&near, &"onmessage".into(), callback.as_ref()).is_ok();
    let is_sent = is_set && call(&far, "postMessage").is_some();
    let cancel =
        move || drop((Reflect::set(&near, &"onmessage".into(), &JsValue::NULL), call(&near, "close")));
    let _pending = Pending { callback, cancel };
    if is_sent {
        wait.await.unwrap_or_default();
    }
}

/// Long work in slices that fit between two frames.
#[derive(Clone, Copy, Debug)]
pub struct Slices {
    since_ms: f64,
}

/// Milliseconds of a slice: half a frame, so that the other half is there for drawing.
const SLICE_MS: f64 = 8.0;

impl Slices {
    /// The first slice begins.
    #[expect(clippy::new_without_default, reason = "it reads the clock")]
    #[must_use]
    pub fn new() -> Self {
        Self { since_ms: monotonic_ms() }
    }

    /// To be called every millisecond or so: yields once a slice is over.
    pub async fn breathe(&mut self) {
        if monotonic_ms() - self.since_ms >= SLICE_MS {
            yield_now().await;
            self.since_ms = monotonic_ms();
        }
    }
}

/// Two ends of a message channel.
fn ports() -> Option<(JsValue, JsValue)> {
    let channel =
        Reflect::get(&js_sys::global(), &"MessageChannel".into()).ok()?.dyn_into::<Function>().ok()?;
    let channel = Reflect::construct(&channel, &Array::new()).ok()?;
    let port = |name: &str| Reflect::get(&channel, &name.into()).ok();
    Some((port("port1")?, port("port2")?))
}

/// Calls a method with nothing.
fn call(object: &JsValue, method: &str) -> Option<JsValue> {
    let method = Reflect::get(object, &method.into()).ok()?.dyn_into::<Function>().ok()?;
    method.call1(object, &JsValue::NULL).ok()
}

/// A number from 0 up to, not including, 1. For spreading retries, not for secrets.
#[must_use]
pub fn random() -> f64 {
    if cfg!(target_arch = "wasm32") { js_sys::Math::random() } else { 0.5 }
}

/// A browser callback that is on its way; dropped early, it is called off before its closure goes.
struct Pending<F: FnMut()> {
    #[expect(dead_code, reason = "held for its lifetime: the browser calls it")]
    callback: Closure<dyn FnMut()>,
    cancel: F,
}

impl<F: FnMut()> Drop for Pending<F> {
    fn drop(&mut self) {
        (self.cancel)();
    }
}
