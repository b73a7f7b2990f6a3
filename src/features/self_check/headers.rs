//! Whether a header that came does what the one that is wanted does.

use std::collections::{BTreeMap, BTreeSet};

use hosting::{Header, Part, Site, headers};

use super::finding::{Fault, Finding, Fix, Subject, Verdict};
use super::observed::{Observed, Seen};
use crate::domain::order;
use crate::http::probe::Sight;

/// Half a year, in seconds: less is not worth remembering a site's encryption for.
const REMEMBERED_SECS: u64 = 15_768_000;

/// A year: a file that never changes is kept as long.
const YEAR_SECS: u64 = 31_536_000;

/// Directives that forbid more or report. Of all others one more may allow what `default-src` forbids.
const HARMLESS: &[&str] = &[
    "base-uri",
    "block-all-mixed-content",
    "form-action",
    "frame-ancestors",
    "report-to",
    "report-uri",
    "sandbox",
    "upgrade-insecure-requests",
];

/// The site as `config.json` and the address of the page describe it.
pub(super) fn site(seen: &Observed) -> Site {
    Site { portals: seen.portals.clone(), hsts: seen.is_encrypted, reports: None }
}

/// One finding a header, over all parts of the console's own answers; headers of platforms are told apart.
pub(super) fn own(seen: &Observed) -> Vec<Finding> {
    let site = site(seen);
    let mut res: Vec<Finding> = Vec::new();
    for part in [Part::Page, Part::Config, Part::Asset, Part::Notice] {
        let answers = answers(seen, part);
        for header in headers(part, &site) {
            let subject = Subject::Header(header.name);
            if !res.iter().any(|it| it.subject == subject) {
                // The page comes first. Where not even that was seen, nothing is known.
                let verdict = if answers.is_empty() { Verdict::Unknown } else { Verdict::Right };
                res.push(Finding::plain(subject.clone(), verdict));
            }
            let finding = res.iter_mut().find(|it| it.subject == subject);
            if let (Some(finding), Some(fault)) = (finding, fault(part, &header, &answers)) {
                finding.verdict = Verdict::Wrong;
                finding.faults.push(fault);
            }
        }
    }
    if !site.hsts {
        res.push(Finding::plain(Subject::Header("Strict-Transport-Security"), Verdict::Unknown));
    }
    res
}

/// The headers of a platform's answers.
pub(super) fn of_platform(name: &str, sight: &Sight, seen: &Observed) -> Finding {
    let wanted = headers(Part::Api, &site(seen));
    let faults = wanted.iter().filter_map(|it| fault(Part::Api, it, &[("", sight)])).collect();
    Finding::of(Subject::PlatformHeaders(name.to_owned()), faults)
}

/// Answers of a part with the paths of their files.
fn answers(seen: &Observed, part: Part) -> Vec<(&str, &Sight)> {
    if part == Part::Notice {
        // A page in the place of a missing file is a finding of its own.
        let missing = seen.missing.iter().filter(|it| it.status >= 400);
        return missing.map(|it| ("", it)).collect();
    }
    let of_part = |it: &&Seen| it.part == part;
    let there = |it: &'_ Sight| it.status == 200;
    let found = seen.files.iter().filter(of_part);
    found.filter_map(|it| Some((it.path.as_str(), it.sight.as_ref().filter(|it| there(it))?))).collect()
}

fn fault(part: Part, header: &Header, answers: &[(&str, &Sight)]) -> Option<Fault> {
    let is_wrong = |sight: &Sight| !does(header, sight.headers.get(header.name).unwrap_or_default());
    let wrong: Vec<_> = answers.iter().filter(|(_, sight)| is_wrong(sight)).collect();
    let (_, first) = wrong.first()?;
    let got = first.headers.get(header.name).unwrap_or_default().to_owned();
    let paths = if wrong.len() == answers.len() {
        Vec::new()
    } else {
        wrong.iter().map(|(path, _)| (*path).to_owned()).collect()
    };
    Some(Fault { part, paths, got, fix: Fix::Header(header.clone()) })
}

/// Whether a value does what the wanted header does, or more.
fn does(wanted: &Header, got: &str) -> bool {
    let got = got.trim();
    match wanted.name {
        "Content-Security-Policy" => is_policy(&wanted.value, got),
        "Cache-Control" => is_cached(&wanted.value, got),
        "Vary" => words(got).any(|it| it == "*" || it.eq_ignore_ascii_case(&wanted.value)),
        "Strict-Transport-Security" => seconds(got, "max-age").is_some_and(|it| it >= REMEMBERED_SECS),
        "Permissions-Policy" => {
            let got = order::set(words(got).map(squeezed));
            words(&wanted.value).all(|it| got.contains(&squeezed(it)))
        }
        _ => got.eq_ignore_ascii_case(&wanted.value),
    }
}

/// One of the policies that came is the wanted one. Others beside it forbid more.
fn is_policy(wanted: &str, got: &str) -> bool {
    let wanted = directives(wanted);
    got.split(',').map(directives).any(|got| {
        let differs = |(name, value): (&String, &BTreeSet<String>)| match wanted.get(name) {
            Some(it) => it != value,
            None => !HARMLESS.contains(&name.as_str()),
        };
        wanted.keys().all(|it| got.contains_key(it)) && !got.iter().any(differs)
    })
}

/// The directives of a policy. Of two with one name the first holds, as in browsers.
fn directives(policy: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut res = BTreeMap::new();
    for (name, value) in policy.split(';').filter_map(directive) {
        res.entry(name).or_insert(value);
    }
    res
}

fn directive(text: &str) -> Option<(String, BTreeSet<String>)> {
    let mut parts = text.split_ascii_whitespace();
    let name = parts.next()?.to_ascii_lowercase();
    Some((name, order::set(parts.map(str::to_owned))))
}

fn is_cached(wanted: &str, got: &str) -> bool {
    let says = |word: &str| words(got).any(|it| it.eq_ignore_ascii_case(word));
    match wanted {
        "no-store" => says("no-store"),
        "no-cache" => says("no-cache") || says("no-store") || seconds(got, "max-age") == Some(0),
        _ => says("immutable") && seconds(got, "max-age").is_some_and(|it| it >= YEAR_SECS),
    }
}

/// The number behind `name=` in a list.
fn seconds(got: &str, name: &str) -> Option<u64> {
    let found = got.split([',', ';']).filter_map(|it| it.trim().split_once('='));
    let mut found = found.filter(|(it, _)| it.trim().eq_ignore_ascii_case(name));
    found.next()?.1.trim().trim_matches('"').parse().ok()
}

fn words(got: &str) -> impl Iterator<Item = &str> {
    got.split(',').map(str::trim)
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|it| !it.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn check(name: &'static str, wanted: &'static str, good: &[&str], bad: &[&str]) {
        let header = Header { name, value: Cow::Borrowed(wanted) };
        for got in good {
            assert!(does(&header, got), "{name}: {got}");
        }
        for got in bad.iter().chain(&[""]) {
            assert!(!does(&header, got), "{name}: {got}");
        }
    }

    #[test]
    fn a_value_that_does_as_much_is_right() {
        let policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'none'";
        check(
            "Content-Security-Policy",
            policy,
            &[
                policy,
                "frame-ancestors 'none' ;script-src 'wasm-unsafe-eval' 'self';DEFAULT-SRC 'none'; report-uri /csp",
                "upgrade-insecure-requests, default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'none'",
            ],
            &[
                "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'unsafe-inline'; frame-ancestors 'none'",
                "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'",
                "default-src 'self'",
                // The same and more, where more is a hole.
                "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'none'; script-src-elem *",
                "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'none'; connect-src https:",
                // The first of two holds.
                "script-src *; default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'none'",
                // Half in one policy and half in another: neither is the wanted one.
                "default-src 'none'; frame-ancestors 'none', script-src 'self' 'wasm-unsafe-eval'",
            ],
        );
        check(
            "Cache-Control",
            "no-cache",
            &["no-cache", "No-Cache, private", "no-store", "max-age=0"],
            &["max-age=60"],
        );
        check("Cache-Control", "no-store", &["no-store", "private, no-store"], &["no-cache", "x-no-store"]);
        check(
            "Cache-Control",
            hosting::CACHED_FOR_EVER,
            &["immutable, max-age=31536000", "public,max-age=63072000,immutable"],
            &["max-age=31536000", "public, max-age=3600, immutable", "no-cache"],
        );
        check("Vary", "Accept-Encoding", &["accept-encoding", "Origin, Accept-Encoding", "*"], &["Origin"]);
        check(
            "Strict-Transport-Security",
            "max-age=31536000",
            &["max-age=63072000; includeSubDomains", "max-age=\"31536000\""],
            &["max-age=0", "max-age=300", "includeSubDomains"],
        );
        check(
            "Permissions-Policy",
            "camera=(), usb=()",
            &["usb=(),camera=( ), midi=()"],
            &["camera=()", "camera=*, usb=()"],
        );
        check("X-Content-Type-Options", "nosniff", &["nosniff", "NoSniff"], &["nosniff, nosniff"]);
    }
}
