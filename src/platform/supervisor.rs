//! What the page's boot module is told, so that it can help when this program breaks off.
//!
//! A panic or a trap ends the program at once, and nothing in it can still say so. `src/boot.js` outlives it: it shows
//! the recovery screen, with a report of what is told here. None of it may hold data: names that stand in this source
//! alone.

use std::panic::PanicHookInfo;

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, MessagePort};

/// Has every panic told, with its place. The message goes along only if it is written in the source as it is: one that
/// was put together may hold a key.
pub fn watch_panics() {
    if super::window().is_some() {
        std::panic::set_hook(Box::new(told));
    }
}

/// Something the reader did or the program began, by a name of small letters. The report names the last ones.
pub fn did(name: &'static str) {
    tell("latchkey:did", &name.into());
}

/// The port to the portal around this frame, over which the portal is told of a crash.
pub fn reach_host_by(port: &MessagePort) {
    tell("latchkey:port", port);
}

fn told(info: &PanicHookInfo<'_>) {
    let detail = Object::new();
    let set = |name: &str, text: &str| {
        Reflect::set(&detail, &name.into(), &text.into()).unwrap_or_default();
    };
    if let Some(at) = info.location() {
        set("at", &[short(at.file()), ":", &at.line().to_string()].concat());
    }
    if let Some(message) = info.payload().downcast_ref::<&'static str>() {
        set("message", message);
    }
    tell("latchkey:panic", &detail);
}

/// The end of a path, from the folder of the crate on: what stands before is about who built it.
fn short(file: &str) -> &str {
    let crate_start = file.rfind("/src/").and_then(|at| file.get(..at)).and_then(|it| it.rfind('/'));
    crate_start.and_then(|at| file.get(at + 1..)).unwrap_or(file)
}

fn tell(name: &str, detail: &JsValue) {
    let Some(window) = super::window() else { return };
    let Ok(event) = CustomEvent::new(name) else { return };
    event.init_custom_event_with_can_bubble_and_cancelable_and_detail(name, false, false, detail);
    // Nobody can refuse it.
    window.dispatch_event(&event).unwrap_or_default();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_nothing_about_who_built_it() {
        assert_eq!(short("/home/maren/registry/src/tachys-0.2.19/src/dom.rs"), "tachys-0.2.19/src/dom.rs");
        assert_eq!(short("src/features/create.rs"), "src/features/create.rs");
        assert_eq!(short("/rustc/1a2b/library/core/src/cell.rs"), "core/src/cell.rs");
    }
}
