//! What the runners print, read for the summary at the end.
//!
//! A record of a run may keep its last lines alone, so the summary names all that failed, and why.

/// What a part's runner said at its end.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Totals {
    /// How many tests passed.
    pub(super) passed: u32,
    /// How many did not.
    pub(super) failed: u32,
    /// Each of these, with the first lines of what it said.
    pub(super) failures: Vec<String>,
    /// Those of them that passed when they were run again, alone.
    pub(super) unsteady: Vec<String>,
    /// Something failed that no second run can excuse.
    pub(super) is_final: bool,
    /// The runner itself ended with success.
    pub(super) ok: bool,
}

impl Totals {
    /// What two runs say together, the second being of what failed in the first alone.
    pub(super) fn then(self, second: Self) -> Self {
        let still = |it: &String| second.failures.iter().any(|other| name(other) == name(it));
        let (failures, unsteady) = self.failures.into_iter().partition(still);
        Self { passed: self.passed + second.passed, failures, unsteady, ..second }
    }
}

/// The first line of a failure without its number, which is another one in another run.
fn name(failure: &str) -> &str {
    let line = failure.lines().next().unwrap_or_default();
    line.split_once(") ").map_or(line, |(_, name)| name)
}

/// What is wrong even if it happened once: a call, a policy or a line of the log that must not be, a secret in the
/// wrong place. `tests/e2e/support/test.mjs` has these words.
const NEVER: &[&str] = &["what must never happen", "secrets where none may be"];

/// What Playwright counts at its end besides tests that passed or failed: there is more wrong than these.
const BESIDE: &[&str] = &["not a part of any test", "did not run", "interrupted"];

/// Lines of a failure that the summary shows: the name, the error, what was awaited and where.
const SHOWN: usize = 14;

/// Adds up the lines `test result: ok. 3 passed; 0 failed; …` of all test binaries.
pub(super) fn cargo(text: &str, ok: bool) -> Totals {
    let mut res = Totals { ok, ..Totals::default() };
    for line in text.lines().map(str::trim) {
        if let Some(line) = line.strip_prefix("test result:") {
            res.passed += count_before(line, "passed");
            res.failed += count_before(line, "failed");
        } else if let Some(name) = failed_test(line) {
            res.failures.push(name.to_owned());
        }
    }
    res
}

/// The name in `test some::name ... FAILED`, as cargo says it, or `... FAIL`, as the browser's runner does.
fn failed_test(line: &str) -> Option<&str> {
    let (name, verdict) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    verdict.starts_with("FAIL").then_some(name)
}

/// Reads what Playwright's line reporter says: `  12 passed (3.4s)`, `  1 failed`, and for each failure a part that
/// begins with `  1) [suite] › file:line:column › title ───`.
pub(super) fn playwright(text: &str, ok: bool) -> Totals {
    let mut res = Totals { ok, ..Totals::default() };
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if is_failure(line) {
            let said = lines.clone().map(str::trim_end).filter(|it| !it.trim().is_empty());
            let shown = std::iter::once(line.trim().trim_end_matches('─').trim_end())
                .chain(said.take_while(|it| it.starts_with("    ")).take(SHOWN));
            res.failures.push(shown.collect::<Vec<_>>().join("\n"));
        } else if line.trim_start().starts_with("Error:") {
            res.is_final |= NEVER.iter().any(|it| line.contains(it));
        } else if is_total(line) {
            res.is_final |= BESIDE.iter().any(|it| line.contains(it));
            res.passed += count_before(line, "passed");
            res.failed += count_before(line, "failed") + count_before(line, "flaky");
        }
    }
    res
}

/// Whether a line is `  3) [suite] › …`.
fn is_failure(line: &str) -> bool {
    line.strip_prefix("  ")
        .and_then(|it| it.split_once(") ["))
        .is_some_and(|(number, _)| !number.is_empty() && number.chars().all(|it| it.is_ascii_digit()))
}

/// Whether a line is `  12 passed (3.4s)` or the like; lines of code that a failure quotes stand further right.
fn is_total(line: &str) -> bool {
    line.strip_prefix("  ").is_some_and(|it| it.starts_with(|first: char| first.is_ascii_digit()))
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
                    test a::works ... ok\ntest a::breaks ... FAILED\ntest in_the_browser ... FAIL\n\
                    test result: FAILED. 4 passed; 2 failed; 0 ignored; finished in 0.1s\n";
        let failures = vec!["a::breaks".to_owned(), "in_the_browser".to_owned()];
        assert_eq!(cargo(text, false), Totals { passed: 7, failed: 2, failures, ..Totals::default() });
    }

    #[test]
    fn playwright_says_it_in_separate_lines_and_flaky_is_failed() {
        let text = "[1/3] a journey\n  1 failed\n    a.spec.mjs:3:1 › 9 passed doors\n    7 failed || quoted\n  1 flaky\n  12 passed (3.4s)\n";
        assert_eq!(playwright(text, false), Totals { passed: 12, failed: 2, ..Totals::default() });
    }

    #[test]
    fn a_failed_journey_is_named_with_its_reason() {
        let text = "[1/2] [journeys] › a.spec.mjs:3:1 › opens\n  1) [journeys] › a.spec.mjs:3:1 › opens ─────\n\n    \
                    Error: expect(locator).toBeVisible() failed\n\n    Timeout: 20000ms\n\n[2/2] [journeys] › b\n  \
                    1 failed\n    [journeys] › a.spec.mjs:3:1 › opens ────\n  1 passed (2s)\n";
        let failures = vec![
            "1) [journeys] › a.spec.mjs:3:1 › opens\n    Error: expect(locator).toBeVisible() failed\n    Timeout: 20000ms"
                .to_owned(),
        ];
        assert_eq!(playwright(text, false), Totals { passed: 1, failed: 1, failures, ..Totals::default() });
    }

    #[test]
    fn what_passes_alone_is_unsteady_and_what_fails_again_has_failed() {
        let failed = |names: &[&str]| {
            names
                .iter()
                .enumerate()
                .map(|(at, it)| format!("{}) {it}\n    Error", at + 1))
                .collect::<Vec<_>>()
        };
        let first =
            Totals { passed: 8, failed: 2, failures: failed(&["[j] a", "[j] b"]), ..Totals::default() };
        let second = Totals { passed: 1, failed: 1, failures: failed(&["[j] b"]), ..Totals::default() };
        let both = first.clone().then(second);
        assert_eq!((both.passed, both.failed, both.ok), (9, 1, false));
        assert_eq!(both.failures, ["2) [j] b\n    Error"]);
        assert_eq!(both.unsteady, ["1) [j] a\n    Error"]);

        let mended = first.then(Totals { passed: 2, ok: true, ..Totals::default() });
        assert_eq!((mended.passed, mended.failed, mended.ok, mended.unsteady.len()), (10, 0, true, 2));
    }

    #[test]
    fn what_must_never_happen_is_final_also_as_the_second_error_of_a_journey() {
        let fixture = include_str!("../../../tests/e2e/support/test.mjs");
        let failed = "  1) [journeys] › a › what must never happen ──\n\n    Error: expect(locator) failed\n";
        assert!(!playwright(failed, false).is_final);
        for words in NEVER {
            assert!(fixture.contains(words), "{words}");
            assert!(playwright(&format!("{failed}\n    Error: {words}\n"), false).is_final, "{words}");
        }
        for line in ["  1 error was not a part of any test, see above", "  3 did not run", "  1 interrupted"]
        {
            assert!(playwright(&format!("{failed}{line}\n"), false).is_final, "{line}");
        }
    }

    #[test]
    fn a_long_reason_is_cut() {
        let text = format!("  2) [journeys] › a ──\n{}", "    more\n".repeat(100));
        let lines = playwright(&text, false).failures.first().map_or(0, |it| it.lines().count());
        assert_eq!(lines, SHOWN + 1);
    }
}
