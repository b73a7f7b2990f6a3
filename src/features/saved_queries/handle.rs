//! The saved queries beside one query box: what is kept, and what the reader does with it.

use leptos::prelude::*;

use super::document::Odd;
use super::entry::read_query;
use super::file::{self, Refused, Taken};
use super::recent::remember;
use super::set::{Full, MOST, QuerySet, Saved, Undo};
use super::store::{self, Kept};
use crate::i18n::t;
use crate::page::{query_path, redacted};
use crate::platform::{clock, listen, location, task};
use crate::session::Sessions;
use crate::ui::{ToastAction, Toasts, Tone, effect, memo};

/// How long a query that was not run on purpose stands until it counts as recent.
const STANDS_MS: u32 = 5000;

/// What the dialog says about what was just done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) tone: Tone,
    pub(super) title: String,
    pub(super) lines: Vec<String>,
    /// It can be undone.
    pub(super) has_undo: bool,
}

/// The saved query that the text came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) id: String,
    pub(super) name: String,
    /// The text is another one by now.
    pub(super) is_changed: bool,
}

/// The saved and recent queries of one system, beside its query box. A handle: copies are the same.
#[derive(Clone, Copy)]
pub struct SavedQueries {
    pub(super) system: &'static str,
    /// The text in the query box.
    pub(super) text: Signal<String>,
    /// The query in force.
    pub(super) applied: Signal<String>,
    run: UnsyncCallback<(String,)>,
    pub(super) kept: RwSignal<Kept>,
    pub(super) open: RwSignal<bool>,
    pub(super) said: RwSignal<Option<Said>>,
    pub(super) source: Memo<Option<Source>>,
    undo: StoredValue<Option<Undo>>,
    undo_later: StoredValue<Option<UnsyncCallback<()>>>,
    toasts: StoredValue<Option<Toasts>>,
}

impl SavedQueries {
    /// Reads what is kept, and follows other tabs. `run` takes a query into the box and runs it.
    #[must_use]
    pub fn new(
        system: &'static str,
        text: Signal<String>,
        applied: Signal<String>,
        run: UnsyncCallback<(String,)>,
    ) -> Self {
        let kept = RwSignal::new(store::load());
        listen::window("storage", move |_| {
            kept.try_set(store::load());
        })
        .until_cleanup();
        let source = memo(move |before: Option<&Option<Source>>| {
            let before = before.and_then(Option::as_ref);
            kept.with(|it| text.with(|text| source(it.document.sets.get(system)?, text, before)))
        });
        let res = Self {
            system,
            text,
            applied,
            run,
            kept,
            open: RwSignal::new(false),
            said: RwSignal::new(None),
            source,
            undo: StoredValue::new(None),
            undo_later: StoredValue::new(None),
            toasts: StoredValue::new(use_context::<Toasts>()),
        };
        res.undo_later.set_value(Some(UnsyncCallback::new(move |()| res.undo())));
        res.follow_applied();
        res
    }

    /// A query that was not run on purpose counts as recent once it has stood for a while, or is left.
    fn follow_applied(self) {
        let turn = StoredValue::new(0_u32);
        effect(move |_| {
            let query = self.applied.get();
            let mine = turn.get_value().wrapping_add(1);
            turn.set_value(mine);
            if query.trim().is_empty() || self.is_opening(&query) {
                return;
            }
            task::spawn(async move {
                clock::sleep(STANDS_MS).await;
                if turn.try_get_value() == Some(mine) {
                    self.ran(&query);
                }
            });
        });
        let sessions = StoredValue::new(use_context::<Sessions>());
        let leave = move || {
            // After a sign-out the next reader has run nothing.
            let is_in = sessions.try_with_value(|it| it.as_ref().is_none_or(Sessions::is_anyone_in));
            if is_in == Some(true)
                && let Some(query) = self.applied.try_get_untracked()
            {
                remember(self.system, &query);
            }
        };
        listen::window("pagehide", move |_| leave()).until_cleanup();
        on_cleanup(leave);
    }

    /// Remembers a query that was run on purpose.
    pub fn ran(self, query: &str) {
        remember(self.system, query);
        self.kept.try_set(store::load());
    }

    /// Runs a saved or recent query.
    pub(super) fn take(self, query: String) {
        self.ran(&query);
        self.open.set(false);
        self.run.run((query,));
    }

    /// The saved queries; tracks.
    pub(super) fn set(self) -> QuerySet {
        self.kept.with(|it| it.document.sets.get(self.system).cloned().unwrap_or_default())
    }

    pub(super) fn set_now(self) -> QuerySet {
        untrack(|| self.set())
    }

    /// The queries that were run last; tracks.
    pub(super) fn recent(self) -> Vec<String> {
        self.kept.with(|it| it.document.recent.get(self.system).cloned().unwrap_or_default())
    }

    /// Whether a query is the one that the list opens with; tracks.
    pub(super) fn is_opening(self, query: &str) -> bool {
        self.set().opening().is_some_and(|it| it.query.trim() == query.trim())
    }

    fn change<T>(self, change: impl FnOnce(&mut QuerySet) -> T) -> T {
        let (res, kept) = store::change(|it| change(it.sets.entry(self.system.to_owned()).or_default()));
        self.kept.set(kept);
        res
    }

    pub(super) fn say(self, tone: Tone, title: String, lines: Vec<String>) {
        self.said.set(Some(Said { tone, title, lines, has_undo: false }));
    }

    /// Saves the text under a new name; `Err` says why not.
    pub(super) fn save(self, name: &str) -> Result<(), String> {
        let (query, was_redacted) = read_query(&self.text.get_untracked()).map_err(|it| it.text())?;
        let saved = Saved { id: new_id(), name: name.to_owned(), query, changed: clock::now().0 };
        self.change(|it| it.add(saved)).map_err(|_: Full| t::saved_full(&super::entry::count(MOST)))?;
        self.say_kept(t::saved_done(name), was_redacted);
        Ok(())
    }

    /// Gives a saved query the text that is in the box.
    pub(super) fn update(self, id: &str) -> Result<(), String> {
        let (query, was_redacted) = read_query(&self.text.get_untracked()).map_err(|it| it.text())?;
        let name = self.change(|it| {
            it.change(id, None, Some(&query), clock::now().0);
            it.by_id(id).map(|it| it.name.clone()).unwrap_or_default()
        });
        self.say_kept(t::saved_updated(&name), was_redacted);
        Ok(())
    }

    fn say_kept(self, title: String, was_redacted: bool) {
        match was_redacted {
            true => self.say(Tone::Warning, title, vec![t::saved_redacted().to_owned()]),
            false => self.say(Tone::Success, title, Vec::new()),
        }
    }

    pub(super) fn rename(self, id: &str, name: &str) {
        self.change(|it| it.change(id, Some(name), None, clock::now().0));
        self.say(Tone::Success, t::saved_renamed(name), Vec::new());
    }

    /// Makes a query the one that the list opens with, or none.
    pub(super) fn choose(self, id: Option<&str>) {
        let name = self.change(|it| {
            it.choose(id, clock::now().0);
            it.opening().map(|it| it.name.clone())
        });
        let title = name.map_or_else(|| t::saved_default_none().to_owned(), |it| t::saved_default_set(&it));
        self.say(Tone::Success, title, Vec::new());
    }

    /// Moves a query by one place; its new place, from 0.
    pub(super) fn step(self, id: &str, up: bool) -> Option<usize> {
        let (place, name, all) = self.change(|it| {
            let place = it.step(id, up, clock::now().0)?;
            Some((place, it.by_id(id)?.name.clone(), it.queries.len()))
        })?;
        let said = t::saved_moved(&name, &super::entry::count(place + 1), &super::entry::count(all));
        self.say(Tone::Neutral, said, Vec::new());
        Some(place)
    }

    pub(super) fn remove(self, id: &str) {
        let Some(undo) = self.change(|it| it.remove(id, clock::now().0)) else { return };
        let title = t::saved_removed(&undo.saved.name);
        self.undo.set_value(Some(undo));
        let said = Said { tone: Tone::Neutral, title, lines: Vec::new(), has_undo: true };
        self.said.set(Some(said));
    }

    /// Brings the query that was deleted last back.
    pub(super) fn undo(self) {
        let Some(undo) = self.undo.try_update_value(Option::take).flatten() else { return };
        let name = undo.saved.name.clone();
        match self.change(|it| it.restore(undo, clock::now().0)) {
            Ok(()) => self.say(Tone::Success, t::saved_restored(&name), Vec::new()),
            Err(Full) => self.say(Tone::Danger, t::saved_full(&super::entry::count(MOST)), Vec::new()),
        }
    }

    /// The dialog has closed: what can still be undone is offered on the page.
    pub(super) fn closed(self) {
        self.open.set(false);
        let said = self.said.try_update(Option::take).flatten();
        let toasts = self.toasts.get_value();
        if let (Some(said), Some(toasts), Some(run)) = (said, toasts, self.undo_later.get_value())
            && said.has_undo
        {
            toasts.push(said.tone, said.title, Some(ToastAction { label: t::saved_undo().to_owned(), run }));
        }
    }

    /// The address of the app with a query, without key values, and whether any were taken out.
    pub(super) fn link(self, query: &str) -> (String, bool) {
        let clean = redacted(query);
        let path = query_path(&location::search(), clean.as_deref().unwrap_or(query));
        let href = location::href(&path.unwrap_or_else(|| "/".to_owned()));
        ([location::origin(), href].concat(), clean.is_some())
    }

    /// Adds the queries of a file: all, or none.
    pub(super) fn import(self, text: &str) {
        let read = file::read(text, self.system);
        let taken = read.and_then(|entries| {
            let taken = self.change(|it| file::take(it, entries, clock::now().0, new_id));
            taken.map_err(|it| vec![it])
        });
        match taken {
            Ok(taken) => self.say_taken(&taken),
            Err(refused) => {
                let lines = refused.iter().map(Refused::text).collect();
                self.say(Tone::Danger, t::saved_import_refused().to_owned(), lines);
            }
        }
    }

    fn say_taken(self, taken: &Taken) {
        let Taken { added, same, renamed, redacted } = taken;
        let mut lines: Vec<String> = Vec::new();
        lines.extend(renamed.iter().map(|(name, free)| t::saved_import_renamed(name, free)));
        lines.extend(same.iter().map(|(name, known)| t::saved_import_same(name, known)));
        lines.extend(redacted.iter().map(|it| t::saved_import_redacted(it)));
        let tone = if redacted.is_empty() { Tone::Success } else { Tone::Warning };
        let added = u64::try_from(*added).unwrap_or(u64::MAX);
        self.say(tone, t::saved_imported(added), lines);
    }

    pub(super) fn forget_recent(self) {
        let (_, kept) = store::change(|it| it.recent.remove(self.system));
        self.kept.set(kept);
        self.say(Tone::Success, t::saved_recent_forgotten().to_owned(), Vec::new());
    }

    /// What is to be said about how things are kept here; tracks.
    pub(super) fn troubles(self) -> Vec<String> {
        self.kept.with(|it| {
            let odd = it.odd.map(|it| match it {
                Odd::Unreadable => t::saved_unreadable().to_owned(),
                Odd::OtherVersion => t::saved_other_version().to_owned(),
                Odd::LeftOut(count) => t::saved_left_out(u64::try_from(count).unwrap_or(u64::MAX)),
            });
            let memory = it.in_memory.then(|| t::saved_in_memory().to_owned());
            odd.into_iter().chain(memory).collect()
        })
    }
}

/// The saved query that a text is, or that it came from.
fn source(set: &QuerySet, text: &str, before: Option<&Source>) -> Option<Source> {
    if text.trim().is_empty() {
        return None;
    }
    // A query that held a key's value was saved without it.
    let clean = redacted(text);
    let text = clean.as_deref().unwrap_or(text);
    let before = before.and_then(|it| set.by_id(&it.id));
    let same = before.filter(|it| it.query.trim() == text.trim()).or_else(|| set.by_query(text));
    let saved = same.or(before)?;
    Some(Source { id: saved.id.clone(), name: saved.name.clone(), is_changed: same.is_none() })
}

/// An id that no other query has, in no other tab.
fn new_id() -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "below 2^32 and not negative"
    )]
    let chance = (clock::random() * f64::from(u32::MAX)) as u32;
    thread_local! {
        // Several may be made in one millisecond.
        static NUMBER: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
    }
    let number = NUMBER.get().wrapping_add(1);
    NUMBER.set(number);
    [clock::now().0.to_string(), chance.to_string(), number.to_string()].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::saved_queries::testing::set;

    #[test]
    fn a_text_stays_with_the_query_it_came_from_until_it_is_blank() {
        let two = set(&[("a", "title: web"), ("b", "state: active")]);
        let check = |text: &str, before: Option<&Source>| {
            source(&two, text, before).map(|it| (it.name, it.is_changed))
        };
        assert_eq!(check("title: we", None), None);
        let at_a = source(&two, " title: web ", None);
        assert_eq!(at_a.as_ref().map(|it| (it.name.as_str(), it.is_changed)), Some(("a", false)));
        assert_eq!(check("title: web AND used > 3", at_a.as_ref()), Some(("a".to_owned(), true)));
        assert_eq!(check("state: active", at_a.as_ref()), Some(("b".to_owned(), false)));
        assert_eq!(check("  ", at_a.as_ref()), None);
        let gone = Source { id: "gone".to_owned(), name: "gone".to_owned(), is_changed: false };
        assert_eq!(check("title: x", Some(&gone)), None);
        let removed = ["activationKey: ", crate::page::REMOVED].concat();
        let one = set(&[("c", &removed)]);
        assert!(source(&one, "activationKey: 12ba12bc", None).is_some_and(|it| !it.is_changed));
    }

    #[test]
    fn ids_differ() {
        assert_ne!(new_id(), new_id());
        assert!(new_id().len() <= 40);
    }
}
