//! `cargo xtask check`: everything that can be said about the code without running it.

use anyhow::Result;

use crate::process::Call;
use crate::{commands, project, say, systems, tidy};

/// `cargo xtask check`. Quick checks first.
///
/// # Errors
/// At the first finding.
pub(crate) fn command(args: &[String]) -> Result<()> {
    commands::no_arguments(args)?;
    say::step("Tidy", tidy::check)?;
    say::step("Format", || Call::cargo(&["fmt", "--all", "--check"]).run())?;
    say::step("Clippy, native", || {
        Call::cargo(&[
            "clippy",
            "--locked",
            "--quiet",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ])
        .run()
    })?;
    say::step("Clippy, browser", || {
        // Without unit tests, which are native ones. A second configuration: what compiles but cannot work in a browser is
        // forbidden there.
        let what = ["--target", "wasm32-unknown-unknown", "-p", "latchkey", "--lib", "--bins", "--test", "*"];
        Call::cargo(
            &[&["clippy", "--locked", "--quiet"], what.as_slice(), &["--", "-D", "warnings"]].concat(),
        )
        .env("CLIPPY_CONF_DIR", project::root().join("xtask/clippy-browser"))
        .run()
    })?;
    say::step("Clippy, second module", || {
        let what = ["--target", "wasm32-unknown-unknown", "-p", "latchkey-xlsx"];
        Call::cargo(
            &[&["clippy", "--locked", "--quiet"], what.as_slice(), &["--", "-D", "warnings"]].concat(),
        )
        .env("CLIPPY_CONF_DIR", project::root().join("xtask/clippy-browser"))
        .run()
    })?;
    say::step("Documentation", || {
        Call::cargo(&["doc", "--locked", "--quiet", "--workspace", "--no-deps", "--document-private-items"])
            .env("RUSTDOCFLAGS", "-D warnings")
            .run()
    })?;
    systems::check()
}
