//! The question before something that cannot be undone.

use leptos::prelude::*;

use super::reactive::{effect, memo};
use super::{Banner, Button, ButtonKind, Dialog, DialogCancel, DialogSize, TextField, Tone};
use crate::i18n::t;

/// Asks before an action, in the page; the browser's own `confirm()` does not work in a sandboxed frame.
///
/// It cannot be closed while `pending`. On success the caller sets `open` to false; on failure it
/// sets `error`, and the dialog stays.
#[component]
pub fn ConfirmDialog(
    /// Whether it is shown.
    #[prop(into)]
    open: Signal<bool>,
    /// It has closed, on whichever path; set `open` to false here.
    #[prop(into)]
    on_close: UnsyncCallback<()>,
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// What the confirming button says: a verb and its object.
    #[prop(into)]
    confirm: Signal<String>,
    /// The person confirmed.
    #[prop(into)]
    on_confirm: UnsyncCallback<()>,
    /// Draws the confirming button as dangerous.
    #[prop(optional)]
    danger: bool,
    /// A text to type before confirming is possible, such as the title of what is deleted. Surrounding
    /// blanks do not count; an empty text asks for nothing.
    #[prop(optional, into)]
    typed: MaybeProp<String>,
    /// The action is under way.
    #[prop(optional, into)]
    pending: Signal<bool>,
    /// Why the action failed.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// What will happen, in words.
    children: ChildrenFn,
) -> impl IntoView {
    let answer = RwSignal::new(String::new());
    let wanted = memo(move |_| typed.get().unwrap_or_default().trim().to_owned());
    let refused = Signal::derive(move || wanted.with(|wanted| answer.with(|it| it.trim() != wanted)));
    effect(move |_| {
        open.track();
        answer.set(String::new());
    });

    let kind = if danger { ButtonKind::Danger } else { ButtonKind::Primary };
    let question = move || {
        let wanted = wanted.get();
        (!wanted.is_empty()).then(|| {
            view! { <TextField label=t::ui_type_to_confirm(&wanted) value=answer autofocus=true /> }
        })
    };
    let footer = move || {
        view! {
            <DialogCancel />
            <Button kind submit=true pending disabled=refused>{move || confirm.get()}</Button>
        }
    };
    let submit = move || {
        if !refused.get_untracked() && !pending.get_untracked() {
            on_confirm.run(());
        }
    };
    let may_close = move || !pending.get_untracked();
    view! {
        <Dialog open on_close title guard=may_close on_submit=submit size=DialogSize::Small footer>
            {children()}
            {question}
            {move || error.get().map(|text| view! { <Banner tone=Tone::Danger>{text}</Banner> })}
        </Dialog>
    }
    .into_any()
}
