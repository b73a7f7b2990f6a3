//! The findings as a text to send to somebody. It holds no credential, no key and no address but the console's own.

use hosting::Server;

use super::finding::{Finding, Verdict};
use super::words;
use crate::i18n::t;

/// Where and when it was checked, and by what.
pub(super) struct Circumstances {
    /// The folder of the console, with its origin.
    pub(super) address: String,
    /// The release, if it is one.
    pub(super) release: Option<String>,
    /// When, as a reader writes it.
    pub(super) at: String,
    /// What the browser calls itself.
    pub(super) browser: String,
    /// What the server calls itself; blank where it does not.
    pub(super) server: String,
}

/// The text.
#[must_use]
pub(super) fn text(about: &Circumstances, server: Server, findings: &[Finding]) -> String {
    let mut res = vec![[t::app_name(), ": ", t::check_title()].concat()];
    let release = about.release.as_deref().unwrap_or("-");
    for line in [&about.address, release, &about.at, &about.server, &about.browser] {
        if !line.is_empty() {
            res.push(line.to_owned());
        }
    }
    res.push(summary(findings));
    for verdict in [Verdict::Wrong, Verdict::Unknown, Verdict::Right] {
        for finding in findings.iter().filter(|it| it.verdict == verdict) {
            res.push(String::new());
            res.push(["[", words::verdict(verdict), "] ", &words::title(&finding.subject)].concat());
            let state = words::state(finding);
            if !state.is_empty() {
                res.push(["  ", &state].concat());
            }
            for told in words::told(server, finding) {
                res.push(["  ", &told.said].concat());
                if let Ok(lines) = told.remedy {
                    res.extend(lines.lines().map(|it| ["    ", it].concat()));
                }
            }
        }
    }
    res.push(String::new());
    res.join("\n")
}

/// How many findings of each kind.
#[must_use]
pub(super) fn summary(findings: &[Finding]) -> String {
    let count = |verdict: Verdict| findings.iter().filter(|it| it.verdict == verdict).count() as u64;
    let (wrong, unknown) = (count(Verdict::Wrong), count(Verdict::Unknown));
    let mut res = vec![if wrong == 0 { t::check_none_wrong().to_owned() } else { t::check_n_wrong(wrong) }];
    if unknown > 0 {
        res.push(t::check_n_unknown(unknown));
    }
    res.push(t::check_n_right(count(Verdict::Right)));
    res.join(" ")
}
