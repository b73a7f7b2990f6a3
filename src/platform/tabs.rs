//! Words between the tabs of one origin (BroadcastChannel).
//!
//! Anybody on this origin may say anything, and where the browser has no such channels or refuses them, nobody hears.

use std::rc::Rc;

use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

use super::listen::{self, Listener};

/// The longest word that is heard, in UTF-16 units.
const LONGEST: u32 = 2_000;

/// Listens to the other tabs while it lives, and speaks to them.
pub struct Channel(Option<(BroadcastChannel, Listener)>);

impl Channel {
    /// Calls `heard` with each word that another tab says on the channel `name`.
    #[must_use]
    pub fn open(name: &str, heard: Rc<dyn Fn(&str)>) -> Self {
        let raw = super::window().and_then(|_| BroadcastChannel::new(name).ok());
        Self(raw.map(|raw| {
            let listener = listen::on(&raw, "message", move |ev| {
                let Some(word) = ev.dyn_ref::<MessageEvent>().map(MessageEvent::data) else { return };
                let is_short = word.dyn_ref::<js_sys::JsString>().is_some_and(|it| it.length() <= LONGEST);
                if let Some(word) = word.as_string().filter(|_| is_short) {
                    heard(&word);
                }
            });
            (raw, listener)
        }))
    }

    /// Says a word to the other tabs, and not to this one.
    pub fn tell(&self, word: &str) {
        if let Some((raw, _)) = &self.0 {
            // What cannot be said is not heard: whoever counts on it looks for himself first.
            raw.post_message(&JsValue::from_str(word)).unwrap_or_default();
        }
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        if let Some((raw, _)) = &self.0 {
            raw.close();
        }
    }
}
