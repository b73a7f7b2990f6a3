//! The six orders of the service (reference `qualys.md`, 1.2).

use crate::domain::FieldId;
use crate::systems::Order;

/// All of them.
pub(super) const ORDERS: [(FieldId, &str); 6] = [
    (FieldId::TITLE, "TITLE"),
    (FieldId::VALUE, "ACTIVATION_KEY"),
    (FieldId::USED, "AGENTS"),
    (FieldId::CREATED, "CREATED_ON"),
    (FieldId::STATE, "STATUS"),
    (FieldId::EXPIRES, "EXPIRES"),
];

/// The API's word for an order, if it has it.
pub(super) fn word(order: Order) -> Option<&'static str> {
    ORDERS.iter().find(|(field, _)| *field == order.0).map(|(_, word)| *word)
}

/// The API's words for a direction; the second is spelled so in the documents.
pub(super) fn direction(descending: bool) -> &'static str {
    if descending { "DSC" } else { "ASC" }
}
