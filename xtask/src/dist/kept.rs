//! Files of older releases, kept for whoever has an older page open.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::day;
use crate::app::release::{self, Release};

/// The list, in the folder itself. Servers do not send what begins with a dot.
pub(super) const FILE: &str = ".releases.json";

/// Which releases have files in the folder. The newest one has no time, so that two new folders are the same.
#[derive(Debug, Default, PartialEq)]
pub(super) struct History {
    current: Option<Kept>,
    older: Vec<(Kept, u64)>,
}

/// A release with files in the folder.
#[derive(Debug, Clone, PartialEq)]
struct Kept {
    id: String,
    files: BTreeSet<String>,
}

/// Reads the list of a folder. Hashed files that it does not name came with an older version of this command: they count as
/// those of the release that is replaced now.
///
/// # Errors
/// If the folder or the list cannot be read.
pub(super) fn read(dir: &Path, next: &Release) -> Result<History> {
    let path = dir.join(FILE);
    let mut res = History::default();
    if path.is_file() {
        let value: Value = serde_json::from_str(&fs::read_to_string(&path)?)
            .with_context(|| format!("{} is no JSON", path.display()))?;
        res = History::of(&value).with_context(|| format!("{} has another form", path.display()))?;
    }
    let strangers: BTreeSet<String> = release::hashes(dir)?
        .into_keys()
        .filter(|it| ::hosting::is_hashed(it) && !next.files.contains_key(it) && !res.knows(it))
        .collect();
    if !strangers.is_empty() {
        match &mut res.current {
            Some(current) => current.files.extend(strangers),
            None => res.current = Some(Kept { id: "unknown".to_owned(), files: strangers }),
        }
    }
    Ok(res)
}

/// The names of files in a folder that are there for older releases alone.
///
/// # Errors
/// If the list cannot be read.
pub(super) fn names_of_older(dir: &Path) -> Result<BTreeSet<String>> {
    let nothing = Release { id: String::new(), files: std::collections::BTreeMap::new() };
    let history = if dir.join(FILE).is_file() { read(dir, &nothing)? } else { History::default() };
    let current = history.current.map(|it| it.files).unwrap_or_default();
    Ok(history.older.into_iter().flat_map(|(it, _)| it.files).filter(|it| !current.contains(it)).collect())
}

impl History {
    fn of(value: &Value) -> Option<Self> {
        let kept = |value: &Value| {
            let files = value.get("files")?.as_array()?;
            let files = files.iter().map(|it| Some(it.as_str()?.to_owned())).collect::<Option<_>>()?;
            Some(Kept { id: value.get("release")?.as_str()?.to_owned(), files })
        };
        let older = value.get("older")?.as_array()?.iter();
        let older = older.map(|it| Some((kept(it)?, day::read(it.get("removable")?.as_str()?)?)));
        Some(Self { current: kept(value.get("current")?), older: older.collect::<Option<_>>()? })
    }

    fn knows(&self, file: &str) -> bool {
        self.current.iter().chain(self.older.iter().map(|(it, _)| it)).any(|it| it.files.contains(file))
    }

    /// Takes up a release that is there now, and returns the files that nobody needs any more.
    pub(super) fn replaced(&mut self, next: &Release, now: u64, keep_days: u32) -> Vec<String> {
        let files = next.files.keys().filter(|it| *it != "index.html").cloned().collect();
        let next = Kept { id: next.id.clone(), files };
        if let Some(before) = self.current.take().filter(|it| it.id != next.id) {
            self.older.push((before, now + u64::from(keep_days) * day::DAY));
        }
        // One that came back (a rollback) is no older one.
        let (gone, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut self.older)
            .into_iter()
            .filter(|(it, _)| it.id != next.id)
            .partition(|(_, until)| *until <= now);
        self.older = kept;
        self.current = Some(next);
        let mut res: Vec<String> =
            gone.into_iter().flat_map(|(it, _)| it.files).filter(|it| !self.knows(it)).collect();
        res.sort();
        res.dedup();
        res
    }

    /// The text of [`FILE`].
    pub(super) fn text(&self) -> String {
        let of = |it: &Kept| json!({ "release": it.id, "files": it.files });
        let older: Vec<Value> = self
            .older
            .iter()
            .map(|(it, until)| {
                let mut value = of(it);
                if let Some(object) = value.as_object_mut() {
                    object.insert("removable".to_owned(), day::text(*until).into());
                }
                value
            })
            .collect();
        release::text(&json!({ "version": 1, "current": self.current.as_ref().map(of), "older": older }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(id: &str, files: &[&str]) -> Release {
        let files = files.iter().map(|it| ((*it).to_owned(), String::new())).collect();
        Release { id: id.to_owned(), files }
    }

    const NOW: u64 = 1_795_278_184;

    #[test]
    fn files_stay_until_their_time_and_those_still_in_use_longer() {
        let mut history = History::default();
        assert!(history.replaced(&release("one", &["index.html", "a", "shared"]), NOW, 7).is_empty());
        assert!(history.replaced(&release("two", &["b", "shared"]), NOW, 7).is_empty());
        let text = history.text();
        assert!(text.contains("2026-11-28T16:23:04Z"), "{text}");
        let read = serde_json::from_str(&text).ok().as_ref().and_then(History::of);
        assert_eq!(read.as_ref(), Some(&history));
        assert!(history.replaced(&release("three", &["c"]), NOW + 6 * day::DAY, 7).is_empty());
        assert_eq!(history.replaced(&release("three", &["c"]), NOW + 7 * day::DAY, 7), ["a"]);
        assert_eq!(history.replaced(&release("three", &["c"]), NOW + 13 * day::DAY, 7), ["b", "shared"]);
        assert!(history.older.is_empty());
    }

    #[test]
    fn a_release_that_came_back_keeps_its_files() {
        let mut history = History::default();
        history.replaced(&release("one", &["a"]), NOW, 7);
        history.replaced(&release("two", &["b"]), NOW, 7);
        assert!(history.replaced(&release("one", &["a"]), NOW + day::DAY, 7).is_empty());
        assert_eq!(history.replaced(&release("one", &["a"]), NOW + 9 * day::DAY, 7), ["b"]);
    }

    #[test]
    fn a_first_release_says_no_time() {
        let mut history = History::default();
        history.replaced(&release("one", &["a"]), NOW, 7);
        assert!(!history.text().contains("removable"), "{}", history.text());
    }
}
