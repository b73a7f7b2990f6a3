//! The one place where a text becomes the address of a script.
//!
//! The page's security policy makes the browser refuse every text that would become markup or a script, but for what
//! the policy `latchkey` vouches for (Trusted Types). This one vouches for the worker of this release, whose address the
//! page names, and for nothing else; it makes no markup at all. A browser without Trusted Types takes the text.

use std::cell::RefCell;

use js_sys::{Array, Function, JsString, Object, Reflect, TypeError};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Worker;

/// The name in the security policy (`trusted-types latchkey`).
const NAME: &str = "latchkey";

thread_local! {
    /// Made once: a name can be taken once a page.
    static POLICY: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// A worker from the address that the page names. `None` if the browser refuses it.
pub(super) fn worker(address: &str) -> Option<Worker> {
    let url = match factory() {
        Some(factory) => script_url(&factory, address)?,
        None => address.into(),
    };
    let class: Function = Reflect::get(&js_sys::global(), &"Worker".into()).ok()?.dyn_into().ok()?;
    Reflect::construct(&class, &Array::of1(&url)).ok()?.dyn_into().ok()
}

/// `window.trustedTypes`, where there is one.
fn factory() -> Option<JsValue> {
    let factory = Reflect::get(&js_sys::global(), &"trustedTypes".into()).ok()?;
    factory.is_object().then_some(factory)
}

fn script_url(factory: &JsValue, address: &str) -> Option<JsValue> {
    let kept = POLICY.with_borrow(Clone::clone);
    let policy = match kept {
        Some(it) => it,
        None => create(factory, address)?,
    };
    let url = call(&policy, "createScriptURL", &Array::of1(&address.into()));
    POLICY.set(Some(policy));
    url
}

fn create(factory: &JsValue, only: &str) -> Option<JsValue> {
    let only = JsString::from(only);
    let rule = Closure::<dyn Fn(JsString) -> Result<JsString, JsValue>>::new(move |asked| {
        if asked == only { Ok(asked) } else { Err(TypeError::new("not a script of this release").into()) }
    });
    let rules = Object::new();
    // Never let go: the browser calls it as long as the page lives.
    Reflect::set(&rules, &"createScriptURL".into(), &rule.into_js_value()).ok()?;
    call(factory, "createPolicy", &Array::of2(&NAME.into(), &rules))
}

fn call(on: &JsValue, method: &str, arguments: &Array) -> Option<JsValue> {
    let method: Function = Reflect::get(on, &method.into()).ok()?.dyn_into().ok()?;
    method.apply(on, arguments).ok()
}
