//! From a selection to keys: what was picked unseen is read before anything is planned with it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use futures_util::future::join_all;

use crate::domain::{FieldId, Key, KeyId, Selection};
use crate::http::{ApiError, Cancel, ErrorKind};
use crate::systems::{Client, Order, Rows, SearchRequest};

/// From so many unseen keys on, all rows are loaded: page by page that takes fewer calls.
const ONE_BY_ONE: usize = 20;

/// What has to be known of the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Needs {
    /// What a list tells.
    Seen,
    /// These fields, which a list may not tell: a change of what is not known would be a guess.
    Fields(Vec<FieldId>),
    /// Everything that the service tells.
    All,
}

impl Needs {
    /// Whether a key that was read in a list is not enough.
    fn lacks(&self, key: &Key) -> bool {
        match self {
            Self::Seen => false,
            Self::Fields(fields) => fields.iter().any(|it| key.fields.get(*it).is_none()),
            Self::All => true,
        }
    }
}

/// Keys that were read in full, kept while a dialog is open.
pub type Full = Rc<RefCell<BTreeMap<KeyId, Key>>>;

/// The keys of a selection.
#[derive(Clone, Default)]
pub struct Gathered {
    /// Them, without their values, in the order of the list where that is known.
    pub keys: Vec<Key>,
    /// Those that do not exist any more.
    pub gone: Vec<KeyId>,
}

/// All keys of the account, in the order in which their list starts.
fn everything(client: &Client) -> SearchRequest {
    let order = Order(client.manifest().order);
    SearchRequest { query: String::new(), order, descending: false, page: 0, size: 200 }
}

/// Loads the ids of all keys that a question finds.
///
/// # Errors
/// What the server or the way to it answered.
pub async fn matching(
    client: &Client,
    request: &SearchRequest,
    cancel: &Cancel,
) -> Result<Vec<KeyId>, ApiError> {
    client.load(request, cancel).await?;
    let Some(rows) = client.rows(request) else {
        // A write meanwhile took the rows away: once more, and for good.
        client.load(request, cancel).await?;
        return Ok(client.rows(request).map(|it| ids(&it)).unwrap_or_default());
    };
    Ok(ids(&rows))
}

fn ids(rows: &Rows) -> Vec<KeyId> {
    (0..rows.len()).filter_map(|at| rows.id(at)).collect()
}

/// Calls at a time: as many as go to one host.
const AT_ONCE: usize = 2;

/// Reads the keys of a selection, in full where that is needed. `told` hears how many calls for single keys came back.
///
/// # Errors
/// What the server or the way to it answered. A key that is gone is no error.
pub async fn gather(
    client: &Client,
    selection: &Selection,
    request: Option<&SearchRequest>,
    (needs, full): (&Needs, &Full),
    cancel: &Cancel,
    told: &dyn Fn(usize),
) -> Result<Gathered, ApiError> {
    let mut known: BTreeMap<KeyId, Key> = BTreeMap::new();
    let mut unseen: BTreeSet<KeyId> = BTreeSet::new();
    for (id, key) in selection.iter() {
        match key {
            Some(key) => drop(known.insert(id.clone(), key.clone())),
            None => drop(unseen.insert(id.clone())),
        }
    }
    let all = everything(client);
    for request in request.into_iter().chain([&all]) {
        take(client, request, &mut unseen, &mut known);
    }
    if unseen.len() > ONE_BY_ONE {
        client.load(&all, cancel).await?;
        take(client, &all, &mut unseen, &mut known);
    }
    known.extend(full.borrow().iter().map(|(id, key)| (id.clone(), key.clone())));
    known.retain(|id, _| selection.has(id));
    let is_read = |id: &KeyId| full.borrow().contains_key(id);
    unseen.retain(|it| !is_read(it));
    unseen
        .extend(known.iter().filter(|(id, key)| !is_read(id) && needs.lacks(key)).map(|(id, _)| id.clone()));
    let unseen: Vec<KeyId> = unseen.into_iter().collect();
    let mut gone = Vec::new();
    for (at, ids) in unseen.chunks(AT_ONCE).enumerate() {
        told(at * AT_ONCE);
        let answers = join_all(ids.iter().map(|id| client.get(id, cancel))).await;
        for (id, answer) in ids.iter().zip(answers) {
            match answer {
                Ok(key) => {
                    let key = Key { value: None, ..key };
                    full.borrow_mut().insert(id.clone(), key.clone());
                    known.insert(id.clone(), key);
                }
                Err(err) if err.kind == ErrorKind::NotFound => {
                    known.remove(id);
                    gone.push(id.clone());
                }
                Err(err) => return Err(err),
            }
        }
    }
    Ok(Gathered { keys: in_order(client, request, known), gone })
}

/// Takes what is among the rows that are kept here.
fn take(
    client: &Client,
    request: &SearchRequest,
    unseen: &mut BTreeSet<KeyId>,
    known: &mut BTreeMap<KeyId, Key>,
) {
    if unseen.is_empty() {
        return;
    }
    let Some(rows) = client.rows(request) else { return };
    for at in 0..rows.len() {
        let Some(id) = rows.id(at).filter(|it| unseen.contains(it)) else { continue };
        if let Some(key) = rows.key(at) {
            unseen.remove(&id);
            known.insert(id, Key { value: None, ..key });
        }
    }
}

/// In the order of the list, as far as its rows are here; the rest by title.
fn in_order(client: &Client, request: Option<&SearchRequest>, known: BTreeMap<KeyId, Key>) -> Vec<Key> {
    let mut known = known;
    let mut res = Vec::with_capacity(known.len());
    if let Some(rows) = request.and_then(|it| client.rows(it)) {
        for at in 0..rows.len() {
            if let Some(key) = rows.id(at).and_then(|it| known.remove(&it)) {
                res.push(key);
            }
        }
    }
    let mut rest: Vec<Key> = known.into_values().collect();
    rest.sort_by_cached_key(|it| it.title().to_lowercase());
    res.append(&mut rest);
    res
}
