//! Every proposal that is taken gives a query that parses.

use super::accept::accept;
use super::offer::{Ask, Insert, Offer, Offers, offers};
use crate::features::query_box::language::Language;
use crate::features::query_box::model::Known;
use crate::systems::{SeenValues, System};

/// Values that need quotes, each in another way.
fn seen(_: &'static str) -> SeenValues {
    let values = ["Berlin", "Ada Byron", "5\" disk", "O'Brien", "a, b", "AND", "x]", "ü", "acme_ab1", "42"];
    SeenValues { values: values.map(|it| (it.to_owned(), 3)).to_vec(), keys: 30 }
}

fn at(text: &str, at: usize, language: &'static dyn Language, recent: &[String]) -> Offers {
    let known = Known::of(text, language);
    let fields = language.fields();
    let runs = known.faults.is_empty() && known.notes.is_empty();
    let ask = Ask { parse: &known.parse, text, at, runs, language, fields: &fields, seen: &seen, recent };
    offers(&ask)
}

fn qualys() -> &'static dyn Language {
    System::QUALYS_GATEWAY.manifest()
}

/// What is proposed at the caret, which is a `|`, and the text with each proposal taken.
fn taken(marked: &str, language: &'static dyn Language) -> Vec<(Offer, String, usize)> {
    let (before, after) = marked.split_once('|').unwrap_or((marked, ""));
    let text = [before, after].concat();
    let found = at(&text, before.len(), language, &[]);
    let take = |offer: &Offer| {
        let (new, caret) = match &offer.insert {
            Insert::Part { range, text: new, behind, .. } => accept(&text, range, new, behind),
            Insert::Day(range) => accept(&text, range, "2026-12-31", ""),
            Insert::Query(query) => (query.clone(), query.len()),
        };
        (offer.clone(), new, caret)
    };
    found.all().map(take).collect()
}

fn codes(marked: &str) -> Vec<String> {
    taken(marked, qualys()).into_iter().map(|it| it.0.code).collect()
}

fn first(marked: &str) -> Option<String> {
    taken(marked, qualys()).into_iter().next().map(|it| it.1)
}

/// The text as it is, or where more is to come, with a value or a clause at the caret.
fn completed(offer: &Offer, text: &str, caret: usize) -> Vec<String> {
    let is_more = matches!(offer.insert, Insert::Part { more: true, .. });
    let rest: &[&str] = if is_more { &["", "7", "x: 7"] } else { &[""] };
    rest.iter().filter_map(|it| Some([text.get(..caret)?, it, text.get(caret..)?].concat())).collect()
}

#[test]
fn every_proposal_gives_a_query_that_parses() {
    let shapes = [
        "|",
        "F|",
        "F |",
        "F:|",
        "F: |",
        "F: b|",
        "F: \"b|\"",
        "F > |",
        "F: [|",
        "F: [a, |]",
        "F: [1 .. |]",
        "F: a AND |",
        "F: a AND F: |",
        "(F: a OR F|)",
        "NOT F: |",
        "F: a |",
        "F: \"a\" o|",
        "| F: a",
        "F: a | F: b",
        "F: a AND | F: b",
        "(F: |) AND F: b",
        "F: |AND F: b",
        "F|: a",
        "some words|",
        "(berlin|) OR F: a",
        "7781808c-1234-4abc-8def-000000000000|",
        "12345|",
        "F: one two|",
        "F: one an|",
        "(|)",
        "F: a AND (|",
    ];
    let mut count = 0;
    for system in System::all() {
        let language: &'static dyn Language = system.manifest();
        for field in language.fields() {
            for shape in shapes {
                let marked = shape.replace('F', field.name);
                let errors = |text: &str| qql::parse(text).errors().len();
                let before = errors(&marked.replacen('|', "", 1));
                for (offer, text, caret) in taken(&marked, language) {
                    count += 1;
                    let best = completed(&offer, &text, caret).iter().map(|it| errors(it)).min();
                    assert!(
                        best.is_some_and(|it| it <= before),
                        "{marked} with {:?} is {text}: {best:?} errors, {before} before",
                        offer.code
                    );
                }
            }
        }
    }
    assert!(count > 10_000, "{count}");
}

#[test]
fn every_place_of_a_text_takes_every_proposal() {
    let texts = [
        "title: berlin AND (used > 5 OR NOT state: active)",
        "activationKey.isDisabled:true OR expires: [2026-01-01 .. now]",
        "title: \"two words\" AND title: `exact` OR title: two words",
        "NOT NOT (title: a)",
        "licence: [VM, PA] and used: (1 .. 5)",
    ];
    for text in texts {
        assert!(qql::parse(text).errors().is_empty(), "{text}");
        for place in (0..=text.len()).filter(|it| text.is_char_boundary(*it)) {
            let marked =
                [text.get(..place).unwrap_or_default(), "|", text.get(place..).unwrap_or_default()].concat();
            for (offer, new, caret) in taken(&marked, qualys()) {
                let good = completed(&offer, &new, caret).iter().any(|it| qql::parse(it).errors().is_empty());
                assert!(good, "{marked} with {:?} is {new}", offer.code);
            }
        }
    }
}

#[test]
fn a_value_that_is_taken_completes_its_clause() {
    for field in qualys().fields() {
        for (offer, text, caret) in taken(&[field.name, ": |"].concat(), qualys()) {
            assert_eq!(caret, text.len());
            assert!(Known::of(&text, qualys()).faults.is_empty(), "{} gives {text}", offer.code);
        }
    }
}

#[test]
fn names_come_by_section_and_the_nearest_first() {
    let all = at("", 0, qualys(), &[]);
    let titles: Vec<&str> = all.groups.iter().map(|it| it.title.as_str()).collect();
    use crate::i18n::t;
    assert_eq!(titles, [t::query_suggest_on_service(), t::query_suggest_here(), t::query_suggest_joins()]);
    assert_eq!(codes("tit|").first().map(String::as_str), Some("title"));
    assert_eq!(first("exp|").as_deref(), Some("expires: "));
    assert_eq!(first("disab|").as_deref(), Some("activationKey.isDisabled: "));
    assert_eq!(first("tit|: x").as_deref(), Some("title: x"));
}

#[test]
fn plain_text_becomes_the_clause_that_was_meant() {
    assert_eq!(first("berlin|").as_deref(), Some("title: berlin"));
    assert_eq!(first("berlin mitte|").as_deref(), Some("title: \"berlin mitte\""));
    assert_eq!(first("used: 1 AND berlin|").as_deref(), Some("used: 1 AND title: berlin"));
    let guid = "7781808c-1234-4abc-8def-000000000000";
    let want = ["activationKey: `", guid, "`"].concat();
    assert_eq!(first(&[guid, "|"].concat()).as_deref(), Some(&*want));
    assert_eq!(
        first(&["state: active AND ", guid, "|"].concat()),
        Some(["state: active AND ", &want].concat())
    );
    assert_eq!(first("12345|").as_deref(), Some("activationKey.id: 12345"));
    assert_eq!(first("used 5|").as_deref(), Some("used: 5"));
    assert_eq!(first("expires in 30 days|").as_deref(), Some("expires: in 30 days"));
    assert_eq!(first("expires: in 45|").as_deref(), Some("expires: in 45 days"));
}

#[test]
fn values_are_proposed_by_the_kind_of_their_field() {
    assert_eq!(codes("activationKey.isDisabled: |"), ["true", "false"]);
    assert_eq!(first("state: dis|").as_deref(), Some("state: disabled"));
    assert_eq!(first("title: ada|").as_deref(), Some("title: \"Ada Byron\""));
    assert_eq!(first("title: byr|").as_deref(), Some("title: \"Ada Byron\""));
    assert_eq!(first("title: 5|").as_deref(), Some("title: '5\" disk'"));
    assert!(codes("activationKey: 77|").is_empty());
    let dates = codes("expires > |");
    assert_eq!(dates.iter().map(String::as_str).take(2).collect::<Vec<_>>(), ["now+30d", "now-30d"]);
    assert_eq!(codes("expires: a |"), ["AND", "OR"]);
    assert_eq!(codes("used |"), [":", ">", ">=", "<", "<="]);
}

#[test]
fn enter_takes_what_is_half_typed_and_no_more() {
    let obvious = |text: &str| at(text, text.len(), qualys(), &[]).is_obvious;
    for text in ["tit", "berlin", "state: act", "activationKey.isDisabled: t", "title: a AND us"] {
        assert!(obvious(text), "{text}");
    }
    for text in
        ["", "title: be", "title:", "activationKey.isDisabled: true", "(activationKey.isDisabled: true"]
    {
        assert!(!obvious(text), "{text}");
    }
    assert!(!obvious("title: \"a\" AND"));
}

#[test]
fn recent_queries_come_first_and_whole() {
    let recent = ["state: active".to_owned(), "title: berlin".to_owned()];
    let found = at("", 0, qualys(), &recent);
    let codes: Vec<&str> = found.all().map(|it| it.code.as_str()).take(2).collect();
    assert_eq!(codes, ["state: active", "title: berlin"]);
    let found = at("Tit", 3, qualys(), &recent);
    assert_eq!(
        found.all().next().map(|it| it.insert.clone()),
        Some(Insert::Query("title: berlin".to_owned()))
    );
    assert!(!found.is_obvious);
    assert!(
        at("title: berlin", 13, qualys(), &recent).all().all(|it| !matches!(it.insert, Insert::Query(_)))
    );
}
