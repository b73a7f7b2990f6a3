//! What a token says about itself. Nothing is verified here: the server does that, and the app only shows
//! it. Claims as in reference `qualys.md`, section 3.1.

use serde_json::Value;

use crate::domain::Timestamp;

/// The part of a token's claims the app uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// `sub`: the user name.
    pub user: Option<String>,
    /// `exp`.
    pub expires: Option<Timestamp>,
    /// `iat`.
    pub issued: Option<Timestamp>,
    /// `customerUuid`: the `CustomerId` of the agent installers.
    pub customer_id: Option<String>,
    /// `tenantId`: the tenant of a Qlik Cloud key (reference `qlik.md`, section 1).
    pub tenant: Option<String>,
}

/// Reads a JSON web token; nothing when the text is none.
#[must_use]
pub fn read(token: &str) -> Option<Claims> {
    let mut parts = token.split('.');
    let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
    // All of it goes into a header, so all of it must be what a header can hold.
    decoded(header)?;
    decoded(signature)?;
    if parts.next().is_some() {
        return None;
    }
    let value: Value = serde_json::from_slice(&decoded(payload)?).ok()?;
    let claims = value.as_object()?;
    let text = |name: &str| claims.get(name)?.as_str().map(str::to_owned).filter(|it| !it.is_empty());
    let moment = |name: &str| claims.get(name).and_then(seconds);
    Some(Claims {
        user: text("sub"),
        expires: moment("exp"),
        issued: moment("iat"),
        customer_id: text("customerUuid"),
        tenant: text("tenantId"),
    })
}

/// A claim in seconds since 1970, whole or not (RFC 7519, `NumericDate`).
fn seconds(value: &Value) -> Option<Timestamp> {
    #[expect(clippy::cast_possible_truncation, reason = "saturates, which is what an absurd claim deserves")]
    let whole = || value.as_f64().map(|it| it as i64);
    let seconds = value.as_i64().or_else(whole)?;
    Some(Timestamp(seconds.checked_mul(1_000)?))
}

/// Base64 in the alphabet for addresses or the plain one, padded or not.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    if text.is_empty() {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let (mut buffer, mut bits) = (0_u32, 0_u32);
    for letter in text.bytes() {
        let six = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            _ => return None,
        };
        buffer = ((buffer << 6) | u32::from(six)) & 0xFFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((buffer >> bits) & 0xFF).ok()?);
        }
    }
    // Six bits alone are half a byte: the text was cut.
    (bits < 6).then_some(bytes)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Base64 for addresses, written apart from the decoder so that each tests the other.
    pub(in crate::session) fn encoded(bytes: &[u8]) -> String {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let bit = |at: usize| bytes.get(at / 8).is_some_and(|it| it >> (7 - at % 8) & 1 == 1);
        let letter = |at: usize| (0..6).fold(0, |sum, it| sum * 2 + usize::from(bit(at + it)));
        (0..bytes.len() * 8)
            .step_by(6)
            .filter_map(|at| ALPHABET.get(letter(at)))
            .map(|it| char::from(*it))
            .collect()
    }

    pub(in crate::session) fn token(payload: &str) -> String {
        [encoded(br#"{"alg":"HS512"}"#), encoded(payload.as_bytes()), encoded(b"not checked")].join(".")
    }

    #[test]
    fn claims_are_read_whatever_the_padding() {
        let want = Claims {
            user: Some("jülich_ab".to_owned()),
            expires: Some(Timestamp(1_800_014_400_000)),
            issued: Some(Timestamp(1_800_000_000_000)),
            customer_id: Some("c-1".to_owned()),
            tenant: Some("t-1".to_owned()),
        };
        for filler in ["", "x", "xy", "xyz"] {
            let payload = format!(
                r#"{{"sub":"jülich_ab","exp":1800014400,"iat":1800000000,"customerUuid":"c-1","tenantId":"t-1","f":"{filler}"}}"#
            );
            let token = token(&payload);
            assert_eq!(read(&token).as_ref(), Some(&want), "{filler}");
            let padded: Vec<String> =
                token.split('.').map(|it| it.to_owned() + &"=".repeat((4 - it.len() % 4) % 4)).collect();
            assert_eq!(read(&padded.join(".")).as_ref(), Some(&want), "{filler} padded");
            assert_eq!(
                read(&token.replace('-', "+").replace('_', "/")).as_ref(),
                Some(&want),
                "{filler} plain"
            );
        }
    }

    #[test]
    fn absent_and_odd_claims_are_absent() {
        assert_eq!(read(&token("{}")), Some(Claims::default()));
        let odd = read(&token(r#"{"sub":7,"exp":"soon","iat":1800000000.9,"customerUuid":""}"#))
            .unwrap_or_default();
        assert_eq!(odd, Claims { issued: Some(Timestamp(1_800_000_000_000)), ..Claims::default() });
        let absurd = read(&token(r#"{"exp":9e300}"#)).unwrap_or_default();
        assert_eq!(absurd.expires, None);
    }

    #[test]
    fn garbage_is_no_token() {
        let good = token("{}");
        for text in ["", ".", "..", "a.b", "<html></html>", "not a token", "a.e30.c.d"] {
            assert_eq!(read(text), None, "{text}");
        }
        for text in [format!("{good}\n"), format!("{good} x"), good.replace('.', ""), format!("ü{good}")] {
            assert_eq!(read(&text), None, "{text}");
        }
        for payload in ["[]", "7", "{", "null"] {
            assert_eq!(read(&token(payload)), None, "{payload}");
        }
        assert_eq!(read("e30.e30A0.e30"), None, "a cut payload");
    }
}
