//! `cargo xtask test`: every test there is, cheapest first.

mod read;

use std::path::Path;

use anyhow::{Result, bail};

use crate::process::{self, Call};
use crate::tools::{self, browser, office, servers};
use crate::{app, dist, gateway, node, project, say};

use self::read::Totals;

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

/// So many journeys may fail to be looked at again; more of them are no accident.
const AGAIN: usize = 5;

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
                lines.extend(summary(part.title, &totals));
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

/// The lines that stay readable when all before them is cut off: how many, and each that failed, with its reason.
fn summary(title: &str, totals: &Totals) -> Vec<String> {
    let counts = format!("{title}: {} passed, {} failed", totals.passed, totals.failed);
    let again = format!("{counts}, {} passed only when run again, alone", totals.unsteady.len());
    let mut res = vec![if totals.unsteady.is_empty() { counts } else { again }];
    res.extend(totals.failures.iter().map(|it| format!("  FAILED {it}")));
    res.extend(totals.unsteady.iter().map(|it| format!("  UNSTEADY {it}")));
    res
}

fn unit(filter: Option<&str>) -> Result<Totals> {
    let call = Call::cargo(&["test", "--workspace", "--locked"]);
    let (ok, text) = with_filter(call, filter).tee()?;
    Ok(read::cargo(&text, ok))
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
    Ok(read::cargo(&text, ok))
}

fn journeys(filter: Option<&str>) -> Result<Totals> {
    let (app, soffice) = (app::ensure()?, office::ensure()?);
    playwright(filter, "journeys", &app, |call| call.env("SOFFICE", &soffice))
}

fn hosting(filter: Option<&str>) -> Result<Totals> {
    let (app, servers) = (dist::ensure()?, servers::ensure()?);
    let xtask = process::own_path()?;
    playwright(filter, "hosting", &app, |call| {
        call.env("NGINX", &servers.nginx)
            .env("NGINX_MODULES", &servers.nginx_modules)
            .env("CADDY", &servers.caddy)
            .env("APACHE", &servers.apache)
            .env("APACHE_MODULES", &servers.apache_modules)
            .env("OPENSSL", &servers.openssl)
            // The tests have it write the configurations they try.
            .env("LATCHKEY_XTASK", xtask)
    })
}

/// Runs one project of `tests/e2e/playwright.config.mjs` on a folder with the app, and the built gateway.
fn playwright(filter: Option<&str>, suite: &str, app: &Path, more: impl Fn(Call) -> Call) -> Result<Totals> {
    let gateway = gateway::ensure()?;
    let chromium = browser::ensure_shell()?;
    let e2e = project::e2e_dir();
    node::ensure_packages(&e2e)?;

    let call = || {
        let call = Call::new("node", &["node_modules/@playwright/test/cli.js", "test", "--project", suite])
            .dir(&e2e)
            .env("LATCHKEY_APP", app)
            .env("LATCHKEY_GATEWAY", &gateway)
            .env("CHROMIUM", &chromium);
        let call = more(call);
        match filter {
            // The filter may name tests of another part only.
            Some(filter) => call.arg("--pass-with-no-tests").arg("--grep").arg(filter),
            None => call,
        }
    };

    let (ok, text) = call().tee()?;
    let first = read::playwright(&text, ok);
    if ok || first.is_final || first.failures.is_empty() || first.failures.len() > AGAIN {
        return Ok(first);
    }
    // Whether it is the console or the busy machine: what failed runs once more, with nothing beside it. What passes
    // then is a flaw of the test or a race in the console; it is named at the end and must be mended, but refuses no
    // change that has nothing to do with it.
    say::line("\nWhat failed runs again, alone:");
    let (ok, text) = call().arg("--last-failed").arg("--workers=1").tee()?;
    Ok(first.then(read::playwright(&text, ok)))
}

fn with_filter(call: Call, filter: Option<&str>) -> Call {
    match filter {
        Some(filter) => call.arg("--").arg(filter),
        None => call,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_names_what_failed_and_what_is_unsteady() {
        let totals = Totals {
            passed: 9,
            failed: 1,
            failures: vec!["opens\n    Error: no".to_owned()],
            unsteady: vec!["closes".to_owned()],
            ..Totals::default()
        };
        let expected = [
            "Journeys: 9 passed, 1 failed, 1 passed only when run again, alone",
            "  FAILED opens\n    Error: no",
            "  UNSTEADY closes",
        ];
        assert_eq!(summary("Journeys", &totals), expected);
    }
}
