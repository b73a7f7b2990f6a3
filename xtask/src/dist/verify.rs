//! `cargo xtask dist --verify`: the same commit, built once more elsewhere, gives the same bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};

use super::{CONFIG, kept, place};
use crate::process::Call;
use crate::{project, say};

/// Builds the commit a second time, in a checkout, a target folder and a result folder of its own, and compares.
///
/// # Errors
/// If there are changes that are in no commit, the second build fails, or a file differs: the message names all of them.
pub(super) fn against_another_build(dir: &Path) -> Result<()> {
    let changed = Call::new("git", &["status", "--porcelain", "--untracked-files=no"]).output()?;
    ensure!(
        changed.trim().is_empty(),
        "there are changes in no commit: nothing says what a second build would be of"
    );
    let other = Elsewhere::new()?;
    let source = other.0.join("checkout");
    Call::new("git", &["worktree", "add", "--detach", "--quiet"]).arg(&source).arg("HEAD").run()?;
    let result = other.0.join("result");
    say::step("Build it once more, elsewhere", || {
        Call::cargo(&["xtask", "dist"])
            .arg(&result)
            .dir(&source)
            .env("PWD", &source)
            .env("CARGO_TARGET_DIR", other.0.join("target"))
            .quiet()
    })?;
    let differing = differing(dir, &result)?;
    if !differing.is_empty() {
        bail!("two builds of one commit differ in {}", differing.join(", "));
    }
    say::line("Two builds of this commit, in two places, are the same bytes");
    Ok(())
}

/// The names of files that are in one folder alone, or have other bytes; what is the host's own aside.
fn differing(one: &Path, other: &Path) -> Result<Vec<String>> {
    let (one, other) = (contents(one)?, contents(other)?);
    let mut res: Vec<String> =
        one.iter().filter(|(name, bytes)| other.get(*name) != Some(*bytes)).map(|it| it.0.clone()).collect();
    res.extend(other.keys().filter(|it| !one.contains_key(*it)).cloned());
    Ok(res)
}

fn contents(dir: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let kept = kept::names_of_older(dir)?;
    let mut res = BTreeMap::new();
    for name in place::files_of(dir)? {
        let is_the_hosts = name == CONFIG || name == "_headers" || name == kept::FILE;
        if !is_the_hosts && !kept.contains(place::base(&name)) {
            res.insert(
                name.clone(),
                fs::read(dir.join(&name)).with_context(|| format!("cannot read {name}"))?,
            );
        }
    }
    Ok(res)
}

/// A folder that is gone afterwards, also after a failure.
struct Elsewhere(PathBuf);

impl Elsewhere {
    fn new() -> Result<Self> {
        let dir = std::env::temp_dir().join(format!("latchkey-verify-{}", std::process::id()));
        fs::create_dir_all(&dir).with_context(|| format!("cannot create {}", dir.display()))?;
        Ok(Self(dir))
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        // Nobody can be told from here; what stays is a folder among the temporary ones.
        drop(fs::remove_dir_all(&self.0));
        drop(Call::new("git", &["worktree", "prune"]).dir(&project::root()).quiet());
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn every_difference_is_named_but_the_hosts_own() {
        let dir = std::env::temp_dir().join(format!("latchkey-differing-{}", std::process::id()));
        let (one, other) = (dir.join("one"), dir.join("other"));
        for folder in [&one, &other] {
            fs::create_dir_all(folder).unwrap();
            fs::write(folder.join("index.html"), "page").unwrap();
            fs::write(folder.join("a.wasm"), "code").unwrap();
        }
        fs::write(one.join(CONFIG), "mine").unwrap();
        assert!(differing(&one, &other).unwrap().is_empty());
        fs::write(other.join("a.wasm"), "Code").unwrap();
        fs::write(other.join("b.js"), "").unwrap();
        fs::write(one.join("c.js"), "").unwrap();
        assert_eq!(differing(&one, &other).unwrap(), ["a.wasm", "c.js", "b.js"]);
        fs::remove_dir_all(dir).unwrap();
    }
}
