//! Which address the host is told, and which one the page begins with.

use crate::embed::fits;
use crate::page::{Place, visited};

/// The route of an address, with or without its `?`, as the host is told it. One that is longer than a message may be is
/// told without what the list shows there: the host must not go on with an older one.
pub(super) fn told(search: &str) -> String {
    let whole = visited(search);
    if fits(&whole) {
        return whole;
    }
    let place = Place::parse(search).path("");
    if fits(&place) { place } else { Place::First.path("") }
}

/// Whether a route is where the page stands, as far as the host was told: one that repeats what it heard wants nothing.
pub(super) fn is_here(route: &str, search: &str) -> bool {
    visited(route) == told(search)
}

/// The address to begin with, by what the host says and the address there is.
pub(super) fn begin(route: Option<&str>, connection: Option<String>, search: &str) -> Option<String> {
    match (route.map(visited), connection) {
        // A frame that was loaded again says more than the host, where the host was told less.
        (Some(route), _) if is_here(&route, search) => Some(visited(search)),
        (Some(route), _) => Some(route),
        (None, Some(id)) => Some(Place::Connection(id).path("")),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An address with a query of that many words.
    fn of(words: usize) -> String {
        ["?connection=eu1&q=title%3A%20%22", &"ab%20".repeat(words), "%22&page=3"].concat()
    }

    #[test]
    fn a_route_that_is_too_long_is_told_without_its_query() {
        assert_eq!(told("?page=2&foreign=1"), "/?page=2");
        let whole = visited(&of(300));
        assert!(whole.len() > 900 && told(&of(300)) == whole);
        assert!(visited(&of(700)).len() > 2_048);
        assert_eq!(told(&of(700)), "/?connection=eu1");
        assert_eq!(told(&["?connection=", &"x".repeat(2_100)].concat()), "/");
    }

    #[test]
    fn a_page_that_is_loaded_again_keeps_what_the_host_was_not_told() {
        let long = of(700);
        let told = told(&long);
        assert_eq!(told, "/?connection=eu1");
        assert_eq!(begin(Some(&told), None, &long), Some(visited(&long)));
        // Whatever else the host wants counts more than the address.
        for other in ["/?connection=eu2", "/?connection=eu1&page=2", "/"] {
            assert_eq!(begin(Some(other), None, &long).as_deref(), Some(other));
        }
        assert_eq!(begin(Some("/?page=2&token=x"), None, "").as_deref(), Some("/?page=2"));
    }

    #[test]
    fn a_route_that_was_told_is_where_the_page_stands() {
        assert!(is_here("/?page=2", "?page=2&foreign=1") && is_here("/", ""));
        assert!(is_here("/?connection=eu1", &of(700)));
        assert!(!is_here("/", "?page=2") && !is_here("/?page=2", ""));
    }

    #[test]
    fn a_page_begins_with_the_connection_or_with_its_own_address() {
        assert_eq!(begin(None, Some("eu1".to_owned()), "?page=2").as_deref(), Some("/?connection=eu1"));
        assert_eq!(begin(None, None, "?page=2"), None);
    }
}
