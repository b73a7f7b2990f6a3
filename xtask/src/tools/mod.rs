//! The tools this project needs, each pinned, each in a per-user cache folder keyed by its version.

pub(crate) mod browser;
mod cache;
mod install;
pub(crate) mod office;
pub(crate) mod servers;
pub(crate) mod versions;

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::process::Call;
use crate::{project, say};
use cache::Cache;
use versions::Versions;

/// Folders to put in front of `PATH`, one a tool.
pub(crate) struct Tools {
    /// The folders.
    pub(crate) path: Vec<PathBuf>,
}

/// Installs what is missing, and says where everything is. Quick when nothing is.
///
/// # Errors
/// If the pins contradict each other, or an installation fails.
pub(crate) fn ensure() -> Result<Tools> {
    browser_target()?;
    let versions = Versions::read(&project::root())?;
    let cache = Cache::for_user()?;
    let path = vec![
        install::trunk(&cache, versions::TRUNK)?,
        install::wasm_bindgen(&cache, &versions.wasm_bindgen)?,
        install::wasm_opt(&cache, &versions.binaryen)?,
    ];
    Ok(Tools { path })
}

/// Whether we may install packages of the system.
fn is_root() -> bool {
    Call::new("id", &["-u"]).output().is_ok_and(|it| it.trim() == "0")
}

/// Downloads the crates of `Cargo.lock`, since Trunk builds without a network. Quick when they are there.
///
/// # Errors
/// If the registry cannot be reached and a crate is missing.
pub(crate) fn fetch_crates() -> Result<()> {
    let fetch = || Call::cargo(&["fetch", "--locked", "--quiet"]);
    if fetch().arg("--offline").quiet().is_ok() {
        return Ok(());
    }
    say::step("Download the crates of Cargo.lock", || fetch().run())
}

/// The compiler's half for the browser. rustup installs it with the toolchain that `rust-toolchain.toml` names, unless
/// the toolchain was there before without it.
fn browser_target() -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let libraries = Call::new(rustc, &["--print", "target-libdir", "--target", TARGET]).output()?;
    if PathBuf::from(libraries.trim()).is_dir() {
        return Ok(());
    }
    say::step(&format!("Install the compiler's {TARGET} target"), || {
        Call::new("rustup", &["target", "add", TARGET]).quiet().context("rustup could not add the target")
    })
}
