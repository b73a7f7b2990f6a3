//! How large things are on the screen, and how far they are scrolled.

use leptos::prelude::StoredValue;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};

/// Pixels of one `rem`, if the browser does not say.
const REM: f64 = 16.0;

/// Watches the size of an element as long as this value lives.
#[must_use = "dropping it ends the watch"]
pub struct Watch(Option<Watching>);

struct Watching {
    observer: ResizeObserver,
    #[expect(dead_code, reason = "held for its lifetime: the browser calls it")]
    callback: Closure<dyn FnMut()>,
}

impl Watch {
    /// Watches until the current reactive owner is cleaned up.
    pub fn until_cleanup(self) {
        StoredValue::new_local(self);
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(it) = &self.0 {
            it.observer.disconnect();
        }
    }
}

/// Calls `f` whenever an element has another size, once at the start included.
pub fn on_resize(id: &str, f: impl FnMut() + 'static) -> Watch {
    let Some(element) = by_id(id) else { return Watch(None) };
    let callback = Closure::<dyn FnMut()>::new(f);
    let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) else { return Watch(None) };
    observer.observe(&element);
    Watch(Some(Watching { observer, callback }))
}

/// Calls `f` with the height of the whole content whenever it has another one, once at the start included. It is that of
/// the body, which does not depend on the window's.
pub fn on_content(mut f: impl FnMut(f64) + 'static) -> Watch {
    let Some(body) = super::window().and_then(|it| it.document()).and_then(|it| it.body()) else {
        return Watch(None);
    };
    let measured = body.clone();
    let callback = Closure::<dyn FnMut()>::new(move || f(measured.get_bounding_client_rect().height()));
    let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) else { return Watch(None) };
    observer.observe(&body);
    Watch(Some(Watching { observer, callback }))
}

/// Width and height of an element's inside, in pixels.
#[must_use]
pub fn size(id: &str) -> (f64, f64) {
    by_id(id).map_or((0.0, 0.0), |it| (f64::from(it.client_width()), f64::from(it.client_height())))
}

/// How many pixels of an element are above what is shown of it.
#[must_use]
pub fn scroll_top(id: &str) -> f64 {
    by_id(id).map_or(0.0, |it| f64::from(it.scroll_top()))
}

/// Scrolls an element.
pub fn set_scroll_top(id: &str, top: f64) {
    if let Some(it) = by_id(id) {
        #[expect(clippy::cast_possible_truncation, reason = "pixels, below what a browser can scroll")]
        it.set_scroll_top(top.round() as i32);
    }
}

/// How far the page is scrolled.
#[must_use]
pub fn page_top() -> f64 {
    super::window().and_then(|it| it.scroll_y().ok()).unwrap_or_default()
}

/// Scrolls the page.
pub fn set_page_top(top: f64) {
    if let Some(window) = super::window() {
        window.scroll_to_with_x_and_y(0.0, top);
    }
}

/// The height of the window.
#[must_use]
pub fn window_height() -> f64 {
    let height = super::window().and_then(|it| it.inner_height().ok());
    height.and_then(|it| it.as_f64()).unwrap_or_default()
}

/// Pixels of one `rem`: readers choose larger letters.
#[must_use]
pub fn rem() -> f64 {
    let root = super::window().and_then(|it| it.document()).and_then(|it| it.document_element());
    let style = root.and_then(|it| super::window()?.get_computed_style(&it).ok().flatten());
    let size = style.and_then(|it| it.get_property_value("font-size").ok());
    size.and_then(|it| it.strip_suffix("px")?.parse().ok()).unwrap_or(REM)
}

fn by_id(id: &str) -> Option<Element> {
    super::window()?.document()?.get_element_by_id(id)
}
