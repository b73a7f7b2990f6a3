//! 100,000 keys in the browser, beside a common data grid on the same machine.

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::sorted;
use crate::say;

/// Two frames: an order or a filter of all keys.
const AIM_MS: f64 = 33.0;

/// A frame while keys load and somebody types.
const AIM_FRAME_MS: f64 = 50.0;

/// What 100,000 keys may weigh, in MiB.
const AIM_MIB: f64 = 120.0;

/// The common grid: an order, a filter, and what it weighs, in milliseconds and MiB.
const GRID: (f64, f64, f64) = (430.0, 630.0, 350.0);

const MIB: f64 = 1024.0 * 1024.0;

/// Prints the script's measurements; their shape stands in `bench/table.mjs`.
pub(super) fn print(text: &str) -> Result<()> {
    let json: Value = serde_json::from_str(text.trim()).context("the benchmark script printed no JSON")?;
    let part = |name: &str| json.get(name).with_context(|| format!("no measurement named {name}"));
    let load = part("load")?;
    let seconds = load.get("seconds").and_then(Value::as_f64).context("no time of loading")?;
    head("Loading 100,000 keys while a query is typed", "measured", "aim");
    say::line(&format!("{:<60} {seconds:>7.1} s", "all keys are there after"));
    let longest = |name: &str| sorted(load, name).last().copied().unwrap_or_default();
    line("longest frame", longest("frames"), "ms", AIM_FRAME_MS, None);
    line("longest task", longest("tasks"), "ms", AIM_FRAME_MS, None);
    line("longest time from a letter to the next frame", longest("letters"), "ms", f64::INFINITY, None);

    head("100,000 keys", "measured", "aim");
    let memory = part("memory")?;
    let mib = |name: &str| memory.get(name).and_then(Value::as_f64).unwrap_or_default() / MIB;
    line("memory, heap and program", mib("heap"), "MiB", AIM_MIB, Some(GRID.2));
    line("memory of the process", mib("process"), "MiB", AIM_MIB, Some(GRID.2));
    for (name, title, grid) in [("sorts", "sort by", GRID.0), ("filters", "filter", GRID.1)] {
        let all = part(name)?.as_object().context("no list of measurements")?;
        for (what, times) in all {
            let time = |name: &str| times.get(name).and_then(Value::as_f64).unwrap_or_default();
            let title = format!("{title} {what} (drawn after {:.0} ms)", time("shown"));
            line(&title, time("busy"), "ms", AIM_MS, Some(grid));
        }
    }
    Ok(())
}

fn head(title: &str, measured: &str, aim: &str) {
    say::line(&format!("\n{title:<60} {measured:>9} {aim:>12} {:>12}", "common grid"));
}

fn line(title: &str, value: f64, unit: &str, aim: f64, grid: Option<f64>) {
    let verdict = match value <= aim {
        _ if aim.is_infinite() => String::new(),
        true => format!("{aim:.0}, met"),
        false => format!("{aim:.0}, MISSED"),
    };
    let grid = grid.map(|it| format!("{it:.0} {unit}")).unwrap_or_default();
    say::line(&format!("{title:<60} {value:>5.0} {unit:<3} {verdict:>12} {grid:>12}"));
}
