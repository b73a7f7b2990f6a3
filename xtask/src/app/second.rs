//! The second WebAssembly module (`crates/xlsx`) and its worker, put beside the app under names that change with their
//! bytes. The page names them in a `meta` element, which browsers load nothing for; `src/platform/module.rs` reads it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256, Sha384};

use crate::process::{self, Call};
use crate::project;

/// Builds the module as the app was built, and writes it and its worker into `dir`.
///
/// # Errors
/// If it does not build, or a file cannot be written.
pub(super) fn add(dir: &Path, is_release: bool) -> Result<String> {
    let built = build(is_release)?;
    let module = fs::read(&built).with_context(|| format!("cannot read {}", built.display()))?;
    let worker = fs::read(project::root().join("src/worker.js"))?;
    let (module_name, worker_name) = (hashed("xlsx", "wasm", &module), hashed("worker", "js", &worker));
    fs::write(dir.join(&module_name), &module)?;
    fs::write(dir.join(&worker_name), &worker)?;
    Ok(meta(&module_name, &worker_name, &module))
}

/// The element of the page.
fn meta(module_name: &str, worker_name: &str, module: &[u8]) -> String {
    let integrity = base64(&Sha384::digest(module));
    format!(
        "<meta name=\"latchkey-xlsx\" data-module=\"./{module_name}\" data-worker=\"./{worker_name}\" data-integrity=\"sha384-{integrity}\">"
    )
}

fn build(is_release: bool) -> Result<PathBuf> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let profile = if is_release { "release" } else { "dev" };
    let args = ["build", "--locked", "--offline", "--quiet", "-p", "latchkey-xlsx", "--target", TARGET];
    Call::cargo(&args).arg("--profile").arg(profile).run().context("the second module does not build")?;
    let folder = if is_release { "release" } else { "debug" };
    let built = project::target_dir()?.join(TARGET).join(folder).join("latchkey_xlsx.wasm");
    // As Trunk does for the first module; its path has the pinned tool.
    if !is_release || process::find("wasm-opt").is_none() {
        return Ok(built);
    }
    let small = built.with_extension("small.wasm");
    Call::new("wasm-opt", &["-Oz", "--strip-debug", "--strip-producers"])
        .arg(&built)
        .arg("-o")
        .arg(&small)
        .run()?;
    Ok(small)
}

/// A name with a hash of the bytes in it, which a server may let browsers keep for ever.
fn hashed(name: &str, extension: &str, bytes: &[u8]) -> String {
    let hash: String = Sha256::digest(bytes).iter().take(8).map(|it| format!("{it:02x}")).collect();
    format!("{name}-{hash}.{extension}")
}

/// Bytes in base64, as `integrity` has them.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut res = String::new();
    for chunk in bytes.chunks(3) {
        let all = chunk.iter().chain([&0, &0]).take(3).fold(0_usize, |all, it| all << 8 | usize::from(*it));
        for nth in 0..4 {
            let letter = LETTERS.get(all >> (18 - 6 * nth) & 63).copied().unwrap_or(b'=');
            res.push(if nth <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_everybody() {
        for (text, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("\u{ff}~~", "w79+fg=="),
        ] {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }

    #[test]
    fn the_page_names_the_files_where_browsers_load_nothing() {
        let meta = meta("xlsx-1.wasm", "worker-2.js", b"abc");
        assert!(!meta.contains("href") && !meta.contains("src="), "{meta}");
        // What `openssl dgst -sha384 -binary | base64` says of "abc".
        assert!(
            meta.contains("sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn"),
            "{meta}"
        );
        assert_ne!(hashed("a", "js", b"1"), hashed("a", "js", b"2"));
    }
}
