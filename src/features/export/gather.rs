//! The keys that go into a file, and the file.

use super::Scope;
use crate::domain::{Coverage, FieldId, Key, Selection, Timestamp};
use crate::files::{Cell, Kind, MOST_ROWS, Output, WriteError};
use crate::http::{ApiError, Cancel};
use crate::platform::clock;
use crate::systems::cells::{self, Values};
use crate::systems::{Client, FieldSpec, Manifest, Order, Rows, SearchRequest};

/// Keys between two pauses, in which the page may draw and answer.
const SLICE: usize = 1_000;

/// Keys that were found.
pub(super) struct Found {
    keys: Keys,
    /// There are more of them than could be loaded.
    pub(super) is_short: bool,
    /// Selected keys that the system no longer has.
    pub(super) n_gone: usize,
    /// When they were loaded.
    pub(super) at: Timestamp,
    /// Fields that none of them tells.
    untold: Vec<FieldId>,
}

enum Keys {
    /// A view of the rows of the list.
    Rows(Rows),
    /// Some of them.
    Some(Vec<Key>),
}

impl Found {
    /// How many keys.
    pub(super) fn len(&self) -> usize {
        match &self.keys {
            Keys::Rows(rows) => rows.len(),
            Keys::Some(keys) => keys.len(),
        }
    }

    /// Whether none of them tells a field.
    pub(super) fn is_untold(&self, field: FieldId) -> bool {
        self.untold.contains(&field)
    }

    fn slice(&self, from: usize) -> Vec<Key> {
        match &self.keys {
            Keys::Rows(rows) => rows.window(from, SLICE).collect(),
            Keys::Some(keys) => keys.iter().skip(from).take(SLICE).cloned().collect(),
        }
    }

    /// Looks which fields no key tells.
    async fn look(mut self, manifest: &'static Manifest) -> Self {
        let now = clock::now();
        let mut untold: Vec<&FieldSpec> = cells::columns(manifest).collect();
        let mut from = 0;
        while from < self.len() && !untold.is_empty() {
            for key in self.slice(from) {
                untold.retain(|it| cells::cell_of(it, &key, now, Values::Masked).is_empty());
            }
            from += SLICE;
            clock::sleep(0).await;
        }
        if self.len() > 0 {
            self.untold = untold.iter().map(|it| it.id).collect();
        }
        self
    }
}

/// Finds the keys, and loads what is not here yet.
///
/// # Errors
/// What the server or the way to it answered.
pub(super) async fn find(
    client: Client,
    scope: Scope,
    request: Option<SearchRequest>,
    selection: Selection,
    cancel: Cancel,
) -> Result<Found, ApiError> {
    let manifest = client.manifest();
    let all = SearchRequest {
        query: String::new(),
        order: Order(manifest.order),
        descending: false,
        page: 0,
        size: 1,
    };
    let now = clock::now();
    let found = |keys, is_short, at| Found { keys, is_short, n_gone: 0, at, untold: Vec::new() };
    let res = match (scope, request) {
        (Scope::Page, Some(request)) => {
            let page = client.search(&request, &cancel).await?;
            found(Keys::Some(page.items), false, held_at(page.coverage).unwrap_or(now))
        }
        (Scope::All, Some(request)) => {
            let (rows, is_short, at) = load(&client, &request, &cancel).await?;
            found(rows.map_or(Keys::Some(Vec::new()), Keys::Rows), is_short, at)
        }
        (Scope::Selected, _) | (_, None) => {
            let (rows, is_short, at) = load(&client, &all, &cancel).await?;
            let mut keys = Vec::new();
            let count = rows.as_ref().map_or(0, Rows::len);
            for from in (0..count).step_by(SLICE) {
                let window = rows.iter().flat_map(|it| it.window(from, SLICE));
                keys.extend(window.filter(|it| selection.has(&it.id)));
                clock::sleep(0).await;
            }
            let n_gone = selection.len().saturating_sub(keys.len());
            // Of rows that are not all, one that is missing need not be gone.
            let is_short = is_short && n_gone > 0;
            Found { n_gone: if is_short { 0 } else { n_gone }, ..found(Keys::Some(keys), is_short, at) }
        }
    };
    Ok(res.look(manifest).await)
}

async fn load(
    client: &Client,
    request: &SearchRequest,
    cancel: &Cancel,
) -> Result<(Option<Rows>, bool, Timestamp), ApiError> {
    client.load(request, cancel).await?;
    let now = clock::now();
    // No rows at all have no view.
    let Some(rows) = client.rows(request) else { return Ok((None, false, now)) };
    let is_whole = matches!(rows.coverage(), Coverage::Held { complete: true, .. });
    let at = held_at(rows.coverage()).unwrap_or(now);
    let is_short = !is_whole || rows.len() > MOST_ROWS;
    Ok((Some(rows), is_short, at))
}

fn held_at(coverage: Coverage) -> Option<Timestamp> {
    match coverage {
        Coverage::Held { at, .. } => Some(at),
        _ => None,
    }
}

/// These keys with these columns as a file.
///
/// # Errors
/// See [`Output`].
pub(super) async fn file(
    found: &Found,
    manifest: &'static Manifest,
    columns: &[FieldId],
    values: Values,
    kind: Kind,
) -> Result<Vec<u8>, WriteError> {
    let specs: Vec<&'static FieldSpec> = columns.iter().filter_map(|it| manifest.field(*it)).collect();
    let head: Vec<String> = specs.iter().map(|it| cells::head(it).to_owned()).collect();
    let mut output = Output::new(kind, (manifest.plural)(), &head);
    let now = clock::now();
    for from in (0..found.len()).step_by(SLICE) {
        for key in found.slice(from) {
            let row: Vec<Cell> = specs.iter().map(|it| cells::cell_of(it, &key, now, values)).collect();
            output.row(&row)?;
        }
        clock::sleep(0).await;
    }
    output.finish().await
}

/// What a file is called: by its connection, its day, and what is special about it.
pub(super) fn file_name(
    connection: &str,
    now: Timestamp,
    is_short: bool,
    values: Values,
    extension: &str,
) -> String {
    let plain = |it: char| if it.is_alphanumeric() { it } else { '-' };
    let mut name: Vec<String> = connection
        .to_lowercase()
        .chars()
        .map(plain)
        .collect::<String>()
        .split('-')
        .filter(|it| !it.is_empty())
        .map(str::to_owned)
        .collect();
    name.push("keys".to_owned());
    name.extend(now.date().map(|it| it.to_string()));
    if is_short {
        name.push("incomplete".to_owned());
    }
    if values == Values::Told {
        name.push("with-values".to_owned());
    }
    [&*name.join("-"), ".", extension].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_where_it_is_from_and_what_is_special_about_it() {
        let now = Timestamp::parse("2026-11-21T12:00:00Z").unwrap_or(Timestamp(0));
        let check = |connection, is_short, values, expected: &str| {
            assert_eq!(file_name(connection, now, is_short, values, "csv"), expected);
        };
        check("Qualys / EU", false, Values::Masked, "qualys-eu-keys-2026-11-21.csv");
        check("../..", true, Values::Told, "keys-2026-11-21-incomplete-with-values.csv");
        check("Büro", false, Values::Masked, "büro-keys-2026-11-21.csv");
    }
}
