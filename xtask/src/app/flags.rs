//! How the compiler is called for a release.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::process::Call;
use crate::project;

/// All flags, in the form of cargo's `CARGO_ENCODED_RUSTFLAGS`, in which a path may hold blanks.
///
/// # Errors
/// If the compiler does not say what it is, or where cargo keeps its sources is unknown.
pub(super) fn encoded() -> Result<String> {
    // Erased view types share their code: docs/decisions/0005-size.md has the measurements.
    let mut res = vec!["--cfg=erase_components".to_owned()];
    res.extend(renamed()?.iter().map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display())));
    Ok(res.join("\u{1f}"))
}

/// Folders of this machine, and what the program calls them instead: where a panic came from is part of the program, and
/// two builds of one commit are to be the same bytes wherever they were made. The last one that fits wins.
fn renamed() -> Result<Vec<(PathBuf, String)>> {
    let about = Call::new("rustc", &["-vV"]).output()?;
    let commit =
        about.lines().find_map(|it| it.strip_prefix("commit-hash: ")).context("rustc has no commit")?;
    let sysroot = Call::new("rustc", &["--print", "sysroot"]).output()?;
    let mut res =
        vec![(project::root(), "/latchkey".to_owned()), (project::target_dir()?, "/target".to_owned())];
    // The names that these sources have where they are not installed.
    res.push((Path::new(sysroot.trim()).join("lib/rustlib/src/rust"), format!("/rustc/{commit}")));
    for registry in registries()? {
        res.push((registry, "/crates".to_owned()));
    }
    Ok(res)
}

/// The folders cargo unpacks crates into, one a registry.
fn registries() -> Result<Vec<PathBuf>> {
    let set = |name: &str| std::env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    let home = set("CARGO_HOME")
        .or_else(|| Some(set("HOME")?.join(".cargo")))
        .context("neither CARGO_HOME nor HOME is set")?;
    let dir = home.join("registry/src");
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let mut res = Vec::new();
    for entry in fs::read_dir(&dir).with_context(|| format!("cannot read {}", dir.display()))? {
        res.push(entry?.path());
    }
    res.sort();
    Ok(res)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn no_folder_of_this_machine_stays_in_the_program() {
        let flags = encoded().unwrap();
        let all: Vec<&str> = flags.split('\u{1f}').collect();
        assert_eq!(all.first(), Some(&"--cfg=erase_components"));
        for folder in [project::root(), project::target_dir().unwrap()] {
            let start = format!("--remap-path-prefix={}=/", folder.display());
            assert!(all.iter().any(|it| it.starts_with(&start)), "{start}\n{all:?}");
        }
        assert!(all.iter().any(|it| it.contains("lib/rustlib/src/rust=/rustc/")), "{all:?}");
    }
}
