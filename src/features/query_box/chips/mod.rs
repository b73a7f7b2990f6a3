//! The clauses of the query as chips below its text, each with where it runs.

mod place;
mod read;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use qql::{Edit, ItemId, Outline, Parse};

use self::read::{Bit, Chip, Place, Slot};
use super::history::Focus;
use super::model::Model;
use crate::i18n::t;
use crate::platform::dom;
use crate::ui::{Announcer, Icon, effect, icon, id, memo};

/// A chip for each clause, in the order of the text. One stop of the Tab key; the arrow keys walk.
#[component]
pub(super) fn Chips(model: Model) -> impl IntoView {
    let drawn = model.drawn();
    let bits = memo(move |_| drawn.with(|it| it.as_ref().map(read::read).unwrap_or_default()));
    let line = Line {
        model,
        prefix: StoredValue::new(id::unique("chip")),
        chips: memo(move |_| {
            let chip = |it: &Bit| match it {
                Bit::Chip(chip) => Some(chip.clone()),
                Bit::Mark { .. } => None,
            };
            bits.with(|it| it.iter().filter_map(chip).collect())
        }),
        current: RwSignal::new(0),
        turn: StoredValue::new(0),
        told: RwSignal::new(None),
        announcer: use_context::<Announcer>(),
    };
    effect(move |_| {
        let Some(Focus::Chip(range)) = model.take_wish(|it| matches!(it, Focus::Chip(_))) else { return };
        line.soon(move || line.focus_near(range.start));
    });
    let slots = memo(move |_| bits.with(|it| read::slots(it)));
    let summary = memo(move |_| {
        let known = model.known().get();
        place::summary(known.split.as_deref()?, model.language.all_here())
    });
    let is_long = memo(move |_| drawn.with(Option::is_none));
    let says = move || match is_long.get() {
        true => Some(t::query_too_long().to_owned()),
        false => summary.get(),
    };
    let tip = move || {
        let chip = line.told.get().and_then(|at| line.chips.with(|it| it.get(at).cloned()));
        chip.map(|it| view! { <div class="chip-tip" aria-hidden="true">{it.description()}</div> })
    };
    view! {
        <div class="query-chips" on:mouseleave=move |_| line.told.set(None)>
            {line_view(line, slots)}
            {tip}
            {move || says().map(|it| view! { <p class="field-hint query-runs">{it}</p> })}
        </div>
    }
    .into_any()
}

/// The chips. A handle.
#[derive(Clone, Copy)]
struct Line {
    model: Model,
    prefix: StoredValue<String>,
    chips: Memo<Vec<Chip>>,
    /// The chip that the Tab key stops at.
    current: RwSignal<usize>,
    /// Counts the moves of the focus: one that a later key has overtaken does not happen.
    turn: StoredValue<u32>,
    /// The chip whose reason is shown.
    told: RwSignal<Option<usize>>,
    announcer: Option<Announcer>,
}

impl Line {
    fn id(self, at: usize) -> String {
        self.prefix.with_value(|it| [it, "-", &at.to_string()].concat())
    }

    fn stop(self) -> usize {
        self.current.get().min(self.chips.with(Vec::len).saturating_sub(1))
    }

    fn chip(self, at: usize) -> Option<Chip> {
        self.chips.with_untracked(|it| it.get(at).cloned())
    }

    /// Moves the focus in the next frame, unless it is moved again before.
    fn soon(self, go: impl FnOnce() + 'static) {
        self.turn.update_value(|it| *it = it.wrapping_add(1));
        let turn = self.turn.get_value();
        request_animation_frame(move || {
            if self.turn.try_get_value() == Some(turn) {
                go();
            }
        });
    }

    fn walk(self, at: usize) {
        self.current.set(at);
        self.soon(move || {
            dom::focus_by_id(&self.id(at));
        });
    }

    /// Moves the focus to the chip at a byte of the text, or the next one; to the text where there is none.
    fn focus_near(self, byte: usize) {
        let Some(ends) =
            self.chips.try_with_untracked(|it| it.iter().map(|it| it.range.end).collect::<Vec<_>>())
        else {
            return;
        };
        if ends.is_empty() {
            return self.model.go(Focus::Text(byte..byte));
        }
        let at = ends.iter().position(|end| byte < *end).unwrap_or(ends.len() - 1);
        self.current.set(at);
        dom::focus_by_id(&self.id(at));
    }

    fn change(self, at: usize, edit: fn(&Outline, &Parse, ItemId) -> Option<Edit>) -> bool {
        let (Some(chip), Some(drawn)) = (self.chip(at), self.model.drawn().get_untracked()) else {
            return false;
        };
        let id = drawn.outline.at(&chip.range);
        let Some(edit) = id.and_then(|id| edit(&drawn.outline, &drawn.known.parse, id)) else { return false };
        let text = edit.apply(&drawn.known.text);
        self.model.edit(text, Focus::Chip(chip.range), Focus::Chip(edit.focus));
        true
    }

    fn on_keydown(self, ev: &KeyboardEvent) {
        let is_command = (ev.ctrl_key() || ev.meta_key()) && !ev.alt_key();
        let last = self.chips.with_untracked(Vec::len).saturating_sub(1);
        // A key that is faster than the focus is meant for where the focus is on its way to.
        let at = self.current.get_untracked().min(last);
        let here = || self.chip(at).map_or(Focus::Chip(0..0), |it| Focus::Chip(it.range));
        match (&*ev.key().to_lowercase(), is_command) {
            ("z", true) if ev.shift_key() => self.model.redo(here()),
            ("z", true) => self.model.undo(here()),
            ("y", true) => self.model.redo(here()),
            (_, true) => return,
            ("arrowleft", _) => self.walk(at.checked_sub(1).unwrap_or(last)),
            ("arrowright", _) => self.walk(if at < last { at + 1 } else { 0 }),
            ("home", _) => self.walk(0),
            ("end", _) => self.walk(last),
            ("delete" | "backspace", _) => {
                if self.change(at, |outline, parse, id| outline.remove(parse, id)) {
                    self.say(t::query_removed());
                }
            }
            ("m", _) => self.mute(at),
            ("escape", _) if self.told.get_untracked().is_some() => self.told.set(None),
            _ => return,
        }
        ev.prevent_default();
    }

    fn mute(self, at: usize) {
        let was_off = self.chip(at).is_some_and(|it| it.place == Place::Off);
        if self.change(at, |outline, parse, id| outline.mute(parse, id)) {
            self.say(if was_off { t::query_unmuted() } else { t::query_muted() });
        } else {
            self.say(t::query_cannot_mute());
        }
    }

    fn say(self, text: &'static str) {
        if let Some(announcer) = self.announcer {
            announcer.say(text);
        }
    }
}

impl Chip {
    /// What a screen reader hears after the text, and what is shown beside it.
    fn description(&self) -> String {
        let keys = if self.place == Place::Off { t::query_chip_keys_off() } else { t::query_chip_keys() };
        let typed = if self.opaque { [t::query_as_typed_long(), " "].concat() } else { String::new() };
        [&*typed, &self.reason, " ", keys].concat()
    }
}

/// Chips belong to their place in the line and are drawn anew only where they show something else, so that the one that
/// has the focus keeps it while it changes.
fn line_view(line: Line, slots: Memo<Vec<Slot>>) -> AnyView {
    let count = memo(move |_| slots.with(Vec::len));
    let is_there = memo(move |_| count.get() > 0);
    let slot = move |at: usize| slot_view(line, at, slots);
    let views = move || {
        is_there.get().then(|| {
            view! {
                <div class="chip-line" role="toolbar" aria-label=t::query_chips()>
                    <For each=move || 0..count.get() key=|at| *at children=slot />
                </div>
            }
            .into_any()
        })
    };
    views.into_any()
}

fn slot_view(line: Line, at: usize, slots: Memo<Vec<Slot>>) -> AnyView {
    let slot = memo(move |_| slots.with(|it| it.get(at).cloned()).unwrap_or_default());
    let marks = memo(move |_| slot.with(|it| it.marks.clone()));
    let chip = memo(move |_| slot.with(|it| it.chip.clone()));
    let is_chip = memo(move |_| chip.with(Option::is_some));
    let mark = |(text, muted): (String, bool)| {
        view! { <span class="chip-mark" class:chip-mark-off=muted>{text}</span> }.into_any()
    };
    view! {
        <span class="chip-slot">
            {move || marks.get().into_iter().map(mark).collect::<Vec<_>>()}
            {move || is_chip.get().then(|| chip_view(line, at, chip))}
        </span>
    }
    .into_any()
}

fn chip_view(line: Line, at: usize, chip: Memo<Option<Chip>>) -> AnyView {
    let about = [line.id(at), "-why".to_owned()].concat();
    let class = move || chip.with(|it| it.as_ref().map_or("query-chip", |it| look(it.place).0));
    let face = move || {
        let chip = chip.get()?;
        let label = chip.opaque.then(|| view! { <span class="chip-typed">{t::query_as_typed()}</span> });
        let off =
            (chip.place == Place::Off).then(|| view! { <span class="chip-typed">{t::query_off()}</span> });
        let sign = look(chip.place).1.map(icon);
        Some(view! { {sign} {label} {off} <code>{chip.text}</code> }.into_any())
    };
    let on_click = move |_| {
        if let Some(range) = chip.with_untracked(|it| it.as_ref().map(|it| it.range.clone())) {
            line.model.go(Focus::Text(range));
        }
    };
    view! {
        <button
            class=class
            type="button"
            id=line.id(at)
            tabindex=move || if line.stop() == at { "0" } else { "-1" }
            aria-describedby=about.clone()
            on:click=on_click
            on:keydown=move |ev| line.on_keydown(&ev)
            on:focus=move |_| {
                line.current.set(at);
                line.told.set(Some(at));
            }
            on:blur=move |_| {
                line.told.try_set(None);
            }
            on:mouseenter=move |_| line.told.set(Some(at))
        >
            {face}
        </button>
        <span id=about hidden>{move || chip.with(|it| it.as_ref().map(Chip::description))}</span>
    }
    .into_any()
}

fn look(place: Place) -> (&'static str, Option<Icon>) {
    match place {
        Place::Service => ("query-chip chip-service", Some(Icon::Server)),
        Place::Here => ("query-chip chip-here", Some(Icon::Screen)),
        Place::Both => ("query-chip chip-both", Some(Icon::Filter)),
        Place::Nowhere => ("query-chip chip-nowhere", Some(Icon::Ban)),
        Place::Off => ("query-chip chip-off", Some(Icon::EyeOff)),
        Place::Unknown => ("query-chip", None),
    }
}
