//! All sheets as one file: one request, one compression window, and no list of sheets to maintain.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::{commands, project};

/// Where `index.html` expects the joined sheet, relative to the root. Not in cargo's target directory, which may be
/// elsewhere, while `index.html` cannot vary.
const BUNDLE: &str = "target/styles/latchkey.css";

/// Sheets that the others build on, in this order. The rest follows by path.
const FIRST: &[&str] = &["tokens.css", "base.css"];

/// `cargo xtask styles`.
///
/// # Errors
/// If a sheet cannot be read or the file cannot be written.
pub(crate) fn command(args: &[String]) -> Result<()> {
    commands::no_arguments(args)?;
    let root = project::root();
    let bundle = root.join(BUNDLE);
    let css = join(&root.join("style"))?;
    if let Some(dir) = bundle.parent() {
        fs::create_dir_all(dir)?;
    }
    // Trunk reads it right after this, and in another checkout process maybe right now: replaced in one step.
    let next = bundle.with_extension(format!("{}.css", std::process::id()));
    fs::write(&next, css)?;
    fs::rename(&next, &bundle).with_context(|| format!("cannot write {BUNDLE}"))
}

/// The text of all sheets under `dir`.
fn join(dir: &Path) -> Result<String> {
    let mut sheets = Vec::new();
    if dir.is_dir() {
        collect(dir, &mut sheets)?;
    }
    sheets.sort_by_key(|it| order(it.strip_prefix(dir).unwrap_or(it)));
    let mut res = String::new();
    for sheet in sheets {
        res.push_str(
            &fs::read_to_string(&sheet).with_context(|| format!("cannot read {}", sheet.display()))?,
        );
        res.push('\n');
    }
    Ok(res)
}

fn order(sheet: &Path) -> (usize, PathBuf) {
    let rank = FIRST.iter().position(|it| sheet == Path::new(it)).unwrap_or(FIRST.len());
    (rank, sheet.to_path_buf())
}

fn collect(dir: &Path, sheets: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, sheets)?;
        } else if path.extension().is_some_and(|it| it == "css") {
            sheets.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn tokens_come_first_then_base_then_the_rest_by_path() {
        let dir = std::env::temp_dir().join(format!("latchkey-styles-{}", std::process::id()));
        fs::create_dir_all(dir.join("a")).unwrap();
        for name in ["base.css", "a/widget.css", "button.css", "tokens.css", "notes.txt"] {
            fs::write(dir.join(name), format!("/* {name} */")).unwrap();
        }
        let joined = join(&dir).unwrap();
        assert_eq!(joined, "/* tokens.css */\n/* base.css */\n/* a/widget.css */\n/* button.css */\n");
        fs::remove_dir_all(dir).unwrap();
    }
}
