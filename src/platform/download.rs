//! Files made in the page.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

/// The browser did not let the page make a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

/// Saves `text` as a file called `name`, of the media type `mime`. The text goes nowhere else: the address it is
/// saved from names this page's memory, and is taken back before this returns.
///
/// # Errors
/// [`Refused`] where there is no page, or the browser makes no such files.
pub fn text(name: &str, mime: &str, text: &str) -> Result<(), Refused> {
    bytes(name, mime, text.as_bytes())
}

/// Saves bytes as a file, as [`text`] does.
///
/// # Errors
/// As there.
pub fn bytes(name: &str, mime: &str, bytes: &[u8]) -> Result<(), Refused> {
    let refused = |_: JsValue| Refused;
    let document = super::window().and_then(|it| it.document()).ok_or(Refused)?;
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    let parts = Array::of1(&Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).map_err(refused)?;
    let link = document.create_element("a").map_err(refused)?;
    let address = Url::create_object_url_with_blob(&blob).map_err(refused)?;
    let started = (|| {
        link.set_attribute("href", &address)?;
        link.set_attribute("download", name)?;
        let link: &HtmlElement = link.dyn_ref().ok_or(JsValue::UNDEFINED)?;
        // The browser takes the file when the click returns, so the address can go.
        link.click();
        Ok(())
    })();
    // Refused only for what is no such address.
    Url::revoke_object_url(&address).unwrap_or_default();
    started.map_err(refused)
}
