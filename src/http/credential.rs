use crate::domain::Secret;

/// How a credential stands in the `Authorization` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `Bearer`: a token or an API key (RFC 6750).
    Bearer,
    /// `Basic`: user and password with every call (RFC 7617).
    Basic,
}

/// What signs a call. No `Debug`, as everything with a [`Secret`] in it.
#[derive(Clone)]
pub enum Credential {
    /// A token or an API key.
    Bearer(Secret),
    /// User and password.
    Basic {
        /// The user name; holds no `:`, which would end it early.
        user: String,
        /// The password.
        password: Secret,
    },
}

impl Credential {
    /// How it is sent.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        match self {
            Self::Bearer(_) => Scheme::Bearer,
            Self::Basic { .. } => Scheme::Basic,
        }
    }

    /// The value of the `Authorization` header.
    #[must_use]
    pub fn header(&self) -> Secret {
        Secret::new(match self {
            Self::Bearer(token) => ["Bearer ", token.expose()].concat(),
            Self::Basic { user, password } => ["Basic ", &pair(user, password)].concat(),
        })
    }

    /// Whether this is the very same credential. Spelled out, so that a comparison is a decision.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bearer(token), Self::Bearer(other)) => token.is(other.expose()),
            (Self::Basic { user, password }, Self::Basic { user: other, password: secret }) => {
                user == other && password.is(secret.expose())
            }
            (Self::Bearer(_) | Self::Basic { .. }, _) => false,
        }
    }

    /// Every text that gives it away, the longest first.
    pub(super) fn secrets(&self) -> Vec<Secret> {
        match self {
            Self::Bearer(token) => vec![token.clone()],
            Self::Basic { user, password } => vec![Secret::new(pair(user, password)), password.clone()],
        }
    }
}

/// User and password as Basic sends them.
fn pair(user: &str, password: &Secret) -> String {
    base64([user, ":", password.expose()].concat().as_bytes())
}

/// Base64 with padding (RFC 4648, section 4). The browser's own refuses letters beyond Latin 1.
fn base64(bytes: &[u8]) -> String {
    let mut res = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let six = (bits >> (18 - 6 * at)) & 63;
            res.push(if at > group.len() { '=' } else { letter(six) });
        }
    }
    res
}

fn letter(six: u32) -> char {
    let code = match six {
        0..=25 => 65 + six,
        26..=51 => 71 + six,
        52..=61 => six - 4,
        62 => 43,
        _ => 47,
    };
    char::from_u32(code).unwrap_or('=')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basic(user: &str, password: &str) -> Credential {
        Credential::Basic { user: user.to_owned(), password: Secret::new(password.to_owned()) }
    }

    /// RFC 4648, section 10, and the two letters at the end of the alphabet.
    #[test]
    fn base64_is_that_of_the_standard() {
        for (text, want) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
            ("~~>~~?", "fn4+fn4/"),
        ] {
            assert_eq!(base64(text.as_bytes()), want, "{text}");
        }
    }

    /// RFC 7617, sections 2 and 2.1.
    #[test]
    fn a_header_names_its_scheme() {
        let check = |it: &Credential, want: &str| assert_eq!(it.header().expose(), want);
        check(&basic("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        check(&basic("test", "123\u{a3}"), "Basic dGVzdDoxMjPCow==");
        check(&Credential::Bearer(Secret::new("abc".to_owned())), "Bearer abc");
    }

    #[test]
    fn credentials_of_two_schemes_are_never_the_same() {
        let token = Credential::Bearer(Secret::new("p".to_owned()));
        assert!(token.is(&token.clone()) && basic("u", "p").is(&basic("u", "p")));
        assert!(!token.is(&basic("u", "p")) && !basic("u", "p").is(&token));
        assert!(!basic("u", "p").is(&basic("v", "p")) && !basic("u", "p").is(&basic("u", "q")));
    }
}
