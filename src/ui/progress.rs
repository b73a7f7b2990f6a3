//! Work under way.

use leptos::prelude::*;

/// A turning ring. It says nothing by itself: put words beside it.
#[component]
pub fn Spinner() -> impl IntoView {
    view! { <span class="spinner" aria-hidden="true"></span> }.into_any()
}

/// How far some work is.
#[component]
pub fn Progress(
    /// What is under way.
    #[prop(into)]
    label: Signal<String>,
    /// Steps done.
    #[prop(into)]
    done: Signal<u64>,
    /// Steps in all; `None` while that is unknown.
    #[prop(into)]
    total: Signal<Option<u64>>,
) -> impl IntoView {
    view! {
        <progress
            class="progress"
            aria-label=move || label.get()
            max=move || total.get().map(|it| it.to_string())
            value=move || total.get().map(|_| done.get().to_string())
        ></progress>
    }
    .into_any()
}
