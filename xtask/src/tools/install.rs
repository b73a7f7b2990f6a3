//! How each tool is installed. Every function returns the folder to put on `PATH`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::cache::Cache;
use crate::process::Call;
use crate::{node, project};

/// Trunk, without its downloader and its proxy's encryption: it runs offline here, and builds in half the time.
///
/// # Errors
/// If the crate cannot be downloaded or built.
pub(crate) fn trunk(cache: &Cache, version: &str) -> Result<PathBuf> {
    let dir = cache
        .tool("trunk", version, |dir| cargo_install(dir, "trunk", version, &["--no-default-features"]))?;
    Ok(dir.join("bin"))
}

/// The wasm-bindgen command-line tool and its test runner.
///
/// # Errors
/// If the crate cannot be downloaded or built.
pub(crate) fn wasm_bindgen(cache: &Cache, version: &str) -> Result<PathBuf> {
    let dir =
        cache.tool("wasm-bindgen", version, |dir| cargo_install(dir, "wasm-bindgen-cli", version, &[]))?;
    Ok(dir.join("bin"))
}

/// wasm-opt, from npm's `binaryen`, with the hash in `xtask/wasm-opt/package-lock.json`.
///
/// # Errors
/// If Node is missing or the package cannot be downloaded.
pub(crate) fn wasm_opt(cache: &Cache, version: &str) -> Result<PathBuf> {
    let dir = cache.tool("wasm-opt", version, |dir| {
        let source = project::root().join("xtask/wasm-opt");
        for name in ["package.json", "package-lock.json", ".npmrc"] {
            fs::copy(source.join(name), dir.join(name))
                .with_context(|| format!("cannot copy xtask/wasm-opt/{name}"))?;
        }
        node::npm_ci(dir)
    })?;
    Ok(dir.join("node_modules/.bin"))
}

/// Builds a program with cargo, with its own lock file, and keeps nothing but the program.
fn cargo_install(dir: &Path, package: &str, version: &str, options: &[&str]) -> Result<()> {
    let build = dir.join("build");
    let version = format!("={version}");
    let args = [&["install", "--locked", "--quiet", package, "--version", &version], options].concat();
    Call::cargo(&args)
        .arg("--root")
        .arg(dir)
        // Elsewhere than in this workspace, whose cargo configuration is not meant for tools.
        .dir(dir)
        .env("CARGO_TARGET_DIR", &build)
        // These tools run for seconds and are built once: the quickest build wins.
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "false")
        // Some of their dependencies prefer a system library, which the next machine may not have.
        .env("LZMA_API_STATIC", "1")
        .without_env("RUSTFLAGS")
        .run()
        .with_context(|| format!("cannot install {package} {version}"))?;
    if build.exists() {
        fs::remove_dir_all(&build)?;
    }
    Ok(())
}
