//! A deployment that is served as it should be, and each way to spoil it.

use hosting::{Header, Part, content_type, headers, part_of};

use super::finding::{Finding, Fix, Reach, ReleaseFile, Subject, Verdict};
use super::headers::site;
use super::judge::judge;
use super::observed::{Abilities, Observed, Seen, Tried};
use crate::http::ResponseHeaders;
use crate::http::probe::Sight;

const FILES: [&str; 6] = [
    "",
    "config.json",
    "release.json",
    "latchkey-1f2e3d4c5b6a7988.js",
    "latchkey-1f2e3d4c5b6a7988_bg.wasm",
    "latchkey-8899aabbccddeeff.css",
];

type Pairs = Vec<(String, String)>;

fn pairs(part: Part, seen: &Observed, more: &[(&str, &str)]) -> Pairs {
    let owned = |name: &str, value: &str| (name.to_lowercase(), value.to_owned());
    let wanted = headers(part, &site(seen));
    let wanted = wanted.iter().map(|it| owned(it.name, &it.value));
    wanted.chain(more.iter().map(|(name, value)| owned(name, value))).collect()
}

fn sight(status: u16, pairs: Pairs, start: &str) -> Sight {
    let headers = ResponseHeaders::new(pairs);
    Sight { status, headers, start: start.to_owned(), ahead_secs: Some(0), is_redirect: false }
}

/// Pairs can be changed before they become an answer.
type Spoil<'a> = &'a dyn Fn(Part, &str, &mut Pairs);

fn observed(spoil: Spoil<'_>) -> Observed {
    let mut res = Observed {
        release: Some("r1".to_owned()),
        is_encrypted: true,
        is_secure: true,
        enforces: true,
        abilities: Abilities {
            session: true,
            storage: true,
            database: true,
            locks: true,
            clipboard: true,
            trusted_types: true,
        },
        ..Observed::default()
    };
    for path in FILES {
        let part = part_of(path);
        let name = if path.is_empty() { "index.html" } else { path };
        let mut all = pairs(part, &res, &[("Content-Type", content_type(name)), ("ETag", "\"1\"")]);
        if part == Part::Asset {
            all.push(("content-encoding".to_owned(), "br".to_owned()));
        }
        spoil(part, path, &mut all);
        let start = if path == "release.json" { r#"{"release":"r1"}"# } else { "" };
        let again = (part != Part::Asset).then_some(304);
        let sight = Some(sight(200, all, start));
        res.files.push(Seen { path: path.to_owned(), part, sight, again, sizes: None });
    }
    let mut all = pairs(Part::Notice, &res, &[("Content-Type", "text/html")]);
    spoil(Part::Notice, "", &mut all);
    res.missing = Some(sight(404, all, "<h1>404 Not Found</h1>"));
    let mut all = pairs(Part::Api, &res, &[("Content-Type", "application/json")]);
    spoil(Part::Api, "", &mut all);
    let sight = Some(sight(401, all, "{}"));
    let (name, folder) = ("Europe".to_owned(), Some("/qualys/eu1/".to_owned()));
    res.connections.push(Tried { name, folder, sight, refuses: false });
    res
}

fn good() -> Observed {
    observed(&|_, _, _| ())
}

fn wrong(seen: &Observed) -> Vec<Finding> {
    judge(seen).into_iter().filter(|it| it.verdict != Verdict::Right).collect()
}

#[track_caller]
fn check(seen: &Observed, want: Subject, verdict: Verdict) {
    let found = wrong(seen);
    let found: Vec<_> = found.iter().map(|it| (&it.subject, it.verdict)).collect();
    assert_eq!(found, [(&want, verdict)]);
}

#[test]
fn what_is_served_as_it_should_be_is_right() {
    assert_eq!(wrong(&good()), []);
    // Nothing is told twice.
    let all = judge(&good());
    for (at, finding) in all.iter().enumerate() {
        assert!(all.iter().skip(at + 1).all(|it| it.subject != finding.subject), "{:?}", finding.subject);
    }
}

/// Each header of each part is taken away in turn: the page finds it, in that part, and nothing else.
#[test]
fn each_header_is_missed_where_it_is_missing() {
    let mut count = 0;
    for part in Part::ALL {
        for header in headers(part, &site(&good())) {
            let name = header.name.to_lowercase();
            let take = |at: Part, _: &str, all: &mut Pairs| {
                if at == part {
                    all.retain(|(it, _)| *it != name);
                }
            };
            let seen = observed(&take);
            let found = wrong(&seen);
            let subject = match part {
                Part::Api => Subject::PlatformHeaders("Europe".to_owned()),
                _ => Subject::Header(header.name),
            };
            let [first, rest @ ..] = found.as_slice() else { panic!("{part:?} {name}: nothing found") };
            assert_eq!((&first.subject, first.verdict), (&subject, Verdict::Wrong), "{part:?} {name}");
            let [fault] = first.faults.as_slice() else { panic!("{part:?} {name}: {:?}", first.faults) };
            assert_eq!((fault.part, fault.got.as_str()), (part, ""), "{name}");
            assert_eq!(fault.fix, Fix::Header(header.clone()));
            // Who may frame the page is a part of that header, and cannot be told without it.
            let framing = part == Part::Page && header.name == "Content-Security-Policy";
            let want: &[Subject] = if framing { &[Subject::Frames(false, 0)] } else { &[] };
            let rest: Vec<_> = rest.iter().map(|it| it.subject.clone()).collect();
            assert_eq!(rest, want, "{part:?} {name}");
            count += 1;
        }
    }
    assert_eq!(count, 4 * 10 + 6);
}

#[test]
fn one_file_that_differs_is_named() {
    let seen = observed(&|_, path, all| {
        if path.ends_with(".wasm") {
            all.retain(|(name, _)| name != "x-content-type-options");
        }
    });
    let found = wrong(&seen);
    let faults: Vec<_> = found.iter().flat_map(|it| &it.faults).collect();
    let [fault] = faults.as_slice() else { panic!("{found:?}") };
    assert_eq!(fault.paths, ["latchkey-1f2e3d4c5b6a7988_bg.wasm"]);
}

#[test]
fn a_header_with_another_value_is_told_with_it() {
    let seen = observed(&|part, _, all| {
        if let Some((_, value)) =
            all.iter_mut().find(|(name, _)| part == Part::Page && name == "referrer-policy")
        {
            *value = "origin".to_owned();
        }
    });
    let found = wrong(&seen);
    let faults: Vec<_> = found.iter().flat_map(|it| &it.faults).map(|it| it.got.as_str()).collect();
    assert_eq!(faults, ["origin"]);
}

#[test]
fn types_packing_and_versions_are_looked_at() {
    let set = |path: &'static str, header: &'static str, value: &'static str| {
        observed(&move |_, at, all| {
            if at == path {
                all.retain(|(name, _)| name != header);
                all.push((header.to_owned(), value.to_owned()));
            }
        })
    };
    check(
        &set("latchkey-1f2e3d4c5b6a7988_bg.wasm", "content-type", "application/octet-stream"),
        Subject::Types,
        Verdict::Wrong,
    );
    check(&set("config.json", "content-type", ""), Subject::Types, Verdict::Wrong);
    assert_eq!(
        wrong(&set("latchkey-1f2e3d4c5b6a7988.js", "content-type", "application/javascript; charset=UTF-8")),
        []
    );
    check(
        &set("latchkey-8899aabbccddeeff.css", "content-encoding", ""),
        Subject::Packed(0, 0),
        Verdict::Wrong,
    );

    let mut seen = good();
    seen.files.iter_mut().for_each(|it| it.again = it.again.map(|_| 200));
    check(&seen, Subject::Unchanged, Verdict::Wrong);

    let mut seen = good();
    if let Some(it) = seen.files.iter_mut().find(|it| it.path == "config.json") {
        it.sight = None;
    }
    check(&seen, Subject::Complete, Verdict::Wrong);
}

#[test]
fn a_page_in_the_place_of_a_missing_file_is_found() {
    const PAGE: &str = "<link href=latchkey-1.css>";
    const WORDS: &str = "<h1>Not Found</h1>";
    let with = |status: u16, start: &str| {
        let mut seen = good();
        // The headers of the kind of answer it is are there, so that this is all there is to find.
        let part = if status == 200 { Part::Page } else { Part::Notice };
        let all = pairs(part, &seen, &[("Content-Type", "text/html; charset=utf-8")]);
        seen.missing = Some(sight(status, all, start));
        seen
    };
    for (status, start) in [(200, PAGE), (404, PAGE), (410, PAGE), (200, WORDS), (403, WORDS), (500, WORDS)] {
        let found = wrong(&with(status, start));
        let missing = found.iter().find(|it| matches!(it.subject, Subject::Missing(..)));
        let want = Some((&Subject::Missing(status, start == PAGE), Verdict::Wrong));
        assert_eq!(missing.map(|it| (&it.subject, it.verdict)), want);
    }
    // A server's own page for the status is none of the console's.
    for status in [404, 410] {
        assert_eq!(wrong(&with(status, WORDS)), []);
    }

    let mut seen = good();
    seen.missing = None;
    check(&seen, Subject::Missing(0, false), Verdict::Unknown);
}

#[test]
fn releases_are_compared() {
    let with = |start: &str| {
        let mut seen = good();
        for file in seen.files.iter_mut().filter(|it| it.path == "release.json") {
            if let Some(sight) = &mut file.sight {
                sight.start = start.to_owned();
            }
        }
        seen
    };
    check(&with(r#"{"release":"r2"}"#), Subject::Release(ReleaseFile::Other), Verdict::Wrong);
    check(&with("<!doctype html>"), Subject::Release(ReleaseFile::None), Verdict::Wrong);
}

#[test]
fn each_way_a_platform_may_answer_has_its_words() {
    let answer = |status: u16, kind: &str, redirect: bool| {
        let mut seen = good();
        let all = pairs(Part::Api, &seen, &[("Content-Type", kind)]);
        let mut sight = sight(status, all, "");
        sight.is_redirect = redirect;
        seen.connections.iter_mut().for_each(|it| it.sight = Some(sight.clone()));
        seen
    };
    let is = |reach| Subject::Platform("Europe".to_owned(), reach);
    for (status, kind) in [(401, "application/json"), (401, "text/html"), (403, "text/xml"), (429, "")] {
        assert_eq!(wrong(&answer(status, kind, false)), [], "{status} {kind}");
    }
    for (status, kind) in [(200, "text/html"), (404, "text/html"), (404, "application/json"), (405, "")] {
        check(&answer(status, kind, false), is(Reach::NotPassedOn), Verdict::Wrong);
    }
    for status in 502..=504 {
        check(&answer(status, "text/html", false), is(Reach::Unreached), Verdict::Wrong);
    }
    check(&answer(200, "application/json", false), is(Reach::Open), Verdict::Wrong);
    // Some say in the answer what others say by its status.
    let mut seen = answer(200, "text/xml", false);
    seen.connections.iter_mut().for_each(|it| it.refuses = true);
    assert_eq!(wrong(&seen), []);
    check(&answer(0, "", true), is(Reach::Redirected), Verdict::Wrong);
    check(&answer(500, "application/json", false), is(Reach::Odd(500)), Verdict::Unknown);
    check(&answer(403, "text/html", false), is(Reach::Odd(403)), Verdict::Unknown);

    let mut seen = good();
    seen.connections.iter_mut().for_each(|it| it.sight = None);
    check(&seen, is(Reach::Nothing), Verdict::Wrong);
    seen.connections.iter_mut().for_each(|it| it.folder = None);
    check(&seen, is(Reach::Elsewhere), Verdict::Wrong);
}

#[test]
fn the_browser_and_its_clock_are_looked_at() {
    let with = |change: &dyn Fn(&mut Observed)| {
        let mut seen = good();
        change(&mut seen);
        seen
    };
    let ahead = |secs: i64| {
        with(&|it| {
            it.files.iter_mut().filter_map(|it| it.sight.as_mut()).for_each(|it| it.ahead_secs = Some(secs));
        })
    };
    assert_eq!(wrong(&ahead(60)), []);
    assert_eq!(wrong(&ahead(-60)), []);
    check(&ahead(61), Subject::Clock(Some(61)), Verdict::Wrong);
    check(&ahead(-300), Subject::Clock(Some(-300)), Verdict::Wrong);
    check(&with(&|it| it.enforces = false), Subject::Enforced, Verdict::Wrong);
    check(&with(&|it| it.abilities.trusted_types = false), Subject::TrustedTypes, Verdict::Unknown);
    check(&with(&|it| it.abilities.session = false), Subject::Session, Verdict::Wrong);
    check(&with(&|it| it.abilities.storage = false), Subject::Storage, Verdict::Wrong);
    check(&with(&|it| it.abilities.database = false), Subject::Database, Verdict::Wrong);
    check(&with(&|it| it.abilities.locks = false), Subject::Locks, Verdict::Wrong);
    check(&with(&|it| it.abilities.clipboard = false), Subject::Clipboard, Verdict::Wrong);
}

#[test]
fn without_encryption_what_depends_on_it_cannot_be_told() {
    let mut seen = good();
    seen.is_encrypted = false;
    check(&seen, Subject::Header("Strict-Transport-Security"), Verdict::Unknown);
    seen.is_secure = false;
    let found: Vec<_> = wrong(&seen).into_iter().map(|it| it.subject).collect();
    assert_eq!(found, [Subject::Header("Strict-Transport-Security"), Subject::Way(false)]);
}

#[test]
fn a_build_that_is_no_release_is_not_blamed_for_it() {
    let mut seen = observed(&|_, _, all| all.retain(|(name, _)| name != "content-encoding"));
    seen.release = None;
    seen.files.retain(|it| it.path != "release.json");
    let found: Vec<_> = wrong(&seen).into_iter().map(|it| (it.subject, it.verdict)).collect();
    let want = [
        (Subject::Packed(0, 0), Verdict::Unknown),
        (Subject::Release(ReleaseFile::NoRelease), Verdict::Unknown),
    ];
    assert_eq!(found, want);
}

#[test]
fn where_nothing_answers_nothing_is_called_right_or_wrong_unseen() {
    let mut seen = good();
    seen.files.iter_mut().for_each(|it| it.sight = None);
    seen.missing = None;
    let headers = judge(&seen).into_iter().filter(|it| matches!(it.subject, Subject::Header(_)));
    assert!(headers.into_iter().all(|it| it.verdict == Verdict::Unknown));
}

#[test]
fn portals_are_wanted_in_the_policy() {
    let mut seen = good();
    seen.portals = vec!["https://portal.example".to_owned()];
    let found = wrong(&seen);
    let names: Vec<_> = found.iter().map(|it| it.subject.clone()).collect();
    assert_eq!(
        names,
        [Subject::Header("Content-Security-Policy"), Subject::Header("Cross-Origin-Resource-Policy")]
    );
    let wanted = |it: &Header| it.value.contains("https://portal.example");
    let fixes = found.iter().flat_map(|it| &it.faults);
    assert!(fixes.into_iter().any(|it| matches!(&it.fix, Fix::Header(header) if wanted(header))));
}
