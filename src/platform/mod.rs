//! The browser, behind plain functions: storage, clock, clipboard, locks, listeners, `Intl`.
//!
//! The only folder that names `web_sys` and `js_sys` (the fetch in `http::transport` aside). Natively
//! there is no window, and each function falls back to something plain, so that the rest of the app
//! compiles and is tested without a browser. Nothing here panics: what a browser refuses is a value.

pub mod cells;
pub mod clipboard;
pub mod clock;
pub mod deployment;
pub mod dom;
pub mod download;
pub mod idb;
pub mod intl;
pub mod listen;
pub mod location;
pub mod locks;
pub mod module;
pub mod net;
pub mod portal;
pub mod random;
pub mod refusals;
pub mod storage;
pub mod supervisor;
pub mod tabs;
pub mod task;
pub mod upload;
pub mod viewport;

/// The window, or nothing when this is not a browser.
fn window() -> Option<web_sys::Window> {
    if cfg!(target_arch = "wasm32") { web_sys::window() } else { None }
}
