//! What became of a change, in words.

use super::{error_text, key_text};
use crate::domain::{Key, Value};
use crate::i18n::t;
use crate::journal::{Notice, Outcome, Step};
use crate::systems::{Asked, Manifest, Removal, comparable};
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
    /// Taking it back: it stays, and no longer works.
    Revoke,
    /// Giving something that a key has enrolled another name.
    RenameMember,
    /// Taking something off a key.
    RemoveMember,
    /// Taking everything off a key.
    RemoveMembers,
    /// Giving everything that a key has enrolled to another key.
    MoveMembers,
    /// Making something that keys point at.
    AddOption,
    /// Changing settings of the whole account.
    Settings,
}

impl From<Removal> for Action {
    fn from(removal: Removal) -> Self {
        match removal {
            Removal::Delete => Self::Delete,
            Removal::Revoke => Self::Revoke,
        }
    }
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
        (Notice::AlreadySo, Action::Delete | Action::RemoveMember) => {
            t::write_notice_already_gone().to_owned()
        }
        (Notice::AlreadySo, _) => t::write_notice_already_so().to_owned(),
        (Notice::Contended, _) => t::write_notice_contended().to_owned(),
        (Notice::SeveralMatch(count), _) => t::write_notice_several(u64::try_from(count).unwrap_or(u64::MAX)),
        (Notice::NotReadBack, _) => t::write_notice_not_read_back().to_owned(),
        (Notice::NotYetSeen, _) => t::write_notice_not_yet_seen().to_owned(),
        (Notice::SecretLost, _) => t::write_notice_secret_lost().to_owned(),
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
        Action::Revoke => t::write_revoked(title),
        Action::RenameMember => t::write_member_renamed(title),
        Action::RemoveMember => t::write_member_removed(title),
        Action::RemoveMembers => t::write_members_removed(title),
        Action::MoveMembers => t::write_members_moved(title),
        Action::AddOption => t::write_option_added(title),
        Action::Settings => t::write_settings_changed().to_owned(),
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
        Action::Revoke => t::write_not_revoked(title),
        Action::RenameMember => t::write_member_not_renamed(title),
        Action::RemoveMember => t::write_member_not_removed(title),
        Action::RemoveMembers => t::write_members_not_removed(title),
        Action::MoveMembers => t::write_members_not_moved(title),
        Action::AddOption => t::write_option_not_added(title),
        Action::Settings => t::write_settings_not_changed().to_owned(),
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

/// What was asked, or what there is now. Lists stand in one order, so that two of them can be compared by eye.
#[must_use]
pub fn asked_text(manifest: &Manifest, asked: &Asked, value: &Value) -> String {
    let Some(spec) = manifest.field(asked.field) else { return String::new() };
    match value {
        Value::Codes(items) if !items.is_empty() => comparable(spec, value),
        Value::Refs(items) if !items.is_empty() => comparable(spec, value),
        _ => key_text::value_text(spec, value),
    }
}

/// Why a field may have come out differently, where the documents know a reason.
#[must_use]
pub fn asked_reason(manifest: &Manifest, asked: &Asked) -> Option<&'static str> {
    manifest.field(asked.field)?.may_differ.map(|words| words())
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
    use crate::domain::FieldId;
    use crate::http::{ApiError, ErrorKind, Method, Request};
    use crate::systems::qualys_gateway::MANIFEST;
    use crate::systems::qualys_gateway::fields::LICENCES;

    fn error() -> ApiError {
        ApiError::without_answer(ErrorKind::TimedOut, &Request::write(Method::Post, "x"), true)
    }

    fn done(asked: Vec<Asked>) -> Outcome {
        Outcome::Done { key: None, asked, notices: Vec::new(), raw: String::new() }
    }

    fn licences() -> Asked {
        let codes = |it: &str| Value::Codes(vec![it.to_owned()]);
        Asked { field: LICENCES, asked: codes("PC"), got: codes("SCA") }
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
        let (tone, text) = summary(&done(vec![licences()]), Action::Create, "Berlin");
        assert_eq!(tone, Tone::Warning);
        assert!(text.contains(t::write_differs()), "{text}");
    }

    #[test]
    fn asked_and_got_are_said_in_the_words_of_the_field() {
        let asked = licences();
        let both = Value::Codes(vec!["VM".to_owned(), "pc".to_owned()]);
        assert_eq!(asked_text(&MANIFEST, &asked, &both), "PC, VM");
        assert_eq!(asked_text(&MANIFEST, &asked, &Value::Codes(Vec::new())), t::key_none());
        assert_eq!(asked_reason(&MANIFEST, &asked), Some(t::write_why_licences()));
        let limit = Asked { field: FieldId::LIMIT, asked: Value::Number(1), got: Value::Nothing };
        assert_eq!(asked_text(&MANIFEST, &limit, &limit.got), t::key_unlimited());
        assert_eq!(asked_reason(&MANIFEST, &limit), None);
    }

    #[test]
    fn lists_ask_again_unless_nothing_can_have_changed() {
        assert!(!may_have_changed(&Outcome::Refused(error())));
        assert!(!may_have_changed(&Outcome::NotDone(error())));
        assert!(may_have_changed(&Outcome::Abandoned(error())));
        assert!(may_have_changed(&Outcome::Gone));
    }
}
