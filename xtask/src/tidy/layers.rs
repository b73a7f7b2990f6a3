//! Who may use whom (ARCHITECTURE.md draws the same arrows).

use super::Finding;
use super::source::{File, has_word, numbered};

/// One module of `src/`.
struct Layer {
    name: &'static str,
    /// Modules of `src/` it may name, itself aside.
    uses: &'static [&'static str],
    /// Crates it may not name.
    bans: &'static [&'static str],
    /// Why.
    reason: &'static str,
}

/// What touches the browser.
const BROWSER: &[&str] = &["web_sys", "js_sys", "gloo_net", "wasm_bindgen", "wasm_bindgen_futures"];

/// What plain data knows nothing of.
const PLAIN: &[&str] = &[
    "web_sys",
    "js_sys",
    "gloo_net",
    "wasm_bindgen",
    "wasm_bindgen_futures",
    "leptos",
    "serde",
    "serde_json",
];

const LAYERS: &[Layer] = &[
    Layer {
        name: "domain",
        uses: &[],
        bans: PLAIN,
        reason: "the domain is plain data: no system, no signal, no browser, no wire format",
    },
    Layer {
        name: "table",
        uses: &["domain"],
        bans: PLAIN,
        reason: "the table of keys is pure: no system, no signal, no browser, no wire format",
    },
    Layer {
        name: "files",
        uses: &["domain", "platform"],
        bans: &["web_sys", "js_sys", "gloo_net", "wasm_bindgen", "wasm_bindgen_futures", "leptos"],
        reason: "a file is a table of cells: no key, no screen, and the browser through platform",
    },
    Layer {
        name: "platform",
        uses: &["domain"],
        bans: &["gloo_net", "serde", "qql"],
        reason: "the platform wraps the browser and knows no more of ours than plain data such as a moment in time",
    },
    Layer {
        name: "embed",
        uses: &["domain", "platform"],
        bans: &[
            "web_sys",
            "js_sys",
            "gloo_net",
            "wasm_bindgen",
            "wasm_bindgen_futures",
            "leptos",
            "serde",
            "serde_json",
        ],
        reason: "the contract with a portal is plain data and a clock that is told: no window, no signal, no screen",
    },
    Layer {
        name: "page",
        uses: &["domain", "systems"],
        bans: BROWSER,
        reason: "addresses are text: their meaning needs no browser",
    },
    Layer {
        name: "i18n",
        uses: &["domain", "platform"],
        bans: BROWSER,
        reason: "texts need plain data and the platform's Intl",
    },
    Layer {
        name: "http",
        uses: &["domain", "platform"],
        bans: &["web_sys", "js_sys", "wasm_bindgen", "wasm_bindgen_futures", "leptos"],
        reason: "the fetch wrapper knows no key system and no component",
    },
    Layer {
        name: "systems",
        uses: &["domain", "files", "http", "i18n", "platform"],
        bans: &["web_sys", "js_sys", "gloo_net", "wasm_bindgen", "wasm_bindgen_futures", "leptos"],
        reason: "a key system knows its wire format, and no component, signal or browser",
    },
    Layer {
        name: "session",
        uses: &["domain", "http", "i18n", "platform", "systems"],
        bans: BROWSER,
        reason: "the session is below the screens",
    },
    Layer {
        name: "journal",
        uses: &["domain", "files", "http", "i18n", "platform", "session", "systems"],
        bans: BROWSER,
        reason: "the journal is below the screens",
    },
    Layer {
        name: "ui",
        uses: &["i18n", "platform"],
        bans: &["serde", "serde_json", "gloo_net", "qql"],
        reason: "a widget knows no key",
    },
    Layer {
        name: "features",
        uses: &[
            "domain", "embed", "files", "http", "i18n", "journal", "page", "platform", "session", "systems",
            "table", "ui",
        ],
        bans: BROWSER,
        reason: "a screen reaches the browser through platform, and the network through systems and journal",
    },
];

/// Files that may name a crate their layer may not, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("src/http/transport.rs", "web_sys", "gloo-net's own functions take these types as arguments"),
    ("src/http/probe.rs", "web_sys", "gloo-net's own functions take these types as arguments"),
];

/// Arrows that tests alone may follow, and why.
const TESTS_MAY: &[(&str, &str, &str)] = &[(
    "systems",
    "journal",
    "a system's writes are tested as they are made: through the journal, under every fault",
)];

/// Whether a file is one of tests, by its name.
fn is_tests(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.ends_with("/testing.rs")
}

/// Calls that change something at a server, and the only folders that may make them: the journal, which orders them, and
/// the systems, which define them.
const WRITES: &[&str] = &[".create_key(", ".update_key(", ".switch_key(", ".delete_key(", ".perform("];
const WRITERS: &[&str] = &["journal", "systems"];

pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let mut res = Vec::new();
    for file in files.iter().filter(|it| it.is_rust()) {
        let Some(module) = file.inside("src").and_then(|it| it.split(['/', '.']).next()) else { continue };
        let layer = LAYERS.iter().find(|it| it.name == module);
        let mut report =
            |line: usize, reason: String| res.push(Finding { path: file.path.clone(), line, reason });
        for (line, text) in numbered(file.code()) {
            for call in WRITES.iter().filter(|it| has_word(text, it) && !WRITERS.contains(&module)) {
                report(
                    line,
                    format!(
                        "`{call}…)` outside journal: every write goes through it, so that none is lost or repeated"
                    ),
                );
            }
            let Some(layer) = layer else { continue };
            for other in LAYERS.iter().filter(|it| it.name != layer.name && !layer.uses.contains(&it.name)) {
                let in_tests = is_tests(&file.path)
                    && TESTS_MAY.iter().any(|(from, to, _)| *from == layer.name && *to == other.name);
                if names_module(text, other.name) && !in_tests {
                    report(
                        line,
                        format!(
                            "{} uses {}, an arrow that is not drawn: {}",
                            layer.name, other.name, layer.reason
                        ),
                    );
                }
            }
            for name in layer.bans.iter().filter(|it| names_crate(text, it) && !is_exception(&file.path, it))
            {
                report(line, format!("{} uses {name}: {}", layer.name, layer.reason));
            }
        }
    }
    res
}

/// Whether a line says `crate::name`, or lists the name in `use crate::{…}`.
fn names_module(line: &str, name: &str) -> bool {
    if has_word(line, &format!("crate::{name}")) {
        return true;
    }
    let Some((_, list)) = line.split_once("use crate::{") else { return false };
    // Only names at the start of an entry: `{http::Wire, page}` lists http and page.
    let mut depth = 0_u32;
    list.split_inclusive([',', '{', '}']).any(|entry| {
        let first = entry.trim().split(|it: char| !it.is_alphanumeric() && it != '_').next();
        let hit = depth == 0 && first == Some(name);
        match entry.chars().next_back() {
            Some('{') => depth += 1,
            Some('}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        hit
    })
}

fn is_exception(path: &str, name: &str) -> bool {
    EXCEPTIONS.iter().any(|(file, known, _)| *file == path && *known == name)
}

/// Whether a line names a crate: `name::` or `use name`.
fn names_crate(line: &str, name: &str) -> bool {
    has_word(line, &format!("{name}::")) || has_word(line, &format!("use {name}"))
}

#[cfg(test)]
mod tests {
    use super::super::found;
    use super::*;

    #[test]
    fn the_arrows_make_no_circle() {
        // In an order where each may only use earlier ones, all layers find a place.
        let mut placed: Vec<&str> = Vec::new();
        while placed.len() < LAYERS.len() {
            let next = LAYERS
                .iter()
                .find(|it| !placed.contains(&it.name) && it.uses.iter().all(|used| placed.contains(used)));
            let next = next.unwrap_or_else(|| {
                panic!("a circle, or an arrow to a layer without a line, beside {placed:?}")
            });
            placed.push(next.name);
        }
    }

    #[test]
    fn tests_of_a_system_may_write_through_the_journal() {
        check_one("src/systems/toy/tests.rs", "use crate::journal::Journal;", 0);
        check_one("src/systems/toy/calls.rs", "use crate::journal::Journal;", 1);
        check_one("src/domain/tests.rs", "use crate::journal::Journal;", 1);
    }

    #[track_caller]
    fn check_one(path: &str, text: &str, findings: usize) {
        assert_eq!(found(check, &[(path, text)]).len(), findings, "{path}: {text}");
    }

    #[test]
    fn an_arrow_that_is_not_drawn_is_found() {
        assert_eq!(
            found(check, &[("src/ui/x.rs", "//! x\nuse crate::domain::key::Key;\n")]),
            ["src/ui/x.rs:2"]
        );
        check_one("src/domain/x.rs", "fn f() { crate::features::go() }", 1);
        check_one("src/systems/x.rs", "use crate::{domain::Key, session};", 1);
        check_one("src/http/mod.rs", "use crate::{platform::{clock, session}};", 0);
        check_one("src/http/mod.rs", "use crate::{platform::{clock, dom}, session};", 1);
        check_one("src/page.rs", "use crate::features::x;", 1);
        check_one("src/features/x.rs", "use crate::{domain, ui, journal, session, systems, i18n};", 0);
        check_one("src/ui/x.rs", "/// See `crate::domain`.", 0);
        check_one("src/app.rs", "use crate::{features, platform};", 0);
    }

    #[test]
    fn a_crate_that_a_layer_must_not_know_is_found() {
        check_one("src/domain/x.rs", "use leptos::prelude::*;", 1);
        check_one("src/table/x.rs", "#[derive(serde::Serialize)]", 1);
        check_one("src/features/x.rs", "let w = web_sys::window();", 1);
        check_one("src/http/x.rs", "use gloo_net::http::Request;", 0);
        check_one("src/http/x.rs", "use web_sys::AbortSignal;", 1);
        check_one("src/http/transport.rs", "use web_sys::AbortSignal;", 0);
        check_one("src/http/transport.rs", "use leptos::prelude::*;", 1);
        check_one("src/systems/x.rs", "use gloo_net::http::Request;", 1);
        check_one("src/systems/x.rs", "use leptos::prelude::*;", 1);
        check_one("src/platform/x.rs", "use web_sys::Window;", 0);
    }

    #[test]
    fn a_write_outside_the_journal_is_found() {
        check_one("src/features/create.rs", "client.create_key(draft).await", 1);
        check_one("src/app.rs", "client.delete_key(id).await", 1);
        check_one("src/journal/x.rs", "client.create_key(draft).await", 0);
    }
}
