//! 100,000 keys in the browser, beside a common data grid on the same machine.

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::sorted;
use crate::say;

/// Two frames: an order or a filter of all keys.
const AIM_MS: f64 = 33.0;

/// A task while keys load and somebody types.
const AIM_TASK_MS: f64 = 50.0;

/// A frame while somebody scrolls.
const AIM_SCROLL_MS: f64 = 20.0;

/// What 100,000 keys may weigh, in MiB.
const AIM_MIB: f64 = 120.0;

/// The common grid: an order, a filter, and what it weighs, in milliseconds and MiB.
const GRID: (f64, f64, f64) = (430.0, 630.0, 350.0);

const MIB: f64 = 1024.0 * 1024.0;

/// Prints the script's measurements; their shape stands in `bench/table.mjs`.
pub(super) fn print(text: &str) -> Result<()> {
    let json: Value = serde_json::from_str(text.trim()).context("the benchmark script printed no JSON")?;
    let part = |name: &str| json.get(name).with_context(|| format!("no measurement named {name}"));
    let (load, scroll, memory) = (part("load")?, part("scroll")?, part("memory")?);
    let seconds = load.get("seconds").and_then(Value::as_f64).context("no time of loading")?;
    let longest = |part: &Value, name: &str| sorted(part, name).last().copied().unwrap_or_default();

    say::line(&format!("\n{:<60} {:>9} {:>12} {:>12}", "100,000 keys", "measured", "aim", "common grid"));
    say::line(&format!("{:<60} {seconds:>7.1} s", "loaded, while a query was typed, after"));
    line("longest task meanwhile", longest(load, "tasks"), "ms", Some(AIM_TASK_MS), None);
    line("longest frame meanwhile, by the wall clock", longest(load, "frames"), "ms", None, None);
    let mib = |name: &str| memory.get(name).and_then(Value::as_f64).unwrap_or_default() / MIB;
    line("memory of the process", mib("process"), "MiB", Some(AIM_MIB), Some(GRID.2));
    line("its heaps", mib("heap"), "MiB", None, None);
    for (name, title, grid) in [("sorts", "sort by", GRID.0), ("filters", "filter", GRID.1)] {
        for (what, time) in part(name)?.as_object().context("no list of measurements")? {
            let time = time.as_f64().context("no time")?;
            line(&format!("{title} {what}"), time, "ms", Some(AIM_MS), Some(grid));
        }
    }
    line("scroll, longest task", longest(scroll, "tasks"), "ms", Some(AIM_SCROLL_MS), None);
    line("scroll, longest frame by the wall clock", longest(scroll, "frames"), "ms", None, None);
    say::line("tasks, sorts and filters in time of the processor; frames also grow with what else runs here");
    Ok(())
}

fn line(title: &str, value: f64, unit: &str, aim: Option<f64>, grid: Option<f64>) {
    let verdict = match aim {
        None => String::new(),
        Some(aim) if value <= aim => format!("{aim:.0}, met"),
        Some(aim) => format!("{aim:.0}, MISSED"),
    };
    let grid = grid.map(|it| format!("{it:.0} {unit}")).unwrap_or_default();
    say::line(&format!("{title:<60} {value:>5.0} {unit:<3} {verdict:>12} {grid:>12}"));
}
