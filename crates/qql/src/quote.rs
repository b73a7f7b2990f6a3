//! Writing parts of a query.

use alloc::string::String;

/// Whether `text` is a dotted identifier: ASCII letters, digits and `_`, no part empty or beginning with a digit,
/// and not a keyword.
pub fn is_field_name(text: &str) -> bool {
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    text.split('.').all(is_part) && crate::lexer::keyword(text).is_none()
}

/// Writes a value so that it is read back as the same text: bare where it is one plain word, else in double quotes,
/// else in single quotes, else in backticks. `None` when the value holds all three quotes: the language has no
/// escapes. Several words are always quoted, because unquoted words need not stand next to each other.
pub fn quote_value(value: &str) -> Option<String> {
    if is_bare(value) {
        return Some(String::from(value));
    }
    ["\"", "'", "`"]
        .into_iter()
        .find(|quote| !value.contains(*quote))
        .map(|quote| [quote, value, quote].concat())
}

/// Writes a value for an exact match, in backticks. `None` when the value holds a backtick.
pub fn quote_exact(value: &str) -> Option<String> {
    (!value.contains('`')).then(|| ["`", value, "`"].concat())
}

/// One word that no place reads as anything but text. A short list on purpose: quotes do no harm.
fn is_bare(value: &str) -> bool {
    let is_plain = |c: char| match c {
        '_' | '-' | '.' | '@' | '/' | '+' => true,
        _ => c.is_ascii_alphanumeric() || (!c.is_ascii() && crate::lexer::is_letter(c)),
    };
    !value.is_empty()
        && value.chars().all(is_plain)
        && !value.contains("..")
        && crate::lexer::keyword(value).is_none()
}
