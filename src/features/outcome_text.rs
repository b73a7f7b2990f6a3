//! What became of a change, in words.

use super::error_text;
use crate::domain::{Field, Key};
use crate::i18n::t;
use crate::journal::{Asked, Notice, Outcome, Step};
use crate::ui::Tone;

/// A change an administrator can make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Making a key.
    Create,
    /// Changing its settings.
    Update,
    /// Switching it on.
    Enable,
    /// Switching it off.
    Disable,
    /// Deleting it.
    Delete,
}

/// Where a running change stands.
#[must_use]
pub fn step_text(step: Step) -> &'static str {
    match step {
        Step::Checking => t::write_step_checking(),
        Step::Sending => t::write_step_sending(),
        Step::SignInNeeded => t::write_step_sign_in(),
        Step::LookingUp => t::write_step_looking_up(),
        Step::WaitingToLookUp => t::write_step_waiting(),
        Step::Reading => t::write_step_reading(),
    }
}

/// What a reader should know about a change that happened.
#[must_use]
pub fn notice_text(notice: Notice, action: Action) -> String {
    match (notice, action) {
        (Notice::LookedUp, Action::Create) => t::write_notice_found().to_owned(),
        (Notice::LookedUp, _) => t::write_notice_looked_up().to_owned(),
        (Notice::AlreadySo, Action::Delete) => t::write_notice_already_gone().to_owned(),
        (Notice::AlreadySo, _) => t::write_notice_already_so().to_owned(),
        (Notice::Contended, _) => t::write_notice_contended().to_owned(),
        (Notice::SeveralMatch(count), _) => t::write_notice_several(u64::try_from(count).unwrap_or(u64::MAX)),
        (Notice::NotReadBack, _) => t::write_notice_not_read_back().to_owned(),
    }
}

/// The change as done, about the key called `title`.
#[must_use]
pub fn done_text(action: Action, title: &str) -> String {
    match action {
        Action::Create => t::write_created(title),
        Action::Update => t::write_updated(title),
        Action::Enable => t::write_enabled(title),
        Action::Disable => t::write_disabled(title),
        Action::Delete => t::write_deleted(title),
    }
}

/// The change as not done.
#[must_use]
pub fn not_done_text(action: Action, title: &str) -> String {
    match action {
        Action::Create => t::write_not_created(title),
        Action::Update => t::write_not_updated(title),
        Action::Enable => t::write_not_enabled(title),
        Action::Disable => t::write_not_disabled(title),
        Action::Delete => t::write_not_deleted(title),
    }
}

/// An outcome in one line, for a toast.
#[must_use]
pub fn summary(outcome: &Outcome, action: Action, title: &str) -> (Tone, String) {
    let not_done = not_done_text(action, title);
    match outcome {
        Outcome::Done { asked, .. } if asked.is_empty() => (Tone::Success, done_text(action, title)),
        Outcome::Done { .. } => {
            (Tone::Warning, [&*done_text(action, title), " ", t::write_differs()].concat())
        }
        Outcome::NotDone(error) | Outcome::Refused(error) => {
            (Tone::Danger, [&*not_done, " ", &error_text::title(error)].concat())
        }
        Outcome::Moved { .. } => (Tone::Warning, [&*not_done, " ", t::write_moved()].concat()),
        Outcome::Gone => (Tone::Warning, [&*not_done, " ", t::write_gone()].concat()),
        Outcome::Abandoned(_) => (Tone::Warning, t::write_unknown(title)),
    }
}

/// Whether keys on the server may be other than before, so that lists must ask again.
#[must_use]
pub fn may_have_changed(outcome: &Outcome) -> bool {
    !matches!(outcome, Outcome::NotDone(_) | Outcome::Refused(_))
}

/// What was asked, or what there is now: text of the journal, with a word where it is blank.
#[must_use]
pub fn asked_text(field: Field, text: &str) -> String {
    if !text.is_empty() {
        return text.to_owned();
    }
    let word = match field {
        Field::Title => t::key_no_title(),
        Field::Expires => t::key_never(),
        Field::Limit => t::key_unlimited(),
        _ => t::key_none(),
    };
    word.to_owned()
}

/// Why a field may have come out differently, where the documents know a reason.
#[must_use]
pub fn asked_reason(asked: &Asked) -> Option<&'static str> {
    match asked.field {
        Field::Licences => Some(t::write_why_licences()),
        Field::Tags => Some(t::write_why_tags()),
        _ => None,
    }
}

/// The key that an outcome leaves behind, if it is known.
#[must_use]
pub fn key_after(outcome: &Outcome) -> Option<&Key> {
    match outcome {
        Outcome::Done { key, .. } => key.as_deref(),
        Outcome::Moved { now, .. } => Some(now),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{ApiError, ErrorKind, Method, Request};

    fn error() -> ApiError {
        ApiError::without_answer(ErrorKind::TimedOut, &Request::write(Method::Post, "x"), true)
    }

    fn done(asked: Vec<Asked>) -> Outcome {
        Outcome::Done { key: None, asked, notices: Vec::new() }
    }

    #[test]
    fn every_outcome_says_whether_it_happened() {
        let (tone, text) = summary(&done(Vec::new()), Action::Create, "Berlin");
        assert_eq!((tone, text), (Tone::Success, t::write_created("Berlin")));
        for outcome in [Outcome::NotDone(error()), Outcome::Refused(error()), Outcome::Gone] {
            let (_, text) = summary(&outcome, Action::Delete, "Berlin");
            assert!(text.starts_with(&t::write_not_deleted("Berlin")), "{text}");
        }
        let (_, text) = summary(&Outcome::Abandoned(error()), Action::Update, "Berlin");
        assert_eq!(text, t::write_unknown("Berlin"));
    }

    #[test]
    fn a_difference_is_no_plain_success() {
        let asked = Asked { field: Field::Licences, asked: "PC".to_owned(), got: "SCA".to_owned() };
        let (tone, text) = summary(&done(vec![asked]), Action::Create, "Berlin");
        assert_eq!(tone, Tone::Warning);
        assert!(text.contains(t::write_differs()), "{text}");
    }

    #[test]
    fn lists_ask_again_unless_nothing_can_have_changed() {
        assert!(!may_have_changed(&Outcome::Refused(error())));
        assert!(!may_have_changed(&Outcome::NotDone(error())));
        assert!(may_have_changed(&Outcome::Abandoned(error())));
        assert!(may_have_changed(&Outcome::Gone));
    }
}
