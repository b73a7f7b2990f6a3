//! What became of each of many: the receipt of "free all".

use super::member_name;
use crate::features::error_text;
use crate::features::outcome_text::{Action, notice_text};
use crate::http::ErrorKind;
use crate::i18n::t;
use crate::journal::Outcome;
use crate::systems::Member;

/// What became of one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Not tried.
    Waiting,
    /// Under way.
    Running,
    /// It is off the key; with what there is to know about it, or blank.
    Removed(String),
    /// It is not off, as far as is known; and why.
    Failed(String),
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What names it in calls.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What became of it.
    pub fate: Fate,
}

/// All of them, in the order in which they are taken off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt(pub Vec<Line>);

impl Receipt {
    /// Nothing tried yet.
    #[must_use]
    pub fn of(members: &[Member]) -> Self {
        let line =
            |it: &Member| Line { id: it.id.clone(), name: member_name(it).to_owned(), fate: Fate::Waiting };
        Self(members.iter().map(line).collect())
    }

    /// The next one to try.
    #[must_use]
    pub fn next(&self) -> Option<String> {
        self.0.iter().find(|it| it.fate == Fate::Waiting).map(|it| it.id.clone())
    }

    /// Notes what became of one.
    pub fn note(&mut self, id: &str, fate: Fate) {
        if let Some(line) = self.0.iter_mut().find(|it| it.id == id) {
            line.fate = fate;
        }
    }

    /// What is tried again: those that failed, and those that were not tried.
    pub fn retry(&mut self) {
        for line in &mut self.0 {
            if matches!(line.fate, Fate::Failed(_)) {
                line.fate = Fate::Waiting;
            }
        }
    }

    /// How many are off.
    #[must_use]
    pub fn removed(&self) -> u64 {
        self.count(|it| matches!(it, Fate::Removed(_)))
    }

    /// How many are not off although it was tried.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.count(|it| matches!(it, Fate::Failed(_)))
    }

    /// How many were not tried.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.count(|it| matches!(it, Fate::Waiting))
    }

    /// How many there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.count(|_| true)
    }

    fn count(&self, is_it: impl Fn(&Fate) -> bool) -> u64 {
        u64::try_from(self.0.iter().filter(|it| is_it(&it.fate)).count()).unwrap_or(u64::MAX)
    }
}

/// What an outcome means for one of them.
#[must_use]
pub fn fate(outcome: &Outcome) -> Fate {
    match outcome {
        Outcome::Done { notices, .. } => {
            let said = notices.iter().map(|it| notice_text(*it, Action::RemoveMember));
            Fate::Removed(said.collect::<Vec<_>>().join(" "))
        }
        Outcome::NotDone(_) => Fate::Failed(t::members_fate_not_done().to_owned()),
        Outcome::Refused(error) => {
            let words = error.message.clone().unwrap_or_default();
            Fate::Failed(
                [&*error_text::title(error), if words.is_empty() { "" } else { " " }, &words].concat(),
            )
        }
        Outcome::Abandoned(_) => Fate::Failed(t::members_fate_unknown().to_owned()),
        Outcome::Moved { .. } => Fate::Failed(t::write_moved().to_owned()),
        Outcome::Gone => Fate::Failed(t::write_gone().to_owned()),
    }
}

/// Whether the rest would fare no better: nobody is signed in any more.
#[must_use]
pub(super) fn ends_all(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Abandoned(_) => true,
        Outcome::Refused(error) => matches!(error.kind, ErrorKind::Unauthorized { .. }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{ApiError, Method, Request};
    use crate::journal::Notice;

    fn error(kind: ErrorKind) -> ApiError {
        ApiError::without_answer(kind, &Request::write(Method::Delete, "x"), true)
    }

    fn receipt(ids: &[&str]) -> Receipt {
        let member = |id: &&str| Member {
            id: (*id).to_owned(),
            name: String::new(),
            place: String::new(),
            device: String::new(),
            since: None,
            seen: None,
        };
        Receipt::of(&ids.iter().map(member).collect::<Vec<_>>())
    }

    #[test]
    fn those_that_failed_are_tried_again_and_those_that_are_off_are_not() {
        let mut it = receipt(&["a", "b", "c"]);
        assert_eq!(it.next().as_deref(), Some("a"));
        it.note("a", Fate::Removed(String::new()));
        it.note("b", Fate::Failed("no".to_owned()));
        assert_eq!((it.removed(), it.failed(), it.waiting(), it.total()), (1, 1, 1, 3));
        assert_eq!(it.next().as_deref(), Some("c"));
        it.note("c", Fate::Running);
        assert_eq!(it.next(), None);
        it.note("c", Fate::Removed(String::new()));
        it.retry();
        assert_eq!((it.next().as_deref(), it.waiting()), (Some("b"), 1));
    }

    #[test]
    fn each_outcome_says_what_became_of_it() {
        let done = |notices| Outcome::Done { key: None, asked: Vec::new(), notices, raw: String::new() };
        assert_eq!(fate(&done(Vec::new())), Fate::Removed(String::new()));
        let found = Fate::Removed(t::write_notice_looked_up().to_owned());
        assert_eq!(fate(&done(vec![Notice::LookedUp])), found);
        let not_done = Fate::Failed(t::members_fate_not_done().to_owned());
        assert_eq!(fate(&Outcome::NotDone(error(ErrorKind::TimedOut))), not_done);
        let refused = ApiError { message: Some("in use".to_owned()), ..error(ErrorKind::Conflict) };
        let Fate::Failed(text) = fate(&Outcome::Refused(refused)) else { panic!("it was refused") };
        assert!(text.ends_with(" in use") && text.starts_with(t::error_conflict()), "{text}");
    }

    #[test]
    fn the_run_ends_when_nobody_is_signed_in() {
        assert!(ends_all(&Outcome::Refused(error(ErrorKind::Unauthorized { expired: true }))));
        assert!(ends_all(&Outcome::Abandoned(error(ErrorKind::Cancelled))));
        assert!(!ends_all(&Outcome::Refused(error(ErrorKind::Conflict))));
        assert!(!ends_all(&Outcome::Gone));
    }
}
