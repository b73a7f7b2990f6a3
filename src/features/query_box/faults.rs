//! The faults that are shown, the line that names one of them, and the keys that walk and mend them.

use std::ops::Range;

use leptos::prelude::*;

use super::history::Focus;
use super::model::{Known, Model};
use super::problems::Problem;
use super::settle::Settled;
use crate::i18n::t;
use crate::ui::{Announcer, Icon, effect, icon, memo};

/// The id of the line, which describes the field.
pub(super) const ID: &str = "query-problem";

/// Faults that are underlined; a reader has had enough then.
const MOST: usize = 200;

/// The faults of the query that is being written. A handle.
#[derive(Clone, Copy)]
pub(super) struct Faults {
    model: Model,
    /// The reader asked for all of them, by trying to run the text or by walking them.
    tried: RwSignal<bool>,
    shown: Memo<Vec<Problem>>,
}

impl Faults {
    pub(super) fn new(model: Model, settled: Settled) -> Self {
        let tried = RwSignal::new(false);
        let shown = memo(move |_| {
            let (tried, at, paused) = (tried.get(), model.place(), settled.paused.get());
            model.known().with(|it| shown(it, tried, &at, paused))
        });
        // The next letter is a new try.
        effect(move |before: Option<()>| {
            model.text.track();
            if before.is_some() {
                tried.set(false);
            }
        });
        Self { model, tried, shown }
    }

    /// Shows them all, half-typed or not.
    pub(super) fn show(self) {
        // Behind what a change of the text does to them.
        request_animation_frame(move || {
            self.tried.try_set(true);
        });
    }

    /// What is underlined; tracks.
    pub(super) fn ranges(self) -> Vec<Range<usize>> {
        self.shown.with(|it| it.iter().take(MOST).map(|it| it.range.clone()).collect())
    }

    /// Whether there is one that is shown; tracks.
    pub(super) fn any(self) -> bool {
        self.shown.with(|it| !it.is_empty())
    }

    /// The one the line is about with its number from 1 and how many there are: that at the caret, else the first.
    fn current(self) -> Option<(Problem, usize, usize)> {
        let at = self.model.place();
        self.shown.with(|it| {
            let exact = it.iter().position(|it| it.range == at);
            let touched = || it.iter().position(|it| it.range.start <= at.start && at.start <= it.range.end);
            let idx = exact.or_else(touched).unwrap_or(0);
            it.get(idx).map(|problem| (problem.clone(), idx + 1, it.len()))
        })
    }

    /// Goes to the next fault or the one before, round at both ends: selects its bytes.
    pub(super) fn walk(self, forward: bool) {
        self.tried.set(true);
        let at = self.model.caret();
        let to = self.model.known().with_untracked(|it| next(&it.faults, &at, forward));
        if let Some(to) = to {
            self.model.go(Focus::Text(to));
        }
    }

    /// Applies the fix of the fault that the line is about; whether there was one.
    pub(super) fn mend(self) -> bool {
        let Some((problem, ..)) = untrack(|| self.current()) else { return false };
        let Some((text, at)) = problem.fixed(&self.model.text_now()) else { return false };
        self.model.edit(text, Focus::Text(self.model.caret()), Focus::Text(at..at));
        true
    }

    /// "2 of 3. Position 12: a value is expected here."
    fn said(self) -> Option<String> {
        let (problem, number, count) = self.current()?;
        let sentence = self.model.known().with(|it| problem.sentence(&it.text));
        Some(match count {
            1 => sentence,
            _ => [&*t::query_error_of(&number.to_string(), &count.to_string()), " ", &sentence].concat(),
        })
    }
}

/// Which faults are shown to somebody at `at`. A fault is shown once the caret has left it or the person pauses; what
/// is half-typed only when all were asked for.
fn shown(known: &Known, all: bool, at: &Range<usize>, paused: bool) -> Vec<Problem> {
    let is_shown = |it: &&Problem| {
        let touches = at.start <= it.range.end && it.range.start <= at.end;
        all || (!(at.is_empty() && it.is_half_typed(&known.text, at.start)) && (paused || !touches))
    };
    known.faults.iter().filter(is_shown).cloned().collect()
}

/// The bytes of the fault behind or before a selection.
fn next(faults: &[Problem], at: &Range<usize>, forward: bool) -> Option<Range<usize>> {
    let is_on = |it: &Problem| it.range == *at;
    let found = match forward {
        true => faults.iter().find(|it| at.start <= it.range.start && !is_on(it)).or(faults.first()),
        false => faults.iter().rev().find(|it| it.range.start <= at.start && !is_on(it)).or(faults.last()),
    };
    found.map(|it| it.range.clone())
}

/// The line below the field: what is wrong, where, and the one change that mends it.
#[component]
pub(super) fn FaultLine(faults: Faults) -> impl IntoView {
    let announcer = use_context::<Announcer>();
    let said = memo(move |_| faults.said());
    // Heard once it stands, and not with each letter that moves it.
    let word = memo(move |_| faults.current().map(|(it, number, count)| (it.word(), number, count)));
    effect(move |_| {
        if word.with(Option::is_some)
            && let (Some(announcer), Some(said)) = (announcer, said.get_untracked())
        {
            announcer.say(said);
        }
    });
    let line = move || {
        said.get()
            .map(|it| view! { <span class="query-fault-icon">{icon(Icon::Danger)}</span> <span>{it}</span> })
    };
    let fix = memo(move |_| faults.current().and_then(|(it, ..)| it.fix_label()));
    let fix_button = move || {
        fix.get().map(|label| {
            view! {
                <button
                    class="button button-quiet query-fix"
                    type="button"
                    aria-keyshortcuts="Alt+Enter"
                    on:click=move |_| {
                        faults.mend();
                    }
                >
                    <span class="button-text">{label}</span>
                    <kbd aria-hidden="true">{t::query_key_fix()}</kbd>
                </button>
            }
        })
    };
    let walk = move || {
        faults.shown.with(|it| it.len() > 1).then(|| {
            view! {
                <button
                    class="button button-quiet query-fix"
                    type="button"
                    aria-keyshortcuts="F8"
                    on:click=move |_| faults.walk(true)
                >
                    <span class="button-text">{t::query_next_error()}</span>
                    <kbd aria-hidden="true">{"F8"}</kbd>
                </button>
            }
        })
    };
    view! {
        <div class="query-fault" class:query-fault-none=move || !faults.any()>
            <p class="query-fault-text" id=ID>{line}</p>
            {fix_button}
            {walk}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::systems::qualys_gateway::MANIFEST;

    fn ranges(text: &str, all: bool, at: usize, paused: bool) -> Vec<(usize, usize)> {
        let shown = shown(&Known::of(text, &MANIFEST), all, &(at..at), paused);
        shown.into_iter().map(|it| (it.range.start, it.range.end)).collect()
    }

    #[test]
    fn a_half_typed_clause_is_no_error_at_its_end() {
        for paused in [false, true] {
            assert!(ranges("title:", false, 6, paused).is_empty());
        }
        assert_eq!(ranges("title:", true, 6, false), [(5, 6)]);
        assert_eq!(ranges("title:", false, 0, false), [(5, 6)]);
    }

    #[test]
    fn an_error_shows_once_the_caret_has_left_it_or_the_person_pauses() {
        let text = "title != a";
        assert_eq!(ranges(text, false, 10, false), [(6, 8)]);
        assert!(ranges(text, false, 6, false).is_empty());
        assert_eq!(ranges(text, false, 6, true), [(6, 8)]);
    }

    #[test]
    fn the_walk_goes_round() {
        let known = Known::of("title: AND used: AND state:", &MANIFEST);
        let marks: Vec<Range<usize>> = known.faults.iter().map(|it| it.range.clone()).collect();
        assert_eq!(marks, [5..6, 15..16, 26..27]);
        let mut at = 0..0;
        let mut seen = Vec::new();
        for forward in [true, true, true, true, false, false] {
            at = next(&known.faults, &at, forward).unwrap_or_default();
            seen.push(at.start);
        }
        assert_eq!(seen, [5, 15, 26, 5, 26, 15]);
    }
}
