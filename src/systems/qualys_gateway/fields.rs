use crate::domain::FieldId;

/// Which limits a key has, in the API's own words.
pub const TYPE: FieldId = FieldId("type");
/// Codes of the applications its machines get.
pub const LICENCES: FieldId = FieldId("licences");
/// The network of its machines.
pub const NETWORK: FieldId = FieldId("network");
/// Tags its machines get.
pub const TAGS: FieldId = FieldId("tags");
/// Whether changes are pushed to machines enrolled before.
pub const APPLY: FieldId = FieldId("apply");
