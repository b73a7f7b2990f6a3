//! What a reader types to sign in, and what is wrong with it.

use leptos::prelude::*;

use crate::domain::Secret;
use crate::http::{ApiError, Request};
use crate::i18n::t;
use crate::session::{Session, TokenProblem, claims, ways};
use crate::systems::{SignIn, System};

/// Ids of the fields, for moving the focus to the first wrong one.
pub(super) const USER_ID: &str = "sign-in-user";
pub(super) const PASSWORD_ID: &str = "sign-in-password";
pub(super) const TOKEN_ID: &str = "sign-in-token";

/// What proves who signs in.
#[derive(Clone)]
pub(super) enum Proof {
    /// Sent once, for a token.
    Exchange { request: fn(&str, &Secret) -> Request, user: String, password: Secret },
    /// Sent with every call.
    Basic { user: String, password: Secret },
    /// Used as it is.
    Token(Secret),
}

/// Why signing in did not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The service refused, or could not be asked.
    Call(ApiError),
    /// The token is of no use.
    Token(TokenProblem),
}

impl Refusal {
    /// Whether the attempt was given up and not refused.
    pub(super) fn is_cancelled(&self) -> bool {
        matches!(self, Self::Call(err) if err.is_cancelled())
    }
}

/// The fields' texts. They hold a password or a token while the form is open, and nothing afterwards.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    /// The ways on offer: those of the connection's system.
    pub(super) ways: RwSignal<&'static [SignIn]>,
    /// Which of them.
    pub(super) way: RwSignal<usize>,
    pub(super) user: RwSignal<String>,
    pub(super) password: RwSignal<String>,
    pub(super) token: RwSignal<String>,
    /// Whether it was sent once: before, empty fields are not wrong yet.
    tried: RwSignal<bool>,
}

impl Draft {
    /// Nothing typed yet. Its signals belong to the current owner.
    pub(super) fn new(system: System, user: &str) -> Self {
        Self {
            ways: RwSignal::new(ways(system)),
            way: RwSignal::new(0),
            user: RwSignal::new(user.to_owned()),
            password: RwSignal::new(String::new()),
            token: RwSignal::new(String::new()),
            tried: RwSignal::new(false),
        }
    }

    /// Forgets what is secret, and starts over with `user`.
    pub(super) fn reset(self, user: &str) {
        self.password.set(String::new());
        self.token.set(String::new());
        self.user.set(user.to_owned());
        self.tried.set(false);
    }

    /// Starts over for another system.
    pub(super) fn turn_to(self, system: System) {
        self.reset("");
        self.way.set(0);
        self.ways.set(ways(system));
    }

    /// The way that is chosen. Tracks.
    pub(super) fn way(self) -> Option<&'static SignIn> {
        self.ways.get().get(self.way.get())
    }

    /// The first field that is empty.
    pub(super) fn first_field(self) -> &'static str {
        let way = untrack(|| self.way());
        match way {
            Some(SignIn::Token { .. }) => TOKEN_ID,
            _ if self.user.with_untracked(String::is_empty) => USER_ID,
            _ => PASSWORD_ID,
        }
    }

    /// Takes what was typed; an id of the first wrong field when something is missing, and then every
    /// wrong field says so.
    pub(super) fn proof(self) -> Result<Proof, &'static str> {
        self.tried.set(true);
        let read = |it: RwSignal<String>| it.get_untracked();
        let way = untrack(|| self.way());
        if let Some(SignIn::Token { .. }) | None = way {
            let token = read(self.token);
            return match token.trim().is_empty() {
                true => Err(TOKEN_ID),
                false => Ok(Proof::Token(Secret::new(token))),
            };
        }
        let basic = matches!(way, Some(SignIn::Basic));
        let user = read(self.user).trim().to_owned();
        if user.is_empty() || (basic && user.contains(':')) {
            return Err(USER_ID);
        }
        let password = read(self.password);
        if password.is_empty() {
            return Err(PASSWORD_ID);
        }
        let password = Secret::new(password);
        Ok(match way {
            Some(SignIn::Exchange { request }) => Proof::Exchange { request: *request, user, password },
            _ => Proof::Basic { user, password },
        })
    }

    pub(super) fn user_error(self) -> Signal<Option<String>> {
        let missing = self.missing(self.user, t::sign_in_user_missing);
        Signal::derive(move || {
            // Basic ends the user name at the first colon (RFC 7617, section 2).
            let cut = matches!(self.way(), Some(SignIn::Basic)) && self.user.with(|it| it.contains(':'));
            missing.get().or_else(|| (self.tried.get() && cut).then(|| t::sign_in_user_colon().to_owned()))
        })
    }

    pub(super) fn password_error(self) -> Signal<Option<String>> {
        self.missing(self.password, t::sign_in_password_missing)
    }

    pub(super) fn token_error(self) -> Signal<Option<String>> {
        self.missing(self.token, t::sign_in_token_missing)
    }

    fn missing(self, field: RwSignal<String>, text: fn() -> &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            let blank = field.with(|it| it.trim().is_empty());
            (self.tried.get() && blank).then(|| text().to_owned())
        })
    }

    /// The user who would sign in, if the form says it already. Tracks.
    pub(super) fn who(self) -> Option<String> {
        let user = match self.way() {
            Some(SignIn::Token { .. }) | None => self.token.with(|it| claims::read(it.trim()))?.user?,
            _ => self.user.with(|it| it.trim().to_owned()),
        };
        (!user.is_empty()).then_some(user)
    }
}

/// Signs in.
pub(super) async fn sign_in(session: Session, proof: Proof) -> Result<(), Refusal> {
    match proof {
        Proof::Exchange { request, user, password } => {
            session.sign_in(request, &user, password).await.map_err(Refusal::Call)
        }
        Proof::Basic { user, password } => {
            session.use_password(&user, password);
            Ok(())
        }
        Proof::Token(token) => session.use_token(&token).map_err(Refusal::Token),
    }
}

/// What is wrong with a token, in words.
pub(super) fn token_text(problem: TokenProblem) -> &'static str {
    match problem {
        TokenProblem::Empty => t::sign_in_token_missing(),
        TokenProblem::Unreadable => t::sign_in_token_unreadable(),
        TokenProblem::Expired => t::sign_in_token_expired(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    /// One that issues tokens and takes pasted ones.
    fn system() -> System {
        System::parse("qualys-gateway").unwrap()
    }

    /// A draft for a system that takes user and password with every call.
    fn basic(user: &str) -> Draft {
        let draft = Draft::new(system(), user);
        draft.ways.set(&[SignIn::Basic]);
        draft.password.set("secret".to_owned());
        draft
    }

    fn with_owner(test: impl FnOnce()) {
        let owner = Owner::new();
        owner.with(test);
    }

    #[test]
    fn missing_fields_are_named_in_their_order_after_the_first_try() {
        with_owner(|| {
            let draft = Draft::new(system(), "");
            assert_eq!(draft.user_error().get_untracked(), None);
            assert_eq!(draft.proof().err(), Some(USER_ID));
            assert_eq!(draft.user_error().get_untracked().unwrap(), t::sign_in_user_missing());
            assert_eq!(draft.password_error().get_untracked().unwrap(), t::sign_in_password_missing());
            draft.user.set("  ".to_owned());
            assert_eq!(draft.proof().err(), Some(USER_ID));
            draft.user.set(" demo ".to_owned());
            assert_eq!(draft.proof().err(), Some(PASSWORD_ID));
            draft.password.set(" ".to_owned());
            assert!(draft.proof().is_ok(), "a password of blanks is a password");
        });
    }

    #[test]
    fn a_user_name_is_trimmed_and_a_password_is_not() {
        with_owner(|| {
            let draft = Draft::new(system(), " demo ");
            draft.password.set(" pass word ".to_owned());
            let Ok(Proof::Exchange { user, password, .. }) = draft.proof() else { panic!("a password") };
            assert_eq!(user, "demo");
            assert!(password.is(" pass word "));
        });
    }

    #[test]
    fn the_token_tab_asks_for_a_token_alone() {
        with_owner(|| {
            let draft = Draft::new(system(), "demo");
            draft.way.set(1);
            assert_eq!(draft.proof().err(), Some(TOKEN_ID));
            draft.token.set("abc".to_owned());
            assert!(matches!(draft.proof(), Ok(Proof::Token(_))));
        });
    }

    #[test]
    fn the_form_says_who_would_sign_in() {
        with_owner(|| {
            let draft = Draft::new(system(), " demo ");
            assert_eq!(draft.who().as_deref(), Some("demo"));
            draft.way.set(1);
            assert_eq!(draft.who(), None);
            // {"alg":"HS512"} . {"sub":"ann"} . sig
            draft.token.set("eyJhbGciOiJIUzUxMiJ9.eyJzdWIiOiJhbm4ifQ.c2ln".to_owned());
            assert_eq!(draft.who().as_deref(), Some("ann"));
        });
    }

    #[test]
    fn a_colon_in_a_user_name_is_wrong_where_it_would_cut_it() {
        with_owner(|| {
            let draft = basic("a:b");
            assert_eq!(draft.user_error().get_untracked(), None);
            assert_eq!(draft.proof().err(), Some(USER_ID));
            assert_eq!(draft.user_error().get_untracked().unwrap(), t::sign_in_user_colon());
            draft.user.set("ab".to_owned());
            assert!(matches!(draft.proof(), Ok(Proof::Basic { user, .. }) if user == "ab"));
            let exchange = Draft::new(system(), "a:b");
            exchange.password.set("secret".to_owned());
            assert!(matches!(exchange.proof(), Ok(Proof::Exchange { .. })));
        });
    }

    #[test]
    fn another_system_starts_over_with_its_own_ways() {
        with_owner(|| {
            let draft = basic("ann");
            draft.turn_to(system());
            assert!(matches!(draft.way(), Some(SignIn::Exchange { .. })));
            assert_eq!(draft.first_field(), USER_ID);
            assert_eq!(draft.password.get_untracked(), "");
            draft.way.set(1);
            assert_eq!(draft.first_field(), TOKEN_ID);
        });
    }

    #[test]
    fn a_reset_leaves_no_secret() {
        with_owner(|| {
            let draft = Draft::new(system(), "");
            draft.password.set("secret".to_owned());
            draft.token.set("secret".to_owned());
            assert_eq!(draft.proof().err(), Some(USER_ID));
            draft.reset("demo");
            assert_eq!(draft.password.get_untracked() + &draft.token.get_untracked(), "");
            assert_eq!(draft.user.get_untracked(), "demo");
            assert_eq!(draft.password_error().get_untracked(), None);
        });
    }
}
