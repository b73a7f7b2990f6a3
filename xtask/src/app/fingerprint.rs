//! One number over everything the app is made of, so that an unchanged app is not built again.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

/// Files and folders the built app depends on. A folder counts with everything inside.
const SOURCES: &[&str] = &[
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "config.json",
    "crates",
    "index.html",
    "rust-toolchain.toml",
    "src",
    "style",
    "xtask/src/app",
    "xtask/wasm-opt/package.json",
];

/// The fingerprint of the sources under `root`, and of the version of the tool that builds them.
///
/// # Errors
/// If a file cannot be read.
pub(crate) fn of_sources(root: &Path, trunk_version: &str) -> Result<String> {
    let mut files = Vec::new();
    for source in SOURCES {
        collect(&root.join(source), &mut files)?;
    }
    files.sort();

    let mut hash = Sha256::new();
    hash.update(trunk_version);
    for file in files {
        let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let name = file.strip_prefix(root).unwrap_or(&file).to_string_lossy().into_owned();
        // Lengths keep the end of one file apart from the beginning of the next.
        hash.update(format!("\0{name}\0{}\0", bytes.len()));
        hash.update(bytes);
    }
    Ok(hash.finalize().iter().map(|it| format!("{it:02x}")).collect())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    if !path.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        collect(&entry?.path(), files)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn every_kind_of_change_changes_it() {
        let root = std::env::temp_dir().join(format!("latchkey-fingerprint-{}", std::process::id()));
        fs::create_dir_all(root.join("src/deep")).unwrap();
        fs::write(root.join("src/deep/a.rs"), "one").unwrap();
        let mut seen = vec![of_sources(&root, "1").unwrap()];
        assert_eq!(seen, [of_sources(&root, "1").unwrap()]);

        let mut changed = |what: &str, version: &str| {
            let now = of_sources(&root, version).unwrap();
            assert!(!seen.contains(&now), "{what} was not noticed");
            seen.push(now);
        };
        changed("another Trunk", "2");
        fs::write(root.join("src/deep/a.rs"), "two").unwrap();
        changed("another text", "1");
        fs::write(root.join("src/deep/b.rs"), "").unwrap();
        changed("a new file", "1");
        fs::rename(root.join("src/deep/b.rs"), root.join("src/b.rs")).unwrap();
        changed("a moved file", "1");
        fs::write(root.join("index.html"), "").unwrap();
        changed("a file at the top", "1");
        fs::remove_dir_all(root).unwrap();
    }
}
