//! What is right and wrong with a deployment. Pure: what was seen goes in, what to say comes out.

use hosting::Part;

use super::finding::{Fault, Finding, Fix, Reach, ReleaseFile, Subject, Verdict};
use super::headers;
use super::observed::{Observed, Seen, Tried};
use crate::features::release::{RELEASE_FILE, release_of};
use crate::http::probe::Sight;

/// How far ahead or behind a clock may be, in seconds.
const SKEW_SECS: i64 = 60;

/// Judges everything that was seen. Each thing has one finding, whatever its verdict.
#[must_use]
pub fn judge(seen: &Observed) -> Vec<Finding> {
    let mut res = headers::own(seen);
    res.push(frames(seen));
    res.push(complete(seen));
    res.push(types(seen));
    res.push(packed(seen));
    res.push(unchanged(seen));
    res.push(missing(seen));
    res.push(release(seen));
    for tried in &seen.connections {
        res.extend(platform(tried, seen));
    }
    res.extend(browser(seen));
    res
}

fn header<'a>(sight: &'a Sight, name: &str) -> &'a str {
    sight.headers.get(name).unwrap_or_default()
}

/// Who may frame the page can be said by a header alone.
fn frames(seen: &Observed) -> Finding {
    let policy = seen.page().map(|it| header(it, "Content-Security-Policy")).unwrap_or_default();
    let subject = Subject::Frames(seen.is_framed, seen.portals.len());
    // Another list of portals is told with the policy itself.
    let verdict = if policy.contains("frame-ancestors") { Verdict::Right } else { Verdict::Unknown };
    Finding::plain(subject, verdict)
}

fn is_there(file: &Seen) -> Option<(&Seen, &Sight)> {
    file.sight.as_ref().filter(|it| it.status == 200).map(|it| (file, it))
}

/// The file of the newest release has a finding of its own.
fn complete(seen: &Observed) -> Finding {
    let wrong = seen.files.iter().filter(|it| is_there(it).is_none() && it.path != RELEASE_FILE);
    let faults = wrong.map(|file| Fault {
        part: file.part,
        paths: if file.part == Part::Page { Vec::new() } else { vec![file.path.clone()] },
        got: file.sight.as_ref().map(|it| it.status.to_string()).unwrap_or_default(),
        fix: Fix::None,
    });
    Finding::of(Subject::Complete, faults.collect())
}

fn types(seen: &Observed) -> Finding {
    let mut faults: Vec<Fault> = Vec::new();
    for (file, sight) in seen.files.iter().filter_map(is_there) {
        let name = if file.part == Part::Page { "index.html" } else { file.path.as_str() };
        let got = header(sight, "Content-Type");
        if !is_type(hosting::content_type(name), got) {
            let paths = vec![name.to_owned()];
            faults.push(Fault {
                part: file.part,
                paths,
                got: got.to_owned(),
                fix: Fix::Type(name.to_owned()),
            });
        }
    }
    Finding::of(Subject::Types, faults)
}

fn is_type(wanted: &str, got: &str) -> bool {
    let essence = |it: &str| it.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let (wanted, got) = (essence(wanted), essence(got));
    // The older name of the same, which many servers still send.
    wanted == got || (wanted == "text/javascript" && got == "application/javascript")
}

fn packed(seen: &Observed) -> Finding {
    let (mut over, mut whole) = (0, 0);
    let mut paths = Vec::new();
    for (file, sight) in seen.files.iter().filter_map(is_there).filter(|(it, _)| it.part == Part::Asset) {
        if let Some((packed, unpacked)) = file.sizes {
            over += packed;
            whole += unpacked;
        }
        let is_packed = !header(sight, "Content-Encoding").is_empty()
            || file.sizes.is_some_and(|(packed, unpacked)| packed < unpacked);
        if !is_packed {
            paths.push(file.path.clone());
        }
    }
    let subject = Subject::Packed(over, whole);
    if seen.release.is_none() {
        // Only a release has packed files.
        return Finding::plain(subject, Verdict::Unknown);
    }
    let fault = Fault { part: Part::Asset, got: String::new(), fix: Fix::Packed, paths };
    Finding::of(subject, if fault.paths.is_empty() { Vec::new() } else { vec![fault] })
}

fn unchanged(seen: &Observed) -> Finding {
    let short_lived = seen.files.iter().filter(|it| it.part != Part::Asset);
    let wrong = short_lived.filter_map(is_there).filter(|(it, _)| it.again != Some(304));
    let faults = wrong.map(|(file, _)| Fault {
        part: file.part,
        paths: if file.part == Part::Page { Vec::new() } else { vec![file.path.clone()] },
        got: String::new(),
        fix: Fix::Marks,
    });
    Finding::of(Subject::Unchanged, faults.collect())
}

fn missing(seen: &Observed) -> Finding {
    let Some(sight) = &seen.missing else {
        return Finding::plain(Subject::Missing(0, false), Verdict::Unknown);
    };
    let is_page = is_page(sight);
    let subject = Subject::Missing(sight.status, is_page);
    // A page in the place of a program is a program that does not start, with a misleading reason.
    if matches!(sight.status, 404 | 410) && !is_page {
        return Finding::plain(subject, Verdict::Right);
    }
    let got = header(sight, "Content-Type").to_owned();
    Finding::of(subject, vec![Fault { part: Part::Notice, paths: Vec::new(), got, fix: Fix::Missing }])
}

/// Whether an answer is the console's own page, or one of the site.
fn is_page(sight: &Sight) -> bool {
    // A server's own words about a status are a page too, and harmless.
    is_type("text/html", header(sight, "Content-Type")) && sight.start.contains("latchkey")
}

fn release(seen: &Observed) -> Finding {
    let Some(own) = &seen.release else {
        return Finding::plain(Subject::Release(ReleaseFile::NoRelease), Verdict::Unknown);
    };
    let file = seen.files.iter().find(|it| it.path == RELEASE_FILE).and_then(is_there);
    match file.and_then(|(_, sight)| release_of(&sight.start)) {
        Some(it) if it == *own => Finding::plain(Subject::Release(ReleaseFile::Same), Verdict::Right),
        Some(_) => Finding::plain(Subject::Release(ReleaseFile::Other), Verdict::Wrong),
        None => Finding::plain(Subject::Release(ReleaseFile::None), Verdict::Wrong),
    }
}

fn platform(tried: &Tried, seen: &Observed) -> Vec<Finding> {
    let reach = reach(tried);
    let subject = Subject::Platform(tried.name.clone(), reach);
    let fault = |path: &String| Fault {
        part: Part::Api,
        paths: Vec::new(),
        got: String::new(),
        fix: Fix::Proxy(path.clone()),
    };
    let mut res = match reach {
        Reach::Answers => vec![Finding::plain(subject, Verdict::Right)],
        Reach::Odd(_) => vec![Finding::plain(subject, Verdict::Unknown)],
        Reach::NotPassedOn => vec![Finding::of(subject, tried.folder.iter().map(fault).collect())],
        _ => vec![Finding::plain(subject, Verdict::Wrong)],
    };
    // Of other answers it is not known whose they are.
    if let (Reach::Answers | Reach::Open, Some(sight)) = (reach, &tried.sight) {
        res.push(headers::of_platform(&tried.name, sight, seen));
    }
    res
}

fn reach(tried: &Tried) -> Reach {
    if tried.folder.is_none() {
        return Reach::Elsewhere;
    }
    let Some(sight) = &tried.sight else { return Reach::Nothing };
    let is_html = is_type("text/html", header(sight, "Content-Type"));
    match sight.status {
        _ if sight.is_redirect => Reach::Redirected,
        502..=504 => Reach::Unreached,
        401 | 429 => Reach::Answers,
        _ if tried.refuses => Reach::Answers,
        403 if !is_html => Reach::Answers,
        404 | 405 => Reach::NotPassedOn,
        200..=299 if is_html => Reach::NotPassedOn,
        200..=299 => Reach::Open,
        status => Reach::Odd(status),
    }
}

fn browser(seen: &Observed) -> Vec<Finding> {
    let can = |subject: Subject, it: bool| {
        Finding::plain(subject, if it { Verdict::Right } else { Verdict::Wrong })
    };
    let ahead = seen.page().and_then(|it| it.ahead_secs);
    let clock = match ahead {
        Some(secs) => can(Subject::Clock(ahead), secs.abs() <= SKEW_SECS),
        None => Finding::plain(Subject::Clock(None), Verdict::Unknown),
    };
    let Observed { is_encrypted, is_secure, abilities, .. } = *seen;
    vec![
        clock,
        can(Subject::Way(is_encrypted), is_secure),
        can(Subject::Enforced, seen.enforces),
        Finding::plain(
            Subject::TrustedTypes,
            // Without them the same policy still forbids all else.
            if abilities.trusted_types { Verdict::Right } else { Verdict::Unknown },
        ),
        can(Subject::Session, abilities.session),
        can(Subject::Storage, abilities.storage),
        can(Subject::Database, abilities.database),
        can(Subject::Locks, abilities.locks),
        can(Subject::Clipboard, abilities.clipboard),
    ]
}
