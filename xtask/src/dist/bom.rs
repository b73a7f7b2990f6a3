//! The bill of materials: every crate that reaches the browser, in the form of CycloneDX 1.6.
//!
//! Crates that run while the program is built (macros, build scripts, tools) are not in it: nothing of them is served. Nothing
//! in it depends on the day or the machine.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::app::release::{self, Release};
use crate::process::Call;
use crate::project;

/// Its name.
pub(super) const FILE: &str = "bom.cdx.json";

/// The packages that become the two modules.
const ROOTS: &[&str] = &["latchkey", "latchkey-xlsx"];

/// The bill of the program in the browser.
///
/// # Errors
/// If cargo does not describe the packages.
pub(super) fn of_browser_program(release: &Release) -> Result<Value> {
    let args = [
        "metadata",
        "--locked",
        "--offline",
        "--format-version=1",
        "--filter-platform=wasm32-unknown-unknown",
    ];
    let metadata: Value =
        serde_json::from_str(&Call::cargo(&args).output()?).context("cargo metadata is no JSON")?;
    let lock = fs::read_to_string(project::root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    bill(&metadata, &checksums(&lock), release).context("cargo metadata has another form")
}

/// A package that reaches the browser.
struct Package<'a> {
    name: &'a str,
    version: &'a str,
    licence: Option<String>,
    needs: BTreeSet<String>,
}

impl Package<'_> {
    fn purl(&self) -> String {
        purl(self.name, self.version)
    }
}

fn purl(name: &str, version: &str) -> String {
    format!("pkg:cargo/{name}@{}", version.replace('+', "%2B"))
}

fn bill(
    metadata: &Value,
    checksums: &BTreeMap<(String, String), String>,
    release: &Release,
) -> Option<Value> {
    let packages = reached(metadata)?;
    let mut components = Vec::new();
    let mut dependencies = Vec::new();
    for package in &packages {
        let reference = package.purl();
        let mut component = json!({
            "type": "library",
            "bom-ref": reference,
            "name": package.name,
            "version": package.version,
            "purl": reference,
        });
        let object = component.as_object_mut()?;
        if let Some(licence) = &package.licence {
            object.insert("licenses".to_owned(), json!([{ "expression": licence }]));
        }
        if let Some(hash) = checksums.get(&(package.name.to_owned(), package.version.to_owned())) {
            object.insert("hashes".to_owned(), json!([{ "alg": "SHA-256", "content": hash }]));
        }
        components.push(component);
        dependencies.push(json!({ "ref": reference, "dependsOn": package.needs }));
    }
    let is_root = |it: &&Package<'_>| ROOTS.contains(&it.name);
    let roots: BTreeSet<String> = packages.iter().filter(is_root).map(Package::purl).collect();
    let own = format!("latchkey-console@{}", env!("CARGO_PKG_VERSION"));
    dependencies.push(json!({ "ref": own, "dependsOn": roots }));
    let files = release.files.iter().map(|(name, hash)| {
        json!({ "type": "file", "bom-ref": format!("file:{name}"), "name": name, "hashes": [{ "alg": "SHA-256", "content": hash }] })
    });
    let component = json!({
        "type": "application",
        "bom-ref": own,
        "name": "latchkey-console",
        "version": env!("CARGO_PKG_VERSION"),
        "licenses": [{ "expression": env!("CARGO_PKG_LICENSE") }],
        "components": files.collect::<Vec<_>>(),
    });
    let mut res = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": component },
        "components": components,
        "dependencies": dependencies,
    });
    let serial = serial(&res.to_string());
    res.as_object_mut()?.insert("serialNumber".to_owned(), serial.into());
    Some(res)
}

/// Every package below the roots, by name and version, each once.
fn reached(metadata: &Value) -> Option<Vec<Package<'_>>> {
    let list = metadata.get("packages")?.as_array()?;
    let by_id: BTreeMap<&str, &Value> =
        list.iter().filter_map(|it| Some((it.get("id")?.as_str()?, it))).collect();
    let nodes = metadata.pointer("/resolve/nodes")?.as_array()?;
    let nodes: BTreeMap<&str, &Value> =
        nodes.iter().filter_map(|it| Some((it.get("id")?.as_str()?, it))).collect();

    let is_root = |it: &&Value| it.get("name").and_then(Value::as_str).is_some_and(|it| ROOTS.contains(&it));
    let mut open: Vec<&str> = list.iter().filter(is_root).filter_map(|it| it.get("id")?.as_str()).collect();
    let mut found: BTreeMap<(&str, &str), Package<'_>> = BTreeMap::new();
    while let Some(id) = open.pop() {
        let package = by_id.get(id)?;
        let (name, version) = (package.get("name")?.as_str()?, package.get("version")?.as_str()?);
        if found.contains_key(&(name, version)) {
            continue;
        }
        let mut needs = BTreeSet::new();
        for id in linked(nodes.get(id)?, &by_id)? {
            let needed = by_id.get(id)?;
            needs.insert(purl(needed.get("name")?.as_str()?, needed.get("version")?.as_str()?));
            open.push(id);
        }
        // Old manifests write `MIT/Apache-2.0`, which is no expression.
        let licence = package.get("license").and_then(Value::as_str).map(|it| it.replace('/', " OR "));
        found.insert((name, version), Package { name, version, licence, needs });
    }
    Some(found.into_values().collect())
}

/// What a package links: no dependency of its build or its tests, and no macro, which runs in the compiler.
fn linked<'a>(node: &'a Value, by_id: &BTreeMap<&str, &Value>) -> Option<Vec<&'a str>> {
    let mut res = Vec::new();
    for dependency in node.get("deps")?.as_array()? {
        let id = dependency.get("pkg")?.as_str()?;
        let kinds = dependency.get("dep_kinds")?.as_array()?;
        let is_linked = kinds.iter().any(|it| it.get("kind").is_some_and(Value::is_null));
        if is_linked && !is_macro(by_id.get(id)?) {
            res.push(id);
        }
    }
    Some(res)
}

fn is_macro(package: &Value) -> bool {
    let targets = package.get("targets").and_then(Value::as_array).into_iter().flatten();
    let mut kinds = targets.filter_map(|it| it.get("kind")?.as_array()).flatten();
    kinds.any(|it| it.as_str() == Some("proc-macro"))
}

/// The hashes of packages in a `Cargo.lock`, by name and version.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let mut res = BTreeMap::new();
    for block in lock.split("[[package]]").skip(1) {
        let value = |name: &str| {
            let line = block.lines().find_map(|it| it.strip_prefix(name)?.strip_prefix(" = \""))?;
            Some(line.trim_end_matches('"').to_owned())
        };
        if let (Some(name), Some(version), Some(hash)) = (value("name"), value("version"), value("checksum"))
        {
            res.insert((name, version), hash);
        }
    }
    res
}

/// A number made from the text, in the form of a name-based UUID.
fn serial(text: &str) -> String {
    let mut bytes: Vec<u8> = Sha256::digest(text).iter().take(16).copied().collect();
    for (at, keep, set) in [(6, 0x0f, 0x50), (8, 0x3f, 0x80)] {
        if let Some(byte) = bytes.get_mut(at) {
            *byte = *byte & keep | set;
        }
    }
    let digits = release::hex(&bytes);
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!("urn:uuid:{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

#[cfg(test)]
#[path = "bom_tests.rs"]
mod tests;
