//! API keys of a Qlik Cloud tenant (JSON).
//!
//! Facts: reference `qlik.md`; seed 004.

mod calls;
mod command;
#[cfg(test)]
#[expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a fixture that does not fit stops the test"
)]
mod fixtures;
mod import;
mod judge;
mod manifest;
mod names;
mod people;
#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]
mod tests;
mod wire;

pub use self::calls::Client;
pub use self::import::read_body;
pub use self::manifest::MANIFEST;

use crate::domain::FieldId;
use crate::systems::Picker;

/// A time to live, given for a new key. A key itself tells the moment alone.
pub const EXPIRY: FieldId = FieldId("expiry");
/// Whom a key acts as: a person, or the machine that carries accounts over (SCIM).
pub const SUB_TYPE: FieldId = FieldId("subType");
/// The identity provider of a SCIM key, as the subject that is sent.
pub const PROVIDER: FieldId = FieldId("provider");
/// The API's own word for the state, which is what it searches.
pub const STATUS: FieldId = FieldId("status");
/// The subject's bare id, which is what the API searches.
pub const SUB: FieldId = FieldId("sub");
/// The creator's bare id, which is what the API searches.
pub const CREATED_BY: FieldId = FieldId("createdByUser");
/// When it was last changed.
pub const UPDATED: FieldId = FieldId("updated");
/// The tenant.
pub const TENANT: FieldId = FieldId("tenant");
/// How often a refused create is sent again; never sent itself.
pub const RETRY: FieldId = FieldId("retry");
/// Seconds between these; never sent itself.
pub const INTERVAL: FieldId = FieldId("interval");

/// The largest number of active keys of one user: a setting, by its name in the API, as the next three.
pub const MAX_KEYS: FieldId = FieldId("max_keys_per_user");
/// The longest time to live of a key.
pub const MAX_EXPIRY: FieldId = FieldId("max_api_key_expiry");
/// The longest time to live of a SCIM key.
pub const SCIM_EXPIRY: FieldId = FieldId("scim_externalClient_expiry");
/// Whether there are keys at all; tenants since 2026 do not tell it.
pub const ENABLED: FieldId = FieldId("api_keys_enabled");

/// People of the tenant.
pub const USERS: Picker = Picker("qlik-users");
/// Identity providers of the tenant, each as the subject of a SCIM key.
pub const PROVIDERS: Picker = Picker("qlik-providers");

/// A key acts as a person.
const USER: &str = "user";
/// A key carries accounts over from an identity provider.
const CLIENT: &str = "externalClient";
