//! Documents tell the truth about the commands.

use super::Finding;
use super::source::{File, numbered};
use crate::commands::COMMANDS;

pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let mut res = Vec::new();
    for file in files.iter().filter(|it| it.path.ends_with(".md") || it.path.starts_with(".ci/")) {
        for (line, text) in numbered(&file.text) {
            for after in text.split("cargo xtask ").skip(1) {
                let word: String =
                    after.chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '-').collect();
                // `cargo xtask …` stands for any command.
                if !word.is_empty() && !COMMANDS.iter().any(|it| it.name == word) {
                    let reason = format!("`cargo xtask {word}` does not exist");
                    res.push(Finding { path: file.path.clone(), line, reason });
                }
            }
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::super::found;
    use super::*;

    #[test]
    fn a_command_that_does_not_exist_is_found() {
        let text = "Call `cargo xtask run`, then `cargo xtask …`.\nOr `cargo xtask fly`.\n";
        assert_eq!(found(check, &[("README.md", text)]), ["README.md:2"]);
    }
}
