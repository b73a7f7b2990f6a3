//! The browser the tests drive: the system's Chromium and its driver.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::is_root;
use crate::process::{self, Call};
use crate::say;

/// A Chromium and the driver that belongs to it.
pub(crate) struct Browser {
    /// The browser's program.
    pub(crate) chromium: PathBuf,
    /// The driver's program, for wasm-bindgen's test runner.
    pub(crate) driver: PathBuf,
}

/// Names a Chromium may have, the plain package first.
const CHROMIUM: &[&str] = &["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// The package, and the program, that is Chromium's engine without windows, tabs and menus.
const SHELL: &str = "chromium-headless-shell";

/// What to tell a person on a machine where we cannot install.
const HELP: &str = "no Chromium with its driver was found, and it cannot be installed from here. Install both (Debian: the packages \
                    `chromium` and `chromium-driver`), or name them in CHROMIUM and CHROMEDRIVER";

/// The system's browser; installed first on a Debian where we are root.
///
/// # Errors
/// If there is none and it cannot be installed: the message says what to install.
pub(crate) fn ensure() -> Result<Browser> {
    if let Some(found) = look() {
        return Ok(found);
    }
    let Some(apt) = process::find("apt-get").filter(|_| is_root()) else { bail!(HELP) };
    say::step("Install Chromium and its driver (apt-get)", || {
        install(&apt, &["chromium", "chromium-driver"])
    })
    .context(HELP)?;
    look().context(HELP)
}

/// What the journeys run in: `CHROMIUM` if set, else Chromium's headless shell, installed first where we can, else the
/// whole browser. A journey takes two thirds of the time in the shell, and is not delayed by the pages that the whole
/// browser makes for each of its windows.
///
/// # Errors
/// If there is no Chromium at all and it cannot be installed.
pub(crate) fn ensure_shell() -> Result<PathBuf> {
    if let Some(found) = set("CHROMIUM").or_else(|| process::find(SHELL)) {
        return Ok(found);
    }
    let browser = ensure()?;
    let Some(apt) = process::find("apt-get").filter(|_| is_root()) else { return Ok(browser.chromium) };
    // Older systems have no such package.
    let installed = say::step("Install Chromium's headless shell (apt-get)", || install(&apt, &[SHELL]));
    if installed.is_err() {
        say::line("  the journeys run in the whole browser, and take longer");
    }
    Ok(process::find(SHELL).unwrap_or(browser.chromium))
}

fn install(apt: &Path, packages: &[&str]) -> Result<()> {
    let apt = |args: &[&str]| Call::new(apt, args).env("DEBIAN_FRONTEND", "noninteractive").quiet();
    apt(&["update"])?;
    apt(&[&["install", "--yes", "--no-install-recommends"], packages].concat())
}

/// `CHROMIUM` and `CHROMEDRIVER` if set, else the programs on `PATH`.
fn look() -> Option<Browser> {
    let chromium = set("CHROMIUM").or_else(|| CHROMIUM.iter().find_map(|it| process::find(it)))?;
    let driver = set("CHROMEDRIVER").or_else(|| process::find("chromedriver"))?;
    Some(Browser { chromium, driver })
}

/// The program an environment variable names, if there is one.
fn set(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).map(PathBuf::from).filter(|it| it.is_file())
}
