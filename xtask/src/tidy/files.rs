//! What holds for every file: clean ends of lines, and a length one can read.

use super::Finding;
use super::source::File;

/// The most lines a source file may have.
const MAX_LINES: usize = 500;

/// The most lines of a file of tests: tables of cases are read in pieces.
const MAX_TEST_LINES: usize = 800;

/// Files that may be longer, and why.
const LONG: &[(&str, &str)] =
    &[("deploy/embed/latchkey.js", "a portal takes one file, without a build step that could join several")];

/// Types of source files, for the length.
const SOURCES: &[&str] = &[".rs", ".css", ".js", ".mjs", ".ts"];

pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let mut res = Vec::new();
    for file in files {
        let mut report = |line: usize, reason: &str| {
            res.push(Finding { path: file.path.clone(), line, reason: reason.to_owned() })
        };
        let lines = file.text.lines().count();
        for (idx, text) in file.text.split('\n').enumerate() {
            let line = idx + 1;
            if text.ends_with([' ', '\t']) {
                report(line, "blanks at the end of the line: noise in every difference");
            }
            if text.contains('\r') {
                report(line, "a carriage return: lines end with a line feed");
            }
        }
        if !file.text.is_empty() && !file.text.ends_with('\n') {
            report(lines, "no line feed at the end of the file");
        }
        let is_source = SOURCES.iter().any(|it| file.path.ends_with(it));
        let may_be_long = LONG.iter().any(|(path, _)| *path == file.path);
        let is_tests = file.path.starts_with("tests/")
            || file.path.contains("/tests/")
            || file.path.ends_with("/tests.rs");
        let most = if is_tests { MAX_TEST_LINES } else { MAX_LINES };
        if is_source && lines > most && !may_be_long {
            report(
                lines,
                &format!(
                    "{lines} lines: split it, or give the reason in xtask/src/tidy/files.rs (most: {most})"
                ),
            );
        }
    }
    for (path, _) in LONG {
        if files.iter().any(|it| it.path == *path && it.text.lines().count() <= MAX_LINES) {
            let path = "xtask/src/tidy/files.rs".to_owned();
            res.push(Finding {
                path,
                line: 1,
                reason: "an exception for a file that no longer needs it".to_owned(),
            });
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::super::found;
    use super::*;

    #[test]
    fn untidy_ends_are_found() {
        let planted =
            [("a.md", "one \ntwo\n"), ("b.md", "one"), ("c.md", "one\r\n"), ("d.md", "one\n"), ("e.md", "")];
        assert_eq!(found(check, &planted), ["a.md:1", "b.md:1", "c.md:1"]);
    }

    #[test]
    fn a_long_file_with_a_reason_may_stay_and_a_reason_without_one_may_not() {
        for (path, _) in LONG {
            assert_eq!(found(check, &[(path, &"x\n".repeat(MAX_LINES + 1))]), [""; 0], "{path}");
            assert_eq!(found(check, &[(path, "x\n")]), ["xtask/src/tidy/files.rs:1"], "{path}");
        }
    }

    #[test]
    fn a_source_file_nobody_can_read_is_found() {
        let long = "x\n".repeat(MAX_LINES + 1);
        assert_eq!(
            found(check, &[("src/a.rs", &long), ("a.svg", &long)]),
            [format!("src/a.rs:{}", MAX_LINES + 1)]
        );
        assert!(found(check, &[("src/a.rs", &"x\n".repeat(MAX_LINES)), ("tests/a.rs", &long)]).is_empty());
        assert_eq!(found(check, &[("tests/a.rs", &"x\n".repeat(MAX_TEST_LINES + 1))]).len(), 1);
    }
}
