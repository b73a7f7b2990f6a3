//! Titles of many keys, each made of the one before.

use crate::domain::Key;

/// How the title of each key is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Titling {
    /// By a pattern.
    Pattern(Pattern),
    /// This before it.
    Before(String),
    /// This behind it.
    Behind(String),
    /// Each place of one text replaced by another.
    Replace {
        /// The text that is looked for, letter by letter.
        find: String,
        /// What takes its place; may be blank.
        with: String,
    },
}

impl Titling {
    /// The title of a key; `count` is its place among the keys, from the first number on.
    #[must_use]
    pub fn title(&self, key: &Key, count: u64) -> String {
        let title = key.title();
        let made = match self {
            Self::Pattern(pattern) => pattern.title(key, count),
            Self::Before(text) => [text, title].concat(),
            Self::Behind(text) => [title, text].concat(),
            Self::Replace { find, .. } if find.is_empty() => title.to_owned(),
            Self::Replace { find, with } => title.replace(find.as_str(), with),
        };
        made.trim().to_owned()
    }
}

/// A title with places for what each key has: `{title}`, `{id}` and a counter `{n}`, which has as many digits at
/// least as it has letters: `{nnn}` is 001.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Title,
    Id,
    Count(usize),
}

/// A name in braces that stands for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownPlace(pub String);

impl Pattern {
    /// Reads a pattern. A brace that is never closed is text.
    ///
    /// # Errors
    /// The first name in braces that stands for nothing.
    pub fn parse(text: &str) -> Result<Self, UnknownPlace> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, behind)) = after.split_once('}') else { break };
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(match name {
                "title" => Part::Title,
                "id" => Part::Id,
                _ if !name.is_empty() && name.bytes().all(|it| it == b'n') => Part::Count(name.len()),
                _ => return Err(UnknownPlace(name.to_owned())),
            });
            rest = behind;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self(parts))
    }

    fn title(&self, key: &Key, count: u64) -> String {
        let part = |it: &Part| match it {
            Part::Text(text) => text.clone(),
            Part::Title => key.title().to_owned(),
            Part::Id => key.id.0.clone(),
            Part::Count(width) => format!("{count:0width$}"),
        };
        self.0.iter().map(part).collect()
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a pattern of a test is right")]
mod tests {
    use super::*;
    use crate::features::key_text::tests::key;

    fn made(pattern: &str, count: u64) -> String {
        Titling::Pattern(Pattern::parse(pattern).expect("a pattern")).title(&key(), count)
    }

    #[test]
    fn each_place_stands_for_what_the_key_has() {
        assert_eq!(made("{title} ({id}) {n}", 3), "Payroll servers (7) 3");
        assert_eq!(made("EU-{nnn}", 7), "EU-007");
        assert_eq!(made("EU-{nn}", 1_234), "EU-1234");
        assert_eq!(made("{title", 1), "{title");
        assert_eq!(made(" }{title}{ ", 1), "}Payroll servers{");
        assert_eq!(Pattern::parse("{name}"), Err(UnknownPlace("name".to_owned())));
        assert_eq!(Pattern::parse("{}"), Err(UnknownPlace(String::new())));
    }

    #[test]
    fn a_text_goes_before_behind_or_in_the_place_of_another() {
        let title = |it: Titling| it.title(&key(), 1);
        assert_eq!(title(Titling::Before("EU ".to_owned())), "EU Payroll servers");
        assert_eq!(title(Titling::Behind(" (old) ".to_owned())), "Payroll servers (old)");
        let replace =
            |find: &str, with: &str| Titling::Replace { find: find.to_owned(), with: with.to_owned() };
        assert_eq!(title(replace("ser", "SER")), "Payroll SERvers");
        assert_eq!(title(replace("Payroll ", "")), "servers");
        assert_eq!(title(replace("", "x")), "Payroll servers");
    }
}
