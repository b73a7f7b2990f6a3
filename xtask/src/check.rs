//! `cargo xtask check`: everything that can be said about the code without running it.

use anyhow::Result;

use crate::process::Call;
use crate::{commands, project, say, tidy};

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
        let args = [
            "clippy",
            "--locked",
            "--quiet",
            "-p",
            "latchkey",
            "--all-targets",
            "--target",
            "wasm32-unknown-unknown",
        ];
        // A second configuration: what compiles but cannot work in a browser is forbidden there.
        Call::cargo(&[args.as_slice(), &["--", "-D", "warnings"]].concat())
            .env("CLIPPY_CONF_DIR", project::root().join("xtask/clippy-browser"))
            .run()
    })?;
    say::step("Documentation", || {
        Call::cargo(&["doc", "--locked", "--quiet", "--workspace", "--no-deps", "--document-private-items"])
            .env("RUSTDOCFLAGS", "-D warnings")
            .run()
    })
}
