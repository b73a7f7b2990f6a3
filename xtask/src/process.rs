//! Calling other programs.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use anyhow::{Context as _, Result, bail};

use crate::project;

static OWN: LazyLock<Option<PathBuf>> = LazyLock::new(|| std::env::current_exe().ok());

/// Notes where this program lies. To be called first: building the app runs `cargo xtask` with other flags, which puts
/// another build in its place, and from then on the system calls this one deleted.
pub(crate) fn note_own_path() {
    LazyLock::force(&OWN);
}

/// Where this program lay when it was started; by now another build of the same sources may lie there.
///
/// # Errors
/// If the system does not tell.
pub(crate) fn own_path() -> Result<&'static Path> {
    OWN.as_deref().context("the system does not tell where this program lies")
}

/// A program, its arguments and its surroundings. Starts in the workspace root.
pub(crate) struct Call {
    command: Command,
    shown: String,
}

impl Call {
    /// Prepares a call.
    pub(crate) fn new(program: impl AsRef<OsStr>, args: &[&str]) -> Self {
        let mut command = Command::new(program.as_ref());
        command.args(args).current_dir(project::root()).stdin(Stdio::null());
        let name = Path::new(program.as_ref())
            .file_name()
            .unwrap_or(program.as_ref())
            .to_string_lossy()
            .into_owned();
        let mut res = Self { command, shown: [&[name.as_str()], args].concat().join(" ") };
        // Cargo describes the xtask package to xtask; to another cargo, or a build script, that would be the wrong package.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("CARGO_PKG_") {
                res.command.env_remove(name);
            }
        }
        res.command.env_remove("CARGO_MANIFEST_DIR");
        res.command.env_remove("CARGO_MANIFEST_PATH");
        res
    }

    /// Prepares a call of the cargo that runs us.
    pub(crate) fn cargo(args: &[&str]) -> Self {
        Self::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), args)
    }

    /// Starts in `dir` instead of the workspace root.
    pub(crate) fn dir(mut self, dir: &Path) -> Self {
        self.command.current_dir(dir);
        self
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Hides an environment variable.
    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Adds an argument that may not be text.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.shown = format!("{} {}", self.shown, arg.as_ref().to_string_lossy());
        self.command.arg(arg);
        self
    }

    /// Puts folders in front of `PATH`.
    ///
    /// # Errors
    /// If a folder's name cannot be part of `PATH`.
    pub(crate) fn path(mut self, dirs: &[PathBuf]) -> Result<Self> {
        self.command.env("PATH", with_path(dirs)?);
        Ok(self)
    }

    /// Runs it with its output on our terminal.
    ///
    /// # Errors
    /// If it cannot be started or ends with a failure.
    pub(crate) fn run(mut self) -> Result<()> {
        let status = self.command.status().with_context(|| format!("cannot start `{}`", self.shown))?;
        if !status.success() {
            bail!("`{}` failed ({status})", self.shown);
        }
        Ok(())
    }

    /// Runs it silently; what it printed is part of the error if it fails.
    ///
    /// # Errors
    /// If it cannot be started or ends with a failure.
    pub(crate) fn quiet(self) -> Result<()> {
        self.output().map(|_| ())
    }

    /// Runs it and returns its standard output.
    ///
    /// # Errors
    /// If it cannot be started, ends with a failure (what it printed is in the error), or prints no UTF-8.
    pub(crate) fn output(mut self) -> Result<String> {
        let output = self.command.output().with_context(|| format!("cannot start `{}`", self.shown))?;
        if !output.status.success() {
            let (out, err) =
                (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            bail!("`{}` failed ({})\n{}\n{}", self.shown, output.status, out.trim_end(), err.trim_end());
        }
        String::from_utf8(output.stdout)
            .with_context(|| format!("`{}` printed bytes that are no text", self.shown))
    }

    /// Runs it with its output both on our terminal and returned, for a summary made afterwards.
    ///
    /// # Errors
    /// If it cannot be started. A failure of the program itself is the `bool`.
    pub(crate) fn tee(mut self) -> Result<(bool, String)> {
        use std::io::{BufRead as _, BufReader};

        self.command.stdout(Stdio::piped());
        let mut child = self.command.spawn().with_context(|| format!("cannot start `{}`", self.shown))?;
        let out = child.stdout.take().context("the child has no output")?;
        let mut text = String::new();
        for line in BufReader::new(out).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            crate::say::line(&line);
            text.push_str(&line);
            text.push('\n');
        }
        Ok((child.wait()?.success(), text))
    }

    /// Becomes the program, where the system can: its signals, its exit code and its output are then ours.
    ///
    /// # Errors
    /// If it cannot be started, or (where a process cannot be replaced) if it fails.
    pub(crate) fn become_it(mut self) -> Result<()> {
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt as _;
            Err(self.command.exec()).with_context(|| format!("cannot start `{}`", self.shown))
        }
        #[cfg(not(unix))]
        self.run()
    }
}

/// `PATH` with folders in front.
///
/// # Errors
/// If a folder's name cannot be part of `PATH`.
fn with_path(dirs: &[PathBuf]) -> Result<OsString> {
    let old = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(dirs.iter().cloned().chain(std::env::split_paths(&old)))
        .context("a folder cannot be part of PATH")
}

/// The full path of a program, looked up in `PATH`.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|it| it.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_takes_its_words_into_the_error() {
        let err = Call::new("sh", &["-c", "echo planted; exit 3"])
            .quiet()
            .err()
            .map(|it| it.to_string())
            .unwrap_or_default();
        assert!(err.contains("planted") && err.contains("exit status: 3"), "{err}");
    }

    #[test]
    fn a_missing_program_is_named() {
        let err = Call::new("latchkey-no-such-program", &[])
            .run()
            .err()
            .map(|it| it.to_string())
            .unwrap_or_default();
        assert!(err.contains("latchkey-no-such-program"), "{err}");
    }

    #[test]
    fn new_folders_stand_before_the_old_path() {
        let path = with_path(&[PathBuf::from("/a"), PathBuf::from("/b")]).unwrap_or_default();
        assert!(path.to_string_lossy().starts_with("/a:/b"), "{path:?}");
    }
}
