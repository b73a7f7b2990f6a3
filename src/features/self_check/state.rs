//! Whether the self-check is shown, kept in step with the address.

use leptos::prelude::*;

use crate::features::unsaved::{Reason, Unsaved};
use crate::page;
use crate::platform::{listen, location};

/// Provided as context by the app, around all pages.
#[derive(Clone, Copy)]
pub struct Checking {
    is_shown: RwSignal<bool>,
}

impl Checking {
    /// Reads the address, and follows the browser's back and forward.
    #[must_use]
    pub fn from_address(unsaved: Unsaved) -> Self {
        let is_shown = RwSignal::new(page::is_check(&location::search()));
        listen::window("popstate", move |_| {
            let search = location::search();
            let wanted = page::is_check(&search);
            let Some(shown) = is_shown.try_get_untracked() else { return };
            if wanted && !shown && unsaved.now().into_iter().any(Reason::is_lost) {
                // What is open would be lost unasked. The address goes back to the console, whose pages then put in
                // what they show.
                location::replace(&page::without_check(&search));
                return;
            }
            // Setting it again would draw every page anew, at each step through the history.
            if wanted != shown {
                is_shown.try_set(wanted);
            }
        })
        .until_cleanup();
        Self { is_shown }
    }

    /// Whether it is shown; tracks when it is read.
    #[must_use]
    pub fn is_shown(self) -> Signal<bool> {
        self.is_shown.into()
    }

    /// Shows it, as a step of the browser's history.
    pub fn open(self) {
        location::push(&page::check_path(&location::search()));
        self.is_shown.set(true);
    }

    /// Back to the console.
    pub fn leave(self) {
        location::push(&page::without_check(&location::search()));
        self.is_shown.set(false);
    }
}

/// The way to the self-check, for the foot of every page. A real link, so that it can be opened in another tab.
#[component]
pub fn CheckLink() -> impl IntoView {
    let Some(checking) = use_context::<Checking>() else { return ().into_any() };
    if checking.is_shown.get_untracked() {
        return ().into_any();
    }
    let href = location::href(&page::check_path(&location::search()));
    let on_click = move |ev: leptos::ev::MouseEvent| {
        if ev.ctrl_key() || ev.meta_key() || ev.shift_key() {
            return;
        }
        ev.prevent_default();
        checking.open();
    };
    view! { <a class="check-link" href=href on:click=on_click>{crate::i18n::t::check_open()}</a> }.into_any()
}
