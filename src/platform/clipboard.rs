//! The clipboard, write only.

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::refusals::{self, Refusal};

/// The browser did not let the text be copied: no permission, no focus, or not a secure page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denied;

/// Copies `text`.
///
/// # Errors
/// [`Denied`]; the caller then shows the text for copying by hand.
pub async fn copy(text: &str) -> Result<(), Denied> {
    let res = write(text).await;
    if res.is_err() {
        refusals::note(Refusal::Clipboard);
    }
    res
}

async fn write(text: &str) -> Result<(), Denied> {
    let navigator = super::window().ok_or(Denied)?.navigator();
    // On a page that is not secure `navigator.clipboard` is undefined, and calling it would throw.
    let clipboard = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard")).map_err(|_| Denied)?;
    if clipboard.is_undefined() {
        return Err(Denied);
    }
    let written = navigator.clipboard().write_text(text);
    JsFuture::from(written).await.map(|_| ()).map_err(|_| Denied)
}
