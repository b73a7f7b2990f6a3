//! The columns, to be shown, hidden, moved and made wider.

use leptos::ev::PointerEvent;
use leptos::prelude::*;

use super::Panel;
use super::row::row;
use crate::domain::FieldId;
use crate::i18n::t;
use crate::platform::dom;
use crate::ui::memo;

/// The attribute that tells which column is under a pointer.
const COLUMN: &str = "data-column";

/// Columns with what the pointer does to them.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    pub(super) panel: Panel,
    /// The column that the pointer holds.
    pub(super) held: RwSignal<Option<FieldId>>,
}

/// The list of them.
pub(super) fn columns(panel: Panel) -> AnyView {
    let columns = Columns { panel, held: RwSignal::new(None) };
    let count = memo(move |_| panel.layout.with(|it| it.columns.len()));
    // Rows belong to their place, so that the focus stays where it is while others move.
    let slot = move |place: usize| {
        let field = memo(move |_| panel.layout.with(|it| it.columns.get(place).map(|it| it.field)));
        move || field.get().map(|it| row(columns, it, place, count))
    };
    view! {
        <section class="layout-columns" aria-labelledby="layout-columns">
            <h3 class="layout-heading" id="layout-columns">{t::layout_columns()}</h3>
            <p class="layout-hint">{t::layout_columns_hint()}</p>
            <ul
                class="layout-list"
                on:pointerdown=move |ev| columns.take(&ev)
                on:pointermove=move |ev| columns.drag(&ev)
                on:pointerup=move |_| columns.held.set(None)
                on:pointercancel=move |_| columns.held.set(None)
            >
                <For each=move || 0..count.get() key=|place| *place children=slot />
            </ul>
        </section>
    }
    .into_any()
}

impl Columns {
    /// What a field is called as a column.
    pub(super) fn name(self, field: FieldId) -> &'static str {
        self.panel.manifest().field(field).map_or(field.0, |it| it.heading())
    }

    /// Moves a column one place, and says where it is then. The new place, if it moved.
    pub(super) fn step(self, field: FieldId, up: bool) -> Option<usize> {
        let mut place = None;
        self.panel.layout.change(|it| place = it.step(field, up));
        self.say_place(field, place);
        place
    }

    /// A handle was taken: the list hears of the pointer from now on, since the handle's row is drawn anew when it moves.
    fn take(self, ev: &PointerEvent) {
        if self.held.with_untracked(Option::is_some) {
            dom::capture_pointer(ev);
        }
    }

    /// The pointer moves over the list: the column that it holds goes where it is.
    fn drag(self, ev: &PointerEvent) {
        let Some(field) = self.held.get_untracked() else { return };
        let Some((over, _)) = dom::hit(ev.client_x(), ev.client_y(), COLUMN) else { return };
        if over == field.0 {
            return;
        }
        let place = untrack(|| {
            self.panel.layout.with(|it| it.columns.iter().position(|column| column.field.0 == over))
        });
        let Some(to) = place.filter(|it| *it > 0) else { return };
        let mut place = None;
        self.panel.layout.change(|it| place = it.put(field, to));
        self.say_place(field, place);
    }

    fn say_place(self, field: FieldId, place: Option<usize>) {
        let Some(place) = place else { return };
        let count = untrack(|| self.panel.layout.with(|it| it.columns.len()));
        let (place, count) = ((place + 1).to_string(), count.to_string());
        self.panel.said.set(t::layout_moved(self.name(field), &place, &count));
    }
}
