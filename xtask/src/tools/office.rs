//! The spreadsheet program that the tests open written files with: the system's LibreOffice, without its windows.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use super::is_root;
use crate::process::{self, Call};
use crate::say;

/// What to tell a person on a machine where we cannot install.
const HELP: &str = "no LibreOffice was found, and it cannot be installed from here. Install it (Debian: the package \
                    `libreoffice-calc-nogui`), or name its program in SOFFICE";

/// LibreOffice's program; installed first on a Debian where we are root.
///
/// # Errors
/// If there is none and it cannot be installed: the message says what to install.
pub(crate) fn ensure() -> Result<PathBuf> {
    if let Some(found) = look() {
        return Ok(found);
    }
    let Some(apt) = process::find("apt-get").filter(|_| is_root()) else { bail!(HELP) };
    say::step("Install LibreOffice Calc (apt-get)", || {
        let apt = |args: &[&str]| Call::new(&apt, args).env("DEBIAN_FRONTEND", "noninteractive").quiet();
        apt(&["update"])?;
        apt(&["install", "--yes", "--no-install-recommends", "libreoffice-calc-nogui"])
    })
    .context(HELP)?;
    look().context(HELP)
}

/// `SOFFICE` if set, else the program on `PATH`.
fn look() -> Option<PathBuf> {
    let set = std::env::var_os("SOFFICE").map(PathBuf::from).filter(|it| it.is_file());
    set.or_else(|| ["soffice", "libreoffice"].iter().find_map(|it| process::find(it)))
}
