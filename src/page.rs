//! Every address of the app in one place.
//!
//! The state of the list lives in the query of the address (`?q=…&sort=expires&page=2`), so a page can be
//! reloaded, sent to a colleague and stepped back from. Parameters of a portal around the app stay as they are.
//!
//! Architecture invariant: a key's value never gets into an address. A query that holds one, or might,
//! is left out whole (OWASP ASVS 5.0, 14.2.1).

use crate::systems::Order;
use crate::systems::key_values::has_bare_text;
pub use crate::systems::key_values::{REMOVED, holds_key_value, is_redacted, looks_like_key_value, redacted};

/// Which connection the address shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// The first of the configuration: the address does not say.
    #[default]
    First,
    /// The one with that id.
    Connection(String),
    /// All of them together.
    All,
}

/// The parameter that names the place.
const PLACE: &str = "connection";

/// Its value for all connections; no connection has this id.
const ALL: &str = "all";

impl Place {
    /// Reads the query of an address, with or without its `?`.
    #[must_use]
    pub fn parse(search: &str) -> Self {
        let found = pairs(search).filter(|(name, _)| *name == PLACE).map(|(_, value)| decode(value)).last();
        match found {
            None => Self::First,
            Some(id) if id == ALL => Self::All,
            Some(id) => Self::Connection(id),
        }
    }

    /// The address of the start of this place. What the list of another place shows is left out;
    /// parameters of a portal stay.
    #[must_use]
    pub fn path(&self, search: &str) -> String {
        let mut parts: Vec<String> = pairs(search)
            .filter(|(name, _)| *name != PLACE && !OWN.contains(name))
            .map(|(name, value)| if value.is_empty() { name.to_owned() } else { [name, "=", value].concat() })
            .collect();
        match self {
            Self::First => {}
            Self::Connection(id) => parts.push([PLACE, "=", &encode(id)].concat()),
            Self::All => parts.push([PLACE, "=", ALL].concat()),
        }
        if parts.is_empty() { "/".to_owned() } else { ["/?", &parts.join("&")].concat() }
    }
}

/// The parameter that asks for the self-check. It has no value: a portal's own may have the same name with one.
const CHECK: &str = "check";

/// Whether an address is that of the self-check.
#[must_use]
pub fn is_check(search: &str) -> bool {
    pairs(search).any(|it| it == (CHECK, ""))
}

/// The address of the self-check, which remembers the place it was opened from.
#[must_use]
pub fn check_path(search: &str) -> String {
    let path = without_check(&Place::parse(search).path(search));
    [path.as_str(), if path == "/" { "?" } else { "&" }, CHECK].concat()
}

/// The same address without the self-check.
#[must_use]
pub fn without_check(search: &str) -> String {
    let search = search.trim_start_matches('/').trim_start_matches('?');
    let parts: Vec<&str> = search.split('&').filter(|it| !it.is_empty() && *it != CHECK).collect();
    if parts.is_empty() { "/".to_owned() } else { ["/?", &parts.join("&")].concat() }
}

/// Page sizes on offer.
pub const SIZES: [u64; 4] = [25, 50, 100, 200];

/// What the key list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListState {
    /// Query text; blank for all keys.
    pub query: String,
    /// The order.
    pub order: Order,
    /// Largest first.
    pub descending: bool,
    /// Which page, from 0.
    pub page: u64,
    /// Rows a page.
    pub size: u64,
}

/// Names of the parameters the list owns; all others belong to somebody else.
const OWN: [&str; 5] = ["q", "sort", "dir", "page", "size"];

/// One more, which the list of all connections owns.
const WITHIN: &str = "within";

/// The page and its size after the reader chose another size: the first row that was on the screen stays on it.
#[must_use]
pub fn resized(page: u64, size: u64, chosen: u64) -> (u64, u64) {
    let chosen = chosen.max(1);
    (page.saturating_mul(size) / chosen, chosen)
}

impl ListState {
    /// All keys from the first on, in this order.
    #[must_use]
    pub fn start(order: Order) -> Self {
        Self { query: String::new(), order, descending: false, page: 0, size: 25 }
    }

    /// Reads the query of an address, with or without its `?`. What makes no sense is left as it is at the start,
    /// in the order `first`.
    #[must_use]
    pub fn parse(search: &str, first: Order) -> Self {
        let mut res = Self::start(first);
        for (name, value) in pairs(search) {
            let value = decode(value);
            match name {
                "q" => res.query = value,
                "sort" => res.order = Order::parse(&value).unwrap_or(res.order),
                "dir" => res.descending = value == "desc",
                "page" => res.page = value.parse().map_or(0, |it: u64| it.saturating_sub(1)),
                "size" => res.size = value.parse().ok().filter(|it| SIZES.contains(it)).unwrap_or(res.size),
                _ => {}
            }
        }
        res
    }

    /// The address of this state, which keeps the parameters in `search` that are not the list's. What is as at the
    /// start, in the order `first`, is left out.
    #[must_use]
    pub fn path(&self, search: &str, first: Order) -> String {
        let mut parts: Vec<String> = pairs(search)
            .filter(|(name, _)| !OWN.contains(name))
            .map(|(name, value)| if value.is_empty() { name.to_owned() } else { [name, "=", value].concat() })
            .collect();
        let default = Self::start(first);
        let mut add = |name: &str, value: &str| parts.push([name, "=", &encode(value)].concat());
        if !self.query.trim().is_empty() && may_be_shown(&self.query) {
            add("q", self.query.trim());
        }
        if self.order != default.order {
            add("sort", self.order.name());
        }
        if self.descending {
            add("dir", "desc");
        }
        if self.page > 0 {
            add("page", &(self.page.saturating_add(1)).to_string());
        }
        if self.size != default.size {
            add("size", &self.size.to_string());
        }
        if parts.is_empty() { "/".to_owned() } else { ["/?", &parts.join("&")].concat() }
    }
}

/// The address of a query alone, in its list's own order from the first row on; parameters of others stay. `None` for
/// a query that holds a key's value, or might.
#[must_use]
pub fn query_path(search: &str, query: &str) -> Option<String> {
    if !may_be_shown(query) {
        return None;
    }
    let is_own = |name: &str| OWN.contains(&name) || name == WITHIN;
    let mut parts: Vec<&str> = search.strip_prefix('?').unwrap_or(search).split('&').collect();
    parts.retain(|it| !it.is_empty() && !is_own(it.split('=').next().unwrap_or_default()));
    let query = ["q=", &encode(query.trim())].concat();
    parts.push(&query);
    Some(["/?", &parts.join("&")].concat())
}

/// The address of a route that somebody else gave: parameters of ours alone, each once, in one spelling. A query that
/// may not stand in an address is left out.
#[must_use]
pub fn visited(route: &str) -> String {
    let search = route.split_once('?').map_or("", |(_, it)| it);
    let search = search.split('#').next().unwrap_or_default();
    let mut parts = Vec::new();
    for known in [PLACE, WITHIN].iter().chain(&OWN) {
        let Some((_, value)) = pairs(search).filter(|(name, _)| name == known).last() else { continue };
        let value = decode(value);
        if *known != "q" || may_be_shown(&value) {
            parts.push([known, "=", &encode(&value)].concat());
        }
    }
    if parts.is_empty() { "/".to_owned() } else { ["/?", &parts.join("&")].concat() }
}

/// Whether an address says anything about what a list shows. Then it is to be shown as it says.
#[must_use]
pub fn says_what_is_shown(search: &str) -> bool {
    pairs(search).any(|(name, _)| OWN.contains(&name) || name == WITHIN)
}

/// Whether a query may stand in an address and in the browser's history. One that holds a key's value, or might, may
/// not; nor may a text without a field, of which nobody knows what it is. That one cannot run anyway.
pub(crate) fn may_be_shown(query: &str) -> bool {
    !holds_key_value(query) && !has_bare_text(query)
}

/// The parameters of an address, with or without its `?`, as they stand there.
pub(crate) fn pairs(search: &str) -> impl Iterator<Item = (&str, &str)> {
    let search = search.strip_prefix('?').unwrap_or(search);
    search.split('&').filter(|it| !it.is_empty()).map(|it| it.split_once('=').unwrap_or((it, "")))
}

/// Percent-encodes everything but letters, digits and the few signs that are safe and common in queries.
pub(crate) fn encode(text: &str) -> String {
    let mut res = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z'
            | b'a'..=b'z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b':'
            | b'('
            | b')'
            | b',' => {
                res.push(char::from(byte));
            }
            b' ' => res.push('+'),
            _ => {
                let digit = |it: u8| char::from_digit(u32::from(it), 16).unwrap_or('0').to_ascii_uppercase();
                res.extend(['%', digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
    res
}

/// The reverse of [`encode`]; a broken escape stays as it is.
pub(crate) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        match (first, tail) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, tail @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = tail;
                }
                _ => bytes.push(b'%'),
            },
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|it| u8::try_from(it).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::FieldId;

    const EXPIRES: Order = Order(FieldId::EXPIRES);

    fn start() -> ListState {
        ListState::start(Order::TITLE)
    }

    #[test]
    fn the_self_check_has_an_address_and_leads_back_to_its_place() {
        for (search, check, back) in [
            ("", "/?check", "/"),
            ("?connection=b&q=a:1&page=3", "/?connection=b&check", "/?connection=b"),
            ("?portal=7", "/?portal=7&check", "/?portal=7"),
            ("?check=1", "/?check=1&check", "/?check=1"),
        ] {
            assert!(!is_check(search), "{search}");
            assert_eq!(check_path(search), check);
            assert!(is_check(check.trim_start_matches('/')), "{check}");
            assert_eq!(without_check(check.trim_start_matches('/')), back);
            assert_eq!(check_path(check.trim_start_matches('/')), check);
        }
    }

    #[test]
    fn a_state_goes_into_the_address_and_back() {
        let state = ListState {
            query: "activationKey.isDisabled: true AND (a:\"ü & %\" OR b:[1..2])".to_owned(),
            order: EXPIRES,
            descending: true,
            page: 29,
            size: 100,
        };
        let path = state.path("", Order::TITLE);
        assert_eq!(ListState::parse(path.trim_start_matches('/'), Order::TITLE), state);
        assert!(path.contains("page=30"));
        assert_eq!(start().path("", Order::TITLE), "/");
    }

    #[test]
    fn the_order_at_the_start_is_not_in_the_address() {
        let by_expiry = ListState::start(EXPIRES);
        assert_eq!(by_expiry.path("", EXPIRES), "/");
        assert_eq!(by_expiry.path("", Order::TITLE), "/?sort=expires");
        assert_eq!(ListState::parse("?sort=title", EXPIRES), start());
    }

    #[test]
    fn a_place_goes_into_the_address_and_back_without_another_lists_state() {
        let check = |place: Place, path: &str| {
            assert_eq!(place.path("?q=x&connection=old&page=2&portal=a%20b"), path);
            assert_eq!(Place::parse(path.trim_start_matches('/')), place);
        };
        check(Place::First, "/?portal=a%20b");
        check(Place::Connection("eu-1".to_owned()), "/?portal=a%20b&connection=eu-1");
        check(Place::All, "/?portal=a%20b&connection=all");
        assert_eq!(Place::First.path("?connection=eu-1"), "/");
    }

    #[test]
    fn parameters_of_others_stay() {
        let state = ListState { page: 1, ..start() };
        assert_eq!(state.path("?portal=a%20b&flag&page=9", Order::TITLE), "/?portal=a%20b&flag&page=2");
    }

    #[test]
    fn a_query_alone_has_an_address() {
        let search = "?portal=a%20b&q=old&sort=expires&page=3&within=5&connection=all";
        let path = query_path(search, " state: active ");
        assert_eq!(path.as_deref(), Some("/?portal=a%20b&connection=all&q=state:+active"));
        assert_eq!(query_path("", "activationKey: 12ba12bc"), None);
        assert!(says_what_is_shown("?connection=all&page=2") && says_what_is_shown("?q="));
        assert!(!says_what_is_shown("?connection=all&portal=q") && !says_what_is_shown(""));
    }

    #[test]
    fn a_route_of_others_keeps_what_is_ours_and_no_key_value() {
        let check = |route: &str, want: &str| assert_eq!(visited(route), want, "{route}");
        check("/", "/");
        check("/?q=state%3A+active&connection=eu1&theme=x#top", "/?connection=eu1&q=state:+active");
        check("/?page=2&page=3&sort=expires&dir=desc&size=50", "/?sort=expires&dir=desc&page=3&size=50");
        check("/?q=activationKey:12ba12bc&page=2", "/?page=2");
        check("/?q=just+words", "/");
        check("/?token=eyJ.a.b", "/");
    }

    #[test]
    fn nonsense_is_left_at_its_default() {
        let state = ListState::parse("?sort=colour&dir=up&page=-1&size=7&q=%zz%4", Order::TITLE);
        assert_eq!(state, ListState { query: "%zz%4".to_owned(), ..start() });
    }

    #[test]
    fn the_first_row_stays_on_the_screen_when_pages_change_their_size() {
        assert_eq!(resized(3, 25, 100), (0, 100));
        assert_eq!(resized(1, 100, 25), (4, 25));
        assert_eq!(resized(2, 25, 0), (50, 1));
        assert_eq!(resized(u64::MAX, 25, 200).1, 200);
    }

    #[test]
    fn a_key_value_never_gets_into_the_address() {
        for query in [
            "activationKey: 12ba12bc-effd-12e3-1234-12345ac12345",
            "qualys.agent.activationKey:12ba12bc",
            "activationKey : (",
            "ACTIVATIONKEY=`x`",
            "12ba12bc-effd-12e3-1234-12345ac12345",
            "title: \"12BA12BC-EFFD-12E3-1234-12345AC12345",
            // A colon that was forgotten, a value in another field.
            "activationKey 12ba12bc",
            "title: activationKey 12ba12bc",
            "key: ABCD-EFGH",
            "key ABCD-EFGH",
            "state: active AND (key:`ABCD`)",
            "title: eyJhbGciOiJIUzM4NCJ9.eyJzdWIi",
            // The shapes of licence keys.
            "title: key ABCD-EFGH",
            "title: ABCD-EFGH",
            "title: \"A184-99C2-8CBE\"",
            "title: solifyn_lic_9x2f",
            "title: CUSTOM-ACME-11",
            // Without a field nobody knows what it is.
            "ABCDEFGH",
            "my own text",
            "state: active AND my-own-text",
        ] {
            let state = ListState { query: query.to_owned(), ..start() };
            assert_eq!(state.path("", Order::TITLE), "/", "{query}");
        }
        for query in [
            "activationKeyMaxAgents > abc",
            "title: key",
            "title: \"key card\"",
            "title: keyboard OR used > 3",
            "activationKey.isDisabled: true",
            "activationKey.id: 123456789012",
            "expires: [2026-01-31 .. 2026-02-28]",
        ] {
            assert!(!holds_key_value(query), "{query}");
        }
    }
}
