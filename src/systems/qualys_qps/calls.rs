use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::FutureExt as _;

use super::judge::judge;
use super::page::decoded_page;
use super::wire::{
    Condition, HostWire, ItemWire, KeyBody, KeyWire, PageWire, TagWire, conditions, filter_body, move_body,
    search_body,
};
use super::xml::{Out, Unreadable};
use super::{MANIFEST, OWNERS, TAG_OFFERS};
use crate::domain::{FieldId, Fields, Key, KeyId, PageOf, Secret, Value, order};
use crate::http::{ApiError, Cancel, ErrorKind, Http, Method, Request, Response, segment};
use crate::systems::record::DISABLED;
use crate::systems::{
    Act, Answer, Batch, Bound, Call, Calls, Change, Created, Delta, Held, Member, Offer, Picker, QuerySchema,
    SearchRequest, ServerPart, Source, Who,
};

/// Operations on keys (6); the operation stands between these two.
const REST: &str = "qps/rest/1.0/";
const KEYS: &str = "/ca/agentactkey/";
const CHANGE_KEY: &str = "qps/rest/1.0/cak/ca/changeactkey";
const VERSION: &str = "qps/rest/portal/version";

/// Agents of a key and tags are things of asset management (6.5). A host has far more fields than a list of agents
/// needs, so these alone are asked for.
const SEARCH_HOSTS: &str = "qps/rest/2.0/search/am/hostasset?fields=id,name,address,created,agentInfo.agentId,agentInfo.lastCheckedIn";
const COUNT_HOSTS: &str = "qps/rest/2.0/count/am/hostasset";
const SEARCH_TAGS: &str = "qps/rest/2.0/search/am/tag";

/// The field of a condition on the value of a key.
const VALUE_FIELD: &str = "activationKey";

/// The largest page (6.3).
const PAGE: u64 = 1_000;

/// The smallest page that is made smaller still.
const LEAST: u64 = 10;

/// Tags and owners offered for what was typed.
const OFFERS: usize = 100;

/// Agents that are listed at most. Of more there is no list at all: a short one would look like the whole.
const MOST_MEMBERS: usize = 200_000;

/// Highest ids that are kept to find the newest keys without reading all of them.
const TOP: usize = 64;

/// The value of `X-Requested-With`; any will do.
const REQUESTED_WITH: &str = "Latchkey";

/// The calls, with what was seen on the way.
pub struct Client {
    http: Http,
    held: Held,
    seen: RefCell<Seen>,
    /// Keys asked for at once. Each comes with all its agents, so a page may be too much at a time.
    limit: Cell<u64>,
}

/// What answers told that later calls need.
#[derive(Default)]
struct Seen {
    /// Keys that were read by themselves. A change has to repeat their type, and calls on agents need their value.
    keys: BTreeMap<KeyId, Key>,
    /// The highest ids so far.
    top: BTreeSet<u64>,
    /// Owners so far.
    owners: BTreeSet<String>,
}

impl Seen {
    fn note(&mut self, key: &Key) {
        self.owners.extend(key.fields.refs(FieldId::OWNER).iter().map(|it| it.id.clone()));
        if let Ok(id) = key.id.0.parse() {
            self.top.insert(id);
            if self.top.len() > TOP {
                self.top.pop_first();
            }
        }
    }

    /// An id below the `count` highest ones: every newer key is above it. It may be too low, never too high.
    fn floor(&self, count: u64) -> Option<String> {
        let count = usize::try_from(count).ok()?;
        let lowest = self.top.iter().rev().nth(count.checked_sub(1)?)?;
        Some(lowest.saturating_sub(1).to_string())
    }
}

impl Client {
    /// Calls through `http`, with answers judged by what they say and not by their status (6.4).
    #[must_use]
    pub fn new(http: Http) -> Self {
        let (held, seen, limit) = (Held::default(), RefCell::default(), Cell::new(PAGE));
        Self { http: http.judged_by(judge), held, seen, limit }
    }

    async fn page(&self, request: &Request, cancel: &Cancel) -> Result<PageWire, ApiError> {
        let response = self.http.send(request, cancel).await?;
        read_page(request, &response).await
    }

    fn read_key(&self, request: &Request, status: u16, wire: KeyWire) -> Result<Key, ApiError> {
        let key = wire.into_key().map_err(|field| ApiError::malformed(request, status, field))?;
        self.seen.borrow_mut().note(&key);
        Ok(key)
    }

    /// A page of keys in rising ids.
    async fn keys(&self, part: &ServerPart, after: Option<&str>, cancel: &Cancel) -> Result<Batch, ApiError> {
        let (request, page) = loop {
            let request = search_keys(&part.criteria, after, self.limit.get());
            match self.page(&request, cancel).await {
                Err(err) if self.asks_less(&err) => {}
                page => break (request, page?),
            }
        };
        let (next, has_more) = (page.next().map(str::to_owned), page.has_more());
        let mut rows = Vec::new();
        for wire in page.data.into_iter().flatten().filter_map(|it| it.key) {
            rows.push(self.read_key(&request, 200, wire)?);
        }
        // Without an id to go on from, the last row has it.
        let next = next.or_else(|| rows.last().map(|it| it.id.0.clone()).filter(|_| has_more));
        Ok(Batch { all: next.is_some() || !has_more, rows, next, limited: false, total: None })
    }

    /// Whether an answer was too much and less is asked for from now on. A service that is slow for another reason
    /// gets one more chance.
    fn asks_less(&self, err: &ApiError) -> bool {
        let limit = self.limit.get();
        let too_much = match err.kind {
            ErrorKind::Malformed => err.raw == Unreadable::TooLarge.words() && limit > LEAST,
            ErrorKind::TimedOut => limit == PAGE,
            _ => false,
        };
        if too_much {
            self.limit.set(limit / 4);
        }
        too_much
    }

    /// One key and the answer it came in.
    async fn one_key(&self, request: &Request, cancel: &Cancel) -> Result<(Key, String), ApiError> {
        let response = self.http.send(request, cancel).await?;
        let page = read_page(request, &response).await?;
        let Some(wire) = page.data.into_iter().flatten().find_map(|it| it.key) else {
            return Err(match request.method {
                // A success without the key: it is not there, or not for this account.
                Method::Get => ApiError::without_answer(ErrorKind::NotFound, request, true),
                _ => ApiError::malformed(request, response.status, "AgentActKey"),
            });
        };
        let key = self.read_key(request, response.status, wire)?;
        self.seen.borrow_mut().keys.insert(key.id.clone(), key.clone());
        Ok((key, response.text))
    }

    /// A key as it was last seen.
    fn known(&self, id: &KeyId) -> Option<Key> {
        self.seen.borrow().keys.get(id).cloned().or_else(|| self.held.row(id))
    }

    /// The value of a key, which calls on its agents need. It never changes, so one look is enough.
    async fn value_of(&self, id: &KeyId, cancel: &Cancel) -> Result<Secret, ApiError> {
        let request = self.request(&Call::Get(id.clone()));
        let key = match self.known(id) {
            Some(key) if key.value.is_some() => key,
            _ => self.one_key(&request, cancel).await?.0,
        };
        key.value.ok_or_else(|| ApiError::malformed(&request, 200, "activationKey"))
    }

    async fn count_agents(&self, id: &KeyId, cancel: &Cancel) -> Result<u64, ApiError> {
        let value = self.value_of(id, cancel).await?;
        let request = read(Method::Post, COUNT_HOSTS).xml(filter_body(&agents_of(&value))).hiding(value);
        let page = self.page(&request, cancel).await?;
        let count = page.count.and_then(|it| it.0.trim().parse().ok());
        count.ok_or_else(|| ApiError::malformed(&request, 200, "count"))
    }

    async fn agents(&self, id: &KeyId, cancel: &Cancel) -> Result<Vec<Member>, ApiError> {
        let value = self.value_of(id, cancel).await?;
        let (mut res, mut ids) = (Vec::<Member>::new(), BTreeSet::new());
        let mut bound = Bound::default();
        let mut after: Option<String> = None;
        loop {
            let mut conditions = agents_of(&value);
            conditions.extend(after.iter().map(|it| ("id", "GREATER", it.clone())));
            let request =
                read(Method::Post, SEARCH_HOSTS).xml(search_body(&conditions, PAGE)).hiding(value.clone());
            let page = self.page(&request, cancel).await?;
            let (next, has_more) = (page.next().map(str::to_owned), page.has_more());
            let hosts: Vec<HostWire> = page.data.into_iter().flatten().filter_map(|it| it.host).collect();
            let last = hosts.last().map(|it| it.id().to_owned());
            let known = res.len();
            res.extend(hosts.into_iter().map(HostWire::into_member).filter(|it| ids.insert(it.id.clone())));
            let next = next.or(last.filter(|_| has_more));
            if next.is_none() || next == after {
                return Ok(res);
            }
            if res.len() >= MOST_MEMBERS || !bound.goes_on(res.len() - known) {
                return Err(ApiError::without_answer(ErrorKind::TooLarge, &request, true));
            }
            after = next;
        }
    }

    /// Tags whose name holds what was typed; those that a key can give to agents first.
    async fn tags(&self, typed: &str, cancel: &Cancel) -> Result<Vec<Offer>, ApiError> {
        let typed = typed.trim();
        let conditions: &[Condition] = match typed {
            "" => &[],
            _ if typed.bytes().all(|it| it.is_ascii_digit()) => &[("id", "EQUALS", typed.to_owned())],
            _ => &[("name", "CONTAINS", typed.to_owned())],
        };
        let limit = u64::try_from(OFFERS).unwrap_or(PAGE);
        let request = read(Method::Post, SEARCH_TAGS).xml(search_body(conditions, limit));
        let page = self.page(&request, cancel).await?;
        let mut tags: Vec<TagWire> = page.data.into_iter().flatten().filter_map(|it| it.tag).collect();
        order::sort_by_key(&mut tags, TagWire::has_rule);
        Ok(tags.into_iter().map(TagWire::into_offer).collect())
    }

    /// Owners that keys have, which is all the API tells about people; and the number that was typed.
    async fn owners(&self, typed: &str, cancel: &Cancel) -> Result<Vec<Offer>, ApiError> {
        let typed = typed.trim();
        if self.seen.borrow().owners.is_empty() {
            self.keys(&ServerPart::default(), None, cancel).await?;
        }
        let offer = |id: &str| Offer { id: id.to_owned(), name: id.to_owned(), ..Offer::default() };
        let is_number = !typed.is_empty() && typed.bytes().all(|it| it.is_ascii_digit());
        let mut res: Vec<Offer> = is_number.then(|| offer(typed)).into_iter().collect();
        let seen = self.seen.borrow();
        let known = seen.owners.iter().filter(|it| it.starts_with(typed) && *it != typed);
        res.extend(known.take(OFFERS).map(|it| offer(it)));
        Ok(res)
    }

    /// A change needs the type of the key, and a move its value: what is not known yet is read first.
    async fn write_request(&self, call: &Call) -> Result<Request, ApiError> {
        let cancel = Cancel::new();
        match call {
            Call::Update(id, _) | Call::Switch(id, _) if self.known(id).is_none() => {
                self.one_key(&self.request(&Call::Get(id.clone())), &cancel).await?;
            }
            Call::Act(Act::MoveMembers { from, to_value, .. }) => {
                let from = self.value_of(from, &cancel).await?;
                return Ok(move_request(from.expose(), to_value.0.expose()));
            }
            _ => {}
        }
        Ok(self.request(call))
    }
}

impl Calls for Client {
    fn http(&self) -> &Http {
        &self.http
    }

    fn request(&self, call: &Call) -> Request {
        match call {
            Call::Search(search) => {
                let split = QuerySchema::of(&MANIFEST).split(&qql::parse(&search.query));
                search_keys(&split.map(|it| it.criteria).unwrap_or_default(), None, self.limit.get())
            }
            Call::Get(id) => read(Method::Get, path("get", id)),
            Call::Create(new) => {
                let path = [REST, "create", KEYS].concat();
                write(path).xml(KeyBody::new(new).text())
            }
            Call::Update(id, change) => {
                write(path("update", id)).xml(KeyBody::changed(change, self.known(id).as_ref()).text())
            }
            Call::Switch(id, enabled) => {
                let change = Change(vec![(DISABLED, Delta::Set(Value::Flag(!enabled)))]);
                write(path("update", id)).xml(KeyBody::changed(&change, self.known(id).as_ref()).text())
            }
            Call::Delete(id) => write(path("delete", id)).xml(Out::request(|_| ())),
            // Copied commands hold no value of a key.
            Call::Act(Act::MoveMembers { from, to, .. }) => {
                let value_of = |id: &KeyId| ["VALUE-OF-KEY-", &id.0].concat();
                move_request(&value_of(from), &value_of(to))
            }
            // The manifest offers no other, so this is never sent.
            Call::Act(_) => read(Method::Get, VERSION),
        }
    }

    fn search<'a>(&'a self, request: &'a SearchRequest, cancel: &'a Cancel) -> Answer<'a, PageOf<Key>> {
        self.held.search(&MANIFEST, self, self, request, cancel).boxed_local()
    }

    fn get<'a>(&'a self, id: &'a KeyId, cancel: &'a Cancel) -> Answer<'a, Key> {
        let request = self.request(&Call::Get(id.clone()));
        async move { self.one_key(&request, cancel).await.map(|(key, _)| key) }.boxed_local()
    }

    /// The API sorts by rising ids alone, and a newer key has a higher id: what is above the highest ids seen before
    /// holds all newer ones.
    fn newest<'a>(&'a self, count: u64, cancel: &'a Cancel) -> Answer<'a, Vec<Key>> {
        async move {
            let mut after = self.seen.borrow().floor(count);
            let (mut keys, mut ids) = (Vec::new(), BTreeSet::new());
            let mut bound = Bound::default();
            loop {
                let batch = self.keys(&ServerPart::default(), after.as_deref(), cancel).await?;
                let known = keys.len();
                keys.extend(batch.rows.into_iter().filter(|it| ids.insert(it.id.clone())));
                if batch.next.is_none() || batch.next == after {
                    break;
                }
                if !bound.goes_on(keys.len() - known) {
                    return Err(endless());
                }
                after = batch.next;
            }
            order::sort_by_key(&mut keys, |it| std::cmp::Reverse((it.id.0.len(), it.id.0.clone())));
            keys.truncate(usize::try_from(count).unwrap_or(usize::MAX));
            Ok(keys)
        }
        .boxed_local()
    }

    fn create<'a>(&'a self, new: &'a Fields) -> Answer<'a, Created> {
        let request = self.request(&Call::Create(new.clone()));
        async move {
            let (key, answer) = self.one_key(&request, &Cancel::new()).await?;
            Ok(Created::of(key, &answer))
        }
        .boxed_local()
    }

    fn write<'a>(&'a self, call: &'a Call) -> Answer<'a, ()> {
        async move {
            // What fails before the write is no write whose outcome is in doubt.
            let request = self.write_request(call).await.map_err(|err| ApiError { sent: false, ..err })?;
            self.http.send(&request, &Cancel::new()).await.map(|_| ())
        }
        .boxed_local()
    }

    fn held(&self) -> Option<&Held> {
        Some(&self.held)
    }

    fn source(&self) -> Option<&dyn Source> {
        Some(self)
    }

    /// The API does not say who asks. Its version tells that the account may call it (6, "versions").
    fn who<'a>(&'a self, cancel: &'a Cancel) -> Answer<'a, Who> {
        async move { self.version(cancel).await.map(|_| Who::default()) }.boxed_local()
    }

    fn version<'a>(&'a self, cancel: &'a Cancel) -> Answer<'a, String> {
        async move {
            let request = read(Method::Get, VERSION);
            let page = self.page(&request, cancel).await?;
            let mut portals = page.data.into_iter().flatten().filter_map(|it: ItemWire| it.portal);
            Ok(portals.find_map(|mut it| it.remove("CA-VERSION")).map(|it| it.0).unwrap_or_default())
        }
        .boxed_local()
    }

    fn offers<'a>(&'a self, picker: Picker, typed: &'a str, cancel: &'a Cancel) -> Answer<'a, Vec<Offer>> {
        async move {
            match picker {
                OWNERS => self.owners(typed, cancel).await,
                TAG_OFFERS => self.tags(typed, cancel).await,
                _ => Ok(Vec::new()),
            }
        }
        .boxed_local()
    }

    fn members<'a>(&'a self, id: &'a KeyId, cancel: &'a Cancel) -> Answer<'a, Vec<Member>> {
        self.agents(id, cancel).boxed_local()
    }

    fn count_members<'a>(&'a self, id: &'a KeyId, cancel: &'a Cancel) -> Answer<'a, u64> {
        self.count_agents(id, cancel).boxed_local()
    }

    /// Whether agents move before the answer or after it is not documented; that none is left tells it either way.
    fn has_happened<'a>(&'a self, act: &'a Act, cancel: &'a Cancel) -> Answer<'a, bool> {
        async move {
            match act {
                Act::MoveMembers { from, .. } => Ok(self.count_agents(from, cancel).await? == 0),
                _ => Err(ApiError::unsupported()),
            }
        }
        .boxed_local()
    }
}

/// All keys of a question, in rising ids.
impl Source for Client {
    fn batch<'a>(
        &'a self,
        part: &'a ServerPart,
        after: Option<&'a str>,
        cancel: &'a Cancel,
    ) -> Answer<'a, Batch> {
        self.keys(part, after, cancel).boxed_local()
    }
}

/// A list that leads on for ever. Part of it would look like the whole, so there is none.
fn endless() -> ApiError {
    let request = read(Method::Post, [REST, "search", KEYS].concat());
    ApiError::without_answer(ErrorKind::TooLarge, &request, true)
}

async fn read_page(request: &Request, response: &Response) -> Result<PageWire, ApiError> {
    let page = decoded_page(&response.text).await;
    page.map_err(|words| ApiError::malformed(request, response.status, &words))
}

fn search_keys(criteria: &[qql::Criterion], after: Option<&str>, limit: u64) -> Request {
    let path = [REST, "search", KEYS].concat();
    let conditions = conditions(criteria, after);
    let values = conditions.iter().filter(|(field, ..)| *field == VALUE_FIELD).map(|(.., it)| it.clone());
    let values: Vec<Secret> = values.map(Secret::new).collect();
    let request = read(Method::Post, path).xml(search_body(&conditions, limit));
    values.into_iter().fold(request, Request::hiding)
}

/// Agents of a key; the tag has to be asked for (6.5).
fn agents_of(value: &Secret) -> Vec<Condition> {
    vec![("tagName", "EQUALS", "Cloud Agent".to_owned()), (VALUE_FIELD, "EQUALS", value.expose().to_owned())]
}

fn move_request(from: &str, to: &str) -> Request {
    let body = move_body(&[(VALUE_FIELD, "EQUALS", from.to_owned())], to);
    write(CHANGE_KEY).xml(body).hiding(Secret::new(from.to_owned())).hiding(Secret::new(to.to_owned()))
}

/// Ids are numbers (6.2). What is pasted for one may be the value of a key, which belongs in no path: nothing but
/// digits gets there.
fn path(operation: &str, id: &KeyId) -> String {
    let is_number = id.0.bytes().all(|it| it.is_ascii_digit());
    [REST, operation, KEYS, &segment(if is_number { &id.0 } else { "" })].concat()
}

fn read(method: Method, path: impl Into<String>) -> Request {
    named(Request::read(method, path))
}

fn write(path: impl Into<String>) -> Request {
    named(Request::write(Method::Post, path))
}

/// Every call says what sent it; the service asks for it as a guard against calls from other pages (3.3).
fn named(request: Request) -> Request {
    request.header("X-Requested-With", REQUESTED_WITH)
}
