use std::cell::RefCell;
use std::collections::BTreeSet;
use std::future::pending;
use std::rc::Rc;

use super::act::{Act, Member, Offer, Picker, Removal, Who};
use super::calls::{Calls, CommandLine, Created, Verdict};
use super::key_values::{redacted, veiled, veiled_tokens};
use super::{
    Call, Change, FieldKind, FieldSpec, ImportProblem, Imported, Manifest, Maximum, QuerySchema, Rows,
    SearchRequest, SecretPolicy, SeenValues, System,
};
use crate::domain::{FieldId, Fields, Key, KeyId, PageOf, Value};
use crate::http::{ApiError, Body, Cancel, ErrorKind, Http, Request, Veil};
use crate::platform::clock;

/// Stands for a key's value in calls that are shown.
const PLACEHOLDER: &str = "<key>";

/// Calls to one connection. Clones share what was learned and kept.
#[derive(Clone)]
pub struct Client {
    system: System,
    calls: Rc<dyn Calls>,
    /// Keys that were written here, whatever came of it.
    written: Rc<RefCell<BTreeSet<KeyId>>>,
}

impl Client {
    /// A client for a system behind `http`.
    #[must_use]
    pub fn new(system: System, http: Http) -> Self {
        let manifest = system.manifest();
        let veil: Veil = if manifest.secret == SecretPolicy::Always { veiled } else { veiled_tokens };
        let calls = (manifest.connect)(http.veiled_by(veil));
        Self { system, calls, written: Rc::default() }
    }

    /// Which system it calls.
    #[must_use]
    pub fn system(&self) -> System {
        self.system
    }

    /// What that system can do.
    #[must_use]
    pub fn manifest(&self) -> &'static Manifest {
        self.system.manifest()
    }

    /// Until when the service asked to make no call at all, in milliseconds on the clock of the calls.
    #[must_use]
    pub fn limited_until_ms(&self) -> Option<f64> {
        self.calls.http().limited_until_ms()
    }

    /// Asks for a page of keys.
    ///
    /// # Errors
    /// What the server or the way to it answered.
    pub async fn search(&self, request: &SearchRequest, cancel: &Cancel) -> Result<PageOf<Key>, ApiError> {
        self.calls.search(request, cancel).await
    }

    /// Forgets rows that were kept, so that the next search asks the service.
    pub fn forget(&self) {
        if let Some(held) = self.calls.held() {
            held.forget();
        }
    }

    /// Keys that were written here since this was asked last, whatever came of it: what they tell next is no news.
    #[must_use]
    pub fn take_written(&self) -> BTreeSet<KeyId> {
        self.written.take()
    }

    /// Rows loaded so far for a search that is under way.
    #[must_use]
    pub fn loaded_so_far(&self) -> Option<u64> {
        self.calls.held()?.progress()
    }

    /// Waits until more rows came for a search that is under way; for ever with a system that turns pages.
    pub async fn progressed(&self) {
        match self.calls.held() {
            Some(held) => held.progressed().await,
            None => pending().await,
        }
    }

    /// The page of a search that is under way or broke off, as far as the rows tell that came. Without a call.
    #[must_use]
    pub fn partial(&self, request: &SearchRequest) -> Option<PageOf<Key>> {
        self.calls.held()?.partial(self.manifest(), request)
    }

    /// All rows that a question finds among those that are kept here; see [`super::Held::rows`]. Without a call.
    #[must_use]
    pub fn rows(&self, request: &SearchRequest) -> Option<Rows> {
        self.calls.held()?.rows(self.manifest(), request)
    }

    /// Loads all rows of a question, so that [`Client::rows`] has them. They can be watched as they come:
    /// [`Client::progressed`]. A load that broke off goes on where it was when it is asked for again.
    ///
    /// # Errors
    /// What the server or the way to it answered.
    pub async fn load(&self, request: &SearchRequest, cancel: &Cancel) -> Result<(), ApiError> {
        match (self.calls.held(), self.calls.source()) {
            (Some(held), Some(source)) => {
                held.load(self.manifest(), &*self.calls, source, request, cancel).await
            }
            _ => Err(ApiError::unsupported()),
        }
    }

    /// Fields that a query names and none of the loaded keys tells: clauses about them find nothing.
    #[must_use]
    pub fn untold(&self, query: &str) -> Vec<&'static FieldSpec> {
        self.calls.held().map(|it| it.untold(self.manifest(), query)).unwrap_or_default()
    }

    /// Whether a text holds the value of a key that is kept here, whatever its shape.
    #[must_use]
    pub fn holds_value_in(&self, text: &str) -> bool {
        self.calls.held().is_some_and(|it| it.holds_value_in(text))
    }

    /// Values of a field of queries among the keys that are loaded: all that are kept, or else those of `page`.
    #[must_use]
    pub fn seen_values(&self, token: &'static str, page: &[Key]) -> SeenValues {
        let held = self.calls.held().and_then(|it| it.seen_values(self.manifest(), token));
        held.unwrap_or_else(|| QuerySchema::of(self.manifest()).seen_values(token, page, clock::now()))
    }

    /// Reads one key, with everything the API tells.
    ///
    /// # Errors
    /// What the server or the way to it answered; `NotFound` for an unknown key.
    pub async fn get(&self, id: &KeyId, cancel: &Cancel) -> Result<Key, ApiError> {
        self.calls.get(id, cancel).await
    }

    /// Who is signed in, as far as the system tells.
    ///
    /// # Errors
    /// What the server or the way to it answered.
    pub async fn who(&self, cancel: &Cancel) -> Result<Who, ApiError> {
        self.calls.who(cancel).await
    }

    /// What a picker offers for what was typed.
    ///
    /// # Errors
    /// What the server or the way to it answered.
    pub async fn offers(&self, picker: Picker, typed: &str, cancel: &Cancel) -> Result<Vec<Offer>, ApiError> {
        self.calls.offers(picker, typed, cancel).await
    }

    /// What a key has enrolled.
    ///
    /// # Errors
    /// What the server or the way to it answered.
    pub async fn members(&self, id: &KeyId, cancel: &Cancel) -> Result<Vec<Member>, ApiError> {
        self.calls.members(id, cancel).await
    }

    /// How many things a key has enrolled.
    ///
    /// # Errors
    /// What the server or the way to it answered.
    pub async fn count_members(&self, id: &KeyId, cancel: &Cancel) -> Result<u64, ApiError> {
        self.calls.count_members(id, cancel).await
    }

    /// The version the service says it has; blank if it says none. A good test of a connection.
    ///
    /// # Errors
    /// What the server or the way to it answered.
    pub async fn version(&self, cancel: &Cancel) -> Result<String, ApiError> {
        self.calls.version(cancel).await
    }

    /// Whether a key is valid.
    ///
    /// # Errors
    /// What the server or the way to it answered.
    pub async fn verify(&self, typed: &Fields, cancel: &Cancel) -> Result<Verdict, ApiError> {
        self.calls.verify(typed, cancel).await
    }

    /// Settings of the whole account.
    ///
    /// # Errors
    /// What the server or the way to it answered.
    pub async fn settings(&self, cancel: &Cancel) -> Result<Fields, ApiError> {
        self.calls.settings(cancel).await
    }

    /// The largest values that the account allows for fields of a new key, where the service tells them.
    ///
    /// # Errors
    /// What the server or the way to it answered.
    pub async fn limits(&self, cancel: &Cancel) -> Result<Vec<Maximum>, ApiError> {
        self.calls.limits(cancel).await
    }

    /// The form of a new key, from the body of such a call in a file.
    ///
    /// # Errors
    /// Everything in it that cannot be taken.
    pub fn import_draft(&self, text: &str) -> Result<Imported, Vec<ImportProblem>> {
        self.calls.import_draft(text)
    }

    /// What deleting this key would do.
    #[must_use]
    pub fn removal(&self, key: &Key) -> Removal {
        self.calls.removal(key)
    }

    /// The newest keys first, at most `count`: to look up what became of a create.
    pub(crate) async fn newest(&self, count: u64, cancel: &Cancel) -> Result<Vec<Key>, ApiError> {
        self.calls.newest(count, cancel).await
    }

    /// Creates a key. Sent once, never again by itself.
    pub(crate) async fn create_key(&self, new: &Fields) -> Result<Created, ApiError> {
        self.forget();
        let res = self.calls.create(new).await;
        self.forget();
        if let Ok(created) = &res {
            self.written.borrow_mut().insert(created.key.id.clone());
        }
        res.map_err(|mut err| {
            self.secrets(new).for_each(|(_, value)| err.redact(value));
            err
        })
    }

    /// Changes a key. Sent once, never again by itself.
    pub(crate) async fn update_key(&self, id: &KeyId, change: &Change) -> Result<(), ApiError> {
        self.write(&Call::Update(id.clone(), change.clone())).await
    }

    /// Switches a key on or off, which with one system flips it. Sent once, never again by itself.
    pub(crate) async fn switch_key(&self, id: &KeyId, enabled: bool) -> Result<(), ApiError> {
        self.write(&Call::Switch(id.clone(), enabled)).await
    }

    /// Deletes a key, or takes it back. Sent once, never again by itself.
    pub(crate) async fn delete_key(&self, id: &KeyId) -> Result<(), ApiError> {
        self.write(&Call::Delete(id.clone())).await
    }

    /// Something else. Sent once, never again by itself.
    pub(crate) async fn perform(&self, act: &Act) -> Result<(), ApiError> {
        self.write(&Call::Act(act.clone())).await
    }

    /// Whether an act has come about.
    pub(crate) async fn has_happened(&self, act: &Act, cancel: &Cancel) -> Result<bool, ApiError> {
        self.calls.has_happened(act, cancel).await
    }

    async fn write(&self, call: &Call) -> Result<(), ApiError> {
        self.forget();
        self.note_written(call);
        let res = self.calls.write(call).await;
        // What was loaded in the meantime may be from before it.
        self.forget();
        res
    }

    fn note_written(&self, call: &Call) {
        let mut written = self.written.borrow_mut();
        match call {
            Call::Update(id, _) | Call::Switch(id, _) | Call::Delete(id) => {
                written.insert(id.clone());
            }
            Call::Act(Act::RenameMember { key, .. } | Act::RemoveMember { key, .. }) => {
                written.insert(key.clone());
            }
            Call::Act(Act::MoveMembers { from, to, .. }) => written.extend([from.clone(), to.clone()]),
            _ => {}
        }
    }

    /// Values that a new key is given by hand, with their fields.
    fn secrets<'a>(&self, new: &'a Fields) -> impl Iterator<Item = (FieldId, &'a str)> {
        let secret = self.manifest().fields.iter().filter(|it| matches!(it.kind, FieldKind::Secret));
        secret.filter_map(|it| match new.get(it.id) {
            Some(Value::Text(text)) if !text.is_empty() => Some((it.id, text.as_str())),
            _ => None,
        })
    }

    /// The same call with a placeholder for a key's value: what is shown and copied.
    fn shown(&self, call: &Call) -> Call {
        match call {
            Call::Create(new) => {
                let mut res = new.clone();
                for (field, _) in self.secrets(new) {
                    res.set(field, Value::Text(PLACEHOLDER.to_owned()));
                }
                Call::Create(res)
            }
            Call::Search(search) => match redacted(&search.query) {
                Some(query) => Call::Search(SearchRequest { query, ..search.clone() }),
                None => call.clone(),
            },
            _ => call.clone(),
        }
    }

    /// The request of a call and the whole address it goes to. Neither holds a key's value or a credential.
    #[must_use]
    pub fn request(&self, call: &Call) -> (Request, String) {
        let request = self.calls.request(&self.shown(call));
        let address = request.url(&self.calls.http().base());
        (request, address)
    }

    /// Whether an answer asks for a sign-in although its status does not say so.
    #[must_use]
    pub fn asks_sign_in(&self, request: &Request, status: u16, body: &str) -> bool {
        let judged = self.calls.http().judged(request, status, body);
        judged.is_some_and(|it| matches!(it.kind, ErrorKind::Unauthorized { .. } | ErrorKind::Forbidden))
    }

    /// The text body of a call as it is sent, with a placeholder for a key's value; `None` for a call without one.
    #[must_use]
    pub fn body(&self, call: &Call) -> Option<String> {
        match self.calls.request(&self.shown(call)).body {
            Some(Body::Json(text) | Body::Xml(text)) => Some(text),
            _ => None,
        }
    }

    /// The call as a `curl` command with placeholders for the token and a key's value. `None` where it holds what no
    /// command may; see [`crate::http::curl::line`].
    #[must_use]
    pub fn curl(&self, call: &Call) -> Option<String> {
        self.calls.http().curl(&self.calls.request(&self.shown(call)))
    }

    /// The call as commands of the vendor's own tools, where there are such.
    #[must_use]
    pub fn command_lines(&self, call: &Call) -> Vec<CommandLine> {
        self.calls.command_lines(&self.shown(call))
    }
}
