//! Where a reader stands with a connection, in words.

use crate::i18n::t;
use crate::platform::{clock, intl};
use crate::session::{Session, SessionState};
use crate::ui::Icon;

/// Whether a connection can be used now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nobody signed in.
    Out,
    /// Signed in.
    In,
    /// The session is over; what is open there waits.
    Over,
}

/// A session as a list of connections shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seat {
    pub(super) standing: Standing,
    /// Who; empty when nobody knows or nobody is.
    pub(super) user: String,
    /// When it ends, in words; empty when nobody is signed in.
    pub(super) ends: String,
    /// It may change nothing.
    pub(super) read_only: bool,
}

impl Seat {
    /// Looks at a session as it is now. Tracks its state, not the clock.
    pub(super) fn of(session: &Session, state: &SessionState) -> Self {
        let over = session.seconds_left(clock::now()).is_some_and(|it| it <= 0);
        let Some(info) = state.info() else {
            let standing = Standing::Out;
            return Self { standing, user: String::new(), ends: String::new(), read_only: false };
        };
        let standing = match state {
            SessionState::Active(_) if !over => Standing::In,
            _ => Standing::Over,
        };
        let ends = match (standing, info.until) {
            (Standing::Over, _) => t::session_over().to_owned(),
            (_, Some(until)) => intl::date_time(until),
            (_, None) => t::session_no_end().to_owned(),
        };
        Self { standing, user: info.user.clone(), ends, read_only: info.read_only }
    }

    /// In a few words: who, or that nobody is.
    pub(super) fn words(&self) -> String {
        let who = match (self.standing, self.user.as_str()) {
            (Standing::Out, _) => return t::connections_signed_out().to_owned(),
            (Standing::Over, _) => return t::session_over().to_owned(),
            (Standing::In, "") => t::connections_signed_in().to_owned(),
            (Standing::In, user) => t::shell_signed_in_as(user),
        };
        if self.read_only { [&*who, " · ", t::connections_read_only()].concat() } else { who }
    }

    pub(super) fn icon(&self) -> Icon {
        match self.standing {
            Standing::Out => Icon::Ban,
            Standing::In => Icon::Success,
            Standing::Over => Icon::Clock,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_says_who_and_whether() {
        let seat = |standing: Standing, user: &str, read_only: bool| {
            Seat { standing, user: user.to_owned(), ends: String::new(), read_only }.words()
        };
        assert_eq!(seat(Standing::Out, "", false), "Not signed in");
        assert_eq!(seat(Standing::In, "ada", false), "Signed in as ada");
        assert_eq!(seat(Standing::In, "", true), "Signed in · read only");
        assert_eq!(seat(Standing::Over, "ada", true), "Session over");
    }
}
