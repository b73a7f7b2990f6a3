//! A file as the rules see it.

use std::sync::OnceLock;

/// A file, its text, and its text without comments and literals.
pub(super) struct File {
    /// Relative to the root, with forward slashes.
    pub(super) path: String,
    /// The whole text.
    pub(super) text: String,
    code: OnceLock<String>,
}

impl File {
    /// A file with this text.
    pub(super) fn new(path: String, text: String) -> Self {
        Self { path, text, code: OnceLock::new() }
    }

    /// The text with every comment, and the inside of every string, replaced by blanks. Lines and columns stay where they
    /// are, and a string's quotes stay too.
    pub(super) fn code(&self) -> &str {
        self.code
            .get_or_init(|| if self.is_rust() { blank(&self.text, true) } else { blank(&self.text, false) })
    }

    /// Whether it is Rust.
    pub(super) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// The path inside `dir/`, if it is in there.
    pub(super) fn inside(&self, dir: &str) -> Option<&str> {
        self.path.strip_prefix(dir)?.strip_prefix('/')
    }
}

/// Whether `needle` stands in `line` as a whole word: where it begins or ends with a letter, digit or underscore, the text
/// beside it does not go on with one.
pub(super) fn has_word(line: &str, needle: &str) -> bool {
    let is_word = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '_');
    line.match_indices(needle).any(|(at, _)| {
        let before = line.get(..at).and_then(|it| it.chars().next_back());
        let after = line.get(at + needle.len()..).and_then(|it| it.chars().next());
        let goes_back = is_word(needle.chars().next()) && is_word(before);
        let goes_on = is_word(needle.chars().next_back()) && is_word(after);
        !goes_back && !goes_on
    })
}

/// The lines of a text, counted from 1.
pub(super) fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(idx, line)| (idx + 1, line))
}

/// What the blanker is inside of.
enum State {
    Code,
    LineComment,
    /// Rust's block comments nest.
    BlockComment(u32),
    Text,
    /// Raw text ends with a quote and this many hashes.
    RawText(usize),
}

fn blank(source: &str, rust: bool) -> String {
    let chars: Vec<char> = source.chars().collect();
    let at = |idx: usize| chars.get(idx).copied().unwrap_or('\0');
    let mut res = String::with_capacity(source.len());
    let mut state = State::Code;
    let mut idx = 0;
    while idx < chars.len() {
        let (it, next) = (at(idx), at(idx + 1));
        let mut keep = 0;
        let mut skip = 1;
        match state {
            State::Code if it == '/' && next == '/' && rust => (state, skip) = (State::LineComment, 2),
            State::Code if it == '/' && next == '*' => (state, skip) = (State::BlockComment(1), 2),
            State::Code if it == '"' => (state, keep) = (State::Text, 1),
            State::Code if rust && it == 'r' && matches!(next, '"' | '#') && !is_name(idx, &chars) => {
                let hashes = chars.iter().skip(idx + 1).take_while(|it| **it == '#').count();
                if at(idx + 1 + hashes) == '"' {
                    (state, keep) = (State::RawText(hashes), hashes + 2);
                } else {
                    keep = 1;
                }
            }
            // A character, not a lifetime: `'x'` or `'\…'`.
            State::Code if rust && it == '\'' && (next == '\\' || at(idx + 2) == '\'') => {
                let escaped = usize::from(next == '\\');
                let length = chars.iter().skip(idx + 2 + escaped).position(|it| *it == '\'').unwrap_or(0);
                skip = length + 3 + escaped;
            }
            State::Code => keep = 1,
            State::LineComment if it == '\n' => (state, keep) = (State::Code, 1),
            State::LineComment => {}
            State::BlockComment(depth) if it == '*' && next == '/' => {
                skip = 2;
                state = if depth == 1 { State::Code } else { State::BlockComment(depth - 1) };
            }
            State::BlockComment(depth) if rust && it == '/' && next == '*' => {
                (state, skip) = (State::BlockComment(depth + 1), 2);
            }
            State::BlockComment(_) => {}
            State::Text if it == '\\' => skip = 2,
            State::Text if it == '"' => (state, keep) = (State::Code, 1),
            State::Text => {}
            State::RawText(hashes) if it == '"' && (1..=hashes).all(|n| at(idx + n) == '#') => {
                (state, keep) = (State::Code, hashes + 1);
            }
            State::RawText(_) => {}
        }
        let taken = keep.max(skip);
        for (n, it) in chars.iter().skip(idx).take(taken).enumerate() {
            res.push(if n < keep || *it == '\n' { *it } else { ' ' });
        }
        idx += taken;
    }
    res
}

/// Whether the character at `idx` goes on with a name that began before it.
fn is_name(idx: usize, chars: &[char]) -> bool {
    idx.checked_sub(1)
        .and_then(|before| chars.get(before))
        .is_some_and(|it| it.is_alphanumeric() || *it == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &str) {
        assert_eq!(blank(source, true), expected);
    }

    #[test]
    fn comments_and_literals_become_blanks_of_the_same_length() {
        check("a // b\nc", "a     \nc");
        check("a /* b /* c */ d */ e", "a                   e");
        check(r#"f("b // c") // d"#, r#"f("      ")     "#);
        check(r##"r#"a "b" c"# d"##, r##"r#"       "# d"##);
        check(r#"'"' "a" '\'' x"#, r#"    " "      x"#);
        check("<'a> r r2 for", "<'a> r r2 for");
        check("\"a\\\"b\"c", "\"    \"c");
    }

    #[test]
    fn words_are_whole() {
        assert!(has_word("use web_sys::Window", "web_sys"));
        assert!(!has_word("my_web_sys", "web_sys"));
        assert!(has_word("x.inner_html()", ".inner_html("));
        assert!(!has_word("eval_all(", "eval("));
    }
}
