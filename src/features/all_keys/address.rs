//! What the list of all connections shows, and how that stands in the address.

use crate::page::{SIZES, decode, encode, may_be_shown, pairs};

/// A column of the list of all connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Title,
    System,
    Connection,
    State,
    Expires,
    Used,
    Owner,
}

impl Column {
    /// In their order, with their names in addresses.
    pub(super) const ALL: [(Self, &'static str); 7] = [
        (Self::Title, "title"),
        (Self::System, "system"),
        (Self::Connection, "connection"),
        (Self::State, "state"),
        (Self::Expires, "expires"),
        (Self::Used, "used"),
        (Self::Owner, "owner"),
    ];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(it, _)| *it == self).map_or("", |(_, name)| name)
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, it)| *it == name).map(|(it, _)| *it)
    }
}

/// What the list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AllState {
    /// Query text over the common fields; blank for all keys.
    pub(super) query: String,
    /// Keys alone that expire within so many days.
    pub(super) within: Option<u32>,
    pub(super) column: Column,
    /// Largest first.
    pub(super) descending: bool,
    /// Which page, from 0.
    pub(super) page: u64,
    /// Rows a page.
    pub(super) size: u64,
}

impl Default for AllState {
    /// What ends first stands first: that is what one looks for over all systems.
    fn default() -> Self {
        let (query, within) = (String::new(), None);
        Self { query, within, column: Column::Expires, descending: false, page: 0, size: 25 }
    }
}

/// Names of the parameters of this list; all others belong to somebody else.
const OWN: [&str; 6] = ["q", "within", "sort", "dir", "page", "size"];

impl AllState {
    /// Reads the query of an address. What makes no sense is left at its default.
    pub(super) fn parse(search: &str) -> Self {
        let mut res = Self::default();
        for (name, value) in pairs(search) {
            let value = decode(value);
            match name {
                "q" => res.query = value,
                "within" => res.within = value.parse().ok(),
                "sort" => res.column = Column::parse(&value).unwrap_or(res.column),
                "dir" => res.descending = value == "desc",
                "page" => res.page = value.parse().map_or(0, |it: u64| it.saturating_sub(1)),
                "size" => res.size = value.parse().ok().filter(|it| SIZES.contains(it)).unwrap_or(res.size),
                _ => {}
            }
        }
        res
    }

    /// The address of this state, which keeps the parameters in `search` that are not this list's.
    pub(super) fn path(&self, search: &str) -> String {
        let mut parts: Vec<String> = pairs(search)
            .filter(|(name, _)| !OWN.contains(name))
            .map(|(name, value)| if value.is_empty() { name.to_owned() } else { [name, "=", value].concat() })
            .collect();
        let default = Self::default();
        let mut add = |name: &str, value: &str| parts.push([name, "=", &encode(value)].concat());
        // No field of this list holds a key's value, but a text of a query may.
        if !self.query.trim().is_empty() && may_be_shown(&self.query) {
            add("q", self.query.trim());
        }
        if let Some(days) = self.within {
            add("within", &days.to_string());
        }
        if self.column != default.column {
            add("sort", self.column.name());
        }
        if self.descending {
            add("dir", "desc");
        }
        if self.page > 0 {
            add("page", &self.page.saturating_add(1).to_string());
        }
        if self.size != default.size {
            add("size", &self.size.to_string());
        }
        if parts.is_empty() { "/".to_owned() } else { ["/?", &parts.join("&")].concat() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_goes_into_the_address_and_back() {
        let state = AllState {
            query: "state: active AND expires < now+30d".to_owned(),
            within: Some(14),
            column: Column::Connection,
            descending: true,
            page: 3,
            size: 100,
        };
        let path = state.path("?connection=all&x=1");
        assert!(path.starts_with("/?connection=all&x=1&"), "{path}");
        assert_eq!(AllState::parse(path.trim_start_matches('/')), state);
        assert_eq!(AllState::default().path("?page=4&within=2"), "/");
    }

    #[test]
    fn nonsense_is_left_at_its_default() {
        assert_eq!(AllState::parse("?within=soon&sort=key&dir=up&page=x&size=7"), AllState::default());
    }

    #[test]
    fn a_key_value_never_gets_into_the_address() {
        let query = "title: 12ba12bc-effd-12e3-1234-12345ac12345".to_owned();
        assert_eq!(AllState { query, ..AllState::default() }.path(""), "/");
    }
}
