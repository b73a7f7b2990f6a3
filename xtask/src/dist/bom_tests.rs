#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use super::*;

fn release() -> Release {
    let files = [("index.html".to_owned(), "00".repeat(32))].into_iter().collect();
    Release { id: "0123456789abcdef".to_owned(), files }
}

/// The rules of the form that a reader stumbles over, checked one by one.
#[test]
fn the_bill_of_this_program_keeps_the_rules_of_its_form() {
    let bill = of_browser_program(&release()).unwrap();
    assert_eq!((bill["bomFormat"].as_str(), bill["specVersion"].as_str()), (Some("CycloneDX"), Some("1.6")));
    let serial = bill["serialNumber"].as_str().unwrap().strip_prefix("urn:uuid:").unwrap().to_owned();
    let lengths: Vec<usize> = serial.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12]);
    assert!(
        serial.chars().all(|it| it == '-' || it.is_ascii_digit() || ('a'..='f').contains(&it)),
        "{serial}"
    );

    let components = bill["components"].as_array().unwrap();
    let mut references = BTreeSet::new();
    for component in components {
        let (name, reference) = (component["name"].as_str().unwrap(), component["bom-ref"].as_str().unwrap());
        assert!(references.insert(reference), "{reference} stands twice");
        assert_eq!(component["type"], "library", "{name}");
        assert_eq!(component["purl"], component["bom-ref"], "{name}");
        let is_ours = name.starts_with("latchkey");
        assert!(
            component["licenses"][0]["expression"].as_str().is_some_and(|it| !it.contains('/')),
            "{name}"
        );
        let hash = component["hashes"][0]["content"].as_str();
        assert!(is_ours || hash.is_some_and(|it| it.len() == 64), "{name} has no hash");
    }
    let own = bill["metadata"]["component"]["bom-ref"].as_str().unwrap();
    references.insert(own);
    let dependencies = bill["dependencies"].as_array().unwrap();
    assert_eq!(dependencies.len(), references.len());
    for dependency in dependencies {
        assert!(references.contains(dependency["ref"].as_str().unwrap()), "{dependency}");
        for needed in dependency["dependsOn"].as_array().unwrap() {
            assert!(references.contains(needed.as_str().unwrap()), "{dependency}");
        }
    }
}

#[test]
fn it_holds_what_is_served_and_nothing_else() {
    let bill = of_browser_program(&release()).unwrap();
    let names: BTreeSet<&str> =
        bill["components"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    for name in
        ["latchkey", "latchkey-qql", "latchkey-xlsx", "leptos", "wasm-bindgen", "calamine", "serde_json"]
    {
        assert!(names.contains(name), "{name} is missing");
    }
    for name in
        ["xtask", "latchkey-gateway", "axum", "rusqlite", "proptest", "wasm-bindgen-test", "leptos_macro"]
    {
        assert!(!names.contains(name), "{name} reaches no browser");
    }
}

#[test]
fn it_is_the_same_every_time() {
    let first = of_browser_program(&release()).unwrap();
    assert_eq!(first, of_browser_program(&release()).unwrap());
    let other = Release { files: BTreeMap::new(), ..release() };
    assert_ne!(first["serialNumber"], of_browser_program(&other).unwrap()["serialNumber"]);
}

#[test]
fn hashes_come_from_the_lock_file() {
    let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"x\"\nchecksum = \"ab\"\n\n\
                [[package]]\nname = \"b\"\nversion = \"2.0.0\"\ndependencies = [\n \"a\",\n]\n";
    let found = checksums(lock);
    assert_eq!(found.len(), 1);
    assert_eq!(found.get(&("a".to_owned(), "1.0.0".to_owned())).map(String::as_str), Some("ab"));
}
