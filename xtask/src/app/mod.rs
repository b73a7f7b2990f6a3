//! Building the app: Trunk, with the pinned tools, then compression.

pub(crate) mod compress;
mod fingerprint;
mod flags;
pub(crate) mod release;
pub(crate) mod seal;
mod second;
mod sinks;
pub(crate) mod styles;

use std::fs::{self, File};
use std::path::PathBuf;

use anyhow::Result;

use crate::process::Call;
use crate::tools::{self, versions};
use crate::{project, say};

/// The folder of the built app, with a `.br` and a `.gz` beside each file worth it. Built only if something it is made of
/// changed since the last time.
///
/// # Errors
/// If a tool cannot be installed or the app does not build.
pub(crate) fn ensure() -> Result<PathBuf> {
    let tools = tools::ensure()?;
    let dir = project::app_dir()?;
    let stamp = dir.with_extension("fingerprint");
    fs::create_dir_all(project::target_dir()?)?;
    // Two commands in one checkout build one after the other.
    let lock = File::create(dir.with_extension("lock"))?;
    lock.lock()?;

    let fingerprint = fingerprint::of_sources(&project::root(), versions::TRUNK)?;
    if dir.join("index.html").is_file() && fs::read_to_string(&stamp).is_ok_and(|it| it == fingerprint) {
        say::line("· The app is up to date");
        return Ok(dir);
    }

    if stamp.exists() {
        fs::remove_file(&stamp)?;
    }
    tools::fetch_crates()?;
    say::step("Build the app (Trunk, release)", || {
        Call::new("trunk", &["build", "--release", "--dist"])
            .arg(&dir)
            .path(&tools.path)?
            // Trunk understands `true` and `false` alone, and some terminals set `1`.
            .without_env("NO_COLOR")
            // Its script minifier gives up on modern scripts by a panic that Trunk catches: no news.
            .env("RUST_BACKTRACE", "0")
            .env("CARGO_ENCODED_RUSTFLAGS", flags::encoded()?)
            .without_env("RUSTFLAGS")
            .quiet()
    })?;
    say::step("Compress it (brotli 11, gzip 9)", || compress::folder(&dir))?;
    fs::write(&stamp, fingerprint)?;
    Ok(dir)
}
