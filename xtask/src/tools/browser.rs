//! The browser the tests drive: the system's Chromium and its driver.

use std::path::PathBuf;

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
        let apt = |args: &[&str]| Call::new(&apt, args).env("DEBIAN_FRONTEND", "noninteractive").quiet();
        apt(&["update"])?;
        apt(&["install", "--yes", "--no-install-recommends", "chromium", "chromium-driver"])
    })
    .context(HELP)?;
    look().context(HELP)
}

/// `CHROMIUM` and `CHROMEDRIVER` if set, else the programs on `PATH`.
fn look() -> Option<Browser> {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|it| it.is_file());
    let chromium = set("CHROMIUM").or_else(|| CHROMIUM.iter().find_map(|it| process::find(it)))?;
    let driver = set("CHROMEDRIVER").or_else(|| process::find("chromedriver"))?;
    Some(Browser { chromium, driver })
}
