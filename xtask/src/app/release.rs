//! What a release is called, and what it is made of.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// The file that says it, beside the page. A console that is open asks for it to notice a newer release.
pub(crate) const FILE: &str = "release.json";

/// A built console.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Release {
    /// Its name: changes with its version and with every byte of it.
    pub(crate) id: String,
    /// The hashes of its files (SHA-256, hexadecimal), by name; what differs from host to host is not among them.
    pub(crate) files: BTreeMap<String, String>,
}

/// The release in a folder. Its page must not name it yet.
///
/// # Errors
/// If a file cannot be read.
pub(crate) fn of(dir: &Path) -> Result<Release> {
    let files = hashes(dir)?;
    let mut all = Sha256::new();
    all.update(env!("CARGO_PKG_VERSION"));
    for (name, hash) in &files {
        all.update(format!("\0{name}\0{hash}"));
    }
    let id = hex(&all.finalize()).chars().take(16).collect();
    Ok(Release { id, files })
}

/// The release in the folder of a built app, by the name it was sealed with.
///
/// # Errors
/// If a file cannot be read, or names none: then it was built for development.
pub(crate) fn of_sealed(dir: &Path) -> Result<Release> {
    let text = fs::read_to_string(dir.join(FILE)).with_context(|| format!("the built app has no {FILE}"))?;
    let value: Value = serde_json::from_str(&text).with_context(|| format!("{FILE} is no JSON"))?;
    let id =
        value.get("release").and_then(Value::as_str).with_context(|| format!("{FILE} names no release"))?;
    Ok(Release { id: id.to_owned(), files: hashes(dir)? })
}

/// The hashes of the files of a release in a folder: not those that say how it is served or that are made from others.
///
/// # Errors
/// If a file cannot be read.
pub(crate) fn hashes(dir: &Path) -> Result<BTreeMap<String, String>> {
    let mut res = BTreeMap::new();
    for entry in fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // By their type and not by their hash: one that begins with many zeros is too short to be known as one.
        let is_part = [".css", ".html", ".js", ".wasm"].iter().any(|it| name.ends_with(it));
        if is_part && entry.path().is_file() {
            let bytes = fs::read(entry.path()).with_context(|| format!("cannot read {name}"))?;
            res.insert(name, hex(&Sha256::digest(bytes)));
        }
    }
    Ok(res)
}

impl Release {
    /// The element of the page that names it.
    pub(super) fn meta(&self) -> String {
        format!("<meta name=\"latchkey-release\" content=\"{}\">", self.id)
    }

    /// The text of [`FILE`].
    pub(super) fn text(&self) -> String {
        text(&self.value())
    }

    fn value(&self) -> Value {
        json!({ "release": self.id, "version": env!("CARGO_PKG_VERSION") })
    }
}

/// JSON with a line feed at its end.
pub(crate) fn text(value: &Value) -> String {
    format!("{value:#}\n")
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn its_name_changes_with_its_files_and_with_nothing_else() {
        let dir = std::env::temp_dir().join(format!("latchkey-release-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let write = |name: &str, text: &str| fs::write(dir.join(name), text).unwrap();
        write("index.html", "page");
        write("latchkey-0123456789abcdef.js", "code");
        let first = of(&dir).unwrap();
        write("config.json", "mine");
        write("index.html.br", "packed");
        write("release.json", "{}");
        assert_eq!(of(&dir).unwrap(), first);
        write("latchkey-0123456789abcdef.js", "other code");
        let second = of(&dir).unwrap();
        assert_ne!(second.id, first.id);
        write("index.html", "other page");
        assert_ne!(of(&dir).unwrap().id, second.id);
        assert!(first.meta().contains(&first.id) && first.text().contains(&first.id));
        fs::remove_dir_all(dir).unwrap();
    }
}
