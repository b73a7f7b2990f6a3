//! Key systems: what each can do, and the calls that do it. The only place that knows a wire format.
//!
//! One folder a system: a [`Manifest`], its wire types, its [`Calls`]. The rest of the console speaks to a
//! [`Client`] and to the plain types here. A further system is a further folder and one line in `ALL`.
//!
//! Architecture invariant: a system knows no component and no signal. Its write calls are used by
//! `journal` alone.

mod act;
mod bound;
mod calls;
pub mod cells;
mod change;
mod client;
pub mod draft;
mod duration;
mod held;
mod import;
pub mod key_values;
pub mod manifest;
mod maximum;
#[cfg(test)]
mod page;
pub mod qlik;
pub mod qualys_gateway;
pub mod qualys_qps;
pub mod query;
pub mod record;
#[cfg(test)]
mod secrecy_tests;
pub mod shell;
pub mod solifyn;
#[cfg(test)]
pub(crate) mod testing;

use std::fmt;

use crate::domain::{FieldId, Fields, KeyId};

pub use self::act::{Act, Member, Offer, Picker, Removal, SecretText, Who};
pub use self::bound::Bound;
pub use self::calls::{Answer, Calls, CommandLine, Created, Verdict};
pub use self::change::{
    Asked, Change, Delta, can_be, comparable, compare, compare_change, differences, identifying_text,
    plan_change, told_apart_by,
};
pub use self::client::Client;
pub use self::draft::{Draft, FieldError, Input, Problem, read_draft};
pub use self::duration::Duration;
pub use self::held::{Batch, Group, GroupBy, GroupValue, Held, Rows, ServerPart, Source, Totals};
pub use self::import::{ImportProblem, Imported};
pub use self::manifest::{ActionKind, FieldKind, FieldSpec, Manifest, SecretPolicy, SignIn, Sort, Use};
pub use self::maximum::{Maximum, exceeded};
pub use self::query::{QuerySchema, STATES, SeenCounter, SeenValues, field_type, token};
pub use self::record::KeyRecord;

/// Every system there is, in the order in which they are offered. The one line a further system needs.
static ALL: &[&Manifest] =
    &[&qualys_gateway::MANIFEST, &qualys_qps::MANIFEST, &solifyn::MANIFEST, &qlik::MANIFEST];

/// An API family.
#[derive(Clone, Copy)]
pub struct System(&'static Manifest);

impl System {
    /// Qualys activation keys on the gateway API, where the console began.
    pub const QUALYS_GATEWAY: Self = Self(&qualys_gateway::MANIFEST);

    /// The system that a manifest describes, registered or not.
    #[must_use]
    pub const fn of(manifest: &'static Manifest) -> Self {
        Self(manifest)
    }

    /// Every system, in the order of the registration.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(|it| Self(it))
    }

    /// Its name in `config.json`.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.0.id
    }

    /// The system of that name.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        Self::all().find(|it| it.id() == id)
    }

    /// What it can do.
    #[must_use]
    pub fn manifest(self) -> &'static Manifest {
        self.0
    }
}

impl PartialEq for System {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}

impl Eq for System {}

impl fmt::Debug for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.id)
    }
}

/// An order of the list: by a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order(pub FieldId);

impl Order {
    /// By the administrator's name for a key.
    pub const TITLE: Self = Self(FieldId::TITLE);
    /// By creation.
    pub const CREATED: Self = Self(FieldId::CREATED);

    /// Its name in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.0
    }

    /// The order of that name, if any system has it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let fields = System::all().flat_map(|it| it.manifest().fields.iter());
        fields.filter(|it| it.sort != Sort::No).map(|it| it.id).find(|it| it.0 == name).map(Self)
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
    Create(Fields),
    /// Changes to a key.
    Update(KeyId, Change),
    /// Switches a key on or off. One system can only flip it, so it is sent after a look alone.
    Switch(KeyId, bool),
    /// Removes a key, or takes it back where the system keeps it.
    Delete(KeyId),
    /// Something else that a system can do.
    Act(Act),
}
