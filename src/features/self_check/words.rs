//! Findings in words.

use hosting::{Part, Server};

use super::finding::{Fault, Finding, Fix, Group, Reach, ReleaseFile, Subject, Verdict};
use super::lines::lines;
use crate::i18n::t;
use crate::platform::intl;

/// Characters of a header's value that are told.
const SHOWN: usize = 300;

/// A verdict in a word or two.
#[must_use]
pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Wrong => t::check_verdict_wrong(),
        Verdict::Unknown => t::check_verdict_unknown(),
        Verdict::Right => t::check_verdict_right(),
    }
}

/// The heading of a group.
#[must_use]
pub(super) fn group(group: Group) -> &'static str {
    match group {
        Group::Headers => t::check_group_headers(),
        Group::Files => t::check_group_files(),
        Group::Platforms => t::check_group_platforms(),
        Group::Browser => t::check_group_browser(),
    }
}

/// What was looked at.
#[must_use]
pub(super) fn title(subject: &Subject) -> String {
    let text = match subject {
        Subject::Header(name) => return (*name).to_owned(),
        Subject::Platform(name, _) => return name.clone(),
        Subject::PlatformHeaders(name) => return t::check_platform_headers(name),
        Subject::Frames(..) => t::check_frames(),
        Subject::Complete => t::check_complete(),
        Subject::Types => t::check_types(),
        Subject::Packed(..) => t::check_packed(),
        Subject::Unchanged => t::check_unchanged(),
        Subject::Missing(..) => t::check_missing(),
        Subject::Release(_) => t::check_release(),
        Subject::Clock(_) => t::check_clock(),
        Subject::Way(_) => t::check_way(),
        Subject::Enforced => t::check_enforced(),
        Subject::TrustedTypes => t::check_trusted_types(),
        Subject::Session => t::check_session(),
        Subject::Storage => t::check_storage(),
        Subject::Database => t::check_database(),
        Subject::Locks => t::check_locks(),
        Subject::Clipboard => t::check_clipboard(),
    };
    text.to_owned()
}

/// What it is for: what is lost without it.
#[must_use]
pub(super) fn purpose(subject: &Subject) -> &'static str {
    match subject {
        Subject::Header(name) => header(name),
        Subject::Platform(..) => t::check_platform_for(),
        Subject::PlatformHeaders(_) => t::check_platform_headers_for(),
        Subject::Frames(..) => t::check_frames_for(),
        Subject::Complete => t::check_complete_for(),
        Subject::Types => t::check_types_for(),
        Subject::Packed(..) => t::check_packed_for(),
        Subject::Unchanged => t::check_unchanged_for(),
        Subject::Missing(..) => t::check_missing_for(),
        Subject::Release(_) => t::check_release_for(),
        Subject::Clock(_) => t::check_clock_for(),
        Subject::Way(_) => t::check_way_for(),
        Subject::Enforced => t::check_enforced_for(),
        Subject::TrustedTypes => t::check_trusted_types_for(),
        Subject::Session => t::check_session_for(),
        Subject::Storage => t::check_storage_for(),
        Subject::Database => t::check_database_for(),
        Subject::Locks => t::check_locks_for(),
        Subject::Clipboard => t::check_clipboard_for(),
    }
}

fn header(name: &str) -> &'static str {
    match name {
        "Content-Security-Policy" => t::check_for_policy(),
        "Cross-Origin-Opener-Policy" => t::check_for_opener(),
        "Cross-Origin-Embedder-Policy" => t::check_for_embedder(),
        "Cross-Origin-Resource-Policy" => t::check_for_resource(),
        "X-Content-Type-Options" => t::check_for_nosniff(),
        "Referrer-Policy" => t::check_for_referrer(),
        "Permissions-Policy" => t::check_for_permissions(),
        "Cache-Control" => t::check_for_caching(),
        "Vary" => t::check_for_vary(),
        "Strict-Transport-Security" => t::check_for_hsts(),
        _ => "",
    }
}

/// How it stands, where that takes a sentence.
#[must_use]
pub(super) fn state(finding: &Finding) -> String {
    let text = match (&finding.subject, finding.verdict) {
        (Subject::Header("Strict-Transport-Security"), Verdict::Unknown) => t::check_hsts_unknown(),
        (Subject::Header(_), Verdict::Unknown) => t::check_not_seen(),
        (Subject::Platform(_, reach), _) => return platform(*reach),
        (Subject::Frames(true, _), Verdict::Right) => t::check_framed(),
        (Subject::Frames(false, 0), Verdict::Right) => t::check_frames_none(),
        (Subject::Frames(false, count), Verdict::Right) => return t::check_frames_some(*count as u64),
        (Subject::Frames(..), _) => t::check_frames_unknown(),
        (Subject::Packed(..), Verdict::Unknown) => t::check_packed_unknown(),
        (Subject::Packed(over, whole), Verdict::Right) if *whole > 0 => {
            return t::check_packed_sizes(&kilobytes(*whole), &kilobytes(*over));
        }
        (Subject::Missing(..), Verdict::Unknown) => t::check_not_seen(),
        (Subject::Missing(status, true), Verdict::Wrong) => {
            return t::check_missing_page(&status.to_string());
        }
        (Subject::Missing(status, false), Verdict::Wrong) => {
            return t::check_missing_wrong(&status.to_string());
        }
        (Subject::Release(ReleaseFile::Other), _) => t::check_release_other(),
        (Subject::Release(ReleaseFile::None), _) => t::check_release_none(),
        (Subject::Release(ReleaseFile::NoRelease), _) => t::check_release_no(),
        (Subject::Clock(None), _) => t::check_not_seen(),
        (Subject::Clock(Some(secs)), Verdict::Wrong) => {
            let shown = intl::number(secs.unsigned_abs());
            return if *secs > 0 { t::check_clock_ahead(&shown) } else { t::check_clock_behind(&shown) };
        }
        (Subject::Way(false), Verdict::Right) => t::check_way_local(),
        (Subject::Way(_), Verdict::Wrong) => t::check_way_wrong(),
        (Subject::Enforced, Verdict::Wrong) => t::check_enforced_wrong(),
        (Subject::TrustedTypes, Verdict::Unknown) => t::check_trusted_types_unknown(),
        (
            Subject::Session | Subject::Storage | Subject::Database | Subject::Locks | Subject::Clipboard,
            Verdict::Wrong,
        ) => t::check_refused(),
        _ => "",
    };
    text.to_owned()
}

fn kilobytes(bytes: u64) -> String {
    intl::number(bytes.div_ceil(1_000))
}

fn platform(reach: Reach) -> String {
    let text = match reach {
        Reach::Answers => t::check_platform_answers(),
        Reach::Nothing => t::check_platform_nothing(),
        Reach::NotPassedOn => t::check_platform_not_passed(),
        Reach::Unreached => t::check_platform_unreached(),
        Reach::Redirected => t::check_platform_redirected(),
        Reach::Open => t::check_platform_open(),
        Reach::Elsewhere => t::check_platform_elsewhere(),
        Reach::Odd(status) => return t::check_platform_odd(&status.to_string()),
    };
    text.to_owned()
}

/// Faults that have one remedy, told together.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// Where, and what was seen there.
    pub(super) said: String,
    /// What the lines are called.
    pub(super) name: String,
    /// The lines for a server, or in words why there are none.
    pub(super) remedy: Result<String, &'static str>,
    /// The lines stand beside those of the console, and not among them.
    pub(super) is_of_site: bool,
}

/// The faults of a finding, with what mends them on a server. What the same lines mend stands together.
#[must_use]
pub(super) fn told(server: Server, finding: &Finding) -> Vec<Told> {
    let mut groups: Vec<(Vec<&Fault>, Result<String, &'static str>)> = Vec::new();
    for fault in &finding.faults {
        let remedy = remedy(server, fault);
        let same =
            groups.iter_mut().find(|(all, it)| *it == remedy && all.iter().all(|it| it.got == fault.got));
        match same {
            Some((all, _)) => all.push(fault),
            None => groups.push((vec![fault], remedy)),
        }
    }
    let told = |(faults, remedy): (Vec<&Fault>, _)| {
        let places: Vec<String> = faults.iter().map(|it| place(finding, it)).collect();
        let places = places.join(", ");
        let first = *faults.first()?;
        let name = t::check_line_for(&what(finding, first), server.name(), &places);
        let is_of_site = matches!(first.fix, Fix::Proxy(_));
        Some(Told { said: said(finding, first, &places), name, remedy, is_of_site })
    };
    groups.into_iter().filter_map(told).collect()
}

/// Where something is wrong, and what was seen there.
fn said(finding: &Finding, fault: &Fault, places: &str) -> String {
    let place = match (&finding.subject, &fault.fix) {
        // There it is one of several headers.
        (Subject::PlatformHeaders(_), Fix::Header(header)) => header.name,
        _ => places,
    };
    let got: String = fault.got.chars().filter(|it| !it.is_control()).take(SHOWN).collect();
    match &fault.fix {
        Fix::Header(_) | Fix::Type(_) if got.is_empty() => t::check_not_sent(place),
        Fix::Header(_) | Fix::Type(_) => t::check_sent(place, &got),
        Fix::None if got.is_empty() => t::check_no_answer(place),
        Fix::None => t::check_status(place, &got),
        Fix::Packed | Fix::Marks | Fix::Missing | Fix::Proxy(_) => place.to_owned(),
    }
}

/// What a fault is about: a header, or the thing itself.
fn what(finding: &Finding, fault: &Fault) -> String {
    match &fault.fix {
        Fix::Header(header) => header.name.to_owned(),
        _ => title(&finding.subject),
    }
}

/// Where a fault is.
fn place(finding: &Finding, fault: &Fault) -> String {
    let part = match fault.part {
        Part::Page => t::check_part_page(),
        Part::Config => t::check_part_config(),
        Part::Asset => t::check_part_asset(),
        Part::Notice => t::check_part_notice(),
        Part::Api => return title(&finding.subject),
    };
    if fault.paths.is_empty() { part.to_owned() } else { fault.paths.join(", ") }
}

/// What mends it: the lines for a server, or in words why there are none.
fn remedy(server: Server, fault: &Fault) -> Result<String, &'static str> {
    lines(server, fault).ok_or(match fault.fix {
        Fix::Packed | Fix::Marks => t::check_by_itself(),
        Fix::Missing => t::check_no_fallback(),
        Fix::Proxy(_) => t::check_no_proxy(),
        Fix::Header(_) | Fix::Type(_) | Fix::None => t::check_incomplete(),
    })
}

#[cfg(test)]
mod tests {
    use hosting::{Site, headers};

    use super::*;

    #[test]
    fn what_one_line_mends_is_told_once() {
        let name = "Referrer-Policy";
        let fault = |part: Part, got: &str| {
            let header = headers(part, &Site::default()).into_iter().find(|it| it.name == name);
            let fix = header.map_or(Fix::None, Fix::Header);
            Fault { part, paths: Vec::new(), got: got.to_owned(), fix }
        };
        let faults = vec![fault(Part::Page, ""), fault(Part::Config, ""), fault(Part::Asset, "origin")];
        let finding = Finding::of(Subject::Header("Referrer-Policy"), faults);
        let count = |server: Server| told(server, &finding).len();
        assert_eq!((count(Server::Nginx), count(Server::Caddy)), (2, 2));
        let all = told(Server::Nginx, &finding);
        let said: Vec<&str> = all.iter().map(|it| it.said.as_str()).collect();
        let both = [t::check_part_page(), ", ", t::check_part_config()].concat();
        assert_eq!(said, [t::check_not_sent(&both), t::check_sent(t::check_part_asset(), "origin")]);
    }
}
