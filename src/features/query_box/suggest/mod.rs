//! What can be written at the caret: a list below the field.

mod accept;
mod day;
mod fields;
mod offer;
mod plain;
#[cfg(test)]
mod tests;
mod values;

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use qql::cursor::context;

use self::accept::accept;
use self::day::DayForm;
use self::offer::{Ask, Group, Insert, Offer, Offers, offers};
use super::field;
use super::history::Focus;
use super::language::{QueryField, Seen};
use super::model::{Known, Model};
use crate::i18n::t;
use crate::platform::dom;
use crate::systems::SeenValues;
use crate::ui::{effect, memo};

/// The id of the list.
pub(super) const LIST: &str = "query-suggestions";

/// Texts longer than this get no proposals.
const MOST: usize = 10_000;

/// Where proposals come from besides the language.
#[derive(Clone, Copy)]
pub(super) struct Sources {
    /// The values of a field among the keys that are loaded.
    pub(super) seen: Option<Seen>,
    /// The queries that were run before, the newest first.
    pub(super) recent: UnsyncCallback<(), Vec<String>>,
    /// Runs a whole query.
    pub(super) run: UnsyncCallback<(String,)>,
}

/// The proposals for the query that is being written. A handle.
#[derive(Clone, Copy)]
pub(super) struct Suggest {
    model: Model,
    sources: Sources,
    /// The person is writing and wants to see them.
    open: RwSignal<bool>,
    offers: Memo<Offers>,
    /// The one the arrows are at, counted over all groups.
    active: RwSignal<Option<usize>>,
    /// A day is being picked for these bytes.
    day: RwSignal<Option<(usize, usize)>>,
    /// Where they were sent away: they stay away while the same thing is written.
    dismissed: StoredValue<Option<usize>>,
    /// The values that were seen of one field, kept while the list is open: each letter would count them again.
    kept: StoredValue<Option<(&'static str, SeenValues)>>,
    /// The queries that were run before the list was opened.
    recent: StoredValue<Vec<String>>,
}

impl Suggest {
    pub(super) fn new(model: Model, fields: StoredValue<Vec<QueryField>>, sources: Sources) -> Self {
        let (open, active) = (RwSignal::new(false), RwSignal::new(None));
        let (kept, recent) = (StoredValue::new(None), StoredValue::new(Vec::new()));
        let offers = memo(move |_| match open.get() {
            false => Offers::default(),
            true => {
                let at = model.place();
                let seen = move |field| untrack(|| seen(sources.seen, kept, field));
                let recent = recent.get_value();
                model.known().with(|known| {
                    fields.with_value(|fields| {
                        if known.text.len() > MOST || !at.is_empty() {
                            return Offers::default();
                        }
                        offers(&ask(known, at.start, model, fields, &seen, &recent))
                    })
                })
            }
        });
        effect(move |_| {
            active.set(offers.with(|it| it.is_obvious.then_some(0)));
        });
        let (day, dismissed) = (RwSignal::new(None), StoredValue::new(None));
        Self { model, sources, open, offers, active, day, dismissed, kept, recent }
    }

    /// Whether the list is on the screen; tracks.
    pub(super) fn is_shown(self) -> bool {
        self.open.get() && (self.day.get().is_some() || self.offers.with(|it| it.count() > 0))
    }

    /// The id of the option the arrows are at; tracks.
    pub(super) fn active_id(self) -> Option<String> {
        self.active.get().filter(|_| self.is_shown() && self.day.get().is_none()).map(option_id)
    }

    /// Something was typed.
    pub(super) fn typed(self) {
        let start = self.start();
        if self.dismissed.get_value() != Some(start) {
            self.show();
        }
    }

    /// Shows what there is.
    pub(super) fn show(self) {
        self.dismissed.set_value(None);
        if !self.open.get_untracked() {
            self.recent.set_value(self.sources.recent.run(()));
            self.open.set(true);
        }
    }

    /// Puts the list away.
    pub(super) fn hide(self) {
        self.open.set(false);
        self.day.set(None);
        self.active.set(None);
        self.kept.set_value(None);
    }

    /// The focus went somewhere.
    pub(super) fn left(self) {
        request_animation_frame(move || {
            let is_here = [field::ID, LIST, day::ID, day::USE].into_iter().any(dom::has_focus);
            if !is_here && self.open.try_get_untracked() == Some(true) {
                self.hide();
            }
        });
    }

    /// A key of the field; whether it was for the list.
    pub(super) fn key(self, ev: &KeyboardEvent) -> bool {
        let (key, is_shown) = (ev.key(), untrack(|| self.is_shown()));
        let is_plain = !ev.ctrl_key() && !ev.meta_key() && !ev.alt_key() && !ev.shift_key();
        match &*key {
            " " if ev.ctrl_key() => self.show(),
            "ArrowDown" if !is_shown && (ev.alt_key() || (is_plain && self.is_last_line())) => self.show(),
            "ArrowDown" | "ArrowUp" if is_shown && is_plain => self.walk(key == "ArrowDown"),
            "Enter" | "Tab" if is_shown && is_plain => match self.chosen() {
                Some(offer) => self.take(&offer),
                None => {
                    self.hide();
                    return false;
                }
            },
            "Escape" if is_shown => {
                self.dismissed.set_value(Some(self.start()));
                self.hide();
            }
            _ => return false,
        }
        true
    }

    /// Where what is being written begins.
    fn start(self) -> usize {
        let at = self.model.caret().start;
        self.model.known().with_untracked(|it| match it.text.len() <= MOST {
            true => context(&it.parse, at).replace.start,
            false => at,
        })
    }

    /// There is no line below the caret for the arrow to go to.
    fn is_last_line(self) -> bool {
        let at = self.model.caret().end;
        self.model.known().with_untracked(|it| it.text.get(at..).is_some_and(|it| !it.contains('\n')))
    }

    fn walk(self, down: bool) {
        let Some(last) = self.offers.with_untracked(Offers::count).checked_sub(1) else { return };
        let next = match (self.active.get_untracked(), down) {
            (None, true) => 0,
            (None, false) => last,
            (Some(at), true) => {
                if at < last {
                    at + 1
                } else {
                    0
                }
            }
            (Some(at), false) => at.checked_sub(1).unwrap_or(last).min(last),
        };
        self.active.set(Some(next));
        dom::show_by_id(&option_id(next));
    }

    fn chosen(self) -> Option<Offer> {
        let at = self.active.get_untracked()?;
        self.offers.with_untracked(|it| it.all().nth(at).cloned())
    }

    fn take(self, offer: &Offer) {
        match offer.insert.clone() {
            Insert::Part { range, text, behind, more } => {
                self.put(&range, &text, behind);
                if more { self.show() } else { self.hide() }
            }
            Insert::Day(range) => {
                self.day.set(Some((range.start, range.end)));
                request_animation_frame(|| {
                    dom::focus_by_id(day::ID);
                });
            }
            Insert::Query(text) => {
                self.hide();
                self.sources.run.run((text,));
            }
        }
    }

    fn put(self, range: &std::ops::Range<usize>, new: &str, behind: &str) {
        let (text, caret) = accept(&self.model.text_now(), range, new, behind);
        self.model.edit(text, Focus::Text(self.model.caret()), Focus::Text(caret..caret));
    }
}

fn ask<'a>(
    known: &'a Known,
    at: usize,
    model: Model,
    fields: &'a [QueryField],
    seen: &'a dyn Fn(&'static str) -> SeenValues,
    recent: &'a [String],
) -> Ask<'a> {
    let runs = known.faults.is_empty() && known.notes.is_empty();
    let (parse, text, language) = (&*known.parse, &*known.text, model.language);
    Ask { parse, text, at, runs, language, fields, seen, recent }
}

/// The values of a field among the loaded keys, counted once while the list is open.
fn seen(
    source: Option<Seen>,
    kept: StoredValue<Option<(&'static str, SeenValues)>>,
    field: &'static str,
) -> SeenValues {
    let Some(source) = source else { return SeenValues::default() };
    let found = kept.with_value(|it| it.as_ref().filter(|it| it.0 == field).map(|it| it.1.clone()));
    found.unwrap_or_else(|| {
        let values = source.run((field,));
        kept.set_value(Some((field, values.clone())));
        values
    })
}

fn option_id(at: usize) -> String {
    [LIST, "-", &at.to_string()].concat()
}

/// The list itself, below the field.
#[component]
pub(super) fn Suggestions(suggest: Suggest) -> impl IntoView {
    let Suggest { offers, day, .. } = suggest;
    // Keeps the focus in the field.
    let hold = |ev: MouseEvent| ev.prevent_default();
    let is_list = memo(move |_| suggest.is_shown() && day.get().is_none());
    let groups = move || {
        if !is_list.get() {
            return Vec::new();
        }
        let mut number = 0;
        offers.with(|it| {
            let view = |(at, group): (usize, &Group)| {
                let first = number;
                number += group.offers.len();
                group_view(suggest, at, group, first)
            };
            it.groups.iter().enumerate().map(view).collect::<Vec<AnyView>>()
        })
    };
    let said = move || {
        let count = u64::try_from(offers.with(Offers::count)).unwrap_or(u64::MAX);
        is_list.get().then(|| t::query_suggest_count(count))
    };
    let form = move || {
        day.get().map(|(from, to)| {
            let back = move || {
                day.set(None);
                suggest.hide();
                suggest.model.go(Focus::Text(suggest.model.caret()));
            };
            let take = move |picked: String| {
                suggest.put(&(from..to), &picked, "");
                suggest.hide();
            };
            view! { <DayForm on_take=take on_back=back /> }
        })
    };
    let keys = move || {
        let take = if suggest.active.get().is_some() {
            t::query_suggest_keys_take()
        } else {
            t::query_suggest_keys_run()
        };
        view! {
            <span><kbd>{"↑"}</kbd> <kbd>{"↓"}</kbd> " " {t::query_suggest_keys_walk()}</span>
            <span><kbd>{"Enter"}</kbd> " " {take}</span>
            <span><kbd>{"Esc"}</kbd> " " {t::query_suggest_keys_close()}</span>
        }
        .into_any()
    };
    view! {
        <div class="query-popup" hidden=move || !suggest.is_shown()>
            <div
                class="query-options"
                role="listbox"
                id=LIST
                aria-label=t::query_suggest_list()
                // It scrolls, so a keyboard must reach it; it is put away before Tab gets there.
                tabindex="0"
                hidden=move || !is_list.get()
                on:mousedown=hold
            >
                {groups}
            </div>
            {form}
            <p class="query-keys" aria-hidden="true" hidden=move || !is_list.get()>{keys}</p>
        </div>
        <div class="visually-hidden" role="status">{said}</div>
    }
    .into_any()
}

fn group_view(suggest: Suggest, at: usize, group: &Group, first: usize) -> AnyView {
    let id = [LIST, "-group-", &at.to_string()].concat();
    let named_by = id.clone();
    let offers: Vec<AnyView> =
        group.offers.iter().enumerate().map(|(at, it)| option_view(suggest, first + at, it)).collect();
    view! {
        <div role="group" aria-labelledby=named_by>
            <div class="query-group" role="presentation" id=id>{group.title.clone()}</div>
            {offers}
        </div>
    }
    .into_any()
}

fn option_view(suggest: Suggest, at: usize, offer: &Offer) -> AnyView {
    let Offer { code, note, insert } = offer.clone();
    let taken = offer.clone();
    let is_active = move || suggest.active.get() == Some(at);
    // What is no part of a query is no code.
    let code = match insert {
        Insert::Day(_) => view! { <span>{code}</span> }.into_any(),
        _ => view! { <code>{code}</code> }.into_any(),
    };
    view! {
        <div
            class="query-option"
            role="option"
            id=option_id(at)
            aria-selected=move || if is_active() { "true" } else { "false" }
            on:click=move |_| suggest.take(&taken)
        >
            {code}
            {(!note.is_empty()).then(|| view! { " " <span class="query-note">{note}</span> })}
        </div>
    }
    .into_any()
}
