use super::claims::{self, Claims};
use crate::domain::{Secret, Timestamp};

/// How long a token lasts that does not say so itself (reference `qualys.md`, 3.1).
const LIFETIME_SECS: i64 = 4 * 60 * 60;

/// Why a pasted token cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenProblem {
    /// Nothing was pasted.
    Empty,
    /// It is not a JSON web token.
    Unreadable,
    /// Its time is over.
    Expired,
}

/// A token with what it says about itself.
pub(super) struct Token {
    pub(super) secret: Secret,
    pub(super) claims: Claims,
}

impl Token {
    /// Reads a token as it is pasted or as a server sends it: with white space, in JSON quotes, with `Bearer`
    /// in front.
    pub(super) fn read(text: &str) -> Result<Self, TokenProblem> {
        let text = text.trim();
        let unquoted: Option<String> = serde_json::from_str(text).ok();
        let text = unquoted.as_deref().unwrap_or(text).trim();
        let text = text.strip_prefix("Bearer ").unwrap_or(text).trim();
        if text.is_empty() {
            return Err(TokenProblem::Empty);
        }
        let claims = claims::read(text).ok_or(TokenProblem::Unreadable)?;
        Ok(Self { secret: Secret::new(text.to_owned()), claims })
    }

    /// When it ends: as it says, else four hours after its issue, else four hours from now.
    pub(super) fn until(&self, server_now: Timestamp) -> Timestamp {
        let from_issue = || self.claims.issued.unwrap_or(server_now).plus_secs(LIFETIME_SECS);
        self.claims.expires.unwrap_or_else(from_issue)
    }
}
