//! Takes a proposal into the text.

use std::ops::Range;

/// The text with a proposal in place of `range`, and the byte of the caret behind it. White space is put where the
/// proposal would run together with what stands around it.
pub(super) fn accept(text: &str, range: &Range<usize>, new: &str, behind: &str) -> (String, usize) {
    let (Some(before), Some(after)) = (text.get(..range.start), text.get(range.end..)) else {
        return (text.to_owned(), text.len());
    };
    let lead = match before.chars().next_back() {
        None | Some('(' | '[') => "",
        Some(it) if it.is_whitespace() => "",
        Some(_) => " ",
    };
    let tail = match after.chars().next() {
        None | Some(')' | ']' | ',') => "",
        // In front of an operator that belongs to the name.
        Some(':' | '=' | '<' | '>' | '!') if !new.ends_with(char::is_whitespace) => "",
        Some(it) if it.is_whitespace() && new.ends_with(char::is_whitespace) => "",
        Some(it) if it.is_whitespace() => "",
        Some(_) if new.ends_with(char::is_whitespace) || behind.ends_with(char::is_whitespace) => "",
        Some(_) => " ",
    };
    // One blank is enough.
    let after = match new.ends_with(char::is_whitespace) && behind.is_empty() {
        true => after.strip_prefix(' ').unwrap_or(after),
        false => after,
    };
    let caret = before.len() + lead.len() + new.len();
    ([before, lead, new, behind, tail, after].concat(), caret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(marked: &str, new: &str, want: &str) {
        let text = marked.replace(['‹', '›'], "");
        let from = marked.find('‹').unwrap_or_default();
        let to = marked.find('›').unwrap_or_default() - '‹'.len_utf8();
        let (mut text, caret) = accept(&text, &(from..to), new, "");
        text.insert(caret, '|');
        assert_eq!(text, want);
    }

    #[test]
    fn nothing_runs_together() {
        check("‹ti›", "title: ", "title: |");
        check("a: 1‹›", "AND ", "a: 1 AND |");
        check("a:‹›", "x", "a: x|");
        check("(a: ‹›)", "x", "(a: x|)");
        check("a: ‹›AND b: 1", "x", "a: x| AND b: 1");
        check("[‹›, b]", "x", "[x|, b]");
        check("‹ti›: x", "title", "title|: x");
        check("‹ti› x", "title: ", "title: |x");
        check("a: 1 ‹›b: 2", "AND", "a: 1 AND| b: 2");
    }
}
