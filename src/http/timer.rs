use futures_util::future::{FutureExt as _, LocalBoxFuture};

use crate::platform::clock;

/// Time and chance, so that tests need neither.
pub trait Timer {
    /// Milliseconds on a clock that never jumps.
    fn now_ms(&self) -> f64;
    /// Waits.
    fn sleep(&self, ms: u32) -> LocalBoxFuture<'static, ()>;
    /// A number from 0 up to 1.
    fn random(&self) -> f64;
}

/// The browser's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct BrowserTimer;

impl Timer for BrowserTimer {
    fn now_ms(&self) -> f64 {
        clock::monotonic_ms()
    }

    fn sleep(&self, ms: u32) -> LocalBoxFuture<'static, ()> {
        clock::sleep(ms).boxed_local()
    }

    fn random(&self) -> f64 {
        clock::random()
    }
}
