//! The versions, read from where they are pinned, so that no number stands twice.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

/// Trunk's version. Later ones need a newer compiler than `rust-toolchain.toml` names.
pub(crate) const TRUNK: &str = "0.21.14";

/// The versions the repository pins.
#[derive(Debug, PartialEq)]
pub(crate) struct Versions {
    /// Of `wasm-bindgen` in `Cargo.lock`: the command-line tool must match it exactly.
    pub(crate) wasm_bindgen: String,
    /// Of npm's `binaryen` in `xtask/wasm-opt/package.json`.
    pub(crate) binaryen: String,
}

impl Versions {
    /// Reads the pins of the workspace at `root`.
    ///
    /// # Errors
    /// If a file cannot be read or `Trunk.toml` asks for other versions than the pins.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let read =
            |name: &str| fs::read_to_string(root.join(name)).with_context(|| format!("cannot read {name}"));
        Self::parse(&read("Cargo.lock")?, &read("xtask/wasm-opt/package.json")?, &read("Trunk.toml")?)
    }

    fn parse(cargo_lock: &str, package_json: &str, trunk_toml: &str) -> Result<Self> {
        let package: serde_json::Value =
            serde_json::from_str(package_json).context("xtask/wasm-opt/package.json")?;
        let binaryen = package.pointer("/dependencies/binaryen").and_then(|it| it.as_str());
        let res = Self {
            wasm_bindgen: locked(cargo_lock, "wasm-bindgen").context("Cargo.lock names no wasm-bindgen")?,
            binaryen: binaryen.context("xtask/wasm-opt/package.json names no binaryen")?.to_owned(),
        };

        // Trunk takes a tool from PATH only if its version equals the one in Trunk.toml. npm's binaryen 132.0.0 calls
        // itself version_132.
        let major = res.binaryen.split('.').next().unwrap_or_default();
        for (key, expected) in
            [("wasm_bindgen", res.wasm_bindgen.clone()), ("wasm_opt", format!("version_{major}"))]
        {
            let found = value(trunk_toml, key).unwrap_or_default();
            if found != expected {
                bail!("Trunk.toml has {key} = \"{found}\", but the pinned version is \"{expected}\"");
            }
        }
        Ok(res)
    }
}

/// The version of a package in the text of a `Cargo.lock`.
fn locked(cargo_lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = cargo_lock.lines();
    lines.find(|it| *it == name)?;
    value(lines.next()?, "version")
}

/// The text between quotes of the line `key = "…"`.
fn value(toml: &str, key: &str) -> Option<String> {
    toml.lines().find_map(|line| {
        let (name, rest) = line.split_once('=')?;
        if name.trim() != key {
            return None;
        }
        rest.trim().strip_prefix('"')?.strip_suffix('"').map(str::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.126\"\n\n[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.9.9\"\n";
    const PACKAGE: &str = r#"{ "dependencies": { "binaryen": "132.0.0" } }"#;
    const TRUNK_TOML: &str = "[tools]\nwasm_bindgen = \"0.2.126\"\nwasm_opt = \"version_132\"\n";

    #[test]
    fn the_pins_are_read() {
        let expected = Versions { wasm_bindgen: "0.2.126".to_owned(), binaryen: "132.0.0".to_owned() };
        assert_eq!(Versions::parse(LOCK, PACKAGE, TRUNK_TOML).ok(), Some(expected));
    }

    #[test]
    fn a_forgotten_pin_is_an_error() {
        let err =
            |trunk_toml: &str| Versions::parse(LOCK, PACKAGE, trunk_toml).err().map(|it| it.to_string());
        assert!(err(&TRUNK_TOML.replace("0.2.126", "0.2.125")).unwrap_or_default().contains("0.2.126"));
        assert!(err(&TRUNK_TOML.replace("_132", "_131")).unwrap_or_default().contains("version_132"));
        assert!(err("").is_some());
    }

    #[test]
    fn this_repository_pins_without_contradiction() {
        let read = Versions::read(&crate::project::root());
        assert!(read.is_ok(), "{read:?}");
    }
}
