//! Which row is drawn where, and when: rows belong to slots, and a slot is drawn anew only where it shows something
//! else. (Rows keyed by what they show would leak memory in Leptos 0.8.)

use leptos::prelude::*;

use super::nav::Nav;
use super::{GridEntry, GridSource};
use crate::platform::{cells, clock, task};

/// Milliseconds of a frame that may go into rows, where they come in parts. The rest is the browser's, for layout
/// and paint.
const SHARE_MS: f64 = 4.0;

/// A piece of page that shows one row after the other.
pub(super) struct Slot<T: Send + Sync + 'static> {
    /// The place it shows; `None` while it is not needed.
    pub(super) at: RwSignal<Option<usize>>,
    /// What stands there.
    pub(super) entry: RwSignal<Option<GridEntry<T>>>,
}

impl<T: Send + Sync + 'static> Clone for Slot<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Slot<T> {}

/// All slots, and what they shall show.
pub(super) struct Painter<T: Clone + PartialEq + Send + Sync + 'static> {
    nav: Nav,
    source: GridSource<T>,
    slots: StoredValue<Vec<Slot<T>>>,
    /// Slots that are on the page.
    pub(super) drawn: RwSignal<usize>,
    /// Rows come in parts, a few a frame.
    sliced: Signal<bool>,
    /// The ids of the slots in the order of their rows, for assistive technology; blank where the page has them in
    /// that order.
    pub(super) order: RwSignal<String>,
    /// The focus was here when rows began to change: one change may overtake the other before the focus is back.
    within: StoredValue<bool>,
    owner: StoredValue<Option<Owner>>,
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Clone for Painter<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Copy for Painter<T> {}

impl<T: Clone + PartialEq + Send + Sync + 'static> Painter<T> {
    pub(super) fn new(nav: Nav, source: GridSource<T>, sliced: Signal<bool>) -> Self {
        let owner = StoredValue::new(Owner::current());
        Self {
            nav,
            source,
            slots: StoredValue::new(Vec::new()),
            drawn: RwSignal::new(0),
            sliced,
            order: RwSignal::new(String::new()),
            within: StoredValue::new(false),
            owner,
        }
    }

    pub(super) fn slot(self, idx: usize) -> Option<Slot<T>> {
        self.slots.with_value(|it| it.get(idx).copied())
    }

    /// Works out what shall be shown, and shows it. To be run in an effect, whose next run ends what is left of this.
    pub(super) fn run(self) {
        let nav = self.nav;
        let is_virtual = nav.is_virtual.get();
        let (first, window) = nav.window();
        self.keep_current();
        // The row with the focus stays, wherever the list is scrolled to.
        let pinned = match is_virtual && (nav.within.get() || nav.wanted.with_value(Option::is_some)) {
            true => nav.cursor.get().row.filter(|it| !window.contains(it)),
            false => None,
        };
        let seen = first.clamp(window.start, window.end.max(window.start));
        let places = pinned.into_iter().chain(seen..window.end).chain(window.start..seen);
        let wanted: Vec<(usize, GridEntry<T>)> =
            places.filter_map(|at| Some((at, self.source.entry.run((at,))?))).collect();
        self.ensure(wanted.len(), is_virtual);
        if !is_virtual {
            self.order.set(String::new());
            // A place and its slot have one number, so that what has the focus stays where it is.
            self.all_at_once(wanted);
            return;
        }
        let before = pinned.filter(|it| *it < window.start);
        let behind = pinned.filter(|it| *it >= window.end);
        let rising: Vec<usize> = before.into_iter().chain(window).chain(behind).collect();
        task::spawn(self.converge(wanted, rising, self.sliced.get_untracked()));
    }

    /// The current row is the one that is known by the same, wherever it went. One that is gone leaves its place.
    fn keep_current(self) {
        let nav = self.nav;
        let count = self.source.count.get();
        let cursor = nav.cursor.get_untracked();
        let Some(row) = cursor.row else { return };
        let id_at = |at: usize| self.source.entry.run((at,)).map(|it| it.id().to_owned());
        let now = id_at(row);
        let known = nav.current.get_value();
        if known.is_some() && known == now {
            return;
        }
        let moved = known.and_then(|it| self.source.place_of.run((it,)));
        let next = moved.or_else(|| Some(row.min(count.checked_sub(1)?)));
        nav.current.set_value(next.and_then(id_at));
        if next == Some(row) {
            return;
        }
        if let Some(widget) = nav.id.with_value(|it| cells::focused(it)) {
            nav.wanted.set_value(Some(widget));
        }
        nav.cursor.set(super::keys::Cursor { row: next, ..cursor });
    }

    /// Makes as many slots as are needed. Those of a list that is drawn in parts stay for the next part.
    fn ensure(self, count: usize, keep: bool) {
        self.slots.update_value(|slots| {
            while slots.len() < count {
                let new = || Slot { at: RwSignal::new(None), entry: RwSignal::new(None) };
                // They live as long as the grid, and not as long as the effect that needed them first.
                match self.owner.get_value() {
                    Some(owner) => slots.push(owner.with(new)),
                    None => slots.push(new()),
                }
            }
        });
        let now = self.drawn.get_untracked();
        let next = if keep && now <= self.source.count.get_untracked() { now.max(count) } else { count };
        if next != now {
            self.drawn.set(next);
        }
    }

    fn all_at_once(self, wanted: Vec<(usize, GridEntry<T>)>) {
        self.note_focus();
        let (now, later) = match self.sliced.get_untracked() {
            true => wanted.into_iter().partition(|(at, _)| *at < AT_ONCE),
            false => (wanted, Vec::new()),
        };
        self.put_each(now);
        task::spawn(async move {
            if !later.is_empty() {
                clock::next_frame().await;
                self.put_each(later);
            }
            leptos::task::tick().await;
            self.after();
        });
    }

    fn put_each(self, wanted: Vec<(usize, GridEntry<T>)>) {
        for (at, entry) in wanted {
            if let Some(slot) = self.slot(at) {
                put(slot, at, entry);
            }
        }
    }

    /// Shows one row after the other, as many a frame as fit.
    async fn converge(self, wanted: Vec<(usize, GridEntry<T>)>, rising: Vec<usize>, sliced: bool) {
        self.note_focus();
        let mut began = clock::monotonic_ms();
        for (at, entry) in &wanted {
            let Some(slot) = self.slot_for(*at, &wanted) else { continue };
            if !put(slot, *at, entry.clone()) {
                continue;
            }
            // The row is drawn now; without this it would be drawn after all others.
            leptos::task::tick().await;
            if self.nav.wanted.with_value(Option::is_some) {
                self.nav.settle();
            }
            if sliced && clock::monotonic_ms() - began > SHARE_MS {
                clock::next_frame().await;
                began = clock::monotonic_ms();
            }
        }
        for slot in self.on_page() {
            let at = slot.at.get_untracked();
            if at.is_some_and(|at| !wanted.iter().any(|it| it.0 == at)) {
                slot.at.set(None);
            }
        }
        self.say_order(&rising);
        leptos::task::tick().await;
        self.after();
    }

    /// Says in which order the rows are read, where the slots stand in another.
    fn say_order(self, rising: &[usize]) {
        let slots = self.on_page();
        let slot_of = |at: &usize| slots.iter().position(|it| it.at.get_untracked() == Some(*at));
        let (mut order, mut last, mut is_rising) = (String::new(), 0, true);
        for slot in rising.iter().filter_map(slot_of) {
            is_rising &= slot >= last;
            last = slot;
            order.push_str(&self.nav.slot_id(slot));
            order.push(' ');
        }
        self.order.set(if is_rising { String::new() } else { order });
    }

    /// The slot that shows a place, or one that shows nothing that is wanted.
    fn slot_for(self, at: usize, wanted: &[(usize, GridEntry<T>)]) -> Option<Slot<T>> {
        let slots = self.on_page();
        let shows = |it: &&Slot<T>| it.at.get_untracked() == Some(at);
        let is_free = |it: &&Slot<T>| match it.at.get_untracked() {
            None => true,
            Some(at) => !wanted.iter().any(|it| it.0 == at),
        };
        slots.iter().find(shows).or_else(|| slots.iter().find(is_free)).copied()
    }

    fn on_page(self) -> Vec<Slot<T>> {
        let drawn = self.drawn.get_untracked();
        self.slots.with_value(|it| it.iter().take(drawn).copied().collect())
    }

    fn note_focus(self) {
        if self.nav.id.with_value(|it| cells::focused(it)).is_some() {
            self.within.set_value(true);
        }
    }

    /// The focus was in the grid, and the row that had it may be gone.
    fn after(self) {
        let within = self.within.try_update_value(std::mem::take).unwrap_or_default();
        if within && cells::is_focus_lost() && self.nav.wanted.with_value(Option::is_none) {
            self.nav.wanted.set_value(Some(None));
        }
        self.nav.settle();
    }
}

/// Rows that are drawn in the first frame, where they come in parts and all of them are drawn.
const AT_ONCE: usize = 12;

/// Shows an entry; whether that is something else than before.
fn put<T: Clone + PartialEq + Send + Sync + 'static>(slot: Slot<T>, at: usize, entry: GridEntry<T>) -> bool {
    let moves = slot.at.get_untracked() != Some(at);
    if moves {
        slot.at.set(Some(at));
    }
    let differs = slot.entry.with_untracked(|it| it.as_ref() != Some(&entry));
    if differs {
        slot.entry.set(Some(entry));
    }
    moves || differs
}
