//! Lists in a cell: `VM; PC`, and things pointed at: `Berlin (7); 8`.
//!
//! An item is an id, or a name with its id in parentheses. What holds a character that means something here is written
//! in double quotes, with a backslash before quotes and backslashes. The word [`NONE`] alone says that there is none,
//! where an empty cell says nothing at all.

/// Stands for nothing where a system says that there is nothing: no expiry, no tags.
pub const NONE: &str = "none";

/// What ends a bare item, or means something within.
const SPECIAL: [char; 9] = [';', ',', '"', '\\', '(', ')', '\n', '\r', '\t'];

/// An item: an id, with its name for people.
#[must_use]
pub fn item(id: &str, name: Option<&str>) -> String {
    match name.filter(|it| !it.trim().is_empty()) {
        Some(name) => [&*quoted(name), " (", &*quoted(id), ")"].concat(),
        None => quoted(id),
    }
}

/// Items as one text.
#[must_use]
pub fn join(items: &[String]) -> String {
    match items.is_empty() {
        true => NONE.to_owned(),
        false => items.join("; "),
    }
}

/// The ids of the items of a text, which commas, semicolons or lines divide. `None` where it cannot be read: a quote
/// or a parenthesis stays open, or something follows one that was closed.
#[must_use]
pub fn ids(text: &str) -> Option<Vec<String>> {
    if text.trim() == NONE {
        return Some(Vec::new());
    }
    let mut res = Vec::new();
    let mut rest = text;
    loop {
        let (id, after) = read_item(rest)?;
        res.extend(id);
        match after.chars().next() {
            None => return Some(res),
            Some(divider) => rest = after.get(divider.len_utf8()..)?,
        }
    }
}

/// The id of a text that is one item.
#[must_use]
pub fn id(text: &str) -> Option<String> {
    match read_item(text)? {
        (Some(id), "") => Some(id),
        _ => None,
    }
}

/// An item and what follows it, which starts with what divides items. No id between two dividers.
fn read_item(text: &str) -> Option<(Option<String>, &str)> {
    let (first, rest) = token(text)?;
    let Some(inner) = rest.strip_prefix('(') else {
        return rest.is_empty().then_some(()).or_else(|| divides(rest)).map(|()| (first, rest));
    };
    let (id, rest) = token(inner)?;
    let rest = rest.strip_prefix(')')?.trim_start_matches(' ');
    rest.is_empty().then_some(()).or_else(|| divides(rest))?;
    Some((Some(id?), rest))
}

fn divides(rest: &str) -> Option<()> {
    rest.starts_with([';', ',', '\n', '\r', '\t']).then_some(())
}

/// A bare or quoted text, without the blanks around it, and what follows.
fn token(text: &str) -> Option<(Option<String>, &str)> {
    let text = text.trim_start_matches(' ');
    let Some(inner) = text.strip_prefix('"') else {
        let end = text.find(SPECIAL).unwrap_or(text.len());
        let (bare, rest) = text.split_at_checked(end)?;
        let bare = bare.trim();
        return Some(((!bare.is_empty()).then(|| bare.to_owned()), rest));
    };
    let mut res = String::new();
    let mut chars = inner.char_indices();
    loop {
        match chars.next()? {
            (at, '"') => return Some((Some(res), inner.get(at + 1..)?.trim_start_matches(' '))),
            (_, '\\') => res.push(chars.next()?.1),
            (_, it) => res.push(it),
        }
    }
}

fn quoted(text: &str) -> String {
    if !text.is_empty() && text != NONE && text.trim() == text && !text.contains(SPECIAL) {
        return text.to_owned();
    }
    let mut res = String::from("\"");
    for it in text.chars() {
        if matches!(it, '"' | '\\') {
            res.push('\\');
        }
        res.push(it);
    }
    res.push('"');
    res
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&[&str]>) {
        let expected = expected.map(|it| it.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
        assert_eq!(ids(text), expected, "{text:?}");
    }

    #[test]
    fn lists_are_read_as_people_write_them() {
        check("VM; PC", Some(&["VM", "PC"]));
        check("VM,PC\nFIM", Some(&["VM", "PC", "FIM"]));
        check("Berlin office (7); 8", Some(&["7", "8"]));
        check(r#""Doe, Jane" ("a (b)")"#, Some(&["a (b)"]));
        check("none", Some(&[]));
        check(r#""none""#, Some(&["none"]));
        check("", Some(&[]));
        check("a;;b;", Some(&["a", "b"]));
    }

    #[test]
    fn what_cannot_be_read_is_no_list() {
        for text in [r#""open"#, "a (b", "a (b) c", "a (b)(c)", ")", "a \"b\"", "a ()", "\\"] {
            check(text, None);
        }
        assert_eq!(id("a; b"), None);
        assert_eq!(id("Berlin (7)"), Some("7".to_owned()));
    }

    proptest! {
        #[test]
        fn ids_come_back_whatever_they_and_their_names_hold(
            items in prop::collection::vec((r#"[a-c;,"\\() \nnone]{0,6}|.{0,8}"#, proptest::option::of(".{0,8}|none")), 0..5)
        ) {
            let cells: Vec<String> = items.iter().map(|(id, name)| item(id, name.as_deref())).collect();
            let expected: Vec<String> = items.into_iter().map(|(id, _)| id).collect();
            prop_assert_eq!(ids(&join(&cells)), Some(expected.clone()));
            for (cell, expected) in cells.iter().zip(expected) {
                prop_assert_eq!(id(cell), Some(expected));
            }
        }

        #[test]
        fn no_text_breaks_the_reader(text in ".{0,40}") {
            let _read = ids(&text);
        }
    }
}
