use super::token::Shape;
use crate::systems::{SignIn, System};

/// How one signs in to a system, in the order it is offered.
#[must_use]
pub fn ways(system: System) -> &'static [SignIn] {
    system.manifest().sign_in
}

/// What its tokens look like: whoever issues tokens issues web tokens, all others take what they are given.
pub(super) fn shape(system: System) -> Shape {
    let issues = ways(system).iter().any(|it| matches!(it, SignIn::Exchange { .. }));
    if issues { Shape::Issued } else { Shape::Any }
}
