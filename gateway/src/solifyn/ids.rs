//! Ids, license keys and API keys, in the looks of the documented examples.

use axum::http::StatusCode;
use sha2::{Digest as _, Sha256};

use crate::random::guid;
use crate::reply::Failure;

/// 128 bits nobody can guess.
///
/// # Errors
/// When the machine gives no random bytes.
pub(super) fn secret_bits() -> Result<u128, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        Failure::new(StatusCode::INTERNAL_SERVER_ERROR, format!("No random bytes: {error}"))
    })?;
    Ok(u128::from_be_bytes(bytes))
}

/// A new public id: the prefix and 13 base-62 characters, such as `lic_hyQQhhNzfEuvv`.
pub(super) fn public(prefix: &str) -> Result<String, Failure> {
    Ok(public_of(prefix, secret_bits()?))
}

/// A public id of given bits.
pub(super) fn public_of(prefix: &str, bits: u128) -> String {
    format!("{prefix}_{}", base62(bits, 13))
}

/// A new UUID.
pub(super) fn uuid() -> Result<String, Failure> {
    Ok(guid(secret_bits()?))
}

/// A new license key: three groups of four upper-case hex characters.
pub(super) fn license_key() -> Result<String, Failure> {
    Ok(license_key_of(secret_bits()?))
}

/// A license key of given bits.
pub(super) fn license_key_of(bits: u128) -> String {
    format!("{:04X}-{:04X}-{:04X}", (bits >> 32) & 0xffff, (bits >> 16) & 0xffff, bits & 0xffff)
}

/// A new API key: `fyn_key_` and 42 characters.
pub(super) fn api_key() -> Result<String, Failure> {
    Ok(format!("fyn_key_{}{}", base62(secret_bits()?, 21), base62(secret_bits()?, 21)))
}

/// A new token for an invitation.
pub(super) fn token() -> Result<String, Failure> {
    Ok(base62(secret_bits()?, 21))
}

/// What is kept of an API key or a token. They are long and random, so a plain hash is enough.
pub(super) fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn base62(mut bits: u128, length: usize) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut res = String::with_capacity(length);
    for _ in 0..length {
        let digit = usize::try_from(bits % 62).unwrap_or_default();
        res.push(DIGITS.get(digit).copied().map_or('0', char::from));
        bits /= 62;
    }
    res
}
