use std::cell::RefCell;
use std::rc::Rc;

use super::order::direction;
use super::paging::Learned;
use super::wire::{CreateWire, KeyWire, SearchWire, UpdateWire};
use crate::domain::{Key, KeyId, NewKey};
use crate::http::{ApiError, Cancel, Http, Method, Request};
use crate::systems::{Call, SearchRequest};

/// Search and create share this path's stem; update alone has `/activation-key/{id}` below it. A PATCH to
/// the wrong one of the two flips the key (reference `qualys.md`, 1.5), so each is written once, here.
const KEYS: &str = "caui/v1/activation-keys/manage";

/// The six calls, with what was learned about this platform on the way.
#[derive(Clone)]
pub struct Client {
    pub(super) http: Http,
    pub(super) learned: Rc<RefCell<Learned>>,
}

impl Client {
    /// Calls through `http`.
    #[must_use]
    pub fn new(http: Http) -> Self {
        Self { http, learned: Rc::default() }
    }

    /// The request a call sends.
    #[must_use]
    pub fn request(&self, call: &Call) -> Request {
        match call {
            Call::Search(search) => {
                let page = (search.page > 0).then_some(search.page);
                search_request(search, &search.query, search.size, page)
            }
            Call::Get(id) => Request::read(Method::Get, one(id)),
            Call::Create(new) => {
                let path = [KEYS, "/activation-key"].concat();
                Request::write(Method::Post, path).json(json(&CreateWire::of(new)))
            }
            Call::Update(id, change) => {
                let path = [KEYS, "/activation-key/", &id.0].concat();
                Request::write(Method::Patch, path).json(json(&UpdateWire::of(change)))
            }
            Call::Toggle(id) => Request::write(Method::Patch, one(id)),
            Call::Delete(id) => Request::write(Method::Delete, one(id)),
        }
    }

    /// The call as a command for a shell.
    pub(in crate::systems) fn curl(&self, call: &Call) -> String {
        self.http.curl(&self.request(call))
    }

    pub(in crate::systems) async fn get(&self, id: &KeyId, cancel: &Cancel) -> Result<Key, ApiError> {
        let request = self.request(&Call::Get(id.clone()));
        let response = self.http.send(&request, cancel).await?;
        let wire: KeyWire = response.json(&request)?;
        wire.into_key().map_err(|field| ApiError::malformed(&request, response.status, field))
    }

    /// Any 2xx with a readable key is a success: 200 and 201 are both seen (section 10, "Create status").
    pub(in crate::systems) async fn create(&self, new: &NewKey) -> Result<Key, ApiError> {
        let request = self.request(&Call::Create(new.clone()));
        let response = self.http.send(&request, &Cancel::new()).await?;
        let wire: KeyWire = response.json(&request)?;
        wire.into_key().map_err(|field| ApiError::malformed(&request, response.status, field))
    }

    /// A write that answers with a sentence. The sentence is not read: its form is not documented, so what
    /// counts is the status and what is read back (section 10, "Success text").
    pub(in crate::systems) async fn write(&self, call: &Call) -> Result<(), ApiError> {
        self.http.send(&self.request(call), &Cancel::new()).await.map(|_| ())
    }
}

/// A search as sent: `query` in the spelling this platform takes, `limit` rows, and a page number only
/// where one is needed, since a strict service may refuse it.
pub(super) fn search_request(
    search: &SearchRequest,
    query: &str,
    limit: u64,
    page_number: Option<u64>,
) -> Request {
    let body = SearchWire {
        limit,
        sort_order: direction(search.descending),
        order_by: search.order.wire(),
        query: query.trim(),
        page_number,
    };
    Request::read(Method::Post, KEYS).json(json(&body))
}

fn one(id: &KeyId) -> String {
    [KEYS, "/", &id.0].concat()
}

/// These bodies hold plain strings, numbers and lists, so writing them cannot fail.
fn json(body: &impl serde::Serialize) -> String {
    serde_json::to_string(body).unwrap_or_default()
}
