//! Short messages about something that has just happened.

use leptos::prelude::*;

use super::badge::message_icon;
use super::button::close_button;
use super::{Button, ButtonKind, Tone};
use crate::i18n::t;
use crate::platform::{clock, task};

/// How long a message stays, in steps of [`STEP_MS`].
const STEPS: u32 = 12;
const STEP_MS: u32 = 500;

/// What a toast offers to do.
#[derive(Clone, Debug)]
pub struct ToastAction {
    /// What its button says.
    pub label: String,
    /// What it does. Create it in a component that outlives the toast; else it does nothing.
    pub run: UnsyncCallback<()>,
}

#[derive(Clone, Debug)]
struct Toast {
    number: u32,
    tone: Tone,
    text: String,
    action: Option<ToastAction>,
}

/// The messages on show; provided as context by the shell, next to one [`ToastHost`].
#[derive(Clone, Copy, Debug)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
    held: RwSignal<bool>,
}

impl Toasts {
    /// No messages yet. Create it in the shell, so that it outlives every page.
    #[expect(clippy::new_without_default, reason = "it makes signals, which belong to the current owner")]
    pub fn new() -> Self {
        Self { list: RwSignal::new(Vec::new()), next: StoredValue::new(0), held: RwSignal::new(false) }
    }

    /// Shows a message. Neutral, info and success leave after 6 s, not counting time under the
    /// pointer or the focus; a warning or a danger, or one with an action, stays until it is closed.
    pub fn push(self, tone: Tone, text: impl Into<String>, action: Option<ToastAction>) {
        let number = self.next.try_get_value().unwrap_or_default();
        self.next.try_set_value(number.wrapping_add(1));
        let stays = action.is_some() || matches!(tone, Tone::Warning | Tone::Danger);
        let toast = Toast { number, tone, text: text.into(), action };
        self.list.try_update(|list| list.push(toast));
        if !stays {
            task::spawn_detached(self.expire(number));
        }
    }

    /// The texts on show, oldest first.
    pub fn texts(self) -> Vec<String> {
        self.list.with(|list| list.iter().map(|it| it.text.clone()).collect())
    }

    async fn expire(self, number: u32) {
        let mut left = STEPS;
        while left > 0 {
            clock::sleep(STEP_MS).await;
            match self.held.try_get_untracked() {
                Some(true) => {}
                Some(false) => left -= 1,
                None => return,
            }
        }
        self.remove(number);
    }

    fn remove(self, number: u32) {
        self.list.try_update(|list| list.retain(|it| it.number != number));
        // The toast under the pointer is gone and sends no more events.
        self.held.try_set(false);
    }
}

/// The corner where toasts appear, a polite live region.
#[component]
pub fn ToastHost(
    /// The messages.
    toasts: Toasts,
) -> impl IntoView {
    let hold = move |on: bool| move |_| toasts.held.set(on);
    view! {
        <div
            class="toasts"
            role="log"
            aria-label=t::ui_notifications()
            aria-live="polite"
            on:pointerenter=move |_| toasts.held.set(true)
            on:pointerleave=move |_| toasts.held.set(false)
            on:focusin=hold(true)
            on:focusout=hold(false)
        >
            // Keyed by a number that is used once, and few: the list is never replaced as a whole.
            <For each=move || toasts.list.get() key=|it| it.number children=move |it| toast_view(it, toasts) />
        </div>
    }
    .into_any()
}

fn toast_view(toast: Toast, toasts: Toasts) -> AnyView {
    let Toast { number, tone, text, action } = toast;
    let close = UnsyncCallback::from(move || toasts.remove(number));
    let action = action.map(|ToastAction { label, run }| {
        let on_click = move || {
            run.try_run(());
            toasts.remove(number);
        };
        view! { <Button kind=ButtonKind::Quiet on_click>{label}</Button> }
    });
    view! {
        <div class="toast" data-tone=tone.name()>
            {message_icon(tone)}
            <p class="toast-text">{text}</p>
            {action}
            {close_button(close)}
        </div>
    }
    .into_any()
}
