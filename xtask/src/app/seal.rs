//! The last touch on Trunk's output, before Trunk puts it in place.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};

use super::{release, second, sinks};
use crate::commands;

/// `cargo xtask seal`, called by Trunk after a build.
///
/// # Errors
/// If Trunk did not call it, or its output looks different from what is expected.
pub(crate) fn command(args: &[String]) -> Result<()> {
    commands::no_arguments(args)?;
    let dir = std::env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from).context("only Trunk calls this")?;
    let file = dir.join("index.html");
    let html = seal(&fs::read_to_string(&file)?)?;
    let html = with_size(&html, |name| Ok(fs::metadata(dir.join(name))?.len()))?;
    let is_release = std::env::var_os("TRUNK_PROFILE").is_some_and(|it| it == "release");
    let meta = second::add(&dir, is_release)?;
    let html = with_policy(&beside_wasm(&html, &meta)?)?;
    fs::write(&file, &html)?;
    sinks::check(&dir)?;
    if is_release {
        // A build for development is no release: the console does not look for a newer one.
        let release = release::of(&dir)?;
        fs::write(&file, beside_wasm(&html, &release.meta())?)?;
        fs::write(dir.join(release::FILE), release.text())?;
    }
    Ok(())
}

/// Puts the whole policy where the source of the page has its beginning.
fn with_policy(html: &str) -> Result<String> {
    let policy = ::hosting::meta_policy();
    ensure!(html.matches(POLICY).count() == 1, "index.html has no place for the security policy");
    ensure!(
        policy.starts_with(POLICY) && !policy.contains('"'),
        "the security policy does not fit its place"
    );
    Ok(html.replacen(&["\"", POLICY, "\""].concat(), &["\"", &policy, "\""].concat(), 1))
}

/// What the source of the page has of the policy: all that a page which was never sealed may do.
const POLICY: &str = "default-src 'none'";

/// Names the size of the WebAssembly in its preload link. A server that compresses says another one, and without it
/// nobody could tell how far a download is.
fn with_size(html: &str, size_of: impl Fn(&str) -> Result<u64>) -> Result<String> {
    let (before, after) = html.split_once("_bg.wasm").context("index.html has no link of the WebAssembly")?;
    let stem = before.rsplit(['/', '"', '=']).next().unwrap_or_default();
    let size = size_of(&[stem, "_bg.wasm"].concat())?;
    let mut page = [before, "_bg.wasm", after].concat();
    let link = page.find(" data-integrity=").context("the link of the WebAssembly has no hash")?;
    page.insert_str(link, &format!(" data-size=\"{size}\""));
    Ok(page)
}

/// Puts an element behind the preload link of the WebAssembly, which is in the head, however the page was shortened.
fn beside_wasm(html: &str, element: &str) -> Result<String> {
    let link = html.find("application/wasm").context("index.html has no link of the WebAssembly")?;
    let (before, after) = html.split_at_checked(link).unwrap_or_default();
    let (rest, after) = after.split_once('>').context("the link of the WebAssembly has no end")?;
    Ok([before, rest, ">", element, after].concat())
}

/// Moves the hash of the WebAssembly from `integrity` to `data-integrity` of its preload link. Browsers ignore it on
/// such a link, with a warning on every visit; `src/boot.js` reads it from there and enforces it.
fn seal(html: &str) -> Result<String> {
    let mut links = 0;
    let parts: Vec<String> = html
        .split_inclusive('>')
        .map(|part| {
            if !part.contains("application/wasm") {
                return part.to_owned();
            }
            links += 1;
            part.replacen(" integrity=", " data-integrity=", 1)
        })
        .collect();
    let res = parts.concat();
    ensure!(links == 1, "index.html has {links} links of type application/wasm, expected one");
    ensure!(res.contains("data-integrity="), "Trunk wrote no hash of the WebAssembly");
    Ok(res)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A policy that comes after something was loaded does not hold for it.
    #[test]
    fn the_page_carries_the_policy_before_anything_else() {
        let page = include_str!("../../../index.html");
        let sealed = with_policy(page).unwrap_or_default();
        let start = "http-equiv=\"Content-Security-Policy\" content=\"";
        let (before, rest) = sealed.split_once(start).unwrap_or_default();
        assert!(
            !before.contains("<link") && !before.contains("<script") && !before.contains("<base"),
            "{before}"
        );
        assert_eq!(rest.split('"').next(), Some(::hosting::meta_policy().as_str()));
        assert!(::hosting::policy(&::hosting::Site::default()).starts_with(&::hosting::meta_policy()));
        assert!(with_policy(&sealed.replace("default-src", "img-src")).is_err());
    }

    const GLUE: &str = "<link rel=modulepreload href=a.js integrity=sha384-AA>";
    const WASM: &str = "<link as=fetch href=a.wasm integrity=sha384-BB== rel=preload type=application/wasm>";

    #[test]
    fn only_the_hash_of_the_wasm_moves() {
        let sealed = seal(&format!("{GLUE}{WASM}<p>text")).unwrap_or_default();
        assert_eq!(sealed, format!("{GLUE}{}<p>text", WASM.replace(" integrity", " data-integrity")));
    }

    #[test]
    fn an_element_goes_behind_the_link_of_the_wasm() {
        let page = format!("{GLUE}{WASM}<body>");
        assert_eq!(beside_wasm(&page, "<meta>").unwrap_or_default(), format!("{GLUE}{WASM}<meta><body>"));
        assert!(beside_wasm(GLUE, "<meta>").is_err());
    }

    #[test]
    fn the_page_says_how_large_the_wasm_is() {
        let page = GLUE.to_owned()
            + &WASM.replace("a.wasm", "./app-1f_bg.wasm").replace(" integrity", " data-integrity");
        let sized =
            with_size(&page, |name| Ok(if name == "app-1f_bg.wasm" { 4711 } else { 0 })).unwrap_or_default();
        assert_eq!(sized, page.replacen(" data-integrity", " data-size=\"4711\" data-integrity", 1));
        assert!(with_size(GLUE, |_| Ok(1)).is_err());
    }

    #[test]
    fn a_page_without_a_hash_is_refused() {
        assert!(seal(GLUE).is_err());
        assert!(seal(&WASM.replace(" integrity=sha384-BB==", "")).is_err());
        assert!(seal(&format!("{WASM}{WASM}")).is_err());
    }
}
