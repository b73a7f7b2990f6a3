//! The rules of the house that no compiler knows, as rules over the text of the files.
//!
//! The rules are data: a new edge, ban or limit is one line in [`layers`], [`bans`] or [`files`]. Every rule has a test
//! that plants a violation, and one test runs all rules over this repository.

mod bans;
mod colours;
mod documents;
mod files;
mod layers;
mod messages;
mod source;

use std::fmt;
use std::fs;

use anyhow::{Context as _, Result, bail};

use crate::{commands, project, say, systems};
use source::File;

/// One place that breaks a rule.
#[derive(Debug, PartialEq)]
pub(crate) struct Finding {
    /// The file, relative to the root.
    path: String,
    /// The line, from 1.
    line: usize,
    /// What is wrong, and why that is a rule.
    reason: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.reason)
    }
}

/// Looks at all files and returns what it found.
type Rule = fn(&[File]) -> Vec<Finding>;

/// The rules.
const RULES: &[Rule] =
    &[files::check, layers::check, bans::check, colours::check, messages::check, documents::check];

/// `cargo xtask tidy`.
///
/// # Errors
/// If there are findings.
pub(crate) fn command(args: &[String]) -> Result<()> {
    commands::no_arguments(args)?;
    say::step("Tidy", check)?;
    systems::check()
}

/// Runs all rules over the repository and prints what they find.
///
/// # Errors
/// If there are findings.
pub(crate) fn check() -> Result<()> {
    let findings = findings()?;
    for finding in &findings {
        say::line(&format!("  {finding}"));
    }
    match findings.len() {
        0 => Ok(()),
        1 => bail!("1 finding"),
        many => bail!("{many} findings"),
    }
}

fn findings() -> Result<Vec<Finding>> {
    let mut files = Vec::new();
    for path in project::files()? {
        let bytes = fs::read(project::root().join(&path)).with_context(|| format!("cannot read {path}"))?;
        // Pictures have no lines.
        if let Ok(text) = String::from_utf8(bytes) {
            files.push(File::new(path, text));
        }
    }
    let mut res: Vec<Finding> = RULES.iter().flat_map(|rule| rule(&files)).collect();
    res.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    Ok(res)
}

/// For the rules' tests: runs a rule over planted files and returns `path:line` of what it finds.
#[cfg(test)]
fn found(rule: Rule, planted: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<File> =
        planted.iter().map(|(path, text)| File::new((*path).to_owned(), (*text).to_owned())).collect();
    rule(&files).iter().map(|it| format!("{}:{}", it.path, it.line)).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    #[test]
    fn this_repository_is_tidy() {
        let findings: Vec<String> = super::findings().unwrap().iter().map(ToString::to_string).collect();
        assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
    }
}
