//! `cargo xtask bench`: bytes and time up to the first row, against the figures of a React admin with the same list; and
//! how long the page is busy at a time while a query is typed over many keys, and with 100,000 of them; and how long a
//! change of many keys takes.

mod table;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::process::Call;
use crate::tools::browser;
use crate::{app, commands, gateway, node, project, say};

/// The aim for all bytes up to the first row.
const AIM_BYTES: u64 = 150 * 1024;

/// The same list as a React admin: bytes, and seconds to the first row without and with throttling.
const REACT: (u64, f64, f64) = (258 * 1024, 0.97, 4.2);

/// `cargo xtask bench`.
///
/// # Errors
/// If something does not build, or the browser shows no row.
pub(crate) fn command(args: &[String]) -> Result<()> {
    commands::no_arguments(args)?;
    let app = app::ensure()?;
    let gateway = gateway::ensure()?;
    let browser = browser::ensure()?;
    let e2e = project::e2e_dir();
    node::ensure_packages(&e2e)?;

    bytes(&app)?;
    let script = |title: &str, name: &str| {
        say::step(title, || {
            Call::new("node", &[&format!("bench/{name}.mjs")])
                .dir(&e2e)
                .env("LATCHKEY_APP", &app)
                .env("LATCHKEY_GATEWAY", &gateway)
                .env("CHROMIUM", &browser.chromium)
                .output()
        })
    };
    times(&script("Measure the time to the first row", "first_row")?)?;
    typing(&script("Type a query over 10,000 loaded keys", "typing")?)?;
    table::print(&script("Load, sort and filter 100,000 keys", "table")?)?;
    bulk(&script("Change 745 keys at 50 ms a call", "bulk")?)
}

/// Prints what is downloaded up to the first row: the page, and every file it names.
fn bytes(app: &Path) -> Result<()> {
    let page = fs::read_to_string(app.join("index.html"))?;
    let mut total = 0;
    say::line(&format!("\n{:<44} {:>10}", "Up to the first row", "brotli 11"));
    for name in named_files(&page) {
        let size = weight(app, &name)?;
        total += size;
        say::line(&format!("{name:<44} {size:>10}"));
    }
    let (kib, aim) = (kib(total), kib(AIM_BYTES));
    say::line(&format!("{:<44} {total:>10}  = {kib:.1} KiB", "total"));
    say::line(&format!(
        "aim: {aim:.0} KiB ({}); React admin: {:.0} KiB, ratio {:.2}\n",
        if total <= AIM_BYTES { "met" } else { "MISSED" },
        self::kib(REACT.0),
        self::kib(total) / self::kib(REACT.0)
    ));
    say::line(&format!("{:<44} {:>10}", "Loaded when a spreadsheet is first asked for", "brotli 11"));
    for name in attribute_files(&page, &["data-module=", "data-worker="]) {
        let size = weight(app, &name)?;
        say::line(&format!("{name:<44} {size:>10}  = {:.1} KiB", self::kib(size)));
    }
    say::line("");
    Ok(())
}

/// The bytes of a file on the line: packed, or as it is where it is not packed, like the one that its owner edits.
fn weight(app: &Path, name: &str) -> Result<u64> {
    let of = |name: &str| fs::metadata(app.join(name)).map(|it| it.len());
    of(&format!("{name}.br")).or_else(|_| of(name)).with_context(|| format!("{name} is missing"))
}

/// The page itself and the files its `href` and `src` attributes name, in order.
fn named_files(page: &str) -> Vec<String> {
    let mut res = attribute_files(page, &["href=", "src="]);
    res.insert(0, "index.html".to_owned());
    res
}

/// The files that attributes of the page name, each once, in order.
fn attribute_files(page: &str, attributes: &[&str]) -> Vec<String> {
    let mut res = Vec::new();
    for attribute in attributes {
        for part in page.split(*attribute).skip(1) {
            let value = part.trim_start_matches('"').split(['"', ' ', '>']).next().unwrap_or_default();
            let name = value.trim_start_matches("./").to_owned();
            if !name.is_empty() && !value.contains(':') && !res.contains(&name) {
                res.push(name);
            }
        }
    }
    res
}

/// Prints the script's measurements, `{"plain": [s, …], "slow": [s, …]}` in seconds.
fn times(text: &str) -> Result<()> {
    let json: serde_json::Value =
        serde_json::from_str(text.trim()).context("the benchmark script printed no JSON")?;
    say::line(&format!(
        "\n{:<44} {:>8} {:>8} {:>8}  {:>8} {:>6}",
        "First row after", "median", "best", "worst", "React", "ratio"
    ));
    for (key, title, react) in
        [("plain", "unthrottled", REACT.1), ("slow", "4x slower CPU, 1.6 Mbit/s, 150 ms", REACT.2)]
    {
        let seconds = sorted(&json, key);
        let median = seconds.get(seconds.len() / 2).with_context(|| format!("no measurement named {key}"))?;
        let (best, worst) = (seconds.first().unwrap_or(median), seconds.last().unwrap_or(median));
        say::line(&format!(
            "{title:<44} {median:>6.2} s {best:>6.2} s {worst:>6.2} s  {react:>6.2} s {:>6.2}",
            median / react
        ));
    }
    say::line("aim: half of React's times");
    Ok(())
}

/// Prints the script's measurements, `{"rounds": [{"frames": [ms, …], "tasks": [ms, …]}, …]}` in milliseconds.
fn typing(text: &str) -> Result<()> {
    let json: serde_json::Value =
        serde_json::from_str(text.trim()).context("the benchmark script printed no JSON")?;
    let rounds = json.get("rounds").and_then(|it| it.as_array()).context("no rounds were measured")?;
    say::line(&format!(
        "\n{:<44} {:>8} {:>8} {:>11}",
        "Typing a query over 10,000 loaded keys", "median", "longest", "long tasks"
    ));
    for (number, round) in rounds.iter().enumerate() {
        let frames = sorted(round, "frames");
        let median = frames.get(frames.len() / 2).context("no frame was measured")?;
        let longest = frames.last().unwrap_or(median);
        let tasks = sorted(round, "tasks");
        let title = format!("round {}, longest frame of each letter", number + 1);
        say::line(&format!("{title:<44} {median:>5.0} ms {longest:>5.0} ms {:>11}", tasks.len()));
    }
    say::line("aim: no frame over 50 ms");
    Ok(())
}

/// Prints the script's measurement, `{"calls": n, "ms": n, "ideal": n}`: how long many changes take, against their calls.
fn bulk(text: &str) -> Result<()> {
    let json: serde_json::Value =
        serde_json::from_str(text.trim()).context("the benchmark script printed no JSON")?;
    let number = |key: &str| {
        json.get(key).and_then(serde_json::Value::as_f64).with_context(|| format!("no figure named {key}"))
    };
    let (calls, seconds, ideal) = (number("calls")?, number("ms")? / 1_000.0, number("ideal")? / 1_000.0);
    say::line(&format!(
        "\n{:<44} {:>8} {:>8} {:>8}",
        "745 keys at 50 ms a call, two in flight", "calls", "took", "ideal"
    ));
    let ratio = seconds / ideal;
    say::line(&format!("{:<44} {calls:>8} {seconds:>6.1} s {ideal:>6.1} s", format!("ratio {ratio:.3}")));
    say::line(&format!("aim: 1.1 × the ideal time ({})", if ratio <= 1.1 { "met" } else { "MISSED" }));
    Ok(())
}

/// The numbers of a list, the smallest first.
fn sorted(json: &serde_json::Value, key: &str) -> Vec<f64> {
    let list = json.get(key).and_then(|it| it.as_array());
    let mut res: Vec<f64> = list.into_iter().flatten().filter_map(serde_json::Value::as_f64).collect();
    res.sort_by(f64::total_cmp);
    res
}

/// Bytes as KiB, for print.
fn kib(bytes: u64) -> f64 {
    bytes as f64 / 1024.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_a_page_names_are_found_in_both_spellings() {
        let page = r#"<base href=./><link href=data:, rel=icon><link href=./a-1.css rel=x><link rel="y" href="config.json">
            <script src=./boot-2.js></script><a href>Reload</a><link href=./a-1.css>"#;
        assert_eq!(named_files(page), ["index.html", "a-1.css", "config.json", "boot-2.js"]);
    }

    #[test]
    fn a_file_weighs_what_is_sent() -> Result<()> {
        let dir = std::env::temp_dir().join(format!("latchkey-bench-{}", std::process::id()));
        fs::create_dir_all(&dir)?;
        fs::write(dir.join("a.css"), "four")?;
        fs::write(dir.join("a.css.br"), "br")?;
        fs::write(dir.join("config.json"), "plain")?;
        let found = ["a.css", "config.json", "none"].map(|it| weight(&dir, it).ok());
        fs::remove_dir_all(&dir)?;
        assert_eq!(found, [Some(2), Some(5), None]);
        Ok(())
    }

    /// What is loaded later is not among what is loaded first.
    #[test]
    fn the_second_module_is_counted_apart() {
        let page = "<link href=a.css><meta name=x data-module=./b.wasm data-worker=\"./c.js\">";
        assert_eq!(named_files(page), ["index.html", "a.css"]);
        assert_eq!(attribute_files(page, &["data-module=", "data-worker="]), ["b.wasm", "c.js"]);
    }
}
