use crate::domain::Secret;
use crate::http::Request;

/// What a system can do.
pub struct Manifest {
    /// Its name, from the catalogue.
    pub name: fn() -> &'static str,
    /// How one signs in, in the order it is offered.
    pub sign_in: &'static [SignIn],
}

/// One way to sign in.
#[derive(Clone, Copy)]
pub enum SignIn {
    /// User and password for a token.
    Exchange {
        /// The call that answers with a token.
        request: fn(&str, &Secret) -> Request,
    },
    /// User and password with every call.
    Basic,
    /// A token or an API key.
    Token {
        /// What the field is called.
        label: fn() -> &'static str,
        /// Where to get one, and where it goes.
        hint: fn() -> &'static str,
    },
}
