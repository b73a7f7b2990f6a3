//! What the page knows of how it was delivered, and what its browser lets it do.

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::future::{self, Either};
use js_sys::Reflect;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, PerformanceResourceTiming, SecurityPolicyViolationEvent, Url};

use super::{clock, listen, location};

/// How long a browser may take to say that it blocked something, in milliseconds.
const BLOCKED_MS: u32 = 2_000;

/// Where the files of this page stand in it: the elements, and the attributes that name one.
const NAMED: &[(&str, &str)] = &[
    ("link[rel=modulepreload]", "href"),
    ("link[rel=preload]", "href"),
    ("link[rel=stylesheet]", "href"),
    ("script[src]", "src"),
    ("meta[data-worker]", "data-worker"),
    ("meta[data-module]", "data-module"),
];

/// The release this page belongs to, as the build wrote it into the page; `None` for a build that is no release.
#[must_use]
pub fn release() -> Option<String> {
    let element = document()?.query_selector("meta[name=latchkey-release]").ok()??;
    element.get_attribute("content").filter(|it| !it.is_empty())
}

/// The files that the page names and that lie in its own folder, as paths below that folder, each once.
#[must_use]
pub fn files() -> Vec<String> {
    let mut res: Vec<String> = Vec::new();
    for (selector, attribute) in NAMED {
        for path in elements(selector).into_iter().filter_map(|it| below(&it.get_attribute(attribute)?)) {
            if !path.is_empty() && !res.contains(&path) {
                res.push(path);
            }
        }
    }
    res
}

fn elements(selector: &str) -> Vec<Element> {
    let Some(list) = document().and_then(|it| it.query_selector_all(selector).ok()) else {
        return Vec::new();
    };
    (0..list.length()).filter_map(|at| list.get(at)?.dyn_into().ok()).collect()
}

fn below(href: &str) -> Option<String> {
    let base = document()?.base_uri().ok()??;
    let url = Url::new_with_base(href, &base).ok()?;
    let path = url.pathname();
    let is_own = url.origin() == location::origin() && url.search().is_empty();
    path.strip_prefix(&location::base()).filter(|_| is_own).map(str::to_owned)
}

/// How many bytes of a file came over the network, packed, and how many they are unpacked; `None` where the browser does
/// not say.
#[must_use]
pub fn sizes(path: &str) -> Option<(u64, u64)> {
    let url = [location::origin(), location::href(path)].concat();
    let entries = super::window()?.performance()?.get_entries_by_name_with_entry_type(&url, "resource");
    let entry: PerformanceResourceTiming = entries.get(0).dyn_into().ok()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts of bytes, far below 2^53"
    )]
    let whole = |it: f64| it as u64;
    let (packed, unpacked) = (whole(entry.encoded_body_size()), whole(entry.decoded_body_size()));
    (packed > 0).then_some((packed, unpacked))
}

/// Whether the page came over TLS.
#[must_use]
pub fn is_encrypted() -> bool {
    super::window().and_then(|it| it.location().protocol().ok()).is_some_and(|it| it == "https:")
}

/// Whether the browser trusts the way the page came: TLS, or this computer itself.
#[must_use]
pub fn is_secure() -> bool {
    super::window().is_some_and(|it| it.is_secure_context())
}

/// Whether the browser knows Trusted Types.
#[must_use]
pub fn has_trusted_types() -> bool {
    super::window().is_some_and(|it| has(&it, "trustedTypes"))
}

/// Whether the browser has locks between tabs.
#[must_use]
pub fn has_locks() -> bool {
    super::window().is_some_and(|it| has(&it.navigator(), "locks"))
}

/// Whether the page may write to the clipboard, as far as that can be known before it is tried.
#[must_use]
pub fn has_clipboard() -> bool {
    super::window().is_some_and(|it| has(&it.navigator(), "clipboard"))
}

/// What the browser calls itself.
#[must_use]
pub fn browser() -> String {
    super::window().and_then(|it| it.navigator().user_agent().ok()).unwrap_or_default()
}

fn has(object: &JsValue, name: &str) -> bool {
    Reflect::get(object, &name.into()).is_ok_and(|it| it.is_object())
}

/// Whether the browser enforces the page's policy: it is given an image that the policy forbids and that is nowhere, and
/// has to say that it blocked it. Nothing is fetched either way; the browser notes one violation in its console.
pub async fn enforces_policy() -> bool {
    let Some(image) = document().and_then(|it| it.create_element("img").ok()) else { return false };
    let (done, blocked) = oneshot::channel();
    let done = Rc::new(RefCell::new(Some(done)));
    let _heard = listen::document("securitypolicyviolation", move |ev| {
        let Ok(ev) = ev.dyn_into::<SecurityPolicyViolationEvent>() else { return };
        let is_ours = ev.effective_directive() == "img-src" && is_enforced(&ev);
        if let Some(done) = is_ours.then(|| done.borrow_mut().take()).flatten() {
            done.send(()).unwrap_or_default();
        }
    });
    let nowhere = ["blob:", &location::origin(), "/00000000-0000-0000-0000-000000000000"].concat();
    if image.set_attribute("src", &nowhere).is_err() {
        return false;
    }
    let late = Box::pin(clock::sleep(BLOCKED_MS));
    matches!(future::select(blocked, late).await, Either::Left((Ok(()), _)))
}

/// A policy may also only report.
fn is_enforced(ev: &SecurityPolicyViolationEvent) -> bool {
    Reflect::get(ev, &"disposition".into()).is_ok_and(|it| it.as_string().as_deref() == Some("enforce"))
}

fn document() -> Option<web_sys::Document> {
    super::window()?.document()
}
