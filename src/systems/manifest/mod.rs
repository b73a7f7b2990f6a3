//! What a key system can do, as data. Columns, forms, queries, confirmations and the documentation page are
//! drawn from it, so that a further system needs nothing outside its own folder.

mod action;
mod aside;
mod field;
mod kind;

use std::rc::Rc;

use super::draft::{Draft, FieldError};
use super::{Calls, Picker};
use crate::domain::{FieldId, Fields, Key, Secret, Timestamp};
use crate::http::{ApiError, Http, Request};

pub use self::action::{Action, ActionKind, Lack, MembersSpec, SettingSpec, VerifySpec};
pub use self::field::{FieldSpec, Search, Sort, Use};
pub use self::kind::{Choice, Codes, FieldKind};

/// Words from the catalogue.
pub type Words = fn() -> &'static str;

/// Words from the catalogue with a number in them.
pub type Counted = fn(u64) -> String;

/// Everything the console knows about a system before it calls it.
pub struct Manifest {
    /// Its name in `config.json` and in addresses.
    pub id: &'static str,
    /// Its name for people.
    pub name: Words,
    /// What it calls one of its keys, as in "activation key".
    pub noun: Words,
    /// What it calls several of them, as a heading: "Activation keys".
    pub plural: Words,
    /// What its documents are called in reference and sources, for the page about the systems.
    pub sources: &'static str,
    /// How one signs in, best way first.
    pub sign_in: &'static [SignIn],
    /// Whether a key's value can be read.
    pub secret: SecretPolicy,
    /// How a list is read.
    pub paging: Paging,
    /// What its search can combine.
    pub logic: qql::Logic,
    /// What may stand before any name in queries without changing what it means.
    pub prefixes: &'static [&'static str],
    /// Who answers for a name in a query that the manifest does not know.
    pub unknown: qql::Place,
    /// Its fields, in the order of forms and details.
    pub fields: &'static [FieldSpec],
    /// Columns of the list, in their order.
    pub columns: &'static [FieldId],
    /// The order a list starts with.
    pub order: FieldId,
    /// What can be done, each with its effect.
    pub actions: &'static [Action],
    /// What cannot be done, and what to do instead.
    pub lacks: &'static [Lack],
    /// Rules and limits worth telling, for the page about the systems.
    pub rules: &'static [Words],
    /// Rate limits as documented, for the same page.
    pub rates: Words,
    /// Whether a refused write (403) means that the signed-in token may read alone.
    pub is_read_only: fn(&ApiError) -> bool,
    /// What speaks against a draft beyond what its fields say: rules between fields.
    pub check: fn(&Check<'_>) -> Vec<FieldError>,
    /// Things a key of this system has enrolled, if they can be listed.
    pub members: Option<MembersSpec>,
    /// What a check of a key asks for, if the system has one.
    pub verify: Option<VerifySpec>,
    /// What can be made for a picker, with the fields of its form.
    pub offers: &'static [(Picker, &'static [FieldSpec])],
    /// Settings of the whole account.
    pub settings: &'static [SettingSpec],
    /// Whether the body of a new key can be read from a file ([`Calls::import_draft`]).
    pub imports: bool,
    /// Calls to it.
    pub connect: fn(Http) -> Rc<dyn Calls>,
}

/// A way to sign in.
#[derive(Clone, Copy)]
pub enum SignIn {
    /// User and password are exchanged for a token by the request this makes.
    Exchange {
        /// The request for a user and a password; its good answer is the token.
        request: fn(&str, &Secret) -> Request,
    },
    /// User and password go with every call.
    Basic,
    /// A token or an API key of the vendor's is pasted.
    Token {
        /// What the vendor calls it.
        label: Words,
        /// Where one finds it.
        hint: Words,
    },
}

/// Whether a key's value can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretPolicy {
    /// Any time.
    Always,
    /// In the answer that creates the key, and never again.
    Once,
    /// Never.
    Never,
}

/// How a list is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paging {
    /// Numbered pages, sorted by the service.
    Pages,
    /// In rising ids: each page starts after the last id of the one before.
    LastId,
    /// By a cursor of the service's.
    Cursor,
    /// All rows in one answer.
    Whole,
}

/// A draft as far as it could be read, for rules between fields.
pub struct Check<'a> {
    /// The text of the form.
    pub draft: &'a Draft,
    /// The fields that could be read.
    pub fields: &'a Fields,
    /// The key that is edited, if any.
    pub current: Option<&'a Key>,
    /// Now.
    pub now: Timestamp,
}

impl Manifest {
    /// The field of that name.
    #[must_use]
    pub fn field(&self, id: FieldId) -> Option<&'static FieldSpec> {
        self.fields.iter().find(|it| it.id == id)
    }

    /// What a field is called; its bare name where the manifest does not know it.
    #[must_use]
    pub fn label(&self, id: FieldId) -> &'static str {
        self.field(id).map_or(id.0, |it| (it.label)())
    }

    /// An action, if the system has it.
    #[must_use]
    pub fn action(&self, kind: ActionKind) -> Option<&'static Action> {
        self.actions.iter().find(|it| it.kind == kind)
    }

    /// Whether the system has an action.
    #[must_use]
    pub fn can(&self, kind: ActionKind) -> bool {
        self.action(kind).is_some()
    }

    /// Why the system has not got an action, where that is worth saying.
    #[must_use]
    pub fn lack(&self, kind: ActionKind) -> Option<&'static str> {
        self.lacks.iter().find(|it| it.kind == kind).map(|it| (it.why)())
    }

    /// Fields of the form: of a new key, or of one that is edited.
    pub fn form(&self, editing: bool) -> impl Iterator<Item = &'static FieldSpec> {
        let used = move |it: &&FieldSpec| {
            let usage = if editing { it.edit } else { it.create };
            usage != Use::No
        };
        self.fields.iter().filter(used)
    }
}
