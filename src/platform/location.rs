//! The address, relative to the folder the app is served from.
//!
//! Paths here begin with `/` and mean "below the base": under `https://host/admin/` the address
//! `https://host/admin/keys` has the path `/keys`. The base comes from `<base>`, so one build works
//! under any folder.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use web_sys::Url;

/// The path below the base, beginning with `/`.
#[must_use]
pub fn path() -> String {
    let path = super::window().and_then(|it| it.location().pathname().ok()).unwrap_or_default();
    below(&base(), &path)
}

thread_local! {
    /// Every change is one in place: the steps of the history are those of the page around.
    static IN_PLACE: Cell<bool> = const { Cell::new(false) };
    /// The query, where the browser refuses to change it: it may in a frame without an origin.
    static REFUSED: RefCell<Option<String>> = const { RefCell::new(None) };
    /// Who is told of each change.
    static WATCH: RefCell<Option<Rc<dyn Fn()>>> = const { RefCell::new(None) };
}

/// From now on no change makes a step in the history, which a frame shares with the page around it, and `changed` is
/// told of each.
pub fn stay_in_place(changed: impl Fn() + 'static) {
    IN_PLACE.set(true);
    WATCH.set(Some(Rc::new(changed)));
}

/// Goes to `target` in place, as if the reader had stepped there: whoever follows the browser's back and forward
/// follows.
pub fn visit(target: &str) {
    replace(target);
    if let (Some(window), Ok(ev)) = (super::window(), web_sys::Event::new("popstate")) {
        // The event is fresh, so it can be sent.
        window.dispatch_event(&ev).ok();
    }
}

/// The query with its `?`, or nothing.
#[must_use]
pub fn search() -> String {
    if let Some(search) = REFUSED.with_borrow(Clone::clone) {
        return search;
    }
    super::window().and_then(|it| it.location().search().ok()).unwrap_or_default()
}

/// Goes to `target` (`/keys?page=2`) as a new history entry. `popstate` is not fired by this.
pub fn push(target: &str) {
    if IN_PLACE.get() {
        return replace(target);
    }
    navigate(target, |history, url| history.push_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(url)));
}

/// Changes the address in place, with no history entry.
pub fn replace(target: &str) {
    navigate(target, |history, url| {
        history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(url))
    });
}

/// Keeps a text with this step of the history, until the step is replaced. It survives a reload, and is there again on
/// the way back.
pub fn keep(text: &str) {
    if let Some(history) = super::window().and_then(|it| it.history().ok()) {
        // Refused as a step is: the text is then that of a moment before.
        history.replace_state(&wasm_bindgen::JsValue::from_str(text), "").unwrap_or_default();
    }
}

/// The text that was kept with this step.
#[must_use]
pub fn kept() -> Option<String> {
    super::window()?.history().ok()?.state().ok()?.as_string()
}

/// Loads the page anew, at the address it has.
pub fn reload() {
    if let Some(window) = super::window() {
        // Refused in a frame that may not; the page then stays.
        window.location().reload().unwrap_or_default();
    }
}

/// What an `href` needs for `target`: the base put in front.
#[must_use]
pub fn href(target: &str) -> String {
    under(&base(), target)
}

/// The folder the app is served from: begins and ends with `/`.
#[must_use]
pub fn base() -> String {
    thread_local! {
        // Kept from the first look: a page without an absolute `<base>` would move it with each address.
        static BASE: String = read_base();
    }
    BASE.with(String::clone)
}

fn read_base() -> String {
    let document = super::window().and_then(|it| it.document());
    let uri = document.and_then(|it| it.base_uri().ok().flatten());
    let path = uri.and_then(|it| Url::new(&it).ok()).map(|it| it.pathname());
    folder(&path.unwrap_or_default())
}

/// The origin, such as `https://host:8443`; empty when this is not a browser.
#[must_use]
pub fn origin() -> String {
    super::window().and_then(|it| it.location().origin().ok()).unwrap_or_default()
}

fn navigate<E>(target: &str, go: impl FnOnce(&web_sys::History, &str) -> Result<(), E>) {
    let Some(history) = super::window().and_then(|it| it.history().ok()) else { return };
    // A browser refuses more than about a hundred changes in some seconds; the address then lags, and what it should be
    // is kept until the next one.
    let refused = go(&history, &href(target)).is_err();
    let search = target.find('?').and_then(|it| target.get(it..)).unwrap_or_default();
    REFUSED.set(refused.then(|| search.to_owned()));
    if let Some(watch) = WATCH.with_borrow(Clone::clone) {
        watch();
    }
}

/// The folder of a path: everything up to the last `/`.
fn folder(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((folder, _)) => [folder, "/"].concat(),
        None => "/".to_owned(),
    }
}

fn below(base: &str, path: &str) -> String {
    let rest = path.strip_prefix(base).unwrap_or_default();
    // Outside the base (`/admin` for `/admin/`) there is only the start page.
    ["/", rest].concat()
}

fn under(base: &str, target: &str) -> String {
    [base, target.strip_prefix('/').unwrap_or(target)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_below_the_base() {
        let check = |base: &str, path: &str, want: &str| assert_eq!(below(base, path), want, "{base} {path}");
        check("/", "/", "/");
        check("/", "/keys/5", "/keys/5");
        check("/admin/", "/admin/keys/5", "/keys/5");
        check("/admin/", "/admin/", "/");
        check("/admin/", "/admin", "/");
        check("/admin/", "/adminkeys", "/");
    }

    #[test]
    fn targets_are_put_under_the_base() {
        assert_eq!(under("/admin/", "/keys?page=2"), "/admin/keys?page=2");
        assert_eq!(under("/", "keys"), "/keys");
    }

    #[test]
    fn the_base_is_a_folder_even_for_a_file() {
        let check = |path: &str, want: &str| assert_eq!(folder(path), want);
        check("/admin/index.html", "/admin/");
        check("/admin/", "/admin/");
        check("/", "/");
        check("", "/");
    }
}
