//! The work between the steps: reading the file, loading the keys, comparing. None of it sends a change.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::future::join;
use leptos::prelude::*;

use super::file_words::read_error_text;
use super::plan_file::{open_plan, plan_text};
use super::state::{Busy, Failed, File, Import, Planned};
use crate::domain::{Coverage, Key, KeyId};
use crate::features::workspace::Workspace;
use crate::files;
use crate::http::{ApiError, Cancel, ErrorKind};
use crate::i18n::t;
use crate::journal::import::{Line, MOST_ROWS, May, Planner, Setting};
use crate::platform::upload::Given;
use crate::platform::{clock, task};
use crate::systems::{ActionKind, Order, SearchRequest};

/// Bytes of a file that are read at most.
const LARGEST: usize = 16 * 1024 * 1024;

/// Rows that are compared in one go; then the page may draw and answer.
const SLICE: usize = 250;

/// Rows of a page, where the service turns pages.
const PAGE: u64 = 200;

/// Takes a file that was chosen or let fall.
pub(super) fn take_file(import: &Import, given: Option<Given>) {
    let Some(given) = given else { return };
    let import = import.clone();
    let cancel = import.begin(Busy::Reading);
    task::spawn(async move {
        let name = given.name();
        let res = match given.bytes(LARGEST).await {
            Ok(bytes) => read(&import, name, bytes, &cancel).await,
            Err(_) => Err(Failed::Said(t::import_keys_unreadable().to_owned())),
        };
        end(&import, &cancel, res);
    });
}

/// Takes text that was pasted.
pub(super) fn take_text(import: &Import) {
    let text = import.pasted.get_untracked();
    if text.trim().is_empty() {
        return import.fail(Failed::Said(t::import_keys_nothing_pasted().to_owned()));
    }
    let name = match text.trim_start().starts_with(['[', '{']) {
        true => "pasted.json",
        false => "pasted.csv",
    };
    let import = import.clone();
    let cancel = import.begin(Busy::Reading);
    task::spawn(async move {
        let res = match text.len() <= LARGEST {
            true => read(&import, name.to_owned(), text.into_bytes(), &cancel).await,
            false => Err(Failed::Said(t::import_keys_unreadable().to_owned())),
        };
        end(&import, &cancel, res);
    });
}

/// Work is over: said, unless the reader gave it up.
fn end(import: &Import, cancel: &Cancel, res: Result<(), Failed>) {
    if cancel.is_cancelled() {
        return;
    }
    import.busy.set(None);
    if let Err(failed) = res {
        import.fail(failed);
    }
}

async fn read(import: &Import, name: String, bytes: Vec<u8>, cancel: &Cancel) -> Result<(), Failed> {
    if let Some(text) = plan_text(&bytes) {
        return open_plan(import, text, cancel).await;
    }
    let sheet = files::read(&name, bytes).await.map_err(|it| Failed::Said(read_error_text(&it)))?;
    if sheet.rows.is_empty() {
        return Err(Failed::Said(t::import_keys_no_rows().to_owned()));
    }
    if sheet.rows.len() > MOST_ROWS {
        return Err(Failed::Said(t::import_keys_too_many(&super::words::number(MOST_ROWS))));
    }
    if !cancel.is_cancelled() {
        import.take(File { name, sheet: Arc::new(sheet) });
    }
    Ok(())
}

/// Compares the file with the keys that are there.
pub(super) fn compare(import: &Import) {
    let Some(file) = import.file.get_untracked() else { return };
    let import = import.clone();
    let cancel = import.begin(Busy::Loading);
    task::spawn(async move {
        let res = compare_file(&import, &file, &cancel).await;
        end(&import, &cancel, res);
    });
}

async fn compare_file(import: &Import, file: &File, cancel: &Cancel) -> Result<(), Failed> {
    let workspace = &import.workspace;
    let manifest = workspace.manifest();
    let keys = all_keys(workspace, cancel).await?;
    // Without an answer the service itself refuses what is too much, as with one key.
    let maxima = workspace.client().limits(cancel).await.unwrap_or_default();
    let mut setting = Setting {
        manifest,
        sheet: Arc::clone(&file.sheet),
        mapping: import.mapping.get_untracked(),
        options: import.options(),
        keys: keys.into(),
        read: Arc::default(),
        maxima: maxima.into(),
        may: untrack(|| May {
            create: workspace.may(ActionKind::Create),
            edit: workspace.may(ActionKind::Edit),
        }),
        now: clock::now(),
        first: first_line(&file.name),
    };
    let unread = Planner::new(setting.clone()).unread();
    if !unread.is_empty() {
        let (keys, read) = look(import, &setting.keys, &unread, cancel).await?;
        setting.keys = keys.into();
        setting.read = Arc::new(read);
    }
    let total = setting.sheet.rows.len();
    let mut planner = Planner::new(setting);
    while planner.go_on(SLICE) {
        import.busy.set(Some(Busy::Comparing(planner.done(), total)));
        clock::next_frame().await;
        if cancel.is_cancelled() {
            return Ok(());
        }
    }
    let plan = planner.finish();
    if !cancel.is_cancelled() {
        import.show(Planned { plan, head: file.sheet.head.clone(), origin: None });
    }
    Ok(())
}

/// The number of the first row, as programs that show the file count: the headings are row 1, and a list of records
/// has none.
pub(super) fn first_line(name: &str) -> Line {
    match name.to_lowercase().ends_with(".json") {
        true => Line(1),
        false => Line(2),
    }
}

/// All keys of the account, read anew. A list that is not complete would make new keys of keys that are there.
pub(super) async fn all_keys(workspace: &Workspace, cancel: &Cancel) -> Result<Vec<Key>, Failed> {
    let client = workspace.client();
    let order = Order(workspace.manifest().order);
    let request = SearchRequest { query: String::new(), order, descending: false, page: 0, size: PAGE };
    client.forget();
    client.load(&request, cancel).await.map_err(Failed::Call)?;
    let short = || Failed::Said(t::import_keys_short_list().to_owned());
    let rows = client.rows(&request).ok_or_else(short)?;
    match rows.coverage() {
        Coverage::Held { complete: true, .. } | Coverage::Exact => {
            Ok(rows.window(0, rows.len()).map(|it| Key { value: None, ..it }).collect())
        }
        _ => Err(short()),
    }
}

/// Reads keys one by one, two at a time as the connection allows. One that is gone is no key any more.
async fn look(
    import: &Import,
    keys: &[Key],
    unread: &[KeyId],
    cancel: &Cancel,
) -> Result<(Vec<Key>, BTreeSet<KeyId>), Failed> {
    let client = import.workspace.client();
    let mut read: BTreeMap<KeyId, Option<Key>> = BTreeMap::new();
    let mut take = |id: &KeyId, res: Result<Key, ApiError>| match res {
        Ok(key) => {
            read.insert(id.clone(), Some(Key { value: None, ..key }));
            Ok(())
        }
        Err(err) if err.kind == ErrorKind::NotFound => {
            read.insert(id.clone(), None);
            Ok(())
        }
        Err(err) => Err(Failed::Call(err)),
    };
    for (at, pair) in unread.chunks(2).enumerate() {
        import.busy.set(Some(Busy::Looking(at * 2, unread.len())));
        match pair {
            [one, other] => {
                let (first, second) = join(client.get(one, cancel), client.get(other, cancel)).await;
                take(one, first)?;
                take(other, second)?;
            }
            [one] => take(one, client.get(one, cancel).await)?,
            _ => {}
        }
    }
    let known = keys.iter().filter_map(|it| match read.get(&it.id) {
        Some(now) => now.clone(),
        None => Some(it.clone()),
    });
    let keys = known.collect();
    Ok((keys, read.into_keys().collect()))
}
