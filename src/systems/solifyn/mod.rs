//! Solifyn licence keys (JSON).
//!
//! Facts: reference `solifyn.md`; seed 003.

mod calls;
mod manifest;
mod names;
#[cfg(test)]
mod tests;
mod wire;

pub use self::calls::Client;
pub use self::manifest::MANIFEST;

use crate::domain::FieldId;
use crate::systems::Picker;

/// The product a licence unlocks.
pub const PRODUCT: FieldId = FieldId("product");
/// A time to live in hours, given at issue.
pub const VALIDITY: FieldId = FieldId("validity");
/// A key text of the administrator's own.
pub const CUSTOM_KEY: FieldId = FieldId("custom_key");
/// What a customer reads after an activation.
pub const MESSAGE: FieldId = FieldId("message");
/// The payment that led to the licence.
pub const PAYMENT: FieldId = FieldId("payment");
/// The business the licence belongs to.
pub const BUSINESS: FieldId = FieldId("business");
/// Whatever else was attached to it, as JSON.
pub const FILTERS: FieldId = FieldId("filters");
/// When it was last changed.
pub const UPDATED: FieldId = FieldId("updated");

/// Products to issue a licence for.
pub const PRODUCTS: Picker = Picker("solifyn-products");
/// Customers to issue it to.
pub const CUSTOMERS: Picker = Picker("solifyn-customers");

/// Fields of a new customer (4, `POST /v1/customers`).
pub const EMAIL: FieldId = FieldId("email");
/// The customer's name.
pub const NAME: FieldId = FieldId("name");
/// The customer's telephone.
pub const PHONE: FieldId = FieldId("phone");
/// The customer's user name.
pub const USERNAME: FieldId = FieldId("username");
