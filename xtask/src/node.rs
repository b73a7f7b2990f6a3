//! Node and npm.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::process::Call;
use crate::say;

/// The copy of the lock file inside `node_modules` that says what is installed there.
const STAMP: &str = "node_modules/.latchkey-lock.json";

/// Installs exactly what a folder's lock file says. Runs no script of any package.
///
/// # Errors
/// If Node is missing or a package cannot be downloaded.
pub(crate) fn npm_ci(dir: &Path) -> Result<()> {
    Call::new("npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .dir(dir)
        .quiet()
        .context("npm could not install the pinned packages (is Node installed?)")
}

/// [`npm_ci`], if the lock file changed since the last time.
///
/// # Errors
/// See [`npm_ci`].
pub(crate) fn ensure_packages(dir: &Path) -> Result<()> {
    let lock = fs::read(dir.join("package-lock.json"))?;
    if fs::read(dir.join(STAMP)).is_ok_and(|it| it == lock) {
        return Ok(());
    }
    unlink(&dir.join("node_modules"))?;
    say::step(&format!("Install the packages of {}", dir.display()), || npm_ci(dir))?;
    Ok(fs::write(dir.join(STAMP), lock)?)
}

/// Takes a link away. npm follows it and empties the folder behind it, which another checkout may be using.
fn unlink(path: &Path) -> Result<()> {
    if path.is_symlink() {
        fs::remove_file(path).with_context(|| format!("cannot remove the link {}", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    /// An installation through a link once emptied the packages of another checkout, in the middle of its tests.
    #[test]
    fn packages_behind_a_link_are_left_alone() {
        let dir = std::env::temp_dir().join(format!("latchkey-link-{}", std::process::id()));
        fs::create_dir_all(dir.join("theirs/package")).unwrap();
        std::os::unix::fs::symlink(dir.join("theirs"), dir.join("ours")).unwrap();
        unlink(&dir.join("ours")).unwrap();
        assert!(!dir.join("ours").exists() && dir.join("theirs/package").is_dir());

        unlink(&dir.join("theirs")).unwrap();
        unlink(&dir.join("missing")).unwrap();
        assert!(dir.join("theirs/package").is_dir());
        fs::remove_dir_all(&dir).unwrap();
    }
}
