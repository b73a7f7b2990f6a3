//! Whether a text holds a key's value: what goes into an address, a file or a command is asked here first.

mod redact;

pub use self::redact::{REMOVED, is_redacted, redacted};

use qql::ErrorKind;

use super::{FieldKind, System, token};

/// Whether a query holds a key's value, or might: it names a field that holds one in any system, or has a text of
/// the shape of a value or a token. Judged on the text alone, so that a query with errors is judged too.
#[must_use]
pub fn holds_key_value(query: &str) -> bool {
    named_field(query).is_some() || looks_like_key_value(query)
}

/// Whether a text has something of the shape of a value or a token, whatever it is about.
#[must_use]
pub fn looks_like_key_value(text: &str) -> bool {
    has_long_hex(text) || has_token(text) || has_licence_key(text)
}

/// What stands in the words of a service for what had the shape of a value.
const VEIL: &str = "•••";

/// The words of a service without anything of the shape of a value or a token. A service may quote a record that
/// nobody sent, and then nothing but the shape tells.
#[must_use]
pub fn veiled(text: &str) -> String {
    without(text, looks_like_key_value)
}

/// The same where keys have ids of the shape of values, and no value that is told twice: tokens alone are taken out.
#[must_use]
pub fn veiled_tokens(text: &str) -> String {
    without(text, has_token)
}

fn without(text: &str, is_secret: fn(&str) -> bool) -> String {
    let is_between = |it: char| !it.is_ascii_alphanumeric() && !matches!(it, '-' | '_' | '.');
    let veil = |word| if is_secret(word) { VEIL } else { word };
    let mut res = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, mark)) = rest.char_indices().find(|(_, it)| is_between(*it)) {
        let (word, after) = rest.split_at(at);
        res.push_str(veil(word));
        res.push(mark);
        rest = after.get(mark.len_utf8()..).unwrap_or_default();
    }
    res.push_str(veil(rest));
    res
}

/// Whether a query has text without a field or a comparison: a value may be pasted there.
#[must_use]
pub fn has_bare_text(query: &str) -> bool {
    use ErrorKind::{InvalidField, MissingComparison, MissingField, MissingJoin, UnexpectedText};
    let is_bare = |it: ErrorKind| {
        matches!(it, InvalidField | MissingComparison | MissingField | MissingJoin | UnexpectedText)
    };
    qql::parse(query).errors().iter().any(|it| is_bare(it.kind))
}

/// The field that holds values and that a query names, if it does.
fn named_field(query: &str) -> Option<&'static str> {
    let fields = System::all().flat_map(|it| it.manifest().fields.iter());
    let mut names = fields.filter(|it| matches!(it.kind, FieldKind::Secret)).filter_map(token);
    let lower = query.to_ascii_lowercase();
    names.find(|it| names_field(&lower, it))
}

/// Whether the name of a field that holds values stands in a query, whatever comes after it: a value may follow a
/// forgotten colon. A name that is a word of its own, as `key` is, may also be what is searched for; it counts where
/// it does not directly follow a comparison. A clause whose value was taken out holds none.
fn names_field(query: &str, name: &str) -> bool {
    let is_plain_word = name.bytes().all(|it| it.is_ascii_lowercase());
    let is_of_name = |it: char| it == '_' || it.is_ascii_alphanumeric();
    query.match_indices(&name.to_ascii_lowercase()).any(|(at, found)| {
        let before = query.get(..at).unwrap_or_default();
        let after = query.get(at + found.len()..).unwrap_or_default();
        let is_whole = !after.starts_with(is_of_name) && !after.starts_with('.');
        if is_emptied(after) {
            return false;
        }
        if !is_plain_word {
            return is_whole;
        }
        let is_compared = after.trim_start().starts_with([':', '=', '<', '>', '!']);
        let is_searched_for = before.trim_end_matches([' ', '"', '`', '\'']).ends_with([':', '=', '<', '>']);
        is_whole && !before.ends_with(is_of_name) && (is_compared || !is_searched_for)
    })
}

/// Whether what follows a name is a comparison with nothing but the mark of a value that was taken out, up to the end
/// of the clause. The marks of a comment around the clause or its neighbour do not belong to it.
fn is_emptied(after: &str) -> bool {
    let after = after.trim_start();
    let value = after.trim_start_matches([':', '=', '<', '>']);
    let Some(rest) = value.trim_start().strip_prefix(REMOVED).filter(|_| value.len() < after.len()) else {
        return false;
    };
    let next = rest.trim_start_matches(|it: char| it.is_whitespace() || it == '/' || it == '*');
    let word = next.split(|it: char| !it.is_alphanumeric()).next().unwrap_or_default();
    let is_join = ["and", "or"].iter().any(|join| word.eq_ignore_ascii_case(join));
    next.is_empty() || next.starts_with(')') || (is_join && next.len() < rest.len())
}

/// A JSON web token, or the start of one: what Qlik Cloud tells as a key's value.
fn has_token(query: &str) -> bool {
    query.split(|it: char| !it.is_ascii_alphanumeric()).any(|it| it.starts_with("eyJ") && it.len() >= 12)
}

/// A run of hexadecimal digits and dashes that is longer than any date.
fn has_long_hex(query: &str) -> bool {
    query.split(|it: char| !it.is_ascii_hexdigit() && it != '-').any(|run| {
        let digits = run.bytes().filter(u8::is_ascii_hexdigit).count();
        digits >= 12 && run.contains('-')
    })
}

/// The shapes of licence keys (reference `solifyn.md`, sections 2 and 3): groups of four capitals or digits with
/// dashes between them, and two beginnings.
fn has_licence_key(text: &str) -> bool {
    let words = text.split(|it: char| !it.is_alphanumeric() && it != '-' && it != '_');
    words.map(|it| it.trim_matches('-')).any(|word| {
        let is_capital = |it: u8| it.is_ascii_uppercase() || it.is_ascii_digit();
        let is_group = |it: &str| it.len() == 4 && it.bytes().all(is_capital);
        let begins = |with: &str| word.get(..with.len()).is_some_and(|it| it.eq_ignore_ascii_case(with));
        let is_grouped = word.contains('-') && word.split('-').all(is_group);
        is_grouped || begins("solifyn_lic_") || (begins("custom-") && word.len() > "custom-".len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_service_lose_their_values_alone() {
        for (text, want) in [
            ("", ""),
            ("No key 7 since 2026-11-21T10:00:00.123Z", "No key 7 since 2026-11-21T10:00:00.123Z"),
            ("key 12ba12bc-effd-12e3-1234-12345ac12345.", "key •••"),
            (
                "{\"key\":\"A184-99C2-8CBE\",\"id\":\"lic_hyQQhhNzfEuvv\"}",
                "{\"key\":\"•••\",\"id\":\"lic_hyQQhhNzfEuvv\"}",
            ),
            ("«eyJhbGciOiJIUzUxMiJ9.eyJqdGki.Zm9v-_» ä", "«•••» ä"),
        ] {
            assert_eq!(veiled(text), want);
        }
        let id = "6b1c9d2e-5a4f-4c3b-8d7e-0f1a2b3c4d5e";
        assert_eq!(veiled_tokens(id), id);
        assert_eq!(veiled_tokens("token=eyJhbGciOiJIUzUxMiJ9.x"), "token=•••");
    }

    #[test]
    fn licence_keys_are_known_by_their_shapes() {
        for text in [
            "ABCD-EFGH",
            "key ABCD-EFGH",
            "`A184-99C2-8CBE`",
            "(1234-5678-9ABC-DEFG)",
            "solifyn_lic_9x2f",
            "SOLIFYN_LIC_1",
            "CUSTOM-ACME-11",
            "custom-acme",
            "a:ABCD-EFGH",
        ] {
            assert!(looks_like_key_value(text), "{text}");
        }
        for text in [
            "ABCD",
            "abcd-efgh",
            "ABC-EFGH",
            "2026-01-31",
            "2026-11-21T12:00:00Z",
            "ABCDE-FGHI",
            "solifyn",
            "custom",
            "CUSTOM-",
            "customer-11",
            "up-to-date",
        ] {
            assert!(!looks_like_key_value(text), "{text}");
        }
    }

    #[test]
    fn text_without_a_field_is_bare() {
        for query in ["ABCDEFGH", "a b", "state: active AND x", "\"quoted\"", "(x)", "NOT x"] {
            assert!(has_bare_text(query), "{query}");
        }
        for query in
            ["", "title: a", "title: \"a b\"", "(state: active OR used > 3)", "title:", "title: \"open"]
        {
            assert!(!has_bare_text(query), "{query}");
        }
    }
}
