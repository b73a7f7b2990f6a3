use super::claims::{self, Claims};
use crate::domain::{Secret, Timestamp};

/// How long a token lasts that does not say so itself (reference `qualys.md`, 3.1).
const LIFETIME_SECS: i64 = 4 * 60 * 60;

/// Why a pasted token cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenProblem {
    /// Nothing was pasted.
    Empty,
    /// It is not a JSON web token where one is needed, or holds what no header can hold.
    Unreadable,
    /// Its time is over.
    Expired,
}

/// What the tokens of a system look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// JSON web tokens that last four hours.
    Issued,
    /// Any text: API keys, and tokens of somebody else's making. They end when they say so, or when the
    /// service refuses them.
    Any,
}

/// A token with what it says about itself.
pub(super) struct Token {
    pub(super) secret: Secret,
    pub(super) claims: Claims,
    shape: Shape,
}

impl Token {
    /// Reads a token as it is pasted or as a server sends it: with white space, in JSON quotes, with `Bearer`
    /// in front.
    pub(super) fn read(text: &str, shape: Shape) -> Result<Self, TokenProblem> {
        let text = text.trim();
        let unquoted: Option<String> = serde_json::from_str(text).ok();
        let text = unquoted.as_deref().unwrap_or(text).trim();
        let text = text.strip_prefix("Bearer ").unwrap_or(text).trim();
        if text.is_empty() {
            return Err(TokenProblem::Empty);
        }
        let claims = match (claims::read(text), shape) {
            (Some(claims), _) => claims,
            (None, Shape::Any) if text.bytes().all(|it| it.is_ascii_graphic()) => Claims::default(),
            (None, _) => return Err(TokenProblem::Unreadable),
        };
        Ok(Self { secret: Secret::new(text.to_owned()), claims, shape })
    }

    /// When it ends, if that is known: as it says, else four hours after its issue, else four hours from now.
    pub(super) fn until(&self, server_now: Timestamp) -> Option<Timestamp> {
        let from_issue = || self.claims.issued.unwrap_or(server_now).plus_secs(LIFETIME_SECS);
        let documented = || (self.shape == Shape::Issued).then(from_issue);
        self.claims.expires.or_else(documented)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::claims::tests::token;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn read(text: &str, shape: Shape) -> Result<(String, Option<Timestamp>), TokenProblem> {
        Token::read(text, shape).map(|it| (it.secret.expose().to_owned(), it.until(NOW)))
    }

    #[test]
    fn an_opaque_key_is_taken_where_the_system_has_them_and_claims_no_end() {
        for text in ["fyn_key_demo", " \"fyn_key_demo\"\n", "Bearer fyn_key_demo"] {
            assert_eq!(read(text, Shape::Any), Ok(("fyn_key_demo".to_owned(), None)), "{text}");
            assert_eq!(read(text, Shape::Issued), Err(TokenProblem::Unreadable), "{text}");
        }
    }

    #[test]
    fn no_shape_lets_a_second_header_in() {
        for text in ["a b", "a\nX-Evil: 1", "schl\u{fc}ssel", "a\u{7f}"] {
            assert_eq!(read(text, Shape::Any), Err(TokenProblem::Unreadable), "{text}");
        }
        assert_eq!(read(" \"\" ", Shape::Any), Err(TokenProblem::Empty));
    }

    #[test]
    fn a_web_token_ends_as_it_says_and_else_as_its_system_documents() {
        let ends = token(r#"{"exp":1800000060}"#);
        assert_eq!(read(&ends, Shape::Any), Ok((ends.clone(), Some(NOW.plus_secs(60)))));
        let silent = token(r#"{"sub":"ada"}"#);
        assert_eq!(read(&silent, Shape::Any), Ok((silent.clone(), None)));
        assert_eq!(read(&silent, Shape::Issued), Ok((silent.clone(), Some(NOW.plus_secs(14_400)))));
    }
}
