//! Words that must not stand in certain files.

use super::Finding;
use super::source::{File, has_word, numbered};

/// Which text of a file a ban looks at.
enum In {
    /// All of it.
    Text,
    /// All of it up to the first unit test, which may name what is refused.
    Product,
    /// Without comments and the insides of strings.
    Code,
}

struct Ban {
    /// The words, each as a whole.
    words: &'static [&'static str],
    view: In,
    /// Beginnings of the paths it holds for.
    paths: &'static [&'static str],
    /// Ends of the paths it holds for.
    types: &'static [&'static str],
    reason: &'static str,
}

/// Files that may hold a word all the same, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("src/platform/storage.rs", "local_storage", "the wrapper itself"),
    ("src/platform/storage.rs", "SharedStorage", "the wrapper itself"),
    (
        "src/features/saved_queries/store.rs",
        "SharedStorage",
        "keeps saved queries, from which key values are removed",
    ),
    (
        "src/features/key_list/layout/store.rs",
        "SharedStorage",
        "keeps how lists look: names of fields, widths and sizes",
    ),
    ("src/ui/reactive.rs", "Effect::new(", "the wrapper itself"),
    ("src/ui/reactive.rs", "Memo::new(", "the wrapper itself"),
];

/// Where words that a rule forbids stand as data.
const THIS_PROGRAM: &str = "xtask/src/tidy/";

const BANS: &[Ban] = &[
    Ban {
        words: &[
            "inner_html",
            "set_inner_html",
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write(",
        ],
        view: In::Code,
        paths: &["src/", "deploy/"],
        types: &[".rs", ".js"],
        reason: "turns text into markup; build views from elements",
    },
    Ban {
        words: &["style=\"", "style=format!", "style=move"],
        view: In::Code,
        paths: &["src/"],
        types: &[".rs"],
        reason: "the page's policy ignores style attributes; use a class or `style:property=`",
    },
    Ban {
        words: &["style=\"", "<style", "onclick=", "onload=", "onerror="],
        view: In::Text,
        paths: &["index.html", "deploy/"],
        types: &[".html"],
        reason: "the page's policy allows no inline style or handler",
    },
    Ban {
        words: &["javascript:"],
        view: In::Product,
        paths: &["src/", "index.html"],
        types: &[".rs", ".js", ".html"],
        reason: "code in an address",
    },
    Ban {
        words: &["eval(", "new Function("],
        view: In::Code,
        paths: &["src/", "deploy/"],
        types: &[".rs", ".js"],
        reason: "code from text, which the page's policy forbids",
    },
    Ban {
        words: &["localStorage", "local_storage", "SharedStorage"],
        view: In::Code,
        paths: &["src/"],
        types: &[".rs", ".js"],
        reason: "outlives the session: saved queries, without key values, and how lists look are kept there, and nothing else; the token lives in session storage",
    },
    Ban {
        words: &["alert_with_message", "confirm_with_message", "prompt_with_message"],
        view: In::Code,
        paths: &["src/"],
        types: &[".rs"],
        reason: "in-page dialogs only: a sandboxed frame shows none",
    },
    Ban {
        words: &["Effect::new(", "Memo::new("],
        view: In::Code,
        paths: &["src/"],
        types: &[".rs"],
        reason: "makes its code anew for each closure; use `effect` and `memo` of `ui::reactive`",
    },
    Ban {
        words: &["fill=\"#", "stroke=\"#", "fill=\"rgb", "stroke=\"rgb"],
        view: In::Text,
        paths: &["src/", "index.html"],
        types: &[".rs", ".html"],
        reason: "a colour outside style/tokens.css knows no dark scheme; use `currentColor` or a class",
    },
    Ban {
        words: &["TODO", "FIXME", "XXX", "HACK"],
        view: In::Text,
        paths: &[""],
        types: &[".rs", ".js", ".mjs", ".ts", ".css", ".html", ".toml", ".md"],
        reason: "do it now or write an issue",
    },
    Ban {
        words: &[
            "#[ignore",
            "test.skip(",
            "test.only(",
            "test.fixme(",
            "describe.only(",
            "describe.skip(",
            "waitForTimeout(",
        ],
        view: In::Code,
        paths: &["src/", "tests/", "crates/", "gateway/", "xtask/"],
        types: &[".rs", ".js", ".mjs", ".ts"],
        reason: "a test that does not run, or waits for time instead of a state, proves nothing",
    },
    Ban {
        words: &["#[allow(", "#![allow("],
        view: In::Code,
        paths: &["src/", "tests/", "crates/", "gateway/", "xtask/"],
        types: &[".rs"],
        reason: "`#[expect(…, reason = \"…\")]` instead: it says why, and warns once it is no longer needed",
    },
    Ban {
        words: &["/root/", "/work/"],
        view: In::Text,
        paths: &[""],
        types: &[""],
        reason: "a path of one machine",
    },
];

/// Hosts of package registries, in two parts so that no file names one, this one included. Cargo writes its index into
/// its own lock file, and nowhere else.
const REGISTRIES: &[(&str, &str)] = &[
    ("crates", "io"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("yarnpkg", "com"),
    ("pypi", "org"),
    ("pythonhosted", "org"),
];

pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let mut res = Vec::new();
    for file in files.iter().filter(|it| !it.path.starts_with(THIS_PROGRAM)) {
        for ban in BANS {
            let covers = ban.paths.iter().any(|it| file.path.starts_with(it))
                && ban.types.iter().any(|it| file.path.ends_with(it));
            if !covers {
                continue;
            }
            let text = match ban.view {
                In::Code => file.code(),
                In::Text => &file.text,
                In::Product => file.text.split("#[cfg(test)]").next().unwrap_or_default(),
            };
            for (line, text) in numbered(text) {
                let is_allowed =
                    |word: &str| EXCEPTIONS.iter().any(|(path, it, _)| *path == file.path && *it == word);
                for word in ban.words.iter().filter(|it| has_word(text, it) && !is_allowed(it)) {
                    res.push(Finding {
                        path: file.path.clone(),
                        line,
                        reason: format!("`{word}`: {}", ban.reason),
                    });
                }
            }
        }
    }
    for file in files {
        for (line, text) in numbered(&file.text) {
            let is_cargos_own = file.path == "Cargo.lock" && text.starts_with("source = ");
            let named = REGISTRIES.iter().any(|(name, end)| has_word(text, &format!("{name}.{end}")));
            if named && !is_cargos_own {
                let reason =
                    "names a package registry: which one is used is the machine's business".to_owned();
                res.push(Finding { path: file.path.clone(), line, reason });
            }
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::super::found;
    use super::*;

    #[track_caller]
    fn check_one(path: &str, text: &str, findings: usize) {
        assert_eq!(found(check, &[(path, text)]).len(), findings, "{path}: {text}");
    }

    #[test]
    fn every_ban_finds_each_of_its_words() {
        for ban in BANS {
            for word in ban.words {
                let path =
                    format!("{}x{}", ban.paths.first().unwrap_or(&""), ban.types.first().unwrap_or(&""));
                let findings = found(check, &[(&path, &format!("fine\n {word} \n"))]);
                assert!(findings.contains(&format!("{path}:2")), "{word} in {path}: {findings:?}");
            }
        }
    }

    #[test]
    fn strings_comments_and_longer_words_are_no_code() {
        check_one("src/ui/x.rs", "// inner_html is forbidden\nlet s = \"localStorage\";", 0);
        check_one("src/ui/x.rs", "view! { <p style:width=w class=\"a\"></p> }", 0);
        check_one("src/ui/x.rs", "view! { <p style=\"width: 1px\"></p> }", 1);
        check_one("src/ui/x.rs", "SharedStorage.put(a, b)", 1);
        check_one("src/features/saved_queries/store.rs", "SharedStorage.put(a, b)", 0);
        check_one("src/features/saved_queries/store.rs", "window.local_storage()", 1);
        check_one("src/ui/x.rs", "medieval(x)", 0);
        check_one("src/ui/x.rs", "\"javascript:\"", 1);
        check_one("src/ui/x.rs", "#[cfg(test)]\nmod tests { \"javascript:\" }", 0);
    }

    #[test]
    fn registries_are_found_everywhere_but_in_cargos_own_lines() {
        let (name, end) = ("crates", "io");
        let line = format!("source = \"registry+https://x/{name}.{end}-index\"");
        check_one("Cargo.lock", &line, 0);
        check_one("README.md", &line, 1);
        check_one(
            "tests/e2e/package-lock.json",
            &format!("\"resolved\": \"https://registry.{}.{}/x\"", "npmjs", "org"),
            1,
        );
        check_one("Cargo.lock", &format!("# https://{name}.{end}"), 1);
    }
}
