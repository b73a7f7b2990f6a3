use std::cell::RefCell;
use std::collections::BTreeSet;

use futures_util::future::FutureExt as _;
use serde_json::json;

use super::names::{CustomersWire, Names, ProductsWire};
use super::wire::{CreateWire, CustomerBody, InstanceWire, LicenseWire, VerifyWire, update_body};
use super::{CUSTOM_KEY, CUSTOMERS, EMAIL, MANIFEST, NAME, PRODUCT, PRODUCTS};
use crate::domain::{FieldId, Fields, Key, KeyId, PageOf, Secret, Timestamp, order};
use crate::http::{ApiError, Cancel, ErrorKind, Http, Method, Request, segment};
use crate::i18n::t;
use crate::platform::clock;
use crate::systems::{
    Act, Answer, Batch, Bound, Call, Calls, Created, Held, Member, Offer, Picker, SearchRequest, ServerPart,
    Source, Verdict,
};

/// Where licences are (section 2).
const LICENSES: &str = "v1/licenses";

/// Products asked for in one call: the documented maximum (section 4).
const PRODUCTS_PAGE: u64 = 100;

/// The calls, with the rows and names that were read.
pub struct Client {
    http: Http,
    held: Held,
    names: RefCell<Option<Names>>,
}

impl Client {
    /// Calls through `http`.
    #[must_use]
    pub fn new(http: Http) -> Self {
        Self { http, held: Held::default(), names: RefCell::default() }
    }

    /// Products and customers, read once. They name what licences hold as ids; without them the ids show, which
    /// is no reason to show no licence.
    async fn names(&self, cancel: &Cancel) -> Result<Names, ApiError> {
        if let Some(names) = self.names.borrow().as_ref() {
            return Ok(names.clone());
        }
        let mut names = Names::default();
        let mut page = 1;
        let (mut ids, mut bound) = (BTreeSet::new(), Bound::default());
        loop {
            let path =
                ["v1/products?limit=", &PRODUCTS_PAGE.to_string(), "&page=", &page.to_string()].concat();
            let request = Request::read(Method::Get, path);
            let answer: ProductsWire = self.http.send(&request, cancel).await?.json(&request)?;
            let last = answer.pagination.and_then(|it| it.max_page).unwrap_or(1);
            let is_empty = answer.items.is_empty();
            let known = names.products.len();
            names.products.extend(answer.items.into_iter().filter(|it| ids.insert(it.id.clone())));
            if page >= last || is_empty || !bound.goes_on(names.products.len() - known) {
                break;
            }
            page += 1;
        }
        let request = Request::read(Method::Get, "v1/customers");
        let answer: CustomersWire = self.http.send(&request, cancel).await?.json(&request)?;
        names.customers = answer.items;
        *self.names.borrow_mut() = Some(names.clone());
        Ok(names)
    }

    /// All licences, with names as far as they can be had.
    async fn all(&self, cancel: &Cancel) -> Result<Vec<Key>, ApiError> {
        let request = Request::read(Method::Get, LICENSES);
        let response = self.http.send(&request, cancel).await?;
        let (_, wires): (Vec<LicenseWire>, Vec<LicenseWire>) = response.json_list(&request, "").await?;
        let names = self.names(cancel).await.unwrap_or_default();
        let unreadable = |field| ApiError::malformed(&request, response.status, field);
        wires.into_iter().map(|it| it.into_key(&names).map_err(unreadable)).collect()
    }

    async fn one_key(&self, request: &Request, cancel: &Cancel) -> Result<(Key, String), ApiError> {
        let response = self.http.send(request, cancel).await?;
        let wire: LicenseWire = response.json(request)?;
        let names = self.names(cancel).await.unwrap_or_default();
        let key =
            wire.into_key(&names).map_err(|field| ApiError::malformed(request, response.status, field))?;
        Ok((key, response.text))
    }
}

impl Calls for Client {
    fn http(&self) -> &Http {
        &self.http
    }

    fn request(&self, call: &Call) -> Request {
        let body = |request: Request, body: serde_json::Value| request.json(body.to_string());
        match call {
            // The list takes no parameter at all (section 2): search, order and pages are worked out here.
            Call::Search(_) => Request::read(Method::Get, LICENSES),
            Call::Get(id) => Request::read(Method::Get, one(id)),
            Call::Create(new) => {
                let text = serde_json::to_string(&CreateWire::of(new)).unwrap_or_default();
                let request = Request::write(Method::Post, LICENSES).json(text);
                hiding(request, new.text(CUSTOM_KEY))
            }
            Call::Update(id, change) => body(Request::write(Method::Patch, one(id)), update_body(change)),
            // The state is set and not flipped (section 7), so that two administrators do not undo each other.
            Call::Switch(id, enabled) => {
                let status = if *enabled { "ACTIVE" } else { "DISABLED" };
                body(Request::write(Method::Patch, one(id)), json!({ "status": status }))
            }
            // The manifest offers none, so this is never sent.
            Call::Delete(id) => Request::read(Method::Get, one(id)),
            Call::Act(Act::RenameMember { key, member, name }) => {
                let path = [&one(key), "/instances/", &segment(member)].concat();
                body(Request::write(Method::Patch, path), json!({ "instanceName": name }))
            }
            Call::Act(Act::RemoveMember { member, .. }) => {
                Request::write(Method::Delete, [LICENSES, "/instances/", &segment(member)].concat())
            }
            Call::Act(Act::AddOffer { fields, .. }) => {
                let text = serde_json::to_string(&CustomerBody::of(fields)).unwrap_or_default();
                Request::write(Method::Post, "v1/customers").json(text)
            }
            Call::Act(_) => Request::read(Method::Get, LICENSES),
        }
    }

    fn search<'a>(&'a self, request: &'a SearchRequest, cancel: &'a Cancel) -> Answer<'a, PageOf<Key>> {
        self.held.search(&MANIFEST, self, self, request, cancel).boxed_local()
    }

    fn get<'a>(&'a self, id: &'a KeyId, cancel: &'a Cancel) -> Answer<'a, Key> {
        let request = self.request(&Call::Get(id.clone()));
        async move { self.one_key(&request, cancel).await.map(|(key, _)| key) }.boxed_local()
    }

    fn newest<'a>(&'a self, count: u64, cancel: &'a Cancel) -> Answer<'a, Vec<Key>> {
        async move {
            let mut keys = self.all(cancel).await?;
            order::sort_by_key(&mut keys, |it| std::cmp::Reverse(it.created()));
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
        let request = self.request(call);
        if matches!(call, Call::Act(Act::AddOffer { .. })) {
            self.names.take();
        }
        async move { self.http.send(&request, &Cancel::new()).await.map(|_| ()) }.boxed_local()
    }

    fn held(&self) -> Option<&Held> {
        Some(&self.held)
    }

    fn source(&self) -> Option<&dyn Source> {
        Some(self)
    }

    fn offers<'a>(&'a self, picker: Picker, typed: &'a str, cancel: &'a Cancel) -> Answer<'a, Vec<Offer>> {
        async move {
            let names = self.names(cancel).await?;
            Ok(match picker {
                PRODUCTS => names.products_like(typed),
                CUSTOMERS => names.customers_like(typed),
                _ => Vec::new(),
            })
        }
        .boxed_local()
    }

    fn members<'a>(&'a self, id: &'a KeyId, cancel: &'a Cancel) -> Answer<'a, Vec<Member>> {
        async move {
            let request = Request::read(Method::Get, [&one(id), "/instances"].concat());
            let wires: Vec<InstanceWire> = self.http.send(&request, cancel).await?.json(&request)?;
            Ok(wires.into_iter().map(InstanceWire::into_member).collect())
        }
        .boxed_local()
    }

    fn has_happened<'a>(&'a self, act: &'a Act, cancel: &'a Cancel) -> Answer<'a, bool> {
        async move {
            match act {
                Act::RenameMember { key, member, name } => {
                    let members = self.members(key, cancel).await?;
                    Ok(members.iter().any(|it| it.id == *member && it.name == *name))
                }
                Act::RemoveMember { key, member } => {
                    Ok(!self.members(key, cancel).await?.iter().any(|it| it.id == *member))
                }
                // The service takes the address for the customer: one with this address and name is there.
                Act::AddOffer { fields, .. } => {
                    self.names.take();
                    let names = self.names(cancel).await?;
                    let email = fields.text(EMAIL);
                    Ok(names.customers.iter().any(|it| {
                        it.email.as_deref().is_some_and(|it| it.eq_ignore_ascii_case(email))
                            && it.name.as_deref() == Some(fields.text(NAME))
                    }))
                }
                _ => Err(ApiError::unsupported()),
            }
        }
        .boxed_local()
    }

    /// A POST that changes nothing (section 2). A key that no licence has answers 404 here or "not valid" there;
    /// which of the two is not documented, so both are read (section 3).
    fn verify<'a>(&'a self, typed: &'a Fields, cancel: &'a Cancel) -> Answer<'a, Verdict> {
        async move {
            let product = typed.refs(PRODUCT).first().map(|it| it.id.clone()).unwrap_or_default();
            let body = json!({ "key": typed.text(FieldId::VALUE), "productId": product });
            let request = Request::read(Method::Post, [LICENSES, "/verify"].concat()).json(body.to_string());
            let request = hiding(request, typed.text(FieldId::VALUE));
            let verdict = |valid, why: &'static str, key| Verdict { valid, why: why.to_owned(), key };
            let wire: VerifyWire = match self.http.send(&request, cancel).await {
                Ok(response) => response.json(&request)?,
                Err(err) if err.kind == ErrorKind::NotFound => {
                    return Ok(verdict(false, t::solifyn_verify_unknown(), None));
                }
                Err(err) => return Err(err),
            };
            let key = wire.license.as_ref().map(|it| KeyId(it.id.clone()));
            if wire.valid {
                return Ok(verdict(true, t::solifyn_verify_valid(), key));
            }
            let license = wire.license.as_ref();
            let is_over = |it: &str| Timestamp::parse(it).is_some_and(|it| it <= clock::now());
            let why = match license.and_then(|it| it.status.as_deref()) {
                Some("DISABLED") => t::solifyn_verify_disabled(),
                Some("REVOKED") => t::solifyn_verify_revoked(),
                _ if license.and_then(|it| it.expires_at.as_deref()).is_some_and(is_over) => {
                    t::solifyn_verify_expired()
                }
                _ => t::solifyn_verify_invalid(),
            };
            Ok(verdict(false, why, key))
        }
        .boxed_local()
    }
}

/// The list is one answer without pages (section 2).
impl Source for Client {
    fn batch<'a>(
        &'a self,
        _part: &'a ServerPart,
        _after: Option<&'a str>,
        cancel: &'a Cancel,
    ) -> Answer<'a, Batch> {
        async move {
            Ok(Batch { rows: self.all(cancel).await?, next: None, all: true, limited: false, total: None })
        }
        .boxed_local()
    }
}

/// A call with the value of a key in its body, as it was typed.
fn hiding(request: Request, value: &str) -> Request {
    request.hiding(Secret::new(value.trim().to_owned()))
}

/// Ids are opaque.
fn one(id: &KeyId) -> String {
    [LICENSES, "/", &segment(&id.0)].concat()
}
