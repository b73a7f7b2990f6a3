//! Words of commands, so that no text is ever taken for code by the shell it is pasted into.

use crate::http::curl;

/// A family of shells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// `sh` and all that read like it.
    Posix,
    /// PowerShell from 7.3 on. Older ones drop quotes inside the words of other programs, and no quoting suits both.
    PowerShell,
}

impl Shell {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Posix, Self::PowerShell];

    /// One word that holds `text` and nothing else; `None` where it holds what changes a command while it is pasted.
    #[must_use]
    pub fn word(self, text: &str) -> Option<String> {
        match self {
            Self::Posix => curl::quoted(text),
            Self::PowerShell if text.contains(curl::is_unsafe) => None,
            Self::PowerShell => {
                let mut res = String::from("'");
                for it in text.chars() {
                    // All of these end a word in single quotes there, and twice stand for themselves.
                    if matches!(it, '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}') {
                        res.push(it);
                    }
                    res.push(it);
                }
                res.push('\'');
                Some(res)
            }
        }
    }

    /// A word that holds `before` and then what the variable `TOKEN` holds: the placeholder for a credential.
    /// `before` is text of ours without any sign of a shell's.
    #[must_use]
    pub fn with_token(self, before: &str) -> String {
        let variable = match self {
            Self::Posix => "$TOKEN",
            Self::PowerShell => "$env:TOKEN",
        };
        ["\"", before, variable, "\""].concat()
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[expect(clippy::expect_used, reason = "a test that cannot start a shell must fail")]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    fn word(shell: Shell, text: &str) -> String {
        shell.word(text).expect("a text that a command may hold")
    }

    /// What `sh` itself makes of a word.
    fn read_by_sh(word: &str) -> String {
        let script = [r"printf '%s\001' ", word].concat();
        let output = Command::new("sh").args(["-c", &script]).output().expect("a shell");
        assert!(output.status.success(), "{script}");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let mut words = text.split_terminator('\u{1}');
        let first = words.next().expect("a word").to_owned();
        assert_eq!(words.next(), None, "one word: {script}");
        first
    }

    /// What PowerShell makes of a word in single quotes, after its language specification: a quote, of any of its
    /// five, that another one follows stands for itself, and one alone ends the word.
    fn read_by_powershell(word: &str) -> Option<String> {
        let is_quote = |it: char| "'\u{2018}\u{2019}\u{201a}\u{201b}".contains(it);
        let mut rest = word.strip_prefix('\'')?.chars().peekable();
        let mut res = String::new();
        while let Some(it) = rest.next() {
            if !is_quote(it) {
                res.push(it);
                continue;
            }
            match rest.next_if(|it| is_quote(*it)) {
                Some(_) => res.push(it),
                None => return rest.next().is_none().then_some(res),
            }
        }
        None
    }

    #[test]
    fn signs_of_shells_stand_for_themselves() {
        for text in [
            "",
            "it's",
            "''",
            "\"$TOKEN\" `id` $(id)",
            "a\\",
            "two\nlines",
            "-rf",
            "‘curly’ ‚‛",
            "!x *",
            "{a,b}",
        ] {
            assert_eq!(read_by_sh(&word(Shell::Posix, text)), text);
            assert_eq!(read_by_powershell(&word(Shell::PowerShell, text)).as_deref(), Some(text));
        }
    }

    #[test]
    fn a_token_is_a_variable() {
        assert_eq!(Shell::Posix.with_token("Authorization=Bearer "), "\"Authorization=Bearer $TOKEN\"");
        assert_eq!(
            Shell::PowerShell.with_token("Authorization=Bearer "),
            "\"Authorization=Bearer $env:TOKEN\""
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn sh_reads_back_any_text_or_is_given_none(text in "[^\u{0}]{0,40}|\\PC{0,40}") {
            match Shell::Posix.word(&text) {
                Some(word) => prop_assert_eq!(read_by_sh(&word), text),
                None => prop_assert!(text.contains(curl::is_unsafe)),
            }
        }

        #[test]
        fn powershell_reads_back_any_text_or_is_given_none(text in "[^\u{0}]{0,40}|['‘’‚‛a\"$`]{0,12}") {
            match Shell::PowerShell.word(&text) {
                Some(word) => prop_assert_eq!(read_by_powershell(&word), Some(text)),
                None => prop_assert!(text.contains(curl::is_unsafe)),
            }
        }
    }
}
