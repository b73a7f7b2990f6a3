//! What a name and a query must be, wherever they come from: a form, a file, what this browser had kept.

use serde_json::Value as Json;

use crate::i18n::t;
use crate::page::{looks_like_key_value, redacted};
use crate::platform::intl;

/// Characters of a name at most.
pub(super) const LONGEST_NAME: usize = 80;

/// Characters of a query at most.
pub(super) const LONGEST: usize = 4_000;

/// What is wrong with a name or a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    NoObject,
    NoName,
    NameTooLong,
    NameHoldsValue,
    NoQuery,
    QueryTooLong,
    /// It is no query; where, in characters from 1.
    Syntax(usize),
}

impl Wrong {
    pub(super) fn text(&self) -> String {
        match self {
            Self::NoObject => t::saved_wrong_object().to_owned(),
            Self::NoName => t::saved_wrong_name().to_owned(),
            Self::NameTooLong => t::saved_wrong_name_long(&count(LONGEST_NAME)),
            Self::NameHoldsValue => t::saved_wrong_name_value().to_owned(),
            Self::NoQuery => t::saved_wrong_query().to_owned(),
            Self::QueryTooLong => t::saved_wrong_query_long(&count(LONGEST)),
            Self::Syntax(at) => t::saved_wrong_syntax(&count(*at)),
        }
    }
}

pub(super) fn count(number: usize) -> String {
    intl::number(u64::try_from(number).unwrap_or(u64::MAX))
}

/// A name and a query that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) query: String,
    /// Key values were taken out of the query.
    pub(super) was_redacted: bool,
}

/// A name in one line. What has the shape of a key's value is no name.
pub(super) fn read_name(text: &str) -> Result<String, Wrong> {
    let name = text.split(|it: char| it.is_whitespace() || it.is_control()).filter(|it| !it.is_empty());
    let name = name.collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(Wrong::NoName);
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(Wrong::NameTooLong);
    }
    if looks_like_key_value(&name) {
        return Err(Wrong::NameHoldsValue);
    }
    Ok(name)
}

/// A query that parses, without key values, and whether any were taken out.
pub(super) fn read_query(text: &str) -> Result<(String, bool), Wrong> {
    let query = text.trim();
    if query.is_empty() {
        return Err(Wrong::NoQuery);
    }
    if query.chars().count() > LONGEST {
        return Err(Wrong::QueryTooLong);
    }
    if let Some(error) = qql::parse(query).errors().first() {
        let before = query.get(..error.range.start).unwrap_or_default();
        return Err(Wrong::Syntax(before.chars().count() + 1));
    }
    match redacted(query) {
        // The mark may be longer than what it stands for.
        Some(clean) if clean.chars().count() > LONGEST => Err(Wrong::QueryTooLong),
        Some(clean) => Ok((clean, true)),
        None => Ok((query.to_owned(), false)),
    }
}

/// Reads the members `name` and `query` of an object; everything that is wrong with them.
pub(super) fn read_entry(json: &Json) -> Result<Entry, Vec<Wrong>> {
    if !json.is_object() {
        return Err(vec![Wrong::NoObject]);
    }
    let text = |member: &str| json.get(member).and_then(Json::as_str).unwrap_or_default();
    match (read_name(text("name")), read_query(text("query"))) {
        (Ok(name), Ok((query, was_redacted))) => Ok(Entry { name, query, was_redacted }),
        (name, query) => Err(name.err().into_iter().chain(query.err()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_short_line_without_a_key_value() {
        assert_eq!(read_name("  Web \n servers\u{7} ").as_deref(), Ok("Web servers"));
        assert_eq!(read_name(" \t"), Err(Wrong::NoName));
        assert_eq!(read_name(&"ü".repeat(80)).map(|it| it.chars().count()), Ok(80));
        assert_eq!(read_name(&"ü".repeat(81)), Err(Wrong::NameTooLong));
        assert_eq!(read_name("12ba12bc-effd-12e3-1234-12345ac12345"), Err(Wrong::NameHoldsValue));
        assert!(read_name("Active keys: the key list").is_ok());
    }

    #[test]
    fn a_query_parses_and_holds_no_key_value() {
        assert_eq!(read_query(" title: web "), Ok(("title: web".to_owned(), false)));
        assert_eq!(read_query("title: web AND (used > 3"), Err(Wrong::Syntax(16)));
        assert_eq!(read_query("title: ü AND"), Err(Wrong::Syntax(10)));
        assert_eq!(read_query("  "), Err(Wrong::NoQuery));
        assert_eq!(read_query(&["title: ", &"a".repeat(3_993)].concat()).map(|it| it.1), Ok(false));
        assert_eq!(read_query(&["title: ", &"a".repeat(3_994)].concat()), Err(Wrong::QueryTooLong));
        let value = read_query("activationKey: 12ba12bc");
        assert_eq!(value, Ok((["activationKey: ", crate::page::REMOVED].concat(), true)));
    }

    #[test]
    fn everything_wrong_with_an_entry_is_told_at_once() {
        let check = |json: Json| read_entry(&json).map(|_| ()).map_err(|it| it.len());
        assert_eq!(check(serde_json::json!({ "name": "a", "query": "title: web", "more": 1 })), Ok(()));
        assert_eq!(check(serde_json::json!({ "name": 7, "query": "(" })), Err(2));
        assert_eq!(check(serde_json::json!({})), Err(2));
        assert_eq!(check(serde_json::json!("title: web")), Err(1));
    }
}
