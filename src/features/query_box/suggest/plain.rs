//! Clauses made of plain text: words somebody looks for, a value that was pasted.

use std::ops::Range;

use qql::{FieldType, quote_exact, quote_value};

use super::offer::{Ask, Group, Offer};
use crate::features::query_box::language::QueryField;
use crate::i18n::t;

/// What the plain text at `range` may be meant as, the likeliest first. Only clauses without faults are proposed.
pub(super) fn plain_group(ask: &Ask<'_>, range: &Range<usize>) -> Option<Group> {
    let plain = unquoted(ask.part(range).trim());
    if plain.is_empty() {
        return None;
    }
    let mut offers: Vec<Offer> = Vec::new();
    let mut add = |clause: Option<String>, note: &str| {
        let Some(clause) = clause.filter(|it| ask.is_good(it)) else { return };
        if offers.iter().all(|it| it.code != clause) {
            offers.push(Offer::part(clause.clone(), note, range.clone(), clause));
        }
    };
    for field in ask.fields {
        let rest = behind(plain, field.name).or_else(|| behind(plain, field.label));
        add(rest.and_then(|it| of_words(field, it)), field.label);
    }
    let fits = |kind: FieldType| ask.fields.iter().filter(move |it| it.kind == kind);
    if is_key(plain) {
        let clause = |field: &QueryField| quote_exact(plain).map(|it| [field.name, ": ", &it].concat());
        fits(FieldType::Guid).for_each(|it| add(clause(it), it.label));
        fits(FieldType::Id).for_each(|it| add(clause(it), it.label));
    }
    if plain.bytes().all(|it| it.is_ascii_digit()) {
        let is_id = |it: &&QueryField| it.name == "id" || it.name.ends_with(".id");
        let ids = fits(FieldType::Id).chain(fits(FieldType::Integer).filter(is_id));
        ids.for_each(|it| add(Some([it.name, ": ", plain].concat()), it.label));
    }
    let title = fits(FieldType::Text).find(|it| it.name == "title").or_else(|| fits(FieldType::Text).next());
    if let Some(title) = title {
        add(quote_value(plain).map(|it| [title.name, ": ", &it].concat()), title.label);
    }
    (!offers.is_empty()).then(|| Group::new(t::query_suggest_plain(), offers))
}

/// What follows the name of a field, in either case.
fn behind<'a>(plain: &'a str, name: &str) -> Option<&'a str> {
    let (head, rest) = (plain.get(..name.len())?, plain.get(name.len()..)?);
    (head.eq_ignore_ascii_case(name) && rest.starts_with(char::is_whitespace)).then(|| rest.trim())
}

/// A clause of a field and the words behind its name: as they are, such as `in 30 days`, else in quotes.
fn of_words(field: &QueryField, words: &str) -> Option<String> {
    let value = match field.kind {
        FieldType::Date | FieldType::Integer | FieldType::Boolean => words.to_owned(),
        _ => quote_value(words)?,
    };
    Some([field.name, ": ", &value].concat())
}

/// Without the quotes around it.
pub(super) fn unquoted(text: &str) -> &str {
    let open = ['"', '\'', '`'].into_iter().find(|it| text.starts_with(*it));
    match open {
        None => text,
        Some(quote) => {
            let inner = text.strip_prefix(quote).unwrap_or(text);
            inner.strip_suffix(quote).unwrap_or(inner)
        }
    }
}

/// Letters and digits of at least this many are a value rather than a word.
const LONG: usize = 16;

/// Hexadecimal digits of at least this many are the beginning of a GUID rather than a word.
const HEX: usize = 8;

/// Whether a text has the shape of a GUID, of its beginning, or of another long value.
fn is_key(plain: &str) -> bool {
    let has_digit = plain.bytes().any(|it| it.is_ascii_digit());
    let is_hex = plain.bytes().all(|it| it.is_ascii_hexdigit() || it == b'-');
    let is_token = plain.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.'));
    let all_digits = plain.bytes().all(|it| it.is_ascii_digit());
    has_digit && !all_digits && ((is_hex && plain.len() >= HEX) || (is_token && plain.len() >= LONG))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_from_words() {
        for key in ["7781808c-1234-4abc-8def-000000000000", "7781808c", "eyJhbGciOiJIUzI1NiJ9x1"] {
            assert!(is_key(key), "{key}");
        }
        for word in ["berlin", "12345678", "deadbeef", "2026-12", "facade"] {
            assert!(!is_key(word), "{word}");
        }
    }

    #[test]
    fn a_field_is_found_by_its_name_and_its_label() {
        assert_eq!(behind("Expires in 30 days", "expires"), Some("in 30 days"));
        assert_eq!(behind("created by ada", "Created by"), Some("ada"));
        assert_eq!(behind("expiresin", "expires"), None);
    }
}
