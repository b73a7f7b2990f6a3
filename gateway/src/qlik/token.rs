//! Tokens of API keys: signed JSON web tokens with the claims seen in a third-party test suite (reference, section 1).
//!
//! A key's id is the token's `jti`. Whether the key still works is read from the store, so a token holds no times.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use rusqlite::Transaction;
use serde::Deserialize;
use serde_json::json;
use sha2::Sha512;

use super::TENANT;
use super::keys::StoredKey;
use crate::store::{meta, set_meta};

const SECRET: &str = "qlik-token-secret";
/// The one header we write; a token with another is refused, which also rules out `alg: none`.
const HEADER: &str = r#"{"alg":"HS512","typ":"JWT"}"#;

/// Signs and checks tokens.
pub(super) struct Signer {
    secret: [u8; 128],
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(…)")
    }
}

#[derive(Deserialize)]
struct Claims {
    aud: String,
    iss: String,
    jti: String,
}

const AUDIENCE: &str = "qlik.api";
const ISSUER: &str = "qlik.api/api-keys";

impl Signer {
    /// Reads the store's secret, or makes one and keeps it.
    ///
    /// # Errors
    /// What the database says, or that the machine gives no random bytes.
    pub(super) fn of(transaction: &Transaction<'_>) -> rusqlite::Result<Self> {
        if let Some(secret) = meta(transaction, SECRET)?.and_then(|bytes| <[u8; 128]>::try_from(bytes).ok()) {
            return Ok(Self { secret });
        }
        let mut secret = [0; 128];
        getrandom::fill(&mut secret)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        set_meta(transaction, SECRET, &secret)?;
        Ok(Self { secret })
    }

    /// The token of a key; always the same for the same key.
    pub(super) fn token(&self, key: &StoredKey) -> String {
        let claims = json!({
            "aud": AUDIENCE, "iss": ISSUER, "jti": key.id, "sub": key.sub,
            "subType": key.sub_type, "tenantId": TENANT,
        });
        let payload = URL_SAFE_NO_PAD.encode(claims.to_string());
        let signed = format!("{}.{payload}", URL_SAFE_NO_PAD.encode(HEADER));
        let signature = URL_SAFE_NO_PAD.encode(self.mac(&signed).finalize().into_bytes());
        format!("{signed}.{signature}")
    }

    /// The key id of a token that we signed.
    pub(super) fn key_id(&self, token: &str) -> Option<String> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        if URL_SAFE_NO_PAD.decode(header).ok()? != HEADER.as_bytes() {
            return None;
        }
        self.mac(signed).verify_slice(&URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
        let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
        (claims.aud == AUDIENCE && claims.iss == ISSUER).then_some(claims.jti)
    }

    fn mac(&self, text: &str) -> Hmac<Sha512> {
        let mut res = <Hmac<Sha512> as hmac::Mac>::new((&self.secret).into());
        res.update(text.as_bytes());
        res
    }
}
