//! Saved queries as a file: to another browser, to a colleague, and back.

use serde_json::{Value as Json, json};

use super::entry::{Entry, LONGEST_NAME, Wrong, count, read_entry};
use super::set::{MOST, QuerySet, Saved};
use crate::features::saved_queries::ALL_CONNECTIONS;
use crate::i18n::t;
use crate::systems::System;

/// What tells a file of ours from any other.
const FORMAT: &str = "latchkey-queries";

/// The version of the file.
const VERSION: u64 = 1;

/// Bytes of a file that are read at most: a full set of the longest queries, in any script.
pub(super) const LARGEST: u32 = 4 * 1024 * 1024;

/// The queries of a system as the text of a file.
pub(super) fn export(system: &str, set: &QuerySet) -> String {
    let entry = |it: &Saved| match set.default.as_deref() == Some(&it.id) {
        true => json!({ "name": it.name, "query": it.query, "default": true }),
        false => json!({ "name": it.name, "query": it.query }),
    };
    let queries: Vec<Json> = set.queries.iter().map(entry).collect();
    let file = json!({ "format": FORMAT, "version": VERSION, "system": system, "queries": queries });
    // A value made of texts always has a JSON form.
    serde_json::to_string_pretty(&file).unwrap_or_default()
}

/// Why a file cannot be taken. Nothing of it is then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It is no JSON; line and column of the first mistake, from 1.
    NotJson(usize, usize),
    /// It is something else.
    NotOurs,
    /// It was written by another version.
    OtherVersion,
    /// Its queries are of another system: its id.
    OtherSystem(String),
    /// More queries than a set holds.
    TooMany(usize),
    /// Together with those that are there, more than a set holds.
    NoRoom(usize),
    /// What is wrong with one query: its place from 1, its name if it has one.
    Entry(usize, String, Wrong),
}

impl Refused {
    pub(super) fn text(&self) -> String {
        match self {
            Self::NotJson(line, column) => t::saved_file_not_json(&count(*line), &count(*column)),
            Self::NotOurs => t::saved_file_not_ours().to_owned(),
            Self::OtherVersion => t::saved_file_version().to_owned(),
            Self::OtherSystem(id) => t::saved_file_system(&system_name(id)),
            Self::TooMany(number) => t::saved_file_too_many(&count(*number), &count(MOST)),
            Self::NoRoom(number) => t::saved_file_no_room(&count(*number), &count(MOST)),
            Self::Entry(at, name, wrong) if name.is_empty() => {
                t::saved_file_entry(&count(*at), &wrong.text())
            }
            Self::Entry(at, name, wrong) => t::saved_file_entry_named(&count(*at), name, &wrong.text()),
        }
    }
}

/// A system by the name that readers know; an unknown one by what the file calls it.
pub(super) fn system_name(id: &str) -> String {
    match System::parse(id) {
        Some(system) => (system.manifest().name)().to_owned(),
        None if id == ALL_CONNECTIONS => t::connections_all().to_owned(),
        None => id.chars().take(40).collect(),
    }
}

/// A query of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileEntry {
    entry: Entry,
    is_default: bool,
}

/// Reads a file with queries of `system`.
///
/// # Errors
/// Everything that is wrong with it, so that it is corrected once.
pub(super) fn read(text: &str, system: &str) -> Result<Vec<FileEntry>, Vec<Refused>> {
    // Editors put a mark before UTF-8 that is no JSON.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let json: Json =
        serde_json::from_str(text).map_err(|err| vec![Refused::NotJson(err.line(), err.column())])?;
    let member = |name: &str| json.get(name);
    if member("format").and_then(Json::as_str) != Some(FORMAT) {
        return Err(vec![Refused::NotOurs]);
    }
    if member("version").and_then(Json::as_u64) != Some(VERSION) {
        return Err(vec![Refused::OtherVersion]);
    }
    let (Some(of), Some(queries)) =
        (member("system").and_then(Json::as_str), member("queries").and_then(Json::as_array))
    else {
        return Err(vec![Refused::NotOurs]);
    };
    if of != system {
        return Err(vec![Refused::OtherSystem(of.to_owned())]);
    }
    if queries.len() > MOST {
        return Err(vec![Refused::TooMany(queries.len())]);
    }
    let (mut res, mut refused) = (Vec::new(), Vec::new());
    for (idx, json) in queries.iter().enumerate() {
        match read_entry(json) {
            Ok(entry) => {
                let is_default = json.get("default").and_then(Json::as_bool).unwrap_or(false);
                res.push(FileEntry { entry, is_default });
            }
            Err(wrong) => {
                // A name that must not be kept is not repeated either.
                let name = json.get("name").and_then(Json::as_str).map(super::entry::read_name);
                let name = name.and_then(Result::ok).unwrap_or_default();
                refused.extend(wrong.into_iter().map(|it| Refused::Entry(idx + 1, name.clone(), it)));
            }
        }
    }
    if refused.is_empty() { Ok(res) } else { Err(refused) }
}

/// What came of a file, one line each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Taken {
    /// Queries that were added.
    pub(super) added: usize,
    /// Queries that were there already: their name in the file, and the name under which they are there.
    pub(super) same: Vec<(String, String)>,
    /// Queries whose name was taken: the name in the file, and the one they got.
    pub(super) renamed: Vec<(String, String)>,
    /// Queries out of which key values were taken.
    pub(super) redacted: Vec<String>,
}

/// Adds the queries of a file to a set: all of them, or none where there is no room.
///
/// `new_id` gives an id that is used nowhere else.
pub(super) fn take(
    set: &mut QuerySet,
    file: Vec<FileEntry>,
    now: i64,
    mut new_id: impl FnMut() -> String,
) -> Result<Taken, Refused> {
    let (mut next, mut res) = (set.clone(), Taken::default());
    let had_default = next.default.is_some();
    let wanted = next.queries.len() + file.len();
    for FileEntry { entry: Entry { name, query, was_redacted }, is_default } in file {
        if was_redacted {
            res.redacted.push(name.clone());
        }
        let known = next.by_query(&query).map(|it| (it.id.clone(), it.name.clone()));
        let id = match known {
            Some((id, known)) => {
                res.same.push((name, known));
                id
            }
            None => {
                let free = free_name(&next, &name);
                if free != name {
                    res.renamed.push((name, free.clone()));
                }
                let id = new_id();
                let saved = Saved { id: id.clone(), name: free, query, changed: now };
                next.add(saved).map_err(|_| Refused::NoRoom(wanted))?;
                res.added += 1;
                id
            }
        };
        if is_default && !had_default && next.default.is_none() {
            next.choose(Some(&id), now);
        }
    }
    *set = next;
    Ok(res)
}

/// The name, with a number behind it where another query has it. Shortened where it would become too long.
fn free_name(set: &QuerySet, name: &str) -> String {
    let numbered = (2..).map(|it: u32| {
        let number = [" (", &it.to_string(), ")"].concat();
        let short: String = name.chars().take(LONGEST_NAME.saturating_sub(number.len())).collect();
        [short, number].concat()
    });
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|it| set.by_name(it).is_none()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::features::saved_queries::testing::{names, set};

    const GUID: &str = "12ba12bc-effd-12e3-1234-12345ac12345";

    fn file(queries: Json) -> String {
        json!({ "format": FORMAT, "version": 1, "system": "qualys-gateway", "queries": queries }).to_string()
    }

    fn import(set: &mut QuerySet, text: &str) -> Result<Taken, Vec<Refused>> {
        let mut number = 0;
        let entries = read(text, "qualys-gateway")?;
        let new_id = || {
            number += 1;
            format!("new-{number}")
        };
        take(set, entries, 9, new_id).map_err(|it| vec![it])
    }

    #[test]
    fn what_was_exported_comes_back_in_its_order() {
        let mut mine = set(&[("b", "title: web"), ("a", "state: active"), ("c", "used > 3")]);
        mine.choose(Some("a"), 2);
        let text = export("qualys-gateway", &mine);
        let mut blank = QuerySet::default();
        let taken = import(&mut blank, &text).unwrap();
        assert_eq!((names(&blank), taken.added), (vec!["b", "a", "c"], 3));
        assert_eq!(blank.opening().map(|it| it.name.as_str()), Some("a"));
        assert_eq!(export("qualys-gateway", &blank), text);
        // A second time adds nothing, and says so.
        let again = import(&mut blank, &text).unwrap();
        assert_eq!((again.added, again.same.len(), blank.queries.len()), (0, 3, 3));
    }

    #[test]
    fn a_taken_name_gets_a_number_and_my_default_stays() {
        let mut mine = set(&[("Web", "title: web"), ("web (2)", "title: x")]);
        mine.choose(Some("Web"), 2);
        let text = file(json!([
            { "name": "web", "query": "title: berlin", "default": true },
            { "name": "Other", "query": " title: web " },
            { "name": "Other", "query": "title: berlin" },
        ]));
        let taken = import(&mut mine, &text).unwrap();
        assert_eq!(names(&mine), ["Web", "web (2)", "web (3)"]);
        assert_eq!(taken.renamed, [("web".to_owned(), "web (3)".to_owned())]);
        let same = |name: &str, known: &str| (name.to_owned(), known.to_owned());
        assert_eq!(taken.same, [same("Other", "Web"), same("Other", "web (3)")]);
        assert_eq!(mine.default.as_deref(), Some("Web"));
    }

    #[test]
    fn a_numbered_name_is_no_longer_than_any() {
        let long = "x".repeat(LONGEST_NAME);
        let mine = set(&[(&long, "title: web")]);
        let free = free_name(&mine, &long);
        assert!(free.ends_with("x (2)") && free.chars().count() == LONGEST_NAME, "{free}");
    }

    #[test]
    fn key_values_are_taken_out_and_it_is_told() {
        let mut mine = QuerySet::default();
        let text = file(json!([{ "name": "one", "query": format!("activationKey: {GUID} OR title: web") }]));
        let taken = import(&mut mine, &text).unwrap();
        assert_eq!(taken.redacted, ["one"]);
        let query = mine.queries.first().map(|it| it.query.as_str());
        assert_eq!(query, Some("activationKey: `‹removed›` OR title: web"));
    }

    #[test]
    fn one_bad_query_and_nothing_is_taken() {
        let text = file(json!([
            { "name": "good", "query": "title: web" },
            { "name": "broken", "query": "title: (" },
            { "name": GUID, "query": "title: web" },
            7,
            { "query": "x".repeat(4_001) },
        ]));
        let mut mine = QuerySet::default();
        let refused = import(&mut mine, &text).unwrap_err();
        assert_eq!(refused.len(), 5, "{refused:?}");
        assert!(
            matches!(refused.first(), Some(Refused::Entry(2, name, Wrong::Syntax(_))) if name == "broken")
        );
        assert!(!refused.iter().any(|it| it.text().contains(GUID)));
        assert_eq!(mine, QuerySet::default());
    }

    #[test]
    fn a_file_that_is_not_ours_is_refused() {
        #[track_caller]
        fn check(text: &str, want: Refused) {
            assert_eq!(read(text, "qualys-gateway"), Err(vec![want]), "{text}");
        }
        check("{\n  broken", Refused::NotJson(2, 3));
        check("[]", Refused::NotOurs);
        check(r#"{"version":1}"#, Refused::NotOurs);
        check(r#"{"format":"latchkey-queries","version":2,"system":"x"}"#, Refused::OtherVersion);
        check(r#"{"format":"latchkey-queries","version":1,"system":"qualys-gateway"}"#, Refused::NotOurs);
        let other = r#"{"format":"latchkey-queries","version":1,"system":"solifyn","queries":[]}"#;
        check(other, Refused::OtherSystem("solifyn".to_owned()));
        assert!(Refused::OtherSystem("solifyn".to_owned()).text().contains("Solifyn"));
        let many = file(json!(vec![json!({ "name": "a", "query": "title: web" }); 201]));
        check(&many, Refused::TooMany(201));
        assert_eq!(read(&["\u{feff}", &file(json!([]))].concat(), "qualys-gateway"), Ok(Vec::new()));
    }

    #[test]
    fn without_room_nothing_is_taken() {
        let entry = |number: usize| json!({ "name": number.to_string(), "query": format!("used: {number}") });
        let (mut mine, before) = (QuerySet::default(), (0..150).map(entry).collect::<Vec<_>>());
        import(&mut mine, &file(json!(before))).unwrap();
        let more = |to: usize| file(json!((140..to).map(entry).collect::<Vec<_>>()));
        let kept = mine.clone();
        assert_eq!(import(&mut mine, &more(201)), Err(vec![Refused::NoRoom(211)]));
        assert_eq!(mine, kept);
        assert_eq!(import(&mut mine, &more(200)).map(|it| it.added), Ok(50));
    }
}
