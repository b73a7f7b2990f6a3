//! A button that opens a short list of actions.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use super::tabs::moved;
use super::{Icon, icon};

/// One action of a menu.
#[derive(Clone, Debug)]
pub struct MenuItem {
    /// What it says.
    pub label: String,
    /// Its icon.
    pub icon: Icon,
    /// A second line; empty for none.
    pub note: String,
    /// One of several of which one is chosen: whether it is this one.
    pub checked: Option<bool>,
    /// Destroys something.
    pub danger: bool,
    /// Begins another group.
    pub apart: bool,
    /// What it does.
    pub run: UnsyncCallback<()>,
}

impl MenuItem {
    /// An action.
    pub fn new(label: impl Into<String>, icon: Icon, run: impl Into<UnsyncCallback<()>>) -> Self {
        let (label, run) = (label.into(), run.into());
        Self { label, icon, note: String::new(), checked: None, danger: false, apart: false, run }
    }

    /// The same action with a second line.
    pub fn note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    /// The same action as one of several of which one is chosen.
    pub fn checked(self, checked: bool) -> Self {
        Self { checked: Some(checked), ..self }
    }

    /// The same action, drawn apart from those before it.
    pub fn apart(self) -> Self {
        Self { apart: true, ..self }
    }

    /// The same action, drawn as dangerous.
    pub fn danger(self) -> Self {
        Self { danger: true, ..self }
    }
}

/// A menu button. The list is a native popover: above everything, closed by Escape or a click
/// elsewhere, and the focus returns to the button. Its items are built when it opens.
#[component]
pub fn Menu(
    /// What the button is called ("Actions for key Berlin").
    #[prop(into)]
    name: Signal<String>,
    /// Shows this text on the button; without it the button is an icon alone.
    #[prop(optional, into)]
    text: Option<Signal<String>>,
    /// The button's icon.
    #[prop(default = Icon::More)]
    icon: Icon,
    /// The button's id, when the focus is sent there.
    #[prop(optional, into)]
    id: Option<String>,
    /// The actions; asked for at each opening.
    #[prop(into)]
    items: UnsyncCallback<(), Vec<MenuItem>>,
) -> impl IntoView {
    let list_id = super::id::unique("menu");
    let list = NodeRef::<html::Div>::new();
    let open = RwSignal::new(false);
    let nodes = StoredValue::new(Vec::<NodeRef<html::Button>>::new());

    let focus = move |idx: usize| {
        if let Some(item) =
            nodes.try_with_value(|it| it.get(idx).copied()).flatten().and_then(|it| it.get_untracked())
        {
            // Refused only for an element that is gone.
            item.focus().ok();
        }
    };
    let on_toggle = move |_| {
        let is_open = list.get_untracked().is_some_and(|it| it.matches(":popover-open").unwrap_or(false));
        open.set(is_open);
        if is_open {
            // After the items were drawn, and outside this handler.
            request_animation_frame(move || {
                // Not from under a reader who is on an item already.
                if !list
                    .try_get_untracked()
                    .flatten()
                    .is_some_and(|it| it.matches(":focus-within").unwrap_or(false))
                {
                    focus(0);
                }
            });
        }
    };
    let item = move |(idx, item): (usize, MenuItem)| {
        let MenuItem { label, icon, note, checked, danger, apart, run } = item;
        let node = NodeRef::new();
        nodes.update_value(|it| it.push(node));
        let pick = move |_| {
            hide(list);
            run.run(());
        };
        let on_keydown = move |ev: KeyboardEvent| {
            let count = nodes.with_value(Vec::len);
            match moved(&ev.key(), idx, count) {
                Some(target) => {
                    ev.prevent_default();
                    focus(target);
                }
                // A menu is one stop of the Tab key: leaving it closes it.
                None if ev.key() == "Tab" => hide(list),
                None => {}
            }
        };
        view! {
            <button
                class="menu-item"
                class:menu-item-danger=danger
                class:menu-item-apart=apart
                type="button"
                role=if checked.is_some() { "menuitemradio" } else { "menuitem" }
                aria-checked=checked.map(|it| if it { "true" } else { "false" })
                tabindex="-1"
                node_ref=node
                on:click=pick
                on:keydown=on_keydown
            >
                {super::icon(icon)}
                <span class="menu-item-text">
                    <span>{label}</span>
                    {(!note.is_empty()).then(|| view! { <span class="menu-item-note">{note}</span> })}
                </span>
                {(checked == Some(true)).then(|| super::icon(Icon::Check))}
            </button>
        }
        .into_any()
    };
    let items = move || {
        open.get().then(|| {
            nodes.set_value(Vec::new());
            items.run(()).into_iter().enumerate().map(item).collect_view()
        })
    };
    // The focus comes into the list a moment after it opened, and a key may be faster.
    let on_button = move |ev: KeyboardEvent| {
        if !list.get_untracked().is_some_and(|it| it.matches(":popover-open").unwrap_or(false)) {
            return;
        }
        match ev.key().as_str() {
            "Escape" => hide(list),
            "ArrowDown" | "Home" => focus(0),
            "ArrowUp" | "End" => focus(nodes.with_value(Vec::len).saturating_sub(1)),
            _ => return,
        }
        ev.prevent_default();
        ev.stop_propagation();
    };
    let button_class = if text.is_some() { "button button-quiet" } else { "icon-button" };
    let tooltip = text.is_none().then_some(move || name.get());
    let label = text.map(|it| view! { <span class="button-text">{move || it.get()}</span> {icon_down()} });
    view! {
        <span class="menu">
            <button
                class=button_class
                id=id
                type="button"
                tabindex=super::grid::tab_stop()
                popovertarget=list_id.clone()
                aria-haspopup="menu"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-label=move || name.get()
                title=tooltip
                on:keydown=on_button
            >
                {super::icon(icon)}
                {label}
            </button>
            <div
                class="menu-list"
                id=list_id
                popover="auto"
                role="menu"
                aria-label=move || name.get()
                node_ref=list
                on:toggle=on_toggle
                on:keydown=close_on_escape(list)
            >
                {items}
            </div>
        </span>
    }
    .into_any()
}

fn icon_down() -> AnyView {
    icon(Icon::ChevronDown)
}

/// Keeps Escape from also closing a dialog around the menu.
fn close_on_escape(list: NodeRef<html::Div>) -> impl Fn(KeyboardEvent) + 'static {
    move |ev| {
        if ev.key() == "Escape" {
            ev.prevent_default();
            ev.stop_propagation();
            hide(list);
        }
    }
}

fn hide(list: NodeRef<html::Div>) {
    if let Some(list) = list.try_get_untracked().flatten() {
        // Refused only when it is closed already.
        list.hide_popover().ok();
    }
}
