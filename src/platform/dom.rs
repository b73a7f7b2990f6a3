//! The few things a screen needs from the document itself.

use wasm_bindgen::JsCast as _;
use web_sys::{
    Document, Element, Event, HtmlElement, HtmlTextAreaElement, PointerEvent, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};

/// The colour theme the reader chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// The name in the page (`data-theme`) and in the preferences.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads a name; anything unknown is the system's theme.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// Puts the theme on the root element as `data-theme="system|light|dark"`.
pub fn set_theme(theme: Theme) {
    if let Some(root) = document().and_then(|it| it.document_element()) {
        // A constant, valid attribute name does not throw.
        root.set_attribute("data-theme", theme.name()).unwrap_or_default();
    }
}

/// How the page lies in a frame, on the root element: `data-embedded="auto"` where the frame is as high as the content,
/// `"fixed"` where it is not, nothing outside a frame.
pub fn set_embedded(height: &str) {
    set_root("data-embedded", height);
}

/// The direction of the page, `ltr` or `rtl`.
pub fn set_direction(direction: &str) {
    set_root("dir", direction);
}

fn set_root(name: &str, value: &str) {
    if let Some(root) = document().and_then(|it| it.document_element()) {
        // A constant, valid attribute name does not throw.
        root.set_attribute(name, value).unwrap_or_default();
    }
}

/// Sets a custom property of the whole page, by its name without dashes; blank takes it away. It goes through the
/// object model, which the page's policy allows.
pub fn set_token(name: &str, value: &str) {
    let root =
        document().and_then(|it| it.document_element()).and_then(|it| it.dyn_into::<HtmlElement>().ok());
    if let Some(root) = root {
        // Blank takes it away. A value that is none is not taken, which nobody can tell from here.
        root.style().set_property(&["--", name].concat(), value).unwrap_or_default();
    }
}

/// The value of a custom property of the whole page, as it is written.
#[must_use]
pub fn token(name: &str) -> String {
    let style = document()
        .and_then(|it| it.document_element())
        .and_then(|it| super::window()?.get_computed_style(&it).ok().flatten());
    let value = style.and_then(|it| it.get_property_value(&["--", name].concat()).ok());
    value.map(|it| it.trim().to_owned()).unwrap_or_default()
}

/// Moves the focus; whether there was such an element. Not from inside an event handler: focusing can
/// re-enter another handler, so wait for the next frame there.
pub fn focus_by_id(id: &str) -> bool {
    let element = document().and_then(|it| it.get_element_by_id(id));
    let Some(element) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) else { return false };
    element.focus().is_ok()
}

/// Whether the focus is on this element.
#[must_use]
pub fn has_focus(id: &str) -> bool {
    document().and_then(|it| it.active_element()).is_some_and(|it| it.id() == id)
}

/// The id of the element that has the focus, blank where it has none; `None` where nothing has the focus.
#[must_use]
pub fn focused_id() -> Option<String> {
    let active = document()?.active_element()?;
    // Without a focus it is the page itself.
    (active.tag_name() != "BODY").then(|| active.id())
}

/// The id of the element that an event happened to; blank for none.
#[must_use]
pub fn target_id(ev: &Event) -> String {
    ev.target().and_then(|it| it.dyn_into::<Element>().ok()).map(|it| it.id()).unwrap_or_default()
}

/// The element under a point of the window, or the nearest one around it, that has this attribute: the attribute's
/// value, and whether the point is in the lower half of the element.
#[must_use]
pub fn hit(x: i32, y: i32, attribute: &str) -> Option<(String, bool)> {
    let pixel = |it: i32| f32::from(i16::try_from(it).unwrap_or(i16::MAX));
    let (x, y) = (pixel(x), pixel(y));
    let under = document()?.element_from_point(x, y)?;
    let element = under.closest(&["[", attribute, "]"].concat()).ok()??;
    let box_ = element.get_bounding_client_rect();
    let is_low = f64::from(y) > box_.top() + box_.height() / 2.0;
    Some((element.get_attribute(attribute)?, is_low))
}

/// Sends all further events of this pointer to the element that listens, wherever it goes, until it is let go.
pub fn capture_pointer(ev: &PointerEvent) {
    if let Some(element) = ev.current_target().and_then(|it| it.dyn_into::<Element>().ok()) {
        // Refused only for a pointer that is gone already.
        element.set_pointer_capture(ev.pointer_id()).ok();
    }
}

/// The selection of a text area: from, to, in UTF-16 units as the browser counts.
#[must_use]
pub fn selection_by_id(id: &str) -> Option<(u32, u32)> {
    let area = text_area(id)?;
    Some((area.selection_start().ok()??, area.selection_end().ok()??))
}

/// Moves the focus into a text area and selects a part of it; whether there was such an area. Not from inside an
/// event handler.
pub fn select_by_id(id: &str, from: u32, to: u32) -> bool {
    let Some(area) = text_area(id) else { return false };
    area.focus().is_ok() && area.set_selection_range(from, to).is_ok()
}

fn text_area(id: &str) -> Option<HtmlTextAreaElement> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Scrolls an element into view where it is not, and no further.
pub fn show_by_id(id: &str) {
    let Some(element) = document().and_then(|it| it.get_element_by_id(id)) else { return };
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Whether the page is on the screen, as far as the browser knows.
#[must_use]
pub fn is_visible() -> bool {
    document().is_none_or(|it| !it.hidden())
}

/// Whether a dialog is open.
#[must_use]
pub fn has_open_dialog() -> bool {
    document().and_then(|it| it.query_selector("dialog[open]").ok().flatten()).is_some()
}

/// Sets the title of the tab.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

fn document() -> Option<Document> {
    super::window()?.document()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn theme_names_go_there_and_back() {
        for theme in [Theme::System, Theme::Light, Theme::Dark] {
            assert_eq!(Theme::parse(theme.name()), theme);
        }
        assert_eq!(Theme::parse("neon"), Theme::System);
    }
}
