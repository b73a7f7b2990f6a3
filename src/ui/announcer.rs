//! One polite live region for the whole page.

use leptos::prelude::*;

/// Says things to screen readers; provided as context by the shell, next to one [`LiveRegion`].
#[derive(Clone, Copy, Debug)]
pub struct Announcer {
    text: RwSignal<String>,
}

impl Announcer {
    /// A new announcer. Create it in the shell, so that it outlives every page.
    #[expect(clippy::new_without_default, reason = "it makes a signal, which belongs to the current owner")]
    pub fn new() -> Self {
        Self { text: RwSignal::new(String::new()) }
    }

    /// Says a text once. The same text said again is heard again.
    pub fn say(self, text: impl Into<String>) {
        let mut next: String = text.into();
        self.text.try_update(|current| {
            if *current == next {
                // A live region speaks only when its text changes; a blank is a change nobody hears.
                next.push('\u{a0}');
            }
            *current = next;
        });
    }
}

/// The place where an [`Announcer`] speaks. Invisible; stands in the page from the start.
#[component]
pub fn LiveRegion(
    /// Who speaks.
    announcer: Announcer,
) -> impl IntoView {
    view! { <div class="visually-hidden" role="status">{move || announcer.text.get()}</div> }.into_any()
}
