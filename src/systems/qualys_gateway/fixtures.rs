//! Keys and a small service for tests: it answers at once, behaves as told, and remembers what it was asked.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::future::{FutureExt as _, LocalBoxFuture};
use serde_json::{Value as Json, json};

use crate::domain::{FieldId, Key, Limit, Ref, Secret, Value};
use crate::http::testing::{FakeTimer, answer};
use crate::http::{
    Authority, Call, Cancelled, Credential, Http, Method, ResponseHeaders, Transport, TransportError,
};
use crate::systems::{Client, System};

/// An active or disabled key with the number `id`, no limit and no dates.
pub(crate) fn key(id: u64, disabled: bool) -> Key {
    let mut key = Key { disabled, ..Key::new(id.to_string()) };
    key.value = Some(Secret::new(format!("{id:08}-0000-4000-8000-000000000000")));
    key.fields = [
        (FieldId::TITLE, Value::Text(format!("key {id}"))),
        (FieldId::USED, Value::Number(0)),
        (FieldId::LIMIT, Value::Limit(Limit::Unlimited)),
        (super::TYPE, Value::Text("Unlimited".to_owned())),
        (FieldId::EXPIRES, Value::Nothing),
        (FieldId::CREATED, Value::Nothing),
        (FieldId::CREATOR, Value::Ref(Ref::of("demo"))),
        (super::LICENCES, Value::Codes(Vec::new())),
    ]
    .into_iter()
    .collect();
    key
}

/// What happens to one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The call never arrives.
    DropBefore,
    /// The call is carried out and its answer is lost.
    DropAfter,
    /// This status, and nothing done.
    Status(u16),
    /// The browser repeats the call: it is carried out twice, and the second answer arrives.
    Repeated,
    /// The browser repeats the call, and the repetition is refused with this status, as for its title.
    RepeatedRefused(u16),
    /// Somebody else flips the key just before.
    FlippedByAnother,
}

/// How page numbers behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pages {
    Honoured,
    Ignored,
    Refused,
}

/// A row as the service keeps it: number, disabled, title, limit.
#[derive(Clone)]
pub(crate) struct Stored {
    pub(crate) id: u64,
    pub(crate) disabled: bool,
    pub(crate) title: String,
    pub(crate) limit: u64,
}

pub(crate) struct Service {
    pub(crate) rows: RefCell<Vec<Stored>>,
    /// Machines that each key tells to be enrolled.
    pub(crate) used: Cell<u64>,
    pub(crate) pages: Cell<Pages>,
    pub(crate) largest: Cell<u64>,
    pub(crate) refuses_large: Cell<bool>,
    /// The one spelling it takes; the other is a 400.
    pub(crate) new_spelling: Cell<bool>,
    /// Faults for the next writes, first one first.
    pub(crate) faults: RefCell<Vec<Fault>>,
    /// Faults for the next reads of one key.
    pub(crate) read_faults: RefCell<Vec<Fault>>,
    /// Writes carried out.
    pub(crate) done: RefCell<Vec<String>>,
    /// Every call: method, path, body.
    pub(crate) log: RefCell<Vec<String>>,
}

type Answer = (u16, ResponseHeaders, String);

impl Service {
    pub(crate) fn with_keys(count: u64) -> Rc<Self> {
        let row = |id| Stored { id, disabled: id % 3 == 0, title: format!("key {id:04}"), limit: 0 };
        Rc::new(Self {
            rows: RefCell::new((1..=count).map(row).collect()),
            used: Cell::new(0),
            pages: Cell::new(Pages::Honoured),
            largest: Cell::new(200),
            refuses_large: Cell::new(false),
            new_spelling: Cell::new(false),
            faults: RefCell::default(),
            read_faults: RefCell::default(),
            done: RefCell::default(),
            log: RefCell::default(),
        })
    }

    /// A client that calls this service.
    pub(crate) fn client(self: &Rc<Self>, timer: &Rc<FakeTimer>) -> Client {
        let transport = Rc::new(Wire(Rc::clone(self)));
        let timer = Rc::clone(timer);
        Client::new(System::QUALYS_GATEWAY, Http::new("https://h/", transport, timer, Rc::new(Anybody)))
    }

    /// The way to this service, for those who put something in it.
    pub(crate) fn transport(self: &Rc<Self>) -> Rc<dyn Transport> {
        Rc::new(Wire(Rc::clone(self)))
    }

    pub(crate) fn is_disabled(&self, id: u64) -> Option<bool> {
        self.rows.borrow().iter().find(|it| it.id == id).map(|it| it.disabled)
    }

    fn flip(&self, id: u64) {
        for row in self.rows.borrow_mut().iter_mut().filter(|it| it.id == id) {
            row.disabled = !row.disabled;
        }
    }

    fn handle(&self, call: &Call) -> Result<Answer, TransportError> {
        let path = call.url.trim_start_matches("https://h/caui/v1/activation-keys/manage").to_owned();
        let body: Json = match &call.body {
            Some(text) => serde_json::from_str(text).unwrap_or_default(),
            None => Json::Null,
        };
        self.log.borrow_mut().push(format!("{} {path} {body}", call.method.name()));
        let id: u64 = path.rsplit('/').next().and_then(|it| it.parse().ok()).unwrap_or(0);
        match (call.method, path.as_str()) {
            (Method::Post, "") => self.search(&body),
            (Method::Get, _) => self.get(id),
            _ => self.write(call.method, &path, id, &body),
        }
    }

    fn get(&self, id: u64) -> Result<Answer, TransportError> {
        if let Some(fault) = pop(&self.read_faults) {
            match fault {
                Fault::Status(status) => return answer(status, &[], ""),
                _ => return Err(TransportError::Failed),
            }
        }
        match self.rows.borrow().iter().find(|it| it.id == id) {
            Some(row) => {
                let mut row = wire(row);
                let fields = row.as_object_mut();
                fields.map(|it| it.insert("countUsed".to_owned(), self.used.get().into()));
                answer(200, &[], &row.to_string())
            }
            None => answer(404, &[], r#"{"message":"not found"}"#),
        }
    }

    fn write(&self, method: Method, path: &str, id: u64, body: &Json) -> Result<Answer, TransportError> {
        let fault = pop(&self.faults);
        match fault {
            Some(Fault::DropBefore) => return Err(TransportError::Failed),
            Some(Fault::Status(status)) => return answer(status, &[], r#"{"message":"no"}"#),
            Some(Fault::FlippedByAnother) => self.flip(id),
            _ => {}
        }
        if matches!(fault, Some(Fault::Repeated | Fault::RepeatedRefused(_))) {
            self.carry_out(method, path, id, body);
        }
        if let Some(Fault::RepeatedRefused(status)) = fault {
            return answer(status, &[], r#"{"message":"title exists"}"#);
        }
        let reply = self.carry_out(method, path, id, body);
        if fault == Some(Fault::DropAfter) { Err(TransportError::Failed) } else { answer(200, &[], &reply) }
    }

    fn carry_out(&self, method: Method, path: &str, id: u64, body: &Json) -> String {
        self.done.borrow_mut().push(format!("{} {path}", method.name()));
        match method {
            Method::Post => {
                let id = self.rows.borrow().iter().map(|it| it.id).max().unwrap_or(0) + 1;
                let row = Stored {
                    id,
                    disabled: false,
                    title: body["title"].as_str().unwrap_or_default().to_owned(),
                    limit: body["maxAgentsAllowed"].as_u64().unwrap_or(0),
                };
                let reply = wire(&row).to_string();
                self.rows.borrow_mut().push(row);
                reply
            }
            Method::Patch if path.starts_with("/activation-key/") => {
                for row in self.rows.borrow_mut().iter_mut().filter(|it| it.id == id) {
                    if let Some(title) = body["title"].as_str() {
                        row.title = title.to_owned();
                    }
                }
                "Successfully updated activation key".to_owned()
            }
            Method::Patch => {
                self.flip(id);
                "Successfully flipped".to_owned()
            }
            _ => {
                self.rows.borrow_mut().retain(|it| it.id != id);
                "Successfully deleted activation key".to_owned()
            }
        }
    }

    fn search(&self, body: &Json) -> Result<Answer, TransportError> {
        if let Some(Fault::Status(status)) = pop(&self.read_faults) {
            return answer(status, &[], "");
        }
        let limit = body["limit"].as_u64().unwrap_or(10);
        let bad = |text: &str| answer(400, &[], &json!({ "message": text }).to_string());
        if limit > self.largest.get() && self.refuses_large.get() {
            return bad("limit is too large");
        }
        if !body["pageNumber"].is_null() && self.pages.get() == Pages::Refused {
            return bad("Unrecognized field pageNumber");
        }
        let query = body["query"].as_str().unwrap_or_default();
        if query.contains("activationKey") && query.contains("qualys.agent.") != self.new_spelling.get() {
            return bad("unknown token");
        }
        let mut rows = self.rows.borrow().clone();
        if let Some((_, wanted)) = query.rsplit_once("isDisabled: ") {
            rows.retain(|it| it.disabled.to_string() == wanted);
        }
        rows.sort_by_key(|it| (it.title.clone(), it.id));
        if body["orderBy"] == "CREATED_ON" {
            rows.sort_by_key(|it| it.id);
        }
        if body["sortOrder"] == "DSC" {
            rows.reverse();
        }
        let size = limit.min(self.largest.get());
        let page = match self.pages.get() {
            Pages::Honoured => body["pageNumber"].as_u64().unwrap_or(0),
            Pages::Ignored | Pages::Refused => 0,
        };
        let total = rows.len();
        let skip = usize::try_from(page * size).unwrap_or(0);
        let take = usize::try_from(size).unwrap_or(0);
        let content: Vec<Json> = rows.iter().skip(skip).take(take).map(wire).collect();
        answer(200, &[], &json!({ "pageSize": size, "totalCount": total, "content": content }).to_string())
    }
}

fn pop(faults: &RefCell<Vec<Fault>>) -> Option<Fault> {
    let mut faults = faults.borrow_mut();
    (!faults.is_empty()).then(|| faults.remove(0))
}

fn wire(row: &Stored) -> Json {
    json!({
        "id": row.id, "title": row.title, "activationKey": format!("{:08}-0000", row.id), "isDisabled": row.disabled,
        "countUsed": 0, "countPurchased": row.limit, "expireDate": null, "licenses": [], "tags": [],
    })
}

struct Wire(Rc<Service>);

impl Transport for Wire {
    fn send(&self, call: Call) -> LocalBoxFuture<'static, Result<Answer, TransportError>> {
        let res = self.0.handle(&call);
        async move { res }.boxed_local()
    }
}

/// An authority that is always signed in.
pub(crate) struct Anybody;

impl Authority for Anybody {
    fn credential(&self) -> Option<Credential> {
        Some(Credential::Bearer(Secret::new("token".to_owned())))
    }

    fn rejected(&self, _used: &Credential) {}

    fn renewed(&self) -> LocalBoxFuture<'static, Result<(), Cancelled>> {
        async { Ok(()) }.boxed_local()
    }
}
