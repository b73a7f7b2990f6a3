//! `cargo xtask dist`: the static folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::{app, commands, project, say};

/// `cargo xtask dist [DIR]`.
///
/// # Errors
/// If the app does not build, or `DIR` holds something that is no earlier result of this command.
pub(crate) fn command(args: &[String]) -> Result<()> {
    let dir = commands::one_argument(args)?.unwrap_or("dist");
    let dir = PathBuf::from(std::env::var_os("PWD").unwrap_or_else(|| project::root().into())).join(dir);
    let app = app::ensure()?;
    clear(&dir)?;
    copy(&app, &dir)?;
    say::line(&format!("{} holds the console: upload it to any static host, under any path", dir.display()));
    Ok(())
}

/// Empties the folder of an earlier result. Anything else in it is somebody's, and stays.
fn clear(dir: &Path) -> Result<()> {
    if !dir.exists() {
        return Ok(());
    }
    let is_empty =
        fs::read_dir(dir).with_context(|| format!("{} is no folder", dir.display()))?.next().is_none();
    let is_ours = ["index.html", "config.json"].iter().all(|it| dir.join(it).is_file());
    if !is_empty && !is_ours {
        bail!("{} is not empty and holds no built console: it is left alone", dir.display());
    }
    fs::remove_dir_all(dir).with_context(|| format!("cannot empty {}", dir.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn only_an_earlier_result_is_replaced() {
        let dir = std::env::temp_dir().join(format!("latchkey-dist-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join("letter.txt"), "dear").unwrap();
        assert!(clear(&dir).is_err());
        assert!(dir.join("letter.txt").exists());

        fs::write(dir.join("index.html"), "").unwrap();
        fs::write(dir.join("config.json"), "").unwrap();
        clear(&dir).unwrap();
        assert!(!dir.exists());
    }
}
