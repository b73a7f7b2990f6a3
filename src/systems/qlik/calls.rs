use std::cell::{Cell, RefCell};

use futures_util::future::{FutureExt as _, join};
use serde::de::DeserializeOwned;

use super::command::{self, Where};
use super::import::read_body;
use super::judge::judge;
use super::people::{People, typed_filter};
use super::wire::{
    ApiKeyBody, ApiKeyWire, ConfigWire, PageWire, ProviderWire, TenantWire, UserWire, config_patch, key_patch,
};
use super::{
    CLIENT, CREATED_BY, EXPIRY, INTERVAL, MANIFEST, MAX_EXPIRY, PROVIDERS, RETRY, SCIM_EXPIRY, STATUS, SUB,
    SUB_TYPE, USER, USERS,
};
use crate::domain::{FieldId, Fields, Key, KeyId, PageOf, Value};
use crate::http::{ApiError, Cancel, ErrorKind, Http, Method, Request, percent_encoded, segment};
use crate::systems::{
    Act, Answer, Batch, Call, Calls, CommandLine, Created, Delta, Duration, Held, ImportProblem, Imported,
    Maximum, Offer, Picker, QuerySchema, Removal, SearchRequest, ServerPart, Source, Who, can_be,
};

/// Where keys are (section 2).
const KEYS: &str = "api/v1/api-keys";
pub(super) const USERS_PATH: &str = "api/v1/users";
pub(super) const PROVIDERS_PATH: &str = "api/v1/identity-providers";

/// Rows of one page: the documented maximum.
const PAGE: u64 = 100;

/// Stands for a tenant that is not known yet, in commands that are shown.
const SOME_TENANT: &str = "{tenantId}";

/// Keys that are looked at between two attempts to make one.
const LOOKED_AT: u64 = 50;

/// The longest pause before a refused create is sent again, in seconds. A longer one is the reader's decision.
const LONGEST_PAUSE_SECS: u32 = 120;

/// The calls, with what was learned about the tenant.
pub struct Client {
    http: Http,
    held: Held,
    pub(super) people: RefCell<People>,
    me: RefCell<Option<UserWire>>,
    config: RefCell<Option<ConfigWire>>,
    /// The list of everybody's keys was refused: from then on one's own are asked for.
    own_alone: Cell<bool>,
}

/// A filter of the list with its value.
type Filter = (&'static str, String);

impl Client {
    /// Calls through `http`.
    #[must_use]
    pub fn new(http: Http) -> Self {
        let (held, people, me) = (Held::default(), RefCell::default(), RefCell::default());
        let (config, own_alone) = (RefCell::default(), Cell::new(false));
        Self { http: http.judged_by(judge), held, people, me, config, own_alone }
    }

    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        request: &Request,
        cancel: &Cancel,
    ) -> Result<T, ApiError> {
        self.http.send(request, cancel).await?.json(request)
    }

    /// Who is signed in. A key says whose it is, and is asked about by that. Only for one that does not, the path is
    /// taken that leads on to the reader's own (301), which whoever fetches follows: on an origin that several
    /// connections share, it could lead the credential to another of them.
    async fn ask_me(&self, cancel: &Cancel) -> Result<UserWire, ApiError> {
        let request = match self.http.holder().user {
            Some(id) => Request::read(Method::Get, [USERS_PATH, "/", &segment(&id)].concat()),
            None => Request::read(Method::Get, [USERS_PATH, "/me"].concat()).following(),
        };
        let me: UserWire = self.ask(&request, cancel).await?;
        *self.me.borrow_mut() = Some(me.clone());
        self.people.borrow_mut().learn(std::slice::from_ref(&me.id), std::slice::from_ref(&me));
        Ok(me)
    }

    async fn me(&self, cancel: &Cancel) -> Result<UserWire, ApiError> {
        let known = self.me.borrow().clone();
        match known {
            Some(me) => Ok(me),
            None => self.ask_me(cancel).await,
        }
    }

    /// The id of the tenant, which the calls on its configuration need.
    async fn tenant(&self, cancel: &Cancel) -> Result<String, ApiError> {
        // An account that may not ask who it is may still ask for its tenant.
        if let Some(tenant) = self.me(cancel).await.ok().and_then(|it| it.tenant_id) {
            return Ok(tenant);
        }
        if let Some(tenant) = self.http.holder().tenant {
            return Ok(tenant);
        }
        let request = Request::read(Method::Get, "api/v1/tenants/me").following();
        let tenant: TenantWire = self.ask(&request, cancel).await?;
        if let Some(me) = &mut *self.me.borrow_mut() {
            me.tenant_id = Some(tenant.id.clone());
        }
        Ok(tenant.id)
    }

    fn known_tenant(&self) -> Option<String> {
        self.me.borrow().as_ref()?.tenant_id.clone()
    }

    async fn config(&self, cancel: &Cancel) -> Result<ConfigWire, ApiError> {
        let tenant = self.tenant(cancel).await?;
        let request = Request::read(Method::Get, config_path(&tenant));
        let config: ConfigWire = self.ask(&request, cancel).await?;
        *self.config.borrow_mut() = Some(config.clone());
        Ok(config)
    }

    /// The first page of a list. Everybody's keys are for administrators; others get their own (section 2).
    async fn first_page(
        &self,
        filters: &[Filter],
        size: u64,
        cancel: &Cancel,
    ) -> Result<(Request, PageWire<ApiKeyWire>), ApiError> {
        let names_sub = filters.iter().any(|(name, _)| *name == "sub");
        if !names_sub && self.own_alone.get() {
            return self.own_page(filters, size, cancel).await;
        }
        let request = Request::read(Method::Get, list_path(filters, size));
        match self.ask(&request, cancel).await {
            Ok(page) => Ok((request, page)),
            Err(err) if err.kind == ErrorKind::Forbidden && !names_sub => {
                let is_admin = self.me(cancel).await.map_or(true, |it| it.is_admin());
                if is_admin {
                    return Err(err);
                }
                let page = self.own_page(filters, size, cancel).await?;
                self.own_alone.set(true);
                Ok(page)
            }
            Err(err) => Err(err),
        }
    }

    async fn own_page(
        &self,
        filters: &[Filter],
        size: u64,
        cancel: &Cancel,
    ) -> Result<(Request, PageWire<ApiKeyWire>), ApiError> {
        let mut filters = filters.to_vec();
        filters.push(("sub", self.me(cancel).await?.id));
        let request = Request::read(Method::Get, list_path(&filters, size));
        let page = self.ask(&request, cancel).await?;
        Ok((request, page))
    }

    /// The keys of a page, with names as far as they can be had: without them the ids show, which is no reason to
    /// show no key.
    async fn read_keys(
        &self,
        request: &Request,
        wires: Vec<ApiKeyWire>,
        cancel: &Cancel,
    ) -> Result<Vec<Key>, ApiError> {
        let subs: Vec<&str> = wires.iter().flat_map(|it| [it.sub.as_str(), &it.created_by_user]).collect();
        self.learn(&subs, cancel).await;
        let people = self.people.borrow().clone();
        let unreadable = |field| ApiError::malformed(request, 200, field);
        wires.into_iter().map(|it| it.into_key(&people).map_err(unreadable)).collect()
    }
    /// The path of the next page. A credential is not carried to another origin, whatever an answer says.
    pub(super) fn next_path<T>(
        &self,
        request: &Request,
        page: &PageWire<T>,
    ) -> Result<Option<String>, ApiError> {
        let Some(href) = page.next() else { return Ok(None) };
        let path = self.http.path_of(href);
        path.map(Some).ok_or_else(|| ApiError::malformed(request, 200, "links.next leads elsewhere"))
    }

    /// The filters in a part of a question.
    fn filters(part: &ServerPart) -> Vec<Filter> {
        let filter = |it: &qql::Criterion| {
            let name = match MANIFEST.fields.get(usize::from(it.field))?.id {
                STATUS => "status",
                SUB => "sub",
                CREATED_BY => "createdByUser",
                _ => return None,
            };
            Some((name, it.values.first()?.clone()))
        };
        part.criteria.iter().filter_map(filter).collect()
    }

    /// Filters of a search, and whether they are all of it.
    fn asked(search: &SearchRequest) -> (Vec<Filter>, bool) {
        let Some(split) = QuerySchema::of(&MANIFEST).split(&qql::parse(&search.query)) else {
            return (Vec::new(), false);
        };
        let part = ServerPart { text: String::new(), criteria: split.criteria };
        (Self::filters(&part), split.rest.is_none())
    }

    /// One attempt to make a key.
    async fn try_create(&self, request: &Request) -> Result<Created, ApiError> {
        let response = self.http.send(request, &Cancel::new()).await?;
        let wire: ApiKeyWire = response.json(request)?;
        let people = self.people.borrow().clone();
        let unreadable = |field| ApiError::malformed(request, response.status, field);
        let key = wire.into_key(&people).map_err(unreadable)?;
        Ok(Created::of(key, &response.text))
    }
}

impl Calls for Client {
    fn http(&self) -> &Http {
        &self.http
    }

    fn request(&self, call: &Call) -> Request {
        match call {
            Call::Search(search) => Request::read(Method::Get, list_path(&Self::asked(search).0, PAGE)),
            Call::Get(id) => Request::read(Method::Get, one(id)),
            Call::Create(new) => {
                let text = serde_json::to_string(&ApiKeyBody::of(new)).unwrap_or_default();
                Request::write(Method::Post, KEYS).json(text)
            }
            Call::Update(id, change) => {
                Request::write(Method::Patch, one(id)).json(key_patch(change).to_string())
            }
            Call::Delete(id) => Request::write(Method::Delete, one(id)),
            Call::Act(Act::SetSettings(change)) => {
                let tenant = self.known_tenant().unwrap_or_else(|| SOME_TENANT.to_owned());
                Request::write(Method::Patch, config_path(&tenant)).json(config_patch(change).to_string())
            }
            // The manifest offers none, so these are never sent.
            Call::Switch(id, _) => Request::read(Method::Get, one(id)),
            Call::Act(_) => Request::read(Method::Get, KEYS),
        }
    }

    fn search<'a>(&'a self, request: &'a SearchRequest, cancel: &'a Cancel) -> Answer<'a, PageOf<Key>> {
        self.held.search(&MANIFEST, self, self, request, cancel).boxed_local()
    }

    fn get<'a>(&'a self, id: &'a KeyId, cancel: &'a Cancel) -> Answer<'a, Key> {
        let request = self.request(&Call::Get(id.clone()));
        async move {
            // Who asks decides what removing it will do.
            let (wire, _) = join(self.ask::<ApiKeyWire>(&request, cancel), self.me(cancel)).await;
            let mut keys = self.read_keys(&request, vec![wire?], cancel).await?;
            keys.pop().ok_or_else(|| ApiError::malformed(&request, 200, "key"))
        }
        .boxed_local()
    }

    fn newest<'a>(&'a self, count: u64, cancel: &'a Cancel) -> Answer<'a, Vec<Key>> {
        async move {
            let (request, page) = self.first_page(&[], count.clamp(1, PAGE), cancel).await?;
            let people = self.people.borrow().clone();
            let unreadable = |field| ApiError::malformed(&request, 200, field);
            page.data.into_iter().map(|it| it.into_key(&people).map_err(unreadable)).collect()
        }
        .boxed_local()
    }

    /// Sent again, if the reader wants that, only after a limit, which comes before anything is made, or after a look:
    /// a service that names the time to come back should not have begun, and yet may have. Such a doubt is not
    /// forgotten: it is what the reader is told at the end, and then looked up once more.
    fn create<'a>(&'a self, new: &'a Fields) -> Answer<'a, Created> {
        let request = self.request(&Call::Create(new.clone()));
        async move {
            let mut left = new.number(RETRY).unwrap_or(0);
            let interval = new.number(INTERVAL).and_then(|it| u32::try_from(it).ok()).unwrap_or(1);
            let mut doubt = None;
            loop {
                let err = match self.try_create(&request).await {
                    Ok(created) => return Ok(created),
                    Err(err) => err,
                };
                let pause = interval.max(err.retry_after_secs.unwrap_or(0));
                let is_limit = err.kind == ErrorKind::RateLimited;
                let may_come_back = err.status == Some(503) && err.retry_after_secs.is_some();
                let is_last = left <= 0 || !(is_limit || may_come_back) || pause > LONGEST_PAUSE_SECS;
                let err = match doubt.take() {
                    Some(doubt) if is_last && !err.outcome_unknown() => doubt,
                    Some(earlier) if is_limit => {
                        doubt = Some(earlier);
                        err
                    }
                    _ => err,
                };
                if is_last {
                    return Err(err);
                }
                left -= 1;
                self.http.pause(pause.saturating_mul(1_000)).await;
                if !is_limit {
                    let looked = self.newest(LOOKED_AT, &Cancel::new()).await;
                    let is_absent = looked.is_ok_and(|it| !it.iter().any(|it| can_be(&MANIFEST, new, it)));
                    if !is_absent {
                        return Err(err);
                    }
                    doubt = Some(err);
                }
            }
        }
        .boxed_local()
    }

    fn write<'a>(&'a self, call: &'a Call) -> Answer<'a, ()> {
        async move {
            if matches!(call, Call::Act(Act::SetSettings(_))) {
                let tenant = self.tenant(&Cancel::new()).await?;
                self.config.take();
                let Call::Act(Act::SetSettings(change)) = call else { return Err(ApiError::unsupported()) };
                let text = config_patch(change).to_string();
                let request = Request::write(Method::Patch, config_path(&tenant)).json(text);
                return self.http.send(&request, &Cancel::new()).await.map(|_| ());
            }
            self.http.send(&self.request(call), &Cancel::new()).await.map(|_| ())
        }
        .boxed_local()
    }

    fn held(&self) -> Option<&Held> {
        Some(&self.held)
    }

    fn source(&self) -> Option<&dyn Source> {
        Some(self)
    }

    /// The owner deletes; an administrator takes back (2, "DELETE semantics").
    fn removal(&self, key: &Key) -> Removal {
        let owner = key.fields.text(SUB);
        match &*self.me.borrow() {
            Some(me) if me.is_admin() && me.id != owner => Removal::Revoke,
            // Unknown callers are told the greater loss.
            _ => Removal::Delete,
        }
    }

    fn who<'a>(&'a self, cancel: &'a Cancel) -> Answer<'a, Who> {
        async move {
            let me = self.ask_me(cancel).await?;
            Ok(Who { name: me.name().unwrap_or_default(), admin: me.is_admin(), id: me.id })
        }
        .boxed_local()
    }

    fn offers<'a>(&'a self, picker: Picker, typed: &'a str, cancel: &'a Cancel) -> Answer<'a, Vec<Offer>> {
        async move {
            let typed = typed.trim();
            match picker {
                USERS => {
                    let mut path = [USERS_PATH, "?limit=100"].concat();
                    if !typed.is_empty() {
                        path.push_str("&filter=");
                        path.push_str(&percent_encoded(&typed_filter(typed)));
                    }
                    let page: PageWire<UserWire> =
                        self.ask(&Request::read(Method::Get, path), cancel).await?;
                    Ok(page.data.into_iter().map(UserWire::offer).collect())
                }
                PROVIDERS => {
                    let found = self.providers(cancel).await?;
                    Ok(found.iter().filter(|it| it.is_like(typed)).map(ProviderWire::offer).collect())
                }
                _ => Ok(Vec::new()),
            }
        }
        .boxed_local()
    }

    fn has_happened<'a>(&'a self, act: &'a Act, cancel: &'a Cancel) -> Answer<'a, bool> {
        async move {
            let Act::SetSettings(change) = act else { return Err(ApiError::unsupported()) };
            let now = self.config(cancel).await?.fields();
            Ok(change.0.iter().all(|(field, delta)| match delta {
                Delta::Set(wanted) => now.get(*field).is_some_and(|it| is_same(it, wanted)),
                Delta::List { .. } => false,
            }))
        }
        .boxed_local()
    }

    fn settings<'a>(&'a self, cancel: &'a Cancel) -> Answer<'a, Fields> {
        async move { Ok(self.config(cancel).await?.fields()) }.boxed_local()
    }

    fn limits<'a>(&'a self, cancel: &'a Cancel) -> Answer<'a, Vec<Maximum>> {
        async move {
            let known = self.config.borrow().clone();
            let config = match known {
                Some(config) => config,
                None => self.config(cancel).await?,
            };
            let fields = config.fields();
            let of = |setting: FieldId, kinds: &'static [&'static str]| {
                let most = fields.get(setting)?.clone();
                Some(Maximum { field: EXPIRY, most, when: (SUB_TYPE, kinds) })
            };
            Ok([of(MAX_EXPIRY, &["", USER]), of(SCIM_EXPIRY, &[CLIENT])].into_iter().flatten().collect())
        }
        .boxed_local()
    }

    fn import_draft(&self, text: &str) -> Result<Imported, Vec<ImportProblem>> {
        read_body(text)
    }

    fn command_lines(&self, call: &Call) -> Vec<CommandLine> {
        let (filters, is_whole) = match call {
            Call::Search(search) => Self::asked(search),
            _ => (Vec::new(), true),
        };
        let tenant = self.known_tenant().unwrap_or_else(|| SOME_TENANT.to_owned());
        command::lines(call, &Where { base: &self.http.base(), tenant: &tenant, filters: &filters, is_whole })
    }
}

/// All rows of a question by the cursor, newest first. Who asks is looked up beside the first page.
impl Source for Client {
    fn batch<'a>(
        &'a self,
        part: &'a ServerPart,
        after: Option<&'a str>,
        cancel: &'a Cancel,
    ) -> Answer<'a, Batch> {
        async move {
            let (request, page) = match after {
                Some(path) => {
                    let request = Request::read(Method::Get, path);
                    let page: PageWire<ApiKeyWire> = self.ask(&request, cancel).await?;
                    (request, page)
                }
                None => {
                    let filters = Self::filters(part);
                    let (page, _) = join(self.first_page(&filters, PAGE, cancel), self.ask_me(cancel)).await;
                    page?
                }
            };
            let next = self.next_path(&request, &page)?;
            let rows = self.read_keys(&request, page.data, cancel).await?;
            Ok(Batch { rows, next, all: true, limited: self.own_alone.get(), total: None })
        }
        .boxed_local()
    }
}

impl UserWire {
    fn is_admin(&self) -> bool {
        self.assigned_roles.iter().any(|it| it.name.as_deref() == Some("TenantAdmin"))
    }
}

/// Two spellings of one duration are the same setting.
fn is_same(a: &Value, b: &Value) -> bool {
    let duration = |it: &Value| match it {
        Value::Text(text) => Duration::parse(text),
        _ => None,
    };
    a == b || duration(a).is_some_and(|it| Some(it) == duration(b))
}

fn list_path(filters: &[Filter], size: u64) -> String {
    let mut res = [KEYS, "?limit=", &size.to_string(), "&sort=-created"].concat();
    for (name, value) in filters {
        res.extend(["&", name, "=", &percent_encoded(value)]);
    }
    res
}

fn one(id: &KeyId) -> String {
    [KEYS, "/", &segment(&id.0)].concat()
}

fn config_path(tenant: &str) -> String {
    let tenant = if tenant == SOME_TENANT { tenant.to_owned() } else { segment(tenant) };
    [KEYS, "/configs/", &tenant].concat()
}
