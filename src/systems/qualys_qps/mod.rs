//! Qualys Cloud Agent activation keys on the older QPS API (XML).
//!
//! The same keys as those of `qualys_gateway`, with what the gateway API lacks: an owner, agents of a key, and moving
//! them to another key. Facts: reference `qualys.md`, sections 6, 7 and 10; seed 002. Why XML is read as it is:
//! `docs/decisions/0006-xml.md`.

mod calls;
#[cfg(test)]
pub(crate) mod fixtures;
mod judge;
mod licences;
mod manifest;
mod page;
#[cfg(test)]
mod tests;
mod wire;
mod xml;

pub use self::calls::Client;
pub use self::manifest::MANIFEST;
// The same settings of the same keys, so the same names.
pub use super::qualys_gateway::{APPLY, LICENCES, NETWORK, TAGS, TYPE};

use crate::domain::FieldId;
use crate::systems::Picker;

/// When an agent last used the key.
pub const LAST_USED: FieldId = FieldId("last_used");
/// Whether agents of the key may not patch themselves.
pub const SELF_PATCH: FieldId = FieldId("self_patch");
/// The API's own word for whether the key is in use.
pub const STATUS: FieldId = FieldId("status");
/// Another id of the key, of no use in calls.
pub const UUID: FieldId = FieldId("uuid");

/// Owners that keys have, and any number.
pub const OWNERS: Picker = Picker("qualys-owners");
/// Tags of the subscription.
pub const TAG_OFFERS: Picker = Picker("qualys-tags");
