//! Sign-in tokens: HS512 JSON web tokens.
//!
//! Claims as printed for the gateway's `/auth` (reference, section 3.1), plus `iat`, `exp` and `customerUuid`.
//! The signing secret is made at random and kept with the store, so that a restart keeps sessions.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha512;

use crate::store::{Store, meta, set_meta};

/// The one header we write; a token with another is refused, which also rules out `alg: none`.
const HEADER: &str = r#"{"alg":"HS512"}"#;
/// The customer of the demo subscription, the installers' `CustomerId`.
pub(crate) const CUSTOMER_UUID: &str = "5f8d2c1e-7b34-4a96-8e0d-3c9b6a1f4d27";

/// Signs and checks tokens.
pub(crate) struct Signer {
    // As long as the hash's block, so that it is the key as it stands.
    secret: [u8; 128],
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(…)")
    }
}

/// What a valid token says that we read back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Claims {
    /// The user's name.
    pub(crate) sub: String,
    /// When the token ends, in seconds since 1970 (UTC).
    pub(crate) exp: i64,
    /// Which round of tokens this one belongs to; `/_control/tokens/expire` starts a new round.
    #[serde(rename = "sessionRound")]
    pub(crate) round: u64,
}

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Not ours, or changed, or no token at all.
    Invalid,
    /// Ours, but its time is over.
    Expired,
}

/// What goes into a new token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Issue<'a> {
    /// The user's name.
    pub(crate) user: &'a str,
    /// The time of issue, in seconds since 1970 (UTC).
    pub(crate) now: i64,
    /// The life in seconds.
    pub(crate) lifetime: u32,
    /// The round the token belongs to.
    pub(crate) round: u64,
    /// Whether to add the list of permissions (`permissions=true` at sign-in).
    pub(crate) with_permissions: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Payload<'a> {
    sub: &'a str,
    iss: &'static str,
    aud: &'static str,
    iat: i64,
    exp: i64,
    jti: &'a str,
    login_response: &'static str,
    successful_authentication_handlers: [&'static str; 1],
    ip_address: &'static str,
    portal_user_id: u32,
    usertype: &'static str,
    qweb_user_id: u32,
    credential_type: &'static str,
    modules_allowed: [&'static str; 5],
    customer_uuid: &'static str,
    session_round: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    permissions: Option<[&'static str; 6]>,
}

/// The access permission and the five on activation keys that the six calls name.
const PERMISSIONS: [&str; 6] = [
    "API Access",
    "View Activation Key",
    "Create Activation Key",
    "Edit Activation Key",
    "Enable / Disable Activation Key",
    "Delete Activation Key",
];

impl Signer {
    /// Reads the store's secret, or makes one and keeps it.
    ///
    /// # Errors
    /// What the database says, or that the machine gives no random bytes.
    pub(crate) fn of(store: &Store) -> rusqlite::Result<Self> {
        const NAME: &str = "token-secret";
        store.write_now(|transaction| {
            if let Some(secret) = meta(transaction, NAME)?.and_then(|bytes| <[u8; 128]>::try_from(bytes).ok())
            {
                return Ok(Self { secret });
            }
            let mut secret = [0; 128];
            getrandom::fill(&mut secret)
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
            set_meta(transaction, NAME, &secret)?;
            Ok(Self { secret })
        })
    }

    /// Makes a token.
    ///
    /// The payload's length is a multiple of three bytes, so its base64url text needs no padding: a public shell
    /// client pipes it to `base64 -d`, which fails on a text cut short (reference, section 9).
    ///
    /// # Errors
    /// When the machine gives no random bytes.
    pub(crate) fn issue(&self, issue: &Issue<'_>) -> Result<String, getrandom::Error> {
        let mut random = [0_u8; 16];
        getrandom::fill(&mut random)?;
        let mut id: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut payload = payload(issue, &id);
        while !payload.len().is_multiple_of(3) {
            id.push('0');
            payload = self::payload(issue, &id);
        }
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(HEADER), URL_SAFE_NO_PAD.encode(payload));
        let signature = URL_SAFE_NO_PAD.encode(self.mac(&signed).finalize().into_bytes());
        Ok(format!("{signed}.{signature}"))
    }

    /// Checks a token: signature first, then its round and its time.
    ///
    /// # Errors
    /// Why it is refused.
    pub(crate) fn check(&self, token: &str, now: i64, round: u64) -> Result<Claims, Refused> {
        let (signed, signature) = token.rsplit_once('.').ok_or(Refused::Invalid)?;
        let (header, payload) = signed.split_once('.').ok_or(Refused::Invalid)?;
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| Refused::Invalid);
        if decode(header)? != HEADER.as_bytes() {
            return Err(Refused::Invalid);
        }
        self.mac(signed).verify_slice(&decode(signature)?).map_err(|_| Refused::Invalid)?;
        let claims: Claims = serde_json::from_slice(&decode(payload)?).map_err(|_| Refused::Invalid)?;
        if claims.exp <= now || claims.round < round {
            return Err(Refused::Expired);
        }
        Ok(claims)
    }

    fn mac(&self, text: &str) -> Hmac<Sha512> {
        let mut res = <Hmac<Sha512> as hmac::Mac>::new((&self.secret).into());
        res.update(text.as_bytes());
        res
    }
}

fn payload(issue: &Issue<'_>, id: &str) -> String {
    let payload = Payload {
        sub: issue.user,
        iss: "qas",
        aud: "qas",
        iat: issue.now,
        exp: issue.now.saturating_add(i64::from(issue.lifetime)),
        jti: id,
        login_response: "SUCCESS",
        successful_authentication_handlers: ["local"],
        ip_address: "127.0.0.1",
        portal_user_id: 40_712,
        usertype: "fo",
        qweb_user_id: 90_331,
        credential_type: "password",
        modules_allowed: ["CA", "VM AGENT", "PC SCANNER", "SCA_AGENT", "FREE AGENT"],
        customer_uuid: CUSTOMER_UUID,
        session_round: issue.round,
        permissions: issue.with_permissions.then_some(PERMISSIONS),
    };
    // Plain strings and numbers always serialise; an empty payload would simply be refused later.
    serde_json::to_string(&payload).unwrap_or_default()
}
