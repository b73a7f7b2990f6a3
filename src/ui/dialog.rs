//! The dialog: the browser's own `<dialog>`, opened as modal, with one way out.

use leptos::ev::{Event, KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::{context, html};

use super::button::close_button;
use super::reactive::{effect, memo};
use super::{Button, id};
use crate::i18n::t;

/// How wide a dialog may become. On a narrow screen each takes the whole width.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DialogSize {
    /// A question.
    Small,
    /// A form.
    #[default]
    Medium,
    /// A form with two columns, or a comparison.
    Large,
}

impl DialogSize {
    fn class(self) -> &'static str {
        match self {
            Self::Small => "dialog dialog-small",
            Self::Medium => "dialog",
            Self::Large => "dialog dialog-large",
        }
    }
}

#[derive(Clone, Copy)]
struct RequestClose(UnsyncCallback<()>);

/// Asks the dialog around the caller to close, as its cross does: the guard is asked first.
///
/// Call it while the component is built. Outside a dialog it does nothing.
pub fn close_dialog() -> UnsyncCallback<()> {
    context::use_context::<RequestClose>().map_or_else(|| UnsyncCallback::from(|| ()), |it| it.0)
}

/// The "Cancel" button of a dialog's footer.
#[component]
pub fn DialogCancel(
    /// Another word than "Cancel".
    #[prop(optional, into)]
    label: Option<String>,
    /// Gets the focus when the dialog opens: the safe choice where the other one destroys.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let close = close_dialog();
    let label = label.unwrap_or_else(|| t::ui_cancel().to_owned());
    view! { <Button autofocus on_click=close>{label}</Button> }.into_any()
}

/// A modal dialog.
///
/// * The content is built anew at each opening and leaves the page at each closing, so drafts and
///   secrets do not outlive it.
/// * Escape, the cross, [`DialogCancel`] and setting `open` to false all end in one `on_close`,
///   which must set `open` to false and reset the caller's state. The first three ask `guard` before.
/// * The first control of the body gets the focus, unless another has `autofocus`; afterwards the
///   focus returns to where it was.
/// * Put a [`super::ConfirmDialog`] beside a dialog, not inside it.
///
/// The page behind is inert, so toasts and the announcer are not heard from inside: say results in a
/// [`super::Banner`] in the body.
#[component]
pub fn Dialog(
    /// Whether it is shown.
    #[prop(into)]
    open: Signal<bool>,
    /// It has closed, on whichever path.
    #[prop(into)]
    on_close: UnsyncCallback<()>,
    /// Its heading and its accessible name.
    #[prop(into)]
    title: Signal<String>,
    /// Answers whether it may close now. When the answer is no, the guard has shown its own question.
    #[prop(optional, into)]
    guard: Option<UnsyncCallback<(), bool>>,
    /// Makes the content a form: runs on Enter in a field and on a `submit` button.
    #[prop(optional, into)]
    on_submit: Option<UnsyncCallback<()>>,
    /// How wide it may become.
    #[prop(optional)]
    size: DialogSize,
    /// Buttons below the body, always in view: the main one last.
    #[prop(optional, into)]
    footer: Option<ViewFn>,
    /// The body.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let title_id = id::unique("dialog");
    let shown = memo(move |_| open.get());

    // Closes that the caller was told of before the browser did.
    let told = StoredValue::new(0_u32);
    let request = UnsyncCallback::from(move || {
        let Some(dialog) = node.get_untracked().filter(|it| it.open()) else { return };
        if guard.is_none_or(|it| it.run(())) {
            // The browser tells a moment later, when this dialog or another may have been asked for again.
            told.update_value(|it| *it += 1);
            dialog.close();
            on_close.try_run(());
        }
    });
    let on_closed = move || {
        let was_told = told.try_update_value(|it| it.checked_sub(1).map(|left| *it = left).is_some());
        let is_open = node.try_get_untracked().flatten().is_some_and(|it| it.open());
        if was_told != Some(true) && !is_open {
            on_close.try_run(());
        }
    };
    // By the signal itself: one that is false for a moment is true again before a memo looks.
    effect(move |_| follow(open.get(), node));
    on_cleanup(move || {
        // A dialog that is torn out of the page gives the focus back only if it is closed first.
        if let Some(dialog) = node.try_get_untracked().flatten()
            && dialog.open()
        {
            dialog.close();
        }
    });

    let on_keydown = move |ev: KeyboardEvent| {
        if ev.key() == "Escape" && !ev.default_prevented() && !ev.is_composing() {
            // The browser lets a second Escape through whatever `cancel` says; here the guard decides.
            ev.prevent_default();
            ev.stop_propagation();
            request.run(());
        }
    };
    let on_cancel = move |ev: Event| {
        ev.prevent_default();
        ev.stop_propagation();
        request.run(());
    };
    let heading_id = title_id.clone();
    let content = move || {
        shown.get().then(|| {
            // For what is inside alone: a dialog beside this one has a way out of its own.
            context::provide_context(RequestClose(request));
            let frame = frame(heading_id.clone(), title, children(), footer.as_ref().map(ViewFn::run));
            let framed = match on_submit {
                Some(on_submit) => form(frame, on_submit),
                None => view! { <div class="dialog-frame">{frame}</div> }.into_any(),
            };
            (framed, close_button(request)).into_any()
        })
    };
    view! {
        <dialog
            class=size.class()
            node_ref=node
            aria-labelledby=title_id
            on:keydown=on_keydown
            on:cancel=on_cancel
            on:close=move |_| on_closed()
        >
            {content}
        </dialog>
    }
    .into_any()
}

/// Opens or closes the element, once the handler that asked for it has returned.
fn follow(shown: bool, node: NodeRef<html::Dialog>) {
    queue_microtask(move || {
        let Some(dialog) = node.try_get_untracked().flatten() else { return };
        if shown == dialog.open() {
            return;
        }
        if !shown {
            dialog.close();
            return;
        }
        // Refused only where it is open already or out of the page, and both were just ruled out.
        dialog.show_modal().ok();
    });
}

fn frame(title_id: String, title: Signal<String>, body: AnyView, footer: Option<AnyView>) -> AnyView {
    view! {
        <header class="dialog-head">
            <h2 class="dialog-title" id=title_id>{move || title.get()}</h2>
        </header>
        <div class="dialog-body">{body}</div>
        {footer.map(|it| view! { <footer class="dialog-foot">{it}</footer> })}
    }
    .into_any()
}

fn form(frame: AnyView, on_submit: UnsyncCallback<()>) -> AnyView {
    let on_submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        ev.stop_propagation();
        on_submit.run(());
    };
    view! { <form class="dialog-frame" novalidate on:submit=on_submit>{frame}</form> }.into_any()
}
