//! Which columns a file has, and in which order: a list of boxes, each with a step up and a step down.

use leptos::prelude::*;

use crate::domain::FieldId;
use crate::i18n::t;
use crate::platform::{clock, dom, task};
use crate::systems::{FieldSpec, Manifest, cells};
use crate::ui::{Button, Icon, icon};

/// Columns in their order, and whether each is in the file.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    manifest: &'static Manifest,
    list: RwSignal<Vec<(FieldId, bool)>>,
    /// Columns that are in the file at first.
    shown: StoredValue<Vec<FieldId>>,
}

impl Columns {
    /// Those that are shown first and in the file, and what names a key; then the others.
    pub(super) fn new(manifest: &'static Manifest, shown: &[FieldId]) -> Self {
        let shown = if shown.is_empty() { manifest.columns } else { shown };
        let known = |id: &FieldId| cells::columns(manifest).any(|it| it.id == *id);
        let mut shown: Vec<FieldId> = shown.iter().copied().filter(known).collect();
        if !shown.contains(&FieldId::ID) && known(&FieldId::ID) {
            shown.insert(0, FieldId::ID);
        }
        let res = Self { manifest, list: RwSignal::new(Vec::new()), shown: StoredValue::new(shown) };
        res.choose_shown();
        res
    }

    /// The columns of the file, in their order; tracks.
    pub(super) fn chosen(self) -> Vec<FieldId> {
        self.list.with(|list| list.iter().filter(|(_, is_in)| *is_in).map(|(id, _)| *id).collect())
    }

    fn choose_shown(self) {
        let shown = self.shown.get_value();
        let others = cells::columns(self.manifest).map(|it| it.id).filter(|it| !shown.contains(it));
        let list = shown.iter().map(|it| (*it, true)).chain(others.map(|it| (it, false)));
        self.list.set(list.collect());
    }

    fn choose_all(self) {
        self.list.update(|list| list.iter_mut().for_each(|it| it.1 = true));
    }

    fn spec(self, at: usize) -> Option<&'static FieldSpec> {
        self.list.with(|list| list.get(at).and_then(|it| self.manifest.field(it.0)))
    }

    /// Moves a column by one place. Whether it did.
    fn shift(self, at: usize, to: usize) -> bool {
        self.list.try_update(|list| {
            let fits = at < list.len() && to < list.len();
            if fits {
                list.swap(at, to);
            }
            fits
        }) == Some(true)
    }
}

/// The list.
pub(super) fn view(columns: Columns) -> AnyView {
    let count = columns.list.with_untracked(Vec::len);
    let said = RwSignal::new(String::new());
    // A place keeps its controls, whichever column stands there: the focus stays where it is.
    let rows: Vec<AnyView> = (0..count).map(|at| row(columns, at, count, said)).collect();
    view! {
        <fieldset class="field group">
            <legend class="field-label">{t::export_columns()}</legend>
            <p class="field-hint">{t::export_columns_hint()}</p>
            <div class="button-row">
                <Button on_click=move || columns.choose_shown()>{t::export_columns_shown()}</Button>
                <Button on_click=move || columns.choose_all()>{t::export_columns_all()}</Button>
            </div>
            <ol class="export-columns">{rows}</ol>
            <p class="visually-hidden" role="status">{said}</p>
        </fieldset>
    }
    .into_any()
}

fn row(columns: Columns, at: usize, count: usize, said: RwSignal<String>) -> AnyView {
    let label = move || columns.spec(at).map_or("", |it| (it.label)());
    let name = move || columns.spec(at).map_or("", cells::head);
    let is_in = move || columns.list.with(|list| list.get(at).is_some_and(|it| it.1));
    let set = move |on: bool| {
        columns.list.update(|list| {
            if let Some(it) = list.get_mut(at) {
                it.1 = on;
            }
        });
    };
    let step = move |which: &'static str| {
        let to = if which == "up" { at.wrapping_sub(1) } else { at + 1 };
        if columns.shift(at, to) {
            said.set(t::export_moved(
                untrack(|| columns.spec(to).map_or("", |it| (it.label)())),
                &(to + 1).to_string(),
            ));
            // Behind the last step this button can do no more, and the other one has the focus.
            let is_end = to == 0 || to + 1 == count;
            let which = match (is_end, which) {
                (true, "up") => "down",
                (true, _) => "up",
                (false, which) => which,
            };
            focus(button_id(which, to));
        }
    };
    let control = format!("export-column-{at}");
    view! {
        <li class="export-column">
            <input
                class="choice-box"
                type="checkbox"
                id=control.clone()
                prop:checked=is_in
                on:change=move |ev| set(event_target_checked(&ev))
            />
            <label class="choice-label" for=control>
                {label} " " <code class="muted">{name}</code>
            </label>
            {arrow("up", at, at == 0, Signal::derive(move || t::export_up(label())), step)}
            {arrow("down", at, at + 1 == count, Signal::derive(move || t::export_down(label())), step)}
        </li>
    }
    .into_any()
}

/// A step up or down. It keeps its place and its focus where it can do no more.
fn arrow(
    which: &'static str,
    at: usize,
    is_off: bool,
    name: Signal<String>,
    step: impl Fn(&'static str) + 'static,
) -> AnyView {
    let mark = if which == "up" { Icon::SortUp } else { Icon::SortDown };
    view! {
        <button
            class="icon-button"
            type="button"
            id=button_id(which, at)
            aria-label=move || name.get()
            title=move || name.get()
            aria-disabled=is_off.then_some("true")
            on:click=move |_| {
                if !is_off {
                    step(which);
                }
            }
        >
            {icon(mark)}
        </button>
    }
    .into_any()
}

fn button_id(which: &str, at: usize) -> String {
    format!("export-{which}-{at}")
}

/// Moves the focus to a button once the handler has returned.
fn focus(id: String) {
    task::spawn_detached(async move {
        clock::next_frame().await;
        dom::focus_by_id(&id);
    });
}
