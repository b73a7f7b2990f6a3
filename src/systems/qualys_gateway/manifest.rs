use crate::i18n::t;
use crate::systems::{Manifest, SignIn};

/// What the gateway API can do.
pub const MANIFEST: Manifest = Manifest {
    name: t::qualys_gateway_name,
    sign_in: &[
        SignIn::Exchange { request: super::sign_in::request },
        SignIn::Token { label: t::sign_in_token, hint: t::sign_in_token_hint },
    ],
};
