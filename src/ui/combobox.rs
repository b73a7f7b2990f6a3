//! A text field that offers what was found for the text.

use leptos::ev::{Event, KeyboardEvent, MouseEvent};
use leptos::prelude::*;

use super::field::{Field, FieldIds};
use super::{Icon, Spinner, icon};
use crate::i18n::t;
use crate::platform::dom;

/// One thing that is offered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComboOption {
    /// What the form keeps.
    pub value: String,
    /// What the person reads, and what the field shows once it is chosen.
    pub label: String,
    /// A second line; empty for none.
    pub note: String,
}

/// What is offered now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offered {
    /// What was found.
    pub options: Vec<ComboOption>,
    /// More is on its way.
    pub loading: bool,
    /// Why nothing could be found.
    pub failed: Option<String>,
}

/// The signals of a combobox.
#[derive(Clone, Copy)]
pub struct Combo {
    /// What the form keeps: the value of the chosen option, or what was typed while none is chosen.
    pub value: RwSignal<String>,
    /// What the field shows.
    pub text: RwSignal<String>,
    /// What to look for: what was typed since the last choice; blank for everything.
    pub query: RwSignal<String>,
    /// The list was opened at least once: now is the time to ask for it.
    pub wanted: RwSignal<bool>,
}

/// An editable combobox with a list (ARIA Authoring Practices, "Combobox with list autocomplete, manual
/// selection"): the arrows walk the list while the focus stays in the field, Enter chooses, Escape closes the list
/// alone. Who looks the options up is the caller.
#[component]
pub fn Combobox(
    /// What the field is called.
    #[prop(into)]
    label: String,
    /// Its signals.
    combo: Combo,
    /// What is offered for `combo.query`.
    #[prop(into)]
    offered: Signal<Offered>,
    /// An option was chosen, or what was chosen is typed over (`None`).
    #[prop(into)]
    on_choice: UnsyncCallback<Option<String>>,
    /// Help that is always visible.
    #[prop(optional, into)]
    hint: String,
    /// Marks it as required.
    #[prop(optional)]
    required: bool,
    /// Marks it as optional.
    #[prop(optional)]
    optional: bool,
    /// What is wrong with the value.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Its id, when an error summary links to it.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let ids = FieldIds::new(id);
    let described_by = ids.described_by(!hint.is_empty(), error);
    let control = ids.control.clone();
    let list_id = [&control, "-list"].concat();
    let list = List {
        combo,
        offered,
        on_choice,
        open: RwSignal::new(false),
        active: RwSignal::new(None),
        id: StoredValue::new(list_id.clone()),
    };
    let List { open, active, .. } = list;
    let toggle_name = t::ui_show_what(&label);
    let on_input = move |ev: Event| {
        let text = event_target_value(&ev);
        combo.value.set(text.trim().to_owned());
        combo.query.set(text.trim().to_owned());
        combo.text.set(text);
        on_choice.run(None);
        list.show();
    };
    // Keeps the focus in the field.
    let hold = |ev: MouseEvent| ev.prevent_default();
    let toggle = move |ev: MouseEvent| {
        ev.prevent_default();
        if open.get_untracked() { list.hide() } else { list.show() }
    };
    let active_id = move || active.get().filter(|_| open.get()).map(|idx| list.option_id(idx));
    view! {
        <Field ids label=label.clone() hint required optional error>
            <div class="combobox">
                <div class="field-row">
                    <input
                        class="input"
                        id=control
                        type="text"
                        role="combobox"
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck="false"
                        aria-autocomplete="list"
                        aria-expanded=move || if open.get() { "true" } else { "false" }
                        aria-controls=list_id.clone()
                        aria-activedescendant=active_id
                        aria-required=required.then_some("true")
                        aria-invalid=move || error.with(Option::is_some).then_some("true")
                        aria-describedby=described_by
                        prop:value=move || combo.text.get()
                        on:input=on_input
                        on:keydown=move |ev| list.key(&ev)
                        on:click=move |_| list.show()
                        on:blur=move |_| list.leave()
                    />
                    <button
                        class="icon-button"
                        type="button"
                        tabindex="-1"
                        aria-label=toggle_name.clone()
                        title=toggle_name
                        aria-controls=list_id.clone()
                        aria-expanded=move || if open.get() { "true" } else { "false" }
                        on:mousedown=hold
                        on:click=toggle
                    >
                        {icon(Icon::ChevronDown)}
                    </button>
                </div>
                <ul class="combobox-list" role="listbox" id=list_id aria-label=label hidden=move || !open.get() on:mousedown=hold>
                    {move || list.options()}
                </ul>
                <div class="combobox-said" role="status">{move || list.said()}</div>
            </div>
        </Field>
    }
    .into_any()
}

/// The list below the field.
#[derive(Clone, Copy)]
struct List {
    combo: Combo,
    offered: Signal<Offered>,
    on_choice: UnsyncCallback<Option<String>>,
    open: RwSignal<bool>,
    /// The option the arrows are at.
    active: RwSignal<Option<usize>>,
    id: StoredValue<String>,
}

impl List {
    fn show(self) {
        self.combo.wanted.set(true);
        self.active.set(None);
        self.open.set(true);
    }

    fn hide(self) {
        self.open.set(false);
        self.active.set(None);
    }

    /// The focus goes elsewhere. A name typed in full is a choice.
    fn leave(self) {
        // A field that leaves the page loses the focus too, when its signals are gone.
        let text = self.combo.text.try_with_untracked(|it| it.trim().to_lowercase());
        let (Some(text), Some(is_open)) = (text, self.open.try_get_untracked()) else { return };
        let found = self.offered.try_with_untracked(|it| {
            let mut same = it.options.iter().filter(|it| it.label.to_lowercase() == text);
            let first = same.next().cloned();
            first.filter(|_| same.next().is_none())
        });
        let Some(found) = found else { return };
        self.hide();
        if let Some(option) = found.filter(|_| is_open && !text.is_empty()) {
            self.choose(option);
        }
    }

    fn choose(self, option: ComboOption) {
        let ComboOption { value, label, .. } = option;
        self.combo.value.set(value.clone());
        self.combo.text.set(label);
        self.combo.query.set(String::new());
        self.hide();
        self.on_choice.run(Some(value));
    }

    fn key(self, ev: &KeyboardEvent) {
        if ev.is_composing() {
            return;
        }
        let is_open = self.open.get_untracked();
        let count = self.offered.with_untracked(|it| it.options.len());
        match &*ev.key() {
            "ArrowDown" | "ArrowUp" if !is_open => self.show(),
            key @ ("ArrowDown" | "ArrowUp") => self.walk(key == "ArrowDown", count),
            "Enter" if is_open => {
                let chosen = self.active.get_untracked();
                let chosen =
                    chosen.and_then(|at| self.offered.with_untracked(|it| it.options.get(at).cloned()));
                match chosen {
                    Some(option) => self.choose(option),
                    None => self.leave(),
                }
            }
            "Escape" if is_open => {
                // A dialog around the field stays.
                ev.stop_propagation();
                self.hide();
            }
            _ => return,
        }
        ev.prevent_default();
    }

    /// Moves to the next option or the one before; round at both ends.
    fn walk(self, down: bool, count: usize) {
        let Some(last) = count.checked_sub(1) else { return };
        let next = match (self.active.get_untracked(), down) {
            (None, true) => 0,
            (None, false) => last,
            (Some(at), true) => {
                if at >= last {
                    0
                } else {
                    at + 1
                }
            }
            (Some(at), false) => at.checked_sub(1).unwrap_or(last).min(last),
        };
        self.active.set(Some(next));
        dom::show_by_id(&self.option_id(next));
    }

    fn option_id(self, idx: usize) -> String {
        self.id.with_value(|it| [it, "-", &idx.to_string()].concat())
    }

    fn options(self) -> Vec<AnyView> {
        if !self.open.get() {
            return Vec::new();
        }
        self.offered.get().options.into_iter().enumerate().map(|(idx, it)| self.option(idx, it)).collect()
    }

    fn option(self, idx: usize, option: ComboOption) -> AnyView {
        let ComboOption { label, note, .. } = option.clone();
        let is_active = move || self.active.get() == Some(idx);
        let note = (!note.is_empty()).then(|| view! { <span class="combobox-note">{note}</span> });
        view! {
            <li
                class="combobox-option"
                role="option"
                id=self.option_id(idx)
                aria-selected=move || if is_active() { "true" } else { "false" }
                on:click=move |_| self.choose(option.clone())
            >
                <span>{label}</span>
                {note}
            </li>
        }
        .into_any()
    }

    /// How many there are, or why there are none.
    fn said(self) -> Option<AnyView> {
        if !self.open.get() {
            return None;
        }
        let Offered { options, loading, failed } = self.offered.get();
        if let Some(failed) = failed {
            return Some(view! { {icon(Icon::Danger)} <span>{failed}</span> }.into_any());
        }
        if loading {
            return Some(view! { <Spinner /> <span>{t::ui_combo_loading()}</span> }.into_any());
        }
        let count = u64::try_from(options.len()).unwrap_or(u64::MAX);
        let text = if count == 0 { t::ui_combo_none().to_owned() } else { t::ui_combo_found(count) };
        Some(view! { <span>{text}</span> }.into_any())
    }
}
