//! `docs/systems.md`, which is written from the manifests of the key systems.

use anyhow::Result;

use crate::process::Call;
use crate::{commands, say};

/// The test that knows the page: it compares, or writes when it is told to.
const TEST: &[&str] = &["test", "--locked", "--quiet", "-p", "latchkey", "--lib", "systems::page::"];

/// `cargo xtask systems`: writes the page.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn write(args: &[String]) -> Result<()> {
    commands::no_arguments(args)?;
    say::step("Page about the systems", || Call::cargo(TEST).env("LATCHKEY_WRITE_SYSTEMS", "1").run())
}

/// Compares the page with the manifests.
///
/// # Errors
/// If they disagree.
pub(crate) fn check() -> Result<()> {
    say::step("Page about the systems", || Call::cargo(TEST).run())
}
