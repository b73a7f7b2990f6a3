//! Buttons.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::{Icon, Spinner, icon};
use crate::i18n::t;

/// How much a button asks to be pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one main action of a screen or dialog.
    Primary,
    /// Any other action.
    #[default]
    Secondary,
    /// An action that destroys something.
    Danger,
    /// An action that stays in the background: toolbars, rows.
    Quiet,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Secondary => "button",
            Self::Danger => "button button-danger",
            Self::Quiet => "button button-quiet",
        }
    }
}

/// A button with a text.
///
/// While it is `pending` or `disabled` it keeps the focus and its place in the tab order, says so
/// through `aria-disabled`, and ignores clicks (a `submit` button then submits nothing either).
#[component]
pub fn Button(
    /// Its weight.
    #[prop(optional)]
    kind: ButtonKind,
    /// Drawn before the text.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Work is under way: shows a spinner and ignores clicks.
    #[prop(optional, into)]
    pending: Signal<bool>,
    /// Not possible now. Say why nearby: a button alone cannot.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Submits the form around it.
    #[prop(optional)]
    submit: bool,
    /// Gets the focus when the dialog around it opens.
    #[prop(optional)]
    autofocus: bool,
    /// A name that says more than the text, for buttons that repeat on each row. Starts with the text.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// What it does.
    #[prop(optional, into)]
    on_click: Option<UnsyncCallback<()>>,
    /// The text.
    children: Children,
) -> impl IntoView {
    let idle = move || !pending.get_untracked() && !disabled.get_untracked();
    let drawn =
        move || if pending.get() { Some(view! { <Spinner /> }.into_any()) } else { icon.map(super::icon) };
    view! {
        <button
            class=kind.class()
            type=if submit { "submit" } else { "button" }
            autofocus=autofocus
            aria-disabled=move || (pending.get() || disabled.get()).then_some("true")
            aria-busy=move || pending.get().then_some("true")
            aria-label=move || label.get()
            on:click=move |ev| {
                if !submit {
                    // The click may replace the buttons of a form. Where the page then makes this very element
                    // the submit button, the browser would submit with it: it looks only after the handlers.
                    ev.prevent_default();
                }
                clicked(&ev, idle(), on_click);
            }
        >
            {drawn}
            <span class="button-text">{children()}</span>
        </button>
    }
    .into_any()
}

/// A square button that shows an icon alone; its name is what a screen reader and the tooltip say.
#[component]
pub fn IconButton(
    /// The name: a verb, and the object where buttons repeat ("Copy key Berlin").
    #[prop(into)]
    name: Signal<String>,
    /// What it shows.
    #[prop(into)]
    icon: Signal<Icon>,
    /// Not possible now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What it does.
    #[prop(into)]
    on_click: UnsyncCallback<()>,
) -> impl IntoView {
    view! {
        <button
            class="icon-button"
            type="button"
            tabindex=super::grid::tab_stop()
            aria-label=move || name.get()
            title=move || name.get()
            aria-disabled=move || disabled.get().then_some("true")
            on:click=move |ev| clicked(&ev, !disabled.get_untracked(), Some(on_click))
        >
            {move || super::icon(icon.get())}
        </button>
    }
    .into_any()
}

/// The cross in the corner of a dialog, a toast, a banner.
pub(crate) fn close_button(on_click: UnsyncCallback<()>) -> AnyView {
    view! {
        <button
            class="icon-button close"
            type="button"
            aria-label=t::ui_close()
            title=t::ui_close()
            on:click=move |_| on_click.run(())
        >
            {icon(Icon::Close)}
        </button>
    }
    .into_any()
}

fn clicked(ev: &MouseEvent, idle: bool, on_click: Option<UnsyncCallback<()>>) {
    if !idle {
        // A submit button would send its form all the same.
        ev.prevent_default();
        ev.stop_propagation();
        return;
    }
    if let Some(on_click) = on_click {
        on_click.run(());
    }
}
