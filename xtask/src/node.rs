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
    say::step(&format!("Install the packages of {}", dir.display()), || npm_ci(dir))?;
    Ok(fs::write(dir.join(STAMP), lock)?)
}
