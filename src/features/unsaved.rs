//! What would be lost, or is on its way, if the page went away now.
//!
//! Everybody asks here: the browser's own question before a page is left, the offer of a new release, and the page
//! around an embedded console. Whoever holds something says so once, in [`Unsaved::hold_while`] or [`Unsaved::hold`].

use leptos::prelude::*;

use crate::domain::order;
use crate::i18n::t;
use crate::platform::listen;
use crate::ui::memo;

/// A reason for the page to stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The value of a key that is told once is on the screen, and the reader has not said that it is stored.
    Value,
    /// A form holds something that was not sent.
    Form,
    /// An import was begun and is not carried out.
    Import,
    /// A change to one key is on its way.
    Sending,
    /// A file is being made.
    File,
    /// Changes to many keys are carried out, and the browser keeps none of it.
    Unkept,
    /// Changes to many keys are carried out. A reload goes on with them.
    Changes,
}

impl Reason {
    /// Whether it is lost with the page. The rest goes on when the page is there again.
    #[must_use]
    pub fn is_lost(self) -> bool {
        self != Self::Changes
    }

    /// What is held, in a sentence.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Value => t::unsaved_value(),
            Self::Form => t::unsaved_form(),
            Self::Import => t::unsaved_import(),
            Self::Sending => t::unsaved_sending(),
            Self::File => t::unsaved_file(),
            Self::Unkept => t::unsaved_unkept(),
            Self::Changes => t::unsaved_changes(),
        }
    }
}

/// All that is held. Provided as context by the app.
#[derive(Clone, Copy)]
pub struct Unsaved {
    sources: RwSignal<Vec<(u64, Source)>>,
    next: StoredValue<u64>,
    reasons: Memo<Vec<Reason>>,
}

#[derive(Clone, Copy)]
enum Source {
    /// For as long as its [`Held`] lives.
    Fixed(Reason),
    /// As long as this says a reason.
    While(Signal<Option<Reason>>),
}

/// Something is held as long as this value lives.
#[must_use = "dropping it lets go"]
pub struct Held(Option<(Unsaved, u64)>);

impl Drop for Held {
    fn drop(&mut self) {
        if let Some((unsaved, id)) = self.0.take() {
            unsaved.remove(id);
        }
    }
}

impl Unsaved {
    /// Makes the one of the app, which the browser asks before it leaves the page.
    pub fn provide() -> Self {
        let sources = RwSignal::new(Vec::<(u64, Source)>::new());
        let reasons = memo(move |_| {
            let mut res: Vec<Reason> =
                sources.with(|all| all.iter().filter_map(|(_, it)| it.reason()).collect());
            order::sort_by(&mut res, Ord::cmp);
            res.dedup();
            res
        });
        let unsaved = Self { sources, next: StoredValue::new(0), reasons };
        listen::before_leaving(move || unsaved.now().into_iter().any(Reason::is_lost)).until_cleanup();
        provide_context(unsaved);
        unsaved
    }

    /// Whether anything is held; tracks when it is read.
    #[must_use]
    pub fn is_held(self) -> Signal<bool> {
        Signal::derive(move || self.reasons.try_with(|it| !it.is_empty()).unwrap_or(false))
    }

    /// What is held, each reason once, what is lost first; tracks.
    #[must_use]
    pub fn reasons(self) -> Vec<Reason> {
        self.reasons.get()
    }

    /// The same at this moment, without tracking.
    #[must_use]
    pub fn now(self) -> Vec<Reason> {
        self.reasons.try_get_untracked().unwrap_or_default()
    }

    /// Holds until the guard is dropped, whichever screen is shown then.
    pub fn hold(self, reason: Reason) -> Held {
        Held(self.add(Source::Fixed(reason)).map(|id| (self, id)))
    }

    /// Holds while `reason` says one, until the current owner is cleaned up.
    pub fn hold_while(self, reason: impl Into<Signal<Option<Reason>>>) {
        if let Some(id) = self.add(Source::While(reason.into())) {
            on_cleanup(move || self.remove(id));
        }
    }

    /// Nothing once the app is gone.
    fn add(self, source: Source) -> Option<u64> {
        let id = self.next.try_update_value(|it| {
            *it += 1;
            *it
        })?;
        self.sources.try_update(|it| it.push((id, source)))?;
        Some(id)
    }

    fn remove(self, id: u64) {
        self.sources.try_update(|it| it.retain(|(other, _)| *other != id));
    }
}

/// Holds while `reason` says one, where there is an app around the current owner.
pub fn hold_while(reason: impl Fn() -> Option<Reason> + Send + Sync + 'static) {
    if let Some(unsaved) = use_context::<Unsaved>() {
        unsaved.hold_while(Signal::derive(reason));
    }
}

impl Source {
    fn reason(&self) -> Option<Reason> {
        match self {
            Self::Fixed(reason) => Some(*reason),
            // What belonged to a screen that is gone holds nothing.
            Self::While(reason) => reason.try_get().flatten(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_known_at_once_and_let_go_with_its_owner() {
        Owner::new().with(|| {
            let unsaved = Unsaved::provide();
            let is_held = unsaved.is_held();
            assert!(!is_held.get_untracked());

            let dirty = RwSignal::new(false);
            let dialog = Owner::new();
            dialog.with(|| hold_while(move || dirty.get().then_some(Reason::Form)));
            assert_eq!(unsaved.now(), []);
            dirty.set(true);
            assert_eq!(unsaved.now(), [Reason::Form]);

            let (first, second) = (unsaved.hold(Reason::Changes), unsaved.hold(Reason::Changes));
            assert_eq!(unsaved.now(), [Reason::Form, Reason::Changes]);
            drop(first);
            assert_eq!(unsaved.now(), [Reason::Form, Reason::Changes]);

            dialog.cleanup();
            assert_eq!(unsaved.now(), [Reason::Changes]);
            drop(second);
            assert!(!is_held.get_untracked());
        });
    }

    /// A change that is still on its way when the page is torn down must not break anything.
    #[test]
    fn a_guard_may_outlive_the_app() {
        let owner = Owner::new();
        let unsaved = owner.with(Unsaved::provide);
        let held = unsaved.hold(Reason::Sending);
        owner.cleanup();
        drop(held);
        drop(unsaved.hold(Reason::Sending));
        assert!(unsaved.now().is_empty() && !unsaved.is_held().get_untracked());
    }

    #[test]
    fn only_what_goes_on_by_itself_is_not_lost() {
        assert!(!Reason::Changes.is_lost());
        assert!(
            [Reason::Value, Reason::Form, Reason::Import, Reason::Sending, Reason::File, Reason::Unkept]
                .into_iter()
                .all(Reason::is_lost)
        );
    }
}
