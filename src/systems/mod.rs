//! Key systems: what each can do, and the calls that do it. The only place that knows a wire format.
//!
//! One folder a system. The rest of the console speaks to a [`Client`] and to the plain types here.
//!
//! Architecture invariant: a system knows no component and no signal. Its write calls are used by
//! `journal` alone.

use crate::domain::{Change, Key, KeyId, NewKey, PageOf};
use crate::http::{ApiError, Body, Cancel, Http};

mod manifest;
pub mod qualys_gateway;

pub use self::manifest::{Manifest, SignIn};

/// An API family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Qualys activation keys on the gateway API (reference `qualys.md`, section 1).
    QualysGateway,
}

impl System {
    /// Every system, in the order of the registration.
    pub const ALL: [Self; 1] = [Self::QualysGateway];

    /// Its name in `config.json`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::QualysGateway => "qualys-gateway",
        }
    }

    /// The system of that name.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.id() == id)
    }

    /// What it can do.
    #[must_use]
    pub fn manifest(self) -> &'static Manifest {
        match self {
            Self::QualysGateway => &qualys_gateway::MANIFEST,
        }
    }

    /// Fields that its search answers.
    #[must_use]
    pub fn query_fields(self) -> &'static [QueryField] {
        match self {
            Self::QualysGateway => &qualys_gateway::query::FIELDS,
        }
    }
}

/// A field of the query language that a system can search.
#[derive(Clone, Copy)]
pub struct QueryField {
    /// The token as it is written.
    pub name: &'static str,
    /// Its label, from the catalogue.
    pub label: fn() -> &'static str,
    /// What values it takes.
    pub kind: FieldType,
}

/// What values a field takes, and so which operators and which input it gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A key's value: searched for, and never put into an address.
    Secret,
}

/// An order the server can give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By title.
    Title,
    /// By the key's value.
    Value,
    /// By machines enrolled.
    Used,
    /// By creation.
    Created,
    /// By enabled and disabled.
    State,
    /// By last day.
    Expires,
}

impl Order {
    /// Every order with its name in addresses.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Title, "title"),
        (Self::Value, "key"),
        (Self::Used, "used"),
        (Self::Created, "created"),
        (Self::State, "state"),
        (Self::Expires, "expires"),
    ];

    /// Its name in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(it, _)| *it == self).map_or("title", |(_, name)| name)
    }

    /// The order of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, it)| *it == name).map(|(order, _)| *order)
    }
}

/// A question for a page of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchRequest {
    /// Query text; blank for all keys.
    pub query: String,
    /// The order.
    pub order: Order,
    /// Largest first.
    pub descending: bool,
    /// Which page, from 0.
    pub page: u64,
    /// Rows a page shall hold.
    pub size: u64,
}

/// One call, as data: to be sent, or to be copied as a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// A page of keys.
    Search(SearchRequest),
    /// One key.
    Get(KeyId),
    /// A new key.
    Create(NewKey),
    /// Changes to a key.
    Update(KeyId, Change),
    /// Flips a key between enabled and disabled: the API has no other way.
    Toggle(KeyId),
    /// Removes a key.
    Delete(KeyId),
}

/// Calls to one connection.
#[derive(Clone)]
pub struct Client {
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    QualysGateway(qualys_gateway::Client),
}

impl Client {
    /// A client for a system behind `http`.
    #[must_use]
    pub fn new(system: System, http: Http) -> Self {
        let kind = match system {
            System::QualysGateway => Kind::QualysGateway(qualys_gateway::Client::new(http)),
        };
        Self { kind }
    }

    /// Asks for a page of keys.
    ///
    /// # Errors
    /// What the server or the way to it answered.
    pub async fn search(&self, request: &SearchRequest, cancel: &Cancel) -> Result<PageOf<Key>, ApiError> {
        let Kind::QualysGateway(client) = &self.kind;
        client.search(request, cancel).await
    }

    /// Reads one key, with everything the API tells.
    ///
    /// # Errors
    /// What the server or the way to it answered; `NotFound` for an unknown key.
    pub async fn get(&self, id: &KeyId, cancel: &Cancel) -> Result<Key, ApiError> {
        let Kind::QualysGateway(client) = &self.kind;
        client.get(id, cancel).await
    }

    /// The newest keys first, at most `count`: to look up what became of a create.
    pub(crate) async fn newest(&self, count: u64, cancel: &Cancel) -> Result<Vec<Key>, ApiError> {
        let order = Order::Created;
        let request = SearchRequest { query: String::new(), order, descending: true, page: 0, size: count };
        Ok(self.search(&request, cancel).await?.items)
    }

    /// Creates a key. Sent once, never again by itself.
    pub(crate) async fn create_key(&self, new: &NewKey) -> Result<Key, ApiError> {
        let Kind::QualysGateway(client) = &self.kind;
        client.create(new).await
    }

    /// Changes a key. Sent once, never again by itself.
    pub(crate) async fn update_key(&self, id: &KeyId, change: &Change) -> Result<(), ApiError> {
        let Kind::QualysGateway(client) = &self.kind;
        client.write(&Call::Update(id.clone(), change.clone())).await
    }

    /// Flips a key. Sent once, never again by itself.
    pub(crate) async fn toggle_key(&self, id: &KeyId) -> Result<(), ApiError> {
        let Kind::QualysGateway(client) = &self.kind;
        client.write(&Call::Toggle(id.clone())).await
    }

    /// Deletes a key. Sent once, never again by itself.
    pub(crate) async fn delete_key(&self, id: &KeyId) -> Result<(), ApiError> {
        let Kind::QualysGateway(client) = &self.kind;
        client.write(&Call::Delete(id.clone())).await
    }

    /// The one spelling of a licence code.
    #[must_use]
    pub fn canonical_licence(&self) -> fn(&str) -> &str {
        match self.kind {
            Kind::QualysGateway(_) => qualys_gateway::licences::canonical,
        }
    }

    /// The JSON body of a call, exactly as it is sent; `None` for a call without one.
    #[must_use]
    pub fn body(&self, call: &Call) -> Option<String> {
        let Kind::QualysGateway(client) = &self.kind;
        match client.request(call).body {
            Some(Body::Json(text)) => Some(text),
            _ => None,
        }
    }

    /// The call as a `curl` command with a placeholder for the token.
    #[must_use]
    pub fn curl(&self, call: &Call) -> String {
        let Kind::QualysGateway(client) = &self.kind;
        client.curl(call)
    }
}
