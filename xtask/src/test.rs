//! `cargo xtask test`: every test there is, cheapest first.

use std::path::Path;

use anyhow::{Result, bail};

use crate::process::{self, Call};
use crate::tools::{self, browser, office, servers};
use crate::{app, dist, gateway, node, project, say};

/// One kind of test.
struct Part {
    /// The word that runs it alone.
    name: &'static str,
    /// What the person in front of the terminal reads.
    title: &'static str,
    /// Runs the tests whose name contains the filter.
    run: fn(Option<&str>) -> Result<Totals>,
}

const PARTS: &[Part] = &[
    Part { name: "unit", title: "Rust tests", run: unit },
    Part { name: "browser", title: "Component tests in the browser", run: components },
    Part { name: "journeys", title: "Journeys through the running console", run: journeys },
    Part {
        name: "hosting",
        title: "nginx, Caddy and Apache with the generated configurations",
        run: hosting,
    },
];

/// What a part's runner said at its end.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
struct Totals {
    passed: u32,
    failed: u32,
    /// The runner itself ended with success.
    ok: bool,
}

/// `cargo xtask test [unit|browser|journeys|hosting] [FILTER]`.
///
/// # Errors
/// If a test fails, or cannot be run.
pub(crate) fn command(args: &[String]) -> Result<()> {
    let only = args.first().and_then(|word| PARTS.iter().find(|it| it.name == word));
    let rest = if only.is_some() { args.get(1..).unwrap_or_default() } else { args };
    let filter = crate::commands::one_argument(rest)?;

    let mut lines = Vec::new();
    let mut failed = Vec::new();
    for part in PARTS.iter().filter(|it| only.is_none_or(|only| only.name == it.name)) {
        say::line(&format!("\n== {} ==", part.title));
        // A part that fails does not hide what the next one would say.
        match (part.run)(filter) {
            Ok(totals) => {
                lines.push(format!("{}: {} passed, {} failed", part.title, totals.passed, totals.failed));
                if !totals.ok {
                    failed.push(part.name.to_owned());
                }
            }
            Err(err) => {
                lines.push(format!("{}: could not run", part.title));
                failed.push(format!("{} ({err:#})", part.name));
            }
        }
    }

    say::line("");
    for line in lines {
        say::line(&line);
    }
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

fn unit(filter: Option<&str>) -> Result<Totals> {
    let call = Call::cargo(&["test", "--workspace", "--locked"]);
    let (ok, text) = with_filter(call, filter).tee()?;
    Ok(Totals { ok, ..cargo_totals(&text) })
}

fn components(filter: Option<&str>) -> Result<Totals> {
    let suites = std::fs::read_dir(project::root().join("tests"))?
        .filter_map(std::result::Result::ok)
        .any(|it| it.path().extension().is_some_and(|it| it == "rs"));
    if !suites {
        say::line("  there is no suite in tests/*.rs");
        return Ok(Totals { ok: true, ..Totals::default() });
    }

    let tools = tools::ensure()?;
    let browser = browser::ensure()?;
    // The integration suites alone: unit tests are native ones, and ran above.
    let call = Call::cargo(&[
        "test",
        "--locked",
        "-p",
        "latchkey",
        "--target",
        "wasm32-unknown-unknown",
        "--test",
        "*",
    ])
    .path(&tools.path)?
    .env("CHROMEDRIVER", browser.driver)
    // For all tests of a suite together, on a machine that may be busy.
    .env("WASM_BINDGEN_TEST_TIMEOUT", "180");
    let (ok, text) = with_filter(call, filter).tee()?;
    Ok(Totals { ok, ..cargo_totals(&text) })
}

fn journeys(filter: Option<&str>) -> Result<Totals> {
    let (app, soffice) = (app::ensure()?, office::ensure()?);
    playwright(filter, "journeys", &app, |call| call.env("SOFFICE", soffice))
}

fn hosting(filter: Option<&str>) -> Result<Totals> {
    let (app, servers) = (dist::ensure()?, servers::ensure()?);
    let xtask = process::own_path()?;
    playwright(filter, "hosting", &app, |call| {
        call.env("NGINX", servers.nginx)
            .env("NGINX_MODULES", servers.nginx_modules)
            .env("CADDY", servers.caddy)
            .env("APACHE", servers.apache)
            .env("APACHE_MODULES", servers.apache_modules)
            .env("OPENSSL", servers.openssl)
            // The tests have it write the configurations they try.
            .env("LATCHKEY_XTASK", xtask)
    })
}

/// Runs one project of `tests/e2e/playwright.config.mjs` on a folder with the app, and the built gateway.
fn playwright(
    filter: Option<&str>,
    suite: &str,
    app: &Path,
    more: impl FnOnce(Call) -> Call,
) -> Result<Totals> {
    let gateway = gateway::ensure()?;
    let browser = browser::ensure()?;
    let e2e = project::e2e_dir();
    node::ensure_packages(&e2e)?;

    let call = Call::new("node", &["node_modules/@playwright/test/cli.js", "test", "--project", suite])
        .dir(&e2e)
        .env("LATCHKEY_APP", app)
        .env("LATCHKEY_GATEWAY", gateway)
        .env("CHROMIUM", browser.chromium);
    let mut call = more(call);
    if let Some(filter) = filter {
        // The filter may name tests of another part only.
        call = call.arg("--pass-with-no-tests").arg("--grep").arg(filter);
    }
    let (ok, text) = call.tee()?;
    Ok(Totals { ok, ..playwright_totals(&text) })
}

fn with_filter(call: Call, filter: Option<&str>) -> Call {
    match filter {
        Some(filter) => call.arg("--").arg(filter),
        None => call,
    }
}

/// Adds up the lines `test result: ok. 3 passed; 0 failed; …` of all test binaries.
fn cargo_totals(text: &str) -> Totals {
    let mut res = Totals::default();
    for line in text.lines().filter_map(|it| it.trim().strip_prefix("test result:")) {
        res.passed += count_before(line, "passed");
        res.failed += count_before(line, "failed");
    }
    res
}

/// Reads the closing lines of Playwright's line reporter, `  12 passed (3.4s)` and `  1 failed`.
fn playwright_totals(text: &str) -> Totals {
    let mut res = Totals::default();
    for line in text.lines().map(str::trim).filter(|it| it.starts_with(|first: char| first.is_ascii_digit()))
    {
        res.passed += count_before(line, "passed");
        res.failed += count_before(line, "failed") + count_before(line, "flaky");
    }
    res
}

/// The number right before a word.
fn count_before(line: &str, word: &str) -> u32 {
    let mut words = line.split_whitespace().map(|it| it.trim_matches(|c: char| !c.is_ascii_alphanumeric()));
    let mut before = None;
    words
        .find_map(|it| {
            let number = if it == word { before } else { None };
            before = Some(it);
            number
        })
        .and_then(|it| it.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_of_all_binaries_are_added_up() {
        let text = "running 3 tests\ntest result: ok. 3 passed; 0 failed; 0 ignored\n\
                    test result: FAILED. 4 passed; 2 failed; 0 ignored; finished in 0.1s\n";
        assert_eq!(cargo_totals(text), Totals { passed: 7, failed: 2, ok: false });
    }

    #[test]
    fn playwright_says_it_in_separate_lines_and_flaky_is_failed() {
        let text = "[1/3] a journey\n  1 failed\n    a.spec.mjs:3:1 › 9 passed doors\n  1 flaky\n  12 passed (3.4s)\n";
        assert_eq!(playwright_totals(text), Totals { passed: 12, failed: 2, ok: false });
    }
}
