//! Proof that nothing in the app can turn a text into markup or code.
//!
//! The page's security policy demands Trusted Types, and its one policy makes no markup. Leptos does: `view!` writes
//! an element whose content and attributes are all literals as a text for `innerHTML`. So no view of ours has one, and
//! that is proved where nothing can hide: in the glue, which imports what the program calls, and nothing else.
//!
//! A release, whose views are erased, keeps one import of `innerHTML`: code of tachys for a list of attributes that
//! changes, which empties an element that had an `inner_html` before. No view of ours has one (`tidy` refuses it), and
//! to make an element of a text tachys must reach into a template (`dom.rs`, `create_element_from_html`): where the glue
//! imports neither the content of a template nor the first element in one, it cannot.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};

/// What takes a text as markup or code, as the glue would write it.
const SINKS: &[&str] = &[
    ".innerHTML",
    ".outerHTML",
    ".insertAdjacentHTML(",
    ".setHTMLUnsafe(",
    ".parseFromString(",
    ".parseHTMLUnsafe(",
    ".createContextualFragment(",
    ".srcdoc",
    "document.write",
    "eval(",
    "new Function(",
    "Function(getStringFromWasm",
];

/// Looks through every script in `dir`.
///
/// # Errors
/// If one calls a sink, or there is none to look at.
pub(super) fn check(dir: &Path) -> Result<()> {
    let mut scripts = 0;
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_none_or(|it| it != "js") {
            continue;
        }
        scripts += 1;
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if let Some(sink) = found(&text) {
            bail!(
                "{} calls `{sink}`, which the page's security policy forbids. If a `view!` is to blame: an element in it \
                 has literals alone; put one of them in braces, as in `<kbd>{{\"F8\"}}</kbd>` or `class={{\"line\"}}`",
                path.display()
            );
        }
    }
    // The boot module, the worker and the glue.
    ensure!(scripts >= 3, "expected three scripts in {}, found {scripts}", dir.display());
    Ok(())
}

fn found(script: &str) -> Option<&'static str> {
    SINKS.iter().find(|it| script.contains(**it) && !(**it == MARKUP && only_empties(script))).copied()
}

/// The one sink that a release still imports.
const MARKUP: &str = ".innerHTML";

/// What making an element of a text needs beside it.
const TEMPLATES: &[&str] =
    &[".content;", ".firstElementChild", "createElement('template')", "createElement(\"template\")"];

/// Whether a script is glue that sets markup at one place, and cannot get at what came of it.
fn only_empties(script: &str) -> bool {
    let is_glue = script.contains("getStringFromWasm");
    is_glue && script.matches(MARKUP).count() == 1 && !TEMPLATES.iter().any(|it| script.contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sink_is_found_and_plain_glue_is_not() {
        for planted in [
            "__wbg_set_innerHTML_1: function(a, b, c) { a.innerHTML = getStringFromWasm0(b, c); }, \
             __wbg_content_1: function(a) { const ret = a.content; return ret; }",
            "a.innerHTML = getStringFromWasm0(b, c); const ret = a.firstElementChild;",
            "a.innerHTML = getStringFromWasm0(b, c); d.innerHTML = getStringFromWasm0(e, f);",
            "a.innerHTML = text;",
            "a.insertAdjacentHTML(b, c)",
            "return eval(getStringFromWasm0(a, b))",
            "const ret = new Function(getStringFromWasm0(arg0, arg1));",
            "document.write(text)",
        ] {
            assert!(found(planted).is_some(), "{planted}");
        }
        assert_eq!(
            found("__wbg_set_innerHTML_1: function(a, b, c) { a.innerHTML = getStringFromWasm0(b, c); }"),
            None
        );
        assert_eq!(found("a.textContent = getStringFromWasm0(b, c); a.append(b); f.evaluate(x)"), None);
    }

    #[test]
    fn scripts_of_a_release_are_looked_at() {
        let boot = include_str!("../../../src/boot.js");
        let worker = include_str!("../../../src/worker.js");
        assert_eq!((found(boot), found(worker)), (None, None));
    }
}
