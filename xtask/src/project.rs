//! Where things are.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context as _, Result};

use crate::process::Call;

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    // Compiled in, and right as long as the checkout is not moved; cargo sets the variable for `cargo xtask`, which follows
    // a moved checkout.
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.parent().map_or_else(|| here.clone(), Path::to_path_buf)
}

/// A path as the person in front of the terminal means it: from where they are, not from the root.
pub(crate) fn from_caller(path: &str) -> PathBuf {
    PathBuf::from(std::env::var_os("PWD").unwrap_or_else(|| root().into())).join(path)
}

/// The folder cargo builds into, `CARGO_TARGET_DIR` and configuration respected.
///
/// # Errors
/// If cargo cannot read the workspace.
pub(crate) fn target_dir() -> Result<PathBuf> {
    static KNOWN: OnceLock<PathBuf> = OnceLock::new();
    if let Some(known) = KNOWN.get() {
        return Ok(known.clone());
    }
    let text = Call::cargo(&["metadata", "--no-deps", "--format-version=1"]).output()?;
    let metadata: serde_json::Value = serde_json::from_str(&text).context("cargo metadata is not JSON")?;
    let dir = metadata
        .get("target_directory")
        .and_then(|it| it.as_str())
        .context("cargo metadata names no target directory")?;
    Ok(KNOWN.get_or_init(|| PathBuf::from(dir)).clone())
}

/// The built app: what the gateway serves and `dist` copies.
///
/// # Errors
/// See [`target_dir`].
pub(crate) fn app_dir() -> Result<PathBuf> {
    Ok(target_dir()?.join("app"))
}

/// The folder of the Playwright journeys.
pub(crate) fn e2e_dir() -> PathBuf {
    root().join("tests/e2e")
}

/// Paths, relative to the root, of every file git tracks or would track (new files included, ignored ones not).
///
/// # Errors
/// If git is missing or this is no checkout.
pub(crate) fn files() -> Result<Vec<String>> {
    let text =
        Call::new("git", &["ls-files", "--cached", "--others", "--exclude-standard", "-z"]).output()?;
    let mut res: Vec<String> = text
        .split('\0')
        .filter(|it| !it.is_empty() && root().join(it).is_file())
        .map(str::to_owned)
        .collect();
    res.sort();
    res.dedup();
    Ok(res)
}
