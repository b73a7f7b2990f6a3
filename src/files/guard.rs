//! Texts that a spreadsheet would take for formulas.
//!
//! A CSV file has no types: a title `=HYPERLINK(…)` runs when the file is opened. Such a text is written with an
//! apostrophe before it, which spreadsheets show as part of the text or hide, and never run. Reading takes the
//! apostrophe away again. Since a text that already has apostrophes before its formula gets one more, what is
//! written reads back as the very same text. Numbers are not texts and stay as they are.
//!
//! In XLSX a text is a text by its type; the mark that keeps it so when somebody edits the cell is asked here too.

/// What starts a formula: in ASCII, and in the full-width forms that spreadsheets fold to ASCII.
const STARTS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Whether a spreadsheet might take this text for a formula. Blanks and apostrophes before it change nothing.
#[must_use]
pub fn is_formula(text: &str) -> bool {
    let text = text.trim_start_matches('\'');
    if text.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    let ignored =
        |it: char| it.is_whitespace() || it.is_control() || matches!(it, '\'' | '\u{feff}' | '\u{200b}');
    text.trim_start_matches(ignored).starts_with(STARTS)
}

/// Takes the apostrophe away that stands before a formula.
#[must_use]
pub fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: bool) {
        assert_eq!(is_formula(text), expected, "{text:?}");
        let written = if expected { ["'", text].concat() } else { text.to_owned() };
        assert_eq!(unguarded(&written), text);
    }

    #[test]
    fn whatever_may_run_is_guarded_and_reads_back() {
        for text in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\rx",
            "\nx",
            "＝1",
            "－1",
            "＋1",
            "＠a",
            " =1",
            "\u{a0}=1",
            "'=1",
            "''=1",
            "'\tx",
            "' '=1",
            "\u{feff}=1",
            "-",
            "=",
        ] {
            check(text, true);
        }
    }

    #[test]
    fn what_does_not_run_is_left_alone() {
        for text in ["", "a", "'", "''", "'a", "a=1", "1-2", "“=1", "(=1)", "' a"] {
            check(text, false);
        }
    }
}
