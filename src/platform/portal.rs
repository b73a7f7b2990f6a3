//! The window around the page: a portal that shows the console in a frame, and the port between the two.
//!
//! What comes through a port is turned into a [`Plain`] value of bounded size before anybody looks at it.

use js_sys::{Array, JsString, Object, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{MessageChannel, MessageEvent, MessagePort};

use super::listen::{self, Listener};
use super::{clock, supervisor};

/// The longest text that is read, in UTF-16 units.
pub const LONGEST: u32 = 16_384;

/// The most fields of one object that are read.
pub const MOST_FIELDS: u32 = 64;

/// How deep objects lie in one another: a message, a part of it, and the names and values in there.
const DEEPEST: u32 = 3;

/// A value as it comes from another window, or goes there. It may be a token, so that only tests can print it.
#[derive(Clone, PartialEq)]
#[cfg_attr(test, derive(Debug))]
pub enum Plain {
    /// Yes or no.
    Flag(bool),
    /// A number, maybe none.
    Number(f64),
    /// A text of at most [`LONGEST`] units.
    Text(String),
    /// Numbers. They are said, and never read.
    Numbers(Vec<f64>),
    /// An object: at most [`MOST_FIELDS`] names with their values. What is `undefined` is not there.
    Fields(Vec<(String, Plain)>),
    /// Anything else: too long, too deep, or of a kind that no message has.
    Other,
}

/// Whether another window shows this page.
#[must_use]
pub fn is_framed() -> bool {
    let Some(window) = super::window() else { return false };
    // Compared, and never looked into: the other page may be anybody's.
    window.parent().ok().flatten().is_some_and(|it| it != window)
}

/// What tells this frame from others of the same page. It stays while the frame does, whatever is loaded into it, and
/// another frame has another. Empty where there is no frame.
#[must_use]
pub fn frame_name() -> String {
    let Some(window) = super::window().filter(|_| is_framed()) else { return String::new() };
    let name = window.name().unwrap_or_default();
    if !name.is_empty() {
        return name;
    }
    let name = ["latchkey-", &clock::now().0.to_string(), "-", &clock::random().to_string()].concat();
    // Refused by none; without it the frame is one of many.
    window.set_name(&name).unwrap_or_default();
    name
}

/// The origin of the window around this one, where the browser tells it.
#[must_use]
pub fn parent_origin() -> Option<String> {
    let location = super::window()?.location();
    let origins = Reflect::get(&location, &"ancestorOrigins".into()).ok()?;
    Reflect::get_u32(&origins, 0).ok()?.as_string()
}

/// One end of a channel to the window around. Dropped, it is closed.
pub struct Port {
    raw: MessagePort,
    #[expect(dead_code, reason = "held for its lifetime: the browser calls it")]
    listener: Listener,
}

impl Port {
    /// Says something. What a closed port is told is lost.
    pub fn say(&self, message: &Plain) {
        self.raw.post_message(&js(message)).unwrap_or_default();
    }

    /// Lets whoever watches over this program say over it that it broke off.
    pub fn lend_to_supervisor(&self) {
        supervisor::reach_host_by(&self.raw);
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.raw.close();
    }
}

/// Makes a channel and hands one end to the window around, with a message, if it is of this very origin; to any other
/// the browser delivers neither. `heard` is told what comes back.
#[must_use]
pub fn hand_port(message: &Plain, origin: &str, mut heard: impl FnMut(Plain) + 'static) -> Option<Port> {
    let parent = super::window()?.parent().ok()??;
    let channel = MessageChannel::new().ok()?;
    let raw = channel.port1();
    let listener = listen::on(&raw, "message", move |ev| {
        if let Some(ev) = ev.dyn_ref::<MessageEvent>() {
            heard(plain(&ev.data(), DEEPEST));
        }
    });
    raw.start();
    let ports = Array::of1(&channel.port2());
    parent.post_message_with_transfer(&js(message), origin, &ports).ok()?;
    Some(Port { raw, listener })
}

fn plain(value: &JsValue, depth: u32) -> Plain {
    if let Some(flag) = value.as_bool() {
        return Plain::Flag(flag);
    }
    if let Some(number) = value.as_f64() {
        return Plain::Number(number);
    }
    if let Some(text) = value.dyn_ref::<JsString>() {
        return if text.length() <= LONGEST { Plain::Text(text.into()) } else { Plain::Other };
    }
    match value.dyn_ref::<Object>() {
        Some(object) if depth > 0 && !Array::is_array(value) => fields(object, depth - 1),
        _ => Plain::Other,
    }
}

fn fields(object: &Object, depth: u32) -> Plain {
    let names = Object::keys(object);
    if names.length() > MOST_FIELDS {
        return Plain::Other;
    }
    let mut res = Vec::new();
    for name in names.iter() {
        // What was cloned from another window has no getters, so nothing runs and nothing throws here.
        let value = Reflect::get(object, &name).unwrap_or_default();
        let Plain::Text(name) = plain(&name, 0) else { return Plain::Other };
        if !value.is_undefined() {
            res.push((name, plain(&value, depth)));
        }
    }
    Plain::Fields(res)
}

fn js(value: &Plain) -> JsValue {
    match value {
        Plain::Flag(it) => JsValue::from_bool(*it),
        Plain::Number(it) => JsValue::from_f64(*it),
        Plain::Text(it) => JsValue::from_str(it),
        Plain::Numbers(all) => all.iter().map(|it| JsValue::from_f64(*it)).collect::<Array>().into(),
        Plain::Fields(all) => {
            let object = Object::new();
            for (name, value) in all {
                // A field of a fresh plain object can be set.
                Reflect::set(&object, &JsValue::from_str(name), &js(value)).unwrap_or_default();
            }
            object.into()
        }
        Plain::Other => JsValue::UNDEFINED,
    }
}
