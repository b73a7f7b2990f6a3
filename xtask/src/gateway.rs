//! The local gateway's program.

use std::path::PathBuf;

use anyhow::Result;

use crate::process::Call;
use crate::{project, say};

/// Builds it (cargo skips that when nothing changed) and returns its path.
///
/// # Errors
/// If it does not build.
pub(crate) fn ensure() -> Result<PathBuf> {
    say::step("Build the local gateway", || {
        Call::cargo(&["build", "--locked", "--quiet", "-p", "latchkey-gateway"]).run()
    })?;
    Ok(project::target_dir()?.join("debug").join(format!("latchkey-gateway{}", std::env::consts::EXE_SUFFIX)))
}
