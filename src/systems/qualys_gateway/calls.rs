use std::cell::RefCell;
use std::rc::Rc;

use futures_util::future::FutureExt as _;

use super::order::{direction, word};
use super::paging::{Learned, MAX_LIMIT};
use super::wire::{CreateWire, KeyWire, SearchWire, UpdateWire};
use crate::domain::{Fields, Key, KeyId, PageOf};
use crate::http::{Cancel, Http, Method, Request, segment};
use crate::systems::held::{Held, ServerPart};
use crate::systems::{Answer, Batch, Call, Calls, Created, Order, SearchRequest, Source};

/// Search and create share this path's stem; update alone has `/activation-key/{id}` below it. A PATCH to
/// the wrong one of the two flips the key (reference `qualys.md`, 1.5), so each is written once, here.
const KEYS: &str = "caui/v1/activation-keys/manage";

/// The six calls, with what was learned about this platform on the way.
pub struct Client {
    pub(super) http: Http,
    pub(super) learned: Rc<RefCell<Learned>>,
    /// For questions of which the service answers a part alone.
    pub(super) held: Held,
}

impl Client {
    /// Calls through `http`.
    #[must_use]
    pub fn new(http: Http) -> Self {
        Self { http, learned: Rc::default(), held: Held::default() }
    }
}

impl Calls for Client {
    fn http(&self) -> &Http {
        &self.http
    }

    fn request(&self, call: &Call) -> Request {
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
                let path = [KEYS, "/activation-key/", &segment(&id.0)].concat();
                Request::write(Method::Patch, path).json(json(&UpdateWire::of(change)))
            }
            // The API has one call that flips (1.5): the wanted state is not in it.
            Call::Switch(id, _) => Request::write(Method::Patch, one(id)),
            Call::Delete(id) => Request::write(Method::Delete, one(id)),
            // The manifest offers none, so this is never sent.
            Call::Act(_) => Request::read(Method::Get, KEYS),
        }
    }

    fn search<'a>(&'a self, request: &'a SearchRequest, cancel: &'a Cancel) -> Answer<'a, PageOf<Key>> {
        self.search_all(request, cancel).boxed_local()
    }

    fn get<'a>(&'a self, id: &'a KeyId, cancel: &'a Cancel) -> Answer<'a, Key> {
        let request = self.request(&Call::Get(id.clone()));
        async move { self.one_key(&request, cancel).await.map(|(key, _)| key) }.boxed_local()
    }

    fn newest<'a>(&'a self, count: u64, cancel: &'a Cancel) -> Answer<'a, Vec<Key>> {
        async move {
            let order = Order::CREATED;
            let request =
                SearchRequest { query: String::new(), order, descending: true, page: 0, size: count };
            Ok(self.search_pages(&request, cancel).await?.items)
        }
        .boxed_local()
    }

    /// Any 2xx with a readable key is a success: 200 and 201 are both seen (section 10, "Create status").
    fn create<'a>(&'a self, new: &'a Fields) -> Answer<'a, Created> {
        let request = self.request(&Call::Create(new.clone()));
        async move {
            let (key, answer) = self.one_key(&request, &Cancel::new()).await?;
            Ok(Created::of(key, &answer))
        }
        .boxed_local()
    }

    /// A write that answers with a sentence. The sentence is not read: its form is not documented, so what
    /// counts is the status and what is read back (section 10, "Success text").
    fn write<'a>(&'a self, call: &'a Call) -> Answer<'a, ()> {
        let request = self.request(call);
        async move { self.http.send(&request, &Cancel::new()).await.map(|_| ()) }.boxed_local()
    }

    fn held(&self) -> Option<&Held> {
        Some(&self.held)
    }

    fn source(&self) -> Option<&dyn Source> {
        Some(self)
    }
}

impl Client {
    /// A key and the answer it came in.
    async fn one_key(
        &self,
        request: &Request,
        cancel: &Cancel,
    ) -> Result<(Key, String), crate::http::ApiError> {
        let response = self.http.send(request, cancel).await?;
        let wire: KeyWire = response.json(request)?;
        let unreadable = |field| crate::http::ApiError::malformed(request, response.status, field);
        let key = wire.into_key().map_err(unreadable)?;
        Ok((key, response.text))
    }
}

/// All rows of a question, page by page in the order of ids of creation.
impl Source for Client {
    fn batch<'a>(
        &'a self,
        part: &'a ServerPart,
        after: Option<&'a str>,
        cancel: &'a Cancel,
    ) -> Answer<'a, Batch> {
        let page = after.and_then(|it| it.parse().ok()).unwrap_or(0);
        async move {
            let (query, order) = (part.text.clone(), Order::CREATED);
            let request = SearchRequest { query, order, descending: false, page, size: MAX_LIMIT };
            let res = self.search_pages(&request, cancel).await?;
            let next = (!res.items.is_empty() && page + 1 < res.pages()).then(|| (page + 1).to_string());
            let all = !res.is_short();
            Ok(Batch { rows: res.items, next, all, limited: false, total: Some(res.total) })
        }
        .boxed_local()
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
        order_by: word(search.order).unwrap_or("TITLE"),
        query: query.trim(),
        page_number,
    };
    Request::read(Method::Post, KEYS).json(json(&body))
}

fn one(id: &KeyId) -> String {
    [KEYS, "/", &segment(&id.0)].concat()
}

/// These bodies hold plain strings, numbers and lists, so writing them cannot fail.
fn json(body: &impl serde::Serialize) -> String {
    serde_json::to_string(body).unwrap_or_default()
}
